"""The table *cách thức thực hiện* of a record: times and fees per channel, never guessed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cms import record
from cms.formatting import SMALLEST_BELIEVABLE_VND
from cms.importing.reading import Reading, number_of, rows_of
from cms.importing.texts import clean, one_line

_KINDS = {name: kind for kind, name in record.CHANNELS.items()} | {
    "DIRECT": "direct",
    "ONLINE": "online",
    "POSTAL": "postal",
    "Bưu chính": "postal",
}
_KINDS_FOLDED = {name.casefold(): kind for name, kind in _KINDS.items()}
_UNITS = {name: unit for unit, name in record.TIME_UNITS.items()}
#: Starts at the first digit or comma of a number only, or a long number takes quadratic time.
_SUM = re.compile(r"(?<![\d.,])[.,]*\d[\d.,]*+\s*+(?:đ\b|đồng|vn[đd]|usd|%)", re.IGNORECASE)
_FLATTENED = "Xem mô tả"
#: "10.000" is ten thousand to a Vietnamese writer and ten to a machine: such text is no number.
_GROUPED = re.compile(r"\s*\d{1,3}(?:[.,]\d{3})+\s*")
_CURRENCIES = dict.fromkeys(("ĐỒNG", "VNĐ", "Đ", "DONG", "VND"), "VND")


def channels_of(raw: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """The stored ``channels`` rows; tables flattened to text stay verbatim in a note."""
    blocks = []
    for n, row in enumerate(rows_of(raw.get("channels"), "channels")):
        name = one_line(row.get("channel"))
        kind = _KINDS_FOLDED.get(name.casefold(), "other")
        note = clean(row.get("note"))
        if kind == "other" and name:
            reading.note("channel_unknown", f"Hình thức nộp không nhận ra: {name[:200]}")
            note = f"Hình thức: {name}\n{note}".strip()
        path = f"channels/{n}"
        value = {"kind": kind} | _time(row, reading)
        value |= {"fees": _fees(row, path, reading), "note": note}
        blocks.append(reading.block(path, value, "channel"))
    flattened = [clean(raw.get("channels_text"))]
    if not blocks:
        flattened += [clean(raw.get("time_limit_text")), clean(raw.get("fee_text"))]
    words = "\n".join(dict.fromkeys(text for text in flattened if text))
    if words:
        reading.note(
            "tables_flattened", "Bảng ở nguồn bị dồn thành chữ; giữ nguyên văn, cần nhập lại."
        )
        fee = {"amount": None, "currency": "", "condition": "", "text": _FLATTENED}
        value = {
            "kind": "other",
            "time_value": None,
            "time_unit": "",
            "time_text": _FLATTENED,
            "fees": [reading.block("channels/text/fee", fee | {"assumed": False})],
            "note": words,
        }
        blocks.append(reading.block("channels/text", value, "channel"))
    return blocks


def _time(row: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    words = clean(row.get("time_limit"))
    value = _number(row.get("time_value"), 6)
    unit = _UNITS.get(one_line(row.get("time_unit")).casefold(), "")
    if row.get("time_value") is not None and value is None:
        words = words or clean(row.get("time_value"))
    if row.get("time_unit") and not unit:
        reading.note("time_unit_unknown", f"Đơn vị thời gian lạ: {one_line(row['time_unit'])[:80]}")
        value, words = None, words or f"{row.get('time_value')} {one_line(row['time_unit'])}"
    if value is not None and not unit:
        reading.note("time_without_unit", f"Thời hạn “{words or value}” không có đơn vị ở nguồn.")
    return {
        "time_value": value,
        "time_unit": unit if value is not None else "",
        "time_text": words,
    }


def _number(found: Any, digits: int) -> str | None:
    """:func:`number_of`, but None for text that reads two ways."""
    if isinstance(found, str) and _GROUPED.fullmatch(found):
        return None
    return number_of(found, digits)


def _fees(row: Mapping[str, Any], path: str, reading: Reading) -> list[dict[str, Any]]:
    whole = clean(row.get("fee"))
    rows = rows_of(row.get("fees"), "fees")
    if not rows and whole:
        rows = [{"note": whole}]
    return [
        reading.block(f"{path}/fees/{n}", _fee(fee, whole, reading)) for n, fee in enumerate(rows)
    ]


def _fee(fee: Mapping[str, Any], whole: str, reading: Reading) -> dict[str, Any]:
    words = clean(fee.get("note"))
    written = one_line(fee.get("currency"))
    currency = _CURRENCIES.get(written.upper(), written.upper())
    amount = _number(fee.get("amount"), 13)
    assumed = fee.get("currency_source") == "crawler_default" and bool(currency)
    if amount is None:
        # No number: the words are the fee, not a condition of one.
        if fee.get("amount") not in (None, ""):
            words = f"{one_line(fee['amount'])} {written} {words}".strip()
            reading.note("amount_unreadable", f"Số tiền không đọc được: {words[:200]}")
        return _fee_value(None, "", "", words, False)
    if currency not in {"", "VND", "USD", "EUR"}:
        reading.note("currency_unknown", f"Đơn vị tiền lạ: {currency[:40]}")
        return _fee_value(None, "", words, f"{one_line(fee['amount'])} {written}", False)
    if Decimal(amount) == 0:
        _zero_notes(words, reading)
        # The portal prints every 0 as "Miễn phí": that is no statement of the source.
        return _fee_value(amount, currency, words, "", assumed)
    if not currency:
        reading.note("currency_missing", f"Số tiền {amount} không có đơn vị tiền ở nguồn.")
    elif assumed:
        reading.note("currency_assumed", "Đơn vị tiền do máy thu thập đoán; cần đối chiếu.")
    if currency == "VND" and Decimal(amount) < SMALLEST_BELIEVABLE_VND:
        reading.note("amount_doubtful", f"Số tiền {amount} đồng quá nhỏ; xem lại nguyên văn.")
    return _fee_value(amount, currency, words, _amount_words(amount, currency, whole), assumed)


def _zero_notes(words: str, reading: Reading) -> None:
    if words and _SUM.search(words):
        reading.note("zero_names_sum", f"Số tiền 0 nhưng ghi chú nêu mức thu: {words[:200]}")
    elif words:
        reading.note("zero_with_note", f"Số tiền 0 kèm ghi chú: {words[:200]}")


def _amount_words(amount: str, currency: str, whole: str) -> str:
    """How the source writes the amount, when its own line really has it so."""
    plain = f"{Decimal(amount):,f}".replace(",", ".")
    names = {"VND": (" đồng", " VNĐ", " Đồng", " VND"), "USD": (" USD",), "EUR": (" EUR",)}
    for name in (*names.get(currency, ()), ""):
        if f"{plain}{name}" in whole:
            return f"{plain}{name}"
    return ""


def _fee_value(
    amount: str | None, currency: str, condition: str, text: str, assumed: bool
) -> dict[str, Any]:
    return {
        "amount": amount,
        "currency": currency,
        "condition": condition,
        "text": text,
        "assumed": assumed,
    }
