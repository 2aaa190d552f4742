"""The citizen's checklist: the papers of one case, and where, when, how much, whom to ring."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from cms.models import Handling, Officer
from tests.factories import make_counter, make_office, make_procedure

pytestmark = pytest.mark.django_db
URL = "/thu-tuc/1.001193/giay-to/"


def _item(name: str, **value: Any) -> dict[str, Any]:
    return {"type": "item", "value": {"name": name, "originals": 1, "copies": 2, **value}}


@pytest.fixture
def page() -> Any:
    fee = {"amount": "8000", "currency": "VND", "condition": "Miễn cho hộ nghèo", "text": ""}
    return make_procedure(
        "1.001193",
        title="Đăng ký khai sinh",
        cases=[
            {
                "type": "case",
                "value": {
                    "name": "Trẻ có cha mẹ",
                    "items": [
                        _item("Tờ khai", forms=[{"type": "item", "value": "Mẫu số 01"}]),
                        _item("Giấy chứng sinh"),
                        _item("Lưu ý: mang bản chính", heading=True),
                    ],
                },
            },
            {
                "type": "case",
                "value": {"name": "Trẻ bị bỏ rơi", "items": [_item("Biên bản bàn giao")]},
            },
        ],
        channels=[
            {
                "type": "channel",
                "value": {
                    "kind": "direct",
                    "time_value": "5",
                    "time_unit": "working_day",
                    "fees": [{"type": "item", "value": fee}],
                },
            }
        ],
    )


def test_only_the_papers_of_the_chosen_case(client: Client, page: Any) -> None:
    first, second = client.get(URL).content.decode(), client.get(f"{URL}?case=2").content.decode()
    assert "Giấy chứng sinh" in first
    assert "Biên bản bàn giao" not in first
    assert "Biên bản bàn giao" in second
    assert "Giấy chứng sinh" not in second
    assert first.count('type="checkbox"') == 2  # the note has no box
    assert "Mẫu số 01" in first
    assert 'href="?case=2"' in first


@pytest.mark.parametrize("case", ["0", "3", "x", "-1", "99999999"])
def test_a_case_that_is_not_there(client: Client, page: Any, case: str) -> None:
    assert client.get(f"{URL}?case={case}").status_code == 404


def test_time_fee_condition_and_address(client: Client, page: Any) -> None:
    html = client.get(URL).content.decode()
    for words in ("5 ngày làm việc", "8.000 đồng", "Miễn cho hộ nghèo", "tổng đài 1022"):
        assert words in html
    assert 'class="qr"' in html


def test_the_picked_office_with_counter_officer_and_telephone(client: Client, page: Any) -> None:
    office = make_office("Chi nhánh Một", phone="024 1234 5678")
    counter = make_counter(office, name="Quầy 7")
    officer = Officer.objects.create(office=office, name="Trần Thị Mẫu", title="Công chức")
    Handling.objects.create(counter=counter, officer=officer, procedure_code="1.001193")
    html = client.get(f"{URL}?office={office.slug}").content.decode()
    for words in ("Chi nhánh Một", "Quầy 7", "Trần Thị Mẫu", "024 1234 5678", "8:00–11:30"):
        assert words in html
    assert "Chi nhánh Một" in client.get(URL).content.decode()  # stays picked


def test_waived_papers_have_no_box_and_say_why(client: Client, page: Any) -> None:
    rule = {"paper": "Giấy chứng sinh", "reason": "đã có dữ liệu điện tử", "origin": "city"}
    page.local_rules = [{"type": "waived_paper", "value": {**rule, "valid_from": "2027-01-01"}}]
    page.save()
    assert client.get(URL).content.decode().count('type="checkbox"') == 2
    with mock.patch("cms.paper_views.timezone.localdate", return_value=date(2027, 1, 1)):
        html = client.get(URL, headers={"cache-control": "no-cache"}).content.decode()
    assert html.count('type="checkbox"') == 1
    assert "đã có dữ liệu điện tử" in html


def test_without_papers_it_says_so(client: Client) -> None:
    make_procedure("1.000002")
    html = client.get("/thu-tuc/1.000002/giay-to/").content.decode()
    assert "chưa ghi thành phần hồ sơ" in html


def test_linked_from_the_papers_of_the_page(client: Client, page: Any) -> None:
    html = client.get("/thu-tuc/1.001193/").content.decode()
    assert f'href="{URL}?case=1"' in html
    assert f'href="{URL}?case=2"' in html


def test_unknown_code_is_a_page_that_says_so(client: Client) -> None:
    response = client.get("/thu-tuc/9.999999/giay-to/")
    assert response.status_code == 404
    assert "9.999999" in response.content.decode()
