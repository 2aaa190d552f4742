"""Local rules, dates, lanes, history and reports as citizens meet them, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.audit import violations_in_both_schemes
from tests.browser.conftest import DESK, PHONE
from tests.browser.layer import ADDRESS, CODE, PAUSED, make_layered_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORT = f"{ADDRESS}gop-y/"
PICK = re.compile("Chọn nơi này.*số 9 –")


@pytest.fixture
def city(site: LiveServer) -> list[str]:
    """The addresses of the city's pages."""
    return make_layered_city()


def _examine(page: Page, where: str) -> None:
    """Nothing to report in any scheme at any width, and nothing to scroll sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], where
        assert violations_in_both_schemes(page) == [], (where, size)


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("half", [0, 1])
def test_every_new_page_in_both_schemes_and_widths(
    browse: Callable[..., Page], city: list[str], half: int
) -> None:
    page = browse(locale="vi-VN", reduced_motion="reduce")
    for address in city[half::2]:
        response = page.goto(address)
        assert response is not None
        before_the_first = address == f"{ADDRESS}lich-su/?ngay=2020-01-01"
        assert response.status == (404 if before_the_first else 200), address
        _open_everything(page)
        _examine(page, address)


def test_the_full_page_says_everything(phone: Page, city: list[str]) -> None:
    phone.goto(city[0])
    four = phone.locator(".four")
    coming = timezone.localdate() + timedelta(days=9)
    expect(four).to_contain_text(f"Từ {coming:%d/%m/%Y}, trực tiếp: 10.000 đồng")
    expect(four).to_contain_text("Nguyễn Thị Mai")
    due = phone.locator("#ngay-nhan")
    expect(due.get_by_label("Nếu nộp ngày")).to_have_value(
        f"{timezone.localdate() + timedelta(days=30)}"
    )
    expect(due).to_contain_text("Trực tuyến: ")
    lanes = phone.locator("#quy-trinh")
    expect(lanes.locator(".lane-heads li")).to_have_count(3)
    expect(lanes).to_contain_text("56 giờ làm việc")
    expect(phone.get_by_text("đến hạn rà soát")).to_be_visible()


def test_a_report_with_errors_then_thanks_then_the_follow_up(
    browse: Callable[..., Page], city: list[str]
) -> None:
    page = browse(locale="vi-VN", reduced_motion="reduce")
    page.goto(REPORT)
    page.get_by_role("button", name="Gửi góp ý").click()
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Sai ở đâu? Đúng ra là gì?")).to_have_attribute("aria-invalid", "true")
    _examine(page, "errors")
    alert.get_by_role("link").last.click()
    expect(page.get_by_label("Sai ở đâu? Đúng ra là gì?")).to_be_focused()
    page.get_by_label("Sai ở đâu? Đúng ra là gì?").fill("Lệ phí ở quầy là 10.000 đồng.")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cảm ơn góp ý của bạn")
    _examine(page, "thanks")
    code = page.locator(".follow-up-code").inner_text()
    page.get_by_role("link", name="Xem góp ý đang ở bước nào").click()
    expect(page.locator(".follow-up-code")).to_have_text(code)
    _examine(page, "follow-up")


def test_keyboard_alone_asks_for_another_day(phone: Page, city: list[str]) -> None:
    today = timezone.localdate()
    # The browser's own language decides what is typed first: day or month. This day reads alike.
    days = (today + timedelta(days=n) for n in range(14, 80))
    day = next(one for one in days if one.day == one.month)
    phone.goto(city[1])
    before = phone.locator("#ngay-nhan strong").first.inner_text()
    phone.get_by_role("link", name="Cách tính, chọn ngày khác").focus()
    phone.keyboard.press("Enter")
    # Where the next Tab goes is what counts for the keyboard; the scrolling is the browser's.
    phone.wait_for_url("**#ngay-nhan")
    phone.keyboard.press("Tab")
    expect(phone.get_by_label("Nếu nộp ngày")).to_be_focused()
    phone.keyboard.type(f"{day:%d%m%Y}")
    expect(phone.get_by_label("Nếu nộp ngày")).to_have_value(str(day))
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**ngay={day}*")
    expect(phone.get_by_label("Nếu nộp ngày")).to_have_value(str(day))
    expect(phone.locator("#ngay-nhan strong").first).not_to_have_text(before)


def test_without_script_office_and_day_stay_together(
    browse: Callable[..., Page], city: list[str]
) -> None:
    """One needs no script to pick an office, ask for a day, and see the history."""
    day = timezone.localdate() + timedelta(days=40)
    page = browse(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    page.goto(ADDRESS)
    page.get_by_label("Tên nơi nộp, đường hoặc phường, xã của bạn").fill("9 pho dinh tien hoang")
    page.locator(".picker-form button").click()
    page.get_by_role("link", name=PICK).click()
    page.get_by_label("Nếu nộp ngày").fill(str(day))
    page.get_by_role("button", name="Tính", exact=True).click()
    expect(page.locator(".picker")).to_contain_text("số 9 –")
    expect(page.get_by_label("Nếu nộp ngày")).to_have_value(str(day))
    expect(page.locator("#ngay-nhan")).to_contain_text("Tính theo lịch làm việc của Điểm phục vụ")
    page.get_by_role("link", name="Xem mọi thay đổi").click()
    expect(page.locator(".versions > li")).to_have_count(2)
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bản 1 so với bản 2")
    expect(page.locator("main")).to_contain_text("Bản sao căn cước")


def test_ticks_are_the_same_on_the_page_and_on_the_list_to_print(
    phone: Page, city: list[str]
) -> None:
    """A long name is folded on one page and whole on the other; a case hides another's papers."""
    phone.goto(ADDRESS)
    phone.locator("summary", has_text="Thuê, mượn, ở nhờ").click()
    phone.get_by_label("Hợp đồng thuê").check()
    phone.goto(f"{ADDRESS}giay-to/")
    form, long = phone.get_by_label("Tờ khai CT01"), phone.get_by_label("Hồ sơ có tên rất dài")
    form.check()
    long.check()
    form.uncheck()
    phone.goto(ADDRESS)
    expect(phone.get_by_label("Hợp đồng thuê")).to_be_checked()
    expect(phone.get_by_label("Hồ sơ có tên rất dài")).to_be_checked()
    expect(phone.get_by_label("Tờ khai CT01").first).not_to_be_checked()


def test_a_paused_page_takes_nothing_and_says_why(phone: Page, city: list[str]) -> None:
    phone.goto(f"/thu-tuc/{PAUSED}/")
    expect(phone.locator(".standing")).to_contain_text("Nâng cấp hệ thống")
    expect(phone.get_by_role("link", name="Nộp trực tuyến")).to_have_count(0)
    phone.goto("/thu-tuc/1.000999/")
    phone.get_by_role("link", name="Xem thủ tục thay thế").click()
    phone.wait_for_url(f"**/thu-tuc/{CODE}/")
