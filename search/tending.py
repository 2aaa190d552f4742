"""What the worker writes into the index, and when: what is gone first, then editors, then imports.

A page that somebody published is searchable in less than a second or so, also while an import
of thousands runs. Pages of a bulk change are written in small rounds while it goes on, as many as
there is time for (search/merging.py keeps every round short); what is left when it is over, if
much, is built by a process of its own as a new generation beside the live one.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time

from django.conf import settings

from search.models import PendingIndex
from search.worker import backend, drain, drop_unpublished, index_ready

log = logging.getLogger(__name__)

#: Pages a round: some tenths of a second of the worker's time.
ROUND = 10
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
    """One round; how many pages were written. None while the worker of another server does it."""
    now = time.monotonic()
    if not backend().store.leads():
        return 0
    if not index_ready():
        _build_aside(now)
        return 0
    dropped = drop_unpublished()
    rows = PendingIndex.objects.filter(bulk=True)
    waiting = rows.count()
    if waiting <= FEW:
        written = drain(ROUND, rebuild=False)
        if written and backend().store.worn():
            _build_aside(now)
        return dropped + written
    newest = rows.order_by("-id").values_list("id", flat=True).first() or 0
    if newest != _Bulk.newest:
        _Bulk.newest, _Bulk.since = newest, now
    over = now - _Bulk.since >= SETTLED
    if over and waiting >= BUILD_ASIDE_FROM:
        _build_aside(now)
    # What a build will bring need not be written twice; it takes a minute or two.
    building = _building() or backend().store.is_building()
    written = drain(ROUND, bulk=False, rebuild=False)
    if not written and not building:  # an editor's page waits for no company
        written = drain(ROUND, rebuild=False)
    return dropped + written


def _building() -> bool:
    return _Bulk.child is not None and _Bulk.child.poll() is None


def stop() -> None:
    """End the building process, if any; its half generation is removed by the next."""
    child, _Bulk.child = _Bulk.child, None
    if child is not None and child.poll() is None:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()


def _build_aside(now: float) -> None:
    """Start the building process, unless one is at it or has just failed."""
    child = _Bulk.child
    if child is not None:
        if child.poll() is None:
            return
        if child.returncode:
            log.warning("rebuild_index ended with %s; tried again later", child.returncode)
        _Bulk.child = None
        if child.returncode == 0:
            _Bulk.tried = float("-inf")  # it did its work; the next one may begin at once
    if now - _Bulk.tried < RETRY_AFTER or backend().store.is_building():
        return
    _Bulk.tried = now
    _Bulk.child = subprocess.Popen(
        [sys.executable, "manage.py", "rebuild_index", "--noinput", "--verbosity=0"],
        cwd=settings.SITE_DIR.parent,
    )
