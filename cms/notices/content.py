"""What the notice of a procedure says, in the official order, as plain values ready to lay out.

Order and names of the sections: NĐ 63/2010 Đ8.2 (what a procedure must state). Người làm: NĐ
118/2025 Đ9.8. Texts are the record's own words, whole; only the four boxes on top are summaries.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Lines:
    """Running text, one paragraph a line; ``listed`` puts a dash before each."""

    texts: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class Caption:
    """A small heading inside a section: the name of a case."""

    text: str


@dataclass(frozen=True)
class Row:
    """A row of a table; a ``heading`` has one cell over the whole width."""

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: column names, shares of the width that sum to 1, rows. ``centred`` columns hold
    numbers, ``strong`` the column set in bold (-1: none)."""

    header: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    centred: tuple[int, ...] = ()
    strong: int = -1


Block = Lines | Caption | Grid


@dataclass(frozen=True)
class Section:
    """One numbered section of the notice."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Box:
    """One of the four boxes on top: its name, what it says in a few words, and the details."""

    name: str
    value: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A whole notice. Dates are Hanoi days; ``address`` is the public page the QR code opens."""

    city: str
    office: str
    office_details: tuple[str, ...]
    code: str
    name: str
    plain_name: str
    scope: str
    decision: str
    version: int
    published_on: date | None
    printed_on: date
    address: str
    warnings: tuple[str, ...]
    boxes: tuple[Box, ...]
    sections: tuple[Section, ...]

    @property
    def digest(self) -> str:
        """Changes with anything printed but the day of printing."""
        words = repr(replace(self, printed_on=date.min)).encode()
        return hashlib.sha256(words).hexdigest()[:32]
