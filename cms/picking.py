"""Bạn nộp ở đâu? Finding an office by name, street or ward, and remembering the one picked.

"Nearest" is no business of the server: it gives the places of all offices (:func:`places`), the
browser reckons, and where a citizen stands never leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from cms import caching
from cms.hours import Span, clock_text, week
from cms.models import Office, OfficeHours
from cms.presentation import OFFICE_COOKIE, asked_office_slug
from cms.text import fold
from cms.wording import WEEKDAY_NAMES
from cms.working_days import OfficeNow, request_day_changes

OFFICE_COOKIE_SECONDS = 365 * 24 * 3600
#: Up to this many offices are a list to choose from; more are searched.
SHORT_LIST = 12
LONGEST_RETURN = 500
_HOURS = ("weekday", "opens", "closes")


def _with_hours(offices: QuerySet[Office]) -> list[Office]:
    """The offices with their hours, those without any too; one query."""
    times = {name: F(f"hours__{name}") for name in _HOURS}
    found: dict[int, Office] = {}
    hours: dict[int, list[OfficeHours]] = {}
    for row in offices.annotate(**{f"one_{name}": value for name, value in times.items()}):
        office = found.setdefault(row.pk, row)
        rows = hours.setdefault(row.pk, [])
        values = {name: getattr(row, f"one_{name}") for name in _HOURS}
        if values["opens"] is not None:
            rows.append(OfficeHours(office=office, **values))
    for pk, office in found.items():
        office.hours = hours[pk]
    return list(found.values())


def bring_hours(request: HttpRequest, office: Office) -> None:
    """Give an office its hours and, with the same query, load the one picked if it is another."""
    slug = asked_office_slug(request)[:255]
    wanted = Q(pk=office.pk)
    if slug and slug != office.slug:
        wanted |= Q(slug=slug, live=True)
    for row in _with_hours(Office.objects.filter(wanted)):
        if row.pk == office.pk:
            office.hours = list(row.hours.all())
        else:
            _note(request, slug, row)


def published_office(request: HttpRequest, slug: str) -> Office | None:
    """The published office of that slug with its hours and what it is part of and, with the same
    query, the one picked if it is another."""
    own = asked_office_slug(request)[:255]
    wanted = Office.objects.live().filter(slug__in={slug, own or slug})
    found = {row.slug: row for row in _with_hours(wanted.select_related("part_of"))}
    if own != slug and own in found:
        _note(request, own, found[own])
    return found.get(slug)


def _note(request: HttpRequest, slug: str, office: Office | None) -> OfficeNow | None:
    """Keep what the slug in the address or the cookie stands for, with what follows from it."""
    now = OfficeNow.of(office, changes=request_day_changes(request)) if office else None
    request.__dict__.setdefault("_picked_offices", {})[slug] = now
    # An unknown slug may be published tomorrow: then the list of offices changes.
    caching.shows(request, caching.office_tag(office.pk) if office else caching.OFFICES)
    if office:
        expires_with_office(request, office)
    return now


def picked(request: HttpRequest | None) -> OfficeNow | None:
    """The office the citizen picked, as it is at this moment; None for none or an unknown one.

    Asked once a request, however many parts of the page want to know, and not at all without
    a pick. What it tells belongs to the page's tags and to the time until which the page holds.
    """
    slug = asked_office_slug(request)[:255]
    if request is None or not slug:
        return None
    known: dict[str, OfficeNow | None] = request.__dict__.get("_picked_offices", {})
    if slug in known:
        return known[slug]
    offices = _with_hours(Office.objects.live().filter(slug=slug))
    return _note(request, slug, offices[0] if offices else None)


def shown(request: HttpRequest, now: OfficeNow) -> OfficeNow:
    """Notes an office whose own page has loaded it, so that the head need not ask again when it
    is the one picked."""
    request.__dict__.setdefault("_picked_offices", {})[now.office.slug] = now
    return now


def expires_with_office(request: HttpRequest, office: Office) -> None:
    """The page tells whether this one office is open: until it next opens or closes today."""
    now = timezone.localtime()
    clock = now.time().replace(tzinfo=None)
    times = {moment for row in office.hours.all() for moment in (row.opens, row.closes)}
    later = [moment for moment in times if moment > clock]
    if later:
        local = datetime.combine(now.date(), min(later))
        caching.expires(request, timezone.make_aware(local, now.tzinfo))


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the office the address picked; an empty or unknown one is forgotten."""
    patch_vary_headers(response, ["Cookie"])
    asked = request.GET.get("office")
    if asked is None:
        return
    if asked and picked(request):
        response.set_cookie(
            OFFICE_COOKIE,
            asked,
            max_age=OFFICE_COOKIE_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
        )
    else:
        response.delete_cookie(OFFICE_COOKIE, samesite="Lax")


def return_path(request: HttpRequest) -> str:
    """Where to go back to after picking (``?chon=``): a path of this site, else ""."""
    path = request.GET.get("chon", "")
    if len(path) > LONGEST_RETURN or not path.startswith("/") or "\\" in path:
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def with_office(path: str, slug: str) -> str:
    """The path with ``office=`` set, so that a browser that keeps no cookies shows it too."""
    parts = urlsplit(path)
    query = [(key, value) for key, value in parse_qsl(parts.query, True) if key != "office"]
    return parts._replace(query=urlencode([*query, ("office", slug)])).geturl()


def without_office(path: str) -> str:
    """The path without an ``office=``, which would win over the next pick."""
    parts = urlsplit(path)
    query = [(key, value) for key, value in parse_qsl(parts.query, True) if key != "office"]
    return parts._replace(query=urlencode(query)).geturl()


def picker_url(request: HttpRequest) -> str:
    """The list of offices, which leads back to this page after a pick."""
    path = without_office(request.get_full_path())
    if request.path == reverse("office_list"):
        return path  # it is the list: no way back to itself
    if len(path) > LONGEST_RETURN or request.method != "GET":
        return reverse("office_list")
    return f"{reverse('office_list')}?{urlencode({'chon': path})}"


def _rank(words: list[str], phrase: str, office: Office) -> int | None:
    """How well an office answers: 0 serves or lies in the ward asked for, 1 is named so, 2 has
    the words somewhere; None does not."""
    wards = [fold(ward) for ward in (office.ward, *office.wards)]
    if any(ward == phrase or ward.endswith(f" {phrase}") for ward in wards):
        return 0
    title = fold(office.title)
    if all(word in title for word in words):
        return 1
    text = " ".join((title, fold(office.address), *wards))
    return 2 if all(word in text for word in words) else None


def matching(offices: Iterable[Office], query: str) -> list[Office]:
    """The offices that have every word in name, street or wards, marks or not; those that serve
    the very ward first, then those of that name. Without words all, as they come."""
    words = fold(query).split()
    if not words:
        return list(offices)
    phrase = " ".join(words)
    ranked = [(rank, one) for one in offices if (rank := _rank(words, phrase, one)) is not None]
    return [one for _rank_, one in sorted(ranked, key=lambda pair: pair[0])]


def places() -> list[dict[str, Any]]:
    """Slug, name, address and coordinates of the live offices that have them (one query)."""
    rows = (
        Office.objects.live()
        .exclude(latitude=None)
        .exclude(longitude=None)
        .order_by("title")
        .values_list("slug", "title", "address", "latitude", "longitude")
    )
    return [
        {"slug": slug, "name": name, "address": address, "at": [float(north), float(east)]}
        for slug, name, address, north, east in rows
    ]


def short_list() -> tuple[list[Office], bool]:
    """The offices for a list to choose from, and whether there are too many for one (one query)."""
    offices = list(Office.objects.live().order_by("title").only("slug", "title")[: SHORT_LIST + 1])
    return offices[:SHORT_LIST], len(offices) > SHORT_LIST


def hours_text(office: Office) -> str:
    """The week in one line: "thứ Hai – thứ Sáu 8:00–11:30, 13:30–17:00; thứ Bảy 8:00–11:30".

    Days off are left out; "" when no hours are known. Reads ``office.hours``.
    """
    days = week(Span(row.weekday, row.opens, row.closes) for row in office.hours.all())
    runs: list[tuple[int, int, list[Any]]] = []
    for weekday, spans in days:
        if runs and spans and runs[-1][1] == weekday - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], weekday, spans)
        elif spans:
            runs.append((weekday, weekday, spans))
    texts = []
    for first, last, spans in runs:
        names = str(WEEKDAY_NAMES[first])
        if last > first:
            values = {"first": names, "last": WEEKDAY_NAMES[last]}
            names = _("%(first)s – %(last)s") % values
        times = ", ".join(f"{clock_text(a)}–{clock_text(b)}" for a, b in spans)
        texts.append(f"{names} {times}")
    return "; ".join(texts)


def picker_context(request: HttpRequest | None, now: OfficeNow | None) -> dict[str, Any]:
    """What ``_office_picker.html`` and ``_people_tile.html`` show.

    With an office picked its hours too, and no query; else the offices to choose from (one).
    """
    offices, many = ([], False) if now else short_list()
    return {
        "office": now.office if now else None,
        "office_now": now,
        "office_hours": hours_text(now.office) if now else "",
        "office_unknown": bool(request and request.GET.get("office") and not now),
        "offices": offices,
        "many_offices": many,
        "picker_url": picker_url(request) if request else reverse("office_list"),
    }
