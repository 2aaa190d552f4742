"""Weekly hours: spans that touch, the week in order, clocks in words."""

from __future__ import annotations

from datetime import time, timedelta

from cms.hours import STANDARD_WEEK, Span, clock_text, week


def test_week_lists_seven_days_in_order() -> None:
    days = week(STANDARD_WEEK)
    assert [weekday for weekday, _ in days] == list(range(7))
    assert days[0][1] == [(time(7, 30), time(11, 30)), (time(13, 30), time(17))]
    assert [len(spans) for _, spans in days] == [2, 2, 2, 2, 2, 0, 0]


def test_spans_that_touch_or_overlap_are_one() -> None:
    spans = [
        Span(0, time(12), time(17)),
        Span(0, time(8), time(12)),
        Span(0, time(9), time(10)),
        Span(1, time(8), time(9)),
    ]
    assert week(spans)[:2] == [(0, [(time(8), time(17))]), (1, [(time(8), time(9))])]


def test_clock_as_people_say_it() -> None:
    assert [clock_text(time(8)), clock_text(time(13, 30))] == ["8:00", "13:30"]


def test_the_standard_week_is_no_longer_than_the_law_allows() -> None:
    worked = sum(
        (
            timedelta(hours=span.closes.hour, minutes=span.closes.minute)
            - timedelta(hours=span.opens.hour, minutes=span.opens.minute)
            for span in STANDARD_WEEK
        ),
        timedelta(),
    )
    assert timedelta(0) < worked <= timedelta(hours=48)
