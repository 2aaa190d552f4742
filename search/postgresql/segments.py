"""Segments of an index in PostgreSQL, as the score reads them and as Whoosh's queries do.

The build is one segment, whose small fields' posting lists are read at once and those of the
texts when a question needs them; what was written since lies in a few small segments in memory.
"""

from __future__ import annotations

import copy
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from whoosh.columns import ColumnReader
from whoosh.matching import ListMatcher
from whoosh.reading import IndexReader, MultiReader, TermInfo, TermNotFound

from search.scoring import Numbers
from search.segments import DecodedSegment, Facet

#: Posting lists of texts kept per segment, in procedures all in all (4 bytes each).
_KEPT = 25_000_000
_NONE: Numbers = np.zeros(0, dtype=np.int32)
#: Reads posting lists of the texts: words → numbers by word; words that none has are left out.
Fetch = Callable[[Sequence[str]], Mapping[str, Numbers]]
Lists = dict[str, dict[str, Numbers]]


class PostgresSegment(DecodedSegment):
    """Procedures ``first`` to ``first + size - 1`` of a generation.

    ``lists`` has every field but ``lazy``, whose words are counted in ``counts`` (sorted by
    word) and fetched when needed.
    """

    def __init__(
        self,
        first: int,
        size: int,
        rows: Iterable[tuple[int, str]],
        lists: Lists,
        *,
        lazy: str = "",
        counts: Mapping[str, int] | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        self.first, self.size = first, size
        self.lists = lists
        self.memo: dict[Any, Any] = {}
        self._facets: dict[str, Facet] = {}
        self._lazy, self._fetch = lazy, fetch
        self._counts: Mapping[str, int] = counts or {}
        self._texts: dict[str, Numbers] = {}
        self._kept = 0
        self._words: dict[str, list[str]] = {}
        self.prior = np.ones(size)
        #: Field → value by number, for sorting; filled by the store's reader.
        self.columns: dict[str, list[Any]] = {}
        self.alive = np.zeros(size, dtype=bool)
        numbers: dict[str, int] = {}
        for number, code in rows:
            self.alive[number - first] = True
            if code:
                numbers[code] = number - first
        self.numbers: Mapping[str, int] = numbers
        self.codes: Sequence[str] = sorted(numbers)

    def ids(self, field: str, word: str) -> Numbers:
        """Numbers of the procedures with the word in the field, rising; from 0 on."""
        if field != self._lazy or self._fetch is None:
            return self.lists.get(field, {}).get(word, _NONE)
        found = self._texts.get(word)
        if found is None:
            if word not in self._counts:
                return _NONE
            self.expect((word,))
            found = self._texts.get(word, _NONE)
        return found

    def expect(self, words: Iterable[str]) -> None:
        """Fetch what is not here yet, in one statement."""
        if self._fetch is None:
            return
        missing = [word for word in words if word in self._counts and word not in self._texts]
        if not missing:
            return
        if self._kept > _KEPT:
            self._texts, self._kept = {}, 0
        found = self._fetch(missing)
        self._kept += sum(len(ids) for ids in found.values())
        self._texts.update(found)

    def count(self, field: str, word: str) -> int:
        """How many procedures have the word in the field, the deleted ones too."""
        if field == self._lazy and self._fetch is not None:
            return self._counts.get(word, 0)
        return len(self.ids(field, word))

    def words_of(self, field: str) -> Sequence[str]:
        """Every word of the field, sorted."""
        if field == self._lazy and self._fetch is not None:
            source: Iterable[str] = self._counts
        else:
            source = self.lists.get(field, ())
        if field not in self._words:
            self._words[field] = sorted(source)
        return self._words[field]

    def without(self, gone: Iterable[int]) -> PostgresSegment:
        """The same segment for readers that know of more deletions; decoded lists are shared."""
        here = [number - self.first for number in gone]
        here = [number for number in here if 0 <= number < self.size and self.alive[number]]
        if not here:
            return self
        found = copy.copy(self)
        found.alive = self.alive.copy()
        found.alive[here] = False
        return found


def inverted(first: int, rows: Iterable[tuple[int, Sequence[str]]]) -> Lists:
    """Posting lists of procedures whose terms ("field=word") are given by rising number."""
    found: dict[str, dict[str, array[int]]] = defaultdict(dict)
    for number, terms in rows:
        for term in terms:
            field, _, word = term.partition("=")
            ids = found[field].get(word)
            if ids is None:
                ids = found[field][word] = array("i")
            ids.append(number - first)
    return {
        field: {word: np.asarray(ids, dtype=np.int32) for word, ids in words.items()}
        for field, words in found.items()
    }


def merged(segments: Sequence[PostgresSegment]) -> PostgresSegment:
    """One segment in place of neighbouring ones that are all in memory."""
    first = segments[0].first
    size = segments[-1].first + segments[-1].size - first
    parts: dict[str, dict[str, list[Numbers]]] = defaultdict(lambda: defaultdict(list))
    rows: list[tuple[int, str]] = []
    for segment in segments:
        offset = segment.first - first
        codes = {number: code for code, number in segment.numbers.items()}
        rows += [
            (int(number) + segment.first, codes.get(int(number), ""))
            for number in np.flatnonzero(segment.alive)
        ]
        for field, words in segment.lists.items():
            for word, ids in words.items():
                parts[field][word].append(ids + offset)
    lists = {
        field: {word: np.concatenate(ids).astype(np.int32) for word, ids in words.items()}
        for field, words in parts.items()
    }
    found = PostgresSegment(first, size, rows, lists)
    found.prior = np.concatenate([segment.prior for segment in segments])
    return found


class PostgresReader(IndexReader):
    """A segment for Whoosh's queries: its search runs over PostgreSQL as it does over files.

    ``stored`` gives stored fields by number, ``sorting`` a column's values by number from 0 on.
    """

    def __init__(
        self,
        decoded: PostgresSegment,
        schema: Any,
        generation: tuple[str, int],
        stored: Callable[[Sequence[int]], Mapping[int, dict[str, Any]]],
        sorting: Callable[[PostgresSegment, str], list[Any]],
    ) -> None:
        self.decoded = decoded
        self.schema = schema
        self._generation = generation
        self._stored = stored
        self._sorting = sorting

    def segment(self) -> PostgresSegment | None:
        """Whoosh's name for it; None when it is empty."""
        return self.decoded if self.decoded.size else None

    def generation(self) -> tuple[str, int]:
        """Of the index: name and version of its contents."""
        return self._generation

    def indexed_field_names(self) -> list[str]:
        """Fields with words."""
        return sorted({field for field, _ in self.all_terms()})

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        """``(field, word)`` of everything."""
        for field in sorted(self.schema.names()):
            for word in self.decoded.words_of(field):
                yield field, word.encode()

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Words of the field from that one on. (The following fields: nobody reads them.)"""
        words = self.decoded.words_of(fieldname)
        for place in range(bisect_left(words, prefix.decode("utf-8", "replace")), len(words)):
            yield fieldname, words[place].encode()

    def __contains__(self, term: tuple[str, Any]) -> bool:
        return self.doc_frequency(*term) > 0

    def doc_frequency(self, fieldname: str, text: Any) -> int:
        """How many procedures have the word."""
        return self.decoded.count(fieldname, _word(text))

    frequency = doc_frequency

    def term_info(self, fieldname: str, text: Any) -> TermInfo:
        """Each procedure has a word once."""
        count = self.doc_frequency(fieldname, text)
        if not count:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        last = max(self.decoded.size - 1, 0)
        return TermInfo(
            weight=count, df=count, minlength=0, maxlength=0, maxweight=1, minid=0, maxid=last
        )

    def postings(self, fieldname: str, text: Any, scorer: Any = None) -> ListMatcher:
        """Living procedures with the word."""
        info = self.term_info(fieldname, text)
        ids = self.decoded.ids(fieldname, _word(text))
        return ListMatcher(
            ids[self.decoded.alive[ids]].tolist(),
            format=self.schema[fieldname].format,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=info,
        )

    def has_deletions(self) -> bool:
        """Whether some number is not alive."""
        return not bool(self.decoded.alive.all())

    def is_deleted(self, docnum: int) -> bool:
        """Whether that number is not alive."""
        return not self.decoded.alive[docnum]

    def doc_count_all(self) -> int:
        """Numbers, those of deleted ones too."""
        return self.decoded.size

    def doc_count(self) -> int:
        """Living procedures."""
        return int(self.decoded.alive.sum())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Stored fields of one procedure (one statement; stored_of asks for many at once)."""
        return self.stored_of([docnum])[0]

    def stored_of(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """Stored fields of several procedures of this segment, in one statement."""
        found = self._stored([self.decoded.first + number for number in numbers])
        return [found[self.decoded.first + number] for number in numbers]

    def all_stored_fields(self) -> Iterator[dict[str, Any]]:
        """Stored fields of all living procedures."""
        numbers = [int(number) for number in np.flatnonzero(self.decoded.alive)]
        for start in range(0, len(numbers), 500):
            yield from self.stored_of(numbers[start : start + 500])

    def field_length(self, fieldname: str) -> int:
        """Lengths are not counted: fields are sets of words."""
        return 0

    min_field_length = max_field_length = field_length

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Not counted either."""
        return default

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """There are none."""
        return False

    def has_column(self, fieldname: str) -> bool:
        """Fields that results can be put in order of, and the prior."""
        return bool(self.schema[fieldname].column_type)

    def column_reader(
        self, fieldname: str, column: Any = None, reverse: bool = False, translate: bool = True
    ) -> Any:
        """Values by number."""
        values = self._sorting(self.decoded, fieldname)
        known = next((value for value in values if value is not None), "")
        default = 0 if isinstance(known, (int, float)) else ""
        return _Column([default if value is None else value for value in values], reverse)


class PostgresReaders(MultiReader):
    """Several segments as one index."""

    def __init__(self, readers: Sequence[PostgresReader]) -> None:
        super().__init__(list(readers), readers[0].generation())

    def stored_of(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """Stored fields of several procedures, in one statement: segments stand one after another,
        so that numbers of the index and of the generation are the same."""
        first: PostgresReader = self.readers[0]
        return first.stored_of(numbers)


class _Column(ColumnReader):
    def __init__(self, values: list[Any], reverse: bool) -> None:
        self._values, self._reverse = values, reverse
        self._doccount = len(values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:
        return -self._values[docnum] if self._reverse else self._values[docnum]

    def set_reverse(self) -> None:
        self._reverse = True


def _word(text: Any) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def decoded_lists(rows: Iterable[tuple[str, bytes]]) -> Lists:
    """Posting lists by field and word from stored ones ("field=word", int32 LE)."""
    found: Lists = defaultdict(dict)
    for term, numbers in rows:
        field, _, word = term.partition("=")
        found[field][word] = np.frombuffer(numbers, dtype="<i4")
    return dict(found)
