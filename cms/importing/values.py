"""A procedure page as the values a national record has, and back."""

from __future__ import annotations

import json
from typing import Any

from cms.importing.parsing import NAMES, TEXTS, digest
from cms.merging import Values, plain
from cms.models import Field, ProcedurePage

STREAMS = ("steps", "channels", "cases", "legal_basis")


def page_values(page: ProcedurePage) -> dict[str, Any]:
    """What the page says, in the shape of ``Parsed.values`` and with the everyday name."""
    values: dict[str, Any] = {name: getattr(page, name) for name in (*NAMES, *TEXTS)}
    values["field"] = page.field.name if page.field_id else ""
    values["plain_name"] = page.plain_name
    for name in STREAMS:
        stream = getattr(page, name)
        values[name] = json.loads(json.dumps(stream.get_prep_value(), default=str))
    return values


def page_digest(page: ProcedurePage) -> str:
    """The digest a record with the page's present content would have."""
    values = page_values(page)
    del values["plain_name"]
    return digest(values)


def apply_values(page: ProcedurePage, values: Values) -> bool:
    """Put values on the page object; True when it says something else than before.

    A field that differs in its letters only is the same field, and the page's code never changes.
    """
    present = page_values(page)
    changed = False
    for name, value in values.items():
        if name == "code" or plain(present[name]) == plain(value):
            continue
        if name == "field":
            field = Field.objects.named(value)
            changed = changed or field.pk != page.field_id
            page.field = field
            continue
        setattr(page, name, value)
        changed = True
    return changed
