"""The one writer of the index: drains the queue, and builds whole generations."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from haystack import connections
from haystack.constants import DEFAULT_ALIAS
from haystack.utils import get_model_ct

from cms.models import ProcedurePage
from search.backend import VietnameseWhooshBackend
from search.models import PendingIndex
from search.store import BuildRunning, IndexUnavailable

log = logging.getLogger(__name__)

#: More waiting changes than this are cheaper as a new generation than one by one.
REBUILD_FROM = 1500
#: Pages of editors that a build takes over right before its swap.
LAST_MINUTE = 100
#: Seconds between attempts to build an index by itself.
RETRY_AFTER = 60

#: Written into the live index while a new generation was being built: they must be written
#: again into the new one, so their rows stay; page id → token.
_written_while_building: dict[int, Any] = {}
_last_attempt = float("-inf")


def backend() -> VietnameseWhooshBackend:
    """The default connection's backend of this thread."""
    found: VietnameseWhooshBackend = connections[DEFAULT_ALIAS].get_backend()
    found._ensure_setup()
    return found


def index_ready() -> bool:
    """Whether the live index can be read now."""
    try:
        with backend().store.reading() as searcher:
            searcher.doc_count()
    except (IndexUnavailable, OSError):
        return False
    return bool(backend().store.whole())


def build(progress: Callable[[int], None] | None = None) -> int:
    """Build a new generation of everything published and swap it in; the number of documents.

    What was queued before the build began is in it, so those rows go; what is queued during the
    build stays. Of the latter, what was unpublished, and what editors published, is brought into
    it right before the swap. Raises BuildRunning when another process builds.
    """
    queued = list(PendingIndex.objects.values_list("page_id", "token"))
    index = _index()
    pages = index.index_queryset().iterator(chunk_size=200)

    def catch_up(writer: Any) -> None:
        later = set(PendingIndex.objects.values_list("page_id", "token")) - set(queued)
        editors = PendingIndex.objects.filter(bulk=False).order_by("-id")[:LAST_MINUTE]
        wanted = set(editors.values_list("page_id", flat=True)) & {page for page, _ in later}
        gone = _unpublished([page for page, _ in later])
        live = index.index_queryset().filter(pk__in=wanted)
        backend().write(writer, index, live, _identifiers(gone))

    written = backend().build([(index, _counted(pages, progress))], catch_up)
    _delete_rows(queued)
    return written


def _index() -> Any:
    return connections[DEFAULT_ALIAS].get_unified_index().get_index(ProcedurePage)


def _identifiers(page_ids: Iterable[int]) -> list[str]:
    kind = get_model_ct(ProcedurePage)
    return [f"{kind}.{page_id}" for page_id in page_ids]


def _unpublished(page_ids: Sequence[int]) -> list[int]:
    """Those that are not live, or not there."""
    live: set[int] = set()
    for start in range(0, len(page_ids), 500):
        some = ProcedurePage.objects.live().filter(pk__in=page_ids[start : start + 500])
        live.update(some.values_list("pk", flat=True))
    return [page_id for page_id in page_ids if page_id not in live]


def drop_unpublished() -> int:
    """Take queued pages that are not live out of the index before anything else is written; how
    many. That is quick for thousands, and nobody may find what is not valid any more."""
    rows = [
        row
        for row in PendingIndex.objects.values_list("page_id", "token")
        if _written_while_building.get(row[0]) != row[1]
    ]
    gone = set(_unpublished([page_id for page_id, _ in rows]))
    rows = [row for row in rows if row[0] in gone]
    if rows and index_ready():
        _take(rows, lambda: backend().replace(_index(), [], _identifiers(gone)))
        return len(rows)
    return 0


def _take(rows: list[tuple[int, Any]], write: Callable[[], None]) -> bool:
    """Write, then take the rows out of the queue; while a build runs they stay for it."""
    store = backend().store
    building = store.is_building()
    try:
        write()
    except IndexUnavailable:
        return False
    if building or store.is_building():
        _written_while_building.update(rows)
    else:
        _delete_rows(rows)
    return True


def drain(limit: int = 200, *, bulk: bool = True, rebuild: bool = True) -> int:
    """Bring the index up to date with at most ``limit`` queued pages; how many were written.

    Missing or damaged, the index is built first (tried once a minute); also, with ``rebuild``,
    when very many wait. What an editor published goes first; without ``bulk`` nothing else does.
    """
    global _last_attempt
    store = backend().store
    building = store.is_building()
    if not building:
        _written_while_building.clear()
        waiting = PendingIndex.objects.count()
        ready = index_ready()
        if (not ready or (rebuild and waiting > REBUILD_FROM)) and (
            time.monotonic() - _last_attempt >= RETRY_AFTER
        ):
            _last_attempt = time.monotonic()
            try:
                written = build()
            except BuildRunning:
                return 0
            except IndexUnavailable as error:
                log.warning("the search index cannot be built: %s; tried again later", error)
                return 0
            _last_attempt = float("-inf")
            return written
        if not ready or not waiting:
            return 0
    queued = PendingIndex.objects.order_by("bulk", "id")
    if not bulk:
        queued = queued.filter(bulk=False)
    rows = [
        (page_id, token)
        for page_id, token in queued.values_list("page_id", "token")
        if _written_while_building.get(page_id) != token
    ][:limit]
    if not rows:
        return 0
    return len(rows) if _take(rows, lambda: _write(rows)) else 0


def _write(rows: list[tuple[int, Any]]) -> None:
    index = _index()
    ids = [page_id for page_id, _ in rows]
    live = list(index.index_queryset().filter(pk__in=ids))
    found = {page.pk for page in live}
    backend().replace(index, live, _identifiers(page_id for page_id in ids if page_id not in found))


def _delete_rows(rows: Iterable[tuple[int, Any]]) -> None:
    """Take rows out of the queue, unless a newer change has given them another token."""
    rows = list(rows)
    for start in range(0, len(rows), 200):
        wanted = Q()
        for page_id, token in rows[start : start + 200]:
            wanted |= Q(page_id=page_id, token=token)
        with transaction.atomic():
            PendingIndex.objects.filter(wanted).delete()


def _counted(pages: Iterable[Any], progress: Callable[[int], None] | None) -> Iterator[Any]:
    for number, page in enumerate(pages, start=1):
        yield page
        if progress:
            progress(number)


def indexed_ids() -> set[int]:
    """Page ids that the live index has."""
    with backend().store.reading() as searcher:
        return {int(row["django_id"]) for row in searcher.reader().all_stored_fields()}
