"""Rolls of numbered slips: made for a counter and a day, printed, and handed back (rating.md §1).

Every slip of a roll counts as minted when the roll is made; those handed back unused are void and
no longer count. The codes are nowhere stored: they are derived again for every print.
"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from cms.models import Counter
from feedback import receipt_codes, spending
from feedback.keys import AHEAD_DAYS, MonthDestroyed, MonthTooFar, make_keys
from feedback.minting import count_minted, mint_roll
from feedback.models import SlipRoll
from feedback.models.receipts import MintedKind
from feedback.printing.slips import receipt_slip, roll_slips, write_slips

#: Slips of one roll at most: a paper roll of 80 m holds no more.
MOST = 500
#: How slips of a roll are printed → key of feedback.printing.slips.PAPERS.
ROLL_PAPERS = {"80mm": "80mm", "A5": "A5-4"}
#: The same for one slip beside a receipt.
RECEIPT_PAPERS = {"80mm": "80mm", "A5": "A5"}
_DRAWS = 5


class RollProblem(ValueError):
    """A roll that cannot be made or handed back; the text (Vietnamese) says why."""


def make_roll(*, counter: Counter, day: date, slips: int, user: Any, today: date) -> SlipRoll:
    """A new roll of ``slips`` slips, all counted as minted. Raises :class:`RollProblem`."""
    if not 1 <= slips <= MOST:
        raise RollProblem(f"Một cuộn có từ 1 đến {MOST} phiếu.")
    if day < today:
        raise RollProblem("Ngày dùng đã qua: phiếu chỉ in cho hôm nay hoặc những ngày tới.")
    try:
        make_keys(day)
    except (MonthTooFar, MonthDestroyed):
        raise RollProblem(f"Chỉ in phiếu trước nhiều nhất {AHEAD_DAYS} ngày.") from None
    for _ in range(_DRAWS):
        rolls = SlipRoll.objects.filter(counter=counter, day=day)
        number = (rolls.aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                roll = SlipRoll.objects.create(
                    counter=counter, day=day, number=number, slips=slips, printed_by=user
                )
                count_minted(counter=counter, day=day, kind=MintedKind.SLIP, number=slips)
        except IntegrityError:  # somebody made a roll of this number at the same moment
            continue
        return roll
    raise RollProblem("Nhiều người đang tạo cuộn phiếu cho quầy này. Bạn thử lại.")


def hand_back(*, roll: SlipRoll, first: int, user: Any) -> tuple[int, int]:
    """Void the slips from number ``first`` on: (made void now, already used by citizens).

    Handed back again from a lower number, only the further ones are added. Raises
    :class:`RollProblem`.
    """
    end = roll.void_from if roll.void_from is not None else roll.slips + 1
    if not 1 <= first < end:
        if roll.void_from is not None and first >= roll.void_from:
            raise RollProblem(f"Phiếu từ số {roll.void_from} đã được trả lại rồi.")
        raise RollProblem(f"Cuộn này có phiếu số 1 đến {roll.slips}.")
    try:
        codes = mint_roll(roll)[first - 1 : end - 1]
        with transaction.atomic():
            same = SlipRoll.objects.filter(pk=roll.pk, void_from=roll.void_from)
            if not same.update(void_from=first, void_by=user):
                raise RollProblem("Cuộn này vừa được người khác ghi trả lại. Bạn xem lại.")
            unused = spending.void(_raw(code) for code in codes)
            count_minted(counter=roll.counter, day=roll.day, kind=MintedKind.SLIP, number=-unused)
    except (MonthDestroyed, spending.CodeExpired):
        raise RollProblem("Phiếu của tháng này đã hết hạn dùng; không cần trả lại nữa.") from None
    roll.void_from, roll.void_by = first, user
    return unused, len(codes) - unused


def roll_pdf(roll: SlipRoll, paper: str) -> bytes:
    """The roll's cover and its slips that are not void; the same codes every time.

    ``paper`` is a key of :data:`ROLL_PAPERS`. Raises :class:`RollProblem` when nothing is left to
    print, ValueError for names that cannot be printed.
    """
    if roll.void_from == 1:
        raise RollProblem("Cả cuộn đã được trả lại; không còn phiếu nào để in.")
    try:
        codes = mint_roll(roll)
    except (MonthDestroyed, MonthTooFar):
        raise RollProblem("Phiếu của tháng này đã hết hạn dùng.") from None
    file = io.BytesIO()
    write_slips(roll_slips(roll, codes), file, paper=ROLL_PAPERS[paper], title=str(roll))
    return file.getvalue()


def receipt_pdf(code: str, *, counter: Counter, day: date, kind: str, paper: str) -> bytes:
    """The slip that goes with a receipt: its one-time code on 80 mm or A5.

    ``kind`` is a MintedKind value, ``paper`` a key of :data:`RECEIPT_PAPERS`. Raises ValueError
    for names that cannot be printed.
    """
    file = io.BytesIO()
    slip = receipt_slip(code, counter=counter, day=day, kind=kind)
    write_slips([slip], file, paper=RECEIPT_PAPERS[paper])
    return file.getvalue()


def _raw(code: str) -> bytes:
    raw = receipt_codes.read(code)
    if raw is None:
        raise ValueError("not a one-time code")
    return raw
