"""JSON of the history: versions, one version, the record as on a day, the record's schema."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from tests.cms.test_history import CODE, channels, publish, published
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
ADDRESS = f"/api/v1/procedures/{CODE}/"


def two_versions() -> Any:
    page = published(decision_number="1/QĐ", steps=[("step", "Nộp hồ sơ")])
    page.public_versions.update(published_at=timezone.now() - timedelta(days=10))
    return publish(page, channels=channels(10000), decision_number="2/QĐ", change_note="Giảm phí")


def test_list_newest_first_with_words(client: Client) -> None:
    two_versions()
    body = client.get(f"{ADDRESS}versions/").json()
    assert body["count"] == 2
    newest, first = body["results"]
    assert (newest["number"], first["number"]) == (2, 1)
    assert newest["changes"] == [
        "Số quyết định: 1/QĐ → 2/QĐ",
        "Lệ phí trực tiếp: 20.000 → 10.000 đồng",
    ]
    assert newest["reason"] == "Giảm phí"
    assert newest["change_count"] == 2
    assert newest["url"] == f"/thu-tuc/{CODE}/lich-su/2/"
    assert newest["id"].startswith("urn:uuid:")
    assert first["changes"] == []


def test_list_costs_the_same_for_any_number(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    page = published()
    for number in range(6):
        page.title = f"Tên {number}"
        page.save()
    with django_assert_max_num_queries(3):
        assert client.get(f"{ADDRESS}versions/").json()["count"] == 7


def test_one_version_whole(client: Client) -> None:
    two_versions()
    body = client.get(f"{ADDRESS}versions/1/").json()
    assert body["procedure"]["decision_number"] == "1/QĐ"
    assert body["procedure"]["version"] == 1
    assert body["procedure"]["channels"][0]["fees"][0]["amount"] == 20000
    assert body["city"]["standing"] == "active"
    after = client.get(f"{ADDRESS}versions/2/").json()
    assert [change["section"] for change in after["changes"]] == ["decision_number", "channels"]
    assert after["changes"][1]["old"]["amount"] == "20000"
    assert after["changes"][1]["text"] == "Lệ phí trực tiếp: 20.000 → 10.000 đồng"
    assert client.get(f"{ADDRESS}versions/3/").status_code == 404


def test_as_on(client: Client) -> None:
    two_versions()
    today = timezone.localdate()
    old = client.get(f"{ADDRESS}?as_on={today - timedelta(days=5)}").json()
    assert (old["version"], old["channels"][0]["fees"][0]["amount"]) == (1, 20000)
    now = client.get(f"{ADDRESS}?as_on={today}").json()
    assert (now["version"], now["channels"][0]["fees"][0]["amount"]) == (2, 10000)
    assert set(now) == set(client.get(ADDRESS).json())


def test_as_on_reads_the_citys_rules_of_that_day(client: Client) -> None:
    today = timezone.localdate()
    rule = {
        "valid_from": today - timedelta(days=2),
        "origin": "city",
        "fees": [{"amount": 5000, "currency": "VND"}],
    }
    page = published(local_rules=[("fees", rule)])
    page.public_versions.update(published_at=timezone.now() - timedelta(days=30))
    amounts = [
        client.get(f"{ADDRESS}?as_on={today - timedelta(days=days)}").json()["channels"][0]["fees"][
            0
        ]["amount"]
        for days in (3, 2)
    ]
    assert amounts == [20000, 5000]


@pytest.mark.parametrize(
    ("asked", "status"),
    [("2001-01-01", 404), ("2999-01-01", 400), ("abc", 400), ("", 400), ("2026-13-01", 400)],
)
def test_as_on_of_other_days_is_told(client: Client, asked: str, status: int) -> None:
    published()
    response = client.get(f"{ADDRESS}?as_on={asked}")
    assert response.status_code == status
    assert response.json()["detail"]


def test_never_public_is_not_found(client: Client) -> None:
    make_procedure(CODE, live=False).save_revision()
    for path in ("", "versions/", "versions/1/", "?as_on=2026-01-01"):
        assert client.get(f"{ADDRESS}{path}").status_code == 404


def test_described_by_openapi(client: Client) -> None:
    document = client.get("/api/v1/schema/?format=json").json()
    paths = document["paths"]
    for path in ("versions/", "versions/{number}/", "cpsv-ap/"):
        assert f"/api/v1/procedures/{{code}}/{path}" in paths
    assert {"/api/v1/open/procedures.csv", "/api/v1/open/procedures.jsonl"} <= set(paths)
    names = [one["name"] for one in paths["/api/v1/procedures/{code}/"]["get"]["parameters"]]
    assert "as_on" in names


def test_records_fit_the_published_schema(client: Client) -> None:
    page = two_versions()
    make_procedure("1.000001")
    item = {"name": "Tờ khai", "originals": 1, "copies": 0, "forms": ["Mẫu 01"], "heading": True}
    make_procedure(
        "1.000002",
        cases=[("case", {"name": "Cấp mới", "items": [item]})],
        legal_basis=[("basis", {"name": "Luật", "number": "1/2020"})],
        levels=["commune"],
        channels=[("channel", {"kind": "online", "fees": [{"condition": "Miễn phí"}]})],
    )
    schema = client.get("/api/v1/procedures/schema.json").json()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for code in (page.code, "1.000001", "1.000002"):
        record = client.get(f"/api/v1/procedures/{code}/").json()
        assert [error.message for error in validator.iter_errors(record)] == []
        assert set(record) == set(schema["properties"])
    old = client.get(f"{ADDRESS}versions/1/").json()["procedure"]
    assert [error.message for error in validator.iter_errors(old)] == []


def test_the_schema_refuses_what_is_no_record(client: Client) -> None:
    published()
    validator = Draft202012Validator(client.get("/api/v1/procedures/schema.json").json())
    record = client.get(ADDRESS).json()
    for broken in (
        {**record, "channels": [{"kind": "pigeon"}]},
        {**record, "code": 7},
        {key: value for key, value in record.items() if key != "name"},
    ):
        assert list(validator.iter_errors(broken))
