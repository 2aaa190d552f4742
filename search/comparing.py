"""Whether the index says what the database says; every night, and by ``check_index``.

Every entry keeps a fingerprint of what it was made from. Pages that differ from theirs, pages
without an entry and entries without a page are queued for the worker like any change.
"""

from __future__ import annotations

import datetime
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from cms.models import ProcedurePage
from search import worker
from search.fingerprint import COLUMNS, FIELD_COLUMNS, made_of
from search.models import IndexComparison, PendingIndex
from search.signals import queue
from search.store import IndexUnavailable

log = logging.getLogger(__name__)

#: When the night's comparison begins (Hanoi), and days that results of it are kept.
NIGHT = datetime.time(2, 30)
KEPT_DAYS = 90
#: Codes named of each kind.
EXAMPLES = 20


@dataclass
class Differences:
    """Page id → code ("" when the page is gone) of each kind."""

    documents: int = 0
    missing: dict[int, str] = field(default_factory=dict)
    superfluous: dict[int, str] = field(default_factory=dict)
    outdated: dict[int, str] = field(default_factory=dict)
    #: The index could not be read, or is not as it was written.
    damaged: bool = False

    @property
    def kinds(self) -> dict[str, dict[int, str]]:
        """Name of a kind → pages."""
        return {
            "missing": self.missing,
            "superfluous": self.superfluous,
            "outdated": self.outdated,
        }

    @property
    def pages(self) -> list[int]:
        """All that differ."""
        return [page_id for pages in self.kinds.values() for page_id in pages]

    @property
    def none(self) -> bool:
        """Whether index and database say the same."""
        return not self.damaged and not self.pages


def compare() -> Differences:
    """Compare every published page with its entry; what waits for the worker is left out."""
    found = Differences()
    store = worker.backend().store
    try:
        found.damaged = not store.check()
        entries = {} if found.damaged else dict(_entries())
    except IndexUnavailable:
        found.damaged, entries = True, {}
    live = set()
    for page in _pages():
        live.add(page.pk)
        entry = entries.get(page.pk)
        if entry is None:
            found.missing[page.pk] = page.code
        elif entry[1] != made_of(page):
            found.outdated[page.pk] = page.code
    found.documents = len(live)
    found.superfluous = {
        page_id: code for page_id, (code, _) in entries.items() if page_id not in live
    }
    if found.damaged:  # a whole index is built; there is nothing to queue
        found.missing = {}
    # Read last: what was published while we compared is in it.
    waiting = set(PendingIndex.objects.values_list("page_id", flat=True))
    for pages in found.kinds.values():
        for page_id in waiting & pages.keys():
            del pages[page_id]
    return found


def _entries() -> Iterator[tuple[int, tuple[str, str]]]:
    with worker.backend().store.reading() as searcher:
        for row in searcher.reader().all_stored_fields():
            card = json.loads(row["card"])
            yield int(row["django_id"]), (card["code"], card.get("made_of", ""))


def _pages() -> Iterable[ProcedurePage]:
    columns = [*COLUMNS, *(f"field__{name}" for name in FIELD_COLUMNS)]
    pages = ProcedurePage.objects.live().select_related("field").only(*columns).order_by("pk")
    return pages.iterator(chunk_size=200)


def run(*, heal: bool = False, keep: bool = False) -> tuple[Differences, IndexComparison]:
    """Compare; with ``heal`` queue what differs, with ``keep`` store the result."""
    started = time.monotonic()
    found = compare()
    # What was indexed or published between the two readings looks like a difference once.
    if found.pages:
        again = set(compare().pages)
        for pages in found.kinds.values():
            for page_id in pages.keys() - again:
                del pages[page_id]
    if heal and found.pages:
        queue(found.pages, bulk=True)
    result = IndexComparison(
        at=timezone.now(),
        documents=found.documents,
        **{name: len(pages) for name, pages in found.kinds.items()},
        examples={
            name: [code or str(page_id) for page_id, code in list(pages.items())[:EXAMPLES]]
            for name, pages in found.kinds.items()
        },
        damaged=found.damaged,
        healed=heal and not found.none,
        seconds=round(time.monotonic() - started, 2),
    )
    if keep:
        result.save()
        before = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
        IndexComparison.objects.filter(at__lt=before).delete()
    if not found.none:
        log.warning(
            "search index and database differ: missing %s, superfluous %s, outdated %s%s%s",
            *(len(pages) for pages in found.kinds.values()),
            ", damaged" if found.damaged else "",
            "; queued" if heal else "",
        )
    return found, result


class _Night:
    child: subprocess.Popen[bytes] | None = None


def nightly() -> None:
    """Start tonight's comparison in a process of its own, once; a chore of the worker."""
    child = _Night.child
    if child is not None and child.poll() is None:
        return
    _Night.child = None
    if due():
        _Night.child = subprocess.Popen(
            [sys.executable, "manage.py", "check_index", "--heal", "--keep", "--verbosity=0"],
            cwd=settings.SITE_DIR.parent,
        )


def due() -> bool:
    """Whether tonight's comparison is still to be made (at 02:30, or when the worker is back)."""
    now = timezone.localtime()
    if now.time() < NIGHT:
        return False
    start = timezone.make_aware(datetime.datetime.combine(now.date(), NIGHT))
    return not IndexComparison.objects.filter(at__gte=start).exists()
