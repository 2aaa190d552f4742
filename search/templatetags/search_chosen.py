"""The ``ping`` of a link to a result."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag(takes_context=True)
def ping(context: dict[str, Any], code: str) -> str:
    """`` ping="…"`` for the procedure's link on a page of results, else nothing."""
    pings = context.get("pings")
    address = pings.of(code) if pings else ""
    return format_html(' ping="{}"', address) if address else ""
