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
from urllib.parse import urlencode

from django.urls import reverse
from haystack.query import SearchQuerySet

from cms.local_words import StandingLine
from cms.models import Office, ProcedurePage
from search import vietnamese as vn
from search import worker
from search.curated import current_language
from search.highlight import Words, marked_up
from search.inputs import Ask
from search.popular import popular
from search.question import LITTLE, QUERY_LIMIT, Question, understand
from search.search_indexes import FREE, ONLINE, card_of, name_words
from search.siblings import Candidate, Sibling, siblings
from search.snippets import ALIAS, Snippet, snippet
from search.store import IndexUnavailable
from search.suggesting import phrases
from search.today import as_of_today

PER_PAGE = 10
#: Guesses shown when nothing was found.
GUESSES = 5
#: Results that bear out how a phrase was read, and how many such readings are shown.
MEANT_BY, MEANT_SHOWN = 3, 2
#: Filters with values, in the order of the form; the parameter names of the address are the same.
FILTERS = ("field", "level", "audience", "channel")
#: Filters that are on or off (``online=1``).
SWITCHES = (ONLINE, FREE)
#: Orders of results beside the best first: parameter → field of the index.
SORTS = {"name": "by_name", "updated": "-updated"}
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,149}")

#: Filter → ``(key, how many)``.
Counts = dict[str, list[tuple[str, int]]]


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
    plain_highlight: str = ""
    audience: tuple[str, ...] = ()
    #: Where the question was found when the name does not say so, and the same with marks.
    found_in: Snippet | None = None
    found_text: str = ""
    score: float = 0.0
    #: False: the page says something that switches by itself, so it is asked (search/today.py).
    plain: bool = True
    standing: StandingLine | None = None

    @classmethod
    def of(
        cls,
        card: Mapping[str, Any],
        words: Words | Iterable[str] = (),
        beside: Words | Iterable[str] = (),
        asked: Mapping[str, str] | None = None,
        score: float = 0.0,
    ) -> Result:
        """From the stored card; ``words`` are marked, and ``beside`` next to them
        (search/highlight.py); ``asked`` are those as typed (search/snippets.py)."""
        aliases = current_language().hidden.get(card["code"], ())
        names = (card["name"], card["plain_name"])
        where = snippet(names, aliases, card.get("papers", ()), asked or {})
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
            highlight=marked_up(card["name"], words, beside),
            plain_highlight=marked_up(card["plain_name"], words, beside),
            audience=tuple(card.get("audience", ())),
            found_in=where,
            found_text=marked_up(where.text, words, beside) if where else "",
            score=score,
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
    facets: Counts = field(default_factory=dict)
    #: The facts wanted, of the question as typed or as corrected.
    asked: tuple[str, ...] = ()
    #: A key of SORTS, "" for the best first.
    sort: str = ""
    #: The cases that may be meant when the question does not decide.
    siblings: list[Sibling] = field(default_factory=list)
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

    @property
    def says_more(self) -> bool:
        """Whether what was understood is not simply the words as they were typed, nor what
        ``meant`` begins with."""
        said = [self.question.text, *(typed for typed, _ in self.meant[:1])]
        return vn.folded_words(self.understood) not in [vn.folded_words(one) for one in said]

    @property
    def meant(self) -> list[tuple[str, str]]:
        """What was read as other words and led to the results: ``(as typed, meant)``, two at most.

        A question is read in several ways at once; those that the best results do not bear out
        would only puzzle the reader.
        """
        if self.question.english:
            return []
        names = [set(vn.folded_words(f"{r.name} {r.plain_name}")) for r in self.results[:MEANT_BY]]
        found = []
        for said, words in self.question.meant:
            meant = set(vn.folded_words(words))
            typed = set(vn.folded_words(said))
            borne_out = any(
                len(meant & name) * 5 >= len(meant) * 2 and not typed <= name for name in names
            )
            if borne_out and not meant <= typed:
                found.append((said, words))
        return found[:MEANT_SHOWN]


def clean_filters(values: Mapping[str, str]) -> dict[str, str]:
    """Only known filters with values that can be keys; anything else is left out."""
    found = {}
    for name in FILTERS:
        value = (values.get(name) or "").strip().lower()
        if _KEY.fullmatch(value):
            found[name] = value
    for name in SWITCHES:
        if (values.get(name) or "").strip() == "1":
            found[name] = "1"
    return found


def find(
    text: str,
    *,
    filters: Mapping[str, str] | None = None,
    page: int = 1,
    exact: bool = False,
    sort: str = "",
    office: Office | None = None,
) -> Answer:
    """Search. Without a question but with filters, everything that passes them.

    ``exact`` searches the words as typed, without correcting slips; ``sort`` is a key of SORTS
    ("" and anything else: the best first); what is handed in at the levels that ``office``
    serves comes first. Raises IndexUnavailable when there is no index, unless the question is a
    code, which the database then answers.
    """
    question = understand(text, current_language())
    chosen = clean_filters(filters or {})
    if question.empty and not chosen:
        return Answer(question, chosen)
    search = _Search(chosen, sort if sort in SORTS else "", office)
    try:
        found = search.answer(question, max(1, page), exact)
    except IndexUnavailable:
        if question.code is None:
            raise
        pages = ProcedurePage.objects.live().filter(code__iexact=question.code)
        results = [Result.of(card_of(one)) for one in pages.select_related("field")]
        found = Answer(question, chosen, len(results), 1, results, index_missing=True)
    return replace(found, results=as_of_today(found.results), near=as_of_today(found.near))


#: Cards with their scores.
_Hits = list[tuple[dict[str, Any], float]]


class _Search:
    """One search with its filters, order and office."""

    def __init__(self, chosen: dict[str, str], sort: str, office: Office | None) -> None:
        self.chosen = chosen
        self.sort = sort
        self.levels = office.served_levels if office else []

    def answer(self, question: Question, page: int, exact: bool) -> Answer:
        """Results of the page, guesses when there are none, counts, cases."""
        asked, corrected = question, None
        if not exact and not question.code:
            corrected = worker.backend().speller().corrected(question.text)
            if corrected:
                asked = understand(corrected, current_language())
        total, hits, facets = self.ask(asked, self.chosen, (page - 1) * PER_PAGE, PER_PAGE)
        if total and not hits:  # a page beyond the last one: the last one
            page = -(-total // PER_PAGE)
            total, hits, facets = self.ask(asked, self.chosen, (page - 1) * PER_PAGE, PER_PAGE)
        for name in self.chosen:
            if name in FILTERS:  # what else could be chosen, the other filters being as they are
                others = {key: value for key, value in self.chosen.items() if key != name}
                facets[name] = self.ask(asked, others, 0, 1)[2].get(name, [])
        near: _Hits = []
        if not total and not asked.empty:
            near = self.ask(asked, {}, 0, GUESSES, mode="guess")[1]
        results = self._results(hits, asked)
        decide = page == 1 and not self.sort and not asked.empty and asked.code is None
        return Answer(
            question,
            self.chosen,
            total,
            page,
            results,
            self._results(near, asked),
            corrected,
            facets,
            asked.asked or question.asked,
            self.sort,
            siblings(_candidates(results), _typed(asked, LITTLE)) if decide else [],
        )

    @staticmethod
    def _results(hits: _Hits, asked: Question) -> list[Result]:
        typed, words = _typed(asked, 1.0), _spellings(asked)
        beside = {
            token.folded: (token.text if token.marked else "",) for token in vn.tokens(asked.text)
        }
        return [Result.of(card, words, beside, typed, score) for card, score in hits]

    def ask(
        self,
        question: Question,
        chosen: Mapping[str, str],
        start: int,
        count: int,
        mode: str = "question",
    ) -> tuple[int, _Hits, Counts]:
        """``(how many in all, a slice of them, counts)``."""
        found = SearchQuerySet()
        if not question.empty:
            found = found.filter(content=Ask(question.text, mode=mode, levels=self.levels))
        for name, value in chosen.items():
            found = found.narrow(f"trait:'{name}'" if name in SWITCHES else f"{name}:'{value}'")
        for name in (*FILTERS, "trait"):
            found = found.facet(name)
        if self.sort and mode == "question":
            found = found.order_by(SORTS[self.sort])
        hits = found[start : start + count]
        counts = found.facet_counts().get("fields", {})
        return found.count(), [(json.loads(hit.card), hit.score) for hit in hits], counts


def _typed(question: Question, least: float) -> dict[str, str]:
    """The words as they were typed that count at least so much, folded → with marks.

    None of a code or of an English question, whose words stand nowhere in our texts.
    """
    if question.english or question.code or not question.readings:
        return {}
    reading = question.readings[0]
    marked = dict(reading.marked)
    return {word: marked.get(word, "") for word, weight in reading.words if weight >= least}


def _spellings(question: Question) -> dict[str, set[str]]:
    """The words that count in any reading with their spellings, "" for one without marks."""
    found: dict[str, set[str]] = {word: set() for word in question.words}
    for reading in question.readings:
        marked = {folded for folded, _ in reading.marked}
        for word, _ in reading.words:
            if word in found and word not in marked:
                found[word].add("")
        for folded, spelt in reading.marked:
            if folded in found:
                found[folded].add(spelt)
    return found


def _candidates(results: Iterable[Result]) -> list[Candidate]:
    return [
        Candidate(
            one.code,
            one.name,
            one.score,
            one.found_in.text if one.found_in and one.found_in.kind == ALIAS else one.plain_name,
            tuple(one.levels),
            one.audience,
        )
        for one in results
    ]


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
    """A name to complete what is being typed, or a phrase (without a code) to search for."""

    text: str
    code: str
    url: str


#: Most suggestions in one answer, and from how many characters on.
SUGGESTIONS = 8
SUGGEST_FROM = 2
#: Phrases (chosen by editors, or asked by many) among them at most.
PHRASES = 3


def suggest(text: str) -> list[Suggestion]:
    """What fits what has been typed so far (the last word may be unfinished).

    Phrases that editors chose come first, then what many people ask, then names, the likeliest
    first; a phrase that is the very name of a procedure below gives way to it.
    """
    text = vn.clean(text, QUERY_LIMIT)
    if len(text) < SUGGEST_FROM or not vn.tokens(text):
        return []
    cards = _completed(text)
    if not cards and (meant := worker.backend().speller().corrected(text)):
        text, cards = meant, _completed(meant)
    names = [name_words(card["name"]) for card in cards]
    asked = [one.text for one in popular(text, PHRASES)]
    wanted: dict[str, str] = {}
    for one in (*phrases(text, current_language(), PHRASES), *asked):
        words = vn.folded_words(one)
        if words not in names:
            wanted.setdefault(" ".join(words), one)
    found = [
        Suggestion(one, "", f"{reverse('search')}?{urlencode({'q': one})}")
        for one in list(wanted.values())[:PHRASES]
    ]
    # Who types a code looks for codes.
    shown = "{code} {name}" if text[0].isdigit() else "{name}"
    found += [Suggestion(shown.format_map(card), card["code"], card["url"]) for card in cards]
    return found[:SUGGESTIONS]


def _completed(text: str) -> list[dict[str, Any]]:
    hits = SearchQuerySet().filter(content=Ask(text, mode="suggest"))[:SUGGESTIONS]
    return [json.loads(hit.card) for hit in hits]
