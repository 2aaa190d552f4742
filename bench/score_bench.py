"""Do the intervals hold what they promise? 4,000 counters whose truth is known, in several worlds.

Run as ``python -m bench.score_bench``. Every figure comes from the product's own functions
(feedback/scoring.py); only truth and answers are drawn here. Truth is each counter's own
distribution over levels 1–5. Printed per world: how often the 90 % interval holds the true score,
how many published tiers stand on the wrong side of the true mean of the peers, the error (root
mean square, in points) of the score against the naive mean, and, for the share of satisfied
citizens, of ours against the naive share and a Wilson lower bound.
"""

from __future__ import annotations

import datetime
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback.scoring import (
    HIDDEN,
    HIGHER,
    LOWER,
    METHOD,
    Peers,
    Score,
    Summary,
    is_shown,
    score_of,
    strength,
    summarise,
)

COUNTERS, FIELDS = 4_000, 20
SEED = 20261123
AS_OF = datetime.date(2026, 10, 31)
VALUES = np.array(METHOD.values)
CENTRE = np.array([0.03, 0.05, 0.12, 0.35, 0.45])

Truth = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Truth]


@dataclass(frozen=True)
class World:
    """How counters differ, whether the model of the score describes it, and when people answer."""

    name: str
    truth: Draw
    holds: bool
    #: Answers are so many days old at most; 0: all of the last day, no answer weighs less.
    oldest: int = 0
    posters: float = 0.0


def dirichlet(m: float) -> Draw:
    """Counters spread around the centre as the model has it; small m, large spread."""
    return lambda rng: rng.dirichlet(m * CENTRE, COUNTERS)


def alike(rng: np.random.Generator) -> Truth:
    """No counter differs from another."""
    return np.tile(CENTRE, (COUNTERS, 1))


def shifted(rng: np.random.Generator) -> Truth:
    """A normal shift of the log-odds of higher levels: bell-shaped, not Dirichlet."""
    tilt = rng.normal(0, 0.5, (COUNTERS, 1)) * (np.arange(5) - 3)
    weights = CENTRE * np.exp(tilt)
    return weights / weights.sum(axis=1, keepdims=True)


def two_kinds(rng: np.random.Generator) -> Truth:
    """One counter in seven is bad, the others are alike."""
    bad = rng.random((COUNTERS, 1)) < 1 / 7
    return np.where(bad, [0.25, 0.20, 0.20, 0.20, 0.15], CENTRE)


def love_or_hate(rng: np.random.Generator) -> Truth:
    """Answers at both ends, little between: the share of ones differs from counter to counter."""
    ones = rng.beta(2, 10, (COUNTERS, 1))
    return np.hstack(
        [ones, 0 * ones + 0.02, 0 * ones + 0.03, 0.25 * (0.95 - ones), 0.75 * (0.95 - ones)]
    )


WORLDS = [
    World("model, large spread (m 8)", dirichlet(8), holds=True),
    World("model, middle spread (m 20)", dirichlet(20), holds=True),
    World("model, small spread (m 60)", dirichlet(60), holds=True),
    World("no spread at all", alike, holds=False),
    World("bell-shaped, not Dirichlet", shifted, holds=False),
    World("one in seven is bad", two_kinds, holds=False),
    World("both ends", love_or_hate, holds=False),
    World("middle spread, a year of answers", dirichlet(20), holds=False, oldest=360),
    World(
        "middle spread, a third by posters", dirichlet(20), holds=False, oldest=90, posters=1 / 3
    ),
]


@dataclass(frozen=True)
class Result:
    """What one world gave; errors in points (score) and percentage points (satisfied)."""

    shown: int
    coverage: float
    wrong_side: float
    tiers: int
    m: float
    error: float
    naive_error: float
    satisfied_error: float
    naive_satisfied_error: float
    wilson_error: float


def run(world: World, seed: int = SEED, counters: int = COUNTERS) -> Result:
    """One month of a world, published as the product would."""
    rng = np.random.default_rng(seed)
    truth = world.truth(rng)[:counters]
    sizes = np.minimum(rng.lognormal(4.0, 0.9, counters), 2_000).astype(int) + 1
    answers = [_answers(rng, world, p, int(n)) for p, n in zip(truth, sizes, strict=True)]
    fields = {number: number % FIELDS for number in range(counters)}
    summaries = {number: summarise(given, AS_OF) for number, given in enumerate(answers)}
    shown = {number: one for number, one in summaries.items() if is_shown(one.n)}
    m = strength(shown.values())
    peers = Peers(fields, shown)
    scores = {number: score_of(one, peers.prior(number).shares, m) for number, one in shown.items()}
    return _compare(truth, fields, shown, scores, answers, m)


def _answers(rng: np.random.Generator, world: World, p: Any, n: int) -> dict[Any, int]:
    ages = rng.integers(0, world.oldest + 1, n) // 30 * 30 if world.oldest else np.zeros(n, int)
    posters = rng.random(n) < world.posters
    found: dict[Any, int] = {}
    for age in np.unique(ages):
        for channel, chosen in (("poster", posters), ("receipt", ~posters)):
            number = int(((ages == age) & chosen).sum())
            day = AS_OF - datetime.timedelta(days=int(age))
            for level, count in enumerate(rng.multinomial(number, p), 1):
                if count:
                    found[channel, day, level] = int(count)
    return found


def _compare(
    truth: Truth,
    fields: dict[int, int],
    shown: dict[int, Summary],
    scores: dict[int, Score],
    answers: list[dict[Any, int]],
    m: float,
) -> Result:
    points = truth @ VALUES
    satisfied = truth[:, 3:].sum(axis=1)
    weights = {number: one.n_eff for number, one in shown.items()}
    of_field: dict[int, list[float]] = {}
    for number, weight in weights.items():
        sums = of_field.setdefault(fields[number], [0.0, 0.0])
        sums[0] += weight
        sums[1] += weight * points[number]
    held = wrong = tiers = 0
    ours, naive, ours_share, naive_share, wilson = [], [], [], [], []
    for number, score in scores.items():
        assert score.status != HIDDEN
        held += score.low <= points[number] <= score.high
        weight, total = of_field[fields[number]]
        peer = (total - weights[number] * points[number]) / (weight - weights[number])
        if score.tier in (HIGHER, LOWER):
            tiers += 1
            wrong += (score.tier == HIGHER) != (points[number] > peer)
        levels = np.zeros(5)
        for (_, _, level), count in answers[number].items():
            levels[level - 1] += count
        share = levels[3:].sum() / levels.sum()
        ours.append(score.score - points[number])
        naive.append(levels @ VALUES / levels.sum() - points[number])
        ours_share.append(score.satisfied - satisfied[number])
        naive_share.append(share - satisfied[number])
        wilson.append(wilson_low(share, levels.sum()) - satisfied[number])
    return Result(
        shown=len(scores),
        coverage=held / len(scores),
        wrong_side=wrong / len(scores),
        tiers=tiers,
        m=m,
        error=_rms(ours),
        naive_error=_rms(naive),
        satisfied_error=100 * _rms(ours_share),
        naive_satisfied_error=100 * _rms(naive_share),
        wilson_error=100 * _rms(wilson),
    )


def wilson_low(share: float, n: float, z: float = METHOD.z) -> float:
    """Lower end of Wilson's interval of a share among n answers."""
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n)


def _rms(numbers: list[float]) -> float:
    return math.sqrt(math.fsum(x * x for x in numbers) / len(numbers))


def kept(world: World, result: Result) -> bool:
    """Whether the promises hold: coverage 0.90 ± 0.02 in the model, at least 0.85 outside it;
    at most 2 % of the shown counters on the wrong side."""
    good = abs(result.coverage - 0.90) <= 0.02 if world.holds else result.coverage >= 0.85
    return good and result.wrong_side <= 0.02


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    print(f"\nScore: {COUNTERS:,} counters a world, {FIELDS} fields, seed {SEED}")
    print(
        f"{'world':36}{'shown':>6}{'m':>6}{'cover':>7}{'wrong':>7}{'tiers':>6}"
        f"{'error':>7}{'naive':>7}{'satisf.':>9}{'naive':>7}{'Wilson':>8}"
    )
    broken = 0
    for world in WORLDS:
        result = run(world)
        good = kept(world, result)
        broken += not good
        print(
            f"{world.name:36}{result.shown:6}{result.m:6.1f}{result.coverage:7.3f}"
            f"{result.wrong_side:7.4f}{result.tiers:6}{result.error:7.2f}{result.naive_error:7.2f}"
            f"{result.satisfied_error:9.2f}{result.naive_satisfied_error:7.2f}"
            f"{result.wilson_error:8.2f}{'' if good else '  BROKEN'}"
        )
    print("promised: cover 0.90 ± 0.02 in the model, ≥ 0.85 outside; wrong ≤ 0.02")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
