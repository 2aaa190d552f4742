"""Which changes make an index entry out of date: queued in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from haystack.signals import BaseSignalProcessor
from wagtail.signals import page_published, page_unpublished

from cms.signals import is_many_at_once


def queue(page_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Note that these pages' entries are out of date (a new token each time).

    ``bulk`` rows wait for the others; a page that an editor published meanwhile waits no longer.
    """
    from search.models import PendingIndex

    PendingIndex.objects.bulk_create(
        [
            PendingIndex(page_id=page_id, token=uuid.uuid4(), bulk=bulk)
            for page_id in sorted(set(page_ids))
        ],
        update_conflicts=True,
        unique_fields=["page_id"],
        update_fields=["token"] if bulk else ["token", "bulk"],
        batch_size=500,
    )


class QueueingSignalProcessor(BaseSignalProcessor):
    """haystack's hook: instead of writing the index in a web process, queue for the worker."""

    def setup(self) -> None:
        """Listen to everything that changes what a procedure's entry says."""
        from cms.models import Field, ProcedurePage
        from cms.signals import procedures_changed

        self._connected: list[tuple[Any, Any, Any]] = [
            (page_published, self.handle_page, ProcedurePage),
            (page_unpublished, self.handle_page, ProcedurePage),
            # Saves past the editor (a command, the shell) publish too.
            (post_save, self.handle_page, ProcedurePage),
            (post_delete, self.handle_page, ProcedurePage),
            (post_save, self.handle_field, Field),
            (procedures_changed, self.handle_bulk, None),
        ]
        for signal, handler, sender in self._connected:
            signal.connect(handler, sender=sender)

    def teardown(self) -> None:
        """Stop listening."""
        for signal, handler, sender in self._connected:
            signal.disconnect(handler, sender=sender)

    def handle_page(self, sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
        """One procedure was published, unpublished, saved or deleted."""
        if not raw:
            queue([instance.pk], bulk=is_many_at_once())

    def handle_field(self, sender: Any, instance: Any, **kwargs: Any) -> None:
        """A field's name stands on every one of its procedures' cards."""
        if kwargs.get("created") or kwargs.get("raw"):
            return
        queue(instance.procedures.values_list("pk", flat=True), bulk=True)

    def handle_bulk(self, sender: Any, page_ids: list[int], **kwargs: Any) -> None:
        """Many procedures were written past the page signals (import)."""
        queue(page_ids, bulk=True)
