"""Two snapshots of a procedure → the list of what changed, without Django.

:func:`compare` tells every part that differs and nothing else (tests/cms/test_changes.py holds
both by property). A change names its section, part and place and carries both values; words are
made from it in cms/change_words/, in the reader's language. Snapshots: cms/snapshots.py.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from cms.text import is_note

#: Sections that are one text or one plain value, in the order citizens care about them.
VALUES = (
    "standing",
    "standing_reason",
    "standing_from",
    "standing_until",
    "replaced_by",
    "applied",
    "applied_decision",
    "applied_from",
    "name",
    "plain_name",
    "field",
    "decision_number",
    "decision_date",
)
MORE_VALUES = (
    "levels",
    "levels_incomplete",
    "audience",
    "procedure_type",
    "agency",
    "authority",
    "delegated_agency",
    "coordinating_agency",
    "issuing_body",
    "reception_address",
    "result",
    "requirements",
    "description",
    "keywords",
    "source_url",
)
#: Every part of a snapshot that :func:`compare` looks at.
SECTIONS = (
    *VALUES,
    "channels",
    "local_rules",
    "steps",
    "cases",
    "form_files",
    "legal_basis",
    "internal_process",
    *MORE_VALUES,
)
#: Two texts that share this much of their words are one text that was edited.
ALIKE = 0.5
#: Comparing every new row with every old one stops being worth it.
MOST_PAIRS = 20_000
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    ``section`` is a key of the snapshot, ``part`` what within it ("fee", "time", "paper" …),
    ``where`` the place as data (a channel's kind, a case's name, a step's number). ``kind`` is
    one of ADDED, REMOVED, CHANGED, MOVED; ``old`` and ``new`` are values of the snapshot.
    """

    section: str
    kind: str
    part: str = ""
    where: tuple[str, ...] = ()
    old: Any = None
    new: Any = None


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What changed from one snapshot to the other, in the order of SECTIONS; [] for equal ones."""
    found: list[Change] = []
    for section in SECTIONS:
        before, after = old.get(section), new.get(section)
        if before == after:
            continue
        rows = _ROWS.get(section)
        if rows:
            found += rows(before or [], after or [])
        else:
            found.append(Change(section, CHANGED, old=before, new=after))
    return found


# Rows: which old row became which new one.


def _key(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def likeness(one: str, other: str) -> float:
    """How much of their words two texts share, from 0 to 1."""
    if one == other:
        return 1.0
    left, right = _words(one), _words(other)
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


Pair = tuple[int | None, int | None]


def align(
    old: Sequence[Any],
    new: Sequence[Any],
    alike: Callable[[Any, Any], float],
    *,
    lone: bool = False,
) -> list[Pair]:
    """Pairs of positions: (old, new) for rows that correspond, None for no counterpart.

    Every position of both lists is in exactly one pair. Equal rows go together first, then rows
    that ``alike`` finds at least ALIKE; ``lone``: a row alone against one goes with it anyway.
    """
    matcher = SequenceMatcher(None, [*map(_key, old)], [*map(_key, new)], autojunk=False)
    pairs: list[Pair] = []
    gone: list[int] = []
    come: list[int] = []
    for op, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        left, right = range(old_from, old_to), range(new_from, new_to)
        if op == "equal":
            pairs += zip(left, right, strict=True)
        elif op == "replace":
            matched = _best(old, new, left, right, alike, lone=lone)
            pairs += matched.items()
            gone += [one for one in left if one not in matched]
            come += [one for one in right if one not in matched.values()]
        else:
            gone += left
            come += right
    places: dict[str, list[int]] = {}
    for one in come:
        places.setdefault(_key(new[one]), []).append(one)
    for one in gone:
        same = places.get(_key(old[one]))
        pairs.append((one, same.pop(0) if same else None))
    pairs += [(None, one) for rest in places.values() for one in rest]
    # In the order of the new list; what is gone stands where it stood.
    return sorted(pairs, key=lambda pair: (pair[0] or 0, 0) if pair[1] is None else (pair[1], 1))


def _best(
    old: Sequence[Any],
    new: Sequence[Any],
    left: range,
    right: range,
    alike: Callable[[Any, Any], float],
    *,
    lone: bool,
) -> dict[int, int]:
    if lone and len(left) == len(right) == 1:
        return {left[0]: right[0]}
    if len(left) * len(right) > MOST_PAIRS:
        return dict(zip(left, right, strict=False))
    scores = [
        (-score, one, other)
        for one in left
        for other in right
        if (score := alike(old[one], new[other])) >= ALIKE
    ]
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, one, other in sorted(scores):
        if one not in matched and other not in taken:
            matched[one] = other
            taken.add(other)
    return matched


Rows = Callable[[Sequence[Any], Sequence[Any]], list[Change]]


def _moved(pairs: Iterable[Pair]) -> bool:
    """Whether rows that stayed changed their order."""
    kept = [pair for pair in pairs if None not in pair]
    return sorted(kept) != sorted(kept, key=lambda pair: pair[1] or 0)


def _simple(section: str, part: str, alike: Callable[[Any, Any], float]) -> Rows:
    """Rows that are told whole: added, removed, changed, and once when only the order changed."""

    def rows(old: Sequence[Any], new: Sequence[Any]) -> list[Change]:
        pairs = align(old, new, alike)
        found = []
        for one, other in pairs:
            before = old[one] if one is not None else None
            after = new[other] if other is not None else None
            if one is not None and other is not None and before == after:
                continue
            kind = ADDED if one is None else REMOVED if other is None else CHANGED
            found.append(Change(section, kind, part, (), before, after))
        if _moved(pairs):
            found.append(Change(section, MOVED, part))
        return found

    return rows


def step_numbers(steps: Iterable[str]) -> list[str]:
    """The number each step has on the page: notes among the steps have none."""
    numbers, n = [], 0
    for step in steps:
        note = is_note(step)
        n += not note
        numbers.append("" if note else str(n))
    return numbers


def _steps(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    before, after = step_numbers(old), step_numbers(new)
    pairs = align(old, new, likeness)
    found = []
    for one, other in pairs:
        if one is None and other is not None:
            found.append(Change("steps", ADDED, "step", (after[other],), None, new[other]))
        elif other is None and one is not None:
            found.append(Change("steps", REMOVED, "step", (before[one],), old[one]))
        elif one is not None and other is not None and old[one] != new[other]:
            place = (after[other],)
            found.append(Change("steps", CHANGED, "step", place, old[one], new[other]))
    if _moved(pairs):
        found.append(Change("steps", MOVED, "step"))
    return found


def _same_kind(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return float(one["kind"] == other["kind"])


def _fee_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    if one["condition"] == other["condition"]:
        return 1.0
    same_sum = one["amount"] == other["amount"] and one["currency"] == other["currency"]
    return max(likeness(one["condition"], other["condition"]) * 0.9, 0.6 * same_sum)


def _channels(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Change]:
    pairs = align(old, new, _same_kind)
    found = []
    for one, other in pairs:
        if one is None and other is not None:
            place = (new[other]["kind"],)
            found.append(Change("channels", ADDED, "channel", place, None, new[other]))
        elif other is None and one is not None:
            found.append(Change("channels", REMOVED, "channel", (old[one]["kind"],), old[one]))
        elif one is not None and other is not None:
            found += _channel(old[one], new[other])
    if _moved(pairs):
        found.append(Change("channels", MOVED, "channel"))
    return found


def _channel(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    place = (new["kind"],)
    found = []
    if old["time"] != new["time"]:
        found.append(Change("channels", CHANGED, "time", place, old["time"], new["time"]))
    pairs = align(old["fees"], new["fees"], _fee_alike, lone=True)
    for one, other in pairs:
        before = old["fees"][one] if one is not None else None
        after = new["fees"][other] if other is not None else None
        if before != after:
            kind = ADDED if before is None else REMOVED if after is None else CHANGED
            found.append(Change("channels", kind, "fee", place, before, after))
    if _moved(pairs):
        found.append(Change("channels", MOVED, "fee", place))
    if old["note"] != new["note"]:
        found.append(Change("channels", CHANGED, "note", place, old["note"], new["note"]))
    return found


def _case_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    if one["name"] == other["name"]:
        return 1.0
    names = [{item["name"] for item in case["items"]} for case in (one, other)]
    every = len(names[0] | names[1])
    shared = len(names[0] & names[1]) / every if every else 0.0
    return max(likeness(one["name"], other["name"]), shared) * 0.9


def _cases(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Change]:
    pairs = align(old, new, _case_alike, lone=True)
    found = []
    for one, other in pairs:
        if one is None and other is not None:
            place = (new[other]["name"],)
            found.append(Change("cases", ADDED, "case", place, None, new[other]))
        elif other is None and one is not None:
            found.append(Change("cases", REMOVED, "case", (old[one]["name"],), old[one]))
        elif one is not None and other is not None:
            found += _case(old[one], new[other])
    if _moved(pairs):
        found.append(Change("cases", MOVED, "case"))
    return found


def _case(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    place = (new["name"],)
    found = []
    if old["name"] != new["name"]:
        found.append(Change("cases", CHANGED, "case_name", place, old["name"], new["name"]))
    before, after = old["items"], new["items"]
    pairs = align(before, after, lambda one, other: likeness(one["name"], other["name"]))
    for one, other in pairs:
        if one is None and other is not None:
            found.append(Change("cases", ADDED, "paper", place, None, after[other]))
        elif other is None and one is not None:
            found.append(Change("cases", REMOVED, "paper", place, before[one]))
        elif one is not None and other is not None and before[one] != after[other]:
            found.append(Change("cases", CHANGED, "paper", place, before[one], after[other]))
    if _moved(pairs):
        found.append(Change("cases", MOVED, "paper", place))
    return found


def _rule_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    if one["type"] != other["type"]:
        return 0.0
    left, right = one["value"], other["value"]
    if left.get("channel") != right.get("channel"):
        return 0.3
    same_day = left.get("valid_from") == right.get("valid_from")
    text = likeness(_key(left), _key(right))
    return 0.6 + 0.2 * same_day + 0.2 * text if one["type"] in ("fees", "time") else text


def _named(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return likeness(one["name"], other["name"])


def _law_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    if one["number"] and one["number"] == other["number"]:
        return 1.0
    if one["number"] and other["number"]:
        return 0.0  # another number is another document, however alike the names
    return _named(one, other)


_ROWS: dict[str, Rows] = {
    "channels": _channels,
    "steps": _steps,
    "cases": _cases,
    "local_rules": _simple("local_rules", "rule", _rule_alike),
    "form_files": _simple("form_files", "file", _named),
    "legal_basis": _simple("legal_basis", "law", _law_alike),
    "internal_process": _simple("internal_process", "row", _named),
}
