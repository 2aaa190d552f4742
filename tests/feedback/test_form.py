"""The rating form, opened and sent by a browser and a program (contract.md, "The rating form")."""

from __future__ import annotations

import datetime
import re
import uuid
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback import poster_codes
from feedback.devices import salt_of
from feedback.models import Comment, Rating, Rollup
from feedback.models.ratings import DRIVERS, ITEMS, Standing
from feedback.tokens import FormToken
from tests.factories import make_counter, make_field, make_office
from tests.feedback.filling import GOOD, Page, opened, send

ROOT = Path(__file__).resolve().parents[2]


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


# Opening


def test_the_form_opens_with_office_counter_and_promise(client, counter):
    page = opened(client)
    assert page.text.index("Quầy 3 · Cư trú") < page.text.index("<form")
    assert "Chi nhánh số 1 – Hoàn Kiếm" in page.text
    promise = "không bao giờ hỏi mật khẩu, OTP hay tiền"
    assert page.text.index(promise) < page.text.index("<form")


def test_four_radio_groups_nothing_chosen_one_hidden_token(client, counter):
    page = opened(client)
    assert len(page.forms) == 1
    assert page.form["attrs"]["method"] == "post"
    assert page.form["radios"] == {
        "attitude": ["1", "2", "3", "4", "5"],
        "time": ["1", "2", "3", "4", "5", "0"],
        "clarity": ["1", "2", "3", "4", "5", "0"],
        "fees": ["1", "2", "3", "4", "5", "0"],
    }
    assert page.form["checked"] == {}
    assert list(page.form["hidden"]) == ["token"]
    assert page.form["areas"] == {"comment": ""}
    assert page.form["boxes"] == {"drivers": list(DRIVERS), "contact_consent": ["1"]}
    assert page.form["ticked"] == []
    assert page.form["texts"] == {"contact": ""}
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize(
    "address",
    [
        "/r/ABC0123", "/R/ABC0123", "/r/abc0123", "/r/abcol23", "/R/ABCOI23", "/r/ABC0123/",
        "/R/ABC0123/", "/en/r/abc0123", "/en/R/ABC0123/",
    ],
)  # fmt: skip
def test_any_case_slash_and_look_alike_letter_opens_and_sends(strict, counter, address):
    page = opened(strict, address)
    answer = strict.post(address, {**page.form["hidden"], **GOOD})
    assert answer.status_code == 303
    assert Rating.objects.count() == 1


def test_never_cached_and_at_most_three_queries(client, counter):
    poster_codes.current(counter)  # it was printed
    opened(client)  # the demo question is cached
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/R/ABC0123")
    assert "no-store" in response["Cache-Control"]
    assert len(queries) <= 3
    assert response.cookies["bck_r"]["httponly"]
    assert response.cookies["bck_r"]["samesite"] == "Lax"
    assert response.cookies["bck_r"]["max-age"] == 172800
    assert not response.cookies["bck_r"]["secure"]
    assert set(response.cookies) == {"bck_r"}


def test_the_cookie_is_secure_on_https_and_kept_by_the_browser(client, counter, settings):
    settings.PUBLIC_URL = "https://example.vn"
    first = client.get("/r/ABC0123").cookies["bck_r"]
    assert first["secure"]
    assert client.get("/r/ABC0123").cookies["bck_r"].value == first.value
    client.cookies["bck_r"] = "made up"
    assert len(client.get("/r/ABC0123").cookies["bck_r"].value) == 22


def test_the_whole_page_weighs_under_60_kilobytes(client, counter):
    weight = len(client.get("/r/ABC0123").content)
    for name in ("rate/rate.css", "rate/rate.js", "img/favicon.svg"):
        weight += (ROOT / "site/static" / name).stat().st_size
    assert weight < 60_000


def test_nothing_inline_that_the_content_policy_would_stop(client, counter):
    text = client.get("/r/ABC0123").content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text)


def test_other_methods(client, counter):
    assert client.head("/r/ABC0123").status_code == 200
    assert client.put("/r/ABC0123").status_code == 405
    assert client.delete("/r/ABC0123")["Allow"] == "GET, HEAD, POST"


# Sending


def test_a_rating_is_stored_and_thanked(strict, counter):
    answer = send(strict, opened(strict), **GOOD, comment="Cảm ơn chị ở quầy.\r\nNhanh lắm!")
    assert answer.status_code == 303
    assert "no-store" in answer["Cache-Control"]
    rating = Rating.objects.get()
    assert (rating.counter, rating.channel) == (counter, "poster")
    assert [getattr(rating, item) for item in ITEMS] == [4, 5, 0, 3]
    assert rating.service_day == timezone.localdate()
    assert rating.standing == Standing.COUNTED
    assert rating.comment.text == "Cảm ơn chị ở quầy.\nNhanh lắm!"
    thanks = strict.get(answer["Location"])
    assert thanks.status_code == 200
    text = thanks.content.decode()
    assert "Đánh giá của bạn đã được ghi nhận." in text
    assert rating.comment.follow_up in text
    assert "https://pakn.dichvucong.gov.vn" in text
    assert "không phải là phản ánh, kiến nghị" in text


def test_only_attitude_is_required(strict, counter):
    assert send(strict, opened(strict), attitude="1").status_code == 303
    rating = Rating.objects.get()
    assert [getattr(rating, item) for item in ITEMS] == [1, None, None, None]
    assert not Comment.objects.exists()


def test_few_queries_to_store_and_to_thank(client, counter):
    poster_codes.current(counter)  # it was printed
    salt_of(timezone.localdate())  # somebody rated today
    page = opened(client)
    with CaptureQueriesContext(connection) as queries:
        answer = send(client, page, **GOOD)
    # code with its counter, salt, savepoint, event, browser, trail, rollups, release
    assert len(queries) <= 10
    client.get(answer["Location"])
    with CaptureQueriesContext(connection) as queries:
        client.get(answer["Location"])
    assert len(queries) <= 4


def test_english_is_below_en_and_stays_there(strict, counter):
    page = opened(strict, "/en/r/abc0123")
    assert '<html lang="en">' in page.text
    answer = strict.post("/en/r/abc0123", {**page.form["hidden"], **GOOD})
    assert answer["Location"].startswith("/en/r/ABC0123/cam-on?t=")
    assert "/r/abc0123" in page.links


def test_the_service_day_is_the_day_the_form_was_opened(strict, counter):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    moment = timezone.now() - datetime.timedelta(days=1)
    token = FormToken(submission=uuid.uuid4(), code="ABC0123", opened_at=moment)
    assert strict.post("/r/ABC0123", {"token": token.sign(), **GOOD}).status_code == 303
    assert Rating.objects.get().service_day == yesterday


# Exactly once


def test_the_same_form_again_gives_the_same_thanks(strict, counter):
    page = opened(strict)
    answers = [send(strict, page, **GOOD, comment="Tốt") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer["Location"] for answer in answers}) == 1
    pages = {strict.get(answer["Location"]).content for answer in answers}
    assert len(pages) == 1
    assert Rating.objects.count() == Comment.objects.count() == 1
    assert Rollup.objects.get(item="attitude").count == 1


def test_the_same_form_with_other_answers_is_refused_and_kept(strict, counter):
    page = opened(strict)
    first = send(strict, page, **GOOD)
    again = send(strict, page, **{**GOOD, "attitude": "1"}, comment="Thêm")
    assert again.status_code == 422
    shown = Page(again)
    assert "đã được gửi trước đó với câu trả lời khác" in shown.text
    assert first["Location"] in [unescape(link) for link in shown.links]
    assert shown.form["checked"] == {**GOOD, "attitude": "1"}
    assert shown.form["areas"]["comment"].strip() == "Thêm"
    assert shown.token != page.token
    assert Rating.objects.get().attitude == 4


def test_a_browser_counts_once_a_day_and_is_told(client, counter):
    first = send(client, opened(client), **GOOD)
    second = send(client, opened(client), **{**GOOD, "attitude": "1"})
    assert first.status_code == second.status_code == 303
    assert sorted(Rating.objects.values_list("standing", flat=True)) == ["counted", "duplicate"]
    assert "không tính thêm vào điểm" in client.get(second["Location"]).content.decode()
    assert "không tính thêm vào điểm" not in client.get(first["Location"]).content.decode()
    assert sum(Rollup.objects.filter(item="attitude").values_list("count", flat=True)) == 1


def test_a_browser_may_rate_another_counter(client, counter):
    other = make_counter(counter.office, code="XYZ7890")
    send(client, opened(client), **GOOD)
    send(client, opened(client, f"/r/{other.code}"), **GOOD)
    assert set(Rating.objects.values_list("standing", flat=True)) == {"counted"}


def test_without_a_cookie_every_opening_is_a_browser(counter):
    for _ in range(2):
        assert send(Client(), opened(Client()), **GOOD).status_code == 303
    assert set(Rating.objects.values_list("standing", flat=True)) == {"counted"}
