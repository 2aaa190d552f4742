"""The published figures in a real browser: board, counter, office, method, correction, in print."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from cms.models import Counter
from feedback.snapshots import publish_month
from tests.browser.audit import violations, violations_in_both_schemes
from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import PASSWORD, sign_in
from tests.feedback.city import AS_OF, MONTH, make_city, rate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Letters of a drawing as they stand on the screen, in pixels.
LETTERS = """() => [...document.querySelectorAll('svg text')].filter(one => one.checkVisibility())
    .map(one => one.getBoundingClientRect()).map(box => [box.left, box.right, box.top, box.bottom])
"""
#: Cells so narrow that words stand on top of each other.
SQUEEZED = """() => [...document.querySelectorAll('th, td')].filter(one => one.checkVisibility())
    .filter(one => getComputedStyle(one.closest("thead, tbody, tfoot")).position !== "absolute")
    .filter(one => {
      const text = document.createRange();
      text.selectNodeContents(one);
      const lines = new Set([...text.getClientRects()].map(box => Math.round(box.top / 8))).size;
      const letters = one.textContent.trim().length;
      return lines > 3 && letters / lines < 7;
    }).map(one => one.textContent.trim())"""


@pytest.fixture
def addresses(site: object) -> list[str]:
    """A city with three months, the last corrected, and the addresses of its figures."""
    city = make_city()
    for month in (4, 5, 6):
        publish_month(month=datetime.date(2026, month, 1))
    rate(city["big0"], 60, seed=9, channel="receipt", quality=0.1, days=20, until=AS_OF)
    publish_month(month=MONTH, reason="nhập bổ sung phiếu giấy")
    counter = city["big0"]
    return [
        "/cong-khai/",
        f"/quay/{counter.code}/",
        f"/quay/{city['hidden'].code}/",
        f"/co-quan/{counter.office.slug}/",
        "/cong-khai/dinh-chinh/2026-06/2/",
        "/phuong-phap/",
        "/phuong-phap/?m5=0&m1=0",
        "/cong-khai/so-kiem-tra/",
        "/du-lieu-mo/",
        f"/quay/{counter.code}/gop-y/",
        "/en/cong-khai/",
    ]


def test_axe_finds_nothing_in_light_and_dark(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=PHONE)
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert violations_in_both_schemes(page) == [], address


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_tables_and_drawings_can_be_read(
    browse: Callable[..., Page], addresses: list[str], width: int
) -> None:
    page = browse(viewport={"width": width, "height": 640})
    drawn = 0
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate(SQUEEZED) == [], address
        boxes = page.evaluate(LETTERS)
        drawn += len(boxes)
        for left, right, top, bottom in boxes:
            assert 9 <= bottom - top <= 30, address
            assert 0 <= left < right <= width, address
        for index, one in enumerate(boxes):
            for other in boxes[index + 1 :]:
                beside = one[1] <= other[0] or other[1] <= one[0]
                above = one[3] <= other[2] + 3 or other[3] <= one[2] + 3
                assert beside or above, (address, one, other)
    assert drawn > 20


def test_the_worked_example_answers_with_and_without_script(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    results = []
    for script in (True, False):
        page = browse(viewport=PHONE, java_script_enabled=script)
        page.goto("/phuong-phap/")
        page.locator("input[name=m1]").fill("40")
        page.get_by_role("button", name="Tính").click()
        page.wait_for_url("**/phuong-phap/?*m1=40*")
        results.append(page.locator("#ket-qua .score-number").inner_text())
    assert results[0] == results[1]


def test_the_report_of_an_office_on_screen_and_paper(
    browse: Callable[..., Page], site: LiveServer, addresses: list[str]
) -> None:
    User.objects.create_superuser("truong", "truong@example.vn", PASSWORD)
    page = browse(viewport=PHONE)
    sign_in(page, site, "truong")
    page.goto(f"/admin/bao-cao-co-quan/{Counter.objects.all()[0].office_id}/?thang=2026-06")
    assert page.get_by_role("heading", name="Việc nên làm trước").is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text()
    assert "Việc nên làm trước" in paper
    # Wagtail's page carries its settings, and a token, in an element that is not to be seen.
    assert "CSRF" not in paper.upper()
    assert "Trang chủ" not in paper


def test_nothing_is_lost_on_paper(browse: Callable[..., Page], addresses: list[str]) -> None:
    page = browse(viewport=DESK)
    page.emulate_media(media="print")
    for address in addresses[:5]:
        page.goto(address)
        # An A4 sheet less its margins.
        page.set_viewport_size({"width": 680, "height": 960})
        assert page.evaluate("document.documentElement.scrollWidth") <= 680, address
        assert page.evaluate(SQUEEZED) == [], address
    page.goto("/cong-khai/")
    assert page.locator(".board-table thead").is_visible()
