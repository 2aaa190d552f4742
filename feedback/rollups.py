"""The counts kept beside the events, and their rebuilding (rating.md §6)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import F

from feedback.models import Rollup
from feedback.sql import Insertion

#: Rows of one INSERT; six parameters each, and old SQLite builds allow 999.
CHUNK = 100
#: In the order of a key.
COUNTS = Insertion(Rollup, "counter", "item", "channel", "day", "level", "count")
UNIQUE = ("counter_id", "item", "channel", "day", "level")


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
    rows = [(*key, number) for key, number in sorted(counts.items())]
    for start in range(0, len(rows), CHUNK):
        COUNTS.add(
            rows[start : start + CHUNK],
            unique=UNIQUE,
            add="count",
        )


class CountsMissing(RuntimeError):
    """A count is smaller than what shall be taken from it: the rollups need a recount."""


def take_from_rollups(counts: Mapping[RollupKey, int]) -> None:
    """Take ``counts`` from the stored rows, in the order of the keys, inside the caller's
    transaction.

    Not an upsert of negative numbers: both databases check the row that would be inserted, and a
    count is never below 0. Raises CountsMissing when a row has less than shall be taken.
    """
    for key, number in sorted(counts.items()):
        changed = Rollup.objects.filter(**key._asdict(), count__gte=number).update(
            count=F("count") - number
        )
        if not changed:
            raise CountsMissing(f"{key}: fewer than {number} are counted")


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
