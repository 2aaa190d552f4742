"""What a code in ``/r/<code>`` opens: a printed code, a screen's changing one, a one-time code.

One place knows all kinds of codes, so every page and program that gets one treats it alike.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from cms.models import Counter
from feedback import display_codes, poster_codes, receipt_codes, spending
from feedback.keys import MonthKeys, is_destroyed, keys_of
from feedback.minting import slip_number
from feedback.models import PosterCode, SlipRoll
from feedback.models.ratings import Channel
from feedback.models.receipts import MintedKind


@dataclass(frozen=True)
class Way:
    """A code that opens the form.

    ``code`` is its text as it is signed into the form's token; ``token`` the 16 bytes of a
    one-time code; ``device`` and ``step`` belong to a screen's code, ``poster`` to a printed one.
    """

    counter: Counter
    channel: Channel
    code: str
    token: bytes = b""
    device: int | None = None
    step: int | None = None
    poster: PosterCode | None = None


@dataclass(frozen=True)
class Refusal:
    """A code that opens nothing, and why.

    ``kind`` is "unknown" (no such code, or an altered one), "closed" (the counter is), "replaced"
    (printed code), "spent", "void" or "expired" (one-time code), "revoked" or "stale" (screen).
    ``counter`` is None for unknown codes.
    """

    kind: str
    counter: Counter | None = None


def tidy(code: str) -> str:
    """A code as it is stored and signed: upper case, O as 0, I and L as 1, no hyphens."""
    return receipt_codes.tidy(code)


def resolve(
    code: str, *, at: datetime.datetime | None = None, even_spent: bool = False
) -> Way | Refusal:
    """What a code opens at an aware moment (default: now).

    ``even_spent`` leaves out whether a one-time code was used: who sends a form asks the intake,
    which knows the same submission sent again. Opening spends nothing.
    """
    code = tidy(code)
    if len(code) == receipt_codes.LENGTH:
        return _receipt(code, even_spent=even_spent)
    if display_codes.looks_like(code):
        return _display(code, at or timezone.now())
    return _poster(code, at)


def _poster(code: str, at: datetime.datetime | None) -> Way | Refusal:
    """A form that was opened before its code was replaced may still be sent."""
    edition = poster_codes.find(code)
    if edition is None:
        return Refusal("unknown")
    counter = edition.counter
    if edition.replaced_on is not None and (
        at is None or timezone.localdate(at) > edition.replaced_on
    ):
        return Refusal("replaced", counter)
    if not _is_open(counter):
        return Refusal("closed", counter)
    return Way(counter, Channel.POSTER, code, poster=edition)


def _display(code: str, at: datetime.datetime) -> Way | Refusal:
    sight = display_codes.look(code, at)
    if sight.device is None:
        return Refusal("unknown")
    counter = sight.device.counter
    if sight.verdict != "good":
        return Refusal(sight.verdict, counter)
    if not _is_open(counter):
        return Refusal("closed", counter)
    return Way(counter, Channel.DISPLAY, code, device=sight.device.pk, step=sight.step)


def _receipt(code: str, *, even_spent: bool) -> Way | Refusal:
    """Three queries: the counter, the month's keys, whether it is spent.

    A counter that was closed since still takes the ratings of those it served, and one that moved
    to another office keeps the codes that are out (feedback.keys.MonthKeys says where they count).
    """
    raw = receipt_codes.read(code)
    body = receipt_codes.body_of(raw) if raw is not None else None
    if raw is None or body is None:
        return Refusal("unknown")
    counter = Counter.objects.select_related("office", "main_field").filter(pk=body.counter).first()
    if counter is None:
        return Refusal("unknown")
    if is_destroyed(body.day):
        # Nobody can tell any more whether the code was ever a real one.
        return Refusal("expired", counter)
    keys = keys_of(body.day)
    if keys is None or not receipt_codes.is_sealed(raw, keys.sealing(counter.pk)):
        return Refusal("unknown")
    if not even_spent and spending.is_spent(raw, keys):
        void = body.kind == MintedKind.SLIP and _is_void(body, keys, counter)
        return Refusal("void" if void else "spent", counter)
    return Way(counter, Channel.RECEIPT, code, token=raw)


def _is_void(body: receipt_codes.Body, keys: MonthKeys, counter: Counter) -> bool:
    """Whether a used-up slip was handed back: its roll says from which number on."""
    number, slip = slip_number(body, keys)
    return SlipRoll.objects.filter(
        counter=counter, day=body.day, number=number, void_from__lte=slip
    ).exists()


def _is_open(counter: Counter) -> bool:
    return bool(counter.active and counter.office.live)
