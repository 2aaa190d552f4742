"""Generation after generation: nothing of the earlier ones stays in the process."""

from __future__ import annotations

import gc
import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search import segments, worker
from search.finder import find, suggest
from search.store import _stores
from tests.factories import make_procedure

# Seconds of work: not among the quick tests.
pytestmark = [pytest.mark.django_db, pytest.mark.processes, pytest.mark.sqlite]

SWAPS = 50
PAGES = 50
#: Files of this process, and what is mapped into its memory.
OPEN, MAPPED = Path("/proc/self/fd"), Path("/proc/self/maps")


@pytest.fixture
def pages(index):
    """Fifty procedures, indexed."""
    for number in range(PAGES):
        make_procedure(f"9.00{number:04d}", title=f"Cấp phép nuôi yến số {number}")
    index()


def ask() -> None:
    """Questions of every kind, so that everything that is kept is made."""
    assert find("cấp phép nuôi yến").total == PAGES
    assert find("cap phep nuoi yeens").total == PAGES
    assert find("", filters={"audience": "citizen"}).total in (0, PAGES)
    assert suggest("nuôi y")


def kept(backend: Any) -> Iterator[Any]:
    """What was made of the live generation."""
    yield from (backend._vocabulary, backend._weigher, backend._speller)
    yield backend.store._searcher
    yield from segments._segments.values()


def files(folder: Path) -> tuple[int, int]:
    """How many files of the index are open, and how many are mapped."""
    opened = 0
    for one in OPEN.iterdir():
        try:
            opened += os.readlink(one).startswith(str(folder))
        except OSError:  # the listing itself
            continue
    mapped = {line.split()[0] for line in MAPPED.read_text().splitlines() if str(folder) in line}
    return opened, len(mapped)


def test_fifty_swaps_leave_nothing_behind(pages):
    backend = worker.backend()
    folder = backend.store.path
    ask()
    gc.collect()
    before, stores = files(folder), len(_stores)
    earlier: list[weakref.ref[Any]] = []
    for _ in range(SWAPS):
        last = [weakref.ref(one) for one in kept(backend)]
        assert len(last) >= 5
        earlier += last
        worker.build()
        ask()
    gc.collect()
    assert [one() for one in earlier if one() is not None] == []
    with backend.store.reading() as searcher:
        live = {reader.segment().segment_id() for reader, _, _ in segments.segments_of(searcher)}
    assert segments._segments.keys() == live
    assert files(folder) == before
    assert len(_stores) == stores
    assert len(list(folder.glob("g-*"))) == 2  # the live one, and the one before it


def test_a_swap_in_the_middle_of_a_question_breaks_it_not(pages):
    backend = worker.backend()
    with backend.store.reading() as outer:
        worker.build()
        backend.weigher()
        with backend.store.reading() as inner:
            assert inner is outer
        assert len(list(outer.reader().all_stored_fields())) == PAGES
    with backend.store.reading() as fresh:
        assert fresh is not outer
    ask()
