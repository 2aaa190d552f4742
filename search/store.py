"""The index on disk: generations beside each other, a pointer to the live one, one writer.

    index/current           name of the live generation and the schema version, replaced atomically
    index/g-<random>/       a whole Whoosh index
    index/g-<random>/sums   sizes and checksums of its segments (search/sums.py)
    index/build.lock        held while a new generation is built
    index/write.lock        held while the live generation is written, or swapped
    index/suspect           a reader met damage: the worker shall look at the checksums

A build that is killed leaves the pointer where it was; its directory is removed by the next
build. Locks are flock()s, so they end with the process that held them.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from haystack.exceptions import SearchBackendError
from whoosh import index
from whoosh.filedb.filestore import FileStorage

from search import segments, sums
from search.merging import MANY, merge_small
from search.schema import VERSION

POINTER = "current"
SUSPECT = "suspect"
#: Documents of one build are kept in memory up to this size before a run is written (MB).
BUILD_MEMORY_MB = 256


class IndexUnavailable(SearchBackendError):
    """There is no index that can be read: not built yet, or damaged."""


class BuildRunning(SearchBackendError):
    """Another process is building the index now."""


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock; yields False when ``wait`` is off and somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


class _Free:
    """A lock that is nobody's."""

    def acquire(self, blocking: bool = False) -> bool:
        """Always."""
        return True

    def release(self) -> None:
        """Nothing to let go."""


class _Storage(FileStorage):
    """Of writers, who hold our locks: Whoosh's own stays taken when opening fails (full disk)."""

    def lock(self, name: str) -> _Free:
        """None is needed."""
        return _Free()


@contextmanager
def _committing(writer: Any, **how: Any) -> Iterator[Any]:
    """Commit at the end; on an error, also of the commit, everything is let go."""
    try:
        yield writer
        writer.commit(**how)
    except BaseException:
        with suppress(Exception):  # on a full disk even closing its files fails
            writer.cancel()
        raise


class Store:
    """Generations of one index directory, with one cached searcher per process."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._name = ""
        self._pid = 0
        self._searcher: Any = None
        self._nested = 0
        self._sizes: dict[str, int] = {}

    def current(self) -> str:
        """Name of the live generation; "" when there is none of this schema version."""
        try:
            name, _, version = (self.path / POINTER).read_text().strip().partition(" ")
        except (OSError, UnicodeDecodeError):
            return ""
        return name if version == VERSION and name.startswith("g-") and "/" not in name else ""

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """The fresh searcher, for this thread alone: Whoosh's readers share file positions.

        Within another ``reading`` it is the same one, though a swap came between: opening the
        new one would close what the outer is in the middle of. Raises IndexUnavailable when
        there is nothing to read.
        """
        with self._lock:
            searcher = self._searcher if self._nested else self._fresh()
            self._nested += 1
            try:
                if searcher is None:
                    raise IndexUnavailable("search index was given up")
                yield searcher
            finally:
                self._nested -= 1

    def _fresh(self) -> Any:
        for attempt in (1, 2, 3):
            name = self.current()
            if not name:
                self._forget()
                raise IndexUnavailable("no search index yet")
            try:
                # After a fork the parent's open files are not ours to read.
                if name != self._name or self._searcher is None or self._pid != os.getpid():
                    self._forget()
                    opened = index.open_dir(str(self.path / name))
                    self._searcher, self._name, self._pid = opened.searcher(), name, os.getpid()
                    self._sizes = sums.sizes(self.path / name)
                    segments.forget_other_segments(self._searcher)
                elif not self._searcher.up_to_date():
                    self._searcher = self._searcher.refresh()
                    self._sizes = sums.sizes(self.path / name)
                    segments.forget_other_segments(self._searcher)
                # A file that was cut short kills the process when its memory map is read.
                sums.check_sizes(self.path / name, self._sizes)
                return self._searcher
            except Exception as error:
                # Whatever is wrong with the files: a swap in this very moment is tried again,
                # damage is told to the caller. Whoosh raises anything from struct to pickle.
                self._forget()
                if attempt == 3:
                    raise IndexUnavailable(f"search index {name} cannot be read") from error
        raise AssertionError("unreachable")

    def _forget(self) -> None:
        searcher, self._searcher, self._name = self._searcher, None, ""
        if searcher is not None and self._pid == os.getpid():
            searcher.close()

    def damaged(self) -> None:
        """Forget the cached searcher after reading failed, so that the next try opens anew."""
        with self._lock:
            self._searcher, self._name = None, ""
        with suppress(OSError):
            (self.path / SUSPECT).touch()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A Whoosh writer on the live generation; commits at the end, cancels on an error.

        Waits for another writer. Raises IndexUnavailable when there is no live generation.
        """
        with _locked(self.path / "write.lock"):
            name = self.current()
            if not name:
                raise IndexUnavailable("no search index yet")
            try:
                writer = _Storage(str(self.path / name)).open_index().writer(limitmb=64)
            except Exception as error:
                raise IndexUnavailable(f"search index {name} cannot be written") from error
            with _committing(writer, mergetype=merge_small):
                yield writer
            sums.note(self.path / name)

    def whole(self) -> bool:
        """Whether nothing is missing; that the files have their sizes, reading them has asked."""
        return True

    def check(self) -> bool:
        """Whether the live generation is as it was written, read from end to end.

        A damaged one is live no longer: no answer is better than a wrong one, and the worker
        builds another at once.
        """
        with _locked(self.path / "write.lock"):
            with suppress(OSError):
                (self.path / SUSPECT).unlink()
            name = self.current()
            if not name or sums.intact(self.path / name):
                return bool(name)
            with suppress(OSError):
                (self.path / POINTER).unlink()
            return False

    def suspect(self) -> bool:
        """Whether a reader met damage since the last check."""
        return (self.path / SUSPECT).exists()

    def tidy(self) -> None:
        """Remove what killed builds and earlier generations left, unless a build runs."""
        if not self.path.is_dir():
            return
        with _locked(self.path / "build.lock", wait=False) as mine:
            if mine:
                self._remove_leftovers(keep={self.current()})

    def leads(self) -> bool:
        """Whether this process writes what is queued; a directory has one worker."""
        return True

    def problem(self) -> str:
        """Why no index could be here, "" when it could; a directory is checked at the start."""
        return ""

    def worn(self) -> bool:
        """Whether so many segments have come together that a build makes questions cheaper."""
        name = self.current()
        return bool(name) and sum(1 for _ in (self.path / name).glob("*.seg")) > MANY

    def is_building(self) -> bool:
        """Whether some process builds a new generation now."""
        if not (self.path / "build.lock").exists():
            return False
        with _locked(self.path / "build.lock", wait=False) as free:
            return not free

    @contextmanager
    def building(self, schema: Any, catch_up: Callable[[Any], None] | None = None) -> Iterator[Any]:
        """A writer for a new generation, which becomes the live one when the block ends well.

        ``catch_up`` gets another writer of it right before the swap, while nobody writes the
        live one: what became unpublished meanwhile must not come back for a moment.
        Raises BuildRunning when another process is at it.
        """
        with _locked(self.path / "build.lock", wait=False) as mine:
            if not mine:
                raise BuildRunning("another process is building the search index")
            self._remove_leftovers(keep={self.current()})
            previous = self.current()
            name = f"g-{secrets.token_hex(6)}"
            directory = self.path / name
            directory.mkdir(parents=True)
            try:
                created = _Storage(str(directory)).create_index(schema)
                with _committing(created.writer(limitmb=BUILD_MEMORY_MB)) as writer:
                    yield writer
                with _locked(self.path / "write.lock"):
                    if catch_up:
                        last = _Storage(str(directory)).open_index().writer(limitmb=64)
                        with _committing(last, mergetype=merge_small):
                            catch_up(last)
                    sums.note(directory)
                    self._point_to(name)
            except BaseException:
                shutil.rmtree(directory, ignore_errors=True)
                raise
            # Readers may be opening the previous one just now; the next build removes it.
            self._remove_leftovers(keep={name, previous})

    def _point_to(self, name: str) -> None:
        pointer = self.path / f"{POINTER}.new"
        with pointer.open("w") as file:
            file.write(f"{name} {VERSION}\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(pointer, self.path / POINTER)
        handle = os.open(self.path, os.O_RDONLY)
        try:
            with suppress(OSError):  # the new one is live by now: no failure may remove it
                os.fsync(handle)
        finally:
            os.close(handle)

    def _remove_leftovers(self, keep: set[str]) -> None:
        for directory in self.path.glob("g-*"):
            if directory.name not in keep:
                shutil.rmtree(directory, ignore_errors=True)


_stores: dict[str, Store] = {}


def store_at(path: str | Path) -> Store:
    """The process's store of an index directory."""
    return _stores.setdefault(str(path), Store(path))
