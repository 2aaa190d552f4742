"""Values onto a row of the database, checked by the model's own rules; what changes in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from cms.importing.reading import Rejected
from cms.models import Office


def check(thing: Any, names: Iterable[str]) -> None:
    """The model's own rules for these fields. Raises Rejected with what they say."""
    fields = {one.name for one in thing._meta.get_fields() if not one.is_relation}
    wanted = fields & set(names)
    try:
        thing.clean_fields(exclude={one.name for one in thing._meta.fields} - wanted)
        # An office's own rules only: the page tree's ask the database once a row.
        (thing.check_place if isinstance(thing, Office) else thing.clean)()
    except ValidationError as error:
        told = []
        for name, problems in error.message_dict.items():
            label = "" if name == "__all__" else str(thing._meta.get_field(name).verbose_name)
            told += [f"{label}: {problem}" if label else problem for problem in problems]
        raise Rejected(" ".join(told)) from None


def settle(thing: Any, exists: bool, values: dict[str, Any], also: Iterable[str] = ()) -> list[str]:
    """Give the thing its values and say what changed, field by field.

    ``also`` names fields that were set before and are to be checked too. Raises Rejected; the
    thing is then as it was.
    """
    before = {name: getattr(thing, name) for name in values} if exists else {}
    for name, value in values.items():
        setattr(thing, name, value)
    try:
        check(thing, [*values, *also])
    except Rejected:
        for name, value in before.items():
            setattr(thing, name, value)
        raise
    return [
        f"{thing._meta.get_field(name).verbose_name}: {_words(old)} → {_words(values[name])}"
        for name, old in before.items()
        if old != values[name]
    ]


def _words(value: Any) -> str:
    if value in (None, "", []):
        return "trống"
    if isinstance(value, bool):
        return "có" if value else "không"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
