"""JSON of procedures, offices and counters: whole, public things only, in few queries."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from cms.models import CitySettings, Officer
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db


def block(kind, value, number=1):
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012d}"}


def full_procedure(code="1.004222", **values):
    fee = {
        "amount": "10000",
        "currency": "VND",
        "condition": "Nộp trực tuyến",
        "text": "10.000 đồng",
        "assumed": True,
    }
    zero = {"amount": "0", "currency": "", "condition": "", "text": "", "assumed": False}
    paper = {
        "name": "Tờ khai",
        "originals": 1,
        "copies": 2,
        "forms": [block("item", "Mẫu CT01")],
        "heading": False,
    }
    channel = {
        "kind": "online",
        "time_value": "1.5",
        "time_unit": "working_day",
        "time_text": "1.5 ngày làm việc",
        "fees": [block("item", fee), block("item", zero, 2)],
        "note": "Qua cổng",
    }
    case = {"name": "Lần đầu", "items": [block("item", paper)]}
    return make_procedure(
        code,
        title="Đăng ký thường trú",
        levels=["commune"],
        steps=json.dumps([block("step", "Bước 1"), block("step", "Bước 2", 2)]),
        channels=json.dumps([block("channel", channel)]),
        cases=json.dumps([block("case", case)]),
        legal_basis=json.dumps([block("basis", {"name": "Luật Cư trú", "number": "68/2020/QH14"})]),
        **values,
    )


def test_a_procedure_is_there_whole(client):
    full_procedure(result="Thông báo", full_name="Đăng ký thường trú tại chỗ ở hợp pháp")
    answer = client.get("/api/v1/procedures/1.004222/")
    assert answer.status_code == 200
    body = answer.json()
    assert body["code"] == "1.004222"
    assert body["name"] == "Đăng ký thường trú tại chỗ ở hợp pháp"
    assert body["url"] == "/thu-tuc/1.004222/"
    assert body["field"] == {"name": "Hộ tịch", "slug": "ho-tich"}
    assert body["steps"] == ["Bước 1", "Bước 2"]
    channel = body["channels"][0]
    assert channel["name"] == "Trực tuyến"
    by_nation = {"source": "national", "decision": "", "valid_from": None, "valid_until": None}
    assert channel["national"] is None
    assert channel["time"] == by_nation | {
        "value": 1.5,
        "unit": "working_day",
        "text": "1.5 ngày làm việc",
        "display": "1,5 ngày làm việc",
    }
    assert channel["fees"][0] == by_nation | {
        "amount": 10000,
        "currency": "VND",
        "currency_assumed": True,
        "condition": "Nộp trực tuyến",
        "text": "10.000 đồng",
        "display": "10.000 đồng",
    }
    assert "Miễn phí" not in channel["fees"][1]["display"]
    assert body["documents"][0]["items"][0]["forms"] == ["Mẫu CT01"]
    assert body["legal_basis"] == [{"name": "Luật Cư trú", "number": "68/2020/QH14"}]
    assert body["result"] == "Thông báo"
    assert body["version"] == 1


def test_version_and_date_follow_publication(client):
    page = full_procedure()
    page.save_revision(log_action=True).publish()
    page.refresh_from_db()
    body = client.get("/api/v1/procedures/1.004222/").json()
    assert body["published_at"].startswith(page.last_published_at.strftime("%Y-"))
    page.result = "Khác"
    page.save_revision(log_action=True).publish()
    assert client.get("/api/v1/procedures/1.004222/").json()["version"] == body["version"] + 1


def test_lists_are_pages_in_a_constant_number_of_queries(client, django_assert_num_queries):
    for number in range(12):
        full_procedure(f"1.00000{number:01d}" if number < 10 else f"1.0000{number}")
    full_procedure("1.999999", live=False)
    with django_assert_num_queries(2):
        body = client.get("/api/v1/procedures/").json()
    assert body["count"] == 12
    assert len(body["results"]) == 10
    assert body["previous"] is None
    assert body["next"].endswith("/api/v1/procedures/?page=2")
    first = body["results"][0]
    assert first["fee"] == "10.000 đồng, xem điều kiện"
    assert first["processing_time"] == "1,5 ngày làm việc"


def test_a_detail_takes_four_queries(client, django_assert_num_queries):
    """The page, its version, and for due days the city's rules and the changed days."""
    full_procedure()
    CitySettings.load()
    with django_assert_num_queries(4):
        client.get("/api/v1/procedures/1.004222/")


@pytest.mark.parametrize(
    "path",
    ["procedures/9.999999/", "procedures/x/", "counters/XXXXXXX/", "procedures/?page=99"],
)
def test_what_is_not_there_is_404_in_json(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["content-type"] == "application/json"
    assert "detail" in answer.json()


def test_a_draft_is_not_there(client):
    full_procedure(live=False)
    assert client.get("/api/v1/procedures/1.004222/").status_code == 404


def test_offices_show_active_people_only(client, django_assert_num_queries):
    for number in range(3):
        office = make_office(f"Chi nhánh {number}")
        make_counter(office)
        make_counter(office, active=False)
        field = make_field()
        Officer.objects.create(office=office, name="Người Ở", title="Chuyên viên", field=field)
        Officer.objects.create(office=office, name="Người Nghỉ", title="Trưởng", active=False)
    make_office("Đóng", live=False)
    with django_assert_num_queries(7):
        body = client.get("/api/v1/offices/").json()
    assert body["count"] == 3
    first = body["results"][0]
    assert [one["name"] for one in first["officers"]] == ["Người Ở"]
    assert len(first["counters"]) == 1
    assert len(first["hours"]) == 10
    assert first["hours"][0]["opens"] == "08:00:00"


def test_counters_tell_where_to_rate(client, settings, django_assert_num_queries):
    settings.PUBLIC_URL = "https://bck.example"
    counters = [make_counter(code=code) for code in ("ABC0123", "ABC0124")]
    counters[0].fields.add(make_field("Đất đai"))
    make_counter(active=False)
    with django_assert_num_queries(5):  # the last one: codes replaced since
        body = client.get("/api/v1/counters/").json()
    assert body["count"] == 2
    one = client.get("/api/v1/counters/abco123/").json()  # O is read as 0
    assert one["rating_url"] == "https://bck.example/R/ABC0123"
    assert one["url"] == "/quay/ABC0123/"
    assert [field["name"] for field in one["fields"]] == ["Đất đai"]
    assert one in body["results"]


def test_the_schema_describes_them_without_a_warning():
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    ours = {"/procedures/", "/procedures/{code}/", "/offices/", "/counters/", "/counters/{code}/"}
    assert {f"/api/v1{path}" for path in ours} <= set(schema["paths"])
    told = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert [text for text in told if "cms" in str(text)] == []
    amount = schema["components"]["schemas"]["Fee"]["properties"]["amount"]
    assert amount["type"] == "number"
    assert amount["nullable"] is True


def test_amounts_stay_exact(client):
    page = full_procedure()
    assert page.channel_rows[0].fees[0].amount == Decimal(10000)
    assert '"amount":10000,' in client.get("/api/v1/procedures/1.004222/").content.decode()
