"""The index in PostgreSQL: generations beside each other, a row for the live one, one writer.

The same interface as :class:`search.store.Store`. A build is one transaction, so that one that is
killed leaves nothing behind; writers and the swap take an advisory lock, which ends with its
connection. Every reader compares the version of its contents with the row's before a question,
so a commit is seen by all web processes at once.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from haystack.constants import DJANGO_CT, ID
from whoosh.searching import Searcher

from search.postgresql import tables
from search.postgresql.segments import (
    PostgresReader,
    PostgresReaders,
    PostgresSegment,
    decoded_lists,
    inverted,
    merged,
)
from search.postgresql.server import Server, lock
from search.postgresql.writing import Builder, Writer
from search.store import BuildRunning, IndexUnavailable

log = logging.getLogger(__name__)

#: Stored fields a process keeps, in procedures (about 2 kB each).
STORED_KEPT = 3000
#: Segments in memory beside the build before they are merged.
_SEGMENTS = 6
#: Procedures written one by one after which a build is cheaper for every reader.
WORN_FROM = 1000


@dataclass(frozen=True)
class State:
    """The row that names the live generation."""

    name: str
    size: int
    next_number: int
    version: int


@dataclass(frozen=True)
class View:
    """An index as of one version: never changes, so threads share it."""

    state: State
    segments: tuple[PostgresSegment, ...]
    searcher: Any


class PostgresStore:
    """Generations of one index in a database; connections and the decoded index of a process.

    ``schema`` (Whoosh's) and ``lazy`` (the document field) are set by the backend.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.server = Server(address)
        self.schema: Any = None
        self.lazy = "text"
        self._lock = threading.RLock()
        self._thread = threading.local()
        self._view: View | None = None
        self._kept_stored: tuple[str, dict[int, str]] = ("", {})

    def close(self) -> None:
        """Close what is kept open (the process goes on to another index)."""
        self._view = None
        self.server.close()

    def _ask(self, work: Callable[[psycopg.Connection[Any]], Any]) -> Any:
        """What the work gives; after a failure everything is read anew."""
        try:
            return self.server.ask(work)
        except IndexUnavailable:
            self.damaged()
            raise

    # Reading

    def current(self) -> str:
        """Name of the live generation; "" when there is none that this version reads."""
        view: View | None = getattr(self._thread, "view", None)
        if view is not None:
            return view.state.name
        try:
            state: State | None = self._ask(_state)
        except IndexUnavailable:
            return ""
        return state.name if state else ""

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A searcher over the contents of this moment; threads need not wait for each other.

        Within the block this thread reads the same contents again without asking the server.
        Raises IndexUnavailable when there is nothing to read.
        """
        view: View | None = getattr(self._thread, "view", None)
        if view is not None:
            yield view.searcher
            return
        self._thread.view = view = self._fresh()
        try:
            yield view.searcher
        finally:
            self._thread.view = None

    def _fresh(self) -> View:
        kept = self._view
        state: State | None = self._ask(_state)
        if state is None:
            self.damaged()
            raise IndexUnavailable("no search index yet")
        if kept is not None and kept.state == state:
            return kept
        with self._lock:
            kept = self._view
            if kept is None or kept.state != state:
                self._view = kept = self._ask(partial(self._read, kept))
            return kept

    def _read(self, kept: View | None, connection: psycopg.Connection[Any]) -> View:
        """The view of now; what did not change since the kept one is taken over."""
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            state = _state(connection)
            if state is None:
                raise IndexUnavailable("no search index yet")
            if kept is None or kept.state.name != state.name:
                segments, since, first = [self._built(connection, state)], -1, state.size
            else:
                segments, since = list(kept.segments), kept.state.version
                first = kept.state.next_number
            values: dict[str, Any] = {"first": first, "end": state.next_number}
            values |= {"since": since, "version": state.version}
            if first < state.next_number:
                rows = _rows(connection, state.name, tables.ADDED, values)
                added = PostgresSegment(
                    first,
                    state.next_number - first,
                    [(number, code) for number, code, _ in rows],
                    inverted(first, ((number, words) for number, _, words in rows)),
                )
                self._set_prior(connection, state.name, added)
                segments.append(added)
            gone = [n for (n,) in _rows(connection, state.name, tables.BURIED, values)]
        segments = [segment.without(gone) for segment in segments]
        if len(segments) > _SEGMENTS:
            segments = [segments[0], merged(segments[1:])]
        stored = partial(self._stored, state.name)
        readers = [
            PostgresReader(
                segment,
                self.schema,
                (state.name, state.version),
                stored,
                partial(self._sorting, state.name),
            )
            for segment in segments
        ]
        whole = readers[0] if len(readers) == 1 else PostgresReaders(readers)
        return View(state, tuple(segments), Searcher(whole))

    def _built(self, connection: psycopg.Connection[Any], state: State) -> PostgresSegment:
        name = state.name
        around = {"first": f"{self.lazy}=", "end": f"{self.lazy}>"}
        counts = dict(_rows(connection, name, tables.COUNTS, around))
        found = PostgresSegment(
            0,
            state.size,
            _rows(connection, name, tables.BUILT, {"size": state.size}),
            decoded_lists(_rows(connection, name, tables.LISTS_BUT, around)),
            lazy=self.lazy,
            counts={term.partition("=")[2]: count for term, count in counts.items()},
            fetch=partial(self._lists, name),
        )
        self._set_prior(connection, name, found)
        return found

    def _set_prior(
        self, connection: psycopg.Connection[Any], name: str, segment: PostgresSegment
    ) -> None:
        for place, value in enumerate(_column(connection, name, segment, "prior")):
            segment.prior[place] = 1.0 + (value or 0) / 100.0

    def _lists(self, name: str, words: Sequence[str]) -> dict[str, Any]:
        terms = [f"{self.lazy}={word}" for word in words]
        rows = self._ask(partial(_rows, name=name, statement=tables.LISTS, values={"terms": terms}))
        return decoded_lists(rows).get(self.lazy, {})

    def _stored(self, name: str, numbers: Sequence[int]) -> Mapping[int, dict[str, Any]]:
        """Stored fields by number. Those of a number never change, so the last ones are kept."""
        kept = self._kept_stored
        if kept[0] != name or len(kept[1]) > STORED_KEPT:
            kept = self._kept_stored = (name, {})
        texts = kept[1]
        missing = [number for number in numbers if number not in texts]
        if missing:
            values = {"numbers": missing}
            rows = self._ask(partial(_rows, name=name, statement=tables.STORED, values=values))
            texts.update(rows)
        return {number: json.loads(texts[number]) for number in numbers}

    def _sorting(self, name: str, segment: PostgresSegment, field: str) -> list[Any]:
        if field not in segment.columns:
            work = partial(_column, name=name, segment=segment, field=field)
            segment.columns[field] = self._ask(work)
        return segment.columns[field]

    def damaged(self) -> None:
        """Forget what was decoded after reading failed, so that the next try reads anew."""
        self._view = None

    def whole(self) -> bool:
        """Whether everything of the live generation is there (for /readyz and the worker)."""
        try:
            state: State | None = self._ask(_state)
            if state is None:
                return False
            values = {"next": state.next_number, "size": state.size}
            work = partial(_rows, name=state.name, statement=tables.ALL_PRESENT, values=values)
            return bool(self._ask(work)[0][0])
        except IndexUnavailable:
            return False

    def check(self) -> bool:
        """As :meth:`whole`: PostgreSQL keeps checksums of its own."""
        return self.whole()

    def suspect(self) -> bool:
        """Whether a reader met damage since the last check; here every round looks."""
        return False

    def tidy(self) -> None:
        """Builds are transactions, so that killed ones leave nothing."""

    # Writing

    def leads(self) -> bool:
        """Whether this process writes what is queued: one worker of all servers does."""
        return self.server.leads()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer on the live generation; commits at the end, changes nothing on an error.

        Waits for another writer. Raises IndexUnavailable when there is no live generation.
        """
        writer = Writer(self.schema, ID, DJANGO_CT)
        yield writer
        with self.server.working() as connection:
            lock(connection, "write")
            state = _state(connection)
            if state is None:
                raise IndexUnavailable("no search index yet")
            writer.write(connection, state.name, state.next_number, state.version + 1)

    def is_building(self) -> bool:
        """Whether some process, on whatever machine, builds a new generation now."""
        try:
            return bool(self._ask(_somebody_builds))
        except IndexUnavailable:
            return False

    @contextmanager
    def building(
        self, schema: Any, catch_up: Callable[[Any], None] | None = None
    ) -> Iterator[Builder]:
        """A writer for a new generation, which becomes the live one when the block ends well.

        ``catch_up`` gets a writer of changes right before the swap, while nobody else writes.
        Raises BuildRunning when another process is at it.
        """
        name = secrets.token_hex(6)
        with self.server.working() as connection:
            if not lock(connection, "build", wait=False):
                raise BuildRunning("another process is building the search index")
            connection.execute(tables.named(name, tables.CREATE))
            with connection.cursor().copy(tables.named(name, tables.COPY_DOCS)) as copy:
                builder = Builder(schema, ID, DJANGO_CT, copy)
                yield builder
            builder.write_words(connection, name)
            _lock_for_swap(connection)
            connection.execute(tables.CREATE_POINTER)
            previous = _state(connection, any_layout=True)
            connection.execute(
                tables.POINT, {"name": name, "layout": tables.LAYOUT, "size": builder.size}
            )
            if catch_up and (state := _state(connection)):
                writer = Writer(schema, ID, DJANGO_CT)
                catch_up(writer)
                writer.write(connection, state.name, state.next_number, state.version + 1)
        # Readers may be in the middle of the previous one; the next build removes it.
        self._remove_leftovers({name, previous.name if previous else ""})

    def _remove_leftovers(self, keep: set[str]) -> None:
        """Drop older generations; what somebody still reads is left to the next build."""
        try:
            with self.server.working() as connection:
                connection.execute("SET LOCAL lock_timeout = '2s'")
                found = {
                    row[0].split("_")[2]
                    for row in connection.execute(tables.GENERATIONS).fetchall()
                }
                for name in found - keep:
                    connection.execute(tables.named(name, tables.DROP))
        except IndexUnavailable as error:
            log.warning("older search tables stay for now: %s", error)

    def problem(self) -> str:
        """Why the server cannot be asked, in a line that is no secret; "" when it can."""
        try:
            self._ask(_state)
        except IndexUnavailable as error:
            return str(error)
        return ""

    def worn(self) -> bool:
        """Whether so many were written one by one that a build would make questions cheaper."""
        try:
            state: State | None = self._ask(_state)
        except IndexUnavailable:
            return False
        return state is not None and state.next_number - state.size > max(
            WORN_FROM, state.size // 4
        )


def _state(connection: psycopg.Connection[Any], *, any_layout: bool = False) -> State | None:
    try:
        row = connection.execute(tables.STATE).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    if row is None or (row[1] != tables.LAYOUT and not any_layout):
        return None
    return State(row[0], *row[2:])


def _somebody_builds(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(tables.LOCK_HELD, {"purpose": "build"}).fetchone()
    return bool(row and row[0])


def _rows(
    connection: psycopg.Connection[Any], name: str, statement: str, values: Mapping[str, Any]
) -> list[Any]:
    cursor = connection.cursor(binary=True)
    return cursor.execute(tables.named(name, statement), values).fetchall()


def _column(
    connection: psycopg.Connection[Any], name: str, segment: PostgresSegment, field: str
) -> list[Any]:
    """Values of a sortable field by number in the segment; None where there is none."""
    values = {"field": field, "first": segment.first, "end": segment.first + segment.size}
    found: list[Any] = [None] * segment.size
    for number, value in _rows(connection, name, tables.SORTING, values):
        found[number - segment.first] = value
    return found


def _lock_for_swap(connection: psycopg.Connection[Any]) -> None:
    """No writer may be in the middle of the generation that goes out of use."""
    lock(connection, "write")


_stores: dict[str, PostgresStore] = {}


def store_at(address: str) -> PostgresStore:
    """The process's store of an index at that address."""
    return _stores.setdefault(address, PostgresStore(address))
