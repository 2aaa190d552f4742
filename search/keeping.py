"""A thread of the worker that keeps the index: nothing else the worker does holds it back.

It writes what is queued several times a second (search/tending.py), looks at once when a reader
met damage, compares checksums from time to time, and removes what killed builds left. Background
jobs, reminders and nightly work run beside it in the worker's main thread.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, close_old_connections

from search import tending
from search.store import IndexUnavailable
from search.worker import backend

log = logging.getLogger(__name__)

#: Seconds between two rounds.
PAUSE = 0.2
#: Seconds between two comparisons of all checksums, and between two looks at leftovers.
CHECK_EVERY = 300.0
TIDY_EVERY = 600.0
#: Seconds without the end of a round after which the thread is taken for stuck.
STUCK = 120.0


class Keeper(threading.Thread):
    """Runs until :meth:`stop`. Whatever goes wrong in a round is logged and tried again."""

    def __init__(self) -> None:
        super().__init__(name="index-keeper", daemon=True)
        self._ended = threading.Event()
        self._seen = time.monotonic()
        self._checked = time.monotonic()
        self._tidied = float("-inf")

    def run(self) -> None:
        """Round after round."""
        while not self._ended.is_set():
            try:
                self.round()
            except (DatabaseError, OSError, IndexUnavailable) as error:
                log.warning("search index: %s; tried again", error)
            except Exception:
                log.exception("a round of the index failed; tried again")
            self._seen = time.monotonic()
            close_old_connections()
            self._ended.wait(PAUSE)

    def round(self) -> None:
        """One round."""
        now = time.monotonic()
        store = backend().store
        if now - self._tidied >= TIDY_EVERY:
            self._tidied = now
            store.tidy()
        if store.suspect() or now - self._checked >= CHECK_EVERY:
            self._checked = now
            if store.current() and not store.check():
                log.error("the search index is damaged; it is built anew")
        tending.tend()

    @property
    def well(self) -> bool:
        """Whether the thread lives and its last round ended lately."""
        return self.is_alive() and time.monotonic() - self._seen < STUCK

    def stop(self) -> None:
        """Let the round end, and the building process."""
        self._ended.set()
        tending.stop()
        self.join(10)
