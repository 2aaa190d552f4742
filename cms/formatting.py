"""Fees and times as Vietnamese text, without Django.

The rule of this module: **never "Miễn phí" from an amount of 0 alone.** The national portal
shows every 0 as "Miễn phí", also where the note beside it names a sum, so only words that say
so, with no condition and no sum, count (docs/import.md, defect 3). Numbers are written the
Vietnamese way: 1.234,5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cms.record import TIME_UNITS, Channel, Fee, ProcessingTime

FREE = "Miễn phí"
UNKNOWN = "Chưa công bố"
SEE_CONDITIONS = "Xem điều kiện"
ZERO_BARE = "0 đồng (nguồn không ghi điều kiện)"
ZERO_WITH_CONDITION = "0 đồng theo nguồn, xem điều kiện"
#: No public fee is below this many đồng: such a figure stands for thousands, or for dollars.
SMALLEST_BELIEVABLE_VND = 1000
#: Longer words of a source do not fit a tile or a card; those say "Xem điều kiện".
SHORT = 80

_CURRENCY_NAMES = {"VND": "đồng", "EUR": "euro"}
_CHARGE = r"(?:lệ phí|phí)"
_CHARGES = rf"{_CHARGE}(?:(?:,| và|, và|/| hoặc)? {_CHARGE})?"
_FREE_WORDS = re.compile(
    rf"(?:{_CHARGES} ?:? ?)?"
    rf"(?:(?:hoàn toàn )?miễn {_CHARGES}"
    rf"|không (?:phải )?(?:thu|nộp|mất|đóng)(?: {_CHARGES})?"
    rf"|không (?:quy định|có quy định) (?:về )?(?:việc )?thu {_CHARGES})"
)


def number_text(value: Decimal) -> str:
    """A number the Vietnamese way: dots between thousands, a comma before decimals."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount with its currency: "10.000 đồng", "5 USD", "20 (chưa rõ đơn vị tiền)"."""
    if not currency:
        return f"{number_text(amount)} (chưa rõ đơn vị tiền)"
    return f"{number_text(amount)} {_CURRENCY_NAMES.get(currency, currency)}"


def states_free(text: str) -> bool:
    """Whether the words say, as a whole and without condition or sum, that nothing is charged.

    "Miễn phí", "Không thu phí, lệ phí", "Không quy định thu phí" do. "Miễn phí cho hộ nghèo"
    does not (a condition), nor do "Không có" and "Không quy định" (they may mean that the
    source says nothing), which are shown in their own words instead.
    """
    words = " ".join(text.casefold().split()).strip(" .;,-*()–")
    return bool(_FREE_WORDS.fullmatch(words))


def fee_is_free(fee: Fee) -> bool:
    """Whether the source's words (never the amount) say that this fee is not charged."""
    if fee.amount:
        return False
    words = [text for text in (fee.condition, fee.text) if text.strip()]
    if fee.condition.strip():
        return states_free(fee.condition)
    return bool(words) and states_free(words[0])


def _doubtful(fee: Fee) -> bool:
    """A đồng amount too small to be meant: "20 VNĐ (20.000 vnđ/tờ khai)"."""
    return bool(fee.amount and fee.currency == "VND" and abs(fee.amount) < SMALLEST_BELIEVABLE_VND)


def fee_amount_text(fee: Fee) -> str:
    """The fee in a few words, for a table cell: the amount, or what the source has instead."""
    condition, words = _flat(fee.condition), _flat(fee.text)
    if fee_is_free(fee):
        return FREE
    if fee.amount is None:
        return words or condition or UNKNOWN
    if fee.amount == 0:
        if not condition:
            return ZERO_BARE
        return condition if len(condition) <= SHORT else ZERO_WITH_CONDITION
    if _doubtful(fee):
        return f"Nguồn ghi “{words or amount_text(fee.amount, fee.currency)}”, cần xem lại"
    return amount_text(fee.amount, fee.currency)


def fee_text(fee: Fee) -> str:
    """The whole fee: amount and condition, nothing of the source left out."""
    head, condition = fee_amount_text(fee), _flat(fee.condition)
    return head if not condition or head in (FREE, condition) else f"{head}: {condition}"


def fee_summary(channels: Iterable[Channel]) -> str:
    """All fees of a procedure in a few words, for tiles and cards.

    "10.000 – 20.000 đồng", "5 – 165 USD", "Miễn phí" (only when words say so), "Xem điều
    kiện", "Chưa công bố".
    """
    fees = [fee for channel in channels for fee in channel.fees]
    if not fees:
        return UNKNOWN
    free = [fee for fee in fees if fee_is_free(fee)]
    if len(free) == len(fees):
        return FREE
    rest = [fee for fee in fees if not fee_is_free(fee)]
    sure = [fee for fee in rest if fee.amount and not _doubtful(fee)]
    open_ended = [fee for fee in rest if not fee.amount or _doubtful(fee)]
    if not sure:
        heads = list(dict.fromkeys(fee_amount_text(fee) for fee in rest))
        if not free and len(heads) == 1 and len(heads[0]) <= SHORT:
            return heads[0]
        return SEE_CONDITIONS
    ranges = "; ".join(
        _range([fee.amount for fee in sure if fee.amount and fee.currency == currency], currency)
        for currency in dict.fromkeys(fee.currency for fee in sure)
    )
    head = f"{FREE} hoặc {ranges}" if free else ranges
    return f"{head}, xem điều kiện" if open_ended else head


def _range(amounts: Sequence[Decimal], currency: str) -> str:
    low, high = min(amounts), max(amounts)
    if low == high:
        return amount_text(low, currency)
    return f"{number_text(low)} – {amount_text(high, currency)}"


def time_text(time: ProcessingTime) -> str:
    """A time limit: "7 ngày làm việc", "1 — đơn vị chưa rõ", or the source's words."""
    if time.value is None:
        return time.text.strip() or UNKNOWN
    if time.unit not in TIME_UNITS:
        return f"{number_text(time.value)} — đơn vị chưa rõ"
    return f"{number_text(time.value)} {TIME_UNITS[time.unit]}"


def time_summary(channels: Iterable[Channel]) -> str:
    """All time limits of a procedure in a few words: "7 ngày làm việc", "3 – 5 ngày"."""
    times = [channel.time for channel in channels]
    # A channel for which nothing is stated says nothing about the others.
    known = [time for time in times if time.value is not None or time.text.strip()]
    if not known:
        return UNKNOWN
    texts = list(dict.fromkeys(_flat(time_text(time)) for time in known))
    if len(texts) == 1:
        return texts[0] if len(texts[0]) <= SHORT else "Xem chi tiết"
    values = [time.value for time in known if time.value is not None]
    units = {time.unit for time in known}
    if len(values) == len(known) and len(units) == 1:
        low, high = min(values), max(values)
        return f"{number_text(low)} – {time_text(ProcessingTime(high, units.pop(), ''))}"
    joined = " hoặc ".join(texts)
    return joined if len(texts) == 2 and len(joined) <= SHORT else "Tuỳ hình thức nộp"


def _flat(text: str) -> str:
    return " ".join(text.split())
