"""Puts the demo city into the database and takes it away again; safe to run more than once.

Loading never overwrites: a procedure that was really imported, an office or a city name of the
city's own stay as they are. What belongs to the demo carries ``is_demo``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from cms.importing import import_records
from cms.importing.sources import Row
from cms.models import Counter, Office, Officer, ProcedurePage
from cms.tree import ensure_tree
from feedback.arrivals import Arrival, Outcome
from feedback.intake import bulk_submit
from feedback.models import Rating, Snapshot
from feedback.snapshots import publish_month
from portal.demo import comments, content, data, receipts
from portal.demo.ratings import MONTHS, Draft, drafts, finished_months, months_before, today

Tell = Callable[[str], object]


def _silent(text: str) -> None:
    return None


@dataclass
class Loaded:
    """What one load did; a second one has only zeros but for ``kept``."""

    procedures: int = 0
    #: Demo procedures left alone: there already, in the demo or as the city's own.
    kept: int = 0
    offices: int = 0
    counters: int = 0
    officers: int = 0
    receipts: int = 0
    ratings: int = 0
    months: list[datetime.date] = field(default_factory=list)
    #: Why no month was published, when none was although there are some.
    reason: str = ""

    def line(self) -> str:
        """The closing count."""
        return (
            f"procedures: {self.procedures} (kept: {self.kept}), offices: {self.offices}, "
            f"counters: {self.counters}, officers: {self.officers}, receipts: {self.receipts}, "
            f"ratings: {self.ratings}, months published: {len(self.months)}"
        )


def database_is_empty() -> bool:
    """Whether there is nothing a visitor could look at: no procedure and no office.

    What an interrupted first load left behind counts as nothing too, so that the next start
    finishes it: demo rows only, and the last step, the published months, missing.
    """
    for model in (ProcedurePage, Office):
        if model.objects.filter(is_demo=False).exists():
            return False
    if not (ProcedurePage.objects.exists() or Office.objects.exists()):
        return True
    return not Snapshot.objects.exists()


def load_demo(
    *, day: datetime.date | None = None, days: int | None = None, tell: Tell = _silent
) -> Loaded:
    """Load the demo city as it looks on ``day`` (today); its ratings end the day before.

    ``days`` shortens the six months of ratings. ``tell`` hears what is being done. Ratings
    already there are not counted again; months that are published stay as they are.
    """
    day = day or today()
    last = day - datetime.timedelta(days=1)
    first = months_before(day, MONTHS) if days is None else day - datetime.timedelta(days=days)
    loaded = Loaded()
    ensure_tree()
    tell("procedures")
    _load_procedures(loaded)
    tell("offices, counters, officers")
    before = _people()
    counters = content.make_offices()
    loaded.offices, loaded.counters, loaded.officers = (
        now - then for now, then in zip(_people(), before, strict=True)
    )
    content.make_life_events()
    content.name_the_city()
    tell(f"ratings from {first} to {last}")
    answers = list(drafts(first, last))
    loaded.receipts = receipts.hand_out(counters, first, last, answers)
    loaded.ratings = _load_ratings(counters, answers)
    tell("published months")
    _publish(loaded, first, last)
    # After the months: who kept a counter alone decides what is said of it.
    comments.handle(day)
    return loaded


def _people() -> tuple[int, int, int]:
    return (
        Office.objects.filter(is_demo=True).count(),
        Counter.objects.filter(is_demo=True).count(),
        Officer.objects.filter(is_demo=True).count(),
    )


def _load_procedures(loaded: Loaded) -> None:
    rows = [Row("demo", number, raw) for number, raw in enumerate(data.records(), 1)]
    result = import_records(rows, publish=True, demo=True)
    rejected = [problem for problem in result.problems if problem.kind == "rejected"]
    if rejected:
        raise RuntimeError(f"demo record {rejected[0].code}: {rejected[0].text}")
    loaded.procedures = result.created + result.changed
    loaded.kept = result.unchanged
    content.add_processes()


def _load_ratings(counters: list[Counter], answers: Iterable[Draft]) -> int:
    known = {counter.code: counter for counter in counters}

    def arrivals() -> Iterator[Arrival]:
        for draft in answers:
            if draft.code in known:
                yield Arrival(
                    submission=draft.submission,
                    counter=known[draft.code],
                    channel=draft.channel,
                    service_day=draft.day,
                    levels=draft.levels,
                    comment=draft.comment,
                    drivers=draft.drivers,
                )

    return sum(result.outcome is Outcome.ACCEPTED for result in bulk_submit(arrivals()))


def _publish(loaded: Loaded, first: datetime.date, last: datetime.date) -> None:
    """Publish the finished months, unless real ratings would be published along with them."""
    months = finished_months(first, last)
    published = set(Snapshot.objects.filter(month__in=months).values_list("month", flat=True))
    missing = [month for month in months if month not in published]
    if missing and Rating.objects.filter(counter__is_demo=False).exists():
        loaded.reason = (
            "real ratings exist: publishing them is not the demo's business, use publish_snapshot"
        )
        return
    for month in missing:
        publish_month(month=month)
        loaded.months.append(month)
