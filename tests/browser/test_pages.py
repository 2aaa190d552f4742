"""The public pages in a real browser: accessibility, keyboard, small screens, without script."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from cms.models import Handling, Officer
from tests.browser.audit import violations_in_both_schemes
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_counter, make_field, make_office, make_procedure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_NAME = "Giấy tờ có tên rất dài " * 30


@pytest.fixture
def addresses() -> list[str]:
    """A small city and the addresses of its public pages."""
    field = make_field("Đăng ký, quản lý cư trú")
    office = make_office("Chi nhánh số 1 – Phường Trung Tâm Thành Phố", ward="Phường Trung Tâm")
    make_office("Điểm tiếp nhận số 2")
    counter = make_counter(office, code="A0B1C2D", name="Quầy 3", main_field=field)
    officer = Officer.objects.create(
        office=office, name="Nguyễn Thị Mai", title="công chức tiếp nhận", phone="024 3825 0001"
    )
    Officer.objects.create(office=office, name="Trần Văn Trưởng", title="Giám đốc", role="head")
    Handling.objects.create(counter=counter, officer=officer, field=field)
    papers = [
        {"type": "item", "value": {"name": name, "originals": 1, "copies": 1, "forms": []}}
        for name in ("Tờ khai thay đổi thông tin cư trú", LONG_NAME)
    ]
    fee = {"amount": "20000", "currency": "VND", "condition": "Miễn cho trẻ em. " * 30}
    make_procedure(
        "1.004222",
        title="Đăng ký thường trú",
        plain_name="nhập hộ khẩu",
        field=field,
        levels=["province", "commune"],
        requirements="Đủ điều kiện theo quy định. " * 300,
        steps=[{"type": "step", "value": f"Bước {n}: Nộp hồ sơ."} for n in range(1, 6)],
        channels=[
            {
                "type": "channel",
                "value": {
                    "kind": kind,
                    "time_value": "7",
                    "time_unit": "working_day",
                    "fees": [{"type": "item", "value": fee}],
                },
            }
            for kind in ("direct", "online")
        ],
        cases=[
            {"type": "case", "value": {"name": name, "items": papers}}
            for name in ("Nhà của mình", "Thuê, mượn, ở nhờ")
        ],
    )
    return [
        "/",
        f"/thu-tuc/1.004222/?office={office.slug}",
        "/thu-tuc/1.004222/?office=",
        "/thu-tuc/1.004222/lich-su/",
        "/linh-vuc/",
        f"/linh-vuc/{field.slug}/",
        "/co-quan/",
        f"/co-quan/{office.slug}/",
        "/quay/A0B1C2D/",
        "/en/thu-tuc/1.004222/",
        "/khong-co-trang-nay/",
    ]


def test_axe_finds_nothing_in_light_and_dark(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=PHONE)
    for address in addresses:
        page.goto(address)
        assert violations_in_both_schemes(page) == [], address


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_sideways(
    browse: Callable[..., Page], addresses: list[str], width: int
) -> None:
    page = browse(viewport={"width": width, "height": 640})
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_buttons_and_navigation_are_large_enough_for_a_thumb(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=PHONE)
    for address in addresses:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 'button, select, summary, .nav a, .foot-links a, .button, a.tag, [type=search]')]
               .filter(one => one.checkVisibility())
               .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
               .filter(([, height]) => height < 43.9)"""
        )
        assert small == [], address


def test_keyboard_reaches_the_skip_link_first_and_the_focus_shows(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=DESK)
    page.goto(addresses[1])
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.get_attribute("href") == "#main"
    assert focused.bounding_box()["y"] >= 0  # type: ignore[index]
    outline = focused.evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_picking_an_office_without_script(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=PHONE, java_script_enabled=False)
    page.goto("/thu-tuc/1.004222/")
    page.get_by_label("Nơi nộp", exact=True).select_option(index=1)
    page.get_by_role("button", name="Chọn").click()
    expect(page.locator(".four")).to_contain_text("Nguyễn Thị Mai")
    page.goto("/thu-tuc/1.004222/")
    assert "Nguyễn Thị Mai" in page.locator(".four").inner_text()


def test_ticks_stay_on_this_device(browse: Callable[..., Page], addresses: list[str]) -> None:
    page = browse(viewport=PHONE)
    page.goto("/thu-tuc/1.004222/")
    box = page.get_by_label("Tờ khai thay đổi thông tin cư trú").first
    box.check()
    page.reload()
    assert page.get_by_label("Tờ khai thay đổi thông tin cư trú").first.is_checked()
    page.get_by_label("Tờ khai thay đổi thông tin cư trú").first.uncheck()
    page.reload()
    assert not page.get_by_label("Tờ khai thay đổi thông tin cư trú").first.is_checked()


def _compressed_size(response: Response) -> int:
    """Bytes of a page, style sheet or script as gzip would send them; pictures do not count."""
    kind = response.headers.get("content-type", "")
    if not any(word in kind for word in ("html", "css", "javascript")):
        return 0
    return len(gzip.compress(response.body()))


def test_a_page_weighs_little(browse: Callable[..., Page], addresses: list[str]) -> None:
    for address in addresses:
        page = browse(viewport=PHONE)
        responses: list[Response] = []
        page.on("response", lambda response, kept=responses: kept.append(response))
        page.goto(address, wait_until="networkidle")
        weight = sum(_compressed_size(response) for response in responses)
        assert 5_000 < weight < 60_000, address


def test_forced_colours_keep_the_four_tiles_apart(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=DESK, forced_colors="active")
    page.goto(addresses[1])
    width = page.locator(".tile").first.evaluate("one => getComputedStyle(one).borderTopWidth")
    assert width == "4px"


def test_the_printed_sheet_shows_code_version_and_everything_folded(
    browse: Callable[..., Page], addresses: list[str]
) -> None:
    page = browse(viewport=DESK)
    page.goto(addresses[1])
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".sheet-head .qr").is_visible()
    assert not page.locator(".head").is_visible()
    assert not page.locator(".foot").is_visible()
    assert page.locator("details.case:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.case:not([open])").count() == 1
