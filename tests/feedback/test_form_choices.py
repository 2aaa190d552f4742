"""What the form offers beside its questions: drivers, a contact, large letters, old browsers."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.drivers import ALL_DRIVERS, bits_of, names_of, words_of
from feedback.models import Comment, Contact, Rating
from feedback.models.ratings import DRIVERS
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


# What the answers are due to


@pytest.mark.parametrize("attitude", ["1", "3", "5"])
def test_the_same_choices_follow_every_answer(strict, counter, attitude):
    shown = Page(send(strict, opened(strict), time="1", drivers=["manner", "money"]))
    assert shown.form["ticked"] == [("drivers", "manner"), ("drivers", "money")]
    answer = send(strict, shown, attitude=attitude, drivers=["manner", "money"])
    assert answer.status_code == 303
    assert Rating.objects.get().drivers == 0b1000001


def test_a_choice_that_is_none_turns_no_rating_away(strict, counter):
    answer = send(strict, opened(strict), attitude="5", drivers=["order", "order", "x", "\x00"])
    assert answer.status_code == 303
    assert Rating.objects.get().drivers == 0b1000


def test_bits_and_names_of_drivers_are_two_ways_to_say_one_thing():
    for bits in range(ALL_DRIVERS + 1):
        assert bits_of(names_of(bits)) == bits
    assert len(words_of(ALL_DRIVERS)) == len(DRIVERS) == len(set(map(str, words_of(ALL_DRIVERS))))
    assert names_of(1 << len(DRIVERS)) == []


# The contact


def test_a_contact_is_kept_with_a_comment_and_its_own_consent(strict, counter):
    page = opened(strict)
    data = {**GOOD, "comment": "Xin gọi lại", "contact": " 0900\t000 000 ", "contact_consent": "1"}
    answers = [send(strict, page, **data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    contact = Contact.objects.get()
    assert contact.value == "0900 000 000"
    assert contact.comment == Comment.objects.get()
    today = timezone.localdate()
    assert contact.consented_on == today
    assert contact.expires_on == today + datetime.timedelta(days=90)
    text = strict.get(answers[0]["Location"]).content.decode()
    assert contact.expires_on.strftime("%d/%m/%Y") in text
    assert "0900" not in text


@pytest.mark.parametrize(
    ("filled", "anchor", "says"),
    [
        ({"contact": "a@vi-du.vn", "comment": "Ghi"}, "#contact-consent", "chưa đồng ý"),
        ({"contact": "a@vi-du.vn", "contact_consent": "1"}, "#contact", "cùng một góp ý"),
        (
            {"contact": "a" * 121, "contact_consent": "1", "comment": "Ghi"},
            "#contact",
            "120 ký tự",
        ),
    ],
)
def test_a_contact_that_may_not_be_kept_is_said_and_not_dropped(
    strict, counter, filled, anchor, says
):
    answer = send(strict, opened(strict), **GOOD, **filled)
    assert answer.status_code == 422
    shown = Page(answer)
    assert anchor in shown.links
    assert anchor[1:] in shown.ids
    assert says in shown.text
    assert '<details class="contact" open>' in shown.text
    assert shown.form["texts"]["contact"] == filled["contact"]
    assert shown.form["checked"] == GOOD
    assert not Rating.objects.exists()
    mended = {**GOOD, "comment": "Ghi", "contact": ""}
    assert send(strict, shown, **mended).status_code == 303
    assert not Contact.objects.exists()


def test_a_consent_to_nothing_is_no_error(strict, counter):
    answer = send(strict, opened(strict), **GOOD, comment="Ghi", contact_consent="1")
    assert answer.status_code == 303
    assert not Contact.objects.exists()


def test_a_rating_is_stored_with_its_contact_or_not_at_all(client, counter):
    page = opened(client)
    data = {**GOOD, "comment": "Xin gọi lại", "contact": "a@vi-du.vn", "contact_consent": "1"}
    with mock.patch("feedback.storing.keep_contact", side_effect=OperationalError("full")):
        assert send(client, page, **data).status_code == 503
    assert not Rating.objects.exists()
    assert send(client, page, **data).status_code == 303
    assert Rating.objects.count() == Contact.objects.count() == 1


# Comfort, and what is kept


def test_large_letters_stay_when_the_form_comes_back(strict, counter):
    switch = r'<input[^>]*id="large"[^>]*>'
    assert "checked" not in re.search(switch, opened(strict).text)[0]
    shown = Page(send(strict, opened(strict), large="1", time="3"))
    assert "checked" in re.search(switch, shown.text)[0]
    assert send(strict, shown, **GOOD, large="1").status_code == 303


def test_the_page_of_what_is_stored_names_every_time(client, counter):
    assert "/danh-gia/luu-gi/" in opened(client).links
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/danh-gia/luu-gi/")
    assert len(queries) <= 2
    text = Page(response).text
    for time in ("90 ngày", "60 ngày", "48 giờ", "7 ngày"):
        assert time in text
    assert client.get("/en/danh-gia/luu-gi/").status_code == 200
    assert client.post("/danh-gia/luu-gi/").status_code == 405


# Old browsers


#: What Chromium 60 (the WebView of old phones, in which chat apps open links) cannot read.
MODERN_STYLE = (
    "@layer", "@container", "@supports not", ":has(", ":is(", ":where(", ":focus-visible", "var(",
    "&", "gap:", "display: grid", "inset:", "aspect-ratio", "clamp(", "min(", "max(",
    "accent-color", "color-mix", "dvh", "-inline:", "-block:",
)  # fmt: skip
MODERN_SCRIPT = (
    r"\?\.[a-z\[(]", r"\?\?", r"\basync\b", r"\bawait\b", r"\bimport\b", r"\bclass\b", r"\*\*(?!/)",
    r"catch\s*\{", r"\.\.\.", r"\(\?<", r"\|\|=", r"\.finally\(", r"\.flat", r"\.at\(",
    r"\.matchAll\(", r"\.replaceAll\(", r"\.padStart\(", r"Object\.(entries|values|fromEntries)",
    r"#[a-z]+\s*[=(]", r"allSettled", r"AbortController", r"globalThis", r"queueMicrotask",
    r"navigator\.clipboard",
)  # fmt: skip


def bare(text: str) -> str:
    """Without comments and strings."""
    text = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.DOTALL)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def test_old_webviews_can_read_the_style_and_the_script():
    css = bare((ROOT / "site/static/rate/rate.css").read_text())
    assert [modern for modern in MODERN_STYLE if modern in css] == []
    # Every colour is a plain value; currentColor is as old as they are.
    assert not re.search(r"(rgb|hsl|oklch|lab)a?\([^)]*/", css)
    script = bare((ROOT / "site/static/rate/rate.js").read_text())
    assert [modern for modern in MODERN_SCRIPT if re.search(modern, script)] == []
