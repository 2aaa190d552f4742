"""The one background process: it alone writes the search index, in a thread of its own."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from cms import jobs, open_files
from cms.reviews import send_reminders
from feedback import (
    batch_making,
    comment_letters,
    comments,
    contacts,
    digests,
    keys,
    scan_alarms,
    spending,
)
from feedback.devices import destroy_old_salts
from feedback.trust import watching
from portal.models import WorkerBeat
from search import comparing, evaluating, query_log
from search.keeping import Keeper
from search.worker import drain

log = logging.getLogger(__name__)

#: (what, how often in seconds). Publishing on time is a promise of minutes; the index of seconds.
Chore = tuple[Callable[[], Any], float]


#: Seconds between two slices of a background job.
BUSY_PAUSE = 0.1


def _publish_scheduled() -> None:
    call_command("publish_scheduled", verbosity=0)


class Command(BaseCommand):
    """Runs the chores until it is told to stop."""

    help = "Writes the search index, publishes scheduled pages, forgets what must be forgotten."

    def add_arguments(self, parser: Any) -> None:
        """``--once`` does every chore a single time (tests, cron)."""
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        """Loop; a failed chore is logged and tried again, it never ends the others."""
        keeper = Keeper()
        chores: list[Chore] = [
            # A stuck index is silence: /readyz tells, and the supervisor's operator looks.
            (lambda: WorkerBeat.touch() if once or keeper.well else None, 10),
            *([(drain, 0.5)] if once else []),
            (open_files.renew if once else open_files.tend, 0.5),
            (_publish_scheduled, 60),
            (destroy_old_salts, 600),
            (keys.destroy_old_keys, 600),
            (spending.shuffle_nightly, 600),
            (contacts.forget_expired, 3600),
            (comments.sort_new, 5),
            (comments.forget_originals, 3600),
            (comment_letters.send_comment_reminders, 3600),
            (batch_making.make_daily, 3600),
            (digests.send_digests, 3600),
            (send_reminders, 3600),
            (watching.look, 120),
            (watching.look_daily, 3600),
            (jobs.forget_old_files, 3600),
            (evaluating.tend, 5),
            (comparing.nightly, 300),
            (query_log.forget_old, 3600),
            (scan_alarms.forget_old, 3600),
        ]
        self._running = True
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
            keeper.start()
        due = [0.0] * len(chores)
        while self._running:
            now = time.monotonic()
            for position, (chore, seconds) in enumerate(chores):
                if now >= due[position]:
                    due[position] = now + seconds
                    self._do(chore)
            if once:
                while self._do(jobs.run_slice):
                    pass
                return
            busy = self._do(jobs.run_slice)
            close_old_connections()
            # The short pause lets other processes have SQLite's one write lock.
            time.sleep(BUSY_PAUSE if busy else 0.5)
        keeper.stop()

    def _stop(self, *_: Any) -> None:
        self._running = False

    def _do(self, chore: Callable[[], Any]) -> Any:
        try:
            return chore()
        except (DatabaseError, OSError) as error:
            log.warning("%s: %s; tried again later", chore, error)
        except Exception:
            log.exception("a chore of the worker failed; tried again later")
        return None
