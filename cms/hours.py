"""Open or closed, now: pure functions over an office's weekly hours.

Nothing here knows the database, the clock or the language; callers pass plain values, in the
office's own local time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: How far ahead to look for the next opening: longer than any holiday (Tết is about a week).
LOOK_AHEAD_DAYS = 21


@dataclass(frozen=True)
class Span:
    """One span of opening hours; ``weekday`` 0 is Monday, and ``opens`` is before ``closes``."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Opening:
    """State at one moment.

    Open: ``until`` is when it closes today. Closed: ``next_day`` and ``next_time`` say when it
    opens again; both are None when no opening is known within :data:`LOOK_AHEAD_DAYS`.
    ``holiday`` says that the day itself is a public holiday.
    """

    is_open: bool
    until: time | None = None
    next_day: date | None = None
    next_time: time | None = None
    holiday: bool = False


def _day_spans(spans: Iterable[Span], weekday: int) -> list[tuple[time, time]]:
    """The spans of a weekday in order, those that touch or overlap joined into one."""
    joined: list[tuple[time, time]] = []
    for span in sorted(
        (span for span in spans if span.weekday == weekday), key=lambda span: span.opens
    ):
        if joined and span.opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.closes))
        else:
            joined.append((span.opens, span.closes))
    return joined


def opening(
    spans: Iterable[Span], now: datetime, closed_days: Container[date] = frozenset()
) -> Opening | None:
    """Whether an office with these hours is open at ``now`` (local time); None without hours.

    A span includes its first minute and not its last: at 17:00 sharp an office that closes at
    17:00 is closed. ``closed_days`` are days without service, such as public holidays.
    """
    spans = list(spans)
    if not spans:
        return None
    today, clock = now.date(), now.time().replace(tzinfo=None)
    holiday = today in closed_days
    if not holiday:
        for opens, closes in _day_spans(spans, today.weekday()):
            if opens <= clock < closes:
                return Opening(True, until=closes)
            if clock < opens:
                return Opening(False, next_day=today, next_time=opens)
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        if day in closed_days:
            continue
        day_spans = _day_spans(spans, day.weekday())
        if day_spans:
            return Opening(False, next_day=day, next_time=day_spans[0][0], holiday=holiday)
    return Opening(False, holiday=holiday)


def week(spans: Iterable[Span]) -> list[tuple[int, list[tuple[time, time]]]]:
    """Monday to Sunday with the spans of each day; a day without service has an empty list."""
    spans = list(spans)
    return [(weekday, _day_spans(spans, weekday)) for weekday in range(7)]


def clock_text(moment: time) -> str:
    """A time of day as people say it: 8:00, 13:30."""
    return f"{moment.hour}:{moment.minute:02d}"
