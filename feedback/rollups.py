"""The counts kept beside the events, and their rebuilding (rating.md §6)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from feedback.models import Rollup
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
