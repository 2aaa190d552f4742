"""Values every public template needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from cms.models import CitySettings, Counter, Office
from cms.picking import picked, picker_url


def demo_loaded() -> bool:
    """Whether demo offices or counters are in the database; one query.

    Only those two small tables are asked: procedures of the demo come and go with its offices,
    and looking through thousands of long procedures on every page would cost more than it tells.
    """

    counters = Counter.objects.filter(is_demo=True).order_by().values("pk")
    offices = Office.objects.filter(is_demo=True).order_by().values("pk")
    return counters.union(offices).exists()


def other_language_url(request: HttpRequest) -> str:
    """The address of this page in the other language, "" where a page has only one."""
    path = request.get_full_path()
    other = translate_url(path, "vi" if get_language() == "en" else "en")
    return "" if other == path else other


def site(request: HttpRequest) -> dict[str, Any]:
    """What ``base.html`` shows; lazy, so that a page that shows none of it asks nothing.

    ``city`` (one query), ``picked_office`` (one when an office is picked), ``picker_url``,
    ``public_url``, ``demo_loaded`` and ``other_language_url``.
    """
    return {
        "city": SimpleLazyObject(lambda: CitySettings.load(request_or_site=request)),
        "public_url": settings.PUBLIC_URL,
        "demo_loaded": SimpleLazyObject(demo_loaded),
        "picked_office": SimpleLazyObject(lambda: picked(request)),
        "picker_url": SimpleLazyObject(lambda: picker_url(request)),
        "other_language_url": SimpleLazyObject(lambda: other_language_url(request)),
    }
