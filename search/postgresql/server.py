"""The database server of an index: connections, locks, and what its errors mean."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from search.postgresql import tables
from search.store import IndexUnavailable

log = logging.getLogger(__name__)

#: Seconds that a question waits for a connection, and for a statement.
CONNECT_SECONDS = 3
STATEMENT_SECONDS = 10
#: After a server did not answer, questions fail at once for this long.
SILENCE_SECONDS = 1.0
#: Seconds between two lines in the log about a server that is away.
COMPLAIN_EVERY = 60.0
#: Connections a process keeps open between questions.
IDLE = 8


class Server:
    """Connections of a process to the database of an index; safe for threads and forks."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.RLock()
        self._idle: list[psycopg.Connection[Any]] = []
        self._pid = 0
        self._silent_until = 0.0
        #: Process, connection and whether it holds the lock of the one worker that writes.
        self._place: tuple[int, psycopg.Connection[Any], bool] | None = None
        self._complained = float("-inf")

    def _connect(self, seconds: int) -> psycopg.Connection[Any]:
        """A new connection whose statements end after ``seconds`` (0: never)."""
        if seconds and time.monotonic() < self._silent_until:
            raise IndexUnavailable("the search server did not answer just now")
        try:
            connection: psycopg.Connection[Any] = psycopg.connect(
                self.address,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                prepare_threshold=None,  # poolers in between know no prepared statements
            )
            # tcp_…: the locks of a machine that is gone end within a minute or so.
            connection.execute(
                f"SET statement_timeout = '{seconds}s'; SET tcp_keepalives_idle = 30;"
                " SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;"
                " SET client_min_messages = warning"
            )
        except psycopg.Error as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            raise IndexUnavailable(
                f"the search server does not answer: {line_of(error)}"
            ) from error
        return connection

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        """One for a few quick statements, kept for the next question unless it breaks."""
        with self._lock:
            if self._pid != os.getpid():
                self._idle, self._pid = [], os.getpid()  # after a fork they are the parent's
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect(STATEMENT_SECONDS)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if len(self._idle) < IDLE and not connection.closed:
                self._idle.append(connection)
                return
        connection.close()

    def ask(self, work: Callable[[psycopg.Connection[Any]], Any]) -> Any:
        """What the work gives; tried again when a kept connection turns out to be dead.

        Raises IndexUnavailable when the server cannot be asked or the tables are not right.
        """
        for _ in range(IDLE + 1):
            fresh = not self._idle
            try:
                with self._connection() as connection:
                    return work(connection)
            except psycopg.OperationalError as error:
                if fresh or isinstance(error, psycopg.errors.QueryCanceled):
                    raise IndexUnavailable(f"the search server failed: {line_of(error)}") from error
            except psycopg.Error as error:
                raise IndexUnavailable(f"the search index is damaged: {line_of(error)}") from error
        raise IndexUnavailable("the search server closes every connection")

    @contextmanager
    def working(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of its own, in a transaction, for as long as it takes."""
        connection = self._connect(0)
        try:
            with connection, connection.transaction():
                yield connection
        except psycopg.Error as error:
            raise IndexUnavailable(f"search index cannot be written: {line_of(error)}") from error

    def close(self) -> None:
        """Close what is kept open (the process goes on to another index)."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._place is not None:
                idle.append(self._place[1])
                self._place = None
        for connection in idle:
            connection.close()

    def leads(self) -> bool:
        """Whether this process writes what is queued: one worker of all servers does.

        It holds a lock as long as its connection lives; then another worker takes over. Two that
        write would overtake each other between reading a page and writing it.
        """
        with self._lock:
            if self._place is not None and self._place[0] != os.getpid():
                self._place = None  # the parent's, after a fork
            try:
                if self._place is None:
                    self._place = (os.getpid(), self._connect(0), False)
                pid, connection, held = self._place
                if held:
                    connection.execute("SELECT 1")
                else:
                    row = connection.execute(
                        f"SELECT pg_try_advisory_lock({tables.LOCK_SPACE}, {tables.LOCK_KEY})",
                        {"purpose": "lead"},
                    ).fetchone()
                    held = bool(row and row[0])
                    self._place = (pid, connection, held)
                return held
            except (psycopg.Error, IndexUnavailable) as error:
                if self._place is not None:
                    self._place[1].close()
                    self._place = None
                if time.monotonic() - self._complained >= COMPLAIN_EVERY:
                    self._complained = time.monotonic()
                    log.warning("the search index cannot be kept: %s", line_of(error))
                return False


def lock(connection: psycopg.Connection[Any], purpose: str, *, wait: bool = True) -> bool:
    """Take an advisory lock until the transaction ends; False when ``wait`` is off and it is taken.

    hashtext() is all it needs to be: the same number for the same text on one server.
    """
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    row = connection.execute(
        f"SELECT {function}({tables.LOCK_SPACE}, {tables.LOCK_KEY})", {"purpose": purpose}
    ).fetchone()
    return wait or bool(row and row[0])


def line_of(error: Exception) -> str:
    """The first line of a server's message; it never holds the password."""
    return (str(error).splitlines() or [type(error).__name__])[0]
