"""Signed texts of the rating form: they carry no one's authority, only "this form was opened".

A form token makes a submission exactly-once (rating.md §1): it fixes the submission's UUID, the
counter and the opening day. A receipt token names the stored rating for its thank-you page.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone

#: A form may be sent this long after it was opened (rating.md §1).
FORM_LIFETIME = datetime.timedelta(days=7)
#: Longest text that is looked at; a real token has about 150 characters.
LONGEST_TOKEN = 600

_FORM_SALT = "feedback.form"
_THANKS_SALT = "feedback.thanks"


class BadToken(ValueError):
    """The token is not ours, was altered, or belongs to another counter."""


class OutdatedToken(BadToken):
    """The token is ours, and older than :data:`FORM_LIFETIME`."""


@dataclass(frozen=True)
class FormToken:
    """What an opened form fixes: submission UUID, counter code, opening day in Vietnam."""

    submission: uuid.UUID
    code: str
    opened: datetime.date

    def sign(self) -> str:
        """The text of the hidden field, signed now."""
        return signing.dumps(
            [self.submission.hex, self.code, self.opened.isoformat()], salt=_FORM_SALT
        )


def open_form(code: str) -> FormToken:
    """A new form for the counter of that code, opened today (Asia/Ho_Chi_Minh)."""
    return FormToken(submission=uuid.uuid4(), code=code, opened=timezone.localdate())


def read_form_token(text: str, *, code: str) -> FormToken:
    """The token in ``text``, made for the counter of that code within the last seven days.

    Raises :class:`OutdatedToken` when it is too old, :class:`BadToken` for anything else.
    """
    try:
        if len(text) > LONGEST_TOKEN:
            raise BadToken("too long")
        submission, made_for, opened = signing.loads(text, salt=_FORM_SALT, max_age=FORM_LIFETIME)
        token = FormToken(
            submission=uuid.UUID(hex=submission),
            code=made_for,
            opened=datetime.date.fromisoformat(opened),
        )
    except signing.SignatureExpired as error:
        raise OutdatedToken("older than seven days") from error
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise BadToken(str(error)) from error
    if token.code != code:
        raise BadToken("made for another counter")
    return token


def sign_thanks(submission: uuid.UUID) -> str:
    """The text that opens a submission's thank-you page; always the same for the same UUID."""
    return signing.Signer(salt=_THANKS_SALT).sign(submission.hex)


def read_thanks(text: str) -> uuid.UUID:
    """The submission whose thank-you page this is; :class:`BadToken` when it is not ours."""
    try:
        if len(text) > LONGEST_TOKEN:
            raise BadToken("too long")
        return uuid.UUID(hex=signing.Signer(salt=_THANKS_SALT).unsign(text))
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(str(error)) from error
