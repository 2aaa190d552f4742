"""Rows made once for consecutive tests: ``@shared_rows`` in place of ``@pytest.fixture``.

The function runs in a transaction around those of the tests, each of which starts from its rows
and is rolled back as always. A test that does not ask for them does not see them: the outer
transaction ends before it (tests/conftest.py, which also lets the tests of a file that share
stand together). Every test gets copies of what the function returned, to change as it likes.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

_builders: dict[str, Callable[[], Any]] = {}


def shared_rows(build: Callable[[], Any]) -> Any:
    """A fixture of the function's name, which has to be the only one of that name anywhere."""
    name = build.__name__
    if _builders.setdefault(name, build).__code__ is not build.__code__:
        raise RuntimeError(f"two fixtures of shared rows are named {name}")

    @pytest.fixture(name=name)
    def rows(db: None) -> Any:
        return copy.deepcopy(STAGE.made)

    return rows


def wanted(item: pytest.Item) -> str:
    """The shared rows a test asks for, directly or through another fixture; "" for none."""
    names = [name for name in getattr(item, "fixturenames", ()) if name in _builders]
    if len(names) > 1:
        raise RuntimeError(f"{item.nodeid} asks for more than one set of shared rows: {names}")
    return names[0] if names else ""


class Stage:
    """The one set of rows that is in the database now."""

    def __init__(self) -> None:
        self.name = ""
        self.made: Any = None
        self._outer: Any = None

    def show(self, name: str) -> None:
        """Have the rows of that name, and no other, in the database; call it between tests."""
        if name == self.name:
            return
        if self._outer is not None:
            transaction.set_rollback(True)
            self._outer.__exit__(None, None, None)
        self.name, self.made, self._outer = "", None, None
        if name:
            self._outer = transaction.atomic()
            self._outer._from_testcase = True
            self._outer.__enter__()
            self.name, self.made = name, _builders[name]()


STAGE = Stage()
