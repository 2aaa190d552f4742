"""What the editor sees of scans: numbers beside each code, and the codes somebody must look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from cms.calendar import WorkCalendar
from cms.models import Counter
from cms.scopes import Scope
from feedback import scan_watch
from feedback.models import CodeScans, PosterCode
from feedback.scan_watch import OutOfHours, Silence
from feedback.scans import calendars_of

#: Days back that scans are read for: the usual, the longest quiet run told, holidays between.
DAYS_BACK = 75
#: Days that scans are kept for.
KEPT_DAYS = 400
#: Days the numbers beside a code cover.
SHOWN_DAYS = 28
#: Ids of one IN (…): old SQLite builds allow 999 parameters.
_IN = 500
#: Seconds that the number of alarms on a person's first page may be old.
_FRESH = 600


@dataclass(frozen=True)
class Row:
    """A counter's present code with its scans of the last :data:`SHOWN_DAYS` days."""

    poster: PosterCode
    inside: int
    outside: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.inside + self.outside


@dataclass(frozen=True)
class Alarm:
    """A code to look at, and why; ``old`` scans are those of a code after it was replaced."""

    poster: PosterCode
    silence: Silence | None = None
    hours: OutOfHours | None = None
    old: int = 0


def rows_of(counters: Sequence[Counter], today: date | None = None) -> list[Row]:
    """Codes and scans in the order of the counters; two queries, writes nothing."""
    today = today or timezone.localdate()
    ids = [one.pk for one in counters]
    codes = {one.counter_id: one for one in PosterCode.objects.current().filter(counter__in=ids)}
    since = today - timedelta(days=SHOWN_DAYS - 1)
    sums = (
        CodeScans.objects.filter(code__counter__in=ids, code__replaced_on=None, day__gte=since)
        .order_by()
        .values_list("code__counter", "in_hours")
        .annotate(number=Sum("count"))
    )
    counts = {(counter, inside): number for counter, inside, number in sums}
    rows = []
    for counter in counters:
        poster = codes.get(counter.pk) or PosterCode(
            counter=counter, code=counter.code, issued_on=today
        )
        poster.counter = counter
        pair = [counts.get((counter.pk, inside), 0) for inside in (True, False)]
        rows.append(Row(poster, *pair))
    return rows


def alarms(scope: Scope, today: date | None = None) -> list[Alarm]:
    """Every code of the scope that is odd, by office and counter; a few queries for a city."""
    today = today or timezone.localdate()
    counters = scope.limit(Counter.objects.open())
    posters = {
        one.counter_id: one
        for one in PosterCode.objects.current()
        .filter(counter__in=counters.values("pk"))
        .select_related("counter__office")
    }
    quiet = _silences(posters, today)
    hours = _out_of_hours(posters, today)
    found = [
        Alarm(posters[pk], quiet.get(pk), hours.get(pk)) for pk in {*quiet, *hours}
    ] + _old_codes(counters, today)
    return sorted(
        found,
        key=lambda one: (one.poster.counter.office.title, one.poster.counter.name, one.poster.pk),
    )


def count_alarms(scope: Scope) -> int:
    """How many codes are odd, at most ten minutes old."""
    names = ",".join(map(str, sorted(scope.offices))) if not scope.everything else "all"
    key = f"scan-alarms:{timezone.localdate()}:{names}"[:200]
    number = cache.get(key)
    if number is None:
        number = len(alarms(scope))
        cache.set(key, number, _FRESH)
    return int(number)


def forget_old(today: date | None = None) -> int:
    """Delete scans older than :data:`KEPT_DAYS` days; how many rows."""
    before = (today or timezone.localdate()) - timedelta(days=KEPT_DAYS)
    return CodeScans.objects.filter(day__lt=before).delete()[0]


def _silences(posters: Mapping[int, PosterCode], today: date) -> dict[int, Silence]:
    """Codes whose scans fell to zero, by counter id. Only those not scanned on their office's last
    open day are looked into: on most days a handful of a city's."""
    first = today - timedelta(days=DAYS_BACK)
    calendars = calendars_of({one.counter.office_id for one in posters.values()}, first)
    days_of = {pk: _open_days(calendar, first, today) for pk, calendar in calendars.items()}
    asked = set()
    for pk, poster in posters.items():
        days = days_of[poster.counter.office_id]
        if days and (poster.last_scan_on is None or poster.last_scan_on < days[-1]):
            asked.add(pk)
    scans: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    ids = sorted(asked)
    for start in range(0, len(ids), _IN):
        # The usual is the counter's, not the edition's: a new sheet nobody hung up is silence
        # too. What an old sheet gets after it was replaced is another matter.
        rows = CodeScans.objects.filter(
            Q(code__replaced_on=None) | Q(day__lte=F("code__replaced_on")),
            code__counter__in=ids[start : start + _IN],
            day__range=(first, today),
        )
        for pk, day, count in rows.order_by().values_list("code__counter", "day", "count"):
            scans[pk][day] += count
    found = {}
    for pk, by_day in scans.items():
        # Before the first scan no sheet hung there, whatever day it was printed.
        days = [day for day in days_of[posters[pk].counter.office_id] if day >= min(by_day)]
        if silence := scan_watch.silence(days, by_day):
            found[pk] = silence
    return found


def _out_of_hours(posters: Mapping[int, PosterCode], today: date) -> dict[int, OutOfHours]:
    """Codes scanned mostly outside hours, by counter id: one grouped query."""
    since = today - timedelta(days=scan_watch.HOURS_DAYS - 1)
    present = {one.pk: pk for pk, one in posters.items()}
    sums: dict[int, dict[bool, int]] = defaultdict(dict)
    rows = CodeScans.objects.filter(day__range=(since, today), code__replaced_on=None).order_by()
    for code, inside, number in rows.values_list("code", "in_hours").annotate(n=Sum("count")):
        if code in present:
            sums[present[code]][inside] = number
    return {
        pk: found
        for pk, one in sums.items()
        if (found := scan_watch.out_of_hours(one.get(True, 0), one.get(False, 0)))
    }


def _open_days(calendar: WorkCalendar, first: date, today: date) -> list[date]:
    """Finished open days, in order."""
    days = (first + timedelta(days=n) for n in range((today - first).days))
    return [day for day in days if calendar.hours_on(day)]


def _old_codes(counters: QuerySet[Counter], today: date) -> list[Alarm]:
    """Replaced codes that were scanned within a week, after the day of the change: the old sheet
    hangs somewhere."""
    rows = (
        CodeScans.objects.filter(
            code__counter__in=counters.values("pk"),
            day__gt=F("code__replaced_on"),
            day__range=(today - timedelta(days=6), today),
        )
        .order_by()
        .values_list("code")
        .annotate(number=Sum("count"))
    )
    numbers = dict(rows)
    codes = PosterCode.objects.filter(pk__in=numbers).select_related("counter__office")
    return [Alarm(one, old=numbers[one.pk]) for one in codes]
