"""Words for ways to hand in the dossier: their times, fees and notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cms import formatting, record
from cms.change_words.lines import (
    CHANNELS,
    Line,
    decimal_of,
    flat,
    low,
    of_channels,
    shorten,
    text_line,
)
from cms.changes import ADDED, CHANGED, MOVED, REMOVED, Change
from cms.wording import page_wording


def _fee(data: Mapping[str, Any]) -> record.Fee:
    return record.Fee(
        decimal_of(data.get("amount")),
        data.get("currency") or "",
        data.get("condition") or "",
        data.get("text") or "",
        bool(data.get("assumed")),
    )


def _time(data: Mapping[str, Any]) -> record.ProcessingTime:
    return record.ProcessingTime(
        decimal_of(data.get("value")), data.get("unit") or "", data.get("text") or ""
    )


def fee_words(data: Mapping[str, Any]) -> str:
    """A fee with its condition: "10.000 đồng (hộ nghèo)"."""
    fee = _fee(data)
    amount = flat(formatting.fee_amount_text(fee, page_wording()))
    condition = flat(fee.condition)
    return f"{amount} ({condition})" if condition and condition != amount else amount


def _amounts(old: str, new: str) -> tuple[str, str]:
    """ "20.000 đồng", "10.000 đồng" → "20.000", "10.000 đồng"."""
    for unit in (" đồng", f" {page_wording().say('đồng')}"):
        if old.endswith(unit) and new.endswith(unit) and old[:1].isdigit() and new[:1].isdigit():
            return old.removesuffix(unit), new
    return old, new


def _fee_lines(change: Change) -> list[Line]:
    name = of_channels(_("Lệ phí"), change.where)
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự: %(what)s") % {"what": low(name)}, MOVED)]
    if change.kind != CHANGED:
        old, new = (fee_words(value) if value else "" for value in (change.old, change.new))
        return [text_line(name, old, new)]
    before, after = _fee(change.old), _fee(change.new)
    old, new = (flat(formatting.fee_amount_text(fee, page_wording())) for fee in (before, after))
    lines = []
    condition = flat(after.condition)
    if old != new:
        head = name
        if condition and before.condition == after.condition and condition not in (old, new):
            head = f"{name} ({shorten(condition)})"
        elif before.condition != after.condition:
            old, new = fee_words(change.old), fee_words(change.new)
        lines.append(text_line(head, *_amounts(old, new)))
    elif before.condition != after.condition:
        what = _("Điều kiện của %(fee)s (%(amount)s)") % {"fee": low(name), "amount": new}
        lines.append(text_line(what, before.condition, after.condition))
    if before.text != after.text and not lines:
        lines.append(text_line(_("%(what)s, nguyên văn") % {"what": name}, before.text, after.text))
    if before.assumed != after.assumed:
        what = _("Đơn vị tiền của %(fee)s") % {"fee": low(name)}
        words = [_("do máy đoán") if fee.assumed else _("theo văn bản") for fee in (before, after)]
        lines.append(Line(what, CHANGED, words[0], words[1]))
    return lines or [Line(name, CHANGED, old, fee_words(change.new))]


def time_words(data: Mapping[str, Any]) -> str:
    """A time limit in words."""
    return flat(formatting.time_text(_time(data), page_wording()))


def _time_lines(change: Change) -> list[Line]:
    name = of_channels(_("Thời hạn"), change.where)
    before, after = _time(change.old), _time(change.new)
    old, new = time_words(change.old), time_words(change.new)
    lines = [text_line(name, old, new)] if old != new else []
    told = {old.casefold(), new.casefold()}
    texts = {flat(before.text).casefold(), flat(after.text).casefold()}
    if before.text != after.text and not (lines and texts - {""} <= told):
        words = _("%(what)s, nguyên văn") % {"what": name}
        lines.append(text_line(words, before.text, after.text))
    return lines or [Line(name, CHANGED, old, new)]


def _channel_words(value: Mapping[str, Any]) -> str:
    parts = [time_words(value["time"]), *(fee_words(fee) for fee in value["fees"])]
    return "; ".join([*parts, *([flat(value["note"])] if value["note"] else [])])


def channel_lines(change: Change) -> list[Line]:
    if change.part == "fee":
        return _fee_lines(change)
    if change.part == "time":
        return _time_lines(change)
    if change.part == "note":
        return [
            text_line(
                of_channels(_("Ghi chú nộp"), change.where), change.old or "", change.new or ""
            )
        ]
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các hình thức nộp"), MOVED)]
    names = ", ".join(str(CHANNELS.get(kind, kind)) for kind in change.where)
    if change.kind == ADDED:
        head = _("Thêm hình thức nộp %(channels)s") % {"channels": names}
        return [Line(head, ADDED, "", _channel_words(change.new))]
    head = _("Bỏ hình thức nộp %(channels)s") % {"channels": names}
    return [Line(head, REMOVED, _channel_words(change.old))]
