"""A procedure as plain typed values, without Django: what pages, JSON, search and import share.

The page stores these parts as StreamField data (``cms/models/blocks.py``); :func:`times`,
:func:`cases` and their like read that stored JSON back. Sources: NĐ 63/2010 Đ8.2 (what a
procedure must state) and the national record described in docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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
class Source:
    """Where a value comes from when it is not the national record's own row.

    ``origin`` is "city" or "national" (a dated national rule an editor wrote ahead), ``decision``
    the document it rests on; ``since`` and ``until`` are its first and last day, None when open.
    """

    origin: str
    decision: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ProcessingTime:
    """A time limit: ``value`` in ``unit`` (a key of TIME_UNITS, "" when unknown), and verbatim.

    ``source`` is None for the national record's own row.
    """

    value: Decimal | None
    unit: str
    text: str
    source: Source | None = None


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
    source: Source | None = None


@dataclass(frozen=True)
class LocalText:
    """A note or a condition of the city, with its source."""

    text: str
    source: Source


@dataclass(frozen=True)
class Channel:
    """One way to hand in a dossier (a key of CHANNELS) with its own time and fees.

    The rest is what cms/local.py adds on a day: the national fees and time where the city's take
    their place (None: nothing was replaced), and the city's notes beside the national one.
    """

    kind: str
    time: ProcessingTime
    fees: tuple[Fee, ...]
    note: str
    national_fees: tuple[Fee, ...] | None = None
    national_time: ProcessingTime | None = None
    local_notes: tuple[LocalText, ...] = ()


@dataclass(frozen=True)
class DocumentItem:
    """A paper to bring: how many originals and copies, and the form to fill.

    ``heading`` marks rows of the source that are titles or notes, not papers (0 + 0 copies).
    ``waived`` says that the city does not ask for it on a day (cms/local.py), and why.
    """

    name: str
    originals: int
    copies: int
    forms: tuple[str, ...]
    heading: bool = False
    waived: LocalText | None = None


@dataclass(frozen=True)
class DocumentCase:
    """The papers of one case (trường hợp); ``name`` is "" when there is only one."""

    name: str
    items: tuple[DocumentItem, ...]

    @property
    def papers(self) -> int:
        """How many papers the case asks for: headings, notes and waived papers left out."""
        return sum(not item.heading and item.waived is None for item in self.items)


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


def time_of(value: Mapping[str, Any], source: Source | None = None) -> ProcessingTime:
    """The three stored parts of a time limit (``time_value``, ``time_unit``, ``time_text``)."""
    return ProcessingTime(
        _decimal(value.get("time_value")),
        value.get("time_unit") or "",
        value.get("time_text") or "",
        source,
    )


def fee_of(value: Mapping[str, Any], source: Source | None = None) -> Fee:
    """One stored fee."""
    return Fee(
        _decimal(value.get("amount")),
        value.get("currency") or "",
        value.get("condition") or "",
        value.get("text") or "",
        bool(value.get("assumed")),
        source,
    )


def channels(raw: Iterable[Mapping[str, Any]] | None) -> tuple[Channel, ...]:
    """Stored ``channels`` JSON → channels, in the editor's order."""
    return tuple(
        Channel(
            kind=value.get("kind") or "direct",
            time=time_of(value),
            fees=tuple(fee_of(fee) for fee in _values(value.get("fees"))),
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
