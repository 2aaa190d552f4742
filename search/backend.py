"""haystack's backend on Whoosh, for Vietnamese: SearchQuerySet works as with any other backend.

What differs from haystack's own Whoosh backend: one cached searcher per process instead of new
readers per query, one pass for results and exact count, index generations that are swapped
(search/store.py), and the question fields whose score is ours (search/scoring.py).
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from haystack.backends import log_query
from haystack.backends.whoosh_backend import (
    WhooshEngine,
    WhooshSearchBackend,
    WhooshSearchQuery,
)
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError, SkipDocument
from haystack.utils import get_identifier, get_model_ct
from whoosh import query
from whoosh.fields import ID as WHOOSH_ID
from whoosh.fields import KEYWORD, NUMERIC, STORED, Schema
from whoosh.qparser import QueryParser
from whoosh.reading import ReaderClosed, TermNotFound

from search import vocabulary
from search.curated import current_language
from search.fields import AskField, SyllableField
from search.queries import QuestionQuery
from search.schema import MarkedAnalyzer, QuestionField, Words
from search.scoring import Vocabulary, Weigher
from search.segments import DecodedSegment, segments_of, stored_of
from search.spelling import Speller
from search.store import IndexUnavailable, store_at

#: What reading a damaged index raises in the middle of a query.
_DAMAGE = (
    OSError,
    EOFError,
    LookupError,  # a flipped number of a field or of a block
    UnicodeDecodeError,
    struct.error,
    zlib.error,
    ReaderClosed,
    TermNotFound,
)


class VietnameseWhooshBackend(WhooshSearchBackend):
    """Reads through the process's cached searcher; writes one at a time."""

    def __init__(self, connection_alias: str, **connection_options: Any) -> None:
        super().__init__(connection_alias, **connection_options)
        self.store: Any = self.open_store(self.path)
        self._vocabulary: vocabulary.Kept | None = None
        self._weigher: Weigher | None = None
        self._speller: Speller | None = None
        self._labels: tuple[Any, tuple[str, ...]] | None = None

    def open_store(self, path: str) -> Any:
        """The process's store at ``PATH``."""
        return store_at(path)

    def setup(self) -> None:
        """Schema and parser; the index itself is made by :meth:`build`, never by reading."""
        from haystack import connections

        fields = connections[self.connection_alias].get_unified_index().all_searchfields()
        self.content_field_name, self.schema = self.build_schema(fields)
        self.parser = QueryParser(self.content_field_name, schema=self.schema)
        self.setup_complete = True

    def build_schema(self, fields: dict[str, Any]) -> tuple[str, Schema]:
        """haystack's fields → the name of the document field, and the Whoosh schema."""
        schema: dict[str, Any] = {
            ID: WHOOSH_ID(stored=True, unique=True),
            DJANGO_CT: WHOOSH_ID(stored=True),
            DJANGO_ID: WHOOSH_ID(stored=True),
        }
        rest: dict[str, Any] = {}
        for name, field in fields.items():
            kind = field.field_type
            if isinstance(field, SyllableField):
                schema[name] = Words(MarkedAnalyzer() if field.marked else None)
            elif isinstance(field, AskField):
                schema[name] = QuestionField(field.mode, self.weigher)
            elif kind == "keys":
                schema[name] = KEYWORD(stored=False, commas=True)
            elif kind == "exact":
                schema[name] = WHOOSH_ID(stored=field.stored)
            elif kind == "prior":
                schema[name] = NUMERIC(stored=False, numtype=int, sortable=True, default=0)
            elif kind == "sort":
                schema[name] = WHOOSH_ID(stored=False, sortable=True)
            elif kind == "payload":
                schema[name] = STORED()
            else:
                rest[name] = field
        content = next((name for name, field in fields.items() if field.document), "")
        if rest:
            content_of_rest, stock = super().build_schema(rest)
            content = content or content_of_rest
            schema |= {name: stock[name] for name in rest}
        if not content:
            raise SearchBackendError("no search index has a document field")
        return content, Schema(**schema)

    # Writing

    def documents(self, index: Any, iterable: Iterable[Any]) -> Iterable[dict[str, Any]]:
        """Prepared documents in Whoosh's types; objects the index skips are left out."""
        for item in iterable:
            try:
                document = index.full_prepare(item)
            except SkipDocument:
                continue
            yield {
                name: self._from_python(value)
                for name, value in document.items()
                if name in self.schema and value is not None
            }

    def update(self, index: Any, iterable: Any, commit: bool = True) -> None:
        """Write the objects into the live index; needs one (IndexUnavailable else)."""
        self._ensure_setup()
        with self.store.writing() as writer:
            for document in self.documents(index, iterable):
                writer.update_document(**document)

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        """Take one object out of the live index."""
        self.replace(None, [], [get_identifier(obj_or_string)])

    def replace(self, index: Any, objects: Iterable[Any], gone: Iterable[str]) -> None:
        """Write some objects and take others (by identifier) out, in one commit."""
        self._ensure_setup()
        with self.store.writing() as writer:
            self.write(writer, index, objects, gone)

    def write(self, writer: Any, index: Any, objects: Iterable[Any], gone: Iterable[str]) -> None:
        """The same through a writer that is open already."""
        for identifier in gone:
            writer.delete_by_term(ID, identifier)
        for document in self.documents(index, objects):
            writer.update_document(**document)

    def build(
        self,
        sources: Iterable[tuple[Any, Iterable[Any]]],
        catch_up: Callable[[Any], None] | None = None,
    ) -> int:
        """A whole new index from ``(search index, objects)`` pairs, then the swap.

        ``catch_up`` as in :meth:`search.store.Store.building`. Returns the number of documents.
        Raises BuildRunning when another process builds.
        """
        self._ensure_setup()
        written = 0
        with self.store.building(self.schema, catch_up) as writer:
            for index, objects in sources:
                for document in self.documents(index, objects):
                    writer.add_document(**document)
                    written += 1
        return written

    def clear(self, models: Any = None, commit: bool = True) -> None:
        """Empty the index, or take out all objects of some models."""
        self._ensure_setup()
        if models is None:
            with self.store.building(self.schema):
                pass
            return
        with self.store.writing() as writer:
            for model in models:
                writer.delete_by_term(DJANGO_CT, get_model_ct(model))

    def delete_index(self) -> None:
        """An empty index in place of the old one."""
        self.clear()

    def optimize(self) -> None:
        """Merge all segments into one."""
        self._ensure_setup()
        with self.store.writing() as writer:
            writer.optimize = True

    def _ensure_setup(self) -> None:
        if not self.setup_complete:
            self.setup()

    # Reading

    @log_query
    def search(
        self,
        query_string: str,
        sort_by: Any = None,
        start_offset: int = 0,
        end_offset: int | None = None,
        facets: Any = None,
        narrow_queries: Any = None,
        models: Any = None,
        result_class: Any = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """One pass: the asked slice, the exact number of hits, and counts for ``facets``.

        Raises IndexUnavailable when there is no readable index. Sorting is by score, or by
        stored columns as haystack's ``order_by`` names them.
        """
        self._ensure_setup()
        if not query_string.strip():
            return {"results": [], "hits": 0}
        # haystack's .all() asks for "*"; Whoosh would look for it in the document field.
        everything = query_string.strip() == "*"
        parsed = query.Every() if everything else self.parser.parse(query_string)
        required = [self.parser.parse(str(text)) for text in narrow_queries or ()]
        if models:
            required.append(
                query.Or([query.Term(DJANGO_CT, get_model_ct(model)) for model in models])
            )
        try:
            with self.store.reading() as searcher:
                narrowed = query.And(required) if required else None
                return self._collect(
                    searcher,
                    parsed,
                    narrowed,
                    sort_by,
                    start_offset,
                    end_offset,
                    facets,
                    result_class,
                )
        except _DAMAGE as error:
            self.store.damaged()
            raise IndexUnavailable("search index cannot be read") from error

    def _collect(
        self,
        searcher: Any,
        parsed: Any,
        narrowed: Any,
        sort_by: Any,
        start: int | None,
        end: int | None,
        facets: Any,
        result_class: Any,
    ) -> dict[str, Any]:
        names = [name.lstrip("-") for name in sort_by or ()]
        backwards = {name.startswith("-") for name in sort_by or ()}
        if len(backwards) > 1:
            raise SearchBackendError("order_by must have one direction for all fields")
        masks = None
        if isinstance(parsed, QuestionQuery) and not names:
            masks = _masks(searcher, narrowed)
        if masks is not None:
            ranked = _Ranked(searcher, parsed, masks, start or 0, end)
            answer = self._process_results(ranked, result_class=result_class)
            if facets:
                answer["facets"] = {"fields": _counts(ranked.parts, list(facets))}
            return answer
        found = searcher.search(
            parsed,
            limit=None,
            filter=narrowed,
            sortedby=names or None,
            reverse=True in backwards,
        )
        window = _Window(found, start or 0, end)
        answer = self._process_results(window, result_class=result_class)
        if facets:
            chosen = _chosen(searcher, found.docs())
            answer["facets"] = {"fields": _counts(chosen, list(facets))}
        return answer

    def labels(self) -> tuple[str, ...]:
        """Names of filter keys as the index has them: ``field:ho-tich=Hộ tịch``."""
        with self.store.reading() as searcher:
            reader = searcher.reader()
            key = (self.store.current(), reader.generation())
            if self._labels is None or self._labels[0] != key:
                self._labels = (key, tuple(raw.decode() for raw in reader.lexicon("labels")))
            return self._labels[1]

    def vocabulary(self) -> Vocabulary:
        """The words of the index; new when it has words that were in no name before."""
        with self.store.reading() as searcher:
            kept = vocabulary.current(self._vocabulary, searcher, self.store.current())
            self._vocabulary = kept
            return kept.vocabulary

    def weigher(self) -> Weigher:
        """Rarities of words in this index and the language of now."""
        words, language = self.vocabulary(), current_language()
        kept = self._weigher
        if kept is None or kept.vocabulary is not words or kept.language is not language:
            kept = self._weigher = Weigher(words, language)
        return kept

    def speller(self) -> Speller:
        """Puts slips right by the words of this index and the language of now."""
        weigher = self.weigher()
        kept = self._speller
        if kept is None or kept.weigher is not weigher:
            kept = self._speller = Speller(weigher)
        return kept


#: A segment and which of its documents are meant.
_Part = tuple[DecodedSegment, Any]


def _masks(searcher: Any, narrowed: Any) -> list[Any] | None:
    """Which documents pass filters that are plain terms, by segment; None for other filters."""
    required = [] if narrowed is None else list(narrowed.subqueries)
    alternatives = []
    for one in required:
        terms = one.subqueries if isinstance(one, query.Or) else [one]
        if not all(isinstance(term, query.Term) for term in terms):
            return None
        alternatives.append([(term.fieldname, term.text) for term in terms])
    found = []
    for _, segment, _ in segments_of(searcher):
        mask = np.ones(segment.size, dtype=bool)
        for terms in alternatives:
            has = np.zeros(segment.size, dtype=bool)
            for field, text in terms:
                has[segment.ids(field, text)] = True
            mask &= has
        found.append(mask)
    return found


def _chosen(searcher: Any, numbers: Any) -> list[_Part]:
    wanted = np.fromiter(numbers, dtype=np.int64)
    found = []
    for _, segment, base in segments_of(searcher):
        mask = np.zeros(segment.size, dtype=bool)
        mask[wanted[(wanted >= base) & (wanted < base + segment.size)] - base] = True
        found.append((segment, mask))
    return found


def _counts(parts: list[_Part], facets: list[str]) -> dict[str, list[tuple[str, int]]]:
    answer = {}
    for name in facets:
        total: Counter[str] = Counter()
        for segment, mask in parts:
            total.update(segment.facet(name).counts(mask))
        answer[name] = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    return answer


class _Ranked:
    """The best documents of a question, in the shape haystack's ``_process_results`` reads."""

    def __init__(
        self, searcher: Any, asked: QuestionQuery, masks: list[Any], start: int, end: int | None
    ) -> None:
        self.parts: list[_Part] = []
        numbers, scores, codes = [], [], []
        for (_, segment, base, worth), mask in zip(asked.scored(searcher), masks, strict=True):
            mask &= worth > 0
            self.parts.append((segment, mask))
            ids = np.flatnonzero(mask)
            numbers.append(ids + base)
            scores.append(worth[ids])
            codes.append(segment.by_code()[ids])
        every = np.concatenate([np.zeros(0, dtype=np.int64), *numbers])
        worth = np.concatenate([np.zeros(0), *scores])
        self._total = len(every)
        # Equal scores stand in the order of codes: places in the index change when it is merged.
        equal = np.concatenate([np.zeros(0, dtype=np.int64), *codes])
        order = np.lexsort((every, equal, -worth))[start:end]
        self._scores = worth[order]
        self._documents = stored_of(searcher, every[order].tolist())

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Any:
        return iter(self._documents)

    def score(self, offset: int) -> float:
        """Score of the hit at that place in the slice."""
        return float(self._scores[offset])


class _Window:
    """A slice of Whoosh's results, in the shape haystack's ``_process_results`` reads."""

    def __init__(self, found: Any, start: int, end: int | None) -> None:
        self.results = found
        self._total = len(found)
        self._hits = found[start : self._total if end is None else min(end, self._total)]

    def __len__(self) -> int:
        return self._total

    def __iter__(self) -> Any:
        return iter(self._hits)

    def score(self, offset: int) -> float:
        """Score of the hit at that place in the slice; 0 when it was sorted by a text."""
        score = self._hits[offset].score
        return float(score) if isinstance(score, (int, float)) else 0.0


class VietnameseWhooshQuery(WhooshSearchQuery):
    """haystack's query builder, as it is."""


class VietnameseWhooshEngine(WhooshEngine):
    """The engine that HAYSTACK_CONNECTIONS names."""

    backend = VietnameseWhooshBackend
    query = VietnameseWhooshQuery

    def get_backend(self) -> VietnameseWhooshBackend:
        """One for all threads of the process (haystack makes one for each): vocabulary, rarities
        and what was decoded with them are there once, and no thread undoes another's."""
        key = (self.backend, self.using, self.options.get("PATH"))
        if key not in _backends:
            _backends[key] = self.backend(self.using, **self.options)
        return _backends[key]


_backends: dict[Any, VietnameseWhooshBackend] = {}
