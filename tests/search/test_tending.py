"""Editors' pages first; a large bulk change all at once, by a process of its own."""

from __future__ import annotations

import pytest

from cms.models import ProcedurePage
from cms.signals import procedures_changed
from search import tending, worker
from search.models import PendingIndex
from search.signals import queue
from tests.factories import make_procedure
from tests.search.test_index import codes

pytestmark = pytest.mark.django_db


class Child:
    """A building process that never ends by itself."""

    started = 0
    returncode: int | None = None

    def __init__(self, *args, **kwargs):
        Child.started += 1

    def poll(self):
        return self.returncode


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """No child, no memory, a clock that stands still until it is moved."""
    now = [1000.0]
    monkeypatch.setattr(tending.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(tending.subprocess, "Popen", Child)
    for name, value in (("newest", 0), ("since", 0.0), ("child", None), ("tried", float("-inf"))):
        monkeypatch.setattr(tending._Bulk, name, value)
    monkeypatch.setattr(Child, "started", 0)
    return now


@pytest.fixture
def pages(index):
    """Ten pages, indexed; bulk changes of 3 are few, of 4 are many."""
    found = [make_procedure(f"9.0007{n:02d}", title=f"Nuôi yến số {n}") for n in range(10)]
    index()
    PendingIndex.objects.all().delete()
    return found


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(tending, "FEW", 3)
    monkeypatch.setattr(tending, "BUILD_ASIDE_FROM", 4)
    monkeypatch.setattr(tending, "ROUND", 2)


def bulk(pages):
    procedures_changed.send(sender=ProcedurePage, page_ids=[page.pk for page in pages])


def waiting():
    return set(PendingIndex.objects.values_list("page_id", flat=True))


def test_a_small_bulk_change_is_written_at_once(pages):
    bulk(pages[:3])
    assert tending.tend() == 2
    assert tending.tend() == 1
    assert waiting() == set()


def test_a_published_page_goes_before_a_bulk_change(pages, clock):
    bulk(pages[:9])
    page = pages[9]
    page.title = "Nuôi ong lấy mật"
    page.save()
    assert tending.tend() == 1
    assert codes("nuôi ong") == [page.code]
    assert len(waiting()) == 9
    assert tending.tend() == 2  # and what goes on is written as there is time
    assert Child.started == 0


def test_a_page_of_a_bulk_change_that_an_editor_publishes_waits_no_longer(pages):
    bulk(pages[:9])
    queue([pages[8].pk])
    assert tending.tend() == 1
    assert pages[8].pk not in waiting()
    bulk(pages[:9])
    assert not PendingIndex.objects.filter(bulk=False).exists()


def test_what_is_gone_goes_first_however_many_there_are(pages):
    for page in pages[:9]:
        page.unpublish()
    PendingIndex.objects.all().delete()
    bulk(pages)
    assert tending.tend() >= 9
    assert codes("nuôi yến") == [pages[9].code]
    assert waiting() <= {pages[9].pk}


def test_an_index_that_is_missing_is_built_aside(pages, clock):
    store = worker.backend().store
    (store.path / "current").unlink()
    assert tending.tend() == 0
    assert Child.started == 1


def test_many_that_are_left_when_the_change_is_over_are_built_aside(pages, clock):
    bulk(pages[:9])
    assert tending.tend() == 2
    clock[0] += tending.SETTLED - 1
    make_procedure("9.000799")
    PendingIndex.objects.filter(bulk=False).update(bulk=True)
    assert tending.tend() == 2
    clock[0] += tending.SETTLED - 1
    assert tending.tend() == 2
    assert Child.started == 0  # a row came in between
    clock[0] += 2
    assert tending.tend() == 0
    assert tending.tend() == 0
    assert Child.started == 1
    assert len(waiting()) == 4  # the child takes them
    queue([pages[9].pk])
    assert tending.tend() == 1  # and editors' pages are written meanwhile


def test_a_build_that_failed_is_tried_again_later(pages, clock, monkeypatch):
    monkeypatch.setattr(tending, "drain", lambda *args, **kwargs: 0)
    bulk(pages[:9])
    tending.tend()
    clock[0] += tending.SETTLED
    tending.tend()
    monkeypatch.setattr(Child, "returncode", 1)
    clock[0] += 10
    tending.tend()
    assert Child.started == 1
    clock[0] += tending.RETRY_AFTER
    tending.tend()
    assert Child.started == 2


def test_what_is_left_is_written_in_rounds(pages, clock):
    bulk(pages[:5])
    assert [tending.tend() for _ in range(4)] == [2, 2, 1, 0]
