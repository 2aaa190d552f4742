"""schema.org in the page and CPSV-AP beside it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cms.linked_data import CPSV_CONTEXT, cpsv_ap, duration, government_service, script
from cms.record import ProcessingTime
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
CODE = "1.004222"


def fee(amount: Any = None, currency: str = "VND", condition: str = "") -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "condition": condition, "text": ""}


def full(**values: Any) -> Any:
    item = {"name": "Tờ khai", "originals": 1, "copies": 0, "forms": []}
    title = {"name": "Giấy tờ phải nộp", "originals": 0, "copies": 0, "forms": [], "heading": True}
    channel = {
        "kind": "direct",
        "time_value": 24,
        "time_unit": "hour",
        "fees": [fee(10000), fee(0), fee(5, "USD"), fee(None, "", "Miễn phí"), fee(20)],
    }
    values.setdefault("channels", [("channel", channel)])
    return make_procedure(
        CODE,
        title="Đăng ký thường trú",
        plain_name="nhập hộ khẩu",
        authority="UBND cấp xã",
        agency="Công an xã",
        result="Thông báo",
        requirements="Có chỗ ở hợp pháp",
        keywords="hộ khẩu, thường trú",
        steps=[("step", "Nộp"), ("step", "Nhận")],
        cases=[("case", {"name": "", "items": [title, item]})],
        legal_basis=[("basis", {"name": "Luật Cư trú", "number": "68/2020/QH14"})],
        **values,
    )


def test_durations_only_where_iso_has_them() -> None:
    def of(value: str, unit: str) -> str:
        return duration(ProcessingTime(Decimal(value), unit, ""))

    assert (of("24", "hour"), of("30", "day"), of("2", "month")) == ("PT24H", "P30D", "P2M")
    assert of("7", "working_day") == ""
    assert of("1.5", "day") == ""
    assert duration(ProcessingTime(None, "day", "ngay")) == ""


def test_prices_are_never_guessed() -> None:
    page = full()
    offers = government_service(page, page.channels_today)["offers"]
    # 0 alone, and 20 đồng that stand for thousands, are no prices.
    assert [(offer["price"], offer["priceCurrency"]) for offer in offers] == [
        ("10000", "VND"),
        ("5", "USD"),
        ("0", "VND"),
    ]


def test_the_page_carries_it(client: Client) -> None:
    full()
    response = client.get(f"/thu-tuc/{CODE}/")
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "GovernmentService"
    assert data["identifier"] == CODE
    assert data["alternateName"] == "nhập hộ khẩu"
    assert data["availableChannel"][0]["processingTime"] == "PT24H"
    assert data["url"] == f"http://testserver/thu-tuc/{CODE}/"


def test_no_text_closes_the_block() -> None:
    text = '</script><script>alert(1)</script>&\u2028"'
    block = script({"name": text})
    assert block.count("</script>") == 1
    assert block.count("<script") == 1
    inner = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert json.loads(inner) == {"name": text}


def ids(value: Any) -> list[str]:
    """Every ``@id`` a node of the document has as its own (references have nothing else)."""
    if isinstance(value, list):
        return [one for inner in value for one in ids(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["@id"]] if "@id" in value and len(value) > 1 else []
    return own + [one for key, inner in value.items() if key != "@context" for one in ids(inner)]


def keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(keys, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return {key for key in value if not key.startswith("@")}.union(*map(keys, value.values()))


def test_cpsv_ap() -> None:
    page = full()
    data = cpsv_ap(page, page.channels_today)
    assert data["@type"] == "cpsv:PublicService"
    # Mandatory in CPSV-AP 3: identifier, title, description, competent authority.
    assert data["dct:identifier"] == CODE
    assert data["dct:title"] == {"@value": "Đăng ký thường trú", "@language": "vi"}
    assert data["dct:description"]["@value"]
    assert data["cv:hasCompetentAuthority"]["dct:title"]["@value"] == "UBND cấp xã"
    costs = data["cv:hasCost"]
    assert costs[0]["cv:value"] == {"@value": "10000", "@type": "xsd:double"}
    assert "cv:value" not in costs[1]
    assert costs[2]["cv:currency"]["@id"].endswith("/USD")
    assert [one["dct:title"]["@value"] for one in data["cpsv:hasInput"]] == ["Tờ khai"]
    assert data["cv:hasLegalResource"][0]["dct:identifier"] == "68/2020/QH14"
    channel_ids = {one["@id"] for one in data["cv:hasChannel"]}
    assert {cost["cv:ifAccessedThrough"]["@id"] for cost in costs} <= channel_ids
    every = ids({key: value for key, value in data.items() if key != "@context"})
    assert len(every) == len(set(every))
    used = {key.partition(":")[0] for key in keys({k: v for k, v in data.items() if k[0] != "@"})}
    assert used <= set(CPSV_CONTEXT)


def test_empty_record_is_still_a_service() -> None:
    page = make_procedure(CODE, title="Trống")
    data = cpsv_ap(page, page.channels_today)
    assert data["cv:hasCompetentAuthority"]["dct:title"]["@value"]
    assert "cv:hasCost" not in data
    assert government_service(page, page.channels_today, city="Hà Nội")["provider"]["name"]


def test_addresses(client: Client) -> None:
    full()
    for address in (f"/thu-tuc/{CODE}/cpsv-ap.jsonld", f"/api/v1/procedures/{CODE}/cpsv-ap/"):
        response = client.get(address)
        assert response["Content-Type"].startswith("application/ld+json")
        assert json.loads(response.content)["dct:identifier"] == CODE
        assert client.get(address.replace(CODE, "9.999999")).status_code == 404
