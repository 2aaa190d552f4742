"""Open data in months: what is published is never finer than five answers (rating.md §3.10).

Pure. The bins of one channel form a chain that starts with its first answer and does not look at
the day of publication, so a bin, once it is closed, is the same in every later snapshot, and two
snapshots cannot be subtracted to get at fewer than five answers.
"""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from collections import defaultdict

from feedback.scoring import Answers

#: Answers a bin has at least.
SMALLEST = 5
#: Months of a snapshot, and months an answer waits for company before it is dropped.
MONTHS = 12


def month_end(day: datetime.date) -> datetime.date:
    """The last day of the month of ``day``."""
    first_of_next = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return first_of_next - datetime.timedelta(days=1)


def month_index(day: datetime.date) -> int:
    """Months since year 0: a number that grows by one a month."""
    return day.year * 12 + day.month - 1


def binned(answers: Answers, as_of: datetime.date) -> dict[tuple[str, datetime.date, int], int]:
    """The answers of one item of one counter, moved to the last day of their bin.

    ``answers`` are all counted answers ever (those after ``as_of`` are ignored), ``as_of`` the
    last day of a month. A month with fewer than five answers in a channel goes into the next
    month; a remainder waits, for at most twelve months. What comes out are the bins whose day
    lies in the twelve months to ``as_of``.
    """
    if as_of != month_end(as_of):
        raise ValueError("as_of must be the last day of a month")
    months: dict[str, dict[int, Tally[int]]] = defaultdict(lambda: defaultdict(Tally))
    for (channel, day, level), number in answers.items():
        if 1 <= level <= 5 and number > 0 and day <= as_of:
            months[channel][month_index(day)][level] += number
    oldest = month_index(as_of) - MONTHS + 1
    out: dict[tuple[str, datetime.date, int], int] = {}
    for channel, by_month in months.items():
        for month, levels in _bins(by_month):
            if month >= oldest:
                day = month_end(datetime.date(month // 12, month % 12 + 1, 1))
                out.update({(channel, day, level): n for level, n in sorted(levels.items())})
    return out


def _bins(by_month: dict[int, Tally[int]]) -> list[tuple[int, Tally[int]]]:
    """Closed bins of one channel as (last month, levels), oldest first."""
    closed = []
    waiting: dict[int, Tally[int]] = {}
    for month in sorted(by_month):
        waiting = {past: levels for past, levels in waiting.items() if past > month - MONTHS}
        waiting[month] = by_month[month]
        together: Tally[int] = sum(waiting.values(), Tally())
        if together.total() >= SMALLEST:
            closed.append((month, together))
            waiting = {}
    return closed
