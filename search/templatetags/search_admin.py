"""Numbers and names on the editor's screens of the search."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.9375 → "93,8 %"."""
    return "" if share is None else f"{share * 100:.1f} %".replace(".", ",")


@register.filter
def named(names: Mapping[str, str], code: str) -> str:
    """The name of a procedure; "" when it has none here."""
    return names.get(code, "")
