"""After the rating form: limits, the thank-you page, the page of a follow-up code."""

from __future__ import annotations

from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from feedback.models import Comment, DailySalt, Rating
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


# Too many


def test_too_many_to_one_counter_are_asked_to_wait_and_keep_their_answers(
    client, counter, settings
):
    settings.RATINGS_PER_COUNTER_MINUTE = 2
    other = make_counter(counter.office, code="XYZ7890")
    with mock.patch("feedback.limits.time.time", return_value=6000.0):
        pages = [opened(client) for _ in range(3)]
        answers = [send(client, page, **GOOD) for page in pages]
        assert [answer.status_code for answer in answers] == [303, 303, 429]
        assert answers[2]["Retry-After"] == "60"
        assert Page(answers[2]).form["checked"] == GOOD
        assert Rating.objects.count() == 2
        assert opened(client)  # reading is not limited
        assert send(client, opened(client, f"/r/{other.code}"), **GOOD).status_code == 303
    with mock.patch("feedback.limits.time.time", return_value=6060.0):
        assert send(client, Page(answers[2]), **GOOD).status_code == 303


def test_guessing_codes_is_slowed_per_network_and_never_stops_a_real_counter(
    client, counter, settings
):
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 3
    with mock.patch("feedback.limits.time.time", return_value=6000.0):
        guesses = [client.get(f"/r/ZZZ999{n}") for n in range(4)]
        assert [guess.status_code for guess in guesses] == [404, 404, 404, 429]
        assert guesses[3]["Retry-After"] == "60"
        assert client.get("/gop-y/ZZZZZZZZZZZZ/").status_code == 429
        assert client.get("/r/ABC0123").status_code == 200
        assert client.get("/r/ZZZ9999", REMOTE_ADDR="198.51.100.7").status_code == 404
    assert DailySalt.objects.count() == 1


# Thank-you and follow-up


@pytest.mark.parametrize("query", ["", "?t=", "?t=forged", "?t=00000000000000000000000000000000:x"])
def test_a_thank_you_page_cannot_be_made_up(client, counter, query):
    response = client.get("/r/ABC0123/cam-on" + query)
    assert response.status_code == 404
    assert "Cảm ơn bạn!" not in response.content.decode()


def test_a_thank_you_page_belongs_to_its_counter(client, counter):
    other = make_counter(counter.office, code="XYZ7890")
    location = urlsplit(send(client, opened(client), **GOOD)["Location"])
    assert client.get(f"/r/{other.code}/cam-on?{location.query}").status_code == 404
    assert client.get(f"/r/ZZZ9999/cam-on?{location.query}").status_code == 404
    assert client.post(f"{location.path}?{location.query}").status_code == 405


def test_the_follow_up_code_shows_the_state_and_not_the_text(client, counter):
    send(client, opened(client), **GOOD, comment="Điều riêng tư")
    code = Comment.objects.get().follow_up
    for address in (f"/gop-y/{code}/", f"/gop-y/{code.lower()}/"):
        response = client.get(address)
        assert response.status_code == 200
        text = response.content.decode()
        assert "Đã nhận, đang được giữ" in text
        assert timezone.localdate().strftime("%d/%m/%Y") in text
        assert "Điều riêng tư" not in text
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("code", ["ZZZZZZZZZZZZ", "x", "%00", "A" * 99])
def test_an_unknown_follow_up_code_is_a_clear_page(client, db, code):
    response = client.get(f"/gop-y/{code}/")
    assert response.status_code == 404
    assert "Không có góp ý mang mã này" in response.content.decode()
