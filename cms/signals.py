"""Signals other rooms listen to; cms itself imports none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal

#: Live procedures were written in bulk, past Wagtail's page_published: ``page_ids: list[int]``.
#: Sent inside the writing transaction, so a listener's own rows commit or vanish with it.
procedures_changed = Signal()

_many = ContextVar("many_at_once", default=False)


@contextmanager
def many_at_once() -> Iterator[None]:
    """What is published inside is part of a bulk change, though each page sends its signals.

    A listener that brings changes to citizens (the search index) lets an editor's single page
    go before them.
    """
    before = _many.set(True)
    try:
        yield
    finally:
        _many.reset(before)


def is_many_at_once() -> bool:
    """Whether a bulk change is being written in this thread."""
    return _many.get()
