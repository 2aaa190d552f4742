"""Which one-time codes were used: nullifiers without a day, a counter or an answer (rating.md §1).

A spent row and an answer share no key and no moment. On SQLite the table has no row numbers; on
PostgreSQL it is written anew every night in random order, because the place of a row and the
number of its transaction would tell which answer it came with.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from feedback import receipt_codes
from feedback.keys import MonthKeys, keys_of
from feedback.models import SpentCode
from feedback.sql import insert_once


class CodeExpired(ValueError):
    """The keys of the code's month are destroyed: nobody can tell whether it was used."""


def spend(code: bytes) -> bool:
    """Use a sealed code (16 bytes), inside the caller's transaction; False when it was used.

    The caller has checked the seal. Raises :class:`CodeExpired`.
    """
    return insert_once(_row(code, _keys(code)))


def unspend(code: bytes) -> None:
    """Take back what :func:`spend` wrote in the same transaction."""
    SpentCode.objects.filter(nullifier=_keys(code).nullifier(code)).delete()


def is_spent(code: bytes, keys: MonthKeys) -> bool:
    """Whether a code was used or voided; ``keys`` are those of its month. One query."""
    return SpentCode.objects.filter(nullifier=keys.nullifier(code)).exists()


def void(tokens: Iterable[bytes]) -> int:
    """Use up codes that were handed back; how many had not been used before.

    In one transaction. Raises :class:`CodeExpired`.
    """
    months: dict[datetime.date, MonthKeys] = {}
    rows = []
    for code in tokens:
        month = _day(code).replace(day=1)
        if month not in months:
            months[month] = _keys(code)
        rows.append(_row(code, months[month]))
    with transaction.atomic():
        return sum(insert_once(row) for row in sorted(rows, key=lambda row: bytes(row.nullifier)))


def shuffle() -> int:
    """Write all spent rows anew in random order, in one transaction; how many.

    Every row gets the transaction number of this one and a random place. Who sends a used code
    again meanwhile waits until this is done, and then finds the row. The dead rows are cleared
    away at once, so that their order does not stay in the files. Does nothing
    on SQLite, whose rows lie in the order of their random keys.
    """
    if connection.vendor != "postgresql":
        return 0
    table = connection.ops.quote_name(SpentCode._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"WITH old AS (DELETE FROM {table} RETURNING nullifier, month) "  # noqa: S608
            f"INSERT INTO {table} (nullifier, month) "
            "SELECT nullifier, month FROM old ORDER BY gen_random_uuid()"
        )
        rows: int = cursor.rowcount
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {table}")
    return rows


def shuffle_nightly() -> int:
    """:func:`shuffle` once a night, in the worker's hours of few visitors (from 1 to 5 o'clock)."""
    now = timezone.localtime()
    if not 1 <= now.hour < 5 or not cache.add(f"spent-shuffle:{now:%Y-%m-%d}", 1, 24 * 3600):
        return 0
    return shuffle()


def _day(code: bytes) -> datetime.date:
    body = receipt_codes.body_of(code)
    if body is None:
        raise ValueError("not a one-time code")
    return body.day


def _keys(code: bytes) -> MonthKeys:
    keys = keys_of(_day(code))
    if keys is None:
        raise CodeExpired("the keys of the code's month are destroyed")
    return keys


def _row(code: bytes, keys: MonthKeys) -> SpentCode:
    return SpentCode(nullifier=keys.nullifier(code), month=keys.month)
