"""An index of its own for every test that uses ``index``."""

import pytest
from haystack import connections

from search import segments, worker
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
    monkeypatch.setattr("haystack.backends.BaseEngine.get_backend", lambda self: backend)
    monkeypatch.setattr(worker, "_last_attempt", float("-inf"))
    worker._written_while_building.clear()
    segments.forget_all()
    yield worker.build
    worker._written_while_building.clear()
    segments.forget_all()
