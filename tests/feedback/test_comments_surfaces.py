"""A telephone number typed in three ways, and an officer's name: on no surface, at no stage."""

from __future__ import annotations

import datetime
import logging

import pytest
from django.core import mail
from django.utils import timezone

from cms.models import Officer
from feedback import comments
from feedback.comment_letters import send_comment_reminders
from feedback.models import CommentStep
from tests.factories import make_counter, make_office
from tests.feedback.commented import staff, write

pytestmark = pytest.mark.django_db
TEXT = (
    "Chị Bích Đào hẹn ba lần. Gọi tôi 0912.345.678 hoặc +84 912 345 678, "
    "o9l2 345 678 cũng được: không chín một hai ba bốn năm sáu bảy tám. Chờ lâu quá."
)
SECRETS = ("345", "678", "912", "o9l2", "sáu bảy", "Đào", "Bích")


def clean(text: str) -> bool:
    """Nothing secret in it; what is public of the comment may be."""
    return not [secret for secret in SECRETS if secret in text]


@pytest.fixture
def counter():
    office = make_office(phone="024 0000 0001")
    Officer.objects.create(office=office, name="Nguyễn Thị Bích Đào", title="Chuyên viên")
    return make_counter(office, name="Quầy Một", code="ABCDEFG")


@pytest.fixture
def people(counter):
    return staff(counter.office)


def public(client, counter):
    """Every public surface, with its name."""
    office = counter.office
    for address in (
        f"/quay/{counter.code}/gop-y/",
        f"/quay/{counter.code}/gop-y/feed.atom",
        f"/co-quan/{office.slug}/gop-y/",
        f"/co-quan/{office.slug}/gop-y/feed.atom",
        "/api/v1/comments/",
        f"/api/v1/comments/?counter={counter.code}",
        f"/api/v1/comments/?office={office.slug}",
        f"/en/quay/{counter.code}/gop-y/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        yield address, response.content.decode()


def admin(client, user, comment):
    """Every screen of the editor that shows comments, with its address."""
    client.force_login(user)
    for address in ("/admin/gop-y/", "/admin/gop-y/?hang=xong", f"/admin/gop-y/{comment.pk}/"):
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        yield address, page[page.index("nice-padding") :] if "nice-padding" in page else page
    for part in ("cho", "xong"):
        response = client.get(f"/admin/gop-y/gop-y.csv?hang={part}")
        yield f"csv {part}", b"".join(response).decode()


def test_a_number_typed_three_ways_is_on_no_surface(
    client, counter, people, settings, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_HOST = "mail.example.vn"
    comment = write(counter, TEXT)
    editor, shown = people["editor"], "Chờ lâu quá"
    for address, page in admin(client, editor, comment):
        assert clean(page), address
    with django_capture_on_commit_callbacks(execute=True):
        comments.assign(comment_id=comment.pk, user=people["head"], to=editor)
    send_comment_reminders(comment.due_on + datetime.timedelta(days=30))
    assert len(mail.outbox) == 4
    for letter in mail.outbox:
        assert shown in letter.body
        assert clean(letter.body.replace(str(comment.pk), "")), letter.to
    client.logout()
    for address, page in public(client, counter):
        assert shown not in page, address
    comments.answer(comment_id=comment.pk, user=editor, text="Đã mở thêm quầy.")
    comments.publish(comment_id=comment.pk, user=editor)
    today = timezone.localdate()
    comments.mark_fixed(comment_id=comment.pk, user=editor, what="Thêm hai ghế.", on=today)
    ids = (str(comment.pk), comment.pk.hex)
    for address, page in public(client, counter):
        for one in ids:
            page = page.replace(one, "")
        assert shown in page, address
        assert "Thêm hai ghế." in page, address
        assert clean(page), address
    page = client.get(f"/quay/{counter.code}/").content.decode()
    part = page[page.index('id="gop-y-t"') :].replace(comment.pk.hex, "")
    assert shown in part
    assert clean(part[: part.index("</section>")])
    for address, page in admin(client, editor, comment):
        for one in ids:
            page = page.replace(one, "")
        assert clean(page), address
    client.logout()
    page = client.get(f"/gop-y/{comment.follow_up}/").content.decode()
    assert "Đã mở thêm quầy." in page
    assert "Thêm hai ghế." in page
    assert "hẹn ba lần" not in page
    log = " ".join(CommentStep.objects.values_list("note", flat=True))
    assert clean(log)
    assert "sáu bảy" not in caplog.text
    assert "0912.345.678" not in caplog.text


def test_the_original_only_on_the_screen_of_who_may_and_logged(client, counter, people):
    comment = write(counter, TEXT)
    address = f"/admin/gop-y/{comment.pk}/nguyen-van/"
    client.force_login(people["editor"])
    assert client.post(address).status_code in (302, 403)
    assert not CommentStep.objects.filter(kind="read").exists()
    client.force_login(people["head"])
    page = client.post(address)
    assert "0912.345.678" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert CommentStep.objects.get(kind="read").by == people["head"]
    assert "0912.345.678" not in client.get(f"/admin/gop-y/{comment.pk}/").content.decode()


def test_no_day_of_receipt_no_level_and_no_count_of_what_is_held(client, counter, people):
    write(counter, "Còn giữ lại")
    comment = write(counter, "Chờ lâu quá", day=datetime.date(2026, 11, 5))
    comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
    comments.publish(comment_id=comment.pk, user=people["editor"])
    for address, page in public(client, counter):
        assert "Còn giữ lại" not in page, address
        assert "05/11/2026" not in page, address
        assert "2026-11-05" not in page, address
    found = client.get("/api/v1/comments/").json()
    assert found["count"] == 1
    assert set(found["results"][0]) == {
        "id", "office", "counter", "month", "text", "answer", "answered_on", "fixed", "fixed_on",
        "published_on", "url",
    }  # fmt: skip
    assert found["results"][0]["month"] == "2026-11"


def test_screens_and_public_pages_never_look_at_the_rating(
    client, counter, people, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    comment = write(counter, "Chờ lâu quá")
    comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
    comments.publish(comment_id=comment.pk, user=people["editor"])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(public(client, counter))
        list(admin(client, people["editor"], comment))
        client.get(f"/gop-y/{comment.follow_up}/")
    assert asked.captured_queries
    assert not [one["sql"] for one in asked.captured_queries if '"feedback_rating"' in one["sql"]]


def test_a_page_of_comments_asks_the_same_for_one_as_for_many(
    client, counter, people, django_assert_max_num_queries
):
    for number in range(12):
        comment = write(counter, f"Chậm {number}")
        comments.answer(comment_id=comment.pk, user=people["editor"], text="Cảm ơn.")
        comments.publish(comment_id=comment.pk, user=people["editor"])
    client.get("/quay/ABCDEFG/gop-y/")
    with django_assert_max_num_queries(12):
        client.get("/quay/ABCDEFG/gop-y/?page=1")
    with django_assert_max_num_queries(4):
        assert client.get("/api/v1/comments/").json()["count"] == 12
    client.force_login(people["editor"])
    client.get("/admin/gop-y/?hang=xong")
    with django_assert_max_num_queries(40):
        client.get("/admin/gop-y/?hang=xong")
