"""Days of a comment, counted on its own office's calendar: holidays, closures, swapped days."""

from __future__ import annotations

import datetime

from cms.calendar import WorkCalendar
from cms.models import CitySettings, Office
from cms.working_days import DayChanges, day_changes, work_calendar

_DAY = datetime.timedelta(days=1)
#: An office that never opens again has no working days; nothing is looked for farther off.
FARTHEST = 400


def office_calendar(office: Office, changes: DayChanges) -> WorkCalendar:
    """The calendar of the office; ``changes`` of :func:`changes_around` are read once for many."""
    return work_calendar(office.hours.all(), changes.of(office.pk), CitySettings.load())


def changes_around(day: datetime.date) -> DayChanges:
    """Changed days from well before ``day`` on; one query."""
    return day_changes(day - FARTHEST * _DAY)


def working_day(start: datetime.date, number: int, calendar: WorkCalendar) -> datetime.date:
    """The ``number``-th working day after ``start`` (before it, when negative).

    0 is ``start`` itself. Where the calendar knows no working days, calendar days are counted:
    a due day is never missing.
    """
    step = _DAY if number > 0 else -_DAY
    day, left = start, abs(number)
    for _ in range(FARTHEST):
        if not left:
            return day
        day += step
        left -= calendar.works_on(day)
    return start + number * _DAY
