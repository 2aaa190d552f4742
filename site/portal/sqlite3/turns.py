"""Whose turn it is to write: a queue of processes and threads in front of one SQLite file.

SQLite lets one connection write at a time, and those that wait ask again after ever longer
pauses. Whoever writes in a row (an import) is back before a waiting rating has woken up: stalls
of seconds, then "database is locked". Here everybody waits for two locks. Who holds the first is
next; it lets go of it when it has the second, the turn itself. A writer that comes back at once
finds the first taken, so two who want to write take turns. The kernel frees the locks of a
process that dies.
"""

from __future__ import annotations

import fcntl
import os
import time

#: Seconds between two looks at a lock: a short one first, for neighbours that take milliseconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.0005, 0.004


class TurnTimeout(Exception):
    """The turn did not come in time."""


class Turn:
    """One connection's place in the queue of the database file ``path``.

    ``flock`` belongs to the open file, not to the process: threads with connections of their
    own keep each other out as processes do. The two files lie beside the database and stay.
    """

    def __init__(self, path: str) -> None:
        """Open the lock files of ``path``, making them when they are missing."""
        self._files = [
            os.open(f"{path}{ending}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            for ending in ("-next", "-turn")
        ]
        self.held = False

    def take(self, timeout: float) -> None:
        """Wait for the turn at most ``timeout`` seconds; TurnTimeout when it does not come."""
        if self.held:
            return
        until = time.monotonic() + timeout
        following, turn = self._files
        _lock(following, until)
        try:
            _lock(turn, until)
        finally:
            fcntl.flock(following, fcntl.LOCK_UN)
        self.held = True

    def give(self) -> None:
        """Let the next one write. Does nothing without the turn."""
        if self.held:
            self.held = False
            fcntl.flock(self._files[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the queue, and give the turn back."""
        files, self._files, self.held = self._files, [], False
        for file in files:
            os.close(file)


def _lock(file: int, until: float) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() + pause > until:
                raise TurnTimeout from None
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
