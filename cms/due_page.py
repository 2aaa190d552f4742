"""Due days of a procedure for the page and for JSON: which office's calendar, which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cms import caching, formatting
from cms.calendar import WorkCalendar, next_change, received_at
from cms.due import DAY_PARAMETER, DueLine, Filing, due_groups, due_line, due_range, filing
from cms.models import CitySettings, Office, ProcedurePage
from cms.process import compare, process_of, published_channels
from cms.record import Channel, ProcessingTime
from cms.wording import page_wording
from cms.working_days import OfficeNow, day_changes, request_day_changes, work_calendar

if TYPE_CHECKING:
    from cms.presentation import ChannelLine


def limits_when(
    page: ProcedurePage,
    kinds: Sequence[str],
    when: Filing,
    calendar: WorkCalendar,
    cut_off: time | None,
) -> list[ProcessingTime | None]:
    """The time limit of each channel of today as it will be on the day a dossier filed then
    counts as received; None where no dossier is taken on that day, or the channel is gone.

    ``kinds`` are the channels in the page's order: the record's own rows, then the city's.
    """
    received = received_at(when.moment, calendar, cut_off)
    day = received[0].date() if received else when.day
    if not page.standing_on(day).is_open:
        return [None] * len(kinds)
    then, own = page.channels_on(day), len(page.channel_rows)
    added = {row.kind: row.time for row in then[own:]}
    return [then[n].time if n < own else added.get(kind) for n, kind in enumerate(kinds)]


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
    caching.answers(request, **{DAY_PARAMETER: when.kept_as})
    city = CitySettings.load(request_or_site=request)
    calendar, own_hours = _calendar(office_now, city, request)
    now = timezone.localtime()
    caching.expires(request, timezone.make_aware(next_change(calendar, now, city.cut_off)))
    limits = limits_when(page, [line.kind for line in lines], when, calendar, city.cut_off)
    dated = [
        replace(line, due=_line(line, limit, when, calendar, city.cut_off))
        for line, limit in zip(lines, limits, strict=True)
    ]
    groups = due_groups([(line.kind, line.name, line.due) for line in dated])
    return {
        "lines": dated,
        "due_groups": groups,
        "due_range": due_range(groups),
        "due_unknown": [line.name for line in dated if line.due is None],
        "filing": when,
        "due_own_hours": own_hours,
    }


def _line(
    line: ChannelLine,
    limit: ProcessingTime | None,
    when: Filing,
    calendar: WorkCalendar,
    cut_off: time | None,
) -> DueLine | None:
    found = due_line(line.kind, limit, when, calendar, cut_off) if limit else None
    if not found or not limit or (line.limit and _same(limit, line.limit)):
        return found
    words = _("Thời hạn khi đó là %(limit)s, không như hôm nay.")
    words %= {"limit": formatting.time_text(limit, page_wording())}
    return replace(found, why=(words, *found.why))


def _same(one: ProcessingTime, other: ProcessingTime) -> bool:
    return (one.value, one.unit) == (other.value, other.unit)


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
    #: Each channel of today with the limit it will have on the day of receipt.
    limits: Sequence[tuple[Channel, ProcessingTime | None]]

    def of(self, channel: Channel) -> dict[str, Any] | None:
        """The values of :class:`cms.api.DueSerializer`; None where nothing can be reckoned."""
        limit = next((limit for row, limit in self.limits if row == channel), None)
        if limit is None:
            return None
        with translation.override("vi"):
            line = due_line(channel.kind, limit, self.when, self.calendar, self.cut_off)
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
    rows = page.channels_today
    limits = limits_when(page, [row.kind for row in rows], when, calendar, city.cut_off)
    return Reckoner(when, calendar, city.cut_off, list(zip(rows, limits, strict=True)))
