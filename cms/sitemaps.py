"""sitemap.xml: an index of sections, all with addresses in both languages.

Addresses are built from PUBLIC_URL, whatever host asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cms.models import Counter, Field, Office, ProcedurePage


class _Public(Sitemap[Any]):
    i18n = True
    alternates = True
    x_default = True
    limit = 2000

    def get_protocol(self, protocol: str | None = None) -> str:
        """As citizens reach the site."""
        return urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        """As citizens reach the site."""
        return urlsplit(settings.PUBLIC_URL).netloc


class ProcedureMap(_Public):
    """Every live procedure with the date of its publication."""

    def items(self) -> Any:
        """Only what an address needs."""
        return ProcedurePage.objects.live().order_by("code").only("code", "last_published_at")

    def location(self, item: Any) -> str:
        """``/thu-tuc/<mã>/``."""
        return reverse("procedure", args=[item.code])

    def lastmod(self, item: ProcedurePage) -> datetime | None:
        """When it was last published."""
        return item.last_published_at

    def get_latest_lastmod(self) -> datetime | None:
        """For the index, without walking all of them."""
        newest = ProcedurePage.objects.live().aggregate(newest=Max("last_published_at"))
        return newest["newest"]


class FieldMap(_Public):
    """Fields with published procedures."""

    def items(self) -> QuerySet[Field]:
        """By name."""
        return Field.objects.filter(procedures__live=True).distinct().order_by("slug")

    def location(self, item: Any) -> str:
        """``/linh-vuc/<slug>/``."""
        return reverse("field", args=[item.slug])


class OfficeMap(_Public):
    """Published offices."""

    def items(self) -> Any:
        """By slug."""
        return Office.objects.live().order_by("slug")

    def location(self, item: Any) -> str:
        """``/co-quan/<slug>/``."""
        return reverse("office", args=[item.slug])

    def lastmod(self, item: Office) -> datetime | None:
        """When it was last published."""
        return item.last_published_at


class CounterMap(_Public):
    """Counters in use."""

    def items(self) -> Any:
        """By code."""
        return Counter.objects.open().order_by("code")

    def location(self, item: Any) -> str:
        """``/quay/<code>/``."""
        return reverse("counter", args=[item.code])


class PageMap(_Public):
    """The pages above all others."""

    def items(self) -> Iterable[str]:
        """Names of addresses."""
        return ["home", "field_list", "office_list", "recent_changes"]

    def location(self, item: Any) -> str:
        """By name."""
        return reverse(item)


SECTIONS: dict[str, type[Sitemap[Any]]] = {
    "procedures": ProcedureMap,
    "fields": FieldMap,
    "offices": OfficeMap,
    "counters": CounterMap,
    "pages": PageMap,
}


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml``: the sections and their pages."""
    rows = []
    for name, kind in SECTIONS.items():
        section = kind()
        newest = section.get_latest_lastmod()
        stamp = f"<lastmod>{newest.isoformat()}</lastmod>" if newest else ""
        address = f"{settings.PUBLIC_URL}{reverse('sitemap_section', args=[name])}"
        items = section.items()
        n = items.count() if isinstance(items, QuerySet) else len(list(items))
        # Every item has one address a language.
        pages = max(1, math.ceil(n * len(settings.LANGUAGES) / section.limit))
        for number in range(1, pages + 1):
            page = f"?p={number}" if number > 1 else ""
            rows.append(f"<sitemap><loc>{address}{page}</loc>{stamp}</sitemap>")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(rows)
        + "\n</sitemapindex>\n"
    )
    return HttpResponse(text, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: everything public may be read; forms and the editor's side are no pages."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /r/",
        "Disallow: /R/",
        "Disallow: /gop-y/",
        "",
        f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
