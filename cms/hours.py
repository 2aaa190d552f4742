"""An office's weekly hours as plain values: spans, and the week they make.

Nothing here knows the database, the clock or the language. Which days differ from their weekday
(holidays, swap days, closures) is the business of :mod:`cms.calendar`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

#: Opening and closing time of one span of a day.
DaySpan = tuple[time, time]


@dataclass(frozen=True)
class Span:
    """One span of opening hours; ``weekday`` 0 is Monday, and ``opens`` is before ``closes``."""

    weekday: int
    opens: time
    closes: time


#: Office hours where no office is picked, or an office's own are not known: Monday to Friday.
STANDARD_WEEK = tuple(
    Span(weekday, opens, closes)
    for weekday in range(5)
    for opens, closes in ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
)


def _day_spans(spans: Iterable[Span], weekday: int) -> list[DaySpan]:
    """The spans of a weekday in order, those that touch or overlap joined into one."""
    joined: list[DaySpan] = []
    for span in sorted(
        (span for span in spans if span.weekday == weekday), key=lambda span: span.opens
    ):
        if joined and span.opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.closes))
        else:
            joined.append((span.opens, span.closes))
    return joined


def week(spans: Iterable[Span]) -> list[tuple[int, list[DaySpan]]]:
    """Monday to Sunday with the spans of each day; a day without service has an empty list."""
    spans = list(spans)
    return [(weekday, _day_spans(spans, weekday)) for weekday in range(7)]


def clock_text(moment: time) -> str:
    """A time of day as people say it: 8:00, 13:30."""
    return f"{moment.hour}:{moment.minute:02d}"
