"""The engine ``portal.sqlite3``: Django's own, where whoever writes does so in turn (turns.py).

That is every ``atomic()`` (it takes the write lock at its beginning) and every single statement
outside one that changes something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError
from typing import Any, cast

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as SqliteSchemaEditor

from portal.sqlite3.turns import Turn, TurnTimeout

#: Seconds, where the settings give no ``timeout``: sqlite3's own default.
DEFAULT_TIMEOUT = 5.0


_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Cursor(base.SQLiteCursorWrapper):
    """Runs a single writing statement in turn."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django's."""
        with self.wrapper.in_turn(query):
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """As Django's."""
        with self.wrapper.in_turn(query):
            return super().executemany(query, param_list)


class DatabaseSchemaEditor(SqliteSchemaEditor):
    """Makes the tables that the settings name without SQLite's hidden row number.

    ``OPTIONS["without_rowid"]``: tables whose random key must be all the order there is. The
    hidden number would tell who came before whom, and so join two tables by rank.
    """

    def table_sql(self, model: Any) -> tuple[str, Any]:
        """Django's CREATE TABLE, with WITHOUT ROWID where it is wanted."""
        sql, params = super().table_sql(model)
        named = cast(DatabaseWrapper, self.connection).without_rowid
        table = model._meta.db_table.removeprefix("new__")
        return (f"{sql} WITHOUT ROWID" if table in named else sql), params


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn before it begins a transaction."""

    SchemaEditorClass = DatabaseSchemaEditor
    _turn: Turn | None = None
    without_rowid: frozenset[str] = frozenset()

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, without what is ours."""
        kwargs: dict[str, Any] = super().get_connection_params()
        self.without_rowid = frozenset(kwargs.pop("without_rowid", ()))
        return kwargs

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and join the queue of this file (a database in memory has none)."""
        connection = super().get_new_connection(conn_params)
        self._leave()
        if not self.is_in_memory_db():
            self._turn = Turn(str(conn_params["database"]))
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Django's cursor, in turn."""
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    @contextmanager
    def in_turn(self, query: str) -> Iterator[None]:
        """The time of a single statement outside a transaction, in turn when it writes."""
        if self._turn is None or self._turn.held or not _WRITES.match(query):
            yield
            return
        self._take()
        try:
            yield
        finally:
            if not self.connection.in_transaction:
                self._give()

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give()
            raise

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._give()  # not when it fails: then the transaction is still open
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _take(self) -> None:
        if self._turn is not None:
            try:
                self._turn.take(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
            except TurnTimeout:
                raise OperationalError("database is locked") from None

    def _give(self) -> None:
        if self._turn is not None:
            self._turn.give()

    def _leave(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.close()
