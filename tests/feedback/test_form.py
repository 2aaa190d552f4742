"""The rating form as a browser, a program and a vandal meet it (contract.md, "The rating form")."""

from __future__ import annotations

import datetime
import re
import uuid
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import Comment, DailySalt, Rating, Rollup
from feedback.models.ratings import ITEMS, Standing
from feedback.tokens import FormToken, open_form
from tests.factories import make_counter, make_field, make_office

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"attitude": "4", "time": "5", "clarity": "0", "fees": "3"}


class Page(HTMLParser):
    """What a program sees: the first POST form's fields, ids, links."""

    def __init__(self, response) -> None:
        super().__init__()
        self.text = response.content.decode()
        self.forms: list[dict] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self._area: str | None = None
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "form":
            self.forms.append({"attrs": values, "hidden": {}, "radios": {}, "checked": {}})
        elif self.forms and tag == "input":
            form, kind, name = self.forms[-1], values.get("type"), values.get("name")
            if kind == "hidden":
                form["hidden"][name] = values["value"]
            elif kind == "radio":
                form["radios"].setdefault(name, []).append(values["value"])
                if "checked" in values:
                    form["checked"][name] = values["value"]
        elif self.forms and tag == "textarea":
            self._area = values["name"]
            self.forms[-1].setdefault("areas", {})[self._area] = ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None

    def handle_data(self, data):
        if self._area:
            self.forms[-1]["areas"][self._area] += data

    @property
    def form(self) -> dict:
        return self.forms[0]

    @property
    def token(self) -> str:
        return self.form["hidden"]["token"]


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


def opened(client: Client, address: str = "/r/ABC0123") -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response)


def send(client: Client, page: Page, **answers):
    data = {**page.form["hidden"], **{k: v for k, v in answers.items() if v is not None}}
    return client.post(page.form["attrs"]["action"], data)


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


def test_the_style_is_flat_and_the_script_old():
    css = (ROOT / "site/static/rate/rate.css").read_text()
    for modern in ("@layer", ":has(", "var(--", "&", "@container", "gap:", "display: grid"):
        assert modern not in css
    script = (ROOT / "site/static/rate/rate.js").read_text()
    for modern in ("?.", "??", "async ", "await ", "import ", "**", "class ", "#priv"):
        assert modern not in script


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
    page = opened(client)
    with CaptureQueriesContext(connection) as queries:
        answer = send(client, page, **GOOD)
    # counter, salt (twice at most, and its making), savepoint, event, device, rollups, release
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
    token = FormToken(submission=uuid.uuid4(), code="ABC0123", opened=yesterday)
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


# What goes wrong


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
        return FormToken(
            submission=uuid.uuid4(), code="ABC0123", opened=timezone.localdate(week_ago)
        ).sign()


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
