"""What the worker writes into the index, and when: editors first, a large import all at once.

A page that somebody published is searchable within two seconds, also while an import of
thousands runs. Written one by one, those thousands would keep the one writer busy (Whoosh merges
growing segments for many seconds at a time). So the rows of a bulk change wait until it is over;
a few are then written in small rounds, many by a process of its own that builds a new generation
beside the live one.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time

from django.conf import settings

from search.models import PendingIndex
from search.worker import backend, drain

log = logging.getLogger(__name__)

#: Pages a round: about half a second of the worker's time.
ROUND = 20
#: So few bulk rows are written at once: nobody waits for the end of a small import.
FEW = 50
#: Waiting bulk rows from which a new generation is cheaper.
BUILD_ASIDE_FROM = 300
#: Seconds without a new bulk row after which a bulk change is over.
SETTLED = 4.0
#: Seconds between two attempts to build aside.
RETRY_AFTER = 60.0


class _Bulk:
    """What this process saw of the bulk rows, and its child that builds."""

    newest = 0
    since = 0.0
    child: subprocess.Popen[bytes] | None = None
    tried = float("-inf")


def tend() -> int:
    """One round; how many pages were written."""
    rows = PendingIndex.objects.filter(bulk=True)
    waiting = rows.count()
    if waiting <= FEW:
        written = drain(ROUND, rebuild=False)
        if written and backend().store.worn():
            _build_aside(time.monotonic())
        return written
    newest = rows.order_by("-id").values_list("id", flat=True).first() or 0
    now = time.monotonic()
    if newest != _Bulk.newest:
        _Bulk.newest, _Bulk.since = newest, now
    over = now - _Bulk.since >= SETTLED
    if over and waiting >= BUILD_ASIDE_FROM:
        _build_aside(now)
    return drain(ROUND, bulk=over and waiting < BUILD_ASIDE_FROM, rebuild=False)


def _build_aside(now: float) -> None:
    """Start the building process, unless one is at it or has just failed."""
    child = _Bulk.child
    if child is not None:
        if child.poll() is None:
            return
        if child.returncode:
            log.warning("rebuild_index ended with %s; tried again later", child.returncode)
        _Bulk.child = None
    if now - _Bulk.tried < RETRY_AFTER or backend().store.is_building():
        return
    _Bulk.tried = now
    _Bulk.child = subprocess.Popen(
        [sys.executable, "manage.py", "rebuild_index", "--noinput", "--verbosity=0"],
        cwd=settings.SITE_DIR.parent,
    )
