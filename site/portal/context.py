"""Values every public template needs."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db.models import Exists, QuerySet
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

    counters, offices = _of_demo()
    return counters.union(offices).exists()


def _of_demo() -> tuple[QuerySet[Counter, Any], QuerySet[Office, Any]]:
    counters = Counter.objects.filter(is_demo=True).order_by().values("pk")
    offices = Office.objects.filter(is_demo=True).order_by().values("pk")
    return counters, offices


def _city(request: HttpRequest) -> CitySettings:
    """The city's settings and, with the same query, whether the demo is loaded (``demo``)."""
    name = CitySettings.get_cache_attr_name()
    if not hasattr(request, name):
        counters, offices = _of_demo()
        rows = CitySettings.objects.annotate(demo=Exists(counters) | Exists(offices))
        found = rows.order_by("pk").first()
        if found is None:
            return cast(CitySettings, CitySettings.load(request_or_site=request))
        setattr(request, name, found)
    return cast(CitySettings, getattr(request, name))


def _demo(request: HttpRequest) -> bool:
    known = getattr(_city(request), "demo", None)
    return demo_loaded() if known is None else bool(known)


def other_language_url(request: HttpRequest) -> str:
    """The address of this page in the other language, "" where a page has only one."""
    path = request.get_full_path()
    other = translate_url(path, "vi" if get_language() == "en" else "en")
    return "" if other == path else other


def site(request: HttpRequest) -> dict[str, Any]:
    """What ``base.html`` shows; lazy, so that a page that shows none of it asks nothing.

    ``city`` and ``demo_loaded`` (one query together), ``picked_office`` (one when an office is
    picked), ``picker_url``,
    ``public_url`` and ``other_language_url``.
    """
    return {
        "city": SimpleLazyObject(lambda: _city(request)),
        "public_url": settings.PUBLIC_URL,
        "demo_loaded": SimpleLazyObject(lambda: _demo(request)),
        "picked_office": SimpleLazyObject(lambda: picked(request)),
        "picker_url": SimpleLazyObject(lambda: picker_url(request)),
        "other_language_url": SimpleLazyObject(lambda: other_language_url(request)),
    }
