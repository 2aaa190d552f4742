"""Choosing a person of the editor's side: by full name, the sign-in name beside it."""

from __future__ import annotations

from typing import Any

from cms.alphabet import alphabetical


def full_label(user: Any) -> str:
    """``Lê Thị Hoa (hoa.lt)``; the sign-in name alone when there is no full name."""
    name = user.get_full_name()
    return f"{name} ({user.get_username()})" if name else str(user.get_username())


def name_people(field: Any) -> None:
    """Label a ModelChoiceField's people by full name, in the order of the alphabet."""
    field.label_from_instance = full_label
    in_order(field)


def in_order(field: Any) -> None:
    """Sort a ModelChoiceField's choices by the Vietnamese alphabet; "none" stays first."""
    choices = [(value, label) for value, label in field.choices if value]
    choices.sort(key=lambda one: alphabetical(str(one[1])))
    empty = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = [*empty, *choices]
