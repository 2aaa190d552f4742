"""Poster duplicate control: which browser has rated which counter today (rating.md §1).

A first-party random cookie is HMACed with a salt of the day. The salt is destroyed after 48
hours, and with it the last way to tell that two marks belong to one browser.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from django.utils import timezone

from feedback.models import DailySalt, DeviceDay
from feedback.sql import Insertion, Prepared, insert_once

#: Days a salt and its marks are kept after their own: 48 hours in all, today's included.
KEPT_DAYS = 1
#: Ratings that count of one step of a screen's code (rating.md §1).
PER_STEP = 3
_SALT = Prepared(DailySalt.objects.only("salt"), by="day", example=datetime.date(2000, 1, 1))
MARK = Insertion(DeviceDay, "day", "mark")


def salt_of(day: datetime.date, *, today: datetime.date | None = None) -> bytes | None:
    """The day's 32-byte salt, made at its first use; None for a day whose salt is destroyed.

    Two processes that start the day at once agree: the insert that comes first wins. ``today``
    is for a caller that knows it.
    """
    if day < (today or timezone.localdate()) - datetime.timedelta(days=KEPT_DAYS):
        return None
    found = _SALT.first(day)
    if found is None:
        insert_once(DailySalt(day=day, salt=secrets.token_bytes(32)))
        found = DailySalt.objects.get(day=day)
    return bytes(found.salt)


def device_mark(
    *, cookie: str, counter_id: int, day: datetime.date, salt: bytes | None = None
) -> bytes | None:
    """The 16-byte mark of a browser at a counter on a day.

    None when the day's salt is gone (an answer kept offline for days): it cannot be compared
    any more, and counts as a browser of its own, as one without a cookie does. ``salt`` is the
    day's, for a caller that has it already.
    """
    salt = salt or salt_of(day)
    if salt is None:
        return None
    message = f"{counter_id}|{day.isoformat()}|{cookie}".encode()
    return hmac.new(salt, message, hashlib.sha256).digest()[:16]


def step_marks(*, device: int, step: int, day: datetime.date) -> list[bytes]:
    """The marks of the places that one step of a screen's code has on a day, as many as ratings
    of it count; none when the day's salt is gone."""
    salt = salt_of(day)
    if salt is None:
        return []
    return [
        hmac.new(salt, b"display|%d|%d|%d" % (device, step, place), hashlib.sha256).digest()[:16]
        for place in range(1, PER_STEP + 1)
    ]


def remember_device(*, day: datetime.date, mark: bytes) -> bool:
    """Note the mark; False when this browser already rated this counter on this day."""
    return MARK.once(day, mark)


def remember_devices(marks: Sequence[tuple[datetime.date, bytes]]) -> list[bool]:
    """Note the marks of days; for each whether it is new, the second of two equal ones not."""
    return MARK.each_once(marks, key=("day", "mark"))


def forget_device(*, day: datetime.date, mark: bytes) -> None:
    """Take back what :func:`remember_device` noted."""
    DeviceDay.objects.filter(day=day, mark=mark).delete()


def destroy_old_salts(*, today: datetime.date | None = None) -> int:
    """Delete the salts and marks older than 48 hours; returns how many rows.

    To be run daily by the worker; running it again does nothing.
    """
    oldest = (today or timezone.localdate()) - datetime.timedelta(days=KEPT_DAYS)
    salts, _ = DailySalt.objects.filter(day__lt=oldest).delete()
    marks, _ = DeviceDay.objects.filter(day__lt=oldest).delete()
    return salts + marks
