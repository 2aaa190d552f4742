"""Open or closed: edges of spans, lunch, week-ends, holidays."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.hours import Opening, Span, clock_text, opening, week

OFFICE_HOURS = [
    Span(weekday, *hours)
    for weekday in range(5)
    for hours in ((time(8), time(11, 30)), (time(13, 30), time(17)))
]
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(MONDAY, "08:00"), Opening(True, until=time(11, 30))),
        (at(MONDAY, "16:59"), Opening(True, until=time(17))),
        (at(MONDAY, "07:59"), Opening(False, next_day=MONDAY, next_time=time(8))),
        (at(MONDAY, "11:30"), Opening(False, next_day=MONDAY, next_time=time(13, 30))),
        (at(MONDAY, "17:00"), Opening(False, next_day=date(2026, 11, 24), next_time=time(8))),
        (at(FRIDAY, "17:30"), Opening(False, next_day=date(2026, 11, 30), next_time=time(8))),
        (at(SATURDAY, "09:00"), Opening(False, next_day=date(2026, 11, 30), next_time=time(8))),
    ],
)
def test_state_at_the_edges(moment: datetime, expected: Opening) -> None:
    assert opening(OFFICE_HOURS, moment) == expected


def test_closed_on_a_holiday_and_the_next_opening_skips_holidays() -> None:
    closed = {MONDAY, date(2026, 11, 24)}
    state = opening(OFFICE_HOURS, at(MONDAY, "09:00"), closed)
    assert state == Opening(False, next_day=date(2026, 11, 25), next_time=time(8), holiday=True)


def test_spans_that_touch_are_one() -> None:
    spans = [Span(0, time(12), time(17)), Span(0, time(8), time(12))]
    assert opening(spans, at(MONDAY, "09:00")) == Opening(True, until=time(17))


def test_without_hours_nothing_is_claimed() -> None:
    assert opening([], at(MONDAY, "09:00")) is None


def test_an_office_that_never_opens_again_within_reach() -> None:
    every_day = [date.fromordinal(MONDAY.toordinal() + days) for days in range(60)]
    assert opening(OFFICE_HOURS, at(MONDAY, "09:00"), every_day) == Opening(False, holiday=True)


def test_week_lists_seven_days_in_order() -> None:
    days = week(OFFICE_HOURS)
    assert [weekday for weekday, _ in days] == list(range(7))
    assert days[0][1] == [(time(8), time(11, 30)), (time(13, 30), time(17))]
    assert days[6][1] == []


def test_clock_as_people_say_it() -> None:
    assert [clock_text(time(8)), clock_text(time(13, 30))] == ["8:00", "13:30"]


minutes = st.integers(0, 24 * 60 - 1)


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


@given(
    spans=st.lists(
        st.tuples(st.integers(0, 6), minutes, minutes)
        .filter(lambda row: row[1] != row[2])
        .map(lambda row: Span(row[0], _time(min(row[1:])), _time(max(row[1:])))),
        max_size=12,
    ),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
)
def test_open_exactly_when_some_span_holds_the_moment(spans: list[Span], moment: datetime) -> None:
    state = opening(spans, moment)
    inside = any(
        span.weekday == moment.weekday() and span.opens <= moment.time() < span.closes
        for span in spans
    )
    assert (state is not None and state.is_open) == inside
    if state and not state.is_open and state.next_day and state.next_time:
        assert datetime.combine(state.next_day, state.next_time) > moment
