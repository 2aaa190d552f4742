"""Public pages of life events: ``/su-kien/`` and ``/su-kien/<slug>/``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms import caching
from cms.caching import cached_page
from cms.life_events import event_links, steps_of
from cms.models import LifeEvent
from cms.views import _not_found


@cached_page(caching.PROCEDURES)
def life_events(request: HttpRequest) -> HttpResponse:
    """All life events."""
    context = {"events": event_links(), "nav": "procedures"}
    return render(request, "cms/life_events.html", context)


@cached_page(caching.PROCEDURES)
def life_event(request: HttpRequest, slug: str) -> HttpResponse:
    """One life event with its steps."""
    event = LifeEvent.objects.shown().filter(slug=slug).prefetch_related("rows").first()
    if event is None:
        return _not_found(request, _("Không có việc trong đời này."))
    context = {"event": event, "steps": steps_of(event), "nav": "procedures"}
    return render(request, "cms/life_event.html", context)
