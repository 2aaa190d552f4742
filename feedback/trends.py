"""Published months one after the other: what a trend is drawn from. Snapshots alone are read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation, Q
from django.db.models.fields.json import KeyTextTransform

from cms.models import Counter
from feedback.binning import month_index
from feedback.models import Snapshot, SnapshotScore

#: Calendar months of a trend.
MONTHS = 12
#: Editions read for one: room for two corrections of every month.
EDITIONS = 3 * MONTHS


@dataclass(frozen=True)
class Edition:
    """One publication of a month, with the figures of one counter or of the city in it."""

    month: datetime.date
    number: int
    as_of: datetime.date
    method: str
    reason: str = ""
    ledger_head: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    distribution: Mapping[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Edition:
        """A snapshot with the figures of the city."""
        return cls(
            month=snapshot.month,
            number=snapshot.number,
            as_of=snapshot.as_of,
            method=snapshot.method,
            reason=snapshot.reason,
            ledger_head=snapshot.figures.get("ledger_head", ""),
            figures=snapshot.figures,
        )


def in_force(editions: Iterable[Edition]) -> list[Edition]:
    """The last edition of each of the last twelve months that are published, oldest first."""
    newest: dict[int, Edition] = {}
    for edition in editions:
        index = month_index(edition.month)
        if index not in newest or newest[index].number < edition.number:
            newest[index] = edition
    last = max(newest, default=0)
    return [newest[index] for index in sorted(newest) if index > last - MONTHS]


def city_editions() -> list[Edition]:
    """The newest editions with the city's figures, newest first; one query."""
    rows = Snapshot.objects.order_by("-month", "-number").defer("open_data")[:EDITIONS]
    return [Edition.of(snapshot) for snapshot in rows]


def counter_editions(counter: Counter) -> list[Edition]:
    """The newest editions with the figures of one counter, newest first; one query.

    A month that does not know the counter has empty figures, as a hidden one.
    """
    own = FilteredRelation("scores", condition=Q(scores__counter=counter))
    rows = (
        Snapshot.objects.annotate(own=own, head=KeyTextTransform("ledger_head", "figures"))
        .order_by("-month", "-number")
        .values_list(
            *("month", "number", "as_of", "method", "reason", "head"),
            *("own__figures", "own__distribution"),
        )[:EDITIONS]
    )
    return [
        Edition(month, number, as_of, method, reason, head or "", figures or {}, parts or {})
        for month, number, as_of, method, reason, head, figures, parts in rows
    ]


def office_editions(office_id: int) -> dict[int, list[Edition]]:
    """Counter → its editions, newest first, for the open counters of an office; one query."""
    rows = (
        SnapshotScore.objects.filter(counter__office=office_id, counter__active=True)
        .filter(snapshot__in=Snapshot.objects.order_by("-month", "-number").values("pk")[:EDITIONS])
        .order_by("counter_id", "-snapshot__month", "-snapshot__number")
        .annotate(head=KeyTextTransform("ledger_head", "snapshot__figures"))
        .values_list(
            "counter_id",
            *(f"snapshot__{name}" for name in ("month", "number", "as_of", "method", "reason")),
            *("head", "figures"),
        )
    )
    found: dict[int, list[Edition]] = {}
    for counter, month, number, as_of, method, reason, head, figures in rows:
        edition = Edition(month, number, as_of, method, reason, head or "", figures)
        found.setdefault(counter, []).append(edition)
    return found
