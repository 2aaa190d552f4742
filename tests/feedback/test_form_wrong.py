"""What a vandal and bad luck send to the rating form: refused clearly, answers kept."""

from __future__ import annotations

import datetime
import uuid
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from feedback.models import Comment, Rating
from feedback.tokens import FormToken, open_form
from tests.factories import make_counter, make_field, make_office
from tests.feedback.filling import GOOD, Page, opened, send


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def counter(db):
    return make_counter(
        make_office("Chi nhánh số 1 – Hoàn Kiếm"),
        name="Quầy 3",
        main_field=make_field("Cư trú"),
        code="ABC0123",
    )


@pytest.fixture
def strict():
    """A client that would be refused wherever a CSRF cookie is asked for."""
    return Client(enforce_csrf_checks=True)


def test_attitude_missing_keeps_everything_and_links_to_the_field(strict, counter):
    page = opened(strict)
    answer = send(strict, page, time="5", clarity="0", comment='<b>"Ghi" & nhớ</b>')
    assert answer.status_code == 422
    shown = Page(answer)
    assert shown.form["checked"] == {"time": "5", "clarity": "0"}
    assert shown.form["areas"]["comment"].strip() == '<b>"Ghi" & nhớ</b>'
    assert "#attitude-1" in shown.links
    assert "attitude-1" in shown.ids
    assert shown.text.index("#attitude-1") < shown.text.index("<form")
    assert 'id="attitude-error"' in shown.text
    assert 'aria-describedby="attitude-error"' in shown.text
    assert shown.text.split("<title>")[1].startswith("Lỗi: ")
    assert not Rating.objects.exists()
    # The corrected form goes through, once, with the same token.
    assert shown.token == page.token
    assert send(strict, shown, **GOOD).status_code == 303
    assert send(strict, page, **GOOD).status_code == 303
    assert Rating.objects.count() == 1


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("attitude", ["9"]),
        ("attitude", ["0"]),
        ("attitude", ["-1"]),
        ("attitude", ["abc"]),
        ("attitude", [""]),
        ("attitude", ["1", "1"]),
        ("attitude", ["4", "5"]),
        ("attitude", ["4.0"]),
        ("attitude", [" 4"]),
        ("attitude", ["٤"]),
        ("attitude", ["\x00"]),
        ("time", ["6"]),
        ("time", ["0", "5"]),
        ("clarity", ["-0"]),
        ("fees", ["1e0"]),
    ],
)
def test_wrong_levels_are_refused_at_their_field(strict, counter, item, values):
    page = opened(strict)
    answer = strict.post("/r/ABC0123", {"token": page.token, **GOOD, item: values})
    assert answer.status_code == 422
    shown = Page(answer)
    assert f"#{item}-1" in shown.links
    assert shown.form["checked"] == {k: v for k, v in GOOD.items() if k != item}
    assert not Rating.objects.exists()


@pytest.mark.parametrize("length", [2001, 100_000])
def test_a_comment_that_is_too_long_says_so_and_comes_back(strict, counter, length):
    answer = send(strict, opened(strict), **GOOD, comment="ạ" * length)
    assert answer.status_code == 422
    shown = Page(answer)
    kept = shown.form["areas"]["comment"].strip()
    assert kept == "ạ" * min(length, 10_000)
    assert "#comment" in shown.links
    assert f"Góp ý dài {length:,} ký tự".replace(",", ".") in shown.text
    assert ("giữ lại phần đầu" in shown.text) == (length > 10_000)
    assert shown.form["checked"] == GOOD
    assert not Rating.objects.exists()


def test_a_comment_of_exactly_2000_characters_counts_line_ends_once(strict, counter):
    text = ("a" * 9 + "\r\n") * 199 + "a" * 10
    assert send(strict, opened(strict), **GOOD, comment=text).status_code == 303
    assert len(Comment.objects.get().text) == 2000


def test_control_characters_are_dropped_from_a_comment(strict, counter):
    assert send(strict, opened(strict), **GOOD, comment="Tốt\x00\x07 lắm  ").status_code == 303
    assert Comment.objects.get().text == "Tốt lắm"


def old_token() -> str:
    week_ago = timezone.now() - datetime.timedelta(days=7, minutes=1)
    with mock.patch("django.core.signing.time.time", return_value=week_ago.timestamp()):
        return FormToken(submission=uuid.uuid4(), code="ABC0123", opened_at=week_ago).sign()


@pytest.mark.parametrize(
    ("token", "says"),
    [
        (lambda: "forged", "không hợp lệ"),
        (lambda: "", "không hợp lệ"),
        (lambda: None, "không hợp lệ"),
        (lambda: open_form("XYZ7890").sign(), "không hợp lệ"),
        (lambda: open_form("ABC0123").sign()[:-2], "không hợp lệ"),
        (old_token, "quá 7 ngày"),
    ],
    ids=["forged", "empty", "missing", "other counter", "cut off", "outdated"],
)
def test_a_bad_token_gives_a_fresh_form_with_the_answers(strict, counter, token, says):
    text = token()
    data = {**GOOD, "comment": "Giữ lại", **({} if text is None else {"token": text})}
    answer = strict.post("/r/ABC0123", data)
    assert answer.status_code == 422
    shown = Page(answer)
    assert says in shown.text
    assert shown.form["checked"] == GOOD
    assert shown.form["areas"]["comment"].strip() == "Giữ lại"
    assert not Rating.objects.exists()
    assert send(strict, shown, **GOOD).status_code == 303


@pytest.mark.parametrize(
    "code", ["ZZZ9999", "x", "A" * 300, "ABC 123", "%00", "ABC0124", "Đ12345", "..."]
)
def test_an_unknown_code_is_a_clear_page_and_no_form(client, counter, code):
    for response in (client.get(f"/r/{code}"), client.post(f"/R/{code}", GOOD)):
        assert response.status_code == 404
        page = Page(response)
        assert "Không có quầy mang mã này" in page.text
        assert page.forms == []


def test_an_unknown_code_is_shown_harmlessly(client, db):
    text = client.get("/r/<script>alert(1)<%2Fscript>").content.decode()
    assert "<script>alert" not in text


def test_a_closed_counter_and_an_unpublished_office_say_so(client, counter):
    page = opened(client)
    counter.active = False
    counter.save()
    for response in (client.get("/r/ABC0123"), send(client, page, **GOOD)):
        assert response.status_code == 410
        assert "không còn nhận đánh giá" in response.content.decode()
    counter.active = True
    counter.save()
    counter.office.unpublish()
    assert client.get("/r/ABC0123").status_code == 410
    assert not Rating.objects.exists()


def test_a_body_that_is_too_large_or_broken_is_a_clear_page(client, counter):
    huge = client.post("/r/ABC0123", {"comment": "a" * 3_000_000, **GOOD})
    assert huge.status_code == 413
    broken = client.post("/r/ABC0123", b"--x", content_type="multipart/form-data; boundary=")
    latin = client.post(
        "/r/ABC0123",
        b"attitude=4",
        content_type="application/x-www-form-urlencoded; charset=latin-1",
    )
    part = b'--x\r\nContent-Disposition: form-data; name="attitude"\r\n\r\n4\r\n--x--\r\n'
    no_text = client.generic(
        "POST", "/r/ABC0123", part, content_type="multipart/form-data; boundary=x; charset=rot13"
    )
    assert broken.status_code == latin.status_code == no_text.status_code == 400
    for response in (huge, broken, latin, no_text):
        assert "chưa có gì được ghi" in response.content.decode()
    assert not Rating.objects.exists()


def test_a_busy_database_keeps_the_answers(client, counter):
    page = opened(client)
    with mock.patch("feedback.views.submit_rating", side_effect=OperationalError("locked")):
        answer = send(client, page, **GOOD)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    shown = Page(answer)
    assert shown.form["checked"] == GOOD
    assert send(client, shown, **GOOD).status_code == 303
