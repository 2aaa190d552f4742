"""Index and database are compared; what differs is healed."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from cms.models import ProcedurePage
from search import comparing, worker
from search.fingerprint import COLUMNS, FIELD_COLUMNS, made_of
from search.models import IndexComparison, PendingIndex
from tests.factories import make_procedure
from tests.search.test_index import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(index):
    """Five procedures, indexed."""
    found = [make_procedure(f"9.0009{n:02d}", title=f"Nuôi yến số {n}") for n in range(5)]
    index()
    PendingIndex.objects.all().delete()
    return found


def past_everything(page, **values):
    """A change that no signal told of."""
    ProcedurePage.objects.filter(pk=page.pk).update(**values)


def test_nothing_else_of_a_page_is_read_for_its_entry(pages, django_assert_num_queries):
    index = worker._index()
    columns = [*COLUMNS, *(f"field__{name}" for name in FIELD_COLUMNS)]
    # What belongs to the site, not to the page, is asked for once.
    index.full_prepare(pages[0])
    page = ProcedurePage.objects.select_related("field").only(*columns).get(pk=pages[0].pk)
    with django_assert_num_queries(0):
        index.full_prepare(page)


def test_a_page_says_the_same_however_it_was_read(pages):
    loaded = ProcedurePage.objects.select_related("field").get(pk=pages[0].pk)
    columns = [*COLUMNS, *(f"field__{name}" for name in FIELD_COLUMNS)]
    bare = ProcedurePage.objects.select_related("field").only(*columns).get(pk=pages[0].pk)
    assert made_of(loaded) == made_of(bare)


def test_no_difference(pages, capsys):
    call_command("check_index")
    assert "compared 5 procedures" in capsys.readouterr().out


def test_drift_is_found_told_and_healed(pages, capsys):
    past_everything(pages[0], title="Nuôi ong lấy mật")
    past_everything(pages[1], live=False)
    past_everything(pages[2], result="Giấy phép")
    backend = worker.backend()
    backend.replace(None, [], worker._identifiers([pages[3].pk]))
    pages[4].field.name = "Chăn nuôi"
    type(pages[4].field).objects.filter(pk=pages[4].field.pk).update(name="Chăn nuôi")
    with pytest.raises(CommandError, match="5 entries differ; --heal"):
        call_command("check_index")
    out = capsys.readouterr().out
    assert f"missing: 1 ({pages[3].code})" in out
    assert f"superfluous: 1 ({pages[1].code})" in out
    assert "outdated: 3" in out
    assert not PendingIndex.objects.exists()
    with pytest.raises(CommandError, match="5 entries differ; queued"):
        call_command("check_index", heal=True, keep=True, verbosity=0)
    row = IndexComparison.objects.get()
    assert (row.missing, row.superfluous, row.outdated, row.healed) == (1, 1, 3, True)
    worker.drain()
    call_command("check_index", verbosity=0)
    assert codes("nuôi ong") == [pages[0].code]
    assert pages[1].code not in codes("nuôi yến")


def test_what_waits_for_the_worker_is_no_drift(pages):
    pages[0].title = "Nuôi ong lấy mật"
    pages[0].save()
    pages[1].unpublish()
    assert comparing.compare().none


def test_a_missing_index_is_told(pages):
    (worker.backend().store.path / "current").unlink()
    with pytest.raises(CommandError, match="missing or damaged"):
        call_command("check_index", verbosity=0)


def test_an_entry_that_switches_with_the_day_is_out_of_date_the_day_after(index, monkeypatch):
    today = timezone.localdate()
    page = make_procedure(
        "9.000950",
        standing="paused",
        standing_reason="Hệ thống bảo trì",
        standing_from=today,
        standing_until=today + datetime.timedelta(days=1),
    )
    index()
    PendingIndex.objects.all().delete()
    assert comparing.compare().none
    before = made_of(page)
    monkeypatch.setattr("search.fingerprint.formatting.fee_summary", lambda *_: "10.000 đồng")
    assert made_of(page) != before
    assert comparing.compare().outdated == {page.pk: page.code}


@pytest.mark.parametrize(("clock", "due"), [("02:29", False), ("02:30", True), ("23:00", True)])
def test_once_a_night(index, monkeypatch, clock, due):
    hour, minute = map(int, clock.split(":"))
    now = timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)
    monkeypatch.setattr(comparing.timezone, "localtime", lambda *_: now)
    assert comparing.due() is due
    IndexComparison.objects.create(at=now, documents=0)
    assert not comparing.due()
