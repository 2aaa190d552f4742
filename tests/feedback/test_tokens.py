"""Signed form tokens: ours, in time, for this counter, or refused."""

from __future__ import annotations

import datetime
import uuid
from unittest import mock

import pytest
from django.core import signing

from feedback import tokens
from feedback.tokens import (
    BadToken,
    FormToken,
    OutdatedToken,
    open_form,
    read_form_token,
    read_thanks,
    sign_thanks,
)

SOME = "0123456789abcdef0123456789abcdef"
NOON = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)


def at(moment: datetime.datetime):
    """Signs and reads as if it were that moment."""
    return mock.patch("django.core.signing.time.time", return_value=moment.timestamp())


def test_a_token_comes_back_as_it_was_made():
    token = open_form("ABC1234")
    assert read_form_token(token.sign(), code="ABC1234") == token


def test_the_opening_day_is_the_day_in_vietnam():
    late_evening_utc = datetime.datetime(2026, 3, 5, 20, tzinfo=datetime.UTC)
    with mock.patch("django.utils.timezone.now", return_value=late_evening_utc):
        assert open_form("ABC1234").opened == datetime.date(2026, 3, 6)


def test_two_forms_are_two_submissions():
    assert open_form("ABC1234").submission != open_form("ABC1234").submission


def test_valid_for_seven_days_and_no_longer():
    token = FormToken(submission=uuid.uuid4(), code="ABC1234", opened_at=NOON)
    with at(NOON):
        text = token.sign()
    with at(NOON + datetime.timedelta(days=7) - datetime.timedelta(seconds=1)):
        assert read_form_token(text, code="ABC1234") == token
    with (
        at(NOON + datetime.timedelta(days=7, seconds=1)),
        pytest.raises(OutdatedToken),
    ):
        read_form_token(text, code="ABC1234")


def test_a_token_of_another_counter_is_refused():
    with pytest.raises(BadToken, match="another code"):
        read_form_token(open_form("ABC1234").sign(), code="ABC1235")


def test_every_altered_character_is_refused():
    text = open_form("ABC1234").sign()
    for place in range(len(text)):
        # The last character of base64 carries unused bits; two letters apart always differs.
        changed = "A" if text[place] not in "ABCD" else "z"
        forged = text[:place] + changed + text[place + 1 :]
        with pytest.raises(BadToken):
            read_form_token(forged, code="ABC1234")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "::::",
        "é" * 50,
        "\x00",
        "A" * 100_000,
        signing.dumps(["not-a-uuid", "ABC1234", "2026-03-05"], salt=tokens._FORM_SALT),
        signing.dumps([SOME, "ABC1234", "5.3.2026"], salt=tokens._FORM_SALT),
        signing.dumps([SOME, "ABC1234"], salt=tokens._FORM_SALT),
        signing.dumps({"a": 1}, salt=tokens._FORM_SALT),
        signing.dumps(7, salt=tokens._FORM_SALT),
        signing.dumps([SOME, "ABC1234", "2026-03-05"], salt="another.purpose"),
    ],
    ids=range(12),
)
def test_nonsense_is_refused(text):
    with pytest.raises(BadToken):
        read_form_token(text, code="ABC1234")


def test_the_thank_you_address_of_a_submission_never_changes():
    submission = uuid.uuid4()
    assert sign_thanks(submission) == sign_thanks(submission)
    assert read_thanks(sign_thanks(submission)) == submission


@pytest.mark.parametrize(
    "text", ["", "abc", "7c7103a5" * 4, "7c7103a5" * 4 + ":x", "é", "A" * 9999]
)
def test_a_thank_you_address_cannot_be_made_up(text):
    with pytest.raises(BadToken):
        read_thanks(text)


def test_signatures_are_djangos_own():
    token = open_form("ABC1234")
    fields = [token.submission.hex, token.code, int(token.opened_at.timestamp())]
    assert read_form_token(signing.dumps(fields, salt="feedback.form"), code="ABC1234") == token
    assert signing.loads(token.sign(), salt="feedback.form") == fields
    thanks = signing.Signer(salt="feedback.thanks").sign(token.submission.hex)
    assert sign_thanks(token.submission) == thanks


def test_a_new_key_of_the_site_signs_anew_and_still_reads_the_old(settings):
    token = open_form("ABC1234")
    old_key, text = settings.SECRET_KEY, token.sign()
    settings.SECRET_KEY = "another-key-of-the-site" * 3
    with pytest.raises(ValueError, match="Signature"):
        read_form_token(text, code="ABC1234")
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert read_form_token(text, code="ABC1234") == token
