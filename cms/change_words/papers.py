"""Words for the papers of a dossier and their cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.change_words.lines import Line, flat, low, shorten, text_line
from cms.changes import ADDED, CHANGED, MOVED, Change


def _counts(item: Mapping[str, Any]) -> str:
    parts = []
    if item.get("originals"):
        n = item["originals"]
        parts.append(ngettext("%(n)s bản chính", "%(n)s bản chính", n) % {"n": n})
    if item.get("copies"):
        n = item["copies"]
        parts.append(ngettext("%(n)s bản sao", "%(n)s bản sao", n) % {"n": n})
    return ", ".join(parts) or _("không ghi số bản")


def paper_lines(change: Change) -> list[Line]:
    case = flat(change.where[0]).strip(" *+-–•:") if change.where else ""
    inside = f" ({shorten(case)})" if case else ""
    if change.part == "case_name":
        return [text_line(_("Tên trường hợp"), change.old or "", change.new or "")]
    if change.part == "case":
        return _case_lines(change, shorten(case, 120))
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự giấy tờ") + inside, MOVED)]
    if change.kind != CHANGED:
        item = change.new or change.old
        heading = item.get("heading")
        forms = ", ".join(item.get("forms") or [])
        words = item["name"] if heading else f"{item['name']} ({_counts(item)})"
        words = f"{words}; {forms}" if forms else words
        name = _("Ghi chú về giấy tờ") if heading else _("Giấy tờ")
        old, new = ("", words) if change.kind == ADDED else (words, "")
        line = text_line(name, old, new)
        return [replace(line, head=line.head + inside)]
    return [replace(line, head=line.head + inside) for line in _paper_parts(change)]


def _case_lines(change: Change, name: str) -> list[Line]:
    if change.kind == MOVED:
        return [Line(_("Đổi thứ tự các trường hợp"), MOVED)]
    value = change.new or change.old
    papers = "; ".join(flat(item["name"]) for item in value["items"])
    head = _("Thêm trường hợp") if change.kind == ADDED else _("Bỏ trường hợp")
    head = f"{head} “{name}”" if name else head
    old, new = ("", papers) if change.kind == ADDED else (papers, "")
    return [Line(head, change.kind, old, new)]


def _paper_parts(change: Change) -> list[Line]:
    before, after = change.old, change.new
    name = _("Giấy tờ “%(name)s”") % {"name": shorten(flat(after["name"]))}
    lines = []
    if before["name"] != after["name"]:
        lines.append(text_line(_("Tên giấy tờ"), before["name"], after["name"]))
    if _counts(before) != _counts(after):
        lines.append(Line(name, CHANGED, _counts(before), _counts(after)))
    if before["forms"] != after["forms"]:
        old, new = ("; ".join(item["forms"]) for item in (before, after))
        what = _("Biểu mẫu của %(paper)s") % {"paper": low(name)}
        lines.append(text_line(what, old, new))
    if bool(before["heading"]) != bool(after["heading"]):
        words = [
            _("là ghi chú") if item["heading"] else _("là giấy tờ phải nộp")
            for item in (before, after)
        ]
        lines.append(Line(name, CHANGED, words[0], words[1]))
    return lines or [Line(name, CHANGED)]
