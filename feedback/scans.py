"""How often printed codes are opened: counted in memory first, written every few seconds.

No form waits for it. A request adds to a bounded table of its process; a thread looks up the
office's hours and writes sums: a day, and whether within the office's hours. Nothing about who
scanned, no moment, no address. A locked or missing database costs counts, never a form.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import Counter as Sums
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from cms.calendar import WorkCalendar
from cms.models import Counter, Office
from cms.working_days import day_changes, work_calendar
from feedback import poster_codes
from feedback.models import CodeScans, PosterCode
from feedback.sql import insert_or_add

log = logging.getLogger(__name__)

#: Different (code, day, quarter of an hour) that wait in a process at most.
WAITING = 5000
#: Minutes before opening and after closing that still count as office hours: people come early,
#: and rate on the way home.
MARGIN = 60
#: Rows of one INSERT.
_ROWS = 100


class Scan(NamedTuple):
    """What waits: whose code, on which day, in which minutes of it (a quarter of an hour)."""

    counter: int
    code: str
    day: date
    quarter: int


def note(poster: PosterCode | None, now: datetime | None = None) -> None:
    """Count that the form of a printed code was opened. Never raises, never asks the database.

    ``now`` is an aware moment (default: this one). None for ways that are no poster.
    """
    if poster is None:
        return
    try:
        local = timezone.localtime(now)
        quarter = (local.hour * 60 + local.minute) // 15
        keeper.add(Scan(poster.counter_id, poster.code, local.date(), quarter))
    except Exception as error:  # whatever is wrong with the count, the citizen gets her form
        log.warning("a scan was not counted: %s", type(error).__name__)


class Keeper:
    """One process's counts that are not in the table yet, and the thread that takes them there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Sums[Scan] = Sums()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._wake = threading.Event()
        self._failed = False

    def add(self, scan: Scan, count: int = 1) -> None:
        """Add to what waits; dropped when very much waits already."""
        self._put(scan, count)
        self._begin()

    def forget(self) -> None:
        """Drop what waits (tests)."""
        with self._lock:
            self._waiting = Sums()

    def flush(self) -> int:
        """Write what waits; how many scans. What could not be written waits again."""
        with self._lock:
            taken, self._waiting = self._waiting, Sums()
        if not taken:
            return 0
        try:
            write(taken)
        except Exception as error:
            for scan, count in taken.items():
                self._put(scan, count)
            if not self._failed:  # one line for an outage
                log.warning("scans are not counted: %s", type(error).__name__)
            self._failed = True
            return 0
        self._failed = False
        return taken.total()

    def _put(self, scan: Scan, count: int) -> None:
        with self._lock:
            if scan in self._waiting or len(self._waiting) < WAITING:
                self._waiting[scan] += count

    def _close(self) -> None:
        if self._pid == os.getpid():
            self.flush()

    def _begin(self) -> None:
        """Wake the thread, or start it: a process made by fork has none of its own yet."""
        if not settings.SCAN_LOG_SECONDS:
            return
        with self._lock:
            if self._pid != os.getpid() or self._thread is None or not self._thread.is_alive():
                if self._pid != os.getpid():
                    atexit.register(self._close)
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._run, name="scans", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(settings.SCAN_LOG_SECONDS)
            self._wake.clear()
            self.flush()
            connections.close_all()


keeper = Keeper()


def write(taken: Mapping[Scan, int]) -> None:
    """Add to the table, in one transaction and one order of rows. Raises DatabaseError."""
    counters = Counter.objects.in_bulk({scan.counter for scan in taken})
    codes = _codes(taken, counters)
    calendars = calendars_of(
        {one.office_id for one in counters.values()}, min(s.day for s in taken)
    )
    sums: Sums[tuple[int, date, bool]] = Sums()
    last: dict[int, date] = {}
    for scan, count in taken.items():
        pk = codes.get(scan.code)
        if pk is None:  # the counter is gone meanwhile
            continue
        calendar = calendars.get(counters[scan.counter].office_id)
        sums[pk, scan.day, in_hours(calendar, scan.day, scan.quarter * 15)] += count
        last[pk] = max(last.get(pk, scan.day), scan.day)
    rows = [
        CodeScans(code_id=pk, day=day, in_hours=inside, count=count)
        for (pk, day, inside), count in sorted(sums.items())
    ]
    with transaction.atomic():
        for start in range(0, len(rows), _ROWS):
            insert_or_add(
                rows[start : start + _ROWS], unique=("code", "day", "in_hours"), add="count"
            )
        for day in sorted(set(last.values())):
            of_day = sorted(pk for pk, one in last.items() if one == day)
            for start in range(0, len(of_day), _ROWS):
                seen = PosterCode.objects.filter(pk__in=of_day[start : start + _ROWS])
                (seen.filter(last_scan_on=None) | seen.filter(last_scan_on__lt=day)).update(
                    last_scan_on=day
                )


def _codes(taken: Mapping[Scan, int], counters: Mapping[int, Counter]) -> dict[str, int]:
    """Row of each code; those never printed get theirs now."""
    wanted = {scan.code: scan.counter for scan in taken}
    found = dict(PosterCode.objects.filter(code__in=wanted).values_list("code", "pk"))
    new = [counters[pk] for code, pk in wanted.items() if code not in found and pk in counters]
    for edition in poster_codes.current_of(new).values():
        found[edition.code] = edition.pk
    return found


def in_hours(calendar: WorkCalendar | None, day: date, minute: int) -> bool:
    """Whether a minute of the day lies between the office's first opening and last closing, give
    or take :data:`MARGIN` minutes; the noon break counts as open. Without hours: the standard
    week."""
    spans = (calendar or work_calendar((), {})).hours_on(day)
    if not spans:
        return False
    opens, closes = spans[0][0], spans[-1][1]
    first = opens.hour * 60 + opens.minute - MARGIN
    last = closes.hour * 60 + closes.minute + MARGIN
    return first <= minute < last


def calendars_of(offices: set[int], since: date) -> dict[int, WorkCalendar]:
    """The calendar of each office by id, with what differs from a month before ``since`` on."""
    changes = day_changes(since)
    found = Office.objects.filter(pk__in=offices).prefetch_related("hours")
    return {one.pk: work_calendar(one.hours.all(), changes.of(one.pk)) for one in found}
