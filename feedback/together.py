"""Threads that do the same work at the same time do it as one. Pure: knows no database.

As the group commit of a database: the first that comes begins, and does the work of all who came
while it waited to begin; those who come later wait for the next, which one of them leads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Place(Generic[T, R]):
    """One thread's item in the queue; its event is set when it is done or shall lead."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.result: R | None = None
        self.done = False
        self.called = threading.Event()


class Together(Generic[T, R]):
    """``begin()`` is entered once for all items of a round, and left before anybody is told;
    ``work`` gives the result of each item, in their order."""

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[object]],
        work: Callable[[Sequence[T]], Sequence[R]],
        *,
        most: int = 50,
    ) -> None:
        self._begin, self._work, self._most = begin, work, most
        self._lock = threading.Lock()
        self._waiting: list[_Place[T, R]] = []
        self._led = False

    def do(self, item: T) -> R | None:
        """The item's result, in one round with whoever else waits.

        None when the round failed, because of this item or of another: nothing of it is done
        then, and everybody has to do the own item alone, where the error is the own.
        """
        place: _Place[T, R] = _Place(item)
        with self._lock:
            self._waiting.append(place)
            lead, self._led = not self._led, True
        if not lead:
            place.called.wait()
        if not place.done:
            self._lead(place)
        return place.result

    def _lead(self, own: _Place[T, R]) -> None:
        group = [own]
        try:
            with self._begin():
                group = self._taken()
                results = self._work([place.item for place in group])
            for place, result in zip(group, results, strict=True):
                place.result = result
        except Exception:  # noqa: S110  (each of them meets it again, alone)
            pass
        finally:
            self._finish(group)

    def _taken(self) -> list[_Place[T, R]]:
        """Those of this round; whoever leads is the first of those who wait."""
        with self._lock:
            return self._waiting[: self._most]

    def _finish(self, group: list[_Place[T, R]]) -> None:
        with self._lock:
            del self._waiting[: len(group)]
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
        for place in group:
            place.done = True
            place.called.set()
        if following:
            following.called.set()
