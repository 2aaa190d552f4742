"""What is shared while one record is read: doubts, block ids, rows and numbers. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

_BLOCK_NAMESPACE = uuid.UUID("6f0b3c58-2c70-5b6e-9d7e-3f1b1a6f4c11")


class Rejected(ValueError):
    """A record that cannot be kept; the text is the reason, in Vietnamese, for the report."""


@dataclass(frozen=True)
class Note:
    """Something doubtful about a record: a ``kind`` to count by, and the words for an editor."""

    kind: str
    text: str


@dataclass
class Reading:
    """What is collected while one record is read."""

    code: str
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: str, text: str) -> None:
        """Keep the first doubt of each kind: one example tells an editor where to look."""
        if all(note.kind != kind for note in self.notes):
            self.notes.append(Note(kind, text))

    def block(self, path: str, value: Any, kind: str = "item") -> dict[str, Any]:
        """A stored block whose id depends on code and place only: the same record, same bytes."""
        identity = uuid.uuid5(_BLOCK_NAMESPACE, f"{self.code}/{path}")
        return {"type": kind, "value": value, "id": str(identity)}


def rows_of(found: Any, name: str) -> list[Mapping[str, Any]]:
    """The rows of a table of the record; anything else than a list of objects is refused."""
    if found in (None, "", []):
        return []
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise Rejected(f"Trường {name} không phải danh sách các dòng.")
    return found


def number_of(found: Any, digits: int) -> str | None:
    """A number as the text Wagtail stores for a decimal, or None for what is none.

    ``digits`` is how many may stand before the comma; two may follow it.
    """
    if found is None or isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        value = Decimal(str(found).strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** digits:
        return None
    if value != value.quantize(Decimal("0.01")):
        return None
    return f"{value.normalize():f}"
