"""A citizen scans a code and rates: in a real browser, with and without script."""

from __future__ import annotations

import datetime
import io
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from feedback import poster_codes
from feedback.drivers import names_of
from feedback.models import Comment, Contact, Rating
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
    picture = Image.open(io.BytesIO(code_png(poster_codes.current(counter))))
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
    page.locator("label:has(#driver-explaining)").tap()
    page.get_by_role("button", name="Gửi đánh giá").tap()
    page.wait_for_url("**/cam-on?t=*")
    expect(page.get_by_role("heading", name="Cảm ơn bạn!")).to_be_visible()
    rating = Rating.objects.get()
    assert (rating.attitude, rating.time, rating.clarity, rating.fees) == (5, 4, 3, 0)
    assert names_of(rating.drivers) == ["explaining"]
    assert not page.evaluate("localStorage.length")


def test_office_counter_warning_and_first_question_on_the_first_screen(browse, address):
    page = browse()
    page.goto(address)
    for what in (".where", ".promise", "#attitude", "#attitude-1 + .box", "#attitude-5 + .box"):
        box = page.locator(what).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"]
    faces = [page.locator(f"#attitude-{n} + .box").bounding_box() for n in range(1, 6)]
    assert len({(face["y"], face["width"], face["height"]) for face in faces}) == 1


def test_the_last_two_taps_are_on_one_screen(browse, address):
    page = browse(has_touch=True, reduced_motion="reduce")
    page.goto(address)
    for item in ("attitude", "time", "clarity", "fees"):
        tap(page, item, 4)
    for what in ("#drivers", "#driver-manner + .box", "button.send"):
        box = page.locator(what).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE["height"]


@pytest.mark.parametrize("script", [True, False])
def test_large_letters_are_one_tap_and_need_no_script(browse, address, script):
    page = browse(java_script_enabled=script)
    page.goto(address)
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    before = page.locator("#attitude legend").evaluate(size)
    width = page.locator("#attitude-3 + .box").bounding_box()["width"]
    page.locator("label.larger").click()
    assert page.locator("#attitude-3 + .box").bounding_box()["width"] > 4 * width
    page.locator("#time-2").check()
    assert page.locator("#attitude legend").evaluate(size) >= 1.35 * before
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    if script:
        assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()  # without attitude: it comes back
    page.locator("#summary").wait_for()
    assert page.locator("#large").is_checked()
    assert page.locator("#time-2").is_checked()
    if script:
        page.goto("/danh-gia/luu-gi/")
        assert page.locator("#large").is_checked()
        page.locator("label.larger").click()
        page.goto(address)
        assert not page.locator("#large").is_checked()


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("Số của tôi 001 199 012 345", True),
        ("CMND 012345678", True),
        ("Gọi 0912.345.678 nhé", True),
        ("+84 912 345 678", True),
        ("ten.toi@vi-du.vn", True),
        ("Đợi từ 8 giờ 30 đến 11 giờ 15, quầy 12, ngày 23/11/2026", False),
        ("Nộp 1.500.000 đồng, có biên lai số 12345", False),
    ],
)
def test_personal_data_is_warned_of_while_typing_and_stops_nothing(browse, address, text, private):
    page = browse()
    page.goto(address)
    page.locator("#attitude-4").check()
    page.locator("#comment").press_sequentially(text)
    expect(page.locator("#private")).to_be_visible(visible=private)
    if private:
        assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_url("**/cam-on?t=*")
    assert Comment.objects.get().text == text


def test_a_contact_needs_its_own_tick_and_the_code_can_be_copied(browse, address):
    page = browse()
    page.goto(address)
    page.locator("#attitude-2").check()
    page.fill("#comment", "Xin trả lời tôi")
    page.get_by_text("Muốn được liên hệ lại").click()
    page.fill("#contact", "ten@vi-du.vn")
    assert not page.locator("#contact-consent").is_checked()
    assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.get_by_role("link", name="chưa đồng ý cho lưu").click()
    expect(page.locator("#contact-consent")).to_be_focused()
    assert page.input_value("#contact") == "ten@vi-du.vn"
    assert violations(page) == []
    page.keyboard.press("Space")
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_url("**/cam-on?t=*")
    assert Contact.objects.get().value == "ten@vi-du.vn"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép mã").click()
    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    code = Comment.objects.get().follow_up
    assert page.evaluate("navigator.clipboard.readText()").strip() == code
    expect(page.get_by_role("button", name="In trang này")).to_be_visible()
    assert violations(page) == []


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
    page.locator("#driver-listening").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "driver-explaining"
    outline = page.evaluate("getComputedStyle(document.activeElement.nextElementSibling).outline")
    assert "3px" in outline
    page.locator("#comment").focus()
    page.keyboard.type("Nhanh, dễ hiểu")
    page.keyboard.press("Tab")  # the contact, closed
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cam-on?t=*")
    rating = Rating.objects.get()
    assert (rating.attitude, rating.time, rating.clarity) == (4, 1, None)
    assert names_of(rating.drivers) == ["listening"]
    code = Comment.objects.get().follow_up
    expect(page.get_by_text(code)).to_be_visible()
    page.get_by_role("link", name="Xem góp ý đang ở bước nào").click()
    expect(page.get_by_role("heading", name="Đã nhận, đang được giữ")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_double_press_counts_once(browse, address, script):
    page = browse(java_script_enabled=script)
    page.goto(address)
    page.locator("#attitude-4").check()
    page.get_by_role("button", name="Gửi đánh giá").dblclick(no_wait_after=True)
    page.wait_for_url("**/cam-on?t=*")
    expect(page.get_by_role("heading", name="Cảm ơn bạn!")).to_be_visible()
    assert Rating.objects.count() == 1


def test_back_and_send_again_counts_once_a_day(browse, address):
    page = browse()
    for attitude in (4, 2):
        page.goto(address)
        assert page.locator("input:checked").count() == 0
        page.locator(f"#attitude-{attitude}").check()
        page.get_by_role("button", name="Gửi đánh giá").click()
        page.wait_for_url("**/cam-on?t=*")
    expect(page.get_by_text("không tính thêm vào điểm")).to_be_visible()
    assert sorted(Rating.objects.values_list("standing", flat=True)) == ["counted", "duplicate"]


def test_without_script(browse, address):
    page = browse(java_script_enabled=False)
    page.goto(address)
    page.locator("#time-2").check()
    page.locator("#driver-waiting").check()
    page.get_by_text("Muốn được liên hệ lại").click()
    expect(page.locator("#contact")).to_be_visible()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("#summary")).to_be_visible()
    assert page.locator("#time-2").is_checked()
    assert page.locator("#driver-waiting").is_checked()
    page.get_by_role("link", name="Bạn chưa chọn câu trả lời cho câu 1").click()
    page.locator("#attitude-3").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("heading", name="Cảm ơn bạn!")).to_be_visible()
    assert Rating.objects.get().time == 2


def test_an_error_takes_the_focus_and_leads_to_the_field(browse, address):
    page = browse()
    page.goto(address)
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.get_by_role("alert").wait_for()
    expect(page.locator("#summary")).to_be_focused()
    page.get_by_role("link", name="Bạn chưa chọn câu trả lời cho câu 1").click()
    expect(page.locator("#attitude-1")).to_be_focused()


def test_a_draft_survives_a_reload_and_can_be_thrown_away(browse, address):
    page = browse()
    page.goto(address)
    page.locator("#fees-2").check()
    page.locator("#driver-money").check()
    page.fill("#comment", "Đang viết dở")
    closed, page = page, page.context.new_page()
    closed.close()
    page.goto(address)
    assert page.locator("#driver-money").is_checked()
    assert page.locator("#fees-2").is_checked()
    assert page.input_value("#comment") == "Đang viết dở"
    page.get_by_role("button", name="Xoá, làm lại").click()
    expect(page.locator("input:checked")).to_have_count(0)
    page.reload()
    assert page.locator("input:checked").count() == 0
    assert page.input_value("#comment") == ""
    page.locator("#fees-2").check()
    page.clock.set_fixed_time(timezone.now() + datetime.timedelta(days=7, minutes=1))
    page.reload()
    assert page.locator("input:checked").count() == 0  # a week is the end of a draft
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
    page.locator("#attitude-2").check()
    page.fill("#comment", "Cần thêm ghế")
    assert violations(page) == []
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_url("**/cam-on?t=*")
    assert violations(page) == []
    page.get_by_role("link", name="Xem góp ý đang ở bước nào").click()
    page.wait_for_url("**/gop-y/**")
    assert violations(page) == []
    for rest in ("/r/ZZZ9999", "/danh-gia/luu-gi/", "/en/danh-gia/luu-gi/", "/en/r/ABC0123"):
        page.goto(rest)
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
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("#attitude-5").check()
    page.locator("button.send").click()
    page.wait_for_url("**/en/r/ABC0123/cam-on?t=*")
    assert Rating.objects.count() == 1
