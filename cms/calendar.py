"""Which days and hours an office works, and when a time limit that starts now ends.

Pure: no database, no clock, no language. Moments are naive datetimes in the office's local time.

Two kinds of day are told apart. On an *open* day the office has hours: it receives dossiers and
hands out results. A *working* day is an open day that a limit in working days counts; a Saturday
morning at the counter is open but, unless the city says otherwise, not counted.

The rules, each configurable or marked in docs/decisions/0044-working-days.md:

* a dossier counts as received when the office is open; after the city's afternoon cut-off, on the
  next open day;
* hours run from that moment through the working hours of working days;
* working days are counted from the working day after the day of receipt;
* days, months and years are counted from the day after the day of receipt (Bộ luật Dân sự 2015,
  Điều 147, 148); a last day that is a day off moves to the next working day (Điều 148 khoản 5).
"""

from __future__ import annotations

import calendar as _months
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from cms.hours import DaySpan, Span, week

#: How far ahead to look for the next opening: longer than any holiday (Tết is about a week).
LOOK_AHEAD_DAYS = 21
#: A limit that would end later than this many days after receipt gets no date.
HORIZON_DAYS = 3660
#: Monday to Friday.
MONDAY_TO_FRIDAY = frozenset(range(5))
#: Half a month is fifteen days, a month thirty (Bộ luật Dân sự 2015, Điều 146).
DAYS_OF_A_MONTH = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """A day that is not what its weekday or the list of holidays says.

    ``works`` with the hours of weekday ``like`` (0 is Monday; None: its own), or a day off.
    ``name`` is the reason as the public reads it.
    """

    works: bool
    name: str = ""
    like: int | None = None


@dataclass(frozen=True)
class WorkCalendar:
    """The days of one office: weekly hours, public holidays (day → name), changed days.

    A change wins over a holiday. ``counted`` are the weekdays that limits count; a changed day
    that works is always counted.
    """

    spans: tuple[Span, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    changes: Mapping[date, Change] = field(default_factory=dict)
    counted: frozenset[int] = MONDAY_TO_FRIDAY

    @cached_property
    def _week(self) -> list[list[DaySpan]]:
        return [spans for _weekday, spans in week(self.spans)]

    def hours_on(self, day: date) -> list[DaySpan]:
        """The spans of that day, in order; empty on a day off."""
        change = self.changes.get(day)
        if change is not None:
            if not change.works:
                return []
            return self._week[day.weekday() if change.like is None else change.like]
        # ``get`` and not ``in``: the library's holidays fill in a year when it is asked for.
        return [] if self.holidays.get(day) else self._week[day.weekday()]

    def works_on(self, day: date) -> bool:
        """Whether limits count this day."""
        if not self.hours_on(day):
            return False
        change = self.changes.get(day)
        return change is not None or day.weekday() in self.counted

    def name_of(self, day: date) -> str:
        """What the day is called in the list of changes or of holidays; "" for other days."""
        change = self.changes.get(day)
        return change.name if change is not None else self.holidays.get(day) or ""

    def is_holiday(self, day: date) -> bool:
        """A public holiday that no change has turned into something else."""
        return day not in self.changes and bool(self.holidays.get(day))

    def next_open(self, moment: datetime, days: int = HORIZON_DAYS) -> datetime | None:
        """``moment`` itself when the office is open then, else the next opening; None when
        there is none within ``days``. A span includes its first minute and not its last."""
        first, clock = moment.date(), moment.time()
        for day in _days_from(first, days):
            for opens, closes in self.hours_on(day):
                if day > first or clock < opens:
                    return datetime.combine(day, opens)
                if clock < closes:
                    return moment
        return None

    def next_working_day(self, day: date, days: int = HORIZON_DAYS) -> date | None:
        """``day`` itself when it works, else the next day that does."""
        return next((one for one in _days_from(day, days) if self.works_on(one)), None)


def _days_from(first: date, days: int) -> Iterator[date]:
    for ahead in range(days + 1):
        if first.toordinal() + ahead > date.max.toordinal():
            return
        yield first + timedelta(days=ahead)


@dataclass(frozen=True)
class Opening:
    """State at one moment.

    Open: ``until`` is when it closes today. Closed: ``next_day`` and ``next_time`` say when it
    opens again; both are None when no opening is known within :data:`LOOK_AHEAD_DAYS`.
    ``holiday`` says that the day itself is a public holiday, ``reason`` why it is otherwise off.
    """

    is_open: bool
    until: time | None = None
    next_day: date | None = None
    next_time: time | None = None
    holiday: bool = False
    reason: str = ""


def opening(calendar: WorkCalendar, now: datetime) -> Opening | None:
    """Whether the office is open at ``now``; None when its hours are not known."""
    if not calendar.spans:
        return None
    now = now.replace(tzinfo=None)
    today = now.date()
    following = calendar.next_open(now, LOOK_AHEAD_DAYS)
    if following == now:
        closes = next(end for start, end in calendar.hours_on(today) if start <= now.time() < end)
        return Opening(True, until=closes)
    off = not calendar.hours_on(today)
    change = calendar.changes.get(today)
    return Opening(
        False,
        next_day=following.date() if following else None,
        next_time=following.time() if following else None,
        holiday=off and calendar.is_holiday(today),
        reason=change.name if off and change else "",
    )


def next_change(calendar: WorkCalendar, now: datetime, cut_off: time | None = None) -> datetime:
    """The first moment after ``now`` at which "open now" or a due date may read differently:
    an opening, a closing, the minute after the cut-off, or midnight."""
    now = now.replace(tzinfo=None)
    today = now.date()
    edges = [clock for span in calendar.hours_on(today) for clock in span]
    moments = [datetime.combine(today, clock) for clock in edges]
    if cut_off is not None:
        moments.append(datetime.combine(today, cut_off) + timedelta(microseconds=1))
    later = [moment for moment in moments if moment > now]
    return min([*later, datetime.combine(today + _DAY, time.min)])


@dataclass(frozen=True)
class DaysOff:
    """A run of days without work, both ends included; ``names`` of the named ones among them,
    each once (empty: an ordinary week-end)."""

    first: date
    last: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """When a limit ends, and what mattered on the way.

    ``received`` is the moment the limit runs from; ``late`` says that the cut-off moved it.
    ``time`` is set for limits in hours only. ``nominal`` is the last day before it was moved off
    a day off. ``off`` are the days that did not count, ``worked`` the changed days that did.
    """

    filed: datetime
    received: datetime
    late: bool
    nominal: date
    day: date
    time: time | None
    off: tuple[DaysOff, ...]
    worked: tuple[tuple[date, str], ...]

    @property
    def moved(self) -> bool:
        """The last day was a day off."""
        return self.nominal != self.day


def received_at(
    filed: datetime, calendar: WorkCalendar, cut_off: time | None = None
) -> tuple[datetime, bool] | None:
    """The moment a dossier filed then counts as received, and whether the cut-off moved it.

    At the minute of the cut-off it is still in time. None: the office never opens again.
    """
    moment = calendar.next_open(filed)
    if moment is None or cut_off is None or moment.time() <= cut_off:
        return None if moment is None else (moment, False)
    following = calendar.next_open(datetime.combine(moment.date() + _DAY, time.min))
    return None if following is None else (following, True)


def due(
    value: Decimal | None,
    unit: str,
    filed: datetime,
    calendar: WorkCalendar,
    cut_off: time | None = None,
) -> Due | None:
    """When a limit of ``value`` ``unit`` (a key of :data:`cms.record.TIME_UNITS`) ends.

    Parts of a day count as a whole one. None when the limit has no number above zero or no unit,
    when the office never opens again, or when the end lies beyond :data:`HORIZON_DAYS`.
    """
    if value is None or not value.is_finite() or value <= 0:
        return None
    filed = filed.replace(tzinfo=None)
    found = received_at(filed, calendar, cut_off)
    if found is None:
        return None
    received, late = found
    start = received.date()
    clock: time | None = None
    nominal: date | None
    if unit == "hour":
        end = _after_hours(value, received, calendar)
        nominal = end.date() if end else None
        clock = end.time() if end else None
    elif unit == "working_day":
        nominal = _after_working_days(value, start, calendar)
    elif unit == "day":
        nominal = _after_days(value, start)
    elif unit in ("month", "year"):
        nominal = _after_months(value * 12 if unit == "year" else value, start)
    else:
        return None
    day = calendar.next_working_day(nominal) if nominal else None
    if nominal is None or day is None or (day - start).days > HORIZON_DAYS:
        return None
    if unit in ("hour", "working_day"):
        off = _days_off(calendar, filed.date(), day)
    else:
        # Days off in the middle of a limit in calendar days count like any other day.
        off = _days_off(calendar, filed.date(), start)
        if nominal != day:
            off += _days_off(calendar, max(start + _DAY, _run_start(calendar, nominal)), day)
    first = start if unit == "hour" else start + _DAY
    counted = unit in ("hour", "working_day")
    return Due(
        filed=filed,
        received=received,
        late=late,
        nominal=nominal,
        day=day,
        time=clock,
        off=off,
        worked=tuple(
            (one, calendar.name_of(one))
            for one in _days_from(first, (day - first).days)
            if counted and one in calendar.changes and calendar.works_on(one)
        ),
    )


def _after_hours(value: Decimal, received: datetime, calendar: WorkCalendar) -> datetime | None:
    left = timedelta(seconds=math.ceil(min(value, Decimal(24 * HORIZON_DAYS)) * 3600))
    for day in _days_from(received.date(), HORIZON_DAYS):
        if not calendar.works_on(day):
            continue
        for opens, closes in calendar.hours_on(day):
            begin = max(datetime.combine(day, opens), received)
            length = datetime.combine(day, closes) - begin
            if length <= timedelta(0):
                continue
            if left <= length:
                return begin + left
            left -= length
    return None


def _after_working_days(value: Decimal, start: date, calendar: WorkCalendar) -> date | None:
    left = math.ceil(min(value, Decimal(HORIZON_DAYS + 1)))
    for day in _days_from(start + _DAY, HORIZON_DAYS):
        left -= calendar.works_on(day)
        if left == 0:
            return day
    return None


def _after_days(value: Decimal, start: date) -> date | None:
    if value > HORIZON_DAYS:
        return None
    return start + timedelta(days=math.ceil(value))


def _after_months(value: Decimal, start: date) -> date | None:
    """The same day of the last month, or that month's last day; part of a month by thirtieths,
    never beyond the next whole month."""
    if value * 28 > HORIZON_DAYS:
        return None
    whole = math.floor(value)
    part = math.ceil((value - whole) * DAYS_OF_A_MONTH)
    end = _plus_months(start, whole)
    return min(end + timedelta(days=part), _plus_months(start, whole + 1)) if part else end


def _plus_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = _months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _run_start(calendar: WorkCalendar, day: date) -> date:
    """The first day of the run of days off that holds ``day``."""
    for _step in range(LOOK_AHEAD_DAYS):
        if calendar.works_on(day - _DAY):
            break
        day -= _DAY
    return day


def _days_off(calendar: WorkCalendar, first: date, before: date) -> tuple[DaysOff, ...]:
    """Runs of days that do not count, from ``first`` to the day before ``before``."""
    runs: list[list[date]] = []
    for day in _days_from(first, (before - first).days - 1):
        if calendar.works_on(day):
            continue
        if runs and runs[-1][-1] == day - _DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return tuple(
        DaysOff(
            run[0],
            run[-1],
            tuple(dict.fromkeys(name for day in run if (name := calendar.name_of(day)))),
        )
        for run in runs
    )
