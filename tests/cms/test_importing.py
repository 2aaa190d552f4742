"""Records into pages: created, changed, left alone or rejected, as Wagtail itself would do it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend

from cms.importing import import_records, pages
from cms.importing.sources import Row
from cms.importing.values import STREAMS, page_digest
from cms.models import Field, ProcedureIndexPage, ProcedurePage
from cms.signals import procedures_changed
from tests.cms.test_importing_parsing import raw
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


def rows(*records):
    return [Row("mau.jsonl", number, record) for number, record in enumerate(records, 1)]


def run(*records, publish=True, **options):
    return import_records(rows(*records), publish=publish, **options)


def counts(result):
    return (result.created, result.changed, result.unchanged, result.rejected)


def many(count):
    return [
        raw(code=f"1.{n:06d}", name=f"Việc {n}", steps=f"Bước 1: việc {n}.") for n in range(count)
    ]


def page(code="1.234567") -> ProcedurePage:
    return ProcedurePage.objects.get(code=code)


@pytest.fixture
def heard():
    """Page ids that the bulk signal told of."""
    found = []

    def listen(page_ids, **kwargs):
        found.extend(page_ids)

    procedures_changed.connect(listen)
    yield found
    procedures_changed.disconnect(listen)


def test_first_import_publishes_and_second_changes_nothing(heard):
    assert counts(run(*many(3))) == (3, 0, 0, 0)
    assert sorted(heard) == sorted(ProcedurePage.objects.live().values_list("pk", flat=True))
    heard.clear()
    before = list(Page.objects.order_by("pk").values())
    assert counts(run(*many(3))) == (0, 0, 3, 0)
    assert list(Page.objects.order_by("pk").values()) == before
    assert Revision.objects.count() == 3
    assert heard == []


def test_without_publish_pages_are_drafts(heard):
    assert counts(run(raw(), publish=False)) == (1, 0, 0, 0)
    assert not page().live
    assert page().has_unpublished_changes
    assert page().latest_revision is not None
    assert heard == []
    assert counts(run(raw(), publish=False)) == (0, 0, 1, 0)
    assert counts(run(raw())) == (0, 1, 0, 0)
    assert page().live
    assert heard == [page().pk]


def test_a_dry_run_counts_and_writes_nothing():
    run(raw())
    result = run(raw(result="Khác"), raw(code="1.000002"), raw(code=""), dry_run=True)
    assert counts(result) == (1, 1, 0, 1)
    assert ProcedurePage.objects.count() == 1
    assert page().result == ""
    assert Field.objects.count() == 1


@pytest.mark.parametrize("publish", [True, False])
def test_bulk_creation_equals_wagtails_own(publish):
    run(raw(), publish=publish)
    made = page()
    values = pages._attributes(*_parsed(raw(code="1.234568")))
    own = ProcedurePage(**values, slug="1-234568", live=False, has_unpublished_changes=True)
    ProcedureIndexPage.objects.get().add_child(instance=own)
    revision = own.save_revision()
    if publish:
        revision.publish()
    own = page("1.234568")

    def facts(one, skipped):
        return {
            field.attname: getattr(one, field.attname)
            for field in one._meta.concrete_fields
            if field.attname not in skipped
        }

    different = {
        "id", "path", "page_ptr_id", "slug", "url_path", "code", "import_digest", "translation_key",
        "latest_revision_id", "live_revision_id", "latest_revision_created_at",
        "first_published_at", "last_published_at", *STREAMS,
    }  # fmt: skip
    assert facts(made, different) == facts(own, different)
    for name in ("latest_revision_id", "live_revision_id", "first_published_at"):
        assert (getattr(made, name) is None) == (getattr(own, name) is None), name
    assert made.steps.raw_data[0]["value"] == own.steps.raw_data[0]["value"]
    one, two = made.latest_revision, own.latest_revision
    assert facts(one, {"id", "object_id", "created_at", "content"}) == facts(
        two, {"id", "object_id", "created_at", "content"}
    )
    assert one.content.keys() == two.content.keys()
    references = [
        list(
            ReferenceIndex.objects.filter(object_id=str(one.pk)).values(
                "base_content_type",
                "content_type",
                "to_content_type",
                "to_object_id",
                "model_path",
                "content_path",
                "content_path_hash",
            )
        )
        for one in (made, own)
    ]
    assert references[0] == references[1] != []
    found = get_search_backend().search("ví dụ", ProcedurePage)
    assert {one.code for one in found} == {"1.234567", "1.234568"}


def _parsed(record):
    from cms.importing.parsing import parse

    parsed = parse(record)
    return parsed, pages._fields([parsed])


def test_imported_pages_work_in_the_editor(client):
    run(*many(2))
    client.force_login(get_user_model().objects.create_superuser("ed", password="x"))
    one = page("1.000000")
    for name in ("wagtailadmin_pages:edit", "wagtailadmin_pages:history"):
        answer = client.get(reverse(name, args=[one.pk]))
        assert answer.status_code == 200
    assert len(answer.context_data["object_list"]) == 2
    one.unpublish()
    assert not page("1.000000").live
    page("1.000000").get_latest_revision().publish()
    assert page("1.000000").live
    actions = PageLogEntry.objects.filter(page=one.pk).values_list("action", flat=True)
    assert {"wagtail.create", "wagtail.publish", "wagtail.unpublish"} <= set(actions)


def test_the_tree_stays_whole():
    make_procedure("9.000001")
    run(*many(3))
    make_procedure("9.000002")
    run(*many(5))
    parent = ProcedureIndexPage.objects.get()
    assert parent.numchild == parent.get_children().count() == 7
    assert all(not problems for problems in Page.find_problems())
    assert page("1.000004").get_parent().pk == parent.pk
    assert page("1.000004").url_path.endswith("/thu-tuc/1-000004/")


def test_a_changed_record_is_published_as_a_new_revision(heard):
    run(raw())
    heard.clear()
    assert counts(run(raw(result="Giấy mới"))) == (0, 1, 0, 0)
    assert page().result == "Giấy mới"
    assert page().live
    assert not page().has_unpublished_changes
    assert page().revisions.count() == 2
    assert heard == [page().pk]
    assert counts(run(raw(result="Giấy mới"))) == (0, 0, 1, 0)


def test_a_changed_record_without_publish_waits_as_a_draft():
    run(raw())
    assert counts(run(raw(result="Giấy mới"), publish=False)) == (0, 1, 0, 0)
    assert page().result == ""
    assert page().has_unpublished_changes
    assert page().get_latest_revision_as_object().result == "Giấy mới"
    assert counts(run(raw(result="Giấy mới"), publish=False)) == (0, 0, 1, 0)


def test_what_an_editor_published_is_left_alone_while_the_source_is_the_same():
    run(raw())
    one = page()
    one.result = "Biên tập viên sửa"
    one.save_revision().publish()
    assert counts(run(raw())) == (0, 0, 1, 0)
    assert page().result == "Biên tập viên sửa"


@pytest.mark.parametrize("published", [True, False])
def test_an_editors_work_is_never_overwritten(published):
    run(raw())
    one = page()
    one.result = "Biên tập viên sửa"
    revision = one.save_revision()
    if published:
        revision.publish()
    result = run(raw(agency="Cơ quan mới"))
    assert counts(result) == (0, 1, 0, 0)
    assert ("draft_kept" in result.warnings) is not published
    assert page().agency == "Cơ quan mới"
    assert page().result == ("Biên tập viên sửa" if published else "")
    draft = page().get_latest_revision_as_object()
    assert (draft.result, draft.agency) == ("Biên tập viên sửa", "Cơ quan mới")
    assert page().has_unpublished_changes is not published
    assert page().revisions.filter(pk=revision.pk).exists()
    assert counts(run(raw(agency="Cơ quan mới"))) == (0, 0, 1, 0)


def test_an_editors_own_field_outlives_a_new_record():
    run(raw())
    one = page()
    one.plain_name = "tên dân gọi"
    one.save_revision().publish()
    assert counts(run(raw(result="Mới"))) == (0, 1, 0, 0)
    assert (page().plain_name, page().result) == ("tên dân gọi", "Mới")


def test_a_page_taken_offline_stays_offline():
    run(raw())
    page().unpublish()
    assert counts(run(raw())) == (0, 0, 1, 0)
    result = run(raw(result="Mới"))
    assert "saved_as_draft" in result.warnings
    assert not page().live


def test_going_back_to_an_old_revision_is_an_edit_and_not_a_new_record():
    run(raw())
    first = page().latest_revision
    run(raw(result="Mới"))
    first.as_object().save_revision(previous_revision=first).publish()
    assert page().result == ""
    assert counts(run(raw(result="Mới"))) == (0, 0, 1, 0)
    assert page().result == ""


def test_a_demo_procedure_is_taken_over():
    assert counts(run(raw(result="Minh hoạ"), demo=True)) == (1, 0, 0, 0)
    assert page().is_demo
    assert counts(run(raw(result="Thật"))) == (0, 1, 0, 0)
    assert (page().is_demo, page().result) == (False, "Thật")
    assert counts(run(raw(result="Minh hoạ"), demo=True)) == (0, 0, 1, 0)
    assert (page().is_demo, page().result) == (False, "Thật")


def test_an_equal_record_takes_a_procedure_out_of_the_demo():
    run(raw(), demo=True)
    assert counts(run(raw())) == (0, 1, 0, 0)
    assert not page().is_demo
    assert page().revisions.count() == 1


def test_bad_rows_do_not_stop_the_good_ones():
    result = import_records(
        [
            Row("a", 1, raw(code="1.000001")),
            Row("a", 2, problem="Dòng không phải JSON."),
            Row("a", 3, [1]),
            Row("a", 4, raw(code="1.014955-Xoa")),
            Row("a", 5, raw(code="1.000005")),
        ],
        publish=True,
    )
    assert counts(result) == (2, 0, 0, 3)
    told = [(one.line, one.kind) for one in result.problems if one.kind == "rejected"]
    assert told == [(2, "rejected"), (3, "rejected"), (4, "rejected")]
    assert all(one.text for one in result.problems)


def test_a_code_twice_in_one_import():
    result = run(raw(), raw(), raw(result="Khác"))
    assert counts(result) == (1, 0, 1, 1)
    assert result.warnings["duplicate_row"] == 1
    assert "dòng 1" in result.problems[-1].text
    assert page().result == ""


def test_what_shows_only_side_by_side():
    result = run(raw(code="1.000001"), raw(code="1.000002"))
    assert result.warnings == {"name_shared": 1, "steps_repeated": 1}
    assert {note["kind"] for note in page("1.000002").import_notes} == {
        "name_shared",
        "steps_repeated",
    }


def test_a_page_the_database_refuses_is_rejected_alone(monkeypatch):
    real = pages._insert

    def refuse(made):
        if any(one.code == "1.000001" for one in made):
            raise DatabaseError("value too long")
        real(made)

    monkeypatch.setattr(pages, "_insert", refuse)
    result = run(*many(3))
    assert counts(result) == (2, 0, 0, 1)
    rejected = [one for one in result.problems if one.kind == "rejected"]
    assert [(one.code, one.line) for one in rejected] == [("1.000001", 2)]
    assert "value too long" in rejected[0].text
    assert all(not problems for problems in Page.find_problems())
    assert ProcedureIndexPage.objects.get().numchild == 2


def test_a_slug_that_is_taken_is_told_and_nothing_else_lost():
    make_procedure("1.234567")
    ProcedurePage.objects.update(code="1-234567")
    result = run(raw(), raw(code="1.000001"))
    assert counts(result) == (1, 0, 0, 1)
    assert "1.234567" in result.problems[0].text
    assert page("1.000001").live
    assert counts(run(raw(code="2.1"), raw(code="2-1"))) == (1, 0, 0, 1)


def test_a_full_or_locked_database_stops_with_what_was_committed_kept(monkeypatch):
    monkeypatch.setattr("cms.importing.writing.BATCH", 2)
    real = pages.create
    calls = []

    def create(**values):
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("database or disk is full")
        return real(**values)

    monkeypatch.setattr(pages, "create", create)
    with pytest.raises(OperationalError):
        run(*many(4))
    assert ProcedurePage.objects.count() == 2
    monkeypatch.setattr(pages, "create", real)
    assert counts(run(*many(4))) == (2, 0, 2, 0)
    assert all(not problems for problems in Page.find_problems())


def test_a_listener_that_fails_takes_its_batch_with_it():
    def fail(**kwargs):
        raise OperationalError("queue is gone")

    procedures_changed.connect(fail)
    try:
        with pytest.raises(OperationalError):
            run(raw())
    finally:
        procedures_changed.disconnect(fail)
    assert not ProcedurePage.objects.exists()


def test_stored_streams_survive_the_editors_round_trip():
    run(
        raw(
            channels=[
                {
                    "channel": "Trực tiếp",
                    "time_value": 7,
                    "time_unit": "ngày",
                    "time_limit": "7 ngày",
                    "fees": [{"amount": 20000, "currency": "VND", "note": "n"}],
                    "fee": "20.000 đồng (n)",
                }
            ],
            documents=[{"name": "Đơn", "originals": 1, "copies": 0, "form": ["Mẫu"]}],
            legal_basis=[{"name": "Luật", "number": "1"}],
        )
    )
    one = page()
    assert page_digest(one) == one.import_digest
    # Opening every block as the editor does, and storing it again, changes nothing.
    for name in STREAMS:
        stream = getattr(one, name)
        block = stream.stream_block
        opened = block.to_python(json.loads(json.dumps(stream.get_prep_value())))
        cleaned = block.clean(opened)
        stored = json.loads(json.dumps(block.get_prep_value(cleaned), default=str))
        assert stored == json.loads(json.dumps(stream.get_prep_value(), default=str)), name


def test_publication_dates_are_now():
    before = timezone.now() - timedelta(seconds=1)
    run(raw())
    assert page().first_published_at == page().last_published_at > before


@pytest.mark.parametrize("option", ["--report", "--template"])
def test_a_path_that_cannot_be_written_is_told_before_the_work(tmp_path, option):
    source = tmp_path / "tthc.jsonl"
    source.write_text(json.dumps(raw()))
    with pytest.raises(CommandError, match=option) as told:
        call_command("import_procedures", str(source), option, str(tmp_path))
    assert told.value.returncode == 2
    assert not ProcedurePage.objects.exists()
