"""Counts what is asked, beside the search: in memory first, to the table every few seconds.

No search waits for it. A request adds to a bounded table in the process; a thread writes it in
one short transaction. A locked or missing database costs counts, never an answer.
"""

from __future__ import annotations

import atexit
import datetime
import logging
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, connections, transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from search.masking import kept_words
from search.models.query_log import PAGE, SearchedFor

if TYPE_CHECKING:
    from search.finder import Answer

log = logging.getLogger(__name__)

#: Different questions that wait in a process at most; more are not counted.
WAITING = 1000
#: Different questions that a day may have at most: somebody who makes them up fills no disk.
DAY_ROWS = 20_000
#: Rows are kept for so many days.
KEPT_DAYS = 90
#: Rows of one INSERT (SQLite counts parameters), and of one DELETE.
_ROWS, _DELETED = 50, 5000
#: Milliseconds that the writer waits for a lock.
_PATIENCE = 1000

#: Parameter of an address that an editor tries from a report: no citizen asks.
TRIED = "thu"
_ROBOT = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|headlesschrome", re.I)
Key = tuple[datetime.date, str, str, str]


@dataclass
class Tally:
    """What is to be added to a row."""

    count: int = 0
    last_total: int = 0
    empty: int = 0
    near_only: int = 0
    corrected: int = 0
    clicks: int = 0
    rank_sum: int = 0

    def add(self, more: Tally) -> None:
        """The sum; the newer one knows the results."""
        for name in SearchedFor.COUNTS:
            setattr(self, name, getattr(self, name) + getattr(more, name))
        if more.count:
            self.last_total = more.last_total


def by_a_person(request: HttpRequest) -> bool:
    """Whether somebody asks: no program that says so, no page fetched ahead. Nothing is kept."""
    headers = request.headers
    ahead = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if "prefetch" in ahead.lower() or "prerender" in ahead.lower():
        return False
    return not _ROBOT.search(headers.get("User-Agent", ""))


def note(request: HttpRequest, answer: Answer, channel: str = PAGE) -> None:
    """Count an answered question. Turning pages, filters and orders are no new questions.

    Never raises and never touches the database.
    """
    plain = not answer.filters and not answer.sort and not {"exact", TRIED} & set(request.GET)
    if request.method != "GET" or not plain or answer.page != 1 or answer.index_missing:
        return
    if not by_a_person(request):
        return
    text = kept_words(answer.question.text)
    if not text:
        return
    key = (timezone.localdate(), text, (translation.get_language() or "vi")[:5], channel)
    tally = Tally(
        count=1,
        last_total=answer.total,
        empty=int(not answer.total),
        near_only=int(not answer.total and bool(answer.near)),
        corrected=int(bool(answer.corrected)),
    )
    keeper.add(key, tally)


class Keeper:
    """One process's counts that are not in the table yet, and the thread that takes them there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: dict[Key, Tally] = {}
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._wake = threading.Event()
        self._aside: list[Callable[[], None]] = []
        self._failed = False

    def add(self, key: Key, tally: Tally) -> None:
        """Add to what waits; dropped when very much waits already."""
        self._put(key, tally)
        self._begin()

    def aside(self, work: Callable[[], None]) -> None:
        """Have the thread do some reading soon (search/popular.py)."""
        with self._lock:
            if work not in self._aside:
                self._aside.append(work)
        self._begin()

    def waiting(self) -> dict[Key, Tally]:
        """What is not written yet."""
        with self._lock:
            return dict(self._waiting)

    def forget(self) -> None:
        """Drop what waits (tests)."""
        with self._lock:
            self._waiting, self._aside = {}, []

    def flush(self) -> int:
        """Write what waits; how many rows. What could not be written waits again, as room is."""
        with self._writing:
            with self._lock:
                taken, self._waiting = self._waiting, {}
            if not taken:
                return 0
            try:
                written = write(taken)
            except Exception as error:
                for key, tally in taken.items():
                    self._put(key, tally, older=True)
                if (
                    not self._failed
                ):  # one line for an outage; no text of the database: it may quote
                    log.warning("questions are not counted: %s", type(error).__name__)
                self._failed = True
                return 0
            self._failed = False
            return written

    def close(self) -> None:
        """At the end of the process: what waits, once."""
        if self._pid == os.getpid() and self._waiting:
            self.flush()

    def _put(self, key: Key, tally: Tally, older: bool = False) -> None:
        with self._lock:
            there = self._waiting.get(key)
            if there is None:
                if len(self._waiting) < WAITING:
                    self._waiting[key] = tally
            elif older:
                tally.add(there)
                self._waiting[key] = tally
            else:
                there.add(tally)

    def _begin(self) -> None:
        if self._pid == os.getpid() and self._thread is not None and self._thread.is_alive():
            self._wake.set()
            return
        if not settings.SEARCH_LOG_SECONDS:
            return
        with self._lock:
            if self._pid == os.getpid() and self._thread is not None and self._thread.is_alive():
                return
            if self._pid != os.getpid():
                atexit.register(self.close)
            self._pid = os.getpid()
            self._wake.set()
            self._thread = threading.Thread(target=self._run, name="query-log", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(settings.SEARCH_LOG_SECONDS)
            self._wake.clear()
            self.flush()
            with self._lock:
                work, self._aside = self._aside, []
            for one in work:
                try:
                    one()
                except Exception as error:
                    log.warning("questions are not read: %s", type(error).__name__)
            connections.close_all()


keeper = Keeper()


def write(taken: dict[Key, Tally]) -> int:
    """Add to the table, in one transaction and one order of rows; how many. Raises DatabaseError.

    A day that is full takes no new questions: those that it knows go on counting.
    """
    with _hurried(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {_PATIENCE}")
                cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE * 5}")
        keys = sorted(_with_room(taken))
        for start in range(0, len(keys), _ROWS):
            some = keys[start : start + _ROWS]
            values = [
                value
                for key in some
                for value in (*key, *(getattr(taken[key], name) for name in _TALLIED))
            ]
            with connection.cursor() as cursor:
                cursor.execute(_statement(len(some)), values)
    return len(keys)


class _hurried:
    """On SQLite the connection waits for a lock no longer than the writer's patience."""

    def __enter__(self) -> None:
        self._sqlite = connection.vendor == "sqlite"
        if self._sqlite:
            self._set(_PATIENCE)

    def __exit__(self, *_: object) -> None:
        if self._sqlite:
            self._set(int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000))

    @staticmethod
    def _set(milliseconds: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={milliseconds}")


def _with_room(taken: dict[Key, Tally]) -> set[Key]:
    room = set(taken)
    for day in {key[0] for key in taken}:
        rows = SearchedFor.objects.filter(day=day)
        if rows.count() >= DAY_ROWS:
            texts = [key[1] for key in taken if key[0] == day]
            known = set()
            for start in range(0, len(texts), 500):
                some = rows.filter(text__in=texts[start : start + 500])
                known |= set(some.values_list(*SearchedFor.KEY))
            room -= {key for key in taken if key[0] == day} - known
    return room


_TALLIED = [one.name for one in fields(Tally)]


@lru_cache(maxsize=_ROWS)
def _statement(rows: int) -> str:
    """``INSERT … ON CONFLICT DO UPDATE`` that adds: one text for SQLite and PostgreSQL."""
    quote = connection.ops.quote_name
    table = quote(SearchedFor._meta.db_table)
    names = [*SearchedFor.KEY, *_TALLIED]
    columns = ", ".join(map(quote, names))
    one_row = "(" + ", ".join(["%s"] * len(names)) + ")"
    sums = [
        f"{quote(name)} = {table}.{quote(name)} + EXCLUDED.{quote(name)}"
        for name in SearchedFor.COUNTS
    ]
    last, count = quote("last_total"), quote("count")
    sums.append(
        f"{last} = CASE WHEN EXCLUDED.{count} > 0 THEN EXCLUDED.{last} ELSE {table}.{last} END"
    )
    return (
        f"INSERT INTO {table} ({columns}) VALUES {', '.join([one_row] * rows)} "  # noqa: S608
        f"ON CONFLICT ({', '.join(map(quote, SearchedFor.KEY))}) DO UPDATE SET {', '.join(sums)}"
    )


def forget_old(today: datetime.date | None = None) -> int:
    """Delete what is older than ``KEPT_DAYS`` days, some rows at a time; how many."""
    first = (today or timezone.localdate()) - datetime.timedelta(days=KEPT_DAYS - 1)
    gone = 0
    while True:
        old = list(
            SearchedFor.objects.filter(day__lt=first).values_list("pk", flat=True)[:_DELETED]
        )
        if not old:
            return gone
        for start in range(0, len(old), 500):
            gone += SearchedFor.objects.filter(pk__in=old[start : start + 500]).delete()[0]
