"""A citizen scans a code and rates: in a real browser, with and without script."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image

from feedback.models import Comment, Rating
from feedback.printing.qr import code_png
from tests.browser.audit import violations
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_counter, make_field, make_office

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(live_server, transactional_db):
    return make_counter(
        make_office("Chi nhánh số 1 – Hoàn Kiếm"),
        name="Quầy 3",
        main_field=make_field("Cư trú"),
        code="ABC0123",
    )


@pytest.fixture
def address(counter):
    """The path inside the printed picture, as a phone's camera reads it."""
    picture = Image.open(io.BytesIO(code_png(counter)))
    (found,) = zxingcpp.read_barcodes(picture)
    path = urlsplit(found.text).path
    assert path == "/R/ABC0123"
    return path


def tap(page, item: str, level: int) -> None:
    page.locator(f"label:has(#{item}-{level})").tap()


def test_scanned_tapped_sent_and_thanked_in_six_taps(browse, address):
    page = browse(has_touch=True)
    page.goto(address)
    last = page.locator("label:has(#attitude-5) .box").bounding_box()
    assert last["y"] + last["height"] <= PHONE["height"]  # the first question, on one screen
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.locator("input:checked").count() == 0
    for item, level in (("attitude", 5), ("time", 4), ("clarity", 3), ("fees", 0)):
        tap(page, item, level)
    page.get_by_role("button", name="Gửi đánh giá").tap()
    page.wait_for_url("**/cam-on?t=*")
    assert page.get_by_role("heading", name="Cảm ơn bạn!").is_visible()
    rating = Rating.objects.get()
    assert (rating.attitude, rating.time, rating.clarity, rating.fees) == (5, 4, 3, 0)
    assert not page.evaluate("sessionStorage.length")


def test_after_a_tap_the_next_question_comes_into_view(browse, address):
    page = browse(has_touch=True, reduced_motion="reduce")
    page.goto(address)
    tap(page, "attitude", 5)
    tap(page, "time", 4)
    box = page.locator("#clarity").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE["height"]


def test_all_with_the_keyboard(browse, address):
    page = browse()
    page.goto(address)
    page.locator("#attitude-1").focus()
    for _ in range(3):  # 1 → 4
        page.keyboard.press("ArrowRight")
    before = page.evaluate("scrollY")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # time: 1
    assert page.evaluate("document.activeElement.id") == "time-1"
    outline = page.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outline")
    assert "3px" in outline
    assert page.evaluate("scrollY") >= before
    page.locator("#comment").focus()
    page.keyboard.type("Nhanh, dễ hiểu")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cam-on?t=*")
    rating = Rating.objects.get()
    assert (rating.attitude, rating.time, rating.clarity) == (4, 1, None)
    code = Comment.objects.get().follow_up
    assert page.get_by_text(code).is_visible()
    page.get_by_role("link", name="Xem góp ý đang ở bước nào").click()
    assert page.get_by_role("heading", name="Đã nhận, đang được giữ").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_double_press_counts_once(browse, address, script):
    page = browse(java_script_enabled=script)
    page.goto(address)
    page.locator("#attitude-4").check(force=True)
    page.get_by_role("button", name="Gửi đánh giá").dblclick(no_wait_after=True)
    page.wait_for_url("**/cam-on?t=*")
    assert page.get_by_role("heading", name="Cảm ơn bạn!").is_visible()
    assert Rating.objects.count() == 1


def test_back_and_send_again_counts_once_a_day(browse, address):
    page = browse()
    for attitude in (4, 2):
        page.goto(address)
        assert page.locator("input:checked").count() == 0
        page.locator(f"#attitude-{attitude}").check(force=True)
        page.get_by_role("button", name="Gửi đánh giá").click()
        page.wait_for_url("**/cam-on?t=*")
    assert page.get_by_text("không tính thêm vào điểm").is_visible()
    assert sorted(Rating.objects.values_list("standing", flat=True)) == ["counted", "duplicate"]


def test_without_script(browse, address):
    page = browse(java_script_enabled=False)
    page.goto(address)
    page.locator("#time-2").check(force=True)
    page.get_by_role("button", name="Gửi đánh giá").click()
    assert page.get_by_role("alert").is_visible()
    assert page.locator("#time-2").is_checked()
    page.get_by_role("link", name="Bạn chưa chọn câu trả lời cho câu 1").click()
    page.locator("#attitude-3").check(force=True)
    page.get_by_role("button", name="Gửi đánh giá").click()
    assert page.get_by_role("heading", name="Cảm ơn bạn!").is_visible()
    assert Rating.objects.get().time == 2


def test_an_error_takes_the_focus_and_leads_to_the_field(browse, address):
    page = browse()
    page.goto(address)
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.id") == "summary"
    page.get_by_role("link", name="Bạn chưa chọn câu trả lời cho câu 1").click()
    assert page.evaluate("document.activeElement.id") == "attitude-1"


def test_a_draft_survives_a_reload_and_can_be_thrown_away(browse, address):
    page = browse()
    page.goto(address)
    page.locator("#fees-2").check(force=True)
    page.fill("#comment", "Đang viết dở")
    page.reload()
    assert page.locator("#fees-2").is_checked()
    assert page.input_value("#comment") == "Đang viết dở"
    page.get_by_role("button", name="Xoá, làm lại").click()
    assert page.locator("input:checked").count() == 0
    page.reload()
    assert page.locator("input:checked").count() == 0
    assert page.input_value("#comment") == ""
    other = browse()  # another person's browser
    other.goto(address)
    assert other.locator("input:checked").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing(browse, address, scheme, viewport):
    page = browse(color_scheme=scheme, viewport=viewport)
    page.goto(address)
    assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    page.locator("#attitude-2").check(force=True)
    page.fill("#comment", "Cần thêm ghế")
    assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_url("**/cam-on?t=*")
    assert violations(page) == []
    page.get_by_role("link", name="Xem góp ý đang ở bước nào").click()
    assert violations(page) == []
    page.goto("/r/ZZZ9999")
    assert violations(page) == []


def test_letters_twice_as_large_still_fit(browse, address):
    page = browse()
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    cut = page.evaluate(
        "[...document.querySelectorAll('.box, .word, legend')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.textContent)"
    )
    assert cut == []


def test_english(browse, address):
    page = browse()
    page.goto(address)
    page.get_by_role("link", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator("#attitude-5").check(force=True)
    page.locator("button.send").click()
    page.wait_for_url("**/en/r/ABC0123/cam-on?t=*")
    assert Rating.objects.count() == 1
