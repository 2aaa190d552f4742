"""Rebuilding the counts from the events (rating.md §6), by the database, whatever their number."""

# ruff: noqa: S608  (the statements are put together from names of our own models)

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from feedback.models import Rating, Rollup
from feedback.models.ratings import ITEMS, Standing
from feedback.rollups import RollupKey

#: So many differences are told one by one.
TOLD = 100
_KEY = ("counter_id", "item", "channel", "day", "level")


@dataclass(frozen=True)
class Recount:
    """What :func:`recount` found and put right.

    ``different`` rollup rows were wrong; ``differences`` are the first of them, as
    ``(key, stored count, right count)`` in the order of their keys.
    """

    events: int
    rollups: int
    different: int
    differences: list[tuple[RollupKey, int, int]]


def recount() -> Recount:
    """Rebuild the rollups from the counted events, in one transaction.

    Only wrong rows are written, so intake that goes on meanwhile meets few locks; on PostgreSQL
    the tables are locked against writers, on SQLite the transaction itself does that.
    """
    quote = connection.ops.quote_name
    events, rollups = quote(Rating._meta.db_table), quote(Rollup._meta.db_table)
    same = " AND ".join(f"r.{name} = c.{name}" for name in _KEY)
    listed = {one: ", ".join(f"{one}.{name} AS {name}" for name in _KEY) for one in "rc"}
    # EXCEPT sorts both sides once; a join back would look up every stored row, on SQLite by an
    # index of its own making that is in another order, five times as slow.
    names = ", ".join(_KEY)
    wrong = (
        f"SELECT {listed['c']}, r.id AS rollup, "
        "coalesce(r.count, 0) AS stored, c.number AS number "
        f"FROM bck_counted c LEFT JOIN {rollups} r ON {same} "
        "WHERE r.count IS NULL OR r.count <> c.number "
        f"UNION ALL SELECT {listed['r']}, r.id, r.count, 0 "
        f"FROM (SELECT {names} FROM {rollups} EXCEPT SELECT {names} FROM bck_counted) c "
        f"JOIN {rollups} r ON {same}"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Intake writes events before counts: without this lock an event could be seen here
            # whose counts are added a moment later, and it would count twice.
            cursor.execute(f"LOCK TABLE {events}, {rollups} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DROP TABLE IF EXISTS bck_counted")
        cursor.execute(f"CREATE TEMPORARY TABLE bck_counted AS {_counted(events)}")
        cursor.execute(f"CREATE TEMPORARY TABLE bck_wrong AS {wrong}")
        # Rows of 0 are no difference, but the rebuilt table has none of them.
        differences = _all(cursor, "SELECT count(*) FROM bck_wrong WHERE stored <> number")[0][0]
        told = _all(
            cursor,
            f"SELECT {names}, stored, number FROM bck_wrong WHERE stored <> number "
            f"ORDER BY {names} LIMIT {TOLD}",
        )
        cursor.execute(
            # By id: looked up by their keys, each row of one table would walk through the other.
            f"DELETE FROM {rollups} WHERE id IN (SELECT rollup FROM bck_wrong WHERE number = 0)"
        )
        cursor.execute(
            f"INSERT INTO {rollups} ({names}, count) SELECT {names}, number FROM bck_wrong "
            f"WHERE number > 0 ON CONFLICT ({names}) DO UPDATE SET count = EXCLUDED.count"
        )
        right = _all(cursor, "SELECT count(*) FROM bck_counted")[0][0]
        cursor.execute("DROP TABLE bck_wrong")
        cursor.execute("DROP TABLE bck_counted")
        return Recount(
            Rating.objects.count(),
            right,
            differences,
            [(_key(row), int(row[5]), int(row[6])) for row in told],
        )


def _counted(events: str) -> str:
    """What the rollups must be: one grouped query an item."""
    return " UNION ALL ".join(
        f"SELECT counter_id, '{item}' AS item, channel, service_day AS day, {item} AS level, "
        f"count(*) AS number FROM {events} WHERE standing = '{Standing.COUNTED.value}' "
        f"AND {item} IS NOT NULL GROUP BY counter_id, channel, service_day, {item}"
        for item in ITEMS
    )


def _all(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def _key(row: Any) -> RollupKey:
    """SQLite gives the days of a computed table as texts."""
    counter, item, channel, day, level = row[:5]
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day)
    return RollupKey(counter, item, channel, day, level)
