"""An index of its own for every test that uses ``index``: of Whoosh, unless the test's module says
otherwise (``where``)."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from haystack import connections

from search import curated, segments, worker
from search.backend import VietnameseWhooshEngine
from search.postgresql.backend import VietnamesePostgresBackend
from search.store import Store
from tests.services.servers import find_postgres, postgres

#: Where a test over both kinds of index runs; give it to a fixture ``where``.
BOTH = [
    "whoosh",
    pytest.param(
        "postgresql", marks=[pytest.mark.services, pytest.mark.xdist_group("search on postgresql")]
    ),
]


@pytest.fixture(scope="session")
def search_server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one of this run, or one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    if not find_postgres():
        pytest.skip("PostgreSQL is not installed (search over PostgreSQL)")
    with postgres() as address:
        yield address


@pytest.fixture
def search_address(search_server) -> Iterator[str]:
    """Address of an index of the test's own: a schema that is gone after it."""
    schema = f"search_{secrets.token_hex(6)}"
    with psycopg.connect(search_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{search_server}?options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def where() -> str:
    """The kind of index: ``whoosh`` or ``postgresql``."""
    return "whoosh"


@pytest.fixture
def index(db, tmp_path, monkeypatch, where, request):
    """Builds on call: ``index()``; the backend reads and writes an index of the test's own."""
    if where == "postgresql":
        address = request.getfixturevalue("search_address")
        backend = VietnamesePostgresBackend("default", PATH=address)
        backend.setup()
    else:
        backend = connections["default"].get_backend()
        monkeypatch.setattr(backend, "store", Store(tmp_path / "index"))
    monkeypatch.setattr(backend, "_vocabulary", None)
    monkeypatch.setattr(backend, "_weigher", None)
    monkeypatch.setattr(backend, "_speller", None)
    monkeypatch.setattr(backend, "_labels", None)
    monkeypatch.setattr(VietnameseWhooshEngine, "get_backend", lambda self: backend)
    monkeypatch.setattr(worker, "_last_attempt", float("-inf"))
    worker._written_while_building.clear()
    segments.forget_all()
    yield worker.build
    worker._written_while_building.clear()
    segments.forget_all()
    if where == "postgresql":
        backend.store.close()


def kept_index() -> Path:
    """What is published now, indexed in a folder to copy from: for shared rows."""
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR)) / "index"
    backend = connections["default"].get_backend()
    segments.forget_all()
    with (
        mock.patch.object(backend, "store", Store(folder)),
        mock.patch.object(VietnameseWhooshEngine, "get_backend", return_value=backend),
    ):
        worker.build()
    return folder


@pytest.fixture
def words(db):
    """The table of the language, read anew for this test and forgotten after it."""
    curated.forget()
    yield curated
    curated.forget()
