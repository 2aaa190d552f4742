"""The index in PostgreSQL: shared by all web processes at once, safe from kills."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from haystack.query import SearchQuerySet

from cms.models import ProcedurePage
from search import tending, worker
from search.backend import VietnameseWhooshBackend, VietnameseWhooshEngine
from search.checks import search_server_answers
from search.finder import find, suggest
from search.inputs import Ask
from search.postgresql import store as stores
from search.postgresql import writing
from search.postgresql.store import PostgresStore
from search.store import BuildRunning, IndexUnavailable
from tests.factories import make_procedure
from tests.services.servers import free_port

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.services,
    pytest.mark.xdist_group("search on postgresql"),
]


@pytest.fixture
def where():
    return "postgresql"


@pytest.fixture
def some(index):
    """Three procedures, indexed."""
    make_procedure("1.001193", title="Thủ tục đăng ký khai sinh")
    make_procedure("1.000656", title="Thủ tục đăng ký khai tử")
    make_procedure("1.000894", title="Thủ tục đăng ký kết hôn")
    index()
    worker.drain()


def codes(text):
    return [result.code for result in find(text).results]


def other_process():
    """A store as another web server has one: nothing shared but the database."""
    ours = worker.backend().store
    found = PostgresStore(ours.address)
    found.schema, found.lazy = ours.schema, ours.lazy
    return found


def stored_codes(store):
    with store.reading() as searcher:
        return sorted(fields["code"] for fields in searcher.all_stored_fields())


def tables(address):
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
    return {name for (name,) in rows}


def test_another_web_server_sees_a_commit_at_its_next_question(some):
    other = other_process()
    assert stored_codes(other) == ["1.000656", "1.000894", "1.001193"]
    page = make_procedure("9.000100", title="Cấp phép thả diều")
    worker.drain()
    assert stored_codes(other) == ["1.000656", "1.000894", "1.001193", "9.000100"]
    page.unpublish()
    worker.drain()
    assert stored_codes(other) == ["1.000656", "1.000894", "1.001193"]
    before = other.current()
    worker.build()
    assert other.current() != before
    assert len(stored_codes(other)) == 3
    other.close()


def test_a_question_asks_the_server_a_version_and_little_else(some, monkeypatch):
    find("khai sinh")
    asked = []
    ask = PostgresStore._ask
    monkeypatch.setattr(
        PostgresStore, "_ask", lambda self, work: asked.append(work) or ask(self, work)
    )
    worker.backend().search("question:'/khai sinh'", end_offset=10)
    versions = len(asked)  # of contents, vocabulary and rarities
    assert versions <= 3
    worker.backend().search("question:'/kết hôn khai tử'", end_offset=10)
    assert len(asked) <= 2 * versions + 2  # and posting lists and cards that were not read before


def test_many_commits_are_merged_and_nothing_is_lost(some):
    pages = [make_procedure(f"9.0001{n:02d}", title=f"Nuôi ong số {n}") for n in range(12)]
    for page in pages:
        worker.drain(1)
        assert page.code in codes(page.title)
    assert len(worker.backend().store._view.segments) < 9
    assert find("nuôi ong").total == 12
    assert SearchQuerySet().all().count() == 15
    assert SearchQuerySet().all().order_by("code")[0].code == "1.000656"
    pages[3].unpublish()
    worker.drain()
    assert find("nuôi ong").total == 11
    found = {s.code for s in suggest("nuoi o")}
    assert found
    assert pages[3].code not in found


def test_the_same_as_whoosh_after_any_changes(some, index, tmp_path, monkeypatch):
    """Random changes, written into ours one by one, against Whoosh's index of what came out."""
    rng = random.Random(7)
    words = ["nuôi", "ong", "cấp", "phép", "khai", "sinh", "đất", "đai", "thẻ", "chợ"]
    asked = [" ".join(rng.sample(words, 2)) for _ in range(12)] + ["cấp phép nuôi ong"]
    pages = []
    for number in range(30):
        if pages and rng.random() < 0.4:
            page = rng.choice(pages)
            page.title = " ".join(rng.sample(words, 4))
            page.live = rng.random() < 0.7
            page.save()
        else:
            title = " ".join(rng.sample(words, 4))
            pages.append(make_procedure(f"9.0002{number:02d}", title=title))
        worker.drain()

    def answers():
        found = []
        for text in asked:
            hits = SearchQuerySet().filter(content=Ask(text))
            found.append(sorted((hit.code, round(hit.score, 6)) for hit in hits))
        every = SearchQuerySet().all().facet("level").facet("field")
        return found, every.count(), every.facet_counts(), {hit.code for hit in every}

    ours = worker.backend()
    whoosh = VietnameseWhooshBackend("default", PATH=str(tmp_path / "whoosh"))
    monkeypatch.setattr(VietnameseWhooshEngine, "get_backend", lambda self: whoosh)
    index()
    expected = answers()
    assert expected[3] == set(ProcedurePage.objects.live().values_list("code", flat=True))
    monkeypatch.setattr(VietnameseWhooshEngine, "get_backend", lambda self: ours)
    with monkeypatch.context() as now:
        # Rarities may be a little older than the contents; here they are the same for both.
        words = whoosh.vocabulary()
        now.setattr(ours, "vocabulary", lambda: words)
        assert answers() == expected
        assert len(ours.store._view.segments) > 1
    index()
    assert answers() == expected


@contextmanager
def killed(monkeypatch, work, *, at):
    """A process that does ``work`` and is killed with -9 when it reaches the function ``at``."""
    owner, name = at
    reading, writing_end = os.pipe()
    child = os.fork()
    if not child:
        try:

            def stop(*args, **kwargs):
                os.write(writing_end, b"x")
                time.sleep(60)

            setattr(owner, name, stop)
            work(other_process())
        finally:
            os._exit(1)
    os.close(writing_end)
    assert os.read(reading, 1) == b"x"
    yield
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)


def _build(store):
    with store.building(store.schema) as builder:
        for document in _documents():
            builder.add_document(**document)


def _update(store):
    with store.writing() as writer:
        for document in _documents():
            writer.update_document(**document)
        writer.delete_by_term("id", "cms.procedurepage.0")


_prepared = []


def _documents():
    return [dict(document) for document in _prepared]


@pytest.mark.parametrize(
    ("work", "at"),
    [
        (_build, (writing.Builder, "add_document")),
        (_build, (writing.Builder, "write_words")),
        (_build, (writing.Builder, "_packed")),
        (_build, (stores, "_lock_for_swap")),
        (_update, (writing.Writer, "terms")),
        (_update, (writing.Writer, "advance")),
    ],
)
def test_killed_anywhere_it_leaves_the_old_index_and_no_lock(some, monkeypatch, work, at):
    backend = worker.backend()
    unified = worker.connections["default"].get_unified_index()
    page = ProcedurePage.objects.get(code="1.001193")
    _prepared[:] = backend.documents(unified.get_index(ProcedurePage), [page])
    name, there = backend.store.current(), tables(backend.store.address)
    with killed(monkeypatch, work, at=at):
        assert codes("khai sinh") == ["1.001193"]
        assert backend.store.is_building() == (work is _build)
        if work is _build:
            with pytest.raises(BuildRunning):
                worker.build()
    _until(lambda: not backend.store.is_building())
    assert backend.store.current() == name
    assert tables(backend.store.address) == there
    assert codes("khai sinh") == ["1.001193"]
    page.title = "Thủ tục đăng ký khai sinh lần đầu"
    page.save()
    assert worker.drain() == 1  # waits for nobody
    assert worker.build() == 3


def _until(true):
    for _ in range(100):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("waited for 5 s")


def test_older_generations_go(some, index):
    for _ in range(3):
        index()
    docs = [name for name in tables(worker.backend().store.address) if name.endswith("_docs")]
    assert len(docs) == 2  # the live one and its predecessor, which somebody may be reading


def test_parallel_questions_during_commits(some):
    store = worker.backend().store
    failures = []

    def ask():
        try:
            for _ in range(40):
                with store.reading() as searcher:
                    assert searcher.doc_count() >= 3
                    fields = {f["code"] for f in searcher.all_stored_fields()}
                    assert {"1.000656", "1.000894"} <= fields
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for number in range(8):
        make_procedure(f"9.0003{number:02d}", title="Nuôi ong")
        worker.drain()
        if number == 4:
            worker.build()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_closed_connection_is_no_matter(some, search_server):
    codes("khai sinh")
    with psycopg.connect(search_server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE '%bck_search%' AND pid <> pg_backend_pid()"
        )
    assert codes("khai sinh") == ["1.001193"]


@pytest.fixture
def nobody(some, monkeypatch):
    """The server is away."""
    away = PostgresStore(f"postgresql://site:hunter2@127.0.0.1:{free_port()}/search")
    away.schema = worker.backend().store.schema
    monkeypatch.setattr(worker.backend(), "store", away)
    return away


def test_a_server_that_is_away(nobody, client):
    with pytest.raises(IndexUnavailable) as caught:
        find("khai sinh")
    assert "hunter2" not in str(caught.value)
    assert client.get("/tim-kiem/?q=khai+sinh").status_code == 503
    assert client.get("/api/v1/search/?q=khai").status_code == 503
    assert find("1001193").results[0].code == "1.001193"
    assert client.get("/readyz").json()["index"] is False
    assert worker.drain() == 0  # a line in the log, and another try in a minute
    with pytest.raises(CommandError, match=r"^SEARCH_URL: the search server does not answer"):
        call_command("rebuild_index", interactive=False)


def test_the_check_names_the_address(some, nobody):
    (found,) = search_server_answers(None, databases=["default"])
    assert found.id == "search.W002"
    assert "SEARCH_URL" in found.msg
    assert "hunter2" not in found.msg


def test_the_check_is_content_with_a_server(some):
    assert search_server_answers(None, databases=["default"]) == []
    assert search_server_answers(None) == []  # nobody asked for databases


def test_an_index_of_another_layout_is_built_anew(some):
    store = worker.backend().store
    with psycopg.connect(store.address, autocommit=True) as connection:
        connection.execute("UPDATE bck_search SET layout = '0'")
    with pytest.raises(IndexUnavailable):
        find("khai sinh")
    assert not worker.index_ready()
    assert worker.drain() == 3
    assert codes("khai sinh") == ["1.001193"]


def test_worn_by_many_changes(some, monkeypatch):
    monkeypatch.setattr(stores, "WORN_FROM", 2)
    store = worker.backend().store
    assert not store.worn()
    for number in range(3):
        make_procedure(f"9.0004{number:02d}")
    worker.drain()
    assert store.worn()
    worker.build()
    assert not store.worn()


def test_one_worker_of_all_servers_writes(some, monkeypatch):
    """Its place is free when its connection ends, however it ends."""
    monkeypatch.setattr(tending._Bulk, "child", None)
    other = other_process()
    assert other.leads()
    assert other.leads()
    make_procedure("9.000600", title="Nuôi yến")
    assert tending.tend() == 0
    assert codes("nuôi yến") == []
    other.close()
    assert tending.tend() == 1
    assert codes("nuôi yến") == ["9.000600"]
    assert not other.leads()
    other.close()


def test_words_and_texts_of_any_length_and_kind(some):
    make_procedure("9.000500", title="Cấp 'phép' \\ %s {docs} = > nuôi yến", result="y" * 5000)
    worker.drain()
    assert codes("nuôi yến") == ["9.000500"]
    worker.build()
    assert codes("nuôi yến") == ["9.000500"]
    find("%s {docs} '")
    assert SearchQuerySet().filter(name__startswith="ye").count() == 1
    assert SearchQuerySet().filter(code__in=["9.000500", "1.000656"]).count() == 2
    assert SearchQuerySet().filter(name="yen").exclude(code="9.000500").count() == 0
