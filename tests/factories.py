"""Small, real objects for tests: made through the models' own methods."""

from __future__ import annotations

import itertools
from datetime import time
from typing import Any

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


def make_field(name: str = "Hộ tịch") -> Field:
    """A field by name."""
    return Field.objects.named(name)


def make_procedure(code: str | None = None, **values: Any) -> ProcedurePage:
    """A live procedure page; ``channels``, ``cases``, ``steps`` are stored StreamField lists."""
    code = code or f"9.{next(_numbers):06d}"
    values.setdefault("title", "Thủ tục đăng ký khai sinh")
    values.setdefault("field", make_field())
    page = ProcedurePage(code=code, slug=code.replace(".", "-"), **values)
    ProcedureIndexPage.objects.get().add_child(instance=page)
    return page


def make_office(title: str = "Chi nhánh số 1", **values: Any) -> Office:
    """A live office, open on working days 8:00–11:30 and 13:30–17:00."""
    values.setdefault("address", "1 Phố Minh Hoạ")
    values.setdefault("phone", "024 0000 0001")
    office = Office(title=title, slug=f"co-quan-{next(_numbers)}", **values)
    OfficeIndexPage.objects.get().add_child(instance=office)
    for weekday in range(5):
        for opens, closes in ((time(8), time(11, 30)), (time(13, 30), time(17))):
            OfficeHours.objects.create(office=office, weekday=weekday, opens=opens, closes=closes)
    return office


def make_counter(office: Office | None = None, **values: Any) -> Counter:
    """An active counter."""
    values.setdefault("name", f"Quầy {next(_numbers)}")
    values.setdefault("main_field", make_field())
    return Counter.objects.create(office=office or make_office(), **values)
