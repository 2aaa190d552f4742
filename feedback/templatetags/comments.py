"""Published comments on the pages of counters and offices."""

from __future__ import annotations

from typing import Any

from django import template

from cms.models import Counter, Office
from feedback.comments import published

register = template.Library()

#: Comments that a counter's or an office's own page shows.
SHOWN = 3


@register.inclusion_tag("feedback/_latest_comments.html")
def counter_comments(counter: Counter) -> dict[str, Any]:
    """The newest published comments of a counter. One query."""
    return {"counter": counter, "comments": list(published(counter=counter)[:SHOWN])}


@register.inclusion_tag("feedback/_latest_comments.html")
def office_comments(office: Office) -> dict[str, Any]:
    """The newest published comments of an office. One query."""
    return {"office": office, "comments": list(published(office=office)[:SHOWN])}
