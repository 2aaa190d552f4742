"""What changes from one version of a procedure's values to another, in an editor's words. Pure.

Which parts differ is :mod:`cms.merging`'s business; this module tells them: a difference is
``part`` (what it is called), ``before`` and ``after`` ("" is nothing), and ``clash`` when the city
and the new record both changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any

from cms import merging, record
from cms.formatting import fee_text, time_text
from cms.merging import Values

Difference = dict[str, str]

#: Longest text of one side; what is equal before and after is cut first.
SHOWN = 400
CONTEXT = 60
#: A record that changed altogether is told in so many lines and a count.
MOST = 40


def differences(before: Values, after: Values) -> list[Difference]:
    """Every part that differs, in the order of the page."""
    one, other = merging.split(before), merging.split(after)
    found: list[Difference] = []
    for part in merging.differences(before, after):
        old = merging.stored(merging.find(one, part))
        new = merging.stored(merging.find(other, part))
        found += _told(part, old, new)
    if len(found) > MOST:
        rest = len(found) - MOST + 1
        found = [*found[: MOST - 1], _difference(f"và {rest} chỗ khác nữa", "", "")]
    return found


def clash_differences(clashes: Iterable[merging.Clash]) -> list[Difference]:
    """Conflicts: what the page keeps, and what the record says."""
    return [
        {**one, "clash": "1"}
        for clash in clashes
        for one in _told(clash.part, clash.ours, clash.theirs)
    ]


def _difference(part: str, before: str, after: str) -> Difference:
    before, after = _cropped(before, after)
    return {"part": part[:1].upper() + part[1:], "before": before, "after": after}


def _told(part: str, old: Any, new: Any) -> Iterator[Difference]:
    if part == "steps":
        steps = [list(record.steps(value)) for value in (old, new)]
        yield from _listed("Bước", *steps, numbered=True)
    elif part == "legal_basis":
        yield from _listed("Căn cứ pháp lý", _laws(old), _laws(new))
    else:
        yield _difference(merging.label(part, new, old), words(part, old), words(part, new))


def words(part: str, value: Any) -> str:
    """A stored part as text; "" when it is not there."""
    if value in (None, "", []):
        return ""
    top, *rest = part.split("/")
    if top == "channels" and rest:
        return _CHANNEL_WORDS[rest[1]](value) if len(rest) > 1 else _channel_words(value)
    if top == "cases" and len(rest) == 1:
        (case,) = record.cases([value])
        return "; ".join(map(_paper_words, case.items)) or "(không có giấy tờ)"
    if top == "cases" and rest:
        (case,) = record.cases([{"value": {"items": [value]}}])
        return _paper_words(case.items[0])
    if top == "name":
        return str(value.get("full_name") or value.get("title") or "")
    if top == "levels":
        names = ", ".join(record.LEVELS.get(one, one) for one in value.get("levels") or [])
        return names + (" (có thể còn cấp cao hơn)" if value.get("levels_incomplete") else "")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _channel(value: dict[str, Any]) -> record.Channel:
    return record.channels([{"value": value}])[0]


def _time_words(value: dict[str, Any]) -> str:
    time = _channel(value).time
    text = time_text(time)
    verbatim = time.text.strip()
    return text if not verbatim or verbatim == text else f"{text} (nguyên văn: {verbatim})"


def _fee_words(value: dict[str, Any]) -> str:
    return "; ".join(
        fee_text(fee)
        + (f" (nguyên văn: {fee.text})" if fee.text and fee.text not in fee_text(fee) else "")
        + (" (đơn vị tiền do nguồn đoán)" if fee.assumed else "")
        for fee in _channel(value).fees
    )


def _note_words(value: dict[str, Any]) -> str:
    return str(value.get("note") or "")


_CHANNEL_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "time": _time_words,
    "fees": _fee_words,
    "note": _note_words,
}


def _channel_words(block: dict[str, Any]) -> str:
    value = block["value"]
    return f"{_time_words(value)}; {_fee_words(value) or 'không ghi lệ phí'}"


def _paper_words(item: record.DocumentItem) -> str:
    counts = f"{item.originals} bản chính, {item.copies} bản sao"
    text = item.name if item.heading else f"{item.name} — {counts}"
    return text + "".join(f"; mẫu: {form}" for form in item.forms)


def _laws(raw: Any) -> list[str]:
    return [f"{one.number} {one.name}".strip() for one in record.legal_bases(raw)]


def _listed(
    label: str, old: list[str], new: list[str], *, numbered: bool = False
) -> Iterator[Difference]:
    """Entries of a list: what was replaced, taken out and put in, each where it stands."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for n in range(max(i2 - i1, j2 - j1)):
            before = old[i1 + n] if i1 + n < i2 else ""
            after = new[j1 + n] if j1 + n < j2 else ""
            place = (j1 if j1 + n < j2 else i1) + n + 1
            yield _difference(f"{label} {place}" if numbered else label, before, after)


def _cropped(before: str, after: str) -> tuple[str, str]:
    """Both texts with what they share at their ends cut to a few words, when they are long."""
    if max(len(before), len(after)) <= SHOWN:
        return before, after
    start = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        start += 1
    end = 0
    most = min(len(before), len(after)) - start
    while end < most and before[-1 - end] == after[-1 - end]:
        end += 1
    start, end = max(0, start - CONTEXT), max(0, end - CONTEXT)
    return _middle(before, start, end), _middle(after, start, end)


def _middle(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    cut = len(middle) > SHOWN
    return ("…" if start and middle else "") + middle[:SHOWN] + ("…" if cut or end else "")
