"""Keys of one-time codes: derived from a month's secret, and destroyed with it (rating.md §1).

Every key of a month comes from one random secret by HKDF (RFC 5869), so deleting a row deletes
them all: codes can no longer be checked, receipts no longer be found again, nullifiers no longer
be named. Nothing is kept in memory: what is deleted is gone from every process.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from feedback.models import MonthSecret, ReceiptMark, SpentCode
from feedback.sql import insert_once

#: Days after its month that a secret, its marks and its spent codes are kept.
KEPT_DAYS = 60
#: Days ahead for which codes may be made (rolls of slips for the coming weeks).
AHEAD_DAYS = 62

_HASH_BYTES = 32


class MonthDestroyed(ValueError):
    """The month's keys are destroyed: no code of it can be made or checked any more."""


class MonthTooFar(ValueError):
    """No code is made so long before its day."""


def hkdf(secret: bytes, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    """HKDF-SHA256 (RFC 5869): extract, then expand to ``length`` bytes."""
    if length > 255 * _HASH_BYTES:
        raise ValueError("HKDF-SHA256 gives at most 8160 bytes")
    extracted = hmac.digest(salt or bytes(_HASH_BYTES), secret, hashlib.sha256)
    block, made = b"", b""
    for number in range(1, -(-length // _HASH_BYTES) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), hashlib.sha256)
        made += block
    return made[:length]


@dataclass(frozen=True)
class MonthKeys:
    """The keys of one month. They leave neither the server nor the request that asked for them.

    Each counter has keys of its own, not those of its office: a counter that moves to another
    office takes along its receipts and slips that are out (and its printed codes and screens,
    which name the counter alone). They open the same counter, are counted there, and with it in
    the office that it has when a snapshot is made; snapshots made before stay as they are.
    """

    month: datetime.date
    secret: bytes = field(repr=False)
    _made: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def sealing(self, counter: int) -> bytes:
        """The key that codes of this counter are sealed with."""
        return self._key(f"seal|{counter}")

    def nonces(self, counter: int) -> bytes:
        """The key that makes a counter's nonces from outside numbers and slip numbers."""
        return self._key(f"nonce|{counter}")

    def mark(self, text: bytes) -> bytes:
        """16 bytes that stand for a receipt, or for its code, among those already sent."""
        return hmac.digest(self._key("mark"), text, hashlib.sha256)[:16]

    def nullifier(self, code: bytes) -> bytes:
        """16 bytes that stand for a spent code, and for nothing else."""
        return hmac.digest(self._key("epoch"), code, hashlib.sha256)[:16]

    def _key(self, purpose: str) -> bytes:
        if purpose not in self._made:
            info = f"bon-cong-khai|{self.month:%Y-%m}|{purpose}".encode()
            self._made[purpose] = hkdf(self.secret, info)
        return self._made[purpose]


def last_day_of_keys(day: datetime.date) -> datetime.date:
    """The last day on which codes of ``day``'s month can be used."""
    following = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return following + datetime.timedelta(days=KEPT_DAYS - 1)


def is_destroyed(day: datetime.date, today: datetime.date | None = None) -> bool:
    """Whether the keys of ``day``'s month are (to be) gone."""
    return (today or timezone.localdate()) > last_day_of_keys(day)


def keys_of(day: datetime.date) -> MonthKeys | None:
    """The keys of ``day``'s month; None when none were made, or they are destroyed. One query."""
    if is_destroyed(day):
        return None
    month = day.replace(day=1)
    secret = MonthSecret.objects.filter(month=month).values_list("secret", flat=True).first()
    return None if secret is None else MonthKeys(month, bytes(secret))


def make_keys(day: datetime.date) -> MonthKeys:
    """The keys of ``day``'s month, made at their first use.

    Two processes that come at once agree: the insert that comes first wins. Raises
    :class:`MonthDestroyed` for a month that is over, :class:`MonthTooFar` for one far ahead.
    """
    today = timezone.localdate()
    if is_destroyed(day, today):
        raise MonthDestroyed(f"{day:%Y-%m}")
    if day > today + datetime.timedelta(days=AHEAD_DAYS):
        raise MonthTooFar(f"{day:%Y-%m-%d}")
    found = keys_of(day)
    if found is None:
        month = day.replace(day=1)
        insert_once(MonthSecret(month=month, secret=secrets.token_bytes(32)))
        found = keys_of(day)
    if found is None:
        raise MonthDestroyed(f"{day:%Y-%m}")
    return found


def destroy_old_keys(*, today: datetime.date | None = None) -> int:
    """Delete secrets, marks and spent codes of months whose time is over; returns how many rows.

    To be run by the worker; running it again does nothing.
    """
    today = today or timezone.localdate()
    months: set[datetime.date] = set()
    for model in (MonthSecret, ReceiptMark, SpentCode):
        months.update(model._default_manager.order_by().values_list("month", flat=True).distinct())
    over = [month for month in months if is_destroyed(month, today)]
    if not over:
        return 0
    with transaction.atomic():
        return sum(
            model._default_manager.filter(month__in=over).delete()[0]
            for model in (MonthSecret, ReceiptMark, SpentCode)
        )
