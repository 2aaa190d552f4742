"""A part of a procedure in words an editor reads, and where two texts of it differ. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cms import record
from cms.formatting import fee_text, time_text
from cms.local_conflicts import PREFIX
from cms.merging import label

ABSENT = "(không có)"
BLANK = "(để trống)"
#: Longer passages are marked line by line: comparing their words would take too long.
_WORDS = 3000
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Run:
    """A stretch of text; ``marked`` where the other text says something else."""

    text: str
    marked: bool = False


def part_text(part: str, value: Any) -> str:
    """What the part says, line by line; ``value`` as stored, None when it is not there."""
    if value is None:
        return ABSENT
    return "\n".join(_lines(part, value)) or BLANK


def _lines(part: str, value: Any) -> list[str]:
    top, _, rest = part.partition("/")
    if part.startswith(PREFIX):
        return _rule(value)
    if top == "channels":
        name = rest.partition("/")[2]
        return _channel(value if not name else {"value": value}, name)
    if top == "cases":
        return _paper(value["value"]) if "/" in rest else _case(value["value"])
    if top == "steps":
        return [f"{number}. {text}" for number, text in enumerate(record.steps(value), 1)]
    if top == "legal_basis":
        return [f"{one.number}: {one.name}".strip(": ") for one in record.legal_bases(value)]
    if top == "name":
        return [value.get("full_name") or value.get("title") or ""]
    if top == "levels":
        names = [record.LEVELS.get(one, one) for one in value.get("levels") or []]
        more = ["(có thể còn cấp cao hơn)"] if value.get("levels_incomplete") else []
        return [", ".join(names), *more]
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value or "").splitlines()


def _channel(block: Mapping[str, Any], name: str = "") -> list[str]:
    (channel,) = record.channels([block])
    lines: list[str] = []
    if name in ("", "time"):
        time = time_text(channel.time)
        lines.append(f"Thời hạn: {time}" if not name else time)
        if channel.time.text and channel.time.text.strip() not in time:
            lines.append(f"Nguyên văn: {channel.time.text}")
    if name in ("", "fees"):
        fees = [fee_text(fee) for fee in channel.fees]
        for fee, line in zip(channel.fees, list(fees), strict=True):
            if fee.text and fee.text not in line:
                fees[fees.index(line)] = f"{line} (nguyên văn: {fee.text})"
        lines += fees if name else [f"Phí, lệ phí: {one}" for one in fees]
    if name in ("", "note") and channel.note:
        lines += channel.note.splitlines()
    return lines


def _case(value: Mapping[str, Any]) -> list[str]:
    return [line for item in value.get("items") or [] for line in _paper(item["value"])]


def _paper(value: Mapping[str, Any]) -> list[str]:
    name = value.get("name") or ""
    if value.get("heading"):
        return [name, "(tiêu đề hoặc ghi chú)"]
    forms = [one["value"] if isinstance(one, Mapping) else one for one in value.get("forms") or []]
    counts = f"bản chính: {value.get('originals') or 0}, bản sao: {value.get('copies') or 0}"
    return [name, counts, *(f"mẫu: {one}" for one in forms)]


def _rule(value: Mapping[str, Any]) -> list[str]:
    """A rule of the city, or (for what the record says) its national parts."""
    if "type" not in value:
        lines = []
        for part, one in value.items():
            lines += [f"{label(part, one)}:", *part_text(part, one).splitlines()]
        return lines
    rule = value["value"]
    lines = []
    kind = value["type"]
    if kind != "waived_paper" and kind != "condition":
        channel = rule.get("channel") or ""
        lines.append(f"Hình thức nộp: {record.CHANNELS.get(channel, 'mọi hình thức')}")
    if kind == "fees":
        lines += _channel({"value": {"fees": rule.get("fees") or []}}, "fees")
    elif kind == "time":
        lines += _channel({"value": rule}, "time")
    elif kind == "waived_paper":
        lines.append(f"Không phải nộp: {rule.get('paper') or ''}")
        lines += (rule.get("reason") or "").splitlines()
    else:
        lines += (rule.get("text") or "").splitlines()
    for key, words in (("valid_from", "từ ngày"), ("valid_until", "đến hết ngày")):
        if rule.get(key):
            lines.append(f"{words} {_day(rule[key])}")
    if rule.get("decision"):
        lines.append(f"theo {rule['decision']}")
    return lines


def _day(value: Any) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{day:%d/%m/%Y}"


def marked(other: str, text: str) -> list[Run]:
    """``text`` in stretches, marked where ``other`` does not say the same."""
    if text == other or other in (ABSENT, BLANK) or text in (ABSENT, BLANK):
        return [Run(text, text not in (other, ABSENT, BLANK) and other == ABSENT)]
    old, new = other.splitlines(keepends=True), text.splitlines(keepends=True)
    runs: list[Run] = []
    lines = difflib.SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    for kind, i1, i2, j1, j2 in lines.get_opcodes():
        before, after = "".join(old[i1:i2]), "".join(new[j1:j2])
        if kind == "equal":
            runs.append(Run(after))
        elif kind == "replace":
            runs += _words(before, after)
        elif after:
            runs.append(Run(after, True))
    return _joined(runs)


def _bare(lines: list[str]) -> list[str]:
    return [line.rstrip("\n") for line in lines]


def _words(before: str, after: str) -> list[Run]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _WORDS:
        return [Run(after, True)]
    words = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        Run("".join(new[j1:j2]), kind != "equal")
        for kind, _, _, j1, j2 in words.get_opcodes()
        if j2 > j1
    ]


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one kind, and marked words with only a space between them, as one stretch."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].marked == run.marked:
            joined[-1] = Run(joined[-1].text + run.text, run.marked)
        elif run.marked and len(joined) > 1 and not joined[-1].text.strip(" "):
            # Before an unmarked stretch stands a marked one.
            space = joined.pop()
            joined[-1] = Run(joined[-1].text + space.text + run.text, True)
        else:
            joined.append(run)
    return joined
