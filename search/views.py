"""The page of results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.life_events import event_links
from cms.models import Field, Office
from cms.picking import picked, remember
from cms.presentation import CHANNEL_NAMES, LEVEL_NAMES, level_names
from search import vietnamese as vn
from search.answers import answers
from search.cards import Card, cards
from search.chosen import pings_of
from search.finder import FILTERS, SORTS, SWITCHES, Answer, find, labels
from search.query_log import note
from search.question import QUERY_LIMIT
from search.search_indexes import FREE, ONLINE
from search.store import IndexUnavailable

#: Fields offered when nothing was asked, and when nothing can be asked.
_FIELDS_SHOWN, _FIELDS_WITHOUT_INDEX = 12, 60
_PAGES_MOST = 10_000

SWITCH_NAMES = {
    ONLINE: gettext_lazy("Nộp được trực tuyến"),
    FREE: gettext_lazy("Miễn phí"),
}
ASKED_NAMES = {
    "fee": gettext_lazy("lệ phí"),
    "time": gettext_lazy("thời gian"),
    "place": gettext_lazy("nơi nộp"),
    "who": gettext_lazy("người làm"),
    "papers": gettext_lazy("giấy tờ"),
}
SORT_NAMES = {
    "": gettext_lazy("Phù hợp nhất"),
    "name": gettext_lazy("Tên A–Z"),
    "updated": gettext_lazy("Mới cập nhật"),
}


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


@dataclass(frozen=True)
class Chip:
    """A chosen filter; ``without`` is the query of the address without it."""

    text: str
    without: str


@dataclass(frozen=True)
class Case:
    """A sibling on the page: ``name`` is short (then ``whole`` is the official one, to be heard),
    or the official one with ``differs`` to be marked; ``told`` says what else tells it apart,
    ``fact`` and ``value`` what was asked of it; both "" when nothing was."""

    code: str
    name: str
    whole: str
    differs: tuple[str, ...]
    told: list[str]
    fact: str
    value: str


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


def switches_of(answer: Answer) -> list[Option]:
    """The boxes to tick; those that would leave nothing are left out."""
    counts = dict(answer.facets.get("trait", ()))
    return [
        Option(name, str(SWITCH_NAMES[name]), counts.get(name), name in answer.filters)
        for name in SWITCHES
        if counts.get(name) or name in answer.filters
    ]


def sorts_of(answer: Answer) -> list[Option]:
    """The orders to choose from."""
    return [Option(key, str(SORT_NAMES[key]), None, key == answer.sort) for key in ("", *SORTS)]


def chips_of(request: HttpRequest, filters: list[Filter], switches: list[Option]) -> list[Chip]:
    """The chosen filters with the way to the results without each."""
    chosen = [(one.name, option.name) for one in filters for option in one.options if option.chosen]
    chosen += [(option.key, option.name) for option in switches if option.chosen]
    found = []
    for name, text in chosen:
        rest = request.GET.copy()
        for gone in (name, "page"):
            rest.pop(gone, None)
        found.append(Chip(text, rest.urlencode()))
    return found


def cases_of(answer: Answer, shown: list[Card]) -> list[Case]:
    """The siblings in words, with what their cards say in the language of the page."""
    facts = {"fee": _("Lệ phí"), "time": _("Thời gian")}
    asked = next((fact for fact in answer.asked if fact in facts), "")
    by_code = {card.result.code: card for card in shown}
    found = []
    for one in answer.siblings:
        card = by_code[one.code]
        said = {"fee": card.fee, "time": card.time}.get(asked, "")
        found.append(
            Case(
                one.code,
                one.short or one.name,
                one.name if one.short else "",
                () if one.short else one.differs,
                [*level_names(one.levels), *one.audience],
                facts[asked] if said else "",
                said,
            )
        )
    return found


def _fields(most: int) -> QuerySet[Field]:
    """Fields with most published procedures; ``n`` is how many."""
    live = Count("procedures", filter=Q(procedures__live=True))
    return Field.objects.annotate(n=live).filter(n__gt=0).order_by("-n", "name")[:most]


def _found(request: HttpRequest, answer: Answer, office: Office | None) -> dict[str, Any]:
    """What the page shows of an answer."""
    nothing_to_filter = answer.index_missing or not (answer.total or answer.filters)
    filters = [] if nothing_to_filter else filters_of(answer)
    switches = switches_of(answer)
    shown = cards(answer.results, office)
    first = shown[0] if shown and answer.page == 1 and not answer.sort else None
    asked = answer.asked
    return {
        "asked": ", ".join(str(ASKED_NAMES[fact]) for fact in asked if fact in ASKED_NAMES),
        "filters": filters,
        "switches": switches,
        "sorts": sorts_of(answer),
        "chips": chips_of(request, filters, switches),
        "cards": shown,
        "near": cards(answer.near, office),
        "cases": cases_of(answer, shown),
        "facts": answers(asked, first, office) if first and asked else [],
        "events": [] if shown else event_links(),
    }


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """``/tim-kiem/``: results, or fields to start from, or what to do when nothing was found."""
    text = vn.clean(request.GET.get("q", ""), QUERY_LIMIT)
    number = page_number(request.GET.get("page"))
    office_now = picked(request)
    office = office_now.office if office_now else None
    context: dict[str, Any] = {"q": text, "nav": "procedures", "office": office}
    status = 200
    try:
        answer = find(
            text,
            filters=request.GET,
            page=number,
            exact="exact" in request.GET,
            sort=request.GET.get("sort", ""),
            office=office,
        )
        context["answer"] = answer
        if answer.question.empty and not answer.filters:
            context["fields"] = _fields(_FIELDS_SHOWN)
        else:
            context |= _found(request, answer, office)
            context["pings"] = pings_of(request, answer)
            note(request, answer)
    except IndexUnavailable:
        status = 503
        context |= {"no_index": True, "fields": _fields(_FIELDS_WITHOUT_INDEX)}
    response = render(request, "search/results.html", context, status=status)
    if status == 503:
        response["Retry-After"] = "60"
    remember(request, response)
    return response


#: Seconds a browser may keep the description of the search.
_DESCRIPTION_LIFE = 24 * 3600


@require_safe
@cache_control(public=True, max_age=_DESCRIPTION_LIFE)
def opensearch(request: HttpRequest) -> HttpResponse:
    """``/opensearch.xml``: how a browser asks this site (OpenSearch 1.1)."""
    return render(
        request,
        "search/opensearch.xml",
        {"address": settings.PUBLIC_URL},
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


__all__ = [
    "FILTERS",
    "filter_names",
    "filters_of",
    "opensearch",
    "page_number",
    "results",
    "switches_of",
]
