"""Small, real objects for tests: made through the models' own methods.

Wagtail's own two indexes, that of references and that of the editors' search, are half of what
saving a page costs; objects of tests are left out of them unless ``indexed()`` is around. What a
test itself saves, publishes or imports is in them as always.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time
from typing import Any

from modelsearch import signal_handlers
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.models import (
    Counter,
    Field,
    Office,
    OfficeHours,
    OfficeIndexPage,
    ProcedureIndexPage,
    ProcedurePage,
)

_numbers = itertools.count(1)
_indexed: ContextVar[bool] = ContextVar("indexed", default=False)


@contextmanager
def indexed() -> Iterator[None]:
    """Objects made within are in Wagtail's indexes."""
    token = _indexed.set(True)
    try:
        yield
    finally:
        _indexed.reset(token)


@contextmanager
def _light() -> Iterator[None]:
    if _indexed.get():
        yield
        return
    task = signal_handlers.insert_or_update_object_task
    with disable_reference_index_auto_update():
        signal_handlers.insert_or_update_object_task = _Unsent
        try:
            yield
        finally:
            signal_handlers.insert_or_update_object_task = task


class _Unsent:
    """In place of the task that writes a page into the editors' search."""

    @staticmethod
    def enqueue(*identity: str) -> None:
        """Nothing."""


def make_field(name: str = "Hộ tịch") -> Field:
    """A field by name."""
    return Field.objects.named(name)


def make_procedure(code: str | None = None, **values: Any) -> ProcedurePage:
    """A live procedure page; ``channels``, ``cases``, ``steps`` are stored StreamField lists."""
    code = code or f"9.{next(_numbers):06d}"
    values.setdefault("title", "Thủ tục đăng ký khai sinh")
    values.setdefault("field", make_field())
    page = ProcedurePage(code=code, slug=code.replace(".", "-"), **values)
    with _light():
        ProcedureIndexPage.objects.get().add_child(instance=page)
    return page


def make_office(title: str = "Chi nhánh số 1", **values: Any) -> Office:
    """A live office, open on working days 8:00–11:30 and 13:30–17:00."""
    values.setdefault("address", "1 Phố Minh Hoạ")
    values.setdefault("phone", "024 0000 0001")
    office = Office(title=title, slug=f"co-quan-{next(_numbers)}", **values)
    halves = ((time(8), time(11, 30)), (time(13, 30), time(17)))
    with _light():
        OfficeIndexPage.objects.get().add_child(instance=office)
        OfficeHours.objects.bulk_create(
            OfficeHours(office=office, weekday=weekday, opens=opens, closes=closes)
            for weekday in range(5)
            for opens, closes in halves
        )
    return office


def make_counter(office: Office | None = None, **values: Any) -> Counter:
    """An active counter."""
    values.setdefault("name", f"Quầy {next(_numbers)}")
    values.setdefault("main_field", make_field())
    office = office or make_office()
    with _light():
        return Counter.objects.create(office=office, **values)
