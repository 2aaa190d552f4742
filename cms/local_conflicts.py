"""Rules of the city whose national counterpart changed: the rule stays, the editor is told.

Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from cms.merging import Branch, Clash, Leaf, Values, same, split, stored

#: Kind of rule → the part of a channel it covers.
_COVERS = {"fees": "fees", "time": "time", "note": "note"}
PREFIX = "local_rules/"
NAMES = {
    "fees": "quy định phí, lệ phí của thành phố",
    "time": "quy định thời hạn của thành phố",
    "note": "ghi chú của thành phố",
    "waived_paper": "giấy tờ thành phố không yêu cầu nộp",
}


def rule_clashes(
    rules: Iterable[Mapping[str, Any]], before: Values, now: Values, today: date
) -> list[Clash]:
    """A clash for each rule in force (or to come) whose national part changed.

    ``rules`` are stored blocks of ``local_rules``. ``base`` and ``theirs`` of a clash map the
    addresses of the national parts to their values.
    """
    old, new = split(before), split(now)
    found = []
    for rule in rules:
        value, kind = rule.get("value") or {}, rule.get("type", "")
        until = value.get("valid_until")
        if not rule.get("id") or (until and str(until) < today.isoformat()):
            continue
        parts = _papers(value, old, new) if kind == "waived_paper" else _rows(kind, value, old, new)
        if parts:
            base = {part: stored(one) for part, (one, _) in parts.items()}
            theirs = {part: stored(other) for part, (_, other) in parts.items()}
            found.append(Clash(f"{PREFIX}{rule['id']}", base, dict(rule), theirs))
    return found


def _rows(
    kind: str, value: Mapping[str, Any], old: Branch, new: Branch
) -> dict[str, tuple[Any, Any]]:
    """Changed parts of the channels the rule speaks of."""
    name = _COVERS.get(kind)
    parts = {}
    for key in _keys(old, new, "channels") if name else ():
        wanted = value.get("channel") or ""
        if wanted and key.partition("-")[0] != wanted:
            continue
        one, other = _below(old, "channels", key, name), _below(new, "channels", key, name)
        if not same(one, other):
            parts[f"channels/{key}/{name}"] = (one, other)
    return parts


def _papers(value: Mapping[str, Any], old: Branch, new: Branch) -> dict[str, tuple[Any, Any]]:
    """The waived paper where the record had it and has it no more (gone, or called otherwise)."""
    wanted = _paper_key(value.get("paper"))
    parts = {}
    for case in _keys(old, new, "cases"):
        rows = old.children["cases"].children.get(case)  # type: ignore[union-attr]
        if not isinstance(rows, Branch) or wanted not in rows.children:
            continue
        if _below(new, "cases", case, wanted) is None:
            parts[f"cases/{case}/{wanted}"] = (rows.children[wanted], None)
    return parts


def _paper_key(name: Any) -> str:
    item = {"type": "item", "value": {"name": str(name or "")}}
    case = {"type": "case", "value": {"name": "", "items": [item]}}
    cases = split({"cases": [case]}).children["cases"]
    assert isinstance(cases, Branch)
    (only,) = cases.children.values()
    assert isinstance(only, Branch)
    return next(iter(only.children))


def _keys(old: Branch, new: Branch, name: str) -> Sequence[str]:
    first, second = old.children[name], new.children[name]
    assert isinstance(first, Branch)
    assert isinstance(second, Branch)
    return list(dict.fromkeys([*first.children, *second.children]))


def _below(root: Branch, *keys: str | None) -> Leaf | Branch | None:
    node: Leaf | Branch | None = root
    for key in keys:
        node = node.children.get(key or "") if isinstance(node, Branch) else None
    return node
