"""A full disk, and an index that is gone, cut short or changed while it is being served."""

from __future__ import annotations

import errno
import random
import shutil

import pytest

from search import keeping, sums, tending, worker
from search.finder import find
from search.models import PendingIndex
from search.signals import queue
from tests.factories import make_procedure
from tests.search.test_index import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(index):
    """Twelve procedures, indexed."""
    found = [make_procedure(f"9.0008{n:02d}", title=f"Nuôi yến số {n}") for n in range(12)]
    index()
    PendingIndex.objects.all().delete()
    return found


@pytest.fixture
def built(monkeypatch):
    """A build "aside" is made at once; how many there were."""
    started = []

    def build(now):
        started.append(now)
        worker.build()

    monkeypatch.setattr(tending, "_build_aside", build)
    return started


def folder():
    store = worker.backend().store
    return store.path / store.current()


def segment():
    return max(folder().glob("*.seg"), key=lambda path: path.stat().st_size)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _cut_segment():
    cut(segment())


def _cut_contents():
    cut(next(folder().glob("*.toc")))


def _no_segment():
    segment().unlink()


def _no_generation():
    shutil.rmtree(folder())


def _nothing():
    shutil.rmtree(worker.backend().store.path)


def _nonsense_pointer():
    (worker.backend().store.path / "current").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "damage",
    [_cut_segment, _cut_contents, _no_segment, _no_generation, _nothing, _nonsense_pointer],
)
def test_what_is_gone_or_cut_short_is_noticed_at_once_and_built_anew(pages, built, client, damage):
    assert len(codes("nuôi yến")) == 10
    damage()
    assert client.get("/readyz").json()["index"] is False
    page = client.get("/tim-kiem/?q=nuôi+yến")
    assert page.status_code == 503
    assert "Hộ tịch" in page.content.decode()  # the list of fields
    assert client.get("/api/v1/search/?q=nuôi").status_code == 503
    assert client.get("/api/v1/suggest/?q=nuôi").status_code == 503
    assert find("9.000803").results[0].code == "9.000803"
    assert "9.000803" in client.get("/tim-kiem/?q=9.000803").content.decode()
    keeping.Keeper().round()
    assert built
    assert worker.index_ready()
    assert len(codes("nuôi yến")) == 10


def test_every_flipped_bit_is_found_by_the_checksums(pages, built):
    rng = random.Random(7)
    store = worker.backend().store
    for _ in range(25):
        path = rng.choice(sums.used_files(folder()))
        whole = path.read_bytes()
        place = rng.randrange(len(whole))
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :]
        )
        assert not sums.intact(folder())
        path.write_bytes(whole)
        assert sums.intact(folder())
    path = segment()
    path.write_bytes(bytes(byte ^ 255 for byte in path.read_bytes()))
    assert not store.check()
    assert not worker.index_ready()
    keeping.Keeper().round()
    assert len(codes("nuôi yến")) == 10


def test_a_reader_that_meets_damage_calls_the_worker(pages, built, monkeypatch):
    store = worker.backend().store
    keeper = keeping.Keeper()
    keeper.round()
    assert not built
    path = segment()
    path.write_bytes(bytes(byte ^ 255 for byte in path.read_bytes()))
    store.damaged()
    keeper.round()
    assert len(built) == 1
    assert not store.suspect()
    # A false alarm costs a look at the checksums, no build.
    store.damaged()
    keeper.round()
    assert len(built) == 1


class _Full:
    """A disk with room for so many writes."""

    def __init__(self, monkeypatch, writes):
        from whoosh.filedb.structfile import StructFile

        self.left = writes
        real = StructFile.write

        def write(file, data):
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(file, data)

        monkeypatch.setattr(StructFile, "write", write)
        monkeypatch.setattr(sums, "note", _noting(self, sums.note))


def _noting(disk, real):
    def note(folder):
        disk.left -= 1
        if disk.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(folder)

    return note


@pytest.mark.parametrize("writes", [0, 1, 5, 20, 60, 120, 250])
def test_a_full_disk_leaves_the_index_as_it_is(pages, monkeypatch, writes):
    for page in pages[:3]:
        page.title = f"{page.title} bán tự nhiên"
        page.save()
    waiting = PendingIndex.objects.count()
    with monkeypatch.context() as patch:
        disk = _Full(patch, writes)
        for work in (worker.build, worker.drain):
            disk.left = writes
            try:
                work()
            except OSError:
                assert PendingIndex.objects.count() == waiting
            assert len(codes("nuôi yến")) == 10
    # Space again: everything goes on, in this same process.
    assert worker.drain() in (0, 3)
    assert not PendingIndex.objects.exists()
    assert set(codes("bán tự nhiên")[:3]) == {page.code for page in pages[:3]}
    worker.backend().store.tidy()
    assert [path.name for path in worker.backend().store.path.glob("g-*")] == [folder().name]
    assert sums.intact(folder())


def test_what_became_unpublished_during_a_build_does_not_come_back_with_it(pages, monkeypatch):
    backend = worker.backend()
    documents = backend.documents

    def changed_meanwhile(index, items):
        found = list(documents(index, items))
        if len(found) == len(pages):  # the build has read them all
            pages[0].unpublish()
            pages[1].title = "Nuôi ong lấy mật"
            pages[1].save()
        return found

    monkeypatch.setattr(backend, "documents", changed_meanwhile)
    worker.build()
    assert pages[0].code not in codes("nuôi yến") + codes("nuôi yến số 0")
    assert codes("nuôi ong") == [pages[1].code]
    queue([])
    assert worker.drain() == 2
    assert pages[0].code not in codes("nuôi yến số 0")
