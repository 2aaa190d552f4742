"""The gist of what changed: what a list of versions keeps beside each version, without Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cms.changes import Change


def brief(changes: Sequence[Change], most: int = 8, length: int = 160) -> list[dict[str, Any]]:
    """The first ``most`` changes as JSON, texts cut to ``length`` characters around the change."""
    found = []
    for change in changes[:most]:
        old, new = change.old, change.new
        if isinstance(old, str) and isinstance(new, str):
            old, new = _around(old, new, length)
        data = asdict(change)
        data.update(old=_short(old, length), new=_short(new, length), where=list(change.where))
        found.append({key: value for key, value in data.items() if value not in (None, "", [])})
    return found


def from_brief(rows: Iterable[Mapping[str, Any]]) -> list[Change]:
    """What :func:`brief` made, as changes."""
    return [Change(**{**row, "where": tuple(row.get("where", ()))}) for row in rows]


def _around(old: str, new: str, length: int) -> tuple[str, str]:
    """Both texts from a little before the first difference."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    if max(len(old), len(new)) <= length or same < length // 2:
        return old, new
    start = same - length // 4
    return f"…{old[start:].split(None, 1)[-1]}", f"…{new[start:].split(None, 1)[-1]}"


def _short(value: Any, length: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= length else value[: length - 1].rstrip() + "…"
    if isinstance(value, Mapping):
        return {key: _short(inner, length) for key, inner in value.items()}
    if isinstance(value, list):
        return [_short(inner, length) for inner in value[:5]]
    return value
