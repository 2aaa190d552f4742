"""The two statements the ORM does not have, written once for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models
from django.db.models import Field, Model


@lru_cache(maxsize=32)
def _insert_statement(model: type[Model], rows: int, automatic_key: bool) -> str:
    quote = connection.ops.quote_name
    fields = _written_fields(model, automatic_key)
    columns = ", ".join(quote(field.column or "") for field in fields)
    one_row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    values = ", ".join([one_row] * rows)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {values} "  # noqa: S608


def _written_fields(model: type[Model], automatic_key: bool) -> Sequence[Field]:
    fields = model._meta.local_concrete_fields
    return [field for field in fields if not (automatic_key and field.primary_key)]


def _prepared(instances: Sequence[Model]) -> tuple[str, list[Any]]:
    """The INSERT up to its conflict clause, and its parameters."""
    model = type(instances[0])
    automatic = isinstance(model._meta.pk, models.AutoField)
    fields = _written_fields(model, automatic)
    parameters = [
        field.get_db_prep_save(field.pre_save(instance, True), connection)
        for instance in instances
        for field in fields
    ]
    return _insert_statement(model, len(instances), automatic), parameters


def insert_once(instance: Model) -> bool:
    """``INSERT … ON CONFLICT DO NOTHING``; False when a row with a unique value of it exists.

    bulk_create(ignore_conflicts=True) sends the same statement but does not tell what happened.
    On PostgreSQL a concurrent insert of the same value is waited for, so False means committed.
    """
    statement, parameters = _prepared([instance])
    with connection.cursor() as cursor:
        cursor.execute(statement + "ON CONFLICT DO NOTHING", parameters)
        return cursor.rowcount == 1


def insert_or_add(instances: Sequence[Model], *, unique: Sequence[str], add: str) -> None:
    """``INSERT … ON CONFLICT (unique) DO UPDATE SET add = add + the new row's add``.

    One statement for all ``instances`` (at most 100: SQLite counts parameters), in their order.
    """
    if not instances:
        return
    statement, parameters = _prepared(instances)
    meta, quote = type(instances[0])._meta, connection.ops.quote_name
    target = ", ".join(quote(cast(Any, meta.get_field(name)).column) for name in unique)
    column, table = quote(add), quote(meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{statement}ON CONFLICT ({target}) "
            f"DO UPDATE SET {column} = {table}.{column} + EXCLUDED.{column}",
            parameters,
        )
