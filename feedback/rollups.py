"""The counts kept beside the events, and their rebuilding (rating.md §6)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from feedback.models import Rating, Rollup
from feedback.models.ratings import ITEMS, Standing
from feedback.sql import insert_or_add

#: Rows of one INSERT; six parameters each, and old SQLite builds allow 999.
CHUNK = 100


class RollupKey(NamedTuple):
    """What a rollup row counts."""

    counter: int
    item: str
    channel: str
    day: datetime.date
    level: int


def add_to_rollups(counts: Mapping[RollupKey, int]) -> None:
    """Add ``counts`` to the stored rows, in the order of the keys, inside the caller's
    transaction."""
    rows = [
        Rollup(
            counter_id=key.counter,
            item=key.item,
            channel=key.channel,
            day=key.day,
            level=key.level,
            count=number,
        )
        for key, number in sorted(counts.items())
    ]
    for start in range(0, len(rows), CHUNK):
        insert_or_add(
            rows[start : start + CHUNK],
            unique=("counter", "item", "channel", "day", "level"),
            add="count",
        )


#: Answers as the score takes them: counter → item → {(channel, day, level): number}.
AnswersByCounter = dict[int, dict[str, dict[tuple[str, datetime.date, int], int]]]


def answers_to(as_of: datetime.date, *, since: datetime.date | None = None) -> AnswersByCounter:
    """Counted answers (levels 1–5) by service day up to ``as_of``, in one query."""
    rows = Rollup.objects.filter(day__lte=as_of, level__gte=1, count__gt=0)
    if since is not None:
        rows = rows.filter(day__gte=since)
    found: AnswersByCounter = {}
    fields = ("counter_id", "item", "channel", "day", "level", "count")
    for counter, item, channel, day, level, count in rows.values_list(*fields).iterator(5000):
        found.setdefault(counter, {}).setdefault(item, {})[channel, day, level] = count
    return found


@dataclass(frozen=True)
class Recount:
    """What :func:`recount` found; ``differences`` are rollup rows that were wrong before it."""

    events: int
    rollups: int
    differences: list[tuple[RollupKey, int, int]]  #: (key, stored count, right count)


def recount() -> Recount:
    """Rebuild the rollups from the counted events, in one transaction.

    Only wrong rows are written, so intake that goes on meanwhile meets few locks; on PostgreSQL
    the table is locked against writers, on SQLite the transaction itself does that.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Intake writes events before counts: without this lock an event could be seen
                # here whose counts are added a moment later, and it would count twice.
                cursor.execute(
                    f"LOCK TABLE {connection.ops.quote_name(Rating._meta.db_table)}, "
                    f"{connection.ops.quote_name(Rollup._meta.db_table)} "
                    "IN SHARE ROW EXCLUSIVE MODE"
                )
        right = _counted_events()
        stored = {
            RollupKey(*row[:5]): (row[5], row[6])
            for row in Rollup.objects.values_list(
                "counter_id", "item", "channel", "day", "level", "count", "pk"
            ).iterator(5000)
        }
        differences = [
            (key, stored.get(key, (0, 0))[0], right.get(key, 0))
            for key in sorted(stored.keys() | right.keys())
            if stored.get(key, (0, 0))[0] != right.get(key, 0)
        ]
        wrong = [stored[key][1] for key, _, _ in differences if key in stored]
        # Rows of 0 are no difference, but the rebuilt table has none of them.
        wrong += [pk for key, (count, pk) in stored.items() if not count and key not in right]
        for start in range(0, len(wrong), CHUNK):
            Rollup.objects.filter(pk__in=wrong[start : start + CHUNK]).delete()
        add_to_rollups({key: number for key, _, number in differences if number})
        return Recount(Rating.objects.count(), len(right), differences)


def _counted_events() -> dict[RollupKey, int]:
    """What the rollups must be: one grouped query an item, whatever the number of events."""
    counted = Rating.objects.filter(standing=Standing.COUNTED).order_by()
    right: dict[RollupKey, int] = {}
    for item in ITEMS:
        rows = (
            counted.filter(**{f"{item}__isnull": False})
            .values_list("counter_id", "channel", "service_day", item)
            .annotate(number=Count("pk"))
        )
        for counter, channel, day, level, number in rows.iterator(5000):
            right[RollupKey(counter, item, channel, day, level)] = number
    return right
