"""Public pages of what is published: fields, procedures, offices, counters."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms import caching, picking, withdrawn
from cms.caching import cached_page
from cms.models import Field, ProcedurePage
from cms.presentation import (
    LEVEL_NAMES,
    brief,
    level_names,
)
from cms.text import fold

PROCEDURES_A_PAGE = 30
_CODE_WITHOUT_DOT = re.compile(r"^(\d)(\d{6})$")


def _not_found(request: HttpRequest, problem: str, **context: Any) -> HttpResponse:
    """The page for a wrong address, with what is wrong in words."""
    return render(request, "404.html", {"problem": problem, **context}, status=404)


def _find_procedure(code: str) -> ProcedurePage | None:
    """The live procedure of that code; upper and lower case are the same."""
    pages = ProcedurePage.objects.live().select_related("field")
    # The exact code uses the index; the other spelling is rare and may look through all rows.
    return pages.filter(code=code).first() or pages.filter(code__iexact=code).first()


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
        return withdrawn.answer(request, code)
    caching.named(request, code=page.code)
    response: HttpResponseBase = page.serve(request)
    picking.remember(request, response)
    return response


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
    caching.answers(request, level=level or None, page=page.number)
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
    said = brief(page)
    return {
        "page": page,
        "levels": level_names(page.levels),
        "time": said.time,
        "fee": said.fee,
        "standing": said.standing,
    }
