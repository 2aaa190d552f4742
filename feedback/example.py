"""The worked example of the method page: every step from answers to a score, with its numbers.

Pure; the steps are those of :mod:`feedback.scoring` and use its functions.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.scoring import (
    LEVELS,
    METHOD,
    Method,
    Score,
    Summary,
    score_of,
    summarise,
)

RECEIPT, POSTER = "receipt", "poster"
#: Any day will do: only ages matter.
_DAY = datetime.date(2026, 1, 1)


@dataclass(frozen=True)
class Asked:
    """What the reader may change: numbers of levels 1–5 by way, their age, and m."""

    receipts: tuple[int, ...] = (1, 2, 5, 17, 25)
    posters: tuple[int, ...] = (0, 0, 0, 0, 0)
    #: Days between the answers and the day of the score, 0–365.
    age: int = 10
    #: Strength of the prior, 8–60.
    m: int = 20


@dataclass(frozen=True)
class Step:
    """One level: points, answers, weight after decay and cap, and what becomes of it."""

    level: int
    value: float
    receipts: int
    posters: int
    weight: float
    prior: float
    alpha: float
    product: float


@dataclass(frozen=True)
class Worked:
    """All of the steps. ``decay`` is the weight of a receipt's answer of that age."""

    steps: list[Step]
    decay: float
    poster_weight: float
    poster_cap: float
    poster_scale: float
    total: float
    product: float
    naive: float | None
    score: Score


def worked(asked: Asked, method: Method = METHOD) -> Worked:
    """The steps for what was asked, with the default prior."""
    as_of = _DAY + datetime.timedelta(days=asked.age)
    both = {RECEIPT: asked.receipts, method.poster_channel: asked.posters}
    answers = {
        (channel, _DAY, level): number
        for channel, numbers in both.items()
        for level, number in zip(LEVELS, numbers, strict=True)
    }
    summary = summarise(answers, as_of, method)
    prior = method.default_prior
    score = score_of(summary, prior, asked.m, method)
    decay = 2.0 ** (-asked.age / method.half_life_days)
    poster = sum(asked.posters) * method.channel_weights[method.poster_channel] * decay
    cap = max(method.poster_cap, method.poster_share * summary.verified)
    steps = [
        _step(level, asked, summary, prior[level - 1], method.values[level - 1]) for level in LEVELS
    ]
    everybody = [a + b for a, b in zip(asked.receipts, asked.posters, strict=True)]
    return Worked(
        steps=steps,
        decay=decay,
        poster_weight=poster,
        poster_cap=cap,
        poster_scale=cap / poster if poster > cap else 1.0,
        total=math.fsum(step.alpha for step in steps),
        product=math.fsum(step.product for step in steps),
        naive=_naive(everybody, method.values),
        score=score,
    )


def _step(level: int, asked: Asked, summary: Summary, share: float, value: float) -> Step:
    weight, prior = summary.weights[level - 1], asked.m * share
    return Step(
        level=level,
        value=value,
        receipts=asked.receipts[level - 1],
        posters=asked.posters[level - 1],
        weight=weight,
        prior=prior,
        alpha=prior + weight,
        product=value * (prior + weight),
    )


def _naive(numbers: Sequence[int], values: Sequence[float]) -> float | None:
    """The plain mean of all answers, as most surveys print it; None without any."""
    whole = sum(numbers)
    return sum(n * v for n, v in zip(numbers, values, strict=True)) / whole if whole else None
