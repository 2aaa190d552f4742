"""Poster duplicate control: which browser has rated which counter today (rating.md §1).

A first-party random cookie is HMACed with a salt of the day. The salt is destroyed after 48
hours, and with it the last way to tell that two marks belong to one browser.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets

from django.utils import timezone

from feedback.models import DailySalt, DeviceDay
from feedback.sql import insert_once

#: Days a salt and its marks are kept after their own: 48 hours in all, today's included.
KEPT_DAYS = 1


def salt_of(day: datetime.date) -> bytes | None:
    """The day's 32-byte salt, made at its first use; None for a day whose salt is destroyed.

    Two processes that start the day at once agree: the insert that comes first wins.
    """
    if day < timezone.localdate() - datetime.timedelta(days=KEPT_DAYS):
        return None
    found = DailySalt.objects.filter(day=day).values_list("salt", flat=True).first()
    if found is None:
        insert_once(DailySalt(day=day, salt=secrets.token_bytes(32)))
        found = DailySalt.objects.values_list("salt", flat=True).get(day=day)
    return bytes(found)


def device_mark(*, cookie: str, counter_id: int, day: datetime.date) -> bytes | None:
    """The 16-byte mark of a browser at a counter on a day.

    None when the day's salt is gone (an answer kept offline for days): it cannot be compared
    any more, and counts as a browser of its own, as one without a cookie does.
    """
    salt = salt_of(day)
    if salt is None:
        return None
    message = f"{counter_id}|{day.isoformat()}|{cookie}".encode()
    return hmac.new(salt, message, hashlib.sha256).digest()[:16]


def remember_device(*, day: datetime.date, mark: bytes) -> bool:
    """Note the mark; False when this browser already rated this counter on this day."""
    return insert_once(DeviceDay(day=day, mark=mark))


def destroy_old_salts(*, today: datetime.date | None = None) -> int:
    """Delete the salts and marks older than 48 hours; returns how many rows.

    To be run daily by the worker; running it again does nothing.
    """
    oldest = (today or timezone.localdate()) - datetime.timedelta(days=KEPT_DAYS)
    salts, _ = DailySalt.objects.filter(day__lt=oldest).delete()
    marks, _ = DeviceDay.objects.filter(day__lt=oldest).delete()
    return salts + marks
