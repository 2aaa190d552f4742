"""The open data of all procedures as files, kept up to date by the worker.

``DATA_DIR/open/`` holds ``procedures.jsonl`` and ``procedures.csv``, each with a ``.gz`` beside it.
They are built in slices, so that the search index waits for none of it, in files of their own
that take the place of the old ones at the end: who reads sees an old file or a new one, whole.
Killed or out of space in between, the old files stay. See docs/decisions/0050-*.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone
from rest_framework.serializers import BaseSerializer

from cms import caching, open_data
from cms.api import ProcedureSerializer
from cms.models import CacheStamp

log = logging.getLogger(__name__)

JSON_LINES, CSV = NAMES = ("procedures.jsonl", "procedures.csv")
_NOTE = "procedures.json"
#: Seconds of building in one turn of the worker.
SLICE_SECONDS = 0.3
#: Seconds between two looks at whether anything changed.
LOOK_EVERY = 15
#: Seconds without another change before files are built: an editor saves more than once.
QUIET = 60
#: Seconds at least between the end of one build and the next, and at most from the first change
#: to a build while changes go on (a long import).
PAUSE, PATIENCE = 300, 900
#: Seconds until a build that failed is tried again.
RETRY_AFTER = 600
#: Grows when the files must be built anew although neither data nor columns changed.
FORMAT = 1


def folder() -> Path:
    """Where the files lie; an operator may point a web server at it."""
    return Path(settings.DATA_DIR) / "open"


# Reading.


@dataclass(frozen=True)
class OpenFile:
    """One file as it lies on disk; sizes in bytes, None for a file that is not there."""

    name: str
    size: int
    gzip_size: int | None
    changed: datetime


def describe(name: str) -> OpenFile | None:
    """Date and size of a file for a page; None while there is none."""
    try:
        found = (folder() / name).stat()
    except OSError:
        return None
    packed = None
    with suppress(OSError):
        packed = (folder() / f"{name}.gz").stat().st_size
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    return OpenFile(name, found.st_size, packed, changed)


def opened(name: str) -> IO[bytes] | None:
    """The file, open for reading: it stays whole when a new one takes its place meanwhile.
    None while there is none, or when it cannot be read."""
    try:
        return (folder() / name).open("rb")
    except OSError:
        return None


# Building.


@cache
def _shape() -> str:
    """What a new release of the product may change about the files."""
    return json.dumps([FORMAT, open_data.COLUMNS, _names(ProcedureSerializer())])


def _names(part: Any) -> Any:
    """The keys of a serializer's records, also those within."""
    inner = getattr(part, "child", part)
    if not isinstance(inner, BaseSerializer):
        return type(inner).__name__
    return {name: _names(one) for name, one in getattr(inner, "fields", {}).items()}


def wanted() -> str:
    """What files of this moment would be made of: equal only when nothing changed (one query).

    The day is part of it: rules of the city begin and end with days.
    """
    tags = Q(tag__in=[caching.SITE, caching.PROCEDURES]) | Q(tag__startswith="document:")
    rows = list(CacheStamp.objects.filter(tags).order_by("tag").values_list("tag", "stamp"))
    text = repr((_shape(), timezone.localdate().isoformat(), rows))
    return hashlib.sha256(text.encode()).hexdigest()


def _noted() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder() / _NOTE).read_text())
    except (OSError, ValueError):
        return {}
    return found


def made_of() -> str:
    """What the present files are made of; "" when one is missing."""
    names = [f"{name}{end}" for name in NAMES for end in ("", ".gz")]
    if not all((folder() / name).is_file() for name in names):
        return ""
    return str(_noted().get("made_of", ""))


class _Part:
    """A file being written beside the one it will replace, with its gzip twin."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.plain = (folder() / f".{name}.part").open("wb")
        self.packed = (folder() / f".{name}.gz.part").open("wb")
        self._gzip = gzip.GzipFile("", "wb", 6, self.packed, mtime=0)
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.plain.write(data)
        self._gzip.write(data)
        self._digest.update(data)

    def close(self) -> str:
        """Everything on disk; the digest of what was written."""
        self._gzip.close()
        for file in (self.plain, self.packed):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        return self._digest.hexdigest()

    def put(self) -> None:
        """In the place of the old one; the twin first, so that it is never the older of the two
        for long."""
        for end in (".gz", ""):
            os.replace(folder() / f".{self.name}{end}.part", folder() / f"{self.name}{end}")

    def abandon(self) -> None:
        """Close without a word: the disk may be full."""
        for file in (self._gzip, self.plain, self.packed):
            with suppress(OSError, ValueError):
                file.close()
        for end in (".gz", ""):
            (folder() / f".{self.name}{end}.part").unlink(missing_ok=True)


class Build:
    """One build, a slice at a time. Raises BlockingIOError when another process builds."""

    def __init__(self, made_of: str) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        self.made_of = made_of
        self._parts: list[_Part] = []
        self._lock = (folder() / ".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._parts = [_Part(JSON_LINES)]
            self._parts.append(_Part(CSV))
            self._work = self._write(*self._parts)
        except BaseException:
            self.abandon()
            raise

    def _write(self, lines: _Part, table: _Part) -> Iterator[None]:
        record_line, table_rows = open_data.line_writer(), open_data.row_writer()
        table.write(open_data.csv_header())
        for page in open_data.live_pages():
            lines.write(record_line(page))
            table.write(table_rows(page))
            yield

    def advance(self, seconds: float) -> bool:
        """Go on for about so long; True when the new files are in place."""
        ends = time.monotonic() + seconds
        for _ in self._work:
            if time.monotonic() >= ends:
                return False
        self._finish()
        return True

    def _finish(self) -> None:
        before = _noted().get("digests", {})
        digests = {}
        for part in self._parts:
            digests[part.name] = part.close()
        for part in self._parts:
            # The same content keeps its file, and with it date and entity tag.
            if before.get(part.name) == digests[part.name] and describe(part.name):
                part.abandon()
            else:
                part.put()
        note = folder() / f".{_NOTE}.part"
        note.write_text(json.dumps({"made_of": self.made_of, "digests": digests}))
        os.replace(note, folder() / _NOTE)
        self._lock.close()

    def abandon(self) -> None:
        """Leave the old files as they are, and nothing of the new ones."""
        for part in self._parts:
            part.abandon()
        self._lock.close()


# When.


@dataclass
class Keeper:
    """Decides in the worker when files are due, and builds them. Times are of one clock, in
    seconds, that only goes forward."""

    build: Build | None = None
    #: What was wanted at the last look, since when, and since when anything new is wanted.
    seen: str = ""
    seen_since: float = 0.0
    due_since: float = 0.0
    next_look: float = field(default=float("-inf"))
    last_end: float = field(default=float("-inf"))

    def tend(self, *, seconds: float = SLICE_SECONDS, at_once: bool = False) -> bool:
        """One turn: look whether files are due, or build on. True while there is more to do.

        ``at_once`` waits for no quiet. Never raises for a full disk or a database that is busy:
        the old files stay, one line says so, and it is tried again.
        """
        now = time.monotonic()
        try:
            if self.build is None and not self._start(now, at_once=at_once):
                return False
            if self.build is not None and self.build.advance(seconds):
                self.build = None
                self.last_end = time.monotonic()
                return False
        except BlockingIOError:
            return False  # another process builds them
        except (OSError, DatabaseError) as error:
            self._give_up(now)
            log.error(
                "open data of all procedures not renewed, the files of before stay; "
                "tried again in %s minutes: %s",
                RETRY_AFTER // 60,
                error,
            )
            return False
        except Exception:
            self._give_up(now)
            raise
        return True

    def _start(self, now: float, *, at_once: bool) -> bool:
        if now < self.next_look and not at_once:
            return False
        self.next_look = now + LOOK_EVERY
        key, present = wanted(), made_of()
        if key == present:
            self.seen = ""
            return False
        if present and not at_once and not self._quiet(key, now):
            return False
        self.seen = ""
        self.build = Build(key)
        return True

    def _quiet(self, key: str, now: float) -> bool:
        """Whether changes have settled, or have gone on for too long to wait."""
        if not self.seen:
            self.due_since = now
        if key != self.seen:
            self.seen, self.seen_since = key, now
        if now - self.last_end < PAUSE:
            return False
        return now - self.seen_since >= QUIET or now - self.due_since >= PATIENCE

    def _give_up(self, now: float) -> None:
        if self.build is not None:
            self.build.abandon()
            self.build = None
        self.next_look = now + RETRY_AFTER


_keeper = Keeper()


def tend() -> bool:
    """A chore of the worker: a slice of what is due."""
    return _keeper.tend()


def renew() -> None:
    """Build now, to the end, what is due (``worker --once``)."""
    keeper = Keeper()
    while keeper.tend(seconds=60, at_once=keeper.build is None):
        pass
