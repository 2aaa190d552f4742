"""The page of results."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.models import Field
from cms.presentation import CHANNEL_NAMES, LEVEL_NAMES, asked_office_slug
from search import vietnamese as vn
from search.cards import cards, picked_office
from search.finder import FILTERS, Answer, clean_filters, find, labels
from search.question import QUERY_LIMIT
from search.store import IndexUnavailable

#: Fields offered when nothing was asked.
_FIELDS_SHOWN = 12
_PAGES_MOST = 10_000


@dataclass(frozen=True)
class Option:
    """A choice of a filter; ``count`` is None when it is not among the results."""

    key: str
    name: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter of the form with its choices."""

    name: str
    label: str
    options: list[Option]
    chosen: str


def page_number(text: str | None) -> int:
    """``page=`` as a number from 1; nonsense is 1."""
    text = text or ""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return 1
    return min(max(int(text), 1), _PAGES_MOST)


def filter_names() -> dict[str, dict[str, str]]:
    """Filter → key → name on the screen, in the reader's language where it is ours to say."""
    names = labels()
    return {
        "field": names["field"],
        "level": {key: str(name) for key, name in LEVEL_NAMES.items()},
        "audience": names["audience"],
        "channel": {key: str(name) for key, name in CHANNEL_NAMES.items()},
    }


def filters_of(answer: Answer) -> list[Filter]:
    """The form's filters: choices that lead somewhere, with their counts, and the chosen one."""
    titles = {
        "field": _("Lĩnh vực"),
        "level": _("Cấp"),
        "audience": _("Đối tượng"),
        "channel": _("Hình thức nộp"),
    }
    found = []
    for name, known in filter_names().items():
        counts = dict(answer.facets.get(name, ()))
        chosen = answer.filters.get(name, "")
        keys = list(counts)
        if chosen and chosen not in counts:
            keys.insert(0, chosen)
        options = [Option(key, known.get(key, key), counts.get(key), key == chosen) for key in keys]
        found.append(Filter(name, titles[name], options, chosen))
    return found


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """``/tim-kiem/``: results, or fields to start from, or what to do when nothing was found."""
    text = vn.clean(request.GET.get("q", ""), QUERY_LIMIT)
    number = page_number(request.GET.get("page"))
    try:
        answer = find(text, filters=request.GET, page=number, exact="exact" in request.GET)
        filters = filters_of(answer) if answer.total or answer.filters else []
    except IndexUnavailable:
        context = {"q": text, "no_index": True, "nav": "procedures"}
        response = render(request, "search/results.html", context, status=503)
        response["Retry-After"] = "60"
        return response
    context = {
        "q": text,
        "answer": answer,
        "filters": filters,
        "open_filters": bool(answer.filters),
        "nav": "procedures",
    }
    if not answer.question.empty or clean_filters(request.GET):
        office = picked_office(asked_office_slug(request))
        context |= {
            "office": office,
            "cards": cards(answer.results, office),
            "near": cards(answer.near, office),
        }
    else:
        live = Count("procedures", filter=Q(procedures__live=True))
        context["fields"] = (
            Field.objects.annotate(n=live).filter(n__gt=0).order_by("-n", "name")[:_FIELDS_SHOWN]
        )
    response = render(request, "search/results.html", context)
    patch_vary_headers(response, ["Cookie"])
    return response


__all__ = ["FILTERS", "filter_names", "filters_of", "page_number", "results"]
