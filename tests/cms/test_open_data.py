"""All procedures as files: complete, in step with the pages, in bounded memory."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms import open_data
from tests.cms.test_history import channels, publish
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_files(settings: Any, tmp_path: Any) -> None:
    """The worker has not made the files yet: answers are streamed."""
    settings.DATA_DIR = tmp_path


JSONL, CSV = "/api/v1/open/procedures.jsonl", "/api/v1/open/procedures.csv"


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def rows(client: Client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get(CSV)))))


def test_each_line_is_the_record(client: Client) -> None:
    make_procedure("1.000002", channels=channels())
    publish(make_procedure("1.000001", title="Một"), title="Một mới")
    make_procedure("1.000003", live=False)
    response = client.get(JSONL)
    assert response["Content-Type"] == "application/x-ndjson; charset=utf-8"
    records = [json.loads(line) for line in body(response).splitlines()]
    assert [record["code"] for record in records] == ["1.000001", "1.000002"]
    for record in records:
        shown = client.get(f"/api/v1/procedures/{record['code']}/").json()
        for channel in shown["channels"]:  # counted from this very moment: not for a file
            channel["due_if_filed_today"] = None
        assert record == shown
    assert records[0]["version"] == 2


def test_csv_has_a_row_a_channel_and_fee(client: Client) -> None:
    fees = [
        {"amount": 10000, "currency": "VND", "condition": "Cấp mới,\n“một” lần", "text": "10.000"},
        {"amount": None, "currency": "", "condition": "", "text": "Miễn phí"},
    ]
    make_procedure(
        "1.000001",
        title='Tên có "ngoặc", phẩy',
        levels=["commune", "province"],
        channels=[
            ("channel", {"kind": "direct", "time_value": 1.5, "time_unit": "day", "fees": fees}),
            ("channel", {"kind": "online", "time_text": "Ngay", "fees": []}),
        ],
    )
    make_procedure("1.000002")
    found = rows(client)
    assert [(row["code"], row["channel"], row["fee_amount"]) for row in found] == [
        ("1.000001", "direct", "10000"),
        ("1.000001", "direct", ""),
        ("1.000001", "online", ""),
        ("1.000002", "", ""),
    ]
    assert found[0]["name"] == 'Tên có "ngoặc", phẩy'
    assert found[0]["fee_condition"] == "Cấp mới, “một” lần"
    assert found[0]["time_value"] == "1.5"
    assert found[1]["fee_text"] == "Miễn phí"
    assert found[2]["time_text"] == "Ngay"
    assert found[0]["url"] == "/thu-tuc/1.000001/"
    assert all(None not in row and None not in row.values() for row in found)


def test_who_has_it_gets_304(client: Client) -> None:
    page = make_procedure("1.000001")
    for address in (JSONL, CSV):
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    publish(page, title="Mới")
    assert client.get(CSV, headers={"If-None-Match": tag}).status_code == 200


def test_a_new_day_makes_a_new_file(client: Client, monkeypatch: Any) -> None:
    """Rules of the city begin and end with days, without a publication."""
    make_procedure("1.000001")
    before = client.get(CSV)["ETag"]
    tomorrow = open_data.timezone.localdate() + open_data.timezone.timedelta(days=1)
    monkeypatch.setattr(open_data.timezone, "localdate", lambda: tomorrow)
    assert client.get(CSV)["ETag"] != before


def test_only_a_chunk_is_in_memory(monkeypatch: Any) -> None:
    monkeypatch.setattr(open_data, "CHUNK", 2)
    for _ in range(5):
        make_procedure()
    lines = open_data.json_lines()
    with CaptureQueriesContext(connection) as queries:
        next(lines)
    assert len(queries) <= 2
    assert len(list(lines)) == 4


def test_the_page_of_open_data_lists_them(client: Client) -> None:
    text = client.get("/du-lieu-mo/").content.decode()
    for address in (JSONL, CSV, "/api/v1/procedures/schema.json", "/thay-doi/feed.atom"):
        assert f'href="{address}"' in text
