"""The public ledger: a chain that shows every later change, checked without our code."""

from __future__ import annotations

import hashlib
import json

import pytest

from feedback import ledger
from feedback.models import LedgerEntry
from tests.factories import make_counter, make_office
from tests.feedback.test_trust_cases import open_burst
from tests.feedback.trusted import rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(db):
    counter = make_counter(make_office())
    case = open_burst(counter, [rate(counter) for _ in range(8)])
    ledger.write(case=case, event="upheld", count=8, note="Giữ lại: tám lượt “dồn dập”.")
    ledger.write(case=case, event="contested", count=8)
    return case


def test_a_stranger_recomputes_the_chain_from_the_file_alone(written, client):
    text = client.get("/cong-khai/so-kiem-tra.jsonl").getvalue().decode()
    previous = "0" * 64
    for line in text.splitlines():
        row = json.loads(line)
        said = {name: row[name] for name in ("content", "day", "number")}
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert row["previous"] == previous
        previous = hashlib.sha256((previous + canonical).encode()).hexdigest()
        assert row["digest"] == previous
    assert previous == ledger.head()
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize("change", ["content", "day", "digest", "gone"])
def test_a_changed_row_is_found(written, change):
    assert ledger.check().whole
    second = LedgerEntry.objects.filter(number=2)
    if change == "content":
        second.update(content={**second.get().content, "count": 7})
    elif change == "day":
        second.update(day="2020-01-01")
    elif change == "digest":
        second.update(digest="0" * 64)
    else:
        second.delete()
    assert ledger.check().wrong == 2


def test_rows_name_no_counter_and_no_office(written):
    for row in ledger.stored():
        assert set(row["content"]) <= {"event", "signal", "case", "count", "note"}
    assert written.counter.code not in "".join(ledger.lines())


def test_an_unknown_event_is_refused(written):
    with pytest.raises(ValueError, match="event"):
        ledger.write(case=written, event="deleted", count=1)


def test_the_page_shows_sums_head_and_rows(written, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = client.get("/cong-khai/so-kiem-tra/").content.decode()
    assert ledger.head() in page
    assert "Dồn dập trong mười phút" in page
    assert "tám lượt" in page


def test_an_empty_ledger_has_a_page_too(client):
    assert client.get("/cong-khai/so-kiem-tra/").status_code == 200
    assert client.get("/cong-khai/so-kiem-tra.jsonl").getvalue() == b""
