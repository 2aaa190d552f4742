"""Codes of a counter's own screen: a new one every 30 seconds (rating.md §1).

A code names its device and carries a truncated HMAC of the step under the device's secret, so
the server needs to store none of them and can give a screen the codes of the coming hours
(docs/decisions/0072-codes-ahead-of-time.md). The secret never leaves the server.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from cms.models import normal_code
from cms.models.counters import CODE_ALPHABET
from feedback.models import Device
from feedback.models.devices import DeviceKind

#: Seconds one code is shown.
STEP_SECONDS = 30
#: Steps before the present one whose codes are still accepted: while somebody takes her phone out.
EARLIER_STEPS = 2
#: Steps after the present one that are accepted: a screen whose clock is a little fast.
LATER_STEPS = 1
#: Steps in which an old code is still told from one that never was (an hour).
STALE_STEPS = 3600 // STEP_SECONDS

PREFIX = "D"
_DEVICE_CHARACTERS = 4  # 32⁴: a million screens
_MAC_CHARACTERS = 8  # 40 bits, guessed at under the limit for unknown codes
#: "D", the device, the MAC: neither a counter's 6–8 characters nor a receipt's 26.
LENGTH = len(PREFIX) + _DEVICE_CHARACTERS + _MAC_CHARACTERS

Verdict = Literal["good", "stale", "revoked", "unknown"]


@dataclass(frozen=True)
class Sight:
    """What a scanned display code turned out to be; ``device`` is None when it is unknown.

    ``step`` is the step the code belongs to, in which at most three ratings count.
    """

    verdict: Verdict
    device: Device | None = None
    step: int | None = None


def step_of(now: datetime.datetime) -> int:
    """The number of 30-second steps from 1970 to an aware moment."""
    return int(now.timestamp()) // STEP_SECONDS


def looks_like(code: str) -> bool:
    """Whether the text has the form of a display code, in any case; nothing is looked up."""
    code = normal_code(code)
    return (
        len(code) == LENGTH
        and code.startswith(PREFIX)
        and all(character in CODE_ALPHABET for character in code)
    )


def code_at(device: Device, step: int) -> str:
    """The code a stored device shows in a step: 13 characters of Crockford Base32."""
    if not 0 < (device.pk or 0) < 32**_DEVICE_CHARACTERS:
        raise ValueError(f"device {device.pk} has no place in a code")
    return PREFIX + _base32(device.pk, _DEVICE_CHARACTERS) + _mac(bytes(device.code_secret), step)


def address(code: str) -> str:
    """What the screen's QR says: upper case, so that QR's alphanumeric mode holds it."""
    return f"{settings.PUBLIC_URL}/R/{code}".upper()


def look(code: str, now: datetime.datetime) -> Sight:
    """What a code is at an aware moment; one query, with the counter and its office.

    "good" for the present step, two earlier ones and the next; "stale" for a real code of the
    last hour; "revoked" for a real one of a screen that was taken out of use.
    """
    code = normal_code(code)
    if not looks_like(code):
        return Sight("unknown")
    key = _number(code[len(PREFIX) : len(PREFIX) + _DEVICE_CHARACTERS])
    device = (
        Device.objects.select_related("counter__office", "counter__main_field")
        .filter(pk=key, kind=DeviceKind.DISPLAY)
        .first()
    )
    if device is None:
        return Sight("unknown")
    secret, mac, present = bytes(device.code_secret), code[-_MAC_CHARACTERS:], step_of(now)
    for step in range(present + LATER_STEPS, present - STALE_STEPS, -1):
        if hmac.compare_digest(_mac(secret, step), mac):
            break
    else:
        return Sight("unknown")
    if device.revoked_on is not None:
        return Sight("revoked", device, step)
    return Sight("good" if step >= present - EARLIER_STEPS else "stale", device, step)


def read(code: str, now: datetime.datetime) -> tuple[Device, int] | None:
    """The device and the step of a code that is accepted at an aware moment, else None."""
    sight = look(code, now)
    if sight.verdict != "good" or sight.device is None or sight.step is None:
        return None
    return sight.device, sight.step


def _mac(secret: bytes, step: int) -> str:
    """The first 40 bits of HMAC-SHA256 of the step."""
    digest = hmac.new(secret, b"display|%d" % step, hashlib.sha256).digest()
    return _base32(int.from_bytes(digest[:5]), _MAC_CHARACTERS)


def _base32(number: int, characters: int) -> str:
    """A whole number in so many Crockford characters, highest first."""
    return "".join(CODE_ALPHABET[number >> 5 * place & 31] for place in reversed(range(characters)))


def _number(text: str) -> int:
    """The number that :func:`_base32` wrote."""
    number = 0
    for character in text:
        number = number << 5 | CODE_ALPHABET.index(character)
    return number
