"""Open or closed, and when a limit ends: Tết by hand, each rule by example, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import holidays
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cms.calendar import (
    HORIZON_DAYS,
    Change,
    DaysOff,
    Opening,
    WorkCalendar,
    due,
    next_change,
    opening,
)
from cms.hours import STANDARD_WEEK, Span

OFFICE_HOURS = tuple(
    Span(weekday, *hours)
    for weekday in range(5)
    for hours in ((time(8), time(11, 30)), (time(13, 30), time(17)))
)
SATURDAY_MORNING = (*OFFICE_HOURS, Span(5, time(8), time(11, 30)))
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
PLAIN = WorkCalendar(OFFICE_HOURS)
VIETNAM = WorkCalendar(OFFICE_HOURS, holidays.country_holidays("VN", language="vi"))


def at(day: date | str, clock: str = "09:00") -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time.fromisoformat(clock))


def ends(
    value: str | int,
    unit: str,
    filed: datetime,
    calendar: WorkCalendar = PLAIN,
    cut_off: time | None = None,
) -> date:
    found = due(Decimal(value), unit, filed, calendar, cut_off)
    assert found is not None
    return found.day


class TestOpening:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (at(MONDAY, "08:00"), Opening(True, until=time(11, 30))),
            (at(MONDAY, "16:59"), Opening(True, until=time(17))),
            (at(MONDAY, "07:59"), Opening(False, next_day=MONDAY, next_time=time(8))),
            (at(MONDAY, "11:30"), Opening(False, next_day=MONDAY, next_time=time(13, 30))),
            (at(MONDAY, "17:00"), Opening(False, next_day=date(2026, 11, 24), next_time=time(8))),
            (at(FRIDAY, "17:30"), Opening(False, next_day=date(2026, 11, 30), next_time=time(8))),
            (at(SATURDAY), Opening(False, next_day=date(2026, 11, 30), next_time=time(8))),
        ],
    )
    def test_state_at_the_edges(self, moment: datetime, expected: Opening) -> None:
        assert opening(PLAIN, moment) == expected

    def test_closed_on_a_holiday_and_the_next_opening_skips_holidays(self) -> None:
        calendar = replace(PLAIN, holidays={MONDAY: "Lễ", date(2026, 11, 24): "Lễ"})
        assert opening(calendar, at(MONDAY)) == Opening(
            False, next_day=date(2026, 11, 25), next_time=time(8), holiday=True
        )

    def test_a_closure_says_why(self) -> None:
        state = opening(replace(PLAIN, changes={MONDAY: Change(False, "mất điện")}), at(MONDAY))
        assert state == Opening(
            False, next_day=date(2026, 11, 24), next_time=time(8), reason="mất điện"
        )

    def test_a_swap_day_is_open_with_the_hours_of_its_weekday(self) -> None:
        calendar = replace(PLAIN, changes={SATURDAY: Change(True, "làm bù", like=0)})
        assert opening(calendar, at(SATURDAY, "16:00")) == Opening(True, until=time(17))

    def test_a_change_wins_over_a_holiday(self) -> None:
        calendar = replace(
            PLAIN, holidays={MONDAY: "Lễ"}, changes={MONDAY: Change(True, "trực", like=0)}
        )
        assert opening(calendar, at(MONDAY)) == Opening(True, until=time(11, 30))

    def test_without_hours_nothing_is_claimed(self) -> None:
        assert opening(WorkCalendar(()), at(MONDAY)) is None

    def test_an_office_that_never_opens_again_within_reach(self) -> None:
        every_day = {MONDAY + timedelta(days=n): "Lễ" for n in range(60)}
        assert opening(replace(PLAIN, holidays=every_day), at(MONDAY)) == Opening(
            False, holiday=True
        )

    @pytest.mark.parametrize(
        ("clock", "then"),
        [
            ("07:00", "08:00"),
            ("08:00", "11:30"),
            ("14:00", "15:00"),
            ("15:30", "17:00"),
        ],
    )
    def test_until_when_an_answer_holds(self, clock: str, then: str) -> None:
        moment = next_change(PLAIN, at(MONDAY, clock), time(15))
        assert timedelta(0) <= moment - at(MONDAY, then) < timedelta(seconds=1)

    def test_after_closing_an_answer_holds_till_midnight(self) -> None:
        assert next_change(PLAIN, at(MONDAY, "18:00"), time(15)) == at("2026-11-24", "00:00")


class TestTetByHand:
    """Tết Bính Ngọ: 17/2/2026 is mùng một; off from Saturday 14/2 to Sunday 22/2.
    Tết Đinh Mùi: 6/2/2027 is mùng một; off from Thursday 4/2 to Wednesday 10/2."""

    def test_working_days_across_tet_2026(self) -> None:
        # Received Wednesday 11/2. Counted: 12, 13, then 23, 24, 25.
        found = due(Decimal(5), "working_day", at("2026-02-11"), VIETNAM)
        assert found is not None
        assert found.day == date(2026, 2, 25)
        assert [(run.first, run.last) for run in found.off] == [
            (date(2026, 2, 14), date(2026, 2, 22))
        ]
        assert "Tết Nguyên Đán" in found.off[0].names

    def test_working_days_across_tet_2027(self) -> None:
        # Received Monday 1/2. Counted: 2, 3, then 11, 12, then Monday 15.
        found = due(Decimal(5), "working_day", at("2027-02-01"), VIETNAM)
        assert found is not None
        assert found.day == date(2027, 2, 15)
        assert [(run.first.day, run.last.day) for run in found.off] == [(4, 10), (13, 14)]

    def test_calendar_days_that_end_in_tet_2027_move_behind_it(self) -> None:
        # 1/2 + 7 = Monday 8/2, mùng ba: the next working day is Thursday 11/2.
        found = due(Decimal(7), "day", at("2027-02-01"), VIETNAM)
        assert found is not None
        assert (found.nominal, found.day) == (date(2027, 2, 8), date(2027, 2, 11))
        assert found.moved
        assert [(run.first.day, run.last.day) for run in found.off] == [(4, 10)]

    def test_calendar_days_through_tet_2026_are_not_longer(self) -> None:
        # 9/2 + 15 = Tuesday 24/2, a working day: Tết in between counts.
        found = due(Decimal(15), "day", at("2026-02-09"), VIETNAM)
        assert found is not None
        assert (found.day, found.moved, found.off) == (date(2026, 2, 24), False, ())

    def test_hours_across_tet_2027(self) -> None:
        # Wednesday 3/2 at 15:00: two hours that day, two more from 8:00 on Thursday 11/2.
        found = due(Decimal(4), "hour", at("2027-02-03", "15:00"), VIETNAM)
        assert found is not None
        assert (found.day, found.time) == (date(2027, 2, 11), time(10))

    def test_filed_in_tet_2026(self) -> None:
        # Online on mùng một counts as received on Monday 23/2; day one is Tuesday.
        found = due(Decimal(1), "working_day", at("2026-02-17"), VIETNAM)
        assert found is not None
        assert (found.received, found.day) == (at("2026-02-23", "08:00"), date(2026, 2, 24))

    def test_the_swap_of_national_day_2026(self) -> None:
        # Saturday 22/8 works like a Monday; Monday 31/8 is off in the library already.
        changes = {date(2026, 8, 22): Change(True, "làm bù ngày 31/8", like=0)}
        found = due(Decimal(3), "working_day", at("2026-08-20"), replace(VIETNAM, changes=changes))
        assert found is not None
        assert found.day == date(2026, 8, 24)
        assert found.worked == ((date(2026, 8, 22), "làm bù ngày 31/8"),)
        assert ends(1, "working_day", at("2026-08-28"), VIETNAM) == date(2026, 9, 3)


class TestRules:
    def test_counting_starts_the_working_day_after_receipt(self) -> None:
        assert ends(1, "working_day", at(MONDAY)) == date(2026, 11, 24)
        assert ends(1, "working_day", at(FRIDAY)) == date(2026, 11, 30)
        assert ends(9, "working_day", at(MONDAY)) == date(2026, 12, 4)

    def test_after_the_cut_off_a_day_later(self) -> None:
        at_cut_off = due(Decimal(1), "working_day", at(MONDAY, "15:00"), PLAIN, time(15))
        late = due(Decimal(1), "working_day", at(MONDAY, "15:01"), PLAIN, time(15))
        assert at_cut_off is not None
        assert late is not None
        assert (at_cut_off.day, at_cut_off.late) == (date(2026, 11, 24), False)
        assert (late.day, late.late, late.received) == (
            date(2026, 11, 25),
            True,
            at("2026-11-24", "08:00"),
        )
        assert ends(1, "working_day", at(MONDAY, "16:59")) == date(2026, 11, 24)

    def test_hours_start_at_receipt_and_roll_through_lunch_and_night(self) -> None:
        def clock(hours: str, filed: str) -> tuple[date, time | None]:
            found = due(Decimal(hours), "hour", at(MONDAY, filed), PLAIN)
            assert found is not None
            return found.day, found.time

        assert clock("1", "09:15") == (MONDAY, time(10, 15))
        assert clock("4", "08:00") == (MONDAY, time(14))
        assert clock("3.5", "08:00") == (MONDAY, time(11, 30))
        assert clock("0.5", "12:00") == (MONDAY, time(14))
        assert clock("8", "08:00") == (date(2026, 11, 24), time(9))

    def test_filed_when_closed_counts_from_the_next_opening(self) -> None:
        night = due(Decimal(2), "hour", at(FRIDAY, "22:00"), PLAIN)
        assert night is not None
        assert (night.day, night.time) == (date(2026, 11, 30), time(10))
        assert ends(1, "working_day", at(SATURDAY)) == date(2026, 12, 1)

    def test_saturday_morning_receives_but_does_not_count(self) -> None:
        calendar = WorkCalendar(SATURDAY_MORNING)
        assert ends(1, "working_day", at(SATURDAY), calendar) == date(2026, 11, 30)
        assert ends(1, "working_day", at(FRIDAY), calendar) == date(2026, 11, 30)
        counting = replace(calendar, counted=frozenset(range(6)))
        assert ends(1, "working_day", at(FRIDAY), counting) == SATURDAY

    def test_months_and_years_end_on_the_day_of_the_same_number(self) -> None:
        assert ends(1, "month", at("2026-10-12")) == date(2026, 11, 12)
        # 30/11 has no 31st; 12/12/2026 is a Saturday.
        assert ends(1, "month", at("2026-10-30")) == date(2026, 11, 30)
        assert ends(2, "month", at("2026-10-12")) == date(2026, 12, 14)
        assert ends(4, "month", at("2026-10-30")) == date(2027, 3, 1)
        assert ends(1, "year", at("2024-02-29")) == date(2025, 2, 28)
        assert ends("0.5", "month", at("2026-11-02")) == date(2026, 11, 17)
        assert ends("1.5", "year", at("2026-10-12")) == date(2028, 4, 12)

    def test_days_off_in_an_office_delay_what_falls_into_them(self) -> None:
        calendar = replace(PLAIN, changes={date(2026, 11, 24): Change(False, "kiểm kê")})
        found = due(Decimal(1), "working_day", at(MONDAY), calendar)
        assert found is not None
        assert found.day == date(2026, 11, 25)
        assert found.off == (DaysOff(date(2026, 11, 24), date(2026, 11, 24), ("kiểm kê",)),)

    @pytest.mark.parametrize(
        ("value", "unit"),
        [
            (None, "day"),
            (Decimal(5), ""),
            (Decimal(5), "week"),
            (Decimal(0), "day"),
            (Decimal(-1), "hour"),
            (Decimal("NaN"), "day"),
            (Decimal(999999), "day"),
            (Decimal(999999), "hour"),
            (Decimal(999999), "working_day"),
            (Decimal("1e30"), "year"),
        ],
    )
    def test_nothing_is_invented(self, value: Decimal | None, unit: str) -> None:
        assert due(value, unit, at(MONDAY), PLAIN) is None

    def test_an_office_that_never_opens_has_no_date(self) -> None:
        assert due(Decimal(1), "day", at(MONDAY), WorkCalendar(())) is None
        sundays = WorkCalendar((Span(6, time(8), time(9)),))
        assert due(Decimal(1), "day", at(MONDAY), sundays) is None


# Properties. Calendars have every working shape: lunch breaks, Saturdays, closures, swaps.

FIRST = date(2026, 12, 1)
#: A busy machine draws the first calendar slowly; that says nothing about the calendar.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
soon = st.integers(0, 90).map(lambda n: FIRST + timedelta(days=n))
moments = st.integers(0, 80 * 24 * 4 - 1).map(
    lambda n: datetime.combine(FIRST, time()) + timedelta(minutes=15 * n)
)
limits = st.one_of(
    st.tuples(
        st.decimals(min_value="0.25", max_value=60, places=2), st.sampled_from(["hour", "day"])
    ),
    st.tuples(st.integers(1, 40).map(Decimal), st.just("working_day")),
    st.tuples(
        st.decimals(min_value="0.25", max_value=3, places=2), st.sampled_from(["month", "year"])
    ),
)
cut_offs = st.sampled_from([None, time(10), time(15), time(16, 30)])
changes: st.SearchStrategy[Mapping[date, Change]] = st.dictionaries(
    soon,
    st.one_of(
        st.just(Change(False, "nghỉ")),
        st.integers(0, 6).map(lambda weekday: Change(True, "làm bù", weekday)),
    ),
    max_size=6,
)
calendars = st.builds(
    WorkCalendar,
    spans=st.sampled_from([OFFICE_HOURS, STANDARD_WEEK, SATURDAY_MORNING]),
    holidays=st.dictionaries(soon, st.just("Lễ"), max_size=8),
    changes=changes,
    counted=st.sampled_from([frozenset(range(5)), frozenset(range(6))]),
)


@patient
@given(limit=limits, filed=moments, calendar=calendars, cut_off=cut_offs)
def test_due_is_a_working_day_after_receipt(
    limit: tuple[Decimal, str], filed: datetime, calendar: WorkCalendar, cut_off: time | None
) -> None:
    found = due(*limit, filed, calendar, cut_off)
    assert found is not None
    assert calendar.works_on(found.day)
    assert found.received >= filed
    assert calendar.hours_on(found.received.date())
    assert found.nominal <= found.day
    if found.time is None:
        assert limit[1] != "hour"
        assert found.day > found.received.date()
    else:
        moment = datetime.combine(found.day, found.time)
        assert moment > found.received
        assert any(a < found.time <= b for a, b in calendar.hours_on(found.day))
    for run in found.off:
        assert not calendar.works_on(run.first)
        assert not calendar.works_on(run.last)
        assert run.last < found.day


@patient
@given(
    limit=limits,
    filed=moments,
    later=st.integers(0, 30 * 24 * 4),
    calendar=calendars,
    cut_off=cut_offs,
)
def test_filing_later_is_never_due_earlier(
    limit: tuple[Decimal, str],
    filed: datetime,
    later: int,
    calendar: WorkCalendar,
    cut_off: time | None,
) -> None:
    first = due(*limit, filed, calendar, cut_off)
    second = due(*limit, filed + timedelta(minutes=15 * later), calendar, cut_off)
    assert first is not None
    assert second is not None
    assert (first.day, first.time or time()) <= (second.day, second.time or time())


@patient
@given(
    limit=limits,
    more=st.decimals(min_value=0, max_value=2, places=2),
    filed=moments,
    calendar=calendars,
)
def test_a_longer_limit_is_never_due_earlier(
    limit: tuple[Decimal, str], more: Decimal, filed: datetime, calendar: WorkCalendar
) -> None:
    value, unit = limit
    first = due(value, unit, filed, calendar)
    second = due(value + more, unit, filed, calendar)
    assert first is not None
    assert second is not None
    assert (first.day, first.time or time()) <= (second.day, second.time or time())


@patient
@given(limit=limits, filed=moments, calendar=calendars, cut_off=cut_offs, day=soon)
def test_a_new_holiday_or_closure_never_makes_it_earlier(
    limit: tuple[Decimal, str],
    filed: datetime,
    calendar: WorkCalendar,
    cut_off: time | None,
    day: date,
) -> None:
    before = due(*limit, filed, calendar, cut_off)
    assert before is not None
    holiday = replace(calendar, holidays={**calendar.holidays, day: "Lễ mới"})
    closure = replace(calendar, changes={**calendar.changes, day: Change(False, "nghỉ")})
    for other in (holiday, closure):
        after = due(*limit, filed, other, cut_off)
        assert after is not None
        assert (before.day, before.time or time()) <= (after.day, after.time or time())


@patient
@given(days=st.integers(1, 30), day=soon, calendar=calendars)
def test_whole_days_of_hours_end_with_as_many_working_days(
    days: int, day: date, calendar: WorkCalendar
) -> None:
    """n working days end on the day on which n days' hours end, begun the next morning."""
    assume(calendar.hours_on(day))
    following = calendar.next_working_day(day + timedelta(days=1))
    assert following is not None
    worked, last = timedelta(0), following
    for n in range(days):
        last = calendar.next_working_day(last + timedelta(days=bool(n))) or last
        for opens, closes in calendar.hours_on(last):
            worked += datetime.combine(last, closes) - datetime.combine(last, opens)
    begin = datetime.combine(following, calendar.hours_on(following)[0][0])
    hours = due(Decimal(int(worked.total_seconds())) / 3600, "hour", begin, calendar)
    whole = due(Decimal(days), "working_day", at(day, "10:00"), calendar)
    assert hours is not None
    assert whole is not None
    assert hours.day == whole.day == last
    assert hours.time == calendar.hours_on(last)[-1][1]


@patient
@given(value=st.integers(1, 60), filed=moments, calendar=calendars)
def test_calendar_days_are_never_due_after_as_many_working_days(
    value: int, filed: datetime, calendar: WorkCalendar
) -> None:
    days = due(Decimal(value), "day", filed, calendar)
    working = due(Decimal(value), "working_day", filed, calendar)
    assert days is not None
    assert working is not None
    assert days.day <= working.day


@patient
@given(
    value=st.decimals(allow_nan=True, allow_infinity=True),
    unit=st.sampled_from(["hour", "day", "working_day", "month", "year", "", "x"]),
    filed=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
)
def test_any_limit_ends_within_the_horizon_or_has_no_date(
    value: Decimal, unit: str, filed: datetime
) -> None:
    found = due(value, unit, filed, PLAIN)
    assert found is None or (found.day - found.received.date()).days <= HORIZON_DAYS


@patient
@given(calendar=calendars, moment=moments)
def test_open_exactly_when_some_span_of_the_day_holds_the_moment(
    calendar: WorkCalendar, moment: datetime
) -> None:
    state = opening(calendar, moment)
    assert state is not None
    spans = calendar.hours_on(moment.date())
    assert state.is_open == any(a <= moment.time() < b for a, b in spans)
    if not state.is_open and state.next_day and state.next_time:
        assert datetime.combine(state.next_day, state.next_time) > moment


@patient
@given(calendar=calendars, moment=moments, cut_off=cut_offs, value=st.integers(1, 9))
def test_nothing_changes_before_the_next_change(
    calendar: WorkCalendar, moment: datetime, cut_off: time | None, value: int
) -> None:
    """What a page says holds up to the moment that next_change names."""
    last = next_change(calendar, moment, cut_off) - timedelta(microseconds=1)
    assert last >= moment
    assert opening(calendar, moment) == opening(calendar, last)
    first_due = due(Decimal(value), "working_day", moment, calendar, cut_off)
    last_due = due(Decimal(value), "working_day", last, calendar, cut_off)
    assert first_due is not None
    assert last_due is not None
    assert first_due.day == last_due.day
