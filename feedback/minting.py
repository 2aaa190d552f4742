"""Making one-time codes: for receipts of a one-stop system, for slips of a numbered roll.

Every receipt and every slip is counted in ``Minted``, once: the denominator of the response rate
(rating.md §1). Of a receipt only a mark under its month's key is kept.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from django.conf import settings
from django.db import transaction

from cms.models import Counter
from feedback import receipt_codes
from feedback.keys import MonthKeys, keys_of, make_keys
from feedback.models import Minted, ReceiptMark, SlipRoll
from feedback.models.receipts import MintedKind
from feedback.receipt_codes import Body
from feedback.sql import insert_all_once, insert_once, insert_or_add

#: Nonces tried when another receipt of the counter and day has the same one (40 bits: never).
ATTEMPTS = 4
#: Rows of one statement; old SQLite builds allow 999 parameters.
CHUNK = 300


class Outcome(Enum):
    """What became of a receipt."""

    CREATED = "created"
    REPEATED = "repeated"  # sent before: the same code
    DIFFERS = "differs"  # sent before with another counter or another day


@dataclass(frozen=True)
class Wanted:
    """One receipt that wants a code; ``outside_id`` is its number in the one-stop system."""

    counter: Counter
    kind: str  #: a MintedKind value
    day: datetime.date
    outside_id: str


@dataclass(frozen=True)
class Made:
    """The answer to a :class:`Wanted`; ``code`` is "" when it differs."""

    outcome: Outcome
    code: str = ""


class SentOtherwise(ValueError):
    """This receipt was sent before, with another counter or another day."""


def mint(*, counter: Counter, kind: str, day: datetime.date, outside_id: str) -> str:
    """The code of one receipt, the same for the same receipt; counted the first time.

    ``kind`` is a MintedKind value. Raises feedback.keys.MonthDestroyed and MonthTooFar,
    feedback.receipt_codes.UnfitForCode, :class:`SentOtherwise`.
    """
    made = mint_all([Wanted(counter, kind, day, outside_id)])[0]
    if made.outcome is Outcome.DIFFERS:
        raise SentOtherwise(outside_id)
    return made.code


def mint_all(wanted: Sequence[Wanted]) -> list[Made]:
    """The codes of many receipts in their order, in one transaction; what :func:`mint` raises.

    A dozen statements for some hundred receipts that are all new or all known.
    """
    keys: dict[datetime.date, MonthKeys] = {}
    for one in wanted:
        month = one.day.replace(day=1)
        if month not in keys:
            keys[month] = make_keys(one.day)
    drafts = [_Draft.of(one, keys[one.day.replace(day=1)]) for one in wanted]
    with transaction.atomic():
        known = _known(drafts)
        new: dict[bytes, _Draft] = {}
        for draft in drafts:
            if draft.mark not in known:
                new.setdefault(draft.mark, draft)
        # In one order, so that two importers never wait for each other in a circle.
        rows = [new[mark] for mark in sorted(new)]
        if _insert(rows):
            known.update((draft.mark, draft.code_mark) for draft in rows)
        else:  # somebody sends the same receipts at this moment, or two have one nonce
            for draft in rows:
                known[draft.mark], created = _insert_one(draft)
                if not created:
                    del new[draft.mark]
        _count([draft.wanted for draft in new.values()])
    made = []
    for draft in drafts:
        found = draft.against(known[draft.mark])
        if new.get(draft.mark) is draft:
            found = replace(found, outcome=Outcome.CREATED)
        made.append(found)
    return made


def forget_all(wanted: Sequence[Wanted]) -> int:
    """Delete the marks of these receipts, of months whose keys are there; how many.

    Sent again they would be new, and counted again: only for what is taken away altogether.
    """
    keys: dict[datetime.date, MonthKeys | None] = {}
    marks = []
    for one in wanted:
        month = one.day.replace(day=1)
        if month not in keys:
            keys[month] = keys_of(one.day)
        if (found := keys[month]) is not None:
            marks.append(found.mark(_receipt(one)))
    return sum(
        ReceiptMark.objects.filter(mark__in=marks[start : start + CHUNK]).delete()[0]
        for start in range(0, len(marks), CHUNK)
    )


def count_minted(*, counter: Counter, day: datetime.date, kind: str, number: int) -> None:
    """Add ``number`` codes to what was minted; a negative number takes back what was voided."""
    if number:
        row = Minted(counter=counter, day=day, kind=kind, count=number)
        if number > 0:
            insert_or_add([row], unique=("counter", "day", "kind"), add="count")
        else:
            _take_back(row)


def mint_roll(roll: SlipRoll) -> list[str]:
    """The codes of a roll's slips 1…n: always the same, and counted by whoever made the roll.

    Two slips of a counter and day never have one code: the nonce is a keyed permutation of roll
    and slip number. Raises feedback.keys.MonthDestroyed and MonthTooFar, UnfitForCode.
    """
    keys = make_keys(roll.day)
    sealing, nonces = keys.sealing(roll.counter_id), keys.nonces(roll.counter_id)
    whose = f"{roll.counter_id}|{roll.day.isoformat()}".encode()
    codes = []
    for slip in range(1, roll.slips + 1):
        nonce = _permute((roll.number << 16 | slip).to_bytes(5), nonces, whose)
        body = Body(MintedKind.SLIP, roll.counter_id, roll.day, nonce)
        codes.append(receipt_codes.write(receipt_codes.seal(body, sealing)))
    return codes


def slip_number(body: Body, keys: MonthKeys) -> tuple[int, int]:
    """Roll number and slip number that a sealed slip's code was made from."""
    whose = f"{body.counter}|{body.day.isoformat()}".encode()
    number = int.from_bytes(_permute(body.nonce, keys.nonces(body.counter), whose, back=True))
    return number >> 16, number & 0xFFFF


def address(code: str) -> str:
    """What a code's QR says: upper case, so that QR's alphanumeric mode holds it."""
    return f"{settings.PUBLIC_URL}/R/{code}".upper()


@dataclass(frozen=True)
class _Draft:
    """A receipt with its mark, and the code its ``attempt``-th nonce gives."""

    wanted: Wanted
    keys: MonthKeys
    mark: bytes
    attempt: int
    raw: bytes

    @classmethod
    def of(cls, wanted: Wanted, keys: MonthKeys, attempt: int = 0) -> _Draft:
        counter = wanted.counter.pk
        name = _name(wanted)
        nonce = hmac.digest(keys.nonces(counter), b"%d|" % attempt + name, hashlib.sha256)
        body = Body(
            str(wanted.kind),
            wanted.counter.pk,
            wanted.day,
            nonce[: receipt_codes.NONCE_BYTES],
        )
        raw = receipt_codes.seal(body, keys.sealing(counter))
        return cls(wanted, keys, keys.mark(_receipt(wanted)), attempt, raw)

    @property
    def code(self) -> str:
        return receipt_codes.write(self.raw)

    @property
    def code_mark(self) -> bytes:
        return self.keys.mark(b"code|" + self.raw)

    def next(self) -> _Draft:
        return _Draft.of(self.wanted, self.keys, self.attempt + 1)

    def row(self) -> ReceiptMark:
        return ReceiptMark(mark=self.mark, code_mark=self.code_mark, month=self.keys.month)

    def against(self, stored: bytes) -> Made:
        """The answer when this receipt is known, and its code has the stored mark."""
        draft = self
        for _ in range(ATTEMPTS):
            if draft.code_mark == stored:
                return Made(Outcome.REPEATED, draft.code)
            draft = draft.next()
        return Made(Outcome.DIFFERS)


def _name(wanted: Wanted) -> bytes:
    return f"{wanted.kind}|{wanted.outside_id}".encode()


def _receipt(wanted: Wanted) -> bytes:
    """What a receipt's mark is made of."""
    return b"receipt|" + _name(wanted)


def _known(drafts: Sequence[_Draft]) -> dict[bytes, bytes]:
    """Code marks of the receipts that were sent before, by their marks."""
    marks = [draft.mark for draft in drafts]
    found: dict[bytes, bytes] = {}
    for start in range(0, len(marks), CHUNK):
        rows = ReceiptMark.objects.filter(mark__in=marks[start : start + CHUNK])
        for mark, code_mark in rows.values_list("mark", "code_mark"):
            found[bytes(mark)] = bytes(code_mark)
    return found


def _insert(drafts: Sequence[_Draft]) -> bool:
    """Insert all, or (False) none."""
    try:
        with transaction.atomic():
            for start in range(0, len(drafts), CHUNK):
                rows = [draft.row() for draft in drafts[start : start + CHUNK]]
                if insert_all_once(rows) != len(rows):
                    raise _Taken
    except _Taken:
        return False
    return True


class _Taken(Exception):
    """Somebody has one of the rows already."""


def _insert_one(draft: _Draft) -> tuple[bytes, bool]:
    """(code mark stored for the receipt, whether it was stored now)."""
    for _ in range(ATTEMPTS):
        if insert_once(draft.row()):
            return draft.code_mark, True
        stored = ReceiptMark.objects.filter(mark=draft.mark).values_list("code_mark", flat=True)
        if (code_mark := stored.first()) is not None:
            return bytes(code_mark), False
        draft = draft.next()  # another receipt of the counter and day has this nonce
    raise RuntimeError("no free nonce was found")


def _count(wanted: Sequence[Wanted]) -> None:
    tally = Tally((one.counter.pk, one.day, str(one.kind)) for one in wanted)
    rows = [
        Minted(counter_id=counter, day=day, kind=kind, count=number)
        for (counter, day, kind), number in sorted(tally.items())
    ]
    for start in range(0, len(rows), CHUNK // 3):
        insert_or_add(
            rows[start : start + CHUNK // 3], unique=("counter", "day", "kind"), add="count"
        )


def _take_back(row: Minted) -> None:
    with transaction.atomic():
        stored = Minted.objects.select_for_update().get(
            counter_id=row.counter_id, day=row.day, kind=row.kind
        )
        stored.count = max(0, stored.count + row.count)
        stored.save(update_fields=["count"])


def _permute(nonce: bytes, key: bytes, whose: bytes, *, back: bool = False) -> bytes:
    """A keyed permutation of 5 bytes: a Feistel network of four rounds on two halves of 20 bits."""
    number = int.from_bytes(nonce)
    left, right = number >> 20, number & 0xFFFFF
    for turn in reversed(range(4)) if back else range(4):
        if back:
            left, right = right ^ _round(key, whose, turn, left), left
        else:
            left, right = right, left ^ _round(key, whose, turn, right)
    return (left << 20 | right).to_bytes(5)


def _round(key: bytes, whose: bytes, turn: int, half: int) -> int:
    message = b"slip|%d|%d|" % (turn, half) + whose
    return int.from_bytes(hmac.digest(key, message, hashlib.sha256)[:3]) & 0xFFFFF
