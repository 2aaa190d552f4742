"""Stuffing and honest worlds, judged by the product's own signals: ``python -m bench.trust_bench``.

Prints a row per world. Bounds: automatic quarantine touches at most 1 % of honest counter-months
in every honest world and catches every burst; thin daily stuffing opens a case in at least 85 %;
no number of poster answers moves a score by more than its bound.
"""

from __future__ import annotations

import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.serving import environment, manage
from bench.trust_gain import NOTHING, Gain, gain_of
from bench.trust_judge import Judged, judge
from bench.trust_world import World, make_world, read_seeds, read_worlds
from feedback.scoring import METHOD, posterior, summarise

#: Promises: honest counter-months touched at most; thin stuffing noticed at least. Every burst is
#: caught; stuffing spread over the day is printed, 0.70 is aimed at.
HONEST_BOUND, THIN_BOUND = 0.01, 0.85
#: Normal quantile of a 90 % interval.
Z90 = 1.645


@dataclass(frozen=True)
class Seen:
    """``hits`` of ``of``; "–" where there is nothing to count."""

    hits: int = 0
    of: int = 0

    def __add__(self, other: Seen) -> Seen:
        return Seen(self.hits + other.hits, self.of + other.of)

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} % ({self.hits} of {self.of})" if self.of else "–"

    @property
    def share(self) -> float:
        """0–1; 0 of nothing."""
        return self.hits / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 90 % interval of the share, 0–1."""
        if not self.of:
            return 0.0, 1.0
        z2 = Z90**2
        centre = (self.share + z2 / 2 / self.of) / (1 + z2 / self.of)
        half = Z90 * math.sqrt(self.share * (1 - self.share) / self.of + z2 / 4 / self.of**2)
        half /= 1 + z2 / self.of
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Row:
    """What was seen in a world, or in the same world of several seeds together."""

    touched: Seen = Seen()  #: honest counter-months that lost an answer to quarantine
    cases: Seen = Seen()  #: honest counter-months in which a person is asked to look
    out: Seen = Seen()  #: stuffed answers put aside
    days: Seen = Seen()  #: days of stuffing of which some was put aside
    noticed: Seen = Seen()  #: attacked counter-months with a case or a quarantine
    signals: tuple[int, ...] = (0, 0, 0)  #: counter-months with a burst, an excess, a device
    gain: Gain = NOTHING  #: what the stuffing was worth

    def __add__(self, other: Row) -> Row:
        return Row(
            self.touched + other.touched,
            self.cases + other.cases,
            self.out + other.out,
            self.days + other.days,
            self.noticed + other.noticed,
            tuple(a + b for a, b in zip(self.signals, other.signals, strict=True)),
            self.gain + other.gain,
        )


def row_of(world: World, judged: Judged) -> Row:
    """Count what was touched rightly and wrongly."""
    row = Row()
    for index, counter in enumerate(world.counters):
        aside = judged.aside.get(index, {})
        gone = {id(answer) for answers in aside.values() for answer in answers}
        doubtful = index in judged.doubtful
        signals = tuple(int(name in aside) for name in ("burst", "excess", "device"))
        if not any(day.stuffed for day in counter.month):
            row += Row(Seen(bool(gone), 1), Seen(doubtful, 1), signals=signals)
            continue
        out = days = stuffed_days = stuffed = 0
        for day in counter.month:
            if day.stuffed:
                hits = sum(a.stuffed and id(a) in gone for a in day.posters)
                stuffed_days, stuffed = stuffed_days + 1, stuffed + day.stuffed
                out, days = out + hits, days + bool(hits)
        row += Row(
            out=Seen(out, stuffed),
            days=Seen(days, stuffed_days),
            noticed=Seen(bool(gone) or doubtful, 1),
            signals=signals,
            gain=gain_of(counter, judged, noticed=bool(gone) or doubtful),
        )
    return row


def measure(kind: str, name: str, facts: dict[str, Any], seeds: Iterable[int]) -> Row:
    """One world's figures over all seeds."""
    row = Row()
    for seed in seeds:
        for city in range(facts["cities"]):
            world = make_world(kind, name, facts, seed=1000 * city + seed)
            row += row_of(world, judge(world))
    return row


def wrong_with(facts: dict[str, Any], row: Row) -> str:
    """Which promise the world misses; "" when it keeps all of them."""
    if row.touched.share > HONEST_BOUND:
        return "honest counter-months touched"
    promise = facts.get("promise")
    if promise == "burst" and row.days.hits < row.days.of:
        return "a burst"
    if promise == "thin" and row.noticed.share < THIN_BOUND:
        return "thin stuffing without a case"
    return ""


def most_moved(seed: int = 1, counters: int = 200) -> tuple[float, float]:
    """(worst movement ÷ its bound, worst movement in points) by any number of poster answers.

    The bound is 100·P/(m + W_v + P), P = max(5, 25 % of W_v): rating.md §3.
    """
    import datetime

    source, day = random.Random(seed), datetime.date(2026, 6, 30)
    worst = points = 0.0
    for _ in range(counters):
        quality = source.uniform(1.5, 4.8)
        verified = Tally(
            min(5, max(1, round(source.gauss(quality, 1.1)))) for _ in range(source.randrange(400))
        )
        honest = {("receipt", day, level): n for level, n in verified.items()}
        m = source.uniform(METHOD.strength_low, METHOD.strength_high)
        before, *_ = posterior(summarise(honest, day), METHOD.default_prior, m)
        w_v = summarise(honest, day).verified
        cap = max(METHOD.poster_cap, METHOD.poster_share * w_v)
        bound = 100 * cap / (m + w_v + cap)
        for level in (1, 5):
            for number in (1, 10, 100, 10**4, 10**7):
                stuffed = {**honest, ("poster", day, level): number}
                after, *_ = posterior(summarise(stuffed, day), METHOD.default_prior, m)
                worst = max(worst, abs(after - before) / bound)
                points = max(points, abs(after - before))
    return worst, points


def main(which: str = "held_out") -> int:
    """Print the table of the held-out seeds (or of the ``tuning`` ones); 1 when a promise fails."""
    start, seeds = time.monotonic(), read_seeds()[which]
    print(
        f"\nTrust: a month of many counters a world, {which} seeds {seeds}; k of n, 90 % interval"
    )
    print(f"{'world':24}{'honest months touched':36}{'honest cases':22}", end="")
    print(f"{'days of stuffing caught':24}{'attacked months noticed':40}burst/excess/device")
    failed, gains = 0, {}
    for kind, name, facts in read_worlds():
        row = measure(kind, name, facts, seeds)
        wrong = wrong_with(facts, row)
        failed |= bool(wrong) and "known" not in facts
        gains[name] = row.gain
        print(
            f"{name:24}{_with_interval(row.touched):36}{row.cases!s:22}{row.days!s:24}"
            f"{_with_interval(row.noticed):40}{'/'.join(map(str, row.signals))}"
            f"{_missed(wrong, facts)}",
            flush=True,
        )
    print("\nWhat an attacked counter gains in a month, until somebody decides", end="")
    print("; bound: by the cap of poster answers")
    print(f"{'world':24}{'stuffed':>8}{'points':>9}{'per 100':>12}", end="")
    print(f"{'unnoticed':>12}{'then':>10}{'bound':>8}")
    for name, gain in gains.items():
        if gain.months:
            print(f"{name:24}{gain}")
    worst, points = most_moved()
    failed |= worst > 1
    print(f"Most that any number of poster answers moved a score: {points:.1f} points, ", end="")
    print(f"{worst:.2f} of its bound 100·P/(m + W_v + P)")
    if which == "held_out":
        print(
            "Through the intake, the worker's round and the quarantine of a database:", flush=True
        )
        failed |= through_database()
    print(f"{time.monotonic() - start:.0f} s, {_cpu():.0f} s of CPU")
    return int(failed)


def _missed(wrong: str, facts: dict[str, Any]) -> str:
    known = f" (known: {facts['known']})" if "known" in facts else ""
    return f"  MISSED: {wrong}{known}" if wrong else ""


def _with_interval(seen: Seen) -> str:
    low, high = seen.interval()
    return f"{seen}, {100 * low:.1f}–{100 * high:.1f} %" if seen.of else "–"


def _cpu() -> float:
    """Seconds of processor used by this process and those it waited for."""
    own, waited = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(one.ru_utime + one.ru_stime for one in (own, waited))


def through_database() -> bool:
    """A sample of the worlds in a database of its own; True when it judges otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        manage(env, "migrate", "-v0")
        done = subprocess.run([sys.executable, "-m", "bench.trust_replay"], env=env, check=False)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
