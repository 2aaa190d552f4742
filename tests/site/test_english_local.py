"""English of the city's layer: rules, due days, process, history, papers, comments, events."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags

from cms.change_words import texts_of
from cms.changes import compare
from cms.models import CitySettings, LifeEvent, LifeEventRow, ProcedurePage
from cms.requirements import REQUIREMENTS
from cms.wording import REQUIRED
from cms.working_days import holiday_name
from tests.factories import make_field, make_office, make_procedure
from tests.site.test_english import CITY, FIELD, OFFICE, TITLE, check

pytestmark = [pytest.mark.django_db, pytest.mark.walks]
CODE = "1.234567"


def fee(amount: int, condition: str = "") -> dict[str, Any]:
    return {"amount": amount, "currency": "VND", "condition": condition, "text": ""}


def rule(kind: str, **values: Any) -> tuple[str, dict[str, Any]]:
    common = {"valid_from": None, "valid_until": None, "decision": "", "origin": "city"}
    return (kind, common | values)


def channel(kind: str, value: str, unit: str, amount: int) -> tuple[str, dict[str, Any]]:
    return (
        "channel",
        {"kind": kind, "time_value": value, "time_unit": unit, "fees": [fee(amount)]},
    )


def rows() -> list[tuple[str, dict[str, Any]]]:
    steps = (("Tiếp nhận", "Sở Nọ", "2.5"), ("Trả", "Sở Kia", "1"))
    return [
        ("step", {"name": name, "work": "Xem hồ sơ", "agency": agency, "unit": "", "hours": hours})
        for name, agency, hours in steps
    ]


@pytest.fixture
def page() -> ProcedurePage:
    """Everything the city may lay over a procedure, in three versions."""
    settings = CitySettings.load()
    settings.city = CITY
    settings.save()
    today, soon = timezone.localdate(), timezone.localdate() + timedelta(days=9)
    item = {"name": "Tờ khai mẫu 01", "originals": 1, "copies": 2, "forms": ["mẫu.docx"]}
    made = make_procedure(
        CODE,
        title=TITLE,
        field=make_field(FIELD),
        live=False,
        steps=[("step", "Nộp tờ khai ở quầy bất kỳ")],
        cases=[("case", {"name": "Trẻ nhỏ", "items": [item]})],
        channels=[
            channel("direct", "7", "working_day", 20000),
            channel("online", "1.5", "hour", 10000),
            channel("postal", "1", "month", 10000),
        ],
    )
    made.save_revision().publish()
    draft = ProcedurePage.objects.get(pk=made.pk).get_latest_revision_as_object()
    draft.channels = [
        channel("direct", "5", "working_day", 10000),
        channel("online", "1.5", "hour", 10000),
    ]
    draft.local_rules = [
        rule("fees", channel="direct", adds=False, fees=[fee(8000)], decision="Số 5/NQ"),
        rule(
            "fees", channel="direct", adds=False, fees=[fee(0)], valid_from=soon, origin="national"
        ),
        rule("note", channel="online", text="Ảnh phải rõ nét", valid_from=soon),
        rule("condition", text="Đã định danh mức hai", valid_until=soon),
        rule("waived_paper", paper="Sổ đỏ cũ", reason="Đã tra cứu được"),
    ]
    draft.internal_process = rows()
    draft.applied, draft.applied_decision = "yes", "Số 77/QĐ"
    draft.applied_from, draft.review_due = date(2026, 1, 1), today - timedelta(days=3)
    draft.change_note = "Hội đồng giảm mức thu"
    draft.save_revision().publish()
    draft = ProcedurePage.objects.get(pk=made.pk).get_latest_revision_as_object()
    draft.steps = [("step", "Nộp tờ khai ở quầy bất kỳ, " + "nhớ mang theo bản gốc, " * 9)]
    draft.save_revision().publish()
    return ProcedurePage.objects.get(pk=made.pk)


def test_every_page_of_the_city_layer(client: Client, page: ProcedurePage) -> None:
    office = make_office(OFFICE, address="3 ngõ Gỗ", ward="phường Đáy")
    event = LifeEvent(name="Việc nhà", slug="viec-nha", everyday_words="lời quen")
    event.rows = [LifeEventRow(sort_order=0, procedure_code=CODE, note="Đến sớm thì hơn")]
    event.save()
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    addresses = {
        f"thu-tuc/{CODE}/": 200,
        f"thu-tuc/{CODE}/?office={office.slug}": 200,
        f"thu-tuc/{CODE}/?ngay={day}": 200,
        f"thu-tuc/{CODE}/?ngay=2020-01-01": 200,
        f"thu-tuc/{CODE}/?ngay=mai": 200,
        f"thu-tuc/{CODE}/giay-to/": 200,
        f"thu-tuc/{CODE}/giay-to/?case=9": 404,
        f"thu-tuc/{CODE}/gop-y/": 200,
        f"thu-tuc/{CODE}/gop-y/cam-on/?t=x": 200,
        f"thu-tuc/{CODE}/lich-su/": 200,
        f"thu-tuc/{CODE}/lich-su/?ngay=mai": 400,
        f"thu-tuc/{CODE}/lich-su/?ngay=2001-01-01": 404,
        f"thu-tuc/{CODE}/lich-su/2/": 200,
        f"thu-tuc/{CODE}/lich-su/9/": 404,
        f"thu-tuc/{CODE}/lich-su/so-sanh/?tu=1&den=3": 200,
        f"thu-tuc/{CODE}/niem-yet.pdf?size=A5": 404,
        "thay-doi/": 200,
        "thay-doi/?linh-vuc=khong-co": 404,
        "su-kien/": 200,
        "su-kien/khong-co/": 404,
        f"co-quan/?chon=/en/thu-tuc/{CODE}/": 200,
    }
    wrong = {}
    for address, status in addresses.items():
        response = client.get(f"/en/{address}")
        assert response.status_code == status, address
        if problems := check(response.content.decode()):
            wrong[address] = problems
    assert wrong == {}


def test_comment_with_nothing_in_it(client: Client, page: ProcedurePage) -> None:
    form = client.get(f"/en/thu-tuc/{CODE}/gop-y/").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', form)
    assert found
    sent = client.post(f"/en/thu-tuc/{CODE}/gop-y/", {"token": unescape(found[1])})
    assert sent.status_code == 422
    assert check(sent.content.decode()) == []
    assert "Choose the part that is wrong." in sent.content.decode()


def test_words_and_numbers(client: Client, page: ProcedurePage) -> None:
    text = " ".join(strip_tags(client.get(f"/en/thu-tuc/{CODE}/").content.decode()).split())
    assert "Working hours in all: 3.5 (in days of 8 hours: 0.44)." in text
    assert "Within the published limit of 5 working days." in text
    assert "This page has been due for review since" in text
    vietnamese = strip_tags(client.get(f"/thu-tuc/{CODE}/").content.decode())
    assert "Tổng cộng 3,5 giờ làm việc (0,44 ngày" in " ".join(vietnamese.split())


def test_changes_read_as_english(page: ProcedurePage) -> None:
    first, second = page.public_versions.order_by("number")[:2]
    with translation.override("en"):
        lines = texts_of(compare(first.content, second.content))
    assert "Fee (in person): 20,000 → 10,000 VND" in lines
    assert "Time limit (in person): 7 working days → 5 working days" in lines
    assert "Removed way to apply (by post): 1 month; 10,000 VND" in lines
    assert "Applied in this city: No decision on record → Applied" in lines
    assert any(line.endswith("2.5 working hours") for line in lines)


def test_what_lacked_is_told_in_english(client: Client, page: ProcedurePage) -> None:
    html = client.get(f"/en/thu-tuc/{CODE}/lich-su/").content.decode()
    assert "<li>An officer in charge is named</li>" in html


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((1, 0), (2, 0), "1 original → 2 originals"),
        ((0, 1), (1, 2), "1 copy → 1 original, 2 copies"),
    ],
)
def test_one_original_two_originals(
    before: tuple[int, int], after: tuple[int, int], words: str
) -> None:
    def content(counts: tuple[int, int]) -> dict[str, Any]:
        item = {"name": "Đơn", "originals": counts[0], "copies": counts[1], "forms": []}
        item["heading"] = False
        return {"cases": [{"name": "", "items": [item]}]}

    with translation.override("en"):
        assert texts_of(compare(content(before), content(after))) == [f"Paper “Đơn”: {words}"]


@pytest.mark.parametrize(
    ("name", "vietnamese", "english"),
    [
        ("Mùng hai Tết Nguyên Đán", "Tết Nguyên đán", "Tết, Lunar New Year"),
        ("làm bù", "làm bù", "make-up working day"),
        ("làm bù ngày 31/08: Quốc khánh", "làm bù ngày 31/08: Quốc khánh", "make-up working day"),
        (
            "nghỉ hoán đổi, làm bù 22/08: Quốc khánh",
            "nghỉ hoán đổi, làm bù 22/08: Quốc khánh",
            "day off in exchange for another",
        ),
        ("Mất điện", "Mất điện", "Mất điện"),
        ("", "", ""),
    ],
)
def test_names_of_days_that_differ(name: str, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert holiday_name(name) == vietnamese
    with translation.override("en"):
        assert holiday_name(name) == english


def test_all_requirements_are_known_to_the_catalogue() -> None:
    assert set(REQUIRED) == {one.sentence for one in REQUIREMENTS} | {"Có người làm"}


def test_life_events_we_know_have_english(client: Client) -> None:
    LifeEvent.objects.create(name="Có con", slug="co-con", everyday_words="khai sinh, nhận con")
    response = client.get("/en/su-kien/co-con/").content.decode()
    assert "<h1>Having a child</h1>" in response
    assert 'content="Having a child: birth, recognising a child"' in response
    assert "Có con" not in response
