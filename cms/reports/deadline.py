"""Five working days: a decision's changes are to be public by then (NĐ 63/2010 Đ24.2)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from cms.calendar import WorkCalendar, due
from cms.hours import STANDARD_WEEK
from cms.models import ProcedurePage, PublicVersion
from cms.working_days import day_changes, public_holidays

WORKING_DAYS = Decimal(5)
#: The share is told over decisions of the last twelve months.
SHARE_DAYS = 365
_MORNING = datetime.time(8)


def city_calendar(since: datetime.date) -> WorkCalendar:
    """The standard week with holidays and the city's changed days (one query)."""
    return WorkCalendar(STANDARD_WEEK, public_holidays(), day_changes(since).city)


def last_day(decided: datetime.date, calendar: WorkCalendar) -> datetime.date:
    """The fifth working day after the decision."""
    found = due(WORKING_DAYS, "working_day", datetime.datetime.combine(decided, _MORNING), calendar)
    return found.day if found else decided


@dataclass(frozen=True)
class Countdown:
    """A decision whose text is not public yet: until when, and how many days are left."""

    page: ProcedurePage
    decided: datetime.date
    until: datetime.date
    left: int

    @property
    def words(self) -> str:
        """In words an editor acts on."""
        if self.left < 0:
            return f"quá hạn {-self.left} ngày"
        return "hôm nay là hạn cuối" if self.left == 0 else f"còn {self.left} ngày"


def countdowns(today: datetime.date | None = None) -> list[Countdown]:
    """Drafts that carry a decision date and are not public as they are, the most urgent first.

    ``left`` counts calendar days, which is how people plan a week.
    """
    today = today or timezone.localdate()
    waiting = list(
        ProcedurePage.objects.filter(has_unpublished_changes=True)
        .select_related("latest_revision", "field")
        .defer_streamfields()
    )
    found = []
    calendar: WorkCalendar | None = None
    for page in waiting:
        text = page.latest_revision.content.get("decision_date") if page.latest_revision else None
        if not text or (page.live and text == str(page.decision_date or "")):
            continue
        decided = datetime.date.fromisoformat(text)
        calendar = calendar or city_calendar(min(decided, today))
        until = last_day(decided, calendar)
        found.append(Countdown(page, decided, until, (until - today).days))
    return sorted(found, key=lambda one: (one.until, one.page.code))


@dataclass(frozen=True)
class Share:
    """How many decisions of the last year went public in time."""

    on_time: int
    total: int

    @property
    def percent(self) -> int | None:
        """Rounded; None when there was no decision."""
        return round(100 * self.on_time / self.total) if self.total else None


def share_on_time(today: datetime.date | None = None) -> Share:
    """Of the pages whose decision was signed in the last year: public within five working days?

    Public means the first version that names the page's decision number.
    """
    today = today or timezone.localdate()
    since = today - datetime.timedelta(days=SHARE_DAYS)
    decided = {
        pk: (number, day)
        for pk, number, day in ProcedurePage.objects.filter(
            decision_date__gte=since, decision_date__lte=today
        ).values_list("pk", "decision_number", "decision_date")
    }
    if not decided:
        return Share(0, 0)
    first: dict[int, datetime.date] = {}
    versions = PublicVersion.objects.filter(page_id__in=decided).order_by("published_at")
    for pk, number, moment in versions.values_list("page_id", "decision_number", "published_at"):
        if number == decided[pk][0]:
            first.setdefault(pk, timezone.localtime(moment).date())
    calendar = city_calendar(since)
    on_time = total = 0
    for pk, (_number, day) in decided.items():
        until = last_day(day, calendar)
        if pk not in first and until >= today:
            continue  # still has time
        total += 1
        on_time += pk in first and first[pk] <= until
    return Share(on_time, total)
