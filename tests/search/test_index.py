"""The index: haystack's API, marks, codes, freshness, generations, damage.

Everything holds over Whoosh and over PostgreSQL.
"""

import shutil
import unicodedata
import zlib

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from haystack.query import SearchQuerySet

from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import ProcedurePage
from cms.signals import procedures_changed
from search import worker
from search.checks import search_stands_first
from search.finder import find, suggest
from search.models import PendingIndex
from search.postgresql.store import PostgresStore
from search.signals import queue
from search.store import BuildRunning, IndexUnavailable
from tests.factories import make_field, make_procedure
from tests.search.conftest import BOTH, kept_index
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db


@shared_rows
def six():
    """Six procedures, and the folder of their index."""
    make_procedure("1.001193", title="Thủ tục đăng ký khai sinh", levels=["commune"])
    make_procedure("1.000656", title="Thủ tục đăng ký khai tử", levels=["commune"])
    make_procedure("1.004884", title="Thủ tục đăng ký lại khai sinh", levels=["commune"])
    make_procedure("1.000894", title="Thủ tục đăng ký kết hôn", levels=["province"])
    cư_trú = make_field("Cư trú")
    make_procedure("1.004222", title="Đăng ký thường trú", field=cư_trú, plain_name="vào hộ khẩu")
    make_procedure("2.000002", title="Hoà giải tranh chấp đất đai", result="Biên bản hoà giải")
    return kept_index()


@pytest.fixture(params=BOTH)
def where(request):
    """Every test of this module runs over both kinds of index."""
    return request.param


def damage(store):
    """Make the live generation unreadable: files overwritten, a table dropped."""
    if isinstance(store, PostgresStore):
        with psycopg.connect(store.address, autocommit=True) as connection:
            connection.execute(f"DROP TABLE bck_search_{store.current()}_words")
    else:
        for path in (store.path / store.current()).iterdir():
            path.write_bytes(b"damage")
        store.damaged()


@pytest.fixture
def some(index, six, where):
    """Six procedures, indexed."""
    if where == "whoosh":
        shutil.copytree(six, worker.backend().store.path)
    else:
        index()


def codes(text, **kwargs):
    return [result.code for result in find(text, **kwargs).results]


@pytest.mark.parametrize(
    "typed",
    [
        "dang ky khai sinh",
        "đăng ký khai sinh",
        unicodedata.normalize("NFD", "Đăng ký KHAI SINH"),
        "1.001193",
        "1001193",
        "mã 1.001193",
        "tôi muốn đăng ký khai sinh cho con",
        "đăng ký khai sihn",
    ],
)
def test_every_spelling_finds_it_first(some, typed):
    assert codes(typed)[0] == "1.001193"


def test_right_marks_rank_higher(some, index):
    make_procedure("9.000001", title="Cấp phép bán hàng")
    make_procedure("9.000002", title="Cấp phép bàn hàng")
    index()
    assert codes("bán hàng")[0] == "9.000001"
    assert codes("bàn hàng")[0] == "9.000002"


def test_old_and_new_tone_placement_find_alike(some):
    assert codes("hòa giải") == codes("hoà giải") == ["2.000002"]


def test_everyday_name_finds(some):
    assert codes("vao ho khau")[0] == "1.004222"


def test_nonsense_has_no_results_and_partial_matches_are_only_near(some):
    answer = find("xyzzy qwerty")
    assert (answer.total, answer.results, answer.near) == (0, [], [])
    answer = find("xyzzy qwerty plugh zork khai")
    assert not answer.results
    assert answer.near


@pytest.mark.parametrize(
    "typed",
    ["*", "?", "'", '"khai', "(((", "AND OR NOT", "text:*", "[a TO b]", "~5", "a^9", "\\", "\x00",
     "x" * 5000, "khai'sinh", "<script>", "%s", "field:'ho-tich'", "-", "😀"],
)  # fmt: skip
def test_syntax_is_only_text(some, typed):
    find(typed)
    suggest(typed)


def test_filters_and_counts(some):
    answer = find("đăng ký", filters={"level": "commune"})
    assert answer.total == 3
    # What else could be chosen is counted too.
    assert dict(answer.facets["level"]) == {"commune": 3, "province": 1}
    assert find("đăng ký", filters={"field": "cu-tru"}).total == 1
    assert find("", filters={"field": "ho-tich"}).total == 5
    assert find("đăng ký", filters={"level": "' OR *"}).filters == {}


def test_haystack_api_works(some):
    everything = SearchQuerySet().all()
    assert everything.count() == 6
    assert SearchQuerySet().models(ProcedurePage).count() == 6
    assert SearchQuerySet().filter(code="1.001193")[0].object.code == "1.001193"
    assert SearchQuerySet().auto_query("đăng ký khai sinh").count() == 2
    assert SearchQuerySet().filter(content="khai").exclude(content="lại").count() == 2
    assert len(everything[2:5]) == 3
    assert dict(everything.facet("level").facet_counts()["fields"]["level"])["commune"] == 3


def test_suggestions_begin_with_the_second_character(some):
    assert suggest("k") == []
    assert [s.code for s in suggest("khai s") if s.code] == ["1.001193", "1.004884"]
    assert suggest("1.0011")[0].code == "1.001193"


def test_publishing_and_unpublishing_reach_the_index(some):
    worker.drain()
    page = make_procedure("9.000100", title="Cấp phép thả diều")
    assert codes("thả diều") == []
    assert worker.drain() >= 1
    assert codes("thả diều") == ["9.000100"]
    page.unpublish()
    worker.drain()
    assert codes("thả diều") == []
    page.title = "Cấp phép thả bóng"
    page.save_revision().publish()
    worker.drain()
    assert codes("thả bóng") == ["9.000100"]
    page.delete()
    worker.drain()
    assert codes("thả bóng") == []
    assert not PendingIndex.objects.exists()


def test_bulk_signal_and_a_fields_new_name_queue(some):
    worker.drain()
    page = ProcedurePage.objects.get(code="1.004222")
    procedures_changed.send(sender=None, page_ids=[page.pk])
    assert PendingIndex.objects.count() == 1
    page.field.name = "Cư trú và hộ khẩu"
    page.field.save()
    worker.drain()
    assert find("thường trú").results[0].field == "Cư trú và hộ khẩu"


def test_a_change_during_a_drain_is_not_lost(some, monkeypatch):
    worker.drain()
    page = ProcedurePage.objects.get(code="1.004222")
    queue([page.pk])
    write = worker._write

    def write_and_change(rows):
        write(rows)
        queue([page.pk])

    monkeypatch.setattr(worker, "_write", write_and_change)
    worker.drain()
    assert PendingIndex.objects.filter(page_id=page.pk).exists()


def test_a_change_during_a_build_reaches_both_indexes(some):
    worker.drain()
    backend = worker.backend()
    page = ProcedurePage.objects.get(code="1.004222")
    with backend.store.building(backend.schema):
        page.title = "Đăng ký nơi cư ngụ"
        page.save()
        assert worker.drain() == 1
        assert codes("cư ngụ") == ["1.004222"]
        assert worker.drain() == 0
        assert PendingIndex.objects.count() == 1
    assert worker.drain() == 1
    assert not PendingIndex.objects.exists()
    assert codes("cư ngụ") == ["1.004222"]


def test_a_failed_build_leaves_the_old_index(some):
    store = worker.backend().store
    before = store.current()

    def broken():
        yield ProcedurePage.objects.first()
        raise RuntimeError("killed")

    index = worker.connections["default"].get_unified_index().get_index(ProcedurePage)
    with pytest.raises(RuntimeError):
        worker.backend().build([(index, broken())])
    assert store.current() == before
    assert codes("khai sinh")


@pytest.mark.parametrize("where", ["whoosh"])
def test_leftovers_of_a_killed_build_are_removed(some, index):
    store = worker.backend().store
    (store.path / "g-half").mkdir()
    index()
    index()
    assert len(list(store.path.glob("g-*"))) == 2  # the live one and its predecessor


def test_one_build_at_a_time(some):
    backend = worker.backend()
    with backend.store.building(backend.schema), pytest.raises(BuildRunning):
        worker.build()


def test_missing_and_damaged_index(index, client):
    make_procedure("1.001193", title="Thủ tục đăng ký khai sinh")
    assert not worker.index_ready()
    with pytest.raises(IndexUnavailable):
        find("khai sinh")
    assert find("1001193").results[0].code == "1.001193"
    response = client.get("/tim-kiem/?q=khai+sinh")
    assert response.status_code == 503
    assert "Đang lập chỉ mục" in response.content.decode()
    assert client.get("/api/v1/search/?q=khai").status_code == 503
    assert client.get("/api/v1/suggest/?q=khai").status_code == 503
    assert worker.drain() == 1  # builds what is missing
    assert codes("khai sinh") == ["1.001193"]
    damage(worker.backend().store)
    assert not worker.index_ready()
    assert worker.drain() == 1
    assert codes("khai sinh") == ["1.001193"]


@pytest.mark.parametrize("error", [zlib.error("incorrect data check"), KeyError("django_ct")])
def test_damage_met_in_the_middle_of_a_question(some, client, monkeypatch, error):
    def broken(*args):
        raise error

    monkeypatch.setattr(worker.backend(), "_collect", broken)
    assert client.get("/tim-kiem/?q=khai+sinh").status_code == 503
    assert client.get("/api/v1/suggest/?q=khai").status_code == 503


def test_commands(some, capsys):
    make_procedure("9.000200", title="Cấp phép nuôi yến")
    call_command("update_index")
    assert codes("nuôi yến") == ["9.000200"]
    call_command("update_index", "cms", remove=True, age=1, verbosity=0)
    call_command("rebuild_index", interactive=False)
    assert "indexed 7 procedures" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("update_index", start_date="yesterday")


def test_our_commands_win(settings):
    assert search_stands_first(None) == []
    settings.INSTALLED_APPS = ["haystack", "search"]
    assert search_stands_first(None)[0].id == "search.E001"


def test_what_an_import_changes_waits_behind_what_an_editor_publishes(db):
    first = {"code": "1.000042", "name": "Cấp thẻ", "field": "Thẻ", "steps": ["Nộp"]}
    import_records([Row("tep.jsonl", 1, first)], publish=True)
    page = ProcedurePage.objects.get(code="1.000042")
    PendingIndex.objects.all().delete()
    import_records([Row("tep.jsonl", 1, first | {"name": "Cấp đổi thẻ"})], publish=True)
    assert PendingIndex.objects.get(page_id=page.pk).bulk
    page.refresh_from_db()
    page.save_revision().publish()
    assert not PendingIndex.objects.get(page_id=page.pk).bulk
