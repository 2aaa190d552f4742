"""Picking an office in a real browser: the nearest one, and with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.models import Office
from tests.browser.conftest import PHONE
from tests.factories import make_office, make_procedure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROCEDURE = "/thu-tuc/1.004222/"
HERE = {"latitude": 21.0285, "longitude": 105.8542}


@pytest.fixture
def city(site: LiveServer) -> list[Office]:
    """Fourteen offices on a line to the north; the last one made is the nearest."""
    make_procedure("1.004222", title="Đăng ký thường trú")
    return [
        make_office(
            f"Điểm số {number}",
            address=f"{number} Phố Minh Hoạ",
            latitude=Decimal("21.0300") + Decimal("0.02") * (13 - number),
            longitude=Decimal("105.8542"),
        )
        for number in range(14)
    ]


def test_the_nearest_office_and_where_i_stand_goes_nowhere(
    browse: Callable[..., Page], city: list[Office]
) -> None:
    page = browse(viewport=PHONE, locale="vi-VN", geolocation=HERE, permissions=["geolocation"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + str(request.post_data or "")))
    page.goto(PROCEDURE)
    assert not any("vi-tri.json" in one for one in sent)  # nothing before the tap
    page.get_by_role("button", name="Tìm nơi gần tôi").click()
    near = page.locator("[data-nearest] li")
    expect(near).to_have_count(3)
    assert "Điểm số 13" in near.nth(0).inner_text()
    assert "170 m" in near.nth(0).inner_text()
    assert "Điểm số 12" in near.nth(1).inner_text()
    near.nth(0).get_by_role("link").click()
    expect(page.locator(".picker")).to_contain_text("Điểm số 13")
    assert page.url.endswith(f"{PROCEDURE}?office={city[13].slug}")
    assert not any("21.02" in one or "105.85" in one for one in sent)
    page.goto("/linh-vuc/")
    expect(page.locator(".picked-strip")).to_contain_text("Điểm số 13")


def test_a_browser_that_will_not_tell_says_what_to_do(
    browse: Callable[..., Page], city: list[Office]
) -> None:
    page = browse(viewport=PHONE, locale="vi-VN", permissions=[])
    page.goto(PROCEDURE)
    page.get_by_role("button", name="Tìm nơi gần tôi").click()
    expect(page.locator("[data-nearest] [role=status]")).to_contain_text(
        "Trình duyệt không cho biết vị trí."
    )


def test_without_script_there_is_no_button_and_the_search_works(
    browse: Callable[..., Page], city: list[Office]
) -> None:
    page = browse(viewport=PHONE, java_script_enabled=False)
    page.goto(PROCEDURE)
    assert page.get_by_role("button", name="Tìm nơi gần tôi").count() == 0
    page.get_by_label("Tên nơi nộp, đường hoặc phường, xã của bạn").fill("diem so 7")
    page.locator(".picker-form button").click()
    page.get_by_role("link", name=re.compile("Chọn nơi này.*Điểm số 7$")).click()
    expect(page.locator(".picker")).to_contain_text("Điểm số 7")


def test_keyboard_alone_picks_changes_and_takes_back(phone: Page, city: list[Office]) -> None:
    phone.goto(PROCEDURE)
    phone.get_by_label("Tên nơi nộp, đường hoặc phường, xã của bạn").focus()
    phone.keyboard.type("pho minh hoa 5")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/co-quan/**")
    phone.get_by_role("link", name=re.compile("Chọn nơi này.*Điểm số 5$")).focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".picker")).to_contain_text("Điểm số 5")
    phone.get_by_role("link", name="Đổi nơi nộp").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/co-quan/**")
    phone.get_by_role("link", name="Bỏ chọn nơi nộp").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**{PROCEDURE}")
    expect(phone.locator(".picker")).to_contain_text("Chọn nơi nộp để biết quầy nào")
    wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
