"""What people do at an editor's desk: sign in, save, fill rows of the form."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.models import Field, Handling, Officer
from tests.factories import make_counter, make_office

PASSWORD = "mat-khau-thu-nghiem-1"


def make_user(name: str, group: str) -> User:
    """Somebody who can sign in, of a group."""
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.add(Group.objects.get(name=group))
    return user


def handled(field: Field) -> None:
    """Somebody, somewhere, handles every procedure of the field."""
    office = make_office()
    officer = Officer.objects.create(office=office, name="Trần Mẫu", title="Chuyên viên")
    Handling.objects.create(counter=make_counter(office), officer=officer, field=field)


def sign_in(page: Page, site: LiveServer, name: str) -> None:
    """To the editor's home."""
    page.goto(f"{site.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Bốn Công Khai", level=1)).to_be_visible()


def footer(page: Page, action: str) -> None:
    """Choose one of the ways to save from the menu at the foot of the form."""
    foot = page.locator("footer")
    foot.locator("[data-w-dropdown-target=toggle]").click()
    foot.get_by_role("button", name=action, exact=True).click()


def part(panel: Locator, name: str) -> Locator:
    """The input of one part of a row, found by its label's place, not by its random id."""
    return panel.locator(f'[data-contentpath="{name}"]').locator("input, select, textarea").first


def fill_date(page: Page, field: Locator, words: str) -> None:
    """A day typed into a date field; its calendar opens a moment later, and closes on Tab."""
    calendar = page.locator(".xdsoft_datetimepicker").locator("visible=true")
    field.focus()
    expect(calendar).to_be_visible()
    field.fill(words)
    field.press("Tab")
    expect(calendar).to_have_count(0)


def begin(page: Page, site: LiveServer, title: str, code: str, field: Field) -> None:
    """A new procedure with what every draft needs."""
    page.goto(f"{site.url}/admin/thu-tuc/choose_parent/")
    page.locator("#id_title").fill(title)
    page.locator("#id_code").fill(code)
    page.locator("#id_field").select_option(label=field.name)


def rows_of(page: Page, name: str) -> Locator:
    """The rows of a field on the first tab."""
    return page.locator(f"#panel-child-4_cong_khai-{name}-content")


def write_step_and_paper(page: Page) -> None:
    """One step, one paper."""
    steps, cases = rows_of(page, "steps"), rows_of(page, "cases")
    steps.get_by_role("button", name="Thêm một dòng").click()
    steps.locator("textarea").fill("Nộp hồ sơ tại quầy.")
    cases.get_by_role("button", name="Thêm một dòng").click()
    papers = cases.locator("[data-contentpath=items]")
    papers.get_by_role("button", name="Thêm").first.click()
    part(papers, "name").fill("Tờ khai")


def write_channel(page: Page) -> None:
    """In person, three working days, 15.000 đồng."""
    channels = rows_of(page, "channels")
    channels.get_by_role("button", name="Thêm một dòng").click()
    part(channels, "kind").select_option(label="Trực tiếp")
    part(channels, "time_value").fill("3")
    part(channels, "time_unit").select_option(label="ngày làm việc")
    channels.locator("[data-contentpath=fees]").get_by_role("button", name="Thêm").click()
    part(channels, "amount").fill("15000")
    part(channels, "currency").select_option(label="đồng (VND)")
