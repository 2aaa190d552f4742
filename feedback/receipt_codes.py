"""One-time codes as bytes and as text (rating.md §1); pure.

16 bytes: kind and month (4 bits each), counter 2, day 2, nonce 5, HMAC-SHA256 truncated to 6;
written as 26 characters of Crockford Base32.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters of a code: 130 bits, of which the first two are always 0.
LENGTH = 26
NONCE_BYTES = 5
MAC_BYTES = 6
#: Day 0 of a code; two bytes of days reach to the year 2199.
FIRST_DAY = datetime.date(2020, 1, 1)
#: What a code was printed on, as its four bits say it. Never renumber.
KINDS = ("receipt", "supplement", "refusal", "result", "slip")

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_HIGHEST = 0xFFFF


class UnfitForCode(ValueError):
    """A counter or a day that two bytes cannot hold."""


@dataclass(frozen=True)
class Body:
    """What a code says of itself, before anybody checked it: kind, counter, day, nonce."""

    kind: str
    counter: int
    day: datetime.date
    nonce: bytes

    def pack(self) -> bytes:
        """The first ten bytes. Raises :class:`UnfitForCode` and ValueError."""
        days = (self.day - FIRST_DAY).days
        if not 0 < self.counter <= _HIGHEST:
            raise UnfitForCode(
                f"counter {self.counter} does not fit a one-time code (two bytes, 1–{_HIGHEST})"
            )
        if not 0 <= days <= _HIGHEST:
            raise UnfitForCode(f"{self.day} does not fit a one-time code (from {FIRST_DAY} on)")
        if len(self.nonce) != NONCE_BYTES:
            raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
        first = (KINDS.index(self.kind) + 1) << 4 | _month_bits(self.day)
        return bytes([first]) + self.counter.to_bytes(2) + days.to_bytes(2) + self.nonce


def seal(body: Body, key: bytes) -> bytes:
    """The 16 bytes of a code: the body and its truncated HMAC under ``key``."""
    packed = body.pack()
    return packed + _mac(packed, key)


def is_sealed(code: bytes, key: bytes) -> bool:
    """Whether ``code`` was sealed with ``key``; takes the same time either way."""
    return len(code) == 16 and hmac.compare_digest(_mac(code[:-MAC_BYTES], key), code[-MAC_BYTES:])


def body_of(code: bytes) -> Body | None:
    """What 16 bytes say of themselves; None when no code can say that."""
    if len(code) != 16:
        return None
    kind, month = code[0] >> 4, code[0] & 0xF
    day = FIRST_DAY + datetime.timedelta(days=int.from_bytes(code[3:5]))
    if not 1 <= kind <= len(KINDS) or month != _month_bits(day):
        return None
    return Body(KINDS[kind - 1], int.from_bytes(code[1:3]), day, code[5 : 5 + NONCE_BYTES])


def write(code: bytes) -> str:
    """16 bytes as 26 characters, upper case."""
    number = int.from_bytes(code)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def tidy(text: str) -> str:
    """A code as it is printed: upper case, O as 0, I and L as 1, without spaces and hyphens."""
    text = "".join(text.split()).replace("-", "").upper()
    return text.translate(str.maketrans("OIL", "011"))


def read(text: str) -> bytes | None:
    """The 16 bytes of a written code, in any case; None for what has not the form of one."""
    text = tidy(text)
    if len(text) != LENGTH:
        return None
    number = 0
    for character in text:
        value = _VALUES.get(character)
        if value is None:
            return None
        number = number << 5 | value
    # The two spare bits must be 0: one code is written in one way only.
    return number.to_bytes(16) if number < 1 << 128 else None


def _mac(packed: bytes, key: bytes) -> bytes:
    return hmac.digest(key, packed, hashlib.sha256)[:MAC_BYTES]


def _month_bits(day: datetime.date) -> int:
    """The four bits that name the month's key."""
    return (day.year * 12 + day.month - 1) % 16
