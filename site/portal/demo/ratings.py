"""Six months of generated ratings: the same seed and the same day always give the same ratings.

Every counter and day has a generator of its own, so what happened on a day does not depend on
when the demo is loaded: loading again, today or next week, repeats the same submissions (which
the intake counts once) and adds only the days that have passed since.
"""

from __future__ import annotations

import datetime
import math
import random
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from feedback.arrivals import Levels
from feedback.drivers import bits_of
from feedback.models.ratings import Channel
from portal.demo.profiles import COMMENTS, PROFILES, SPARSE, Profile, Sparse

SEED = "bốn công khai, thành phố minh hoạ"
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONTHS = 6
CHANNELS = (Channel.RECEIPT, Channel.DISPLAY, Channel.POSTER)

#: Monday is crowded, Friday afternoon quiet: how many come, and how their judgement shifts.
CROWD = (1.3, 1.05, 0.95, 0.95, 0.8)
MOOD = (-0.15, 0.0, 0.05, 0.05, -0.05)
#: Honest people at a poster are a little harsher than people with a receipt in hand.
CHANNEL_MOOD = {Channel.RECEIPT: 0.05, Channel.DISPLAY: 0.0, Channel.POSTER: -0.2}
#: Share of "chưa biết" and of no answer at all, for the items that are not required.
UNKNOWN = {"time": 0.22, "clarity": 0.06, "fees": 0.28}
SKIPPED = 0.06
#: Share of answers, bad or good, that name what they are due to; how often each is named then,
#: and how much oftener after a low answer about another item.
NAMES_DRIVERS = 0.65
DRIVER_SHARE = {
    "manner": 0.3,
    "listening": 0.2,
    "explaining": 0.28,
    "order": 0.08,
    "waiting": 0.2,
    "papers": 0.12,
    "money": 0.06,
}
DRIVER_AFTER_LOW = {
    "time": {"waiting": 0.4, "order": 0.1},
    "clarity": {"explaining": 0.25, "papers": 0.25},
    "fees": {"money": 0.35},
}


@dataclass(frozen=True)
class Draft:
    """One generated rating of the counter with ``code``."""

    submission: uuid.UUID
    code: str
    channel: str
    day: datetime.date
    levels: Levels
    comment: str
    #: Bits of feedback.drivers: what the answer about attitude is due to.
    drivers: int = 0


def today() -> datetime.date:
    """Today where the city is."""
    return datetime.datetime.now(TIMEZONE).date()


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day ``months`` earlier, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return min(
        datetime.date(year, month, 1) + datetime.timedelta(days=day.day - 1),
        following - datetime.timedelta(days=1),
    )


def finished_months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """First days of the months that lie wholly within ``first``…``last``."""
    months = []
    month = first if first.day == 1 else months_before(first.replace(day=1), -1)
    while (following := months_before(month, -1)) <= last + datetime.timedelta(days=1):
        months.append(month)
        month = following
    return months


def working_days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Mondays to Fridays from ``first`` to ``last`` that are no public holiday in Vietnam."""
    day = first
    while day <= last:
        if day.weekday() < 5 and day not in _holidays(day.year):
            yield day
        day += datetime.timedelta(days=1)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def drafts(
    first: datetime.date, last: datetime.date, *, codes: Collection[str] | None = None
) -> Iterator[Draft]:
    """Every generated rating from ``first`` to ``last``, day by day, or of ``codes`` alone."""
    for day in working_days(first, last):
        for code, profile in PROFILES.items():
            if codes is None or code in codes:
                yield from _busy_day(code, profile, day)
        for code, sparse in SPARSE.items():
            if codes is None or code in codes:
                yield from _sparse_day(code, sparse, day)


def _busy_day(code: str, profile: Profile, day: datetime.date) -> Iterator[Draft]:
    rng = random.Random(f"{SEED}|{code}|{day}")  # noqa: S311  (repeatable on purpose)
    for _ in range(poisson(rng, profile.per_day * CROWD[day.weekday()])):
        channel = rng.choices(CHANNELS, profile.shares)[0]
        yield _draft(rng, code, profile, day, channel)


def _sparse_day(code: str, sparse: Sparse, day: datetime.date) -> Iterator[Draft]:
    """The day's part of the month's fixed number, dealt out to the month's working days."""
    if (day.year * 12 + day.month) % sparse.every:
        return
    month = day.replace(day=1)
    deal = random.Random(f"{SEED}|{code}|{month:%Y-%m}")  # noqa: S311
    days = list(
        working_days(month, months_before(month, -1) - datetime.timedelta(days=1)),
    )
    plan = [
        (deal.choice(days), channel)
        for channel, number in zip(
            CHANNELS, (sparse.receipt, sparse.display, sparse.poster), strict=True
        )
        for _ in range(number)
    ]
    rng = random.Random(f"{SEED}|{code}|{day}")  # noqa: S311
    for planned, channel in plan:
        if planned == day:
            yield _draft(rng, code, sparse.profile, day, channel)


def _draft(
    rng: random.Random, code: str, profile: Profile, day: datetime.date, channel: Channel
) -> Draft:
    season = profile.swing * math.cos(
        2 * math.pi * (day.timetuple().tm_yday - profile.peak) / 365.25
    )
    shift = season + MOOD[day.weekday()] + CHANNEL_MOOD[channel]
    # Most visits vary a little around the counter's own level; a few simply go wrong.
    personal = rng.gauss(0, 0.75) - (rng.uniform(1, 3) if rng.random() < 0.05 else 0)
    attitude = _level(profile.attitude + shift + personal)
    levels = Levels(
        attitude,
        *(
            _optional(rng, item, getattr(profile, item) + shift + 0.6 * personal)
            for item in ("time", "clarity", "fees")
        ),
    )
    submission = uuid.UUID(int=rng.getrandbits(128), version=4)
    return Draft(
        submission=submission,
        code=code,
        channel=str(channel),
        day=day,
        levels=levels,
        comment=_comment(rng, attitude),
        drivers=_drivers(submission, levels),
    )


def _drivers(submission: uuid.UUID, levels: Levels) -> int:
    """From a generator of its own, so that the other answers stay what they were."""
    rng = random.Random(f"{SEED}|drivers|{submission}")  # noqa: S311
    if levels.attitude == 3 or rng.random() > NAMES_DRIVERS:
        return 0
    share = dict(DRIVER_SHARE)
    for item, more in DRIVER_AFTER_LOW.items():
        if getattr(levels, item) in (1, 2):
            for name, extra in more.items():
                share[name] += extra
    return bits_of(name for name, part in share.items() if rng.random() < part)


def _optional(rng: random.Random, item: str, mean: float) -> int | None:
    draw, level = rng.random(), _level(mean + rng.gauss(0, 0.6))
    if draw < SKIPPED:
        return None
    return 0 if draw < SKIPPED + UNKNOWN[item] else level


def _comment(rng: random.Random, attitude: int) -> str:
    group = "low" if attitude <= 2 else "middle" if attitude == 3 else "high"
    writes = rng.random() < {"low": 0.12, "middle": 0.03, "high": 0.015}[group]
    return rng.choice(COMMENTS[group]) if writes else ""


def _level(value: float) -> int:
    return max(1, min(5, round(value)))


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson number by Knuth's method; fine for means below 50."""
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number
