"""Takes the demo city away, in the order in which its rows protect one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.models import Counter, Field, Handling, LifeEvent, Office, Officer, ProcedurePage
from feedback.models import (
    Case,
    Comment,
    Device,
    LedgerEntry,
    Minted,
    MonthSecret,
    PaperBatch,
    PosterCode,
    Rating,
    ReceiptMark,
    Rollup,
    SlipRoll,
    Snapshot,
    SnapshotScore,
    SpentCode,
    StaffBatch,
)
from portal.demo import comments, content, data, receipts
from portal.demo.places import PLACES

#: Everything that protects a counter, in the order in which it goes: ratings name their case and
#: their paper batch. What hangs on these rows goes with them.
OF_COUNTERS = (
    SnapshotScore,
    StaffBatch,
    Rollup,
    Comment,
    Rating,
    Case,
    PaperBatch,
    SlipRoll,
    Device,
    PosterCode,
    Minted,
)


@dataclass
class Removed:
    """What one removal took away, and what it left because it is the city's own."""

    procedures: int = 0
    offices: int = 0
    counters: int = 0
    officers: int = 0
    ratings: int = 0
    snapshots: int = 0
    #: Months whose snapshots also hold real counters; they stay, without the demo's scores.
    mixed: list[str] = field(default_factory=list)
    #: Demo offices that stay because counters or people of the city's own work there.
    kept: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The closing count."""
        return (
            f"removed procedures: {self.procedures}, offices: {self.offices}, "
            f"counters: {self.counters}, officers: {self.officers}, ratings: {self.ratings}, "
            f"snapshots: {self.snapshots}"
        )


@transaction.atomic
def remove_demo() -> Removed:
    """Remove every demo row, ratings that citizens gave at demo counters included.

    Procedures that a real import took over are no demo rows any more and stay. So does an
    office that has got counters or people of the city's own; it becomes the city's own too.
    """
    removed = Removed()
    demo = Counter.objects.filter(is_demo=True)
    removed.ratings = Rating.objects.filter(counter__in=demo).count()
    _remove_figures(removed)
    receipts.forget()
    comments.forget_person()
    demo_cases = set(Case.objects.filter(counter__in=demo).values_list("pk", flat=True))
    for kind in OF_COUNTERS:
        kind._default_manager.filter(counter__in=demo).delete()
    _remove_ledger(demo_cases)
    _remove_keys()
    removed.counters = demo.count()
    demo.delete()
    officers = Officer.objects.filter(is_demo=True)
    removed.officers = officers.count()
    officers.delete()
    _remove_offices(removed)
    for page in ProcedurePage.objects.filter(is_demo=True):
        # Versions outlive their page; those of the demo are nobody's public memory.
        page.public_versions.all().delete()
        page.delete()
        removed.procedures += 1
    LifeEvent.objects.filter(is_demo=True).delete()
    _remove_unused_fields()
    content.unname_the_city()
    return removed


def _remove_figures(removed: Removed) -> None:
    """Snapshots of demo counters alone go; mixed ones stay as published, less the demo's rows.

    The open data of a mixed snapshot were published and are not rewritten: publishing a
    successor (publish_snapshot) gives the month without the demo.
    """
    scores = SnapshotScore.objects.filter(snapshot=OuterRef("pk"))
    touched = Snapshot.objects.filter(Exists(scores.filter(counter__is_demo=True)))
    mixed = list(touched.filter(Exists(scores.filter(counter__is_demo=False))))
    removed.mixed = [f"{snapshot.month:%Y-%m}" for snapshot in mixed]
    alone = list(
        touched.exclude(pk__in=[snapshot.pk for snapshot in mixed]).values_list("pk", flat=True)
    )
    removed.snapshots = len(alone)
    Snapshot.objects.filter(pk__in=alone).delete()


def _remove_ledger(demo_cases: set[int]) -> None:
    """The public ledger is emptied when it told of nothing but the demo.

    Beside rows of the city's own, or a published month that prints its head, it stays whole: a
    row taken out would break the chain that others may have written down.
    """
    about = set(LedgerEntry.objects.values_list("content__case", flat=True))
    if about <= demo_cases and not Snapshot.objects.exists():
        LedgerEntry.objects.all().delete()


def _remove_keys() -> None:
    """Where no code of the city's own was ever given out, keys and spent codes are the demo's.

    Elsewhere nobody can tell whose a spent code is (rating.md §1): it goes with its month's keys.
    """
    if not Minted.objects.exists():
        for kind in (ReceiptMark, SpentCode, MonthSecret):
            kind._default_manager.all().delete()


def _remove_offices(removed: Removed) -> None:
    for office in Office.objects.filter(is_demo=True):
        if office.counters.exists() or office.officers.exists():
            Office.objects.filter(pk=office.pk).update(is_demo=False)
            removed.kept.append(office.title)
            continue
        office.delete()
        removed.offices += 1


def _remove_unused_fields() -> None:
    """Fields the demo brought, unless something of the city's own uses them by now."""
    names = {record["field"] for record in data.records()}
    names |= {name for place in PLACES for desk in place.desks for name in desk.fields}
    uses: tuple[QuerySet[Any], ...] = (
        ProcedurePage.objects.filter(field=OuterRef("pk")),
        Counter.objects.filter(Q(main_field=OuterRef("pk")) | Q(fields=OuterRef("pk"))),
        Officer.objects.filter(field=OuterRef("pk")),
        Handling.objects.filter(field=OuterRef("pk")),
    )
    fields = Field.objects.filter(name__in=names)
    for rows in uses:
        fields = fields.exclude(Exists(rows))
    fields.delete()
