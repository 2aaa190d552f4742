"""What a sent rating passes by, and what it does not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from feedback.models import Rating
from feedback.poster_codes import current
from feedback.tokens import open_form
from tests.factories import make_counter

pytestmark = pytest.mark.django_db
GOOD = {"attitude": "5", "time": "4", "clarity": "0"}


@pytest.fixture
def counter():
    counter = make_counter()
    current(counter)
    return counter


@pytest.mark.parametrize("before", ["/r/", "/R/", "/en/r/"])
def test_a_sent_rating_makes_no_session_and_no_user(counter, before):
    answer = send(Client(enforce_csrf_checks=True), counter, before=before)
    assert answer.status_code == 303
    assert Rating.objects.count() == 1
    for name in ("session", "user", "_messages"):
        assert not hasattr(answer.wsgi_request, name)
    assert not answer.cookies


def test_what_is_wrong_is_shown_to_an_editor_who_is_signed_in_too(counter, admin_client):
    answer = send(admin_client, counter, attitude="")
    assert answer.status_code == 422
    assert "Câu trả lời này không đọc được" in answer.text


@pytest.mark.parametrize("address", ["/", "/r/", "/r/ABC1234", "/en/", "/admin/login/"])
def test_every_other_request_has_its_session(address):
    request = Client().get(address).wsgi_request
    assert hasattr(request, "session")
    assert hasattr(request, "user")


def test_other_forms_still_need_their_csrf_token():
    assert Client(enforce_csrf_checks=True).post("/admin/login/", {}).status_code == 403


@pytest.mark.parametrize(("before", "said"), [("/r/", "/r/"), ("/R/", "/r/"), ("/en/r/", "/en/r/")])
def test_the_thanks_are_in_the_language_the_form_was_in(counter, before, said):
    answer = send(Client(), counter, before=before)
    assert answer["Location"].startswith(f"{said}{counter.code}/cam-on?t=")


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "en", "vi"),
        ("/en/", "vi", "en"),
        ("/r/ABC1234", "en", "vi"),
        ("/en/r/ABC1234", "vi", "en"),
        ("/english/", "en", "vi"),
        ("/fr/", "fr", "vi"),
        ("/" + "en" * 40, "en", "vi"),
    ],
)
def test_the_address_alone_decides_the_language(address, accepted, language):
    page = Client().get(address, headers={"accept-language": accepted})
    assert page["Content-Language"] == language
    assert language == page.wsgi_request.LANGUAGE_CODE
    assert f'lang="{language}"' in page.text


def test_a_rating_and_its_form_are_never_kept(counter):
    for answer in (
        Client().get(f"/r/{counter.code}"),
        send(Client(), counter),
        send(Client(), counter, attitude=""),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert answer["Expires"] == "0"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_addresses_of_ratings_have_one_name_in_both_languages():
    for language, before in (("vi", ""), ("en", "/en")):
        with translation.override(language):
            assert reverse("rate", args=["ABC1234"]) == f"{before}/r/ABC1234"
            assert reverse("rate_thanks", args=["ABC1234"]) == f"{before}/r/ABC1234/cam-on"


def send(client, counter, *, before="/r/", **changed):
    """A form that was just opened, sent."""
    sent = {**GOOD, **changed, "token": open_form(counter.code).sign()}
    return client.post(f"{before}{counter.code}", sent)
