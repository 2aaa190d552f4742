"""A procedure as plain typed values, without Django: what pages, JSON, search and import share.

The page stores these parts as StreamField data (``cms/models/blocks.py``); :func:`times`,
:func:`cases` and their like read that stored JSON back. Sources: NĐ 63/2010 Đ8.2 (what a
procedure must state) and the national record described in docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: Ways to hand in a dossier, in the order citizens meet them: code → Vietnamese name. "other"
#: holds what the source does not attribute to one of the three (tables flattened to text).
CHANNELS = {
    "direct": "Trực tiếp",
    "online": "Trực tuyến",
    "postal": "Dịch vụ bưu chính",
    "other": "Hình thức nguồn không ghi rõ",
}
#: Units of a processing time: code → Vietnamese name. "" is "the source names no unit".
TIME_UNITS = {
    "hour": "giờ",
    "day": "ngày",
    "working_day": "ngày làm việc",
    "month": "tháng",
    "year": "năm",
}
#: Who decides at which tier since 1/7/2025: code → Vietnamese name.
LEVELS = {
    "ministry": "Cấp bộ",
    "province": "Cấp tỉnh",
    "commune": "Cấp xã",
    "other": "Cơ quan khác",
}


@dataclass(frozen=True)
class ProcessingTime:
    """A time limit: ``value`` in ``unit`` (a key of TIME_UNITS, "" when unknown), and verbatim."""

    value: Decimal | None
    unit: str
    text: str


@dataclass(frozen=True)
class Fee:
    """One fee: ``amount`` in ``currency`` (ISO code, "" when the source names none).

    ``assumed`` says that the currency is the crawler's guess; ``condition`` says when the fee
    is due; ``text`` is what the source shows, verbatim.
    """

    amount: Decimal | None
    currency: str
    condition: str
    text: str
    assumed: bool = False


@dataclass(frozen=True)
class Channel:
    """One way to hand in a dossier (a key of CHANNELS) with its own time and fees."""

    kind: str
    time: ProcessingTime
    fees: tuple[Fee, ...]
    note: str


@dataclass(frozen=True)
class DocumentItem:
    """A paper to bring: how many originals and copies, and the form to fill.

    ``heading`` marks rows of the source that are titles or notes, not papers (0 + 0 copies).
    """

    name: str
    originals: int
    copies: int
    forms: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True)
class DocumentCase:
    """The papers of one case (trường hợp); ``name`` is "" when there is only one."""

    name: str
    items: tuple[DocumentItem, ...]

    @property
    def papers(self) -> int:
        """How many real papers (headings and notes left out) the case asks for."""
        return sum(not item.heading for item in self.items)


@dataclass(frozen=True)
class LegalBasis:
    """A legal document the procedure rests on, by name and number (số ký hiệu)."""

    name: str
    number: str


def _decimal(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _values(raw: Iterable[Mapping[str, Any]] | None) -> Iterable[Any]:
    """The ``value`` of each stored block; ListBlock and StreamField store the same shape."""
    return (block["value"] for block in raw or () if "value" in block)


def channels(raw: Iterable[Mapping[str, Any]] | None) -> tuple[Channel, ...]:
    """Stored ``channels`` JSON → channels, in the editor's order."""
    return tuple(
        Channel(
            kind=value.get("kind") or "direct",
            time=ProcessingTime(
                _decimal(value.get("time_value")),
                value.get("time_unit") or "",
                value.get("time_text") or "",
            ),
            fees=tuple(
                Fee(
                    _decimal(fee.get("amount")),
                    fee.get("currency") or "",
                    fee.get("condition") or "",
                    fee.get("text") or "",
                    bool(fee.get("assumed")),
                )
                for fee in _values(value.get("fees"))
            ),
            note=value.get("note") or "",
        )
        for value in _values(raw)
    )


def cases(raw: Iterable[Mapping[str, Any]] | None) -> tuple[DocumentCase, ...]:
    """Stored ``cases`` JSON → document cases with their items."""
    return tuple(
        DocumentCase(
            value.get("name") or "",
            tuple(
                DocumentItem(
                    item.get("name") or "",
                    int(item.get("originals") or 0),
                    int(item.get("copies") or 0),
                    tuple(_values(item.get("forms"))),
                    bool(item.get("heading")),
                )
                for item in _values(value.get("items"))
            ),
        )
        for value in _values(raw)
    )


def steps(raw: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """Stored ``steps`` JSON → the text of each step, in order."""
    return tuple(_values(raw))


def legal_bases(raw: Iterable[Mapping[str, Any]] | None) -> tuple[LegalBasis, ...]:
    """Stored ``legal_basis`` JSON → the legal documents."""
    return tuple(
        LegalBasis(value.get("name") or "", value.get("number") or "") for value in _values(raw)
    )
