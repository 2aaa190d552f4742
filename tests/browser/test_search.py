"""Search in a real browser: suggestions by keyboard, pointer and ear; results on a small screen."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.audit import violations, violations_in_both_schemes
from tests.browser.conftest import PHONE
from tests.factories import make_procedure
from tests.search.conftest import index, where  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Bytes of all scripts of a public page, compressed.
SCRIPTS = 10_000
NAMES = (
    "Đăng ký khai sinh",
    "Đăng ký lại khai sinh",
    "Đăng ký khai tử",
    "Đăng ký thành lập công ty cổ phần",
    "Đăng ký thành lập công ty hợp danh",
)


@pytest.fixture
def city(site: Any, index: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """A few procedures that can be found; of the curated phrases only one."""
    monkeypatch.setattr(
        "search.finder.phrases",
        lambda text, language, most: ["mở quán ăn"] if "quan" in text else [],
    )
    channels = [
        {
            "type": "channel",
            "value": {"kind": kind, "time_value": "3", "time_unit": "day", "fees": []},
        }
        for kind in ("direct", "online")
    ]
    for number, name in enumerate(NAMES):
        make_procedure(f"9.30000{number}", title=name, levels=["commune"], channels=channels)
    index()


@pytest.fixture
def box(city: None, phone: Page) -> Page:
    """The home page with the search box, on a phone."""
    phone.goto("/")
    phone.wait_for_selector("[role=combobox]")
    return phone


def type_in(page: Page, text: str) -> None:
    """Puts the text in at once: on a slow machine the box would ask between single keys."""
    page.locator("#q").focus()
    page.keyboard.insert_text(text)


def shown(page: Page) -> list[str]:
    page.wait_for_selector("[role=listbox]:not([hidden])")
    return page.locator("[role=option]").all_inner_texts()


def test_suggestions_come_with_the_second_character_without_marks(box: Page) -> None:
    asked: list[str] = []
    box.on("request", lambda r: asked.append(r.url) if "/suggest/" in r.url else None)
    type_in(box, "k")
    box.wait_for_timeout(400)
    assert asked == []
    box.locator("#q").evaluate(  # three keys with no pause between them
        """one => { for (const key of "hai") {
             one.value += key;
             one.dispatchEvent(new InputEvent("input", {bubbles: true}));
           } }"""
    )
    assert set(shown(box)) == set(NAMES[:3])
    assert len(asked) == 1  # one pause, one request


def test_what_was_typed_stands_out(box: Page) -> None:
    type_in(box, "KHAI s")
    shown(box)
    assert box.locator("[role=option]").first.locator("b").all_inner_texts() == ["khai", "s"]


def test_a_screen_reader_hears_names_and_states_in_order(box: Page) -> None:
    field = box.get_by_role("combobox", name="Việc cần làm")
    expect(field).to_have_attribute("aria-expanded", "false")
    type_in(box, "khai")
    first, second, third = shown(box)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(box.get_by_role("status")).to_have_text("3 gợi ý, dùng phím mũi tên để chọn.")
    box.keyboard.press("ArrowDown")
    heard = box.get_by_role("search").aria_snapshot()
    lines = [line.strip("- ") for line in heard.splitlines()]
    assert lines == [
        "search:",
        "text: Việc cần làm",
        'combobox "Việc cần làm" [expanded]: khai',
        'button "Tìm"',
        'listbox "Gợi ý":',
        f'option "{first}" [selected]',
        f'option "{second}"',
        f'option "{third}"',
        "status: 3 gợi ý, dùng phím mũi tên để chọn.",
    ]
    active = field.get_attribute("aria-activedescendant")
    assert box.locator(f"#{active}").inner_text() == first
    assert violations(box) == []


def test_the_keyboard_alone(box: Page) -> None:
    field = box.locator("#q")

    def active() -> str:
        found = field.get_attribute("aria-activedescendant")
        return box.locator(f"#{found}").inner_text() if found else ""

    type_in(box, "khai")
    first, second, last = shown(box)
    for key, expected in (
        ("ArrowDown", first),
        ("ArrowDown", second),
        ("End", last),
        ("ArrowDown", ""),
        ("ArrowUp", last),
        ("Home", first),
        ("ArrowUp", ""),
    ):
        box.keyboard.press(key)
        assert active() == expected, key
    box.keyboard.press("Escape")
    assert box.locator("[role=listbox]").is_hidden()
    assert field.input_value() == "khai"
    box.keyboard.press("ArrowDown")  # opens it again
    assert active() == first
    box.keyboard.press("ArrowDown")
    box.keyboard.press("Enter")
    box.wait_for_url(f"**/thu-tuc/9.30000{NAMES.index(second)}/")


def test_enter_without_a_choice_searches(box: Page) -> None:
    type_in(box, "khai sinh")
    shown(box)
    box.keyboard.press("Enter")
    box.wait_for_url("**/tim-kiem/?q=khai+sinh")


def test_a_tap_opens_the_procedure(box: Page) -> None:
    type_in(box, "hop danh")
    shown(box)
    box.get_by_role("option", name="hợp danh").click()
    box.wait_for_url("**/thu-tuc/9.300004/")


def test_a_curated_phrase_is_searched_for(box: Page) -> None:
    type_in(box, "mo quan")
    assert shown(box) == ["mở quán ăn"]
    box.keyboard.press("ArrowDown")
    box.keyboard.press("Enter")
    box.wait_for_url("**/tim-kiem/?q=m%E1%BB%9F+qu%C3%A1n+%C4%83n")
    assert box.locator("#q").input_value() == "mở quán ăn"


def test_nothing_is_asked_while_an_input_method_composes(box: Page) -> None:
    asked: list[str] = []
    box.on("request", lambda r: asked.append(r.url) if "/suggest/" in r.url else None)
    session = box.context.new_cdp_session(box)
    box.locator("#q").focus()
    for text in ("k", "kh", "kha", "khai"):
        session.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": 4, "selectionEnd": 4}
        )
        box.wait_for_timeout(250)
    assert asked == []
    session.send("Input.insertText", {"text": "khai"})
    assert len(shown(box)) == 3
    assert len(asked) == 1


def test_an_overtaken_request_is_given_up(box: Page) -> None:
    failed: list[Request] = []
    box.on("requestfailed", lambda request: failed.append(request))
    box.route("**/suggest/?q=kh", lambda route: None)  # never answered
    with box.expect_request("**/suggest/?q=kh"):
        type_in(box, "kh")
    type_in(box, "ai")
    assert len(shown(box)) == 3
    assert ["q=kh" in one.url for one in failed] == [True]


def test_the_list_ends_where_the_screen_does(box: Page) -> None:
    type_in(box, "dang")
    shown(box)
    edge = box.locator("[role=listbox]").bounding_box()
    assert edge
    assert edge["y"] + edge["height"] <= PHONE["height"]
    box.set_viewport_size({"width": 360, "height": 560})  # as when a keyboard opens
    box.wait_for_timeout(300)
    bottom = "one => one.getBoundingClientRect().bottom"
    assert box.locator("[role=listbox]").evaluate(bottom) <= 560


def test_without_script_it_is_a_form(city: None, browse: Callable[..., Page]) -> None:
    page = browse(viewport=PHONE, java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Việc cần làm").fill("khai sinh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_text("Lọc và xếp kết quả").click()
    page.get_by_label("Nộp được trực tuyến").check()
    page.get_by_label("Xếp theo").select_option("name")
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page).to_have_url(re.compile("online=1"))
    assert page.locator("article h3").first.inner_text() == "Đăng ký khai sinh"
    page.get_by_role("link", name="Bỏ lọc Nộp được trực tuyến").click()
    expect(page).not_to_have_url(re.compile("online"))
    assert "sort=name" in page.url


ADDRESSES = (
    "/tim-kiem/",
    "/tim-kiem/?q=khai+sinh+bao+nhieu+tien+nop+o+dau+can+giay+to+gi",
    "/tim-kiem/?q=thanh+lap+cong+ty&level=commune&online=1",
    "/tim-kiem/?q=khai+sihn",
    "/tim-kiem/?q=xyzzy",
    "/tim-kiem/?q=xyzzy+plugh+foo+sinh",
    "/en/tim-kiem/?q=khai+sinh",
)


def test_results_read_well_on_every_screen(city: None, browse: Callable[..., Page]) -> None:
    page = browse(viewport=PHONE)
    for address in ADDRESSES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert violations_in_both_schemes(page) == [], address
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.set_viewport_size(PHONE)


def test_scripts_weigh_little(city: None, browse: Callable[..., Page]) -> None:
    page = browse(viewport=PHONE)
    scripts: list[bytes] = []
    page.on(
        "response", lambda r: scripts.append(r.body()) if r.url.split("?")[0].endswith(".js") else 0
    )
    page.goto("/tim-kiem/?q=khai+sinh", wait_until="networkidle")
    assert scripts
    assert sum(len(gzip.compress(body)) for body in scripts) <= SCRIPTS
