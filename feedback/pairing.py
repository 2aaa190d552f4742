"""Binding a screen to its counter: a one-time code, a random cookie, and taking it back.

The admin gets a code that works once and for a quarter of an hour. Used on the device itself, it
is exchanged for a random cookie; of both, only digests are stored. Revoking needs nobody at the
device: from that moment its codes, forms and ratings are refused.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cms.models import normal_code
from cms.models.counters import CODE_ALPHABET
from feedback.models import Device

#: How long a pairing code works.
PAIRING_TIME = datetime.timedelta(minutes=15)
#: Characters of a pairing code: 50 random bits, tried under the limit for unknown codes.
PAIRING_LENGTH = 10
COOKIE = "bck_d"
#: Browsers keep no cookie longer than 400 days; it is renewed on every day it is seen.
COOKIE_SECONDS = 400 * 24 * 3600
_KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def new_code_secret() -> bytes:
    """32 random bytes from which a screen's changing codes are made."""
    return secrets.token_bytes(32)


def begin_pairing(device: Device, *, now: datetime.datetime) -> str:
    """A new one-time code for the device, good for 15 minutes; an earlier one stops working.

    Raises ValueError for a revoked device: what was taken out of use gets a new row.
    """
    if device.revoked_on is not None:
        raise ValueError("the device was revoked")
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(PAIRING_LENGTH))
    device.pairing_digest, device.pairing_until = _digest(code), now + PAIRING_TIME
    device.save(update_fields=["pairing_digest", "pairing_until"])
    return code


def tidy_code(code: str) -> str:
    """As people type a pairing code, with blanks and dashes, in any case → as it was made."""
    return normal_code(re.sub(r"[\s-]", "", code))


def pairing_address(code: str) -> str:
    """What the QR beside the code says."""
    return f"{settings.PUBLIC_URL}{reverse('pair_device', args=[code])}"


def waiting_device(code: str, *, now: datetime.datetime) -> Device | None:
    """The device a pairing code would bind, or None; nothing is changed."""
    return (
        Device.objects.select_related("counter__office")
        .filter(pairing_digest=_digest(tidy_code(code)), pairing_until__gt=now, revoked_on=None)
        .first()
    )


def pair(code: str, *, now: datetime.datetime) -> tuple[Device, str] | None:
    """Use up the code: the device and the key for its cookie; None when the code is no good.

    Of two who use the same code one wins. A browser bound to this device before is cut off.
    """
    device = waiting_device(code, now=now)
    if device is None:
        return None
    key = secrets.token_urlsafe(32)
    won = Device.objects.filter(
        pk=device.pk, pairing_digest=device.pairing_digest, revoked_on=None
    ).update(
        pairing_digest=None,
        pairing_until=None,
        key_digest=_digest(key),
        last_seen_on=timezone.localdate(now),
    )
    return (device, key) if won else None


def device_of(request: HttpRequest) -> Device | None:
    """The device this browser is bound to, also when it was revoked since; None for any other.

    One query; a second one on the first visit of a day, which notes the day.
    """
    key = request.COOKIES.get(COOKIE, "")
    if not _KEY_SHAPE.match(key):
        return None
    device = (
        Device.objects.select_related("counter__office", "counter__main_field")
        .filter(key_digest=_digest(key))
        .first()
    )
    today = timezone.localdate()
    if device and device.revoked_on is None and device.last_seen_on != today:
        Device.objects.filter(pk=device.pk).update(last_seen_on=today)
        device.last_seen_on = today
    return device


def keep_key(response: HttpResponse, key: str) -> None:
    """Leave the key on the device, out of reach of scripts, or renew its time."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=settings.PUBLIC_URL.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def revoke(device: Device, *, today: datetime.date) -> bool:
    """Take the device out of use at once; False when it was already."""
    return bool(
        Device.objects.filter(pk=device.pk, revoked_on=None).update(
            revoked_on=today, pairing_digest=None, pairing_until=None
        )
    )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
