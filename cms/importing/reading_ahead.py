"""Uploaded files read in a thread of their own, so that a slow one never holds up the worker.

Opening a large workbook takes many seconds and cannot be cut into slices. The thread only reads
files; parsing and the database stay with whoever takes the rows.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cms.importing.sources import Row, count, read

#: Rows that wait in memory; the longest real record has 142 kB.
AHEAD = 100


@dataclass(frozen=True)
class Source:
    """A file, and what its rows call it."""

    path: Path
    name: str


class ReadingAhead:
    """The rows of some files from a place on. ``total`` is None until it is known, if ever."""

    def __init__(
        self, sources: Sequence[Source], *, file: int = 0, row: int = 0, counting: bool = True
    ) -> None:
        self.total: int | None = None
        self.finished = False
        self._sources = sources
        self._start = (file, row)
        self._counting = counting
        self._rows: queue.Queue[tuple[int, Row] | BaseException | None] = queue.Queue(AHEAD)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="reading-ahead", daemon=True)
        self._thread.start()

    def take(self, most: int, wait: float) -> list[tuple[int, Row]]:
        """Up to ``most`` rows with the number of their file; waits so many seconds for one.

        Nothing with ``finished`` set is the end. Raises what the reading raised (MemoryError).
        """
        found: list[tuple[int, Row]] = []
        while len(found) < most and not self.finished:
            try:
                one = self._rows.get(block=not found, timeout=max(0.01, wait))
            except queue.Empty:
                break
            if one is None:
                self.finished = True
            elif isinstance(one, BaseException):
                self.finished = True
                raise one
            else:
                found.append(one)
        return found

    def close(self) -> None:
        """Let the thread end; nobody wants its rows any more."""
        self._closed.set()
        self.finished = True

    def _read(self) -> None:
        try:
            if self._counting:
                counts = [count(source.path) for source in self._sources]
                known = [number for number in counts if number is not None]
                # Empty files and other kinds are one row each: the reason.
                if len(known) == len(counts):
                    self.total = sum(max(1, number) for number in known)
            for number, source in enumerate(self._sources):
                if number < self._start[0]:
                    continue
                skip = self._start[1] if number == self._start[0] else 0
                for row in read(source.path, name=source.name, skip=skip):
                    if not self._put((number, row)):
                        return
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, one: tuple[int, Row] | BaseException | None) -> bool:
        while not self._closed.is_set():
            try:
                self._rows.put(one, timeout=0.5)
            except queue.Full:
                continue
            return True
        return False
