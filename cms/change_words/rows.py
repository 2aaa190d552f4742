"""Words for what stands in rows: steps, laws, files, rules of the city, the internal process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import formatting
from cms.change_words.channels import fee_words, time_words
from cms.change_words.lines import (
    Line,
    day_text,
    decimal_of,
    flat,
    low,
    of_channels,
    shorten,
    text_line,
)
from cms.changes import CHANGED, MOVED, Change
from cms.form_files import size_text
from cms.wording import page_wording

FORM_FILE = gettext_lazy("Tệp mẫu đơn")
ORIGIN_NAMES = {
    "city": gettext_lazy("quy định của thành phố"),
    "national": gettext_lazy("quy định của trung ương"),
}


def step_lines(change: Change) -> list[Line]:
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các bước"), MOVED)]
    n = change.where[0] if change.where else ""
    name = _("Bước %(n)s") % {"n": n} if n else _("Ghi chú ở các bước")
    return [text_line(name, change.old or "", change.new or "")]


def whole(name: Promise, text: Callable[[Any], str]) -> Callable[[Change], list[Line]]:
    """Words for rows that are told whole, made by ``text``."""

    def lines(change: Change) -> list[Line]:
        if change.kind == MOVED:
            return [Line(_("Đổi thứ tự: %(what)s") % {"what": low(name)}, MOVED)]
        old, new = (text(value) if value else "" for value in (change.old, change.new))
        return [text_line(name, old, new)]

    return lines


def law_text(law: Mapping[str, Any]) -> str:
    return ": ".join(part for part in (law["number"], flat(law["name"])) if part)


def file_lines(change: Change) -> list[Line]:
    """A form that came, went or changed; of a file with new content, that and its size."""
    name = FORM_FILE
    old, new = change.old, change.new
    if change.kind != CHANGED or (old["name"], old["file"]) != (new["name"], new["file"]):
        return whole(name, _file_text)(change)
    what = shorten(flat(new["name"] or new["file"]), 120)
    if old.get("sha1") == new.get("sha1"):
        return [Line(_("Tải lại tệp “%(name)s”, nội dung không đổi") % {"name": what}, CHANGED)]
    sizes = [size_text(row["size"]) if row.get("size") else "" for row in (old, new)]
    before, after = sizes if sizes[0] != sizes[1] and all(sizes) else ("", "")
    return [Line(_("Nội dung tệp “%(name)s” thay đổi") % {"name": what}, CHANGED, before, after)]


def _file_text(row: Mapping[str, Any]) -> str:
    """ "Tờ khai (mau-ct01.docx, 45 kB)": what a citizen sees of a file, and no digest."""
    facts = [row["file"] if row["name"] else "", size_text(row["size"]) if row.get("size") else ""]
    told = ", ".join(fact for fact in facts if fact)
    text = row["name"] or row["file"]
    return f"{text} ({told})" if told else text


def row_text(row: Mapping[str, Any]) -> str:
    hours = decimal_of(row.get("hours"))
    parts = [row["name"], flat(row["work"]), row["agency"]]
    if hours:
        number = formatting.number_text(hours, page_wording())
        parts.append(_("%(n)s giờ làm việc") % {"n": number})
    return " · ".join(part for part in parts if part)


def rule_text(rule: Mapping[str, Any]) -> str:
    """A rule of the city in one line: what, from when until when, by which document."""
    kind, value = rule["type"], rule["value"]
    channel = value.get("channel", "")
    if kind == "fees":
        fees = "; ".join(fee_words(fee) for fee in value.get("fees", []))
        head = of_channels(_("Thu thêm phí") if value.get("adds") else _("Phí, lệ phí"), [channel])
        words = f"{head}: {fees}"
    elif kind == "time":
        time = {part: value.get(f"time_{part}") for part in ("value", "unit", "text")}
        words = f"{of_channels(_('Thời hạn'), [channel])}: {time_words(time)}"
    elif kind == "note":
        words = f"{of_channels(_('Ghi chú'), [channel])}: {value.get('text', '')}"
    elif kind == "condition":
        words = f"{_('Yêu cầu, điều kiện')}: {value.get('text', '')}"
    else:
        words = f"{_('Giấy tờ không phải nộp')}: {value.get('paper', '')}"
        if value.get("reason"):
            words += f" ({value['reason']})"
    tail = []
    if value.get("valid_from"):
        tail.append(_("từ %(day)s") % {"day": day_text(value["valid_from"])})
    if value.get("valid_until"):
        tail.append(_("đến hết %(day)s") % {"day": day_text(value["valid_until"])})
    if value.get("decision"):
        tail.append(_("theo %(decision)s") % {"decision": value["decision"]})
    if value.get("origin") in ORIGIN_NAMES:
        tail.append(str(ORIGIN_NAMES[value["origin"]]))
    return f"{words} – {', '.join(tail)}" if tail else words
