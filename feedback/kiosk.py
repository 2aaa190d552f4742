"""Ratings from a paired tablet: forms given out ahead of time, and what comes back, once each.

A kiosk holds no signing key. It holds forms that the server signed for it, for today and for
tomorrow; each fixes the UUID and the day of one rating, so an answer given without a network
arrives once, on its own day. See docs/decisions/0072-codes-ahead-of-time.md.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils import timezone

from feedback.arrivals import Levels, Outcome, Submission, Trail
from feedback.devices import salt_of
from feedback.intake import submit_rating
from feedback.models import Device, Rating
from feedback.models.ratings import ITEMS, Channel
from feedback.spending import CodeExpired
from feedback.tokens import FORM_LIFETIME, LONGEST_TOKEN
from feedback.traces import window_of
from feedback.ways import Way, resolve

#: Forms a kiosk may hold for one day: more than a counter serves, so an hour offline is no matter.
FORMS_A_DAY = 200
#: Ratings in one sending.
LARGEST_SENDING = 20
#: Two ratings of one tablet within so many seconds: the second one counts nothing. It stands in
#: place of the rule of one rating a browser, counter and day.
SLOT_SECONDS = 10
#: Length of a one-time code, the only kind a kiosk takes.
RECEIPT_LENGTH = 26

_SALT = "feedback.kiosk"


@dataclass(frozen=True)
class KioskForm:
    """What a form given to a kiosk fixes."""

    submission: uuid.UUID
    device: int
    day: datetime.date


@dataclass(frozen=True, kw_only=True)
class KioskRating:
    """One rating as a kiosk sends it.

    ``at`` is the moment of the answer in seconds since 1970 by the kiosk's idea of the server's
    time; it only tells two quick ratings apart and is not stored. ``code`` is a one-time code
    whose form the kiosk has checked, or "".
    """

    token: str
    at: int
    levels: Levels
    drivers: int = 0
    code: str = ""


class WrongSending(ValueError):
    """What was sent is not the kiosk's own format."""


def give_forms(device: Device, *, day: datetime.date, number: int) -> list[str]:
    """So many new signed forms of the device for that day."""
    return [
        signing.dumps([uuid.uuid4().hex, device.pk, day.isoformat()], salt=_SALT)
        for _ in range(min(number, FORMS_A_DAY))
    ]


def read_form(text: str, *, device: Device) -> KioskForm | None:
    """The form in ``text`` when it was given to this device within the last seven days."""
    try:
        if len(text) > LONGEST_TOKEN:
            return None
        submission, owner, day = signing.loads(text, salt=_SALT, max_age=FORM_LIFETIME)
        form = KioskForm(uuid.UUID(hex=submission), owner, datetime.date.fromisoformat(day))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    return form if form.device == device.pk else None


def read_rating(sent: Any) -> KioskRating:
    """One rating out of a kiosk's JSON; raises :class:`WrongSending`."""
    if not isinstance(sent, dict) or not isinstance(sent.get("levels"), dict):
        raise WrongSending("a rating is an object with levels")
    token, at = sent.get("token"), sent.get("at")
    drivers, code = sent.get("drivers", 0), sent.get("code", "")
    whole = type(at) is int and type(drivers) is int and 0 <= drivers < 128
    if not (isinstance(token, str) and isinstance(code, str) and whole):
        raise WrongSending("token, at, drivers or code is of the wrong kind")
    levels = Levels(**{item: sent["levels"].get(item) for item in ITEMS})
    try:
        levels.check()
    except ValueError as error:
        raise WrongSending(str(error)) from error
    return KioskRating(
        token=token,
        at=int(at),  # type: ignore[arg-type]
        levels=levels,
        drivers=drivers,
        code=code if len(code) == RECEIPT_LENGTH else "",
    )


def receive(device: Device, sent: KioskRating, *, today: datetime.date) -> str:
    """Store a kiosk's rating: "stored", "known" (it was here before) or "refused" (its form).

    With a good one-time code it is a receipt rating of the counter that the code belongs to. A
    code that is no good (unknown, used, void, expired, even at this very moment) does not lose
    the answer: it counts as any answer at the kiosk does.
    """
    form = read_form(sent.token, device=device)
    if form is None:
        return "refused"
    # Before the code is looked at: sent again, its own first sending has spent it.
    if Rating.objects.filter(pk=form.submission).exists():
        return "known"
    day = min(form.day, today)
    result = _by_code(form, sent, day=day)
    if result is not None and result.outcome is not Outcome.SPENT:
        return "stored"
    result = submit_rating(
        submission=form.submission,
        counter=device.counter,
        channel=Channel.POSTER,
        service_day=day,
        levels=sent.levels,
        drivers=sent.drivers,
        device_mark=kiosk_mark(device, day=day, at=sent.at),
        trail=_trail(sent.at, day=day),
    )
    return "known" if result.outcome in {Outcome.REPEATED, Outcome.CONFLICT} else "stored"


def _by_code(form: KioskForm, sent: KioskRating, *, day: datetime.date) -> Submission | None:
    """The answer as a receipt rating; None without a code that is good."""
    way = resolve(sent.code) if sent.code else None
    if not isinstance(way, Way) or way.channel != Channel.RECEIPT:
        return None
    try:
        return submit_rating(
            submission=form.submission,
            counter=way.counter,
            channel=Channel.RECEIPT,
            service_day=day,
            levels=sent.levels,
            drivers=sent.drivers,
            token=way.token,
        )
    except CodeExpired:  # the month's keys were destroyed since it was looked at
        return None


def _trail(at: int, *, day: datetime.date) -> Trail | None:
    """When the answer was given, as the kiosk says: what waited in its outbox is no burst.

    None when that was on another day than the form's; every reset is a person of its own, so no
    browser is named.
    """
    try:
        moment = timezone.localtime(datetime.datetime.fromtimestamp(at, datetime.UTC))
    except (OverflowError, OSError, ValueError):
        return None
    return Trail(day=day, window=window_of(moment)) if moment.date() == day else None


def kiosk_mark(device: Device, *, day: datetime.date, at: int) -> bytes | None:
    """The mark of ten seconds at a kiosk, in place of that of a browser and a day.

    None when the day's salt is destroyed: an answer kept for more than two days is compared with
    nothing, as a browser's is.
    """
    salt = salt_of(day)
    if salt is None:
        return None
    slot = at % 86400 // SLOT_SECONDS
    message = f"kiosk|{device.pk}|{day.isoformat()}|{slot}".encode()
    return hmac.new(salt, message, hashlib.sha256).digest()[:16]
