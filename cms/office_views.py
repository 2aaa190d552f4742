"""Public pages of offices and counters, and picking the office one hands in at."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from cms import caching, picking
from cms.caching import cached_page
from cms.hours import Span, clock_text, week
from cms.models import Counter, Handling, Office, OfficeHours
from cms.people import Roster, leaders_of
from cms.presentation import KIND_NAMES, asked_office_slug
from cms.views import _not_found
from cms.wording import WEEKDAY_NAMES
from cms.working_days import OfficeNow, coming_days, request_day_changes

OFFICES_A_PAGE = 40
#: Wards a card of the list names; the office's page names all.
WARDS_ON_CARD = 6


@cached_page(caching.OFFICES)
def office_list(request: HttpRequest) -> HttpResponseBase:
    """All offices, open ones marked; ``?q=`` finds by name, street or ward without marks.

    ``?office=`` picks one (empty: none) and goes back to ``?chon=``, a path of this site.
    """
    back = picking.return_path(request)
    if "office" in request.GET:
        return _pick(request, back)
    query = request.GET.get("q", "").strip()[:100]
    caching.expires_with_hours(request)
    hours = Prefetch("hours", OfficeHours.objects.order_by("weekday", "opens"))
    offices = list(Office.objects.live().prefetch_related(hours).order_by("title"))
    now = timezone.localtime()
    found = picking.matching(offices, query)
    page = Paginator(found, OFFICES_A_PAGE).get_page(request.GET.get("page"))
    days = request_day_changes(request)
    context = {
        "offices": [OfficeNow.of(one, now, days) for one in page.object_list],
        "page_of": page,
        "total": len(found),
        "any_office": bool(offices),
        "query": query,
        "back": back,
        "picked": asked_office_slug(request),
        "picking": bool(back),
        "nav": "offices",
        "wards_on_card": WARDS_ON_CARD,
    }
    response = render(request, "cms/office_list.html", context)
    patch_vary_headers(response, ["Cookie"])
    return response


def _pick(request: HttpRequest, back: str) -> HttpResponseBase:
    """Remember the office and go back where the citizen came from."""
    slug = request.GET["office"].strip()
    now = picking.picked(request)
    if now is None and slug:
        return _not_found(request, _("Không có cơ quan này."))
    if now and not back:
        response: HttpResponseBase = redirect("office", slug=now.office.slug)
    else:
        # Without the parameter an address that named another office would bring that one back.
        path = picking.with_office(back, slug) if slug else picking.without_office(back)
        response = redirect(path or "office_list")
    picking.remember(request, response)
    return response


def office_places(request: HttpRequest) -> HttpResponse:
    """Where the offices are, for the browser to find the nearest one by itself."""
    response = JsonResponse({"offices": picking.places()})
    patch_cache_control(response, public=True, max_age=600)
    return response


def _handlings() -> QuerySet[Handling]:
    return Handling.objects.valid().with_people()


@cached_page(caching.OFFICES, caching.SCORES)
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office: address, hours, leaders, counters with officers on duty and fields."""
    found = picking.published_office(request, slug)
    if found is None:
        return _not_found(request, _("Không có cơ quan này."))
    caching.shows(request, caching.office_tag(found.pk))
    picking.expires_with_office(request, found)
    counters = (
        found.counters.filter(active=True)
        .select_related("main_field")
        .prefetch_related("fields", Prefetch("handlings", _handlings()))
        .order_by("name")
    )
    now = timezone.localtime()
    spans = [Span(row.weekday, row.opens, row.closes) for row in found.hours.all()]
    roster = Roster([found.pk])
    leaders = leaders_of(found)
    office_now = picking.shown(request, OfficeNow.of(found, now, request_day_changes(request)))
    rows, changes = found.hours.all(), office_now.changes.of(found.pk)
    context = {
        "office": found,
        "coming_days": coming_days(rows, changes, now.date()) if spans else [],
        "kind": KIND_NAMES.get(found.kind, found.get_kind_display()),
        "now": office_now,
        "week": [
            (
                WEEKDAY_NAMES[weekday],
                [f"{clock_text(opens)}–{clock_text(closes)}" for opens, closes in day],
                weekday == now.weekday(),
            )
            for weekday, day in week(spans)
        ]
        if spans
        else [],
        "leaders": [(one, roster.present(one)) for one in leaders],
        "counters": [_counter_row(one, roster) for one in counters],
        "is_picked": asked_office_slug(request) == found.slug,
        "nav": "offices",
    }
    response = render(request, "cms/office.html", context)
    picking.remember(request, response)
    return response


def _counter_row(counter: Counter, roster: Roster) -> dict[str, Any]:
    """A counter with its fields, main one first, and who is on duty there today."""
    fields = {counter.main_field_id: counter.main_field}
    fields.update({one.pk: one for one in counter.fields.all()})
    return {
        "counter": counter,
        "fields": list(fields.values()),
        "on_duty": roster.on_duty(counter.handlings.all()),
    }


@cached_page(caching.OFFICES, caching.SCORES)
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """One counter: its office, fields, officers on duty, score, and the way to rate it."""
    handlings = _handlings().select_related("officer__field", "substitute__field", "counter")
    try:
        found = (
            Counter.objects.open()
            .select_related("office", "main_field")
            .prefetch_related("fields", Prefetch("handlings", handlings))
            .by_code(code)
        )
    except Counter.DoesNotExist:
        problem = _("Không có quầy mang mã %(code)s.") % {"code": code[:20]}
        return _not_found(request, problem)
    caching.shows(request, caching.office_tag(found.office_id))
    caching.named(request, code=found.code)
    picking.bring_hours(request, found.office)
    picking.expires_with_office(request, found.office)
    now = OfficeNow.of(found.office, changes=request_day_changes(request))
    context = {
        **_counter_row(found, Roster([found.office_id])),
        "office": found.office,
        "now": picking.shown(request, now),
        "nav": "offices",
    }
    return render(request, "cms/counter.html", context)
