"""An index of its own for every test that uses ``index``."""

import tempfile
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from haystack import connections

from search import curated, segments, worker
from search.backend import VietnameseWhooshEngine
from search.store import Store


@pytest.fixture
def index(db, tmp_path, monkeypatch):
    """Builds on call: ``index()``; the backend reads and writes below the test's folder."""
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
