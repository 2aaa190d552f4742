"""The language the search uses now: what the product brings along, changed by editors.

It is kept in the table ``LanguageEntry``; a table without rows (a test, a database that was never
prepared) means what the product ships. Every process keeps the language made ready and looks at
most once a second whether it is still that of the table, at one row of ``CacheStamp``. A new one
is made by a thread while the old one serves; no answer is older than two seconds.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.db import DatabaseError, close_old_connections, connections

from cms.caching import stamps
from search.language import Entry, Language, dump, shipped
from search.models.curated import TAG

log = logging.getLogger(__name__)

#: Seconds between two looks at the stamp.
LOOK_EVERY = 1.0
#: An answer may be this much older than the table (s); after that it waits for the new language.
PATIENCE = 1.4
#: … but not longer than this (s).
WAIT = 5.0

_instead: ContextVar[Language | None] = ContextVar("language_instead", default=None)


@lru_cache(maxsize=1)
def _shipped() -> Language:
    return make(shipped(), "shipped")


def make(entries: list[Entry], version: str | None = None) -> Language:
    """A language ready for use, its tables made; ``version`` tells its content by default."""
    if version is None:
        version = hashlib.sha256(dump(entries).encode()).hexdigest()[:12]
    language = Language(entries, version)
    for table in (language.words, language.english_words, language.aliases):
        len(table)
    return language


def entries_of_table() -> list[Entry]:
    """The entries in use, in the order in which they are read."""
    from search.models import LanguageEntry

    rows = LanguageEntry.objects.filter(active=True).order_by("rank", "pk")
    return [
        Entry(kind, said, tuple(means.splitlines()), note)
        for kind, said, means, note in rows.values_list("kind", "said", "means", "note")
    ]


def language_of_table() -> Language:
    """The table's language, made anew; the product's own when the table has no rows."""
    from search.models import LanguageEntry

    entries = entries_of_table()
    if not entries and not LanguageEntry.objects.exists():
        return _shipped()
    return make(entries)


def _in_a_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            close_old_connections()
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name="language", daemon=True)
    thread.start()
    return thread


class Keeper:
    """One process's language and when it was last known to be that of the table."""

    def __init__(
        self, aside: Callable[[Callable[[], None]], threading.Thread | None] = _in_a_thread
    ) -> None:
        self._aside = aside
        self._lock = threading.Lock()
        self._language: Language | None = None
        self._stamp: int | None = None
        self._looked = self._known_good = float("-inf")
        self._builder: threading.Thread | None = None

    def language(self) -> Language:
        """The same object as long as the table does not change."""
        if self._language is None:
            with self._lock:
                if self._language is None:
                    self._first()
        now = time.monotonic()
        # Whoever comes while another looks goes on with what there is.
        if now - self._looked >= LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._look(now)
            finally:
                self._lock.release()
        builder = self._builder
        if builder is not None and now - self._known_good > PATIENCE:
            builder.join(WAIT)
        assert self._language is not None
        return self._language

    def forget(self) -> None:
        """Begin anew."""
        self._language, self._stamp = None, None
        self._looked = self._known_good = float("-inf")

    def _first(self) -> None:
        try:
            self._build()
        except DatabaseError:
            log.warning("the curated language cannot be read; using what the product ships")
            self._language = _shipped()
        self._looked = self._known_good = time.monotonic()

    def _look(self, now: float) -> None:
        self._looked = now
        if self._builder is not None and self._builder.is_alive():
            return
        self._builder = None
        try:
            stamp = _stamp()
        except DatabaseError:
            return  # a lost database is somebody else's alarm; the search goes on
        if stamp == self._stamp:
            self._known_good = now
        else:
            self._builder = self._aside(self._build_again)

    def _build_again(self) -> None:
        try:
            self._build()
        except DatabaseError as error:
            log.warning("the curated language cannot be read (%s); tried again soon", error)

    def _build(self) -> None:
        # The stamp before the rows: what changes in between is noticed at the next look.
        began, stamp = time.monotonic(), _stamp()
        self._language = language_of_table()
        self._stamp, self._known_good = stamp, began


def _stamp() -> int | None:
    return stamps([TAG]).get(TAG)


_keeper = Keeper()


def current_language() -> Language:
    """The language of this moment; the same object as long as nothing changes."""
    return _instead.get() or _keeper.language()


def forget() -> None:
    """Read the table anew at the next question (tests; a command that has just loaded it)."""
    _keeper.forget()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within the block, and in this thread only, the search uses another language."""
    token = _instead.set(language)
    try:
        yield
    finally:
        _instead.reset(token)
