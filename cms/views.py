"""Public pages of what is published: fields, procedures, offices, counters."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from cms import caching, formatting
from cms.caching import cached_page
from cms.history import changes
from cms.hours import Span, clock_text, week
from cms.models import Counter, Field, Handling, Office, Officer, ProcedurePage
from cms.presentation import (
    KIND_NAMES,
    LEVEL_NAMES,
    OFFICE_COOKIE,
    WEEKDAY_NAMES,
    OfficeNow,
    asked_office_slug,
    desks_of,
    leaders_of,
    level_names,
)
from cms.text import fold
from cms.wording import page_wording

PROCEDURES_A_PAGE = 30
OFFICE_COOKIE_SECONDS = 365 * 24 * 3600
_CODE_WITHOUT_DOT = re.compile(r"^(\d)(\d{6})$")


def _not_found(request: HttpRequest, problem: str, **context: Any) -> HttpResponse:
    """The page for a wrong address, with what is wrong in words."""
    return render(request, "404.html", {"problem": problem, **context}, status=404)


def _find_procedure(code: str) -> ProcedurePage | None:
    """The live procedure of that code; upper and lower case are the same."""
    pages = ProcedurePage.objects.live().select_related("field")
    # The exact code uses the index; the other spelling is rare and may look through all rows.
    return pages.filter(code=code).first() or pages.filter(code__iexact=code).first()


def _remember_office(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the office the address picked; an empty or unknown one is forgotten."""
    patch_vary_headers(response, ["Cookie"])
    asked = request.GET.get("office")
    if asked is None:
        return
    if asked and Office.objects.live().filter(slug=asked).exists():
        response.set_cookie(
            OFFICE_COOKIE,
            asked,
            max_age=OFFICE_COOKIE_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
        )
    else:
        response.delete_cookie(OFFICE_COOKIE, samesite="Lax")


def procedure_list(request: HttpRequest) -> HttpResponseBase:
    """People who shorten the address of a procedure land on the list of fields."""
    return redirect("field_list")


@cached_page(caching.OFFICES, params=("ngay",))
def procedure(request: HttpRequest, code: str) -> HttpResponseBase:
    """One procedure with its four public facts, for the office the citizen picked."""
    undotted = _CODE_WITHOUT_DOT.match(code)
    if undotted:
        address = reverse("procedure", args=[".".join(undotted.groups())])
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{address}?{query}" if query else address, permanent=True)
    page = _find_procedure(code)
    if page is None:
        problem = _("Không có thủ tục mang mã %(code)s.") % {"code": code[:40]}
        return _not_found(request, problem, looked_for=code[:40])
    response: HttpResponseBase = page.serve(request)
    _remember_office(request, response)
    return response


@cached_page()
def procedure_history(request: HttpRequest, code: str) -> HttpResponse:
    """The public versions of a procedure: date, number, and which facts changed."""
    page = _find_procedure(code)
    if page is None:
        problem = _("Không có thủ tục mang mã %(code)s.") % {"code": code[:40]}
        return _not_found(request, problem, looked_for=code[:40])
    caching.shows(request, caching.procedure_tag(page.pk))
    context = {"page": page, "changes": changes(page), "nav": "procedures"}
    return render(request, "cms/procedure_history.html", context)


@cached_page(caching.PROCEDURES)
def field_list(request: HttpRequest) -> HttpResponse:
    """All fields with published procedures, by first letter; ``?q=`` filters by name."""
    query = request.GET.get("q", "").strip()[:100]
    wanted = fold(query).split()
    letters: dict[str, list[Field]] = {}
    total = 0
    rows = (
        Field.objects.annotate(published=Count("procedures", filter=Q(procedures__live=True)))
        .filter(published__gt=0)
        .order_by("name")
    )
    for row in rows:
        folded = fold(row.name)
        if not all(word in folded for word in wanted):
            continue
        # Đ is a letter of its own; other marks do not make a letter in a list of names.
        first = row.name.strip()[:1]
        letter = "Đ" if first in "Đđ" else fold(first).upper()
        letters.setdefault(letter, []).append(row)
        total += 1
    order = sorted(letters, key=lambda letter: "D~" if letter == "Đ" else letter)
    context = {
        "letters": [
            (letter, sorted(letters[letter], key=lambda f: fold(f.name))) for letter in order
        ],
        "total": total,
        "query": query,
        "nav": "procedures",
    }
    return render(request, "cms/field_list.html", context)


@cached_page(params=("level", "page"))
def field(request: HttpRequest, slug: str) -> HttpResponse:
    """The procedures of a field; ``?level=`` filters, ``?page=`` pages."""
    found = Field.objects.filter(slug=slug).first()
    if found is None:
        return _not_found(request, _("Không có lĩnh vực này."))
    caching.shows(request, caching.field_tag(found.pk))
    rows = list(
        ProcedurePage.objects.live()
        .filter(field=found)
        .order_by("title", "code")
        .values_list("pk", "levels")
    )
    level = request.GET.get("level", "")
    if level not in LEVEL_NAMES:
        level = ""
    counts = {code: sum(code in levels for _pk, levels in rows) for code in LEVEL_NAMES}
    # Levels are a JSON list, which SQLite cannot ask "contains" of; a field is small enough.
    matching = [pk for pk, levels in rows if not level or level in levels]
    page = Paginator(matching, PROCEDURES_A_PAGE).get_page(request.GET.get("page"))
    procedures = ProcedurePage.objects.in_bulk(list(page.object_list))
    context = {
        "field": found,
        "page_of": page,
        "total": len(matching),
        "everything": len(rows),
        "procedures": [card(procedures[pk]) for pk in page.object_list if pk in procedures],
        "level": level,
        "levels": [(code, LEVEL_NAMES[code], count) for code, count in counts.items() if count],
        "nav": "procedures",
    }
    return render(request, "cms/field.html", context)


def card(page: ProcedurePage) -> dict[str, Any]:
    """A procedure in a list: name, code, levels, time and fee."""
    return {
        "page": page,
        "levels": level_names(page.levels),
        "time": formatting.time_summary(page.channel_rows, page_wording()),
        "fee": formatting.fee_summary(page.channel_rows, page_wording()),
    }


@cached_page(caching.OFFICES)
def office_list(request: HttpRequest) -> HttpResponse:
    """All offices, open ones marked; ``?q=`` filters by name, address or ward without marks."""
    query = request.GET.get("q", "").strip()[:100]
    wanted = fold(query).split()
    caching.expires_with_hours(request)
    now = timezone.localtime()
    offices = Office.objects.live().prefetch_related("hours").order_by("title")
    matching = [
        OfficeNow.of(one, now)
        for one in offices
        if all(word in fold(f"{one.title} {one.address} {one.ward}") for word in wanted)
    ]
    context = {
        "offices": matching,
        "any_office": bool(matching) or bool(offices),
        "query": query,
        "picked": asked_office_slug(request),
        "nav": "offices",
    }
    response = render(request, "cms/office_list.html", context)
    patch_vary_headers(response, ["Cookie"])
    return response


@cached_page(caching.OFFICES, caching.SCORES)
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office: address, hours, leaders, counters with officers and fields."""
    found = Office.objects.live().filter(slug=slug).prefetch_related("hours").first()
    if found is None:
        return _not_found(request, _("Không có cơ quan này."))
    caching.shows(request, caching.office_tag(found.pk))
    caching.expires_with_hours(request)
    handlings = Handling.objects.select_related("officer", "counter").order_by("rank", "id")
    counters = (
        found.counters.filter(active=True)
        .select_related("main_field")
        .prefetch_related("fields", Prefetch("handlings", handlings))
        .order_by("name")
    )
    now = timezone.localtime()
    spans = [Span(row.weekday, row.opens, row.closes) for row in found.hours.all()]
    context = {
        "office": found,
        "kind": KIND_NAMES.get(found.kind, found.get_kind_display()),
        "now": OfficeNow.of(found, now),
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
        "leaders": list(leaders_of(found, Officer.Role.HEAD, Officer.Role.DEPUTY)),
        "counters": [_counter_row(one) for one in counters],
        "is_picked": asked_office_slug(request) == found.slug,
        "nav": "offices",
    }
    response = render(request, "cms/office.html", context)
    _remember_office(request, response)
    return response


def _counter_row(counter: Counter) -> dict[str, Any]:
    """A counter with its fields, main one first, and its active officers."""
    fields = {counter.main_field_id: counter.main_field}
    fields.update({one.pk: one for one in counter.fields.all()})
    officers = {
        officer.pk: officer
        for desk in desks_of(counter.handlings.all())
        for officer in desk.officers
    }
    return {
        "counter": counter,
        "fields": list(fields.values()),
        "officers": list(officers.values()),
    }


@cached_page(caching.OFFICES, caching.SCORES)
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """One counter: its office, fields, officers, score, and the way to rate it."""
    handlings = Handling.objects.select_related("officer__field", "counter").order_by("rank", "id")
    try:
        found = (
            Counter.objects.open()
            .select_related("office", "main_field")
            .prefetch_related("fields", "office__hours", Prefetch("handlings", handlings))
            .by_code(code)
        )
    except Counter.DoesNotExist:
        problem = _("Không có quầy mang mã %(code)s.") % {"code": code[:20]}
        return _not_found(request, problem)
    caching.shows(request, caching.office_tag(found.office_id))
    caching.expires_with_hours(request)
    context = {
        **_counter_row(found),
        "office": found.office,
        "now": OfficeNow.of(found.office),
        "nav": "offices",
    }
    return render(request, "cms/counter.html", context)
