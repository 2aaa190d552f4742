"""A citizen's question → an answer: results, what was understood, counts for filters, guesses.

Everything goes through haystack's SearchQuerySet; result cards come whole from the index, so
that a page of results asks the database nothing about procedures, but for those whose fee, time
or standing switches by itself (search/today.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from haystack.query import SearchQuerySet

from cms.local_words import StandingLine
from cms.models import ProcedurePage
from search import worker
from search.curated import current_language
from search.highlight import marked_up
from search.inputs import Ask
from search.question import Question, understand
from search.search_indexes import card_of
from search.store import IndexUnavailable
from search.today import as_of_today

PER_PAGE = 10
#: Guesses shown when nothing was found.
GUESSES = 5
#: Filters, in the order of the form; the parameter names of the address are the same.
FILTERS = ("field", "level", "audience", "channel")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,149}")


@dataclass(frozen=True)
class Result:
    """A card: what the index stores of a procedure, and its name with the question marked."""

    code: str
    name: str
    plain_name: str
    url: str
    field: str
    field_id: int
    levels: list[str]
    channels: list[str]
    time: str
    fee: str
    highlight: str
    #: False: the page says something that switches by itself, so it is asked (search/today.py).
    plain: bool = True
    standing: StandingLine | None = None

    @classmethod
    def of(cls, card: Mapping[str, Any], words: Iterable[str] = ()) -> Result:
        """From the stored card; ``words`` are marked in the name."""
        return cls(
            code=card["code"],
            name=card["name"],
            plain_name=card["plain_name"],
            url=card["url"],
            field=card["field"],
            field_id=card["field_id"],
            levels=list(card["levels"]),
            channels=list(card["channels"]),
            time=card["time"],
            fee=card["fee"],
            highlight=marked_up(card["name"], words),
            plain=card.get("plain", False),
        )


@dataclass(frozen=True)
class Answer:
    """What a page of results needs. ``corrected`` is the question searched instead, or None."""

    question: Question
    filters: dict[str, str]
    total: int = 0
    page: int = 1
    results: list[Result] = field(default_factory=list)
    near: list[Result] = field(default_factory=list)
    corrected: str | None = None
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    #: The index could not be read; a code was looked up in the database instead.
    index_missing: bool = False

    @property
    def pages(self) -> int:
        """Number of pages."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def previous(self) -> int:
        """Number of the page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """Number of the page after."""
        return self.page + 1

    @property
    def understood(self) -> str:
        """The words that were looked for, in one line."""
        return self.corrected or self.question.code or self.question.understood


def clean_filters(values: Mapping[str, str]) -> dict[str, str]:
    """Only known filters with values that can be keys; anything else is left out."""
    found = {}
    for name in FILTERS:
        value = (values.get(name) or "").strip().lower()
        if _KEY.fullmatch(value):
            found[name] = value
    return found


def find(
    text: str, *, filters: Mapping[str, str] | None = None, page: int = 1, exact: bool = False
) -> Answer:
    """Search. Without a question but with filters, everything that passes them.

    ``exact`` searches the words as typed, without correcting slips. Raises IndexUnavailable when
    there is no index, unless the question is a code, which the database then answers.
    """
    question = understand(text, current_language())
    chosen = clean_filters(filters or {})
    if question.empty and not chosen:
        return Answer(question, chosen)
    try:
        found = _find(question, chosen, max(1, page), exact)
    except IndexUnavailable:
        if question.code is None:
            raise
        pages = ProcedurePage.objects.live().filter(code__iexact=question.code)
        results = [Result.of(card_of(one)) for one in pages.select_related("field")]
        found = Answer(question, chosen, len(results), 1, results, index_missing=True)
    return replace(found, results=as_of_today(found.results), near=as_of_today(found.near))


def _find(question: Question, chosen: dict[str, str], page: int, exact: bool) -> Answer:
    asked, corrected = question, None
    if not exact and not question.code:
        corrected = worker.backend().speller().corrected(question.text)
        if corrected:
            asked = understand(corrected, current_language())
    total, hits, facets = _ask(asked, chosen, (page - 1) * PER_PAGE, PER_PAGE)
    if total and not hits:  # a page beyond the last one: the last one
        page = -(-total // PER_PAGE)
        total, hits, facets = _ask(asked, chosen, (page - 1) * PER_PAGE, PER_PAGE)
    near: list[Result] = []
    if not total and not asked.empty:
        near = [
            Result.of(card, asked.words) for card in _ask(asked, {}, 0, GUESSES, mode="guess")[1]
        ]
    return Answer(
        question,
        chosen,
        total,
        page,
        [Result.of(card, asked.words) for card in hits],
        near,
        corrected,
        facets,
    )


def _ask(
    question: Question, chosen: Mapping[str, str], start: int, count: int, mode: str = "question"
) -> tuple[int, list[dict[str, Any]], dict[str, list[tuple[str, int]]]]:
    found = SearchQuerySet()
    if not question.empty:
        found = found.filter(content=Ask(question.text, mode=mode))
    for name, value in chosen.items():
        found = found.narrow(f"{name}:'{value}'")
    for name in FILTERS:
        found = found.facet(name)
    hits = found[start : start + count]
    counts = found.facet_counts().get("fields", {})
    return found.count(), [json.loads(hit.card) for hit in hits], counts


def labels() -> dict[str, dict[str, str]]:
    """Names of field and audience keys, as the index has them: filter → key → name."""
    found: dict[str, dict[str, str]] = {"field": {}, "audience": {}}
    for term in worker.backend().labels():
        kind, _, rest = term.partition(":")
        key, _, name = rest.partition("=")
        found.setdefault(kind, {})[key] = name.replace("‚", ",")
    return found


@dataclass(frozen=True)
class Suggestion:
    """A name to complete what is being typed."""

    text: str
    code: str
    url: str


#: Most suggestions in one answer, and from how many characters on.
SUGGESTIONS = 8
SUGGEST_FROM = 2


def suggest(text: str) -> list[Suggestion]:
    """Names that fit what has been typed so far (the last word may be unfinished)."""
    question = understand(text, current_language())
    if len(question.text) < SUGGEST_FROM or question.empty:
        return []
    hits = SearchQuerySet().filter(content=Ask(question.text, mode="suggest"))[:SUGGESTIONS]
    found = [json.loads(hit.card) for hit in hits]
    return [Suggestion(card["name"], card["code"], card["url"]) for card in found]
