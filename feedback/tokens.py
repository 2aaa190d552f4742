"""Signed texts of the rating form: they carry no one's authority, only "this form was opened".

A form token makes a submission exactly-once (rating.md §1): it fixes the submission's UUID, the
code by which the form was opened, and the moment of opening. A thanks token names the stored
rating for its thank-you page.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.core import signing
from django.utils import timezone
from django.utils.encoding import force_bytes

#: A form may be sent this long after it was opened (rating.md §1).
FORM_LIFETIME = datetime.timedelta(days=7)
#: Longest text that is looked at; a real token has about 150 characters.
LONGEST_TOKEN = 600

_FORM_SALT = "feedback.form"
_THANKS_SALT = "feedback.thanks"


@lru_cache(maxsize=16)
def _derived(salt: str, secret: bytes) -> bytes:
    """The key Django derives of a salt and a secret anew for each signature."""
    return hashlib.sha256(salt.encode() + secret).digest()


class _KeyKept(signing.Signer):
    """Django's signatures (SHA-256), letter for letter, by a key that is derived once."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """The signature of ``value`` by ``key``, or by the site's."""
        derived = _derived(f"{self.salt!s}signer", force_bytes(key or self.key))
        return signing.b64_encode(hmac.digest(derived, force_bytes(value), "sha256")).decode()


class _KeyKeptWithTime(_KeyKept, signing.TimestampSigner):
    """The same with the moment of signing in the text."""


class BadToken(ValueError):
    """The token is not ours, was altered, or belongs to another counter."""


class OutdatedToken(BadToken):
    """The token is ours, and older than :data:`FORM_LIFETIME`."""


@dataclass(frozen=True)
class FormToken:
    """What an opened form fixes: submission UUID, code, opening moment (aware, whole seconds).

    ``code`` is the text of the counter's, screen's or one-time code as feedback.ways tidies it.
    The moment stays in the form: with the rating only its day is stored.
    """

    submission: uuid.UUID
    code: str
    opened_at: datetime.datetime

    @cached_property
    def opened(self) -> datetime.date:
        """The opening day in Vietnam: the service day of the rating."""
        return timezone.localdate(self.opened_at)

    def sign(self) -> str:
        """The text of the hidden field, signed now."""
        said = [self.submission.hex, self.code, int(self.opened_at.timestamp())]
        return _KeyKeptWithTime(salt=_FORM_SALT).sign_object(said)


def open_form(code: str) -> FormToken:
    """A new form for that code, opened now."""
    return FormToken(
        submission=uuid.uuid4(), code=code, opened_at=timezone.now().replace(microsecond=0)
    )


def read_form_token(text: str, *, code: str) -> FormToken:
    """The token in ``text``, made for that code within the last seven days.

    Raises :class:`OutdatedToken` when it is too old, :class:`BadToken` for anything else.
    """
    try:
        if len(text) > LONGEST_TOKEN:
            raise BadToken("too long")
        signer = _KeyKeptWithTime(salt=_FORM_SALT)
        submission, made_for, opened = signer.unsign_object(text, max_age=FORM_LIFETIME)
        token = FormToken(
            submission=uuid.UUID(hex=submission),
            code=made_for,
            opened_at=datetime.datetime.fromtimestamp(opened, datetime.UTC),
        )
    except signing.SignatureExpired as error:
        raise OutdatedToken("older than seven days") from error
    except (
        signing.BadSignature,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        OSError,
    ) as error:
        raise BadToken(str(error)) from error
    if token.code != code:
        raise BadToken("made for another code")
    return token


def sign_thanks(submission: uuid.UUID) -> str:
    """The text that opens a submission's thank-you page; always the same for the same UUID."""
    return _KeyKept(salt=_THANKS_SALT).sign(submission.hex)


def read_thanks(text: str) -> uuid.UUID:
    """The submission whose thank-you page this is; :class:`BadToken` when it is not ours."""
    try:
        if len(text) > LONGEST_TOKEN:
            raise BadToken("too long")
        return uuid.UUID(hex=_KeyKept(salt=_THANKS_SALT).unsign(text))
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(str(error)) from error
