"""The words an index knows, while procedures are added to it."""

from __future__ import annotations

from typing import Any

import pytest
from haystack import connections

from search import vocabulary, worker
from search.finder import find
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(index: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives the vocabulary of now, over eight procedures at first."""
    monkeypatch.setattr(vocabulary, "PAUSE", 0)
    for number in range(8):
        make_procedure(f"9.00{number:04d}", title="Cấp phép nuôi yến")
    index()
    return connections["default"].get_backend().vocabulary


def test_a_new_word_is_known_as_soon_as_its_procedure_is_written(known: Any) -> None:
    before = known()
    page = make_procedure("9.009999", title="Cấp giấy xác nhận trồng hoàng liên")
    worker.drain()
    after = known()
    assert "lien" not in before.names
    assert after.names["lien"] == 1
    assert after.marked["hoang"] == "hoàng"
    assert [one.code for one in find("hoang lien").results] == [page.code]
    assert after.names["nuoi"] == 8


def test_a_changed_name_without_new_words_changes_nothing(known: Any) -> None:
    before = known()
    make_procedure("9.009999", title="Nuôi yến phép cấp")
    worker.drain()
    assert known() is before


def test_half_as_many_procedures_again_are_counted_anew(known: Any) -> None:
    assert known().names["yen"] == 8
    for number in range(5):
        make_procedure(f"9.01{number:04d}", title="Nuôi yến")
    worker.drain()
    assert known().names["yen"] == 13
