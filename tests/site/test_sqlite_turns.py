"""The queue in front of SQLite: whoever writes in a row does not starve the others."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from portal.sqlite3.base import DatabaseWrapper
from portal.sqlite3.turns import Turn, TurnTimeout


def connect(path: Path, timeout: float = 5) -> DatabaseWrapper:
    settings = {
        "NAME": str(path),
        "OPTIONS": {"timeout": timeout, "transaction_mode": "IMMEDIATE"},
        "TIME_ZONE": None,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": None},
    }
    return DatabaseWrapper(settings, "other")


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    path = tmp_path / "one.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE t (n INTEGER)")
    with django_db_blocker.unblock():
        yield path


def begin(connection: DatabaseWrapper) -> None:
    connection.ensure_connection()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: DatabaseWrapper) -> None:
    connection.commit()
    connection.set_autocommit(True)


@pytest.mark.parametrize("atomic", [True, False])
def test_one_who_waits_goes_before_one_who_comes_back(file: Path, atomic: bool) -> None:
    busy, other = connect(file), connect(file)
    other.inc_thread_sharing()
    done = threading.Event()
    rounds = 0

    def rating() -> None:
        if atomic:
            begin(other)
        other.cursor().execute("INSERT INTO t VALUES (1)")
        if atomic:
            end(other)
        other.close()
        done.set()

    begin(busy)
    waiter = threading.Thread(target=rating)
    waiter.start()
    time.sleep(0.1)  # it stands in the queue now
    while not done.is_set() and rounds < 50:
        end(busy)
        begin(busy)
        time.sleep(0.02)
        rounds += 1
    end(busy)
    busy.close()
    waiter.join(5)
    assert done.is_set()
    assert rounds <= 3


def test_who_waits_too_long_is_told_that_it_is_locked(file: Path) -> None:
    busy, other = connect(file), connect(file, timeout=0.1)
    begin(busy)
    with pytest.raises(OperationalError, match="locked"):
        begin(other)
    end(busy)
    other.close()
    again = connect(file, timeout=0.1)
    begin(again)
    end(again)
    again.close()
    busy.close()


def test_a_rollback_and_a_closed_connection_give_the_turn_back(file: Path) -> None:
    first, second = connect(file), connect(file, timeout=0.1)
    begin(first)
    first.rollback()
    first.set_autocommit(True)
    begin(second)
    second.close()
    begin(first)
    end(first)
    first.close()


def test_a_killed_writer_holds_nobody_up(file: Path) -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; sys.path[:0] = ['site']\n"
            "from portal.sqlite3.turns import Turn\n"
            f"Turn({str(file)!r}).take(5); print('held', flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline()
    turn = Turn(str(file))
    with pytest.raises(TurnTimeout):
        turn.take(0.1)
    child.kill()
    child.wait()
    turn.take(1)
    turn.close()


def test_named_tables_have_no_hidden_row_number(file: Path) -> None:
    from django.db import models

    class Loose(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True)

        class Meta:
            app_label = "loose"

    connection = connect(file)
    connection.settings_dict["OPTIONS"]["without_rowid"] = ("loose_loose",)
    connection.ensure_connection()
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(Loose)
    with pytest.raises(OperationalError, match="rowid"):
        connection.cursor().execute("SELECT rowid FROM loose_loose")
    connection.close()
