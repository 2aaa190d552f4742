"""The statements the ORM does not have, written once for SQLite and PostgreSQL; and a query that
is compiled once."""

from __future__ import annotations

import threading
import time as clock
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)

#: How long a thread keeps an instance.
KEPT_SECONDS = 30.0


@lru_cache(maxsize=32)
def _insert_statement(model: type[Model], rows: int, automatic_key: bool) -> str:
    return _insert_into(model._meta.db_table, _written_fields(model, automatic_key), rows)


def _insert_into(table: str, fields: Sequence[Field], rows: int) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    one_row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    values = ", ".join([one_row] * rows)
    return f"INSERT INTO {quote(table)} ({columns}) VALUES {values} "  # noqa: S608


@lru_cache(maxsize=32)
def _adding(table: str, unique: tuple[str, ...], add: str) -> str:
    """The conflict clause; ``unique`` and ``add`` are columns."""
    quote = connection.ops.quote_name
    target, column = ", ".join(map(quote, unique)), quote(add)
    return (
        f"ON CONFLICT ({target}) "
        f"DO UPDATE SET {column} = {quote(table)}.{column} + EXCLUDED.{column}"
    )


def _written_fields(model: type[Model], automatic_key: bool) -> Sequence[Field]:
    fields = model._meta.local_concrete_fields
    return [field for field in fields if not (automatic_key and field.primary_key)]


def _prepared(instances: Sequence[Model]) -> tuple[str, list[Any]]:
    """The INSERT up to its conflict clause, and its parameters."""
    model = type(instances[0])
    automatic = isinstance(model._meta.pk, models.AutoField)
    fields = _written_fields(model, automatic)
    here = connections[DEFAULT_DB_ALIAS]  # ``connection`` looks it up again for every value
    parameters = [
        field.get_db_prep_save(field.pre_save(instance, True), here)
        for instance in instances
        for field in fields
    ]
    return _insert_statement(model, len(instances), automatic), parameters


#: Types that both databases take as they are.
_PLAIN = frozenset({int, str, bytes, type(None)})


def insert_once(instance: Model) -> bool:
    """``INSERT … ON CONFLICT DO NOTHING``; False when a row with a unique value of it exists.

    bulk_create(ignore_conflicts=True) sends the same statement but does not tell what happened.
    On PostgreSQL a concurrent insert of the same value is waited for, so False means committed.
    """
    statement, parameters = _prepared([instance])
    with connection.cursor() as cursor:
        cursor.execute(statement + "ON CONFLICT DO NOTHING", parameters)
        return cursor.rowcount == 1


def insert_all_once(instances: Sequence[Model]) -> int:
    """``INSERT … ON CONFLICT DO NOTHING`` of several rows in one statement; how many went in.

    SQLite counts parameters: keep to a few hundred values.
    """
    statement, parameters = _prepared(instances)
    with connection.cursor() as cursor:
        cursor.execute(statement + "ON CONFLICT DO NOTHING", parameters)
        return cursor.rowcount


def insert_or_add(instances: Sequence[Model], *, unique: Sequence[str], add: str) -> None:
    """``INSERT … ON CONFLICT (unique) DO UPDATE SET add = add + the new row's add``.

    One statement for all ``instances`` (at most 100: SQLite counts parameters), in their order.
    """
    if not instances:
        return
    statement, parameters = _prepared(instances)
    meta = type(instances[0])._meta
    columns = tuple(cast(Any, meta.get_field(name)).column for name in unique)
    with connection.cursor() as cursor:
        cursor.execute(statement + _adding(meta.db_table, columns, add), parameters)


@lru_cache(maxsize=1)
def _preparing() -> type:
    from django.db.backends.postgresql import base  # only where it is the database

    cursor: Any = base.ServerBindingCursor

    class Preparing(cursor):
        """Asks the server to keep the plan of what it runs."""

        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True, **options)

    return Preparing


def _often(here: Any) -> Any:
    """A cursor for a statement that every rating sends: PostgreSQL plans it once a connection.

    Not where the settings forbid it (``prepare_threshold`` None, behind a pool that gives every
    transaction another connection); SQLite's driver keeps its statements by itself.
    """
    if here.vendor != "postgresql":
        return here.cursor()
    here.close_if_health_check_failed()
    here.ensure_connection()
    with here.wrap_database_errors:
        return here._prepare_cursor(_preparing()(here.connection))


def run_often(statement: str, parameters: Sequence[Any]) -> Any:
    """The first row of a statement that every rating sends, None when it gives none."""
    with _often(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def _told(values: Iterable[Any]) -> tuple[Any, ...]:
    """A key in one form: SQLite gives back a day as the text that it was given as."""
    return tuple(value if type(value) is bytes else str(value) for value in values)


class Insertion:
    """``INSERT … ON CONFLICT …`` of one model's rows given as plain values, for what every rating
    writes: making a model instance of each costs more than the statement.

    ``names`` are the columns' fields, in the order of the values; the others must have a default
    in the database or be numbered by it. Values are as an instance would hold them, foreign keys
    as ids; nothing is checked but by the database.
    """

    def __init__(self, model: type[Model], *names: str) -> None:
        self.names = names
        self._fields = [cast(Any, model._meta.get_field(name)) for name in names]
        self._table = model._meta.db_table
        self._heads: dict[int, str] = {}

    def once(self, *values: Any) -> bool:
        """Insert one row, as :func:`insert_once`."""
        here = connections[DEFAULT_DB_ALIAS]
        with _often(here) as cursor:
            cursor.execute(self._head(1) + "ON CONFLICT DO NOTHING", self._row(values, here))
            return bool(cursor.rowcount == 1)

    def each_once(self, rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> list[bool]:
        """Insert rows with one statement; for each whether it went in.

        ``key`` names the unique fields, which tell the rows apart; of rows with the same key the
        first goes in. SQLite counts parameters: keep to a few hundred values.
        """
        if not rows:
            return []
        here = connections[DEFAULT_DB_ALIAS]
        prepared = [self._row(row, here) for row in rows]
        names = [field.name for field in self._fields]
        places = [names.index(name) for name in key]
        columns = ", ".join(here.ops.quote_name(self._fields[place].column) for place in places)
        statement = f"{self._head(len(rows))}ON CONFLICT DO NOTHING RETURNING {columns}"
        with _often(here) as cursor:
            cursor.execute(statement, [value for row in prepared for value in row])
            new = {_told(row) for row in cursor.fetchall()}
        went_in = []
        for row in prepared:
            its_key = _told(row[place] for place in places)
            went_in.append(its_key in new)
            new.discard(its_key)
        return went_in

    def add(self, rows: Sequence[Sequence[Any]], *, unique: Sequence[str], add: str) -> None:
        """Insert the rows or add their ``add`` to those there, as :func:`insert_or_add`."""
        here = connections[DEFAULT_DB_ALIAS]
        parameters = [value for row in rows for value in self._row(row, here)]
        with _often(here) as cursor:
            clause = _adding(self._table, tuple(unique), add)
            cursor.execute(self._head(len(rows)) + clause, parameters)

    def into(self) -> str:
        """``INSERT INTO … (columns)``, for a statement of several parts."""
        here = connections[DEFAULT_DB_ALIAS]
        quote = here.ops.quote_name
        columns = ", ".join(quote(field.column) for field in self._fields)
        return f"INSERT INTO {quote(self._table)} ({columns})"

    def typed(self, **instead: str) -> str:
        """``SELECT`` of one row's parameters with their types; ``instead`` gives a field an
        expression, which takes no parameter."""
        here = connections[DEFAULT_DB_ALIAS]
        values = (instead.get(field.name, f"%s::{field.db_type(here)}") for field in self._fields)
        return f"SELECT {', '.join(values)}"

    def adding(self, *, unique: Sequence[str], add: str) -> str:
        """The conflict clause of :meth:`add`."""
        return _adding(self._table, tuple(unique), add)

    def prepared(self, values: Sequence[Any]) -> list[Any]:
        """The values as the database takes them."""
        return self._row(values, connections[DEFAULT_DB_ALIAS])

    def _row(self, values: Sequence[Any], here: Any) -> list[Any]:
        return [
            value if type(value) in _PLAIN else field.get_db_prep_save(value, here)
            for value, field in zip(values, self._fields, strict=True)
        ]

    def _head(self, rows: int) -> str:
        head = self._heads.get(rows)
        if head is None:
            head = self._heads[rows] = _insert_into(self._table, self._fields, rows)
        return head


class Prepared(Generic[M]):
    """A query for one row by a unique field, compiled once and asked often.

    For a rating the ORM spends more time on putting its few queries together than the database
    on answering them (docs/decisions/0075-writers-queue.md). ``rows`` should name its columns
    (``only``); ``example`` is any value that the field ``by`` may have.

    With ``keep`` a thread keeps the instances of so many rows, to be read and not changed: a row
    that is fetched again and is the same gives the same instance. So it is never older than the
    database; but a column that ``only`` left out, once read, may be (by :data:`KEPT_SECONDS`).
    """

    def __init__(self, rows: QuerySet[M], *, by: str, example: Any, keep: int = 0) -> None:
        """Compiles nothing yet: a thread does so when it asks first."""
        self._rows, self._by, self._example, self._keep = rows, by, example, keep
        self._kept = threading.local()

    def first(self, value: Any) -> M | None:
        """The row of that value, as ``rows.filter(by=value).first()``."""
        plan = self._planned()
        with _often(plan.connection) as cursor:
            cursor.execute(plan.statement, [plan.field.get_db_prep_value(value, plan.connection)])
            found = cursor.fetchone()
        if found is None:
            return None
        before = plan.made.get(value)
        if before is not None and before.row == found and clock.monotonic() < before.until:
            return cast(M, before.instance)
        instance = self._make(plan, found)
        if self._keep:
            if len(plan.made) >= self._keep:
                plan.made.clear()
            plan.made[value] = _Made(found, instance, clock.monotonic() + KEPT_SECONDS)
        return instance

    def _make(self, plan: _Plan, found: Any) -> M:
        if plan.converters:
            (found,) = plan.compiler.apply_converters([found], plan.converters)
        instance: M = self._rows.model.from_db(plan.connection.alias, plan.names, found[plan.place])
        for related in plan.related:
            related.populate(found, instance)
        return instance

    def _planned(self) -> _Plan:
        """This thread's: a compiler belongs to a connection, and a connection to a thread."""
        here = connections[DEFAULT_DB_ALIAS]
        plan: _Plan | None = getattr(self._kept, "plan", None)
        if plan is None or plan.connection is not here:
            query = self._rows.filter(**{self._by: self._example}).query
            plan = self._kept.plan = _plan(query, self._rows.model._meta.get_field(self._by), here)
        return plan


class _Made(NamedTuple):
    row: tuple[Any, ...]
    instance: Any
    until: float  #: of the monotonic clock


@dataclass(frozen=True)
class _Plan:
    connection: Any
    compiler: Any
    statement: str
    field: Any  #: what its one parameter is compared with
    names: list[str]  #: the columns of the row itself
    place: slice  #: where these stand
    converters: dict[int, Any]
    related: list[Any]
    made: dict[Any, _Made]  #: by value


def _plan(query: Any, field: Any, here: Any) -> _Plan:
    """The parts of Django's ModelIterable that are the same for every value."""
    compiler = query.get_compiler(connection=here)
    statement, parameters = compiler.as_sql()
    if len(parameters) != 1:
        raise ValueError("the value must be the only parameter of the statement")
    columns, info = compiler.select, compiler.klass_info
    place = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    return _Plan(
        connection=here,
        compiler=compiler,
        statement=statement,
        field=field,
        names=[column.target.attname for column, *_ in columns[place]],
        place=place,
        converters=compiler.get_converters([column for column, *_ in columns]),
        related=get_related_populators(info, columns, here.alias),  # type: ignore[call-arg]
        made={},
    )
