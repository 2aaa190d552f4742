"""Answers as the staff of a counter see them: in batches, late, without times (rating.md §1).

The rules are pure; :mod:`feedback.batch_making` brings the rows. A batch holds at least five
answers of one channel, is at least 72 hours old, and is never changed once it is shown. Batches
are parts of the bins of the open data (feedback/binning.py: months of one channel, a month with
fewer than five goes into the next), and one is shown only when at least five answers of the bin
stay behind or none do. So whatever is taken from whatever else, of what is public and what the
staff see, five answers or none are left (docs/decisions/0079-*).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedback.binning import SMALLEST, month_end

#: A service day is old enough when 72 hours have passed since its end.
HOURS = 72
#: A month is closed when every form opened in it has expired (seven days): nothing comes late.
CLOSED_AFTER = datetime.timedelta(days=8)
_DAY = datetime.timedelta(days=1)
#: Numbers of levels 1–5, then of each driver in the order of its bit.
Tally = tuple[int, ...]
LEVELS = 5


@dataclass(frozen=True)
class Batch:
    """What is shown at once: its numbers, the last service day it has seen, whether it is the
    last of its period."""

    tally: Tally
    through: datetime.date
    closes: bool = False

    @property
    def answers(self) -> int:
        """How many."""
        return answers_of(self.tally)


def answers_of(tally: Tally) -> int:
    """The answers of a tally."""
    return sum(tally[:LEVELS])


def last_ripe_day(now: datetime.datetime) -> datetime.date:
    """The last service day whose end is 72 hours before ``now`` (in the site's time zone)."""
    return (now - datetime.timedelta(hours=HOURS)).date() - _DAY


def period_closed(
    period: datetime.date, days: Mapping[datetime.date, Tally], today: datetime.date
) -> datetime.date | None:
    """The last day of a period: the end of the first month in which it has five answers.

    ``days`` are the answers of the service days from ``period`` (the first of a month) on. None
    while there are fewer, or while forms of that month may still be sent.
    """
    together, month = 0, period
    for day in sorted(days):
        together += answers_of(days[day])
        month = day
        if together >= SMALLEST:
            break
    end = month_end(month)
    if together < SMALLEST or today < end + CLOSED_AFTER:
        return None
    return end


def next_batches(
    days: Mapping[datetime.date, Tally],
    shown: Tally,
    *,
    after: datetime.date | None = None,
    closed: bool = False,
) -> list[Batch]:
    """The batches that may be shown now, besides those that sum up to ``shown``.

    ``days`` are all ripe answers of the period, late ones included; ``shown`` is the sum of its
    batches so far and ``after`` the last day they have seen. ``closed``: nothing more comes. An
    answer that arrived for a day already shown goes into the next batch. Where answers that were
    shown have been put aside since, nothing is shown until there is a whole batch again.
    """
    total = _sum(days.values(), len(shown))
    seen, found = (0,) * len(shown), []
    for day in sorted(days):
        seen = _plus(seen, days[day])
        if after is not None and day <= after:
            continue
        rest = _minus(seen, shown)
        behind = answers_of(_minus(total, seen))
        if answers_of(rest) >= SMALLEST and min(rest) >= 0 and behind >= SMALLEST:
            found.append(Batch(rest, day))
            shown = seen
    if closed and days:
        rest = _minus(total, shown)
        if answers_of(rest) >= SMALLEST and min(rest) >= 0:
            found.append(Batch(rest, max(days), closes=True))
    return found


def _sum(tallies: Iterable[Tally], length: int) -> Tally:
    found: Tally = (0,) * length
    for one in tallies:
        found = _plus(found, one)
    return found


def _plus(one: Tally, other: Tally) -> Tally:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _minus(one: Tally, other: Tally) -> Tally:
    return tuple(a - b for a, b in zip(one, other, strict=True))
