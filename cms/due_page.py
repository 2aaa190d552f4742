"""Due days of a procedure for the page and for JSON: which office's calendar, which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone, translation

from cms import caching
from cms.calendar import WorkCalendar, next_change
from cms.due import DAY_PARAMETER, Filing, due_groups, due_line, filing
from cms.models import CitySettings, Office, ProcedurePage
from cms.process import compare, process_of, published_channels
from cms.record import Channel
from cms.working_days import OfficeNow, day_changes, request_day_changes, work_calendar

if TYPE_CHECKING:
    from cms.presentation import ChannelLine


def takes_dossiers(page: ProcedurePage, day: date) -> bool:
    """Whether a dossier can be handed in on that day: not while paused, not once abolished."""
    if page.standing == ProcedurePage.Standing.ACTIVE:
        return True
    begun = page.standing_from is None or page.standing_from <= day
    over = (
        page.standing == ProcedurePage.Standing.PAUSED
        and page.standing_until is not None
        and page.standing_until < day
    )
    return not begun or over


def _calendar(
    office_now: OfficeNow | None, city: CitySettings, request: HttpRequest | None
) -> tuple[WorkCalendar, bool]:
    """The calendar of the picked office, else of the standard week, and whether it is the
    office's own. At most one query: a picked office has brought the changed days along."""
    if office_now is None:
        return work_calendar([], request_day_changes(request).of(None), city), False
    rows = list(office_now.office.hours.all())
    return work_calendar(rows, office_now.changes.of(office_now.office.pk), city), bool(rows)


def due_context(
    page: ProcedurePage,
    lines: Sequence[ChannelLine],
    request: HttpRequest | None,
    office_now: OfficeNow | None,
) -> dict[str, Any]:
    """``lines`` with their due days, and what ``cms/_due.html`` and the time tile show.

    The page then holds until the next opening, closing or cut-off of that calendar.
    """
    when = filing(request.GET.get(DAY_PARAMETER) if request else None)
    city = CitySettings.load(request_or_site=request)
    calendar, own_hours = _calendar(office_now, city, request)
    now = timezone.localtime()
    caching.expires(request, timezone.make_aware(next_change(calendar, now, city.cut_off)))
    dated = list(lines)
    if takes_dossiers(page, when.day):
        dated = [
            replace(line, due=due_line(line.kind, line.limit, when, calendar, city.cut_off))
            if line.limit
            else line
            for line in lines
        ]
    return {
        "lines": dated,
        "due_groups": due_groups([(line.kind, line.name, line.due) for line in dated]),
        "due_unknown": [line.name for line in dated if line.due is None],
        "filing": when,
        "due_own_hours": own_hours,
    }


def process_context(page: ProcedurePage) -> dict[str, Any]:
    """The internal process and the published limits it is held against, for ``_lanes.html``."""
    process = process_of(page.internal_process.raw_data)
    limits = compare(process, published_channels(page)) if process.steps else []
    return {"process": process, "process_limits": limits}


@dataclass(frozen=True)
class Reckoner:
    """Due days for JSON: a filing, a calendar and the city's cut-off; texts in Vietnamese."""

    when: Filing
    calendar: WorkCalendar
    cut_off: time | None
    takes: bool

    def of(self, channel: Channel) -> dict[str, Any] | None:
        """The values of :class:`cms.api.DueSerializer`; None where nothing can be reckoned."""
        if not self.takes:
            return None
        with translation.override("vi"):
            line = due_line(channel.kind, channel.time, self.when, self.calendar, self.cut_off)
            if line is None:
                return None
            return {
                "filed_on": line.found.filed.date(),
                "received_on": line.found.received.date(),
                "due_on": line.found.day,
                "due_time": line.found.time,
                "text": line.text,
                "reasons": list(line.why),
            }


def reckoner(page: ProcedurePage, when: Filing, office: Office | None) -> Reckoner:
    """The reckoner of a page at that office, else of the standard week; two queries, and one
    for the office's hours."""
    city = CitySettings.load()
    changes = day_changes(when.today).of(office.pk if office else None)
    hours = list(office.hours.all()) if office else []
    calendar = work_calendar(hours, changes, city)
    return Reckoner(when, calendar, city.cut_off, takes_dossiers(page, when.day))
