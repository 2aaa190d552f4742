"""A comment from the citizen's phone to the public page, through the hands of an office."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cms.groups import HEADS, OFFICE_EDITORS
from cms.models import Counter, EditorScope, Field, Handling, Officer
from feedback import comments
from feedback.comment_letters import send_comment_reminders
from feedback.models import Comment
from tests.browser.audit import violations, violations_in_both_schemes
from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import PASSWORD, sign_in
from tests.factories import make_counter, make_field, make_office

pytestmark = pytest.mark.browser

#: One number, typed three ways.
SAID = (
    "Hỏi mấy lần không ai trả lời. Gọi lại cho tôi: 0912345678, hoặc 09 1234 5678, hoặc không chín "
    "một hai ba bốn năm sáu bảy tám."
)
NUMBER = re.compile(r"12345678|1234 5678|chín một hai")
ANSWER = "Chúng tôi xin lỗi vì đã để ông/bà phải hỏi nhiều lần. Quầy đã có người hướng dẫn."


@pytest.fixture
def counter(site: LiveServer) -> Counter:
    """A counter of two officers, so that its comments name it; an editor and a head beside it."""
    field: Field = make_field("Cư trú")
    office = make_office("Chi nhánh số 1")
    found = make_counter(office, name="Quầy 3", main_field=field, code="ABC0123")
    for name in ("Trần Mẫu", "Lê Thử"):
        officer = Officer.objects.create(office=office, name=name, title="Chuyên viên")
        Handling.objects.create(counter=found, officer=officer, field=field)
    for login, group in (("bientap", OFFICE_EDITORS), ("truong", HEADS)):
        user = User.objects.create_user(login, f"{login}@example.vn", PASSWORD, first_name=login)
        user.groups.add(Group.objects.get(name=group))
        EditorScope.objects.create(user=user).offices.add(office)
    return found


def public_surfaces(counter: Counter) -> list[str]:
    office = counter.office.slug
    return [
        f"/quay/{counter.code}/",
        f"/quay/{counter.code}/gop-y/",
        f"/quay/{counter.code}/gop-y/feed.atom",
        f"/co-quan/{office}/",
        f"/co-quan/{office}/gop-y/",
        f"/co-quan/{office}/gop-y/feed.atom",
        f"/api/v1/comments/?counter={counter.code}",
    ]


def fetched(page: Page, address: str) -> str:
    response = page.request.get(address)
    assert response.ok, f"{address}: {response.status}"
    return response.text()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_phone_to_the_public_page(
    browse: Callable[..., Page], site: LiveServer, counter: Counter, settings: Any, size: dict
) -> None:
    settings.EMAIL_HOST = "mail.example.vn"  # so that letters leave
    phone = browse(viewport=size)
    phone.goto("/r/ABC0123")
    phone.locator("label:has(#attitude-1)").click()
    phone.get_by_label("Góp ý", exact=False).first.fill(SAID)
    phone.get_by_role("button", name="Gửi đánh giá").click()
    phone.wait_for_url("**/cam-on?t=*")
    code = Comment.objects.get().follow_up
    follow = f"/gop-y/{code}/"
    expect(phone.get_by_text(code)).to_be_visible()
    for address in public_surfaces(counter):
        assert "Hỏi mấy lần" not in fetched(phone, address), address

    comments.sort_new()
    desk = browse(viewport=size)
    sign_in(desk, site, "bientap")
    desk.goto("/admin/gop-y/")
    desk.get_by_role("link", name=re.compile("Hỏi mấy lần")).click()
    body = desk.locator(".comment-screen")
    expect(body).to_contain_text("Hỏi mấy lần")
    assert not NUMBER.search(body.inner_text())
    assert violations(desk) == []
    desk.get_by_role("button", name="Tôi nhận xử lý").click()
    expect(body).to_contain_text("người xử lý: bientap")

    # Who took it is reminded on the due day, by letter; nothing of the number is in it.
    due = Comment.objects.get().due_on
    assert due
    mail.outbox.clear()
    send_comment_reminders(due)
    assert [one.to for one in mail.outbox] == [["bientap@example.vn"]]
    assert "Hỏi mấy lần" in mail.outbox[0].body
    assert not any(NUMBER.search(f"{one.subject} {one.body}") for one in mail.outbox)

    answer = desk.locator("form[action$='/tra-loi/']")
    answer.get_by_label("Trả lời", exact=False).first.fill(ANSWER)
    answer.get_by_role("button", name="Ghi trả lời").click()
    expect(body).to_contain_text(ANSWER)
    phone.goto(follow)
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    assert ANSWER not in fetched(phone, public_surfaces(counter)[1])

    publishing = desk.locator("form[action$='/cong-khai/']")
    publishing.get_by_label("Tôi đã đọc lại", exact=False).check()
    publishing.get_by_role("button", name="Công khai").click()
    expect(body).to_contain_text("Công khai từ ngày")
    for address in public_surfaces(counter):
        text = fetched(phone, address)
        assert "Hỏi mấy lần" in text, address
        assert ANSWER in text, address
        assert not NUMBER.search(text), address
    phone.goto(f"/quay/{counter.code}/gop-y/")
    assert violations_in_both_schemes(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"]

    table = fetched(desk, "/admin/gop-y/gop-y.csv?hang=xong")
    assert "Hỏi mấy lần" in table
    assert not NUMBER.search(table)

    desk.get_by_text("Đã sửa", exact=True).click()
    mended = desk.locator("form[action$='/da-sua/']")
    mended.get_by_label("Đã sửa gì", exact=False).fill("Đã thêm một người hướng dẫn buổi sáng.")
    mended.get_by_label("Ngày sửa").fill(datetime.date.today().isoformat())
    mended.get_by_role("button", name="Ghi việc đã sửa").click()
    expect(body).to_contain_text("Đã thêm một người hướng dẫn")
    phone.goto(follow)
    expect(phone.get_by_text("Đã thêm một người hướng dẫn buổi sáng.")).to_be_visible()
    assert "Đã thêm một người hướng dẫn" in fetched(phone, public_surfaces(counter)[1])
