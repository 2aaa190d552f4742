"""An editor who only knows Vietnamese publishes a procedure from start to end."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, Page, expect

from cms.groups import EDITORS, REVIEWERS
from cms.models import ProcedurePage
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}
PASSWORD = "mat-khau-thu-nghiem-1"
CODE = "1.999001"


def _user(name: str, group: str) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.add(Group.objects.get(name=group))
    return user


def _sign_in(page: Page, site, name: str) -> None:
    page.goto(f"{site.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Bốn Công Khai", level=1)).to_be_visible()


def _footer(page: Page, action: str) -> None:
    """Choose one of the ways to save from the menu at the foot of the form."""
    footer = page.locator("footer")
    footer.locator("[data-w-dropdown-target=toggle]").click()
    footer.get_by_role("button", name=action, exact=True).click()


def _row(panel: Locator, name: str) -> Locator:
    """The input of one part of a row, found by its label's place, not by its random id."""
    return panel.locator(f'[data-contentpath="{name}"]').locator("input, select").first


def _preview(page: Page):
    """The phone-sized preview beside the form."""
    frame = page.frame_locator("#w-preview-iframe")
    if not page.locator("#w-preview-iframe").is_visible():
        page.get_by_role("button", name="Mở hoặc đóng xem trước").click()
    return frame


@pytest.fixture
def site(live_server, settings):
    """The live server, known to the product by its own address: previews are made with it."""
    settings.PUBLIC_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    return live_server


@pytest.fixture
def page(browse) -> Page:
    """The editor's desk."""
    return browse(viewport=DESK, locale="vi-VN")


@pytest.fixture
def phone(browse) -> Page:
    """The citizen's phone."""
    return browse(locale="vi-VN")


@pytest.fixture
def reviewer(transactional_db) -> User:
    return _user("duyet", REVIEWERS)


@pytest.fixture
def editor(transactional_db) -> User:
    return _user("bien-tap", EDITORS)


def test_procedure_from_draft_to_citizen(site, page, phone, reviewer):
    make_field("Cư trú")
    _sign_in(page, site, "duyet")

    page.get_by_role("link", name="Thủ tục", exact=True).click()
    page.get_by_role("link", name="Thêm thủ tục").click()
    page.locator("#id_title").fill("Đăng ký thử nghiệm")
    page.locator("#id_code").fill(CODE)
    page.locator("#id_field").select_option(label="Cư trú")
    channels = page.locator("#panel-child-4_cong_khai-channels-content")
    channels.get_by_role("button", name="Thêm một dòng").click()
    _row(channels, "kind").select_option(label="Trực tiếp")
    _row(channels, "time_value").fill("3")
    _row(channels, "time_unit").select_option(label="ngày làm việc")
    channels.locator("[data-contentpath=fees]").get_by_role("button", name="Thêm").click()
    _row(channels, "amount").fill("15000")
    _row(channels, "currency").select_option(label="đồng (VND)")
    _footer(page, "Đăng")
    expect(page.get_by_text("Đã tạo và đăng trang")).to_be_visible()

    saved = ProcedurePage.objects.get(code=CODE)
    assert saved.live
    assert saved.slug == "1-999001"

    phone.goto(f"{site.url}/thu-tuc/{CODE}/")
    expect(phone.locator("main")).to_contain_text("15.000 đồng")
    expect(phone.locator("main")).to_contain_text("3 ngày làm việc")

    page.goto(f"{site.url}/admin/thu-tuc/?q=dang+ky+thu+nghiem")
    page.get_by_role("link", name="Đăng ký thử nghiệm").first.click()
    _row(channels, "amount").fill("25000")
    expect(_preview(page).locator("main")).to_contain_text("25.000 đồng")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("15.000 đồng")

    _footer(page, "Đăng")
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
    assert phone.reload().status == 404


def test_editor_sends_and_reviewer_approves(site, page, phone, browse, editor, reviewer):
    make_field("Hộ tịch")
    _sign_in(page, site, "bien-tap")
    page.goto(f"{site.url}/admin/thu-tuc/choose_parent/")
    page.locator("#id_title").fill("Thủ tục chờ duyệt")
    page.locator("#id_code").fill("1.999002")
    page.locator("#id_field").select_option(label="Hộ tịch")
    footer = page.locator("footer")
    footer.locator("[data-w-dropdown-target=toggle]").click()
    expect(footer.get_by_role("button", name="Đăng", exact=True)).to_have_count(0)
    footer.get_by_role("button", name="Gửi: Duyệt trước khi đăng").click()
    expect(page.get_by_text("gửi duyệt trang")).to_be_visible()
    assert not ProcedurePage.objects.get(code="1.999002").live

    other = browse(viewport=DESK, locale="vi-VN")
    _sign_in(other, site, "duyet")
    expect(other.get_by_text("Chờ bạn duyệt")).to_be_visible()
    other.get_by_role("link", name="Thủ tục chờ duyệt").first.click()
    other.locator("footer [data-w-dropdown-target=toggle]").click()
    other.locator("footer").get_by_role("button", name="Duyệt", exact=True).click()
    expect(other.get_by_text("Chờ bạn duyệt")).to_have_count(0)
    phone.goto(f"{site.url}/thu-tuc/1.999002/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Thủ tục chờ duyệt")


def test_duplicate_code_is_named_and_nothing_is_lost(site, page, reviewer):
    make_procedure("1.999003")
    _sign_in(page, site, "duyet")
    page.goto(f"{site.url}/admin/thu-tuc/choose_parent/")
    page.locator("#id_title").fill("Thủ tục trùng mã")
    page.locator("#id_code").fill("1.999003")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã có thủ tục mang mã 1.999003")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("Thủ tục trùng mã")
