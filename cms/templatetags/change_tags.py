"""Template helpers of the history: changes as short texts."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.safestring import SafeString

from cms.change_words import texts_of
from cms.linked_data import government_service, script

register = template.Library()
#: A box beside the page has room for this many characters a line.
LINE = 160


@register.filter
def change_texts(told: Any, most: int) -> list[str]:
    """The first changes of a version (:class:`cms.history.Told`) in words, one line each."""
    return [truncatechars(text, LINE) for text in texts_of(told.changes)[:most]] if told else []


@register.simple_tag(takes_context=True)
def json_ld(context: Any) -> SafeString:
    """The page's procedure for search engines (schema.org GovernmentService)."""
    page, city = context["page"], context.get("city")
    return script(government_service(page, page.channels_today, city=city.city if city else ""))
