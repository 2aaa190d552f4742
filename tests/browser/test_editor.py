"""An editor who only knows Vietnamese publishes a procedure from start to end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cms.groups import EDITORS, REVIEWERS
from cms.models import ProcedurePage
from tests.browser.conftest import DESK
from tests.browser.desk import (
    begin,
    fill_date,
    footer,
    handled,
    make_user,
    part,
    rows_of,
    sign_in,
    write_channel,
    write_step_and_paper,
)
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.browser

CODE = "1.999001"


def _preview(page: Page):
    """The phone-sized preview beside the form."""
    frame = page.frame_locator("#w-preview-iframe")
    if not page.locator("#w-preview-iframe").is_visible():
        page.get_by_role("button", name="Mở hoặc đóng xem trước").click()
    return frame


def test_procedure_from_draft_to_citizen(site, page, phone):
    field = make_field("Cư trú")
    handled(field)
    make_user("duyet", REVIEWERS)
    sign_in(page, site, "duyet")

    page.get_by_role("link", name="Thủ tục", exact=True).click()
    page.get_by_role("link", name="Thêm thủ tục").click()
    page.locator("#id_title").fill("Đăng ký thử nghiệm")
    page.locator("#id_code").fill(CODE)
    page.locator("#id_field").select_option(label="Cư trú")
    page.locator("#id_decision_number").fill("1872/QĐ-BTP")
    write_step_and_paper(page)
    write_channel(page)
    channels = rows_of(page, "channels")
    footer(page, "Đăng")
    expect(page.get_by_text("Đã tạo và đăng trang")).to_be_visible()

    saved = ProcedurePage.objects.get(code=CODE)
    assert saved.live
    assert saved.slug == "1-999001"

    phone.goto(f"{site.url}/thu-tuc/{CODE}/")
    expect(phone.locator("main")).to_contain_text("15.000 đồng")
    expect(phone.locator("main")).to_contain_text("3 ngày làm việc")

    page.goto(f"{site.url}/admin/thu-tuc/?q=dang+ky+thu+nghiem")
    page.get_by_role("link", name="Đăng ký thử nghiệm").first.click()
    part(channels, "amount").fill("25000")
    expect(_preview(page).locator("main")).to_contain_text("25.000 đồng")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("15.000 đồng")

    footer(page, "Đăng")
    expect(page.get_by_text("Đã đăng trang")).to_be_visible()
    phone.reload()
    expect(phone.locator("main")).to_contain_text("25.000 đồng")
    expect(phone.locator("main")).not_to_contain_text("15.000 đồng")

    page.goto(f"{site.url}/admin/pages/{saved.pk}/history/")
    expect(page.locator("main")).to_contain_text("Bản đang đăng")
    page.goto(f"{site.url}/admin/pages/{saved.pk}/revisions/compare/earliest...live/")
    expect(page.locator("main")).to_contain_text("25000")

    page.goto(f"{site.url}/admin/pages/{saved.pk}/unpublish/")
    page.get_by_role("button", name="Có, gỡ xuống").click()
    expect(page.get_by_text("khỏi trang công khai")).to_be_visible()
    assert phone.reload().status == 410


def _missing(page: Page):
    return page.locator(".bck-checklist__line--missing")


def _jump(page: Page, sentence: str) -> None:
    page.locator("a[data-bck-goto]", has_text=f"Tới chỗ sửa: {sentence}").click()


def test_incomplete_is_refused_then_completed_published_and_read_in_the_history(
    site, page, phone, browse
):
    field = make_field("Hộ tịch")
    handled(field)
    make_user("bien-tap", EDITORS)
    make_user("duyet", REVIEWERS)
    sign_in(page, site, "bien-tap")
    begin(page, site, "Thủ tục chờ duyệt", "1.999002", field)
    page.get_by_role("tab", name="Công bố, rà soát").click()
    fill_date(page, page.locator("#id_review_due"), "01/02/2020")
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.wait_for_url("**/edit/**")

    # The author sees what is missing, and each line leads to its field, on whatever tab.
    expect(_missing(page)).to_have_count(5)
    page.get_by_role("tab", name="4 công khai").click()
    _jump(page, "Có số quyết định công bố")
    expect(page.locator("#id_decision_number")).to_be_focused()
    page.locator("#id_decision_number").fill("1872/QĐ-BTP")
    _jump(page, "Chưa quá ngày rà soát")
    due = page.locator("#id_review_due")
    expect(due).to_be_focused()
    expect(page.get_by_role("tab", name="Công bố, rà soát")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(due).to_have_value("01/02/2020")
    expect(due).to_be_in_viewport()
    fill_date(page, due, "")
    page.get_by_role("tab", name="4 công khai").click()
    write_step_and_paper(page)
    foot = page.locator("footer")
    foot.locator("[data-w-dropdown-target=toggle]").click()
    expect(foot.get_by_role("button", name="Đăng", exact=True)).to_have_count(0)
    foot.get_by_role("button", name="Gửi: Duyệt trước khi đăng").click()
    expect(page.get_by_text("gửi duyệt trang")).to_be_visible()

    # The reviewer may not let it out as it is, and is told why.
    desk = browse(viewport=DESK, locale="vi-VN")
    sign_in(desk, site, "duyet")
    expect(desk.get_by_text("Chờ bạn duyệt", exact=True)).to_be_visible()
    desk.get_by_role("link", name="Thủ tục chờ duyệt").first.click()
    expect(_missing(desk)).to_have_count(1)
    footer(desk, "Duyệt")
    refusal = desk.locator(".messages")
    expect(refusal).to_contain_text("Chưa đăng “Thủ tục chờ duyệt”; bản nháp đã lưu.")
    expect(refusal).to_contain_text("Chưa có hình thức nộp")
    assert not ProcedurePage.objects.get(code="1.999002").live
    assert phone.goto(f"{site.url}/thu-tuc/1.999002/").status == 404

    write_channel(desk)
    footer(desk, "Duyệt")
    desk.wait_for_url(lambda url: "/edit/" not in url)
    desk.goto(f"{site.url}/admin/")
    expect(desk.get_by_text("Chờ bạn duyệt", exact=True)).to_have_count(0)
    phone.goto(f"{site.url}/thu-tuc/1.999002/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thủ tục chờ duyệt")
    phone.get_by_role("link", name="Xem mọi thay đổi").click()
    versions = phone.locator(".versions > li")
    expect(versions).to_have_count(1)
    expect(versions).to_contain_text("Bản 1")
    expect(versions).to_contain_text("1872/QĐ-BTP")
    expect(versions).not_to_contain_text("chưa đủ")


def test_duplicate_code_is_named_and_nothing_is_lost(site, page):
    make_procedure("1.999003")
    make_user("duyet", REVIEWERS)
    sign_in(page, site, "duyet")
    page.goto(f"{site.url}/admin/thu-tuc/choose_parent/")
    page.locator("#id_title").fill("Thủ tục trùng mã")
    page.locator("#id_code").fill("1.999003")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã có thủ tục mang mã 1.999003")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("Thủ tục trùng mã")
