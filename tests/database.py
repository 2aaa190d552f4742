"""The empty test database on SQLite, migrated once and copied for every test process.

Some two hundred migrations, most of them Wagtail's, take longer than hundreds of tests. The copy
is kept in pytest's cache under a digest of every migration, model and lock file: another state of
the code makes another one. Databases of servers are made by Django as always.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.db import connections
from django.test.utils import setup_databases, teardown_databases

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "databases"


def _digest() -> str:
    """Of our own code that shapes an empty database, and of every installed package's version."""
    found = hashlib.sha256()
    rooms = ("cms", "feedback", "search", "site/portal")
    for path in sorted(one for room in rooms for one in (ROOT / room).rglob("*.py")):
        found.update(path.read_bytes())
    for name, version in sorted((one.name, one.version) for one in distributions()):
        found.update(f"{name}={version}\n".encode())
    return found.hexdigest()[:24]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def empty_database() -> Iterator[None]:
    """A migrated test database; SQLite's is copied when this state was migrated before."""
    connection: Any = connections["default"]
    if connection.vendor != "sqlite":
        config = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(config, verbosity=0)
        return
    kept = KEPT / f"{_digest()}.sqlite3"
    config = []
    with _locked(KEPT / "lock"):
        if kept.exists():
            _open_copy(connection, kept)
        else:
            config = setup_databases(verbosity=0, interactive=False)
            _keep(connection, kept)
    yield
    teardown_databases(config, verbosity=0)


def _keep(connection: Any, kept: Path) -> None:
    for old in sorted(KEPT.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)[:-3]:
        old.unlink()
    partial = kept.with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(partial)) as target:
        connection.connection.backup(target)
    partial.replace(kept)


def _open_copy(connection: Any, kept: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = connection.creation._get_test_db_name()
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(kept)) as source:
        source.backup(connection.connection)
