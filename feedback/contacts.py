"""How the writer of a comment may be reached: kept by a consent of its own, for a limited time."""

from __future__ import annotations

import datetime

from django.utils import timezone

from feedback.models import Comment, Contact
from feedback.sql import insert_once

#: Days a contact is kept after the consent; long enough for an answer and one question more.
KEPT_DAYS = 90
#: Characters a contact may have.
LONGEST_CONTACT = 120


def keep_contact(comment: Comment, value: str, consented_on: datetime.date) -> bool:
    """Keep ``value`` beside the comment until :data:`KEPT_DAYS` after the day of the consent.

    The first one stays: the same form sent again changes nothing, and returns False. Raises
    ValueError for an empty or too long value, which no form lets through.
    """
    if not value or len(value) > LONGEST_CONTACT:
        raise ValueError(f"a contact has 1 to {LONGEST_CONTACT} characters")
    return insert_once(
        Contact(
            comment=comment,
            value=value,
            consented_on=consented_on,
            expires_on=consented_on + datetime.timedelta(days=KEPT_DAYS),
        )
    )


def forget_expired(today: datetime.date | None = None) -> int:
    """Delete the contacts whose last day is over; returns how many. Run by the worker."""
    deleted, _ = Contact.objects.filter(expires_on__lt=today or timezone.localdate()).delete()
    return deleted
