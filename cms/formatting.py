"""Fees and times as Vietnamese text, without Django.

The rule of this module: **never "Miễn phí" from an amount of 0 alone.** The national portal
shows every 0 as "Miễn phí", also where the note beside it names a sum, so only words that say
so, with no condition and no sum, count (docs/import.md, defect 3). Numbers are written the
Vietnamese way: 1.234,5.

A page in another language passes its own :class:`Wording`; the words of the source stay as they
are in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cms.record import TIME_UNITS, Channel, Fee, ProcessingTime

FREE = "Miễn phí"
UNKNOWN = "Chưa công bố"
SEE_CONDITIONS = "Xem điều kiện"
ZERO_BARE = "0 đồng (nguồn không ghi điều kiện)"
ZERO_WITH_CONDITION = "0 đồng theo nguồn, xem điều kiện"
#: The same for a foreign currency, which stays foreign. A 0 without any is a 0 of đồng: the
#: national record leaves the currency out of its zeros.
ZERO_BARE_OTHER = "%(amount)s (nguồn không ghi điều kiện)"
ZERO_WITH_CONDITION_OTHER = "%(amount)s theo nguồn, xem điều kiện"
SEE_DETAILS = "Xem chi tiết"
BY_CHANNEL = "Tuỳ hình thức nộp"
NO_CURRENCY = "%(number)s (chưa rõ đơn vị tiền)"
NO_UNIT = "%(number)s — đơn vị chưa rõ"
IN_DOUBT = "Nguồn ghi “%(words)s”, cần xem lại"
ONE_OR_OTHER = "%(one)s hoặc %(other)s"
WITH_CONDITIONS = "%(head)s, xem điều kiện"
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


def _same(text: str) -> str:
    return text


def _same_unit(unit: str, number: Decimal) -> str:
    return unit


@dataclass(frozen=True)
class Wording:
    """How a page says it: Vietnamese words → the reader's, and how numbers are written.

    ``say`` translates a constant of this module or a currency's name, keeping its placeholders;
    ``unit`` a name of TIME_UNITS for so many; ``separators`` stand between thousands and before
    decimals.
    """

    say: Callable[[str], str] = _same
    unit: Callable[[str, Decimal], str] = _same_unit
    separators: str = ".,"


VIETNAMESE = Wording()


def number_text(value: Decimal, wording: Wording = VIETNAMESE) -> str:
    """A number, in Vietnamese with dots between thousands and a comma before decimals."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", wording.separators))


def amount_text(amount: Decimal, currency: str, wording: Wording = VIETNAMESE) -> str:
    """An amount with its currency: "10.000 đồng", "5 USD", "20 (chưa rõ đơn vị tiền)"."""
    number = number_text(amount, wording)
    if not currency:
        return wording.say(NO_CURRENCY) % {"number": number}
    name = _CURRENCY_NAMES.get(currency)
    return f"{number} {wording.say(name) if name else currency}"


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


def fee_amount_text(fee: Fee, wording: Wording = VIETNAMESE) -> str:
    """The fee in a few words, for a table cell: the amount, or what the source has instead."""
    condition, words = _flat(fee.condition), _flat(fee.text)
    if fee_is_free(fee):
        return wording.say(FREE)
    if fee.amount is None:
        return words or condition or wording.say(UNKNOWN)
    if fee.amount == 0:
        if condition and len(condition) <= SHORT:
            return condition
        if fee.currency in ("", "VND"):
            return wording.say(ZERO_WITH_CONDITION if condition else ZERO_BARE)
        said = wording.say(ZERO_WITH_CONDITION_OTHER if condition else ZERO_BARE_OTHER)
        return said % {"amount": amount_text(fee.amount, fee.currency, wording)}
    amount = amount_text(fee.amount, fee.currency, wording)
    return wording.say(IN_DOUBT) % {"words": words or amount} if _doubtful(fee) else amount


def fee_text(fee: Fee, wording: Wording = VIETNAMESE) -> str:
    """The whole fee: amount and condition, nothing of the source left out."""
    head, condition = fee_amount_text(fee, wording), _flat(fee.condition)
    free = wording.say(FREE)
    return head if not condition or head in (free, condition) else f"{head}: {condition}"


def fees_text(fees: Iterable[Fee], wording: Wording = VIETNAMESE) -> str:
    """All fees of a channel, each whole: "10.000 đồng; 5.000 đồng: hộ nghèo"; said when none."""
    texts = dict.fromkeys(fee_text(fee, wording) for fee in fees)
    return "; ".join(texts) or wording.say(UNKNOWN)


def fee_summary(channels: Iterable[Channel], wording: Wording = VIETNAMESE) -> str:
    """All fees of a procedure in a few words, for tiles and cards.

    "10.000 – 20.000 đồng", "5 – 165 USD", "Miễn phí" (only when words say so), "Xem điều
    kiện", "Chưa công bố".
    """
    fees = [fee for channel in channels for fee in channel.fees]
    if not fees:
        return wording.say(UNKNOWN)
    free = [fee for fee in fees if fee_is_free(fee)]
    if len(free) == len(fees):
        return wording.say(FREE)
    rest = [fee for fee in fees if not fee_is_free(fee)]
    sure = [fee for fee in rest if fee.amount and not _doubtful(fee)]
    open_ended = [fee for fee in rest if not fee.amount or _doubtful(fee)]
    if not sure:
        heads = list(dict.fromkeys(fee_amount_text(fee, wording) for fee in rest))
        if not free and len(heads) == 1 and len(heads[0]) <= SHORT:
            return heads[0]
        return wording.say(SEE_CONDITIONS)
    ranges = "; ".join(
        _range(
            [fee.amount for fee in sure if fee.amount and fee.currency == currency],
            currency,
            wording,
        )
        for currency in dict.fromkeys(fee.currency for fee in sure)
    )
    head = ranges
    if free:
        head = wording.say(ONE_OR_OTHER) % {"one": wording.say(FREE), "other": ranges}
    return wording.say(WITH_CONDITIONS) % {"head": head} if open_ended else head


def _range(amounts: Sequence[Decimal], currency: str, wording: Wording) -> str:
    low, high = min(amounts), max(amounts)
    if low == high:
        return amount_text(low, currency, wording)
    return f"{number_text(low, wording)} – {amount_text(high, currency, wording)}"


def time_text(time: ProcessingTime, wording: Wording = VIETNAMESE) -> str:
    """A time limit: "7 ngày làm việc", "1 — đơn vị chưa rõ", or the source's words."""
    if time.value is None:
        return time.text.strip() or wording.say(UNKNOWN)
    number = number_text(time.value, wording)
    if time.unit not in TIME_UNITS:
        return wording.say(NO_UNIT) % {"number": number}
    return f"{number} {wording.unit(TIME_UNITS[time.unit], time.value)}"


def time_summary(channels: Iterable[Channel], wording: Wording = VIETNAMESE) -> str:
    """All time limits of a procedure in a few words: "7 ngày làm việc", "3 – 5 ngày"."""
    times = [channel.time for channel in channels]
    # A channel for which nothing is stated says nothing about the others.
    known = [time for time in times if time.value is not None or time.text.strip()]
    if not known:
        return wording.say(UNKNOWN)
    texts = list(dict.fromkeys(_flat(time_text(time, wording)) for time in known))
    if len(texts) == 1:
        return texts[0] if len(texts[0]) <= SHORT else wording.say(SEE_DETAILS)
    values = [time.value for time in known if time.value is not None]
    units = {time.unit for time in known}
    if len(values) == len(known) and len(units) == 1:
        low, high = min(values), max(values)
        end = time_text(ProcessingTime(high, units.pop(), ""), wording)
        return f"{number_text(low, wording)} – {end}"
    if len(texts) == 2:
        joined = wording.say(ONE_OR_OTHER) % {"one": texts[0], "other": texts[1]}
        if len(joined) <= SHORT:
            return joined
    return wording.say(BY_CHANNEL)


def _flat(text: str) -> str:
    return " ".join(text.split())
