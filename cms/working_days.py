"""The calendar of an office, from what is in the database: one query for all of them.

Public holidays are the library's; :class:`~cms.models.WorkingDayChange` is laid over them, the
rows of the whole city first and those of the office on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import holidays
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from cms.calendar import MONDAY_TO_FRIDAY, Change, Opening, WorkCalendar, opening
from cms.hours import STANDARD_WEEK, Span, clock_text
from cms.models import CitySettings, Office, OfficeHours, WorkingDayChange
from cms.wording import WEEKDAY_NAMES

#: Days before today that still matter: a run of days off that began before today.
LOOK_BACK_DAYS = 31
#: Days ahead an office's page tells of.
COMING_DAYS = 30
_MONDAY, _SATURDAY = 0, 5

#: Words in a name of the library → the name people know; the first that fits counts.
_NAMES = (
    ("Tết Dương lịch", gettext_noop("Tết Dương lịch")),
    ("Tết", gettext_noop("Tết Nguyên đán")),
    ("Hùng Vương", gettext_noop("Giỗ Tổ Hùng Vương")),
    ("Chiến thắng", gettext_noop("Ngày Chiến thắng")),
    ("Lao động", gettext_noop("Ngày Quốc tế Lao động")),
    ("Quốc khánh", gettext_noop("Quốc khánh")),
    ("Văn hóa", gettext_noop("Ngày Văn hoá Việt Nam")),
    ("Ngày nghỉ (thay", gettext_noop("nghỉ hoán đổi ngày làm việc")),
)
#: How the table of swap days begins its names (cms/swap_days.py), which may go on with a holiday:
#: "làm bù ngày 31/08: Quốc khánh" is not Quốc khánh. Whole in Vietnamese, in short elsewhere.
_SWAPS = (
    ("nghỉ hoán đổi", gettext_noop("nghỉ hoán đổi ngày làm việc")),
    ("làm bù", gettext_noop("làm bù")),
)


@cache
def public_holidays() -> Any:
    """Vietnam's public holidays (day → name); grows by itself with the years asked for."""
    return holidays.country_holidays("VN", language="vi")


def holiday_name(name: str) -> str:
    """A name of the library or of the table as people say it, in the active language: "Giao
    thừa Tết Nguyên Đán" and "Mùng hai Tết Nguyên Đán" are both Tết Nguyên đán."""
    for words, known in _SWAPS:
        if name.casefold().startswith(words):
            return name if (get_language() or "vi").startswith("vi") else _(known)
    return next((_(known) for words, known in _NAMES if words in name), name)


@dataclass(frozen=True)
class DayChanges:
    """Days that differ: for the whole city, and on top of that for single offices (by id)."""

    city: Mapping[date, Change] = field(default_factory=dict)
    by_office: Mapping[int, Mapping[date, Change]] = field(default_factory=dict)

    def of(self, office_id: int | None) -> Mapping[date, Change]:
        """What holds at that office; None: anywhere in the city."""
        own = self.by_office.get(office_id) if office_id else None
        return {**self.city, **own} if own else self.city


def day_changes(since: date | None = None) -> DayChanges:
    """All changed days from a month before ``since`` (today) on; one query."""
    since = (since or timezone.localdate()) - timedelta(days=LOOK_BACK_DAYS)
    city = _known_swaps(since)
    by_office: dict[int, dict[date, Change]] = {}
    rows = WorkingDayChange.objects.filter(date__gte=since).order_by()
    for day, kind, like, name, office_id in rows.values_list(
        "date", "kind", "like_weekday", "name", "office_id"
    ):
        change = Change(kind == WorkingDayChange.Kind.WORKS, name, like)
        (by_office.setdefault(office_id, {}) if office_id else city)[day] = change
    return DayChanges(city, by_office)


def request_day_changes(request: HttpRequest | None) -> DayChanges:
    """:func:`day_changes` of today, asked once a request."""
    if request is None:
        return day_changes()
    known: DayChanges | None = request.__dict__.get("_day_changes")
    if known is None:
        known = request.__dict__["_day_changes"] = day_changes()
    return known


def _known_swaps(since: date) -> dict[date, Change]:
    """Week-end days the library knows to be worked in exchange for a working day."""
    days = public_holidays()
    for year in range(since.year, since.year + 3):
        days.get(date(year, 1, 1))  # fills the year in
    # It does not say in exchange for which weekday; those so far were Mondays more than others.
    return {
        day: Change(True, gettext_noop("làm bù"), _MONDAY)
        for day in days.weekend_workdays
        if day >= since
    }


def work_calendar(
    hours: Iterable[OfficeHours],
    changes: Mapping[date, Change],
    city: CitySettings | None = None,
) -> WorkCalendar:
    """The calendar of an office with these rows of hours; without any, of the standard week."""
    spans = tuple(Span(row.weekday, row.opens, row.closes) for row in hours)
    counted = MONDAY_TO_FRIDAY
    if city is not None and city.counts_saturday:
        counted |= {_SATURDAY}
    return WorkCalendar(spans or STANDARD_WEEK, public_holidays(), changes, counted)


def coming_days(
    hours: Iterable[OfficeHours], changes: Mapping[date, Change], today: date
) -> list[str]:
    """The next days, today among them, that differ from their weekday at an office with these
    hours: "thứ Bảy 05/12: làm việc 8:00–11:30 (làm bù)", "thứ Sáu 01/01: nghỉ (Tết Dương lịch)".

    Days the office would be closed anyway and stays closed are left out.
    """
    calendar = work_calendar(hours, changes)
    usual = WorkCalendar(calendar.spans)
    found = []
    for day in (today + timedelta(days=n) for n in range(COMING_DAYS)):
        spans = calendar.hours_on(day)
        if spans == usual.hours_on(day):
            continue
        values = {
            "day": f"{WEEKDAY_NAMES[day.weekday()]} {day:%d/%m}",
            "name": holiday_name(calendar.name_of(day)),
            "hours": ", ".join(f"{clock_text(a)}–{clock_text(b)}" for a, b in spans),
        }
        if spans:
            found.append(_("%(day)s: làm việc %(hours)s (%(name)s)") % values)
        else:
            found.append(_("%(day)s: nghỉ (%(name)s)") % values)
    return found


def opening_of(
    hours: Iterable[OfficeHours],
    now: datetime | None = None,
    changes: Mapping[date, Change] | None = None,
) -> Opening | None:
    """Whether an office with these rows is open; ``now`` defaults to this moment, local time.

    ``changes`` are the office's own (:meth:`DayChanges.of`); without them the city's are read.
    None when the office has no hours.
    """
    rows = list(hours)
    if not rows:
        return None
    now = now or timezone.localtime()
    if changes is None:
        changes = day_changes(now.date()).city
    return opening(work_calendar(rows, changes), now)


def opening_text(state: Opening | None, now: datetime | None = None) -> str:
    """Open or closed in words: "đang mở, đến 17:00"; "" when no hours are known."""
    if state is None:
        return ""
    if state.is_open and state.until:
        return _("đang mở, đến %(time)s") % {"time": clock_text(state.until)}
    if state.holiday:
        head = _("đang nghỉ lễ")
    elif state.reason:
        head = _("hôm nay nghỉ (%(reason)s)") % {"reason": holiday_name(state.reason)}
    else:
        head = _("đang đóng cửa")
    if not state.next_day or not state.next_time:
        return head
    today = (now or timezone.localtime()).date()
    values = {"head": head, "time": clock_text(state.next_time)}
    days = (state.next_day - today).days
    if days == 0:
        return _("%(head)s, mở lại lúc %(time)s") % values
    if days == 1:
        return _("%(head)s, mở lại %(time)s ngày mai") % values
    values["day"] = f"{WEEKDAY_NAMES[state.next_day.weekday()]} {state.next_day:%d/%m}"
    return _("%(head)s, mở lại %(time)s %(day)s") % values


@dataclass(frozen=True)
class OfficeNow:
    """An office with its state at this moment."""

    office: Office
    is_open: bool
    text: str
    changes: DayChanges = field(default_factory=DayChanges)

    @classmethod
    def of(
        cls, office: Office, now: datetime | None = None, changes: DayChanges | None = None
    ) -> OfficeNow:
        """Reads ``office.hours``: prefetch them for a list, and read ``changes`` once for it."""
        now = now or timezone.localtime()
        changes = changes or day_changes(now.date())
        state = opening_of(office.hours.all(), now, changes.of(office.pk))
        return cls(office, bool(state and state.is_open), opening_text(state, now), changes)
