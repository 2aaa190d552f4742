"""Segments of an index as the score reads them: decoded once per segment and process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.scoring import Numbers, Scores

#: Decoded posting lists kept per segment.
_LISTS_KEPT = 20_000
_NONE: Numbers = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Facet:
    """Values of a keyword field: procedure ``documents[i]`` has the value ``names[values[i]]``."""

    names: tuple[str, ...]
    documents: Numbers
    values: Numbers

    def counts(self, chosen: Any) -> dict[str, int]:
        """How many of the chosen procedures (a mask) have each value; values without are left."""
        found = np.bincount(self.values[chosen[self.documents]], minlength=len(self.names))
        return {self.names[place]: int(found[place]) for place in np.flatnonzero(found)}


class DecodedSegment:
    """See :class:`search.scoring.Segment`; also who is alive, and counts for the filters."""

    size: int
    prior: Scores
    numbers: Mapping[str, int]
    codes: Sequence[str]
    memo: dict[Any, Any]
    #: Which of its procedures are not deleted.
    alive: NDArray[np.bool_]
    _facets: dict[str, Facet]

    def ids(self, field: str, word: str) -> Numbers:
        """Numbers of the procedures with the word in the field, rising."""
        raise NotImplementedError

    def words_of(self, field: str) -> Sequence[str]:
        """Every word of the field, sorted."""
        raise NotImplementedError

    def by_code(self) -> NDArray[np.int64]:
        """For each procedure, a number that rises with its code."""
        if "by code" not in self.memo:
            order = np.zeros(self.size, dtype=np.int64)
            for code, number in self.numbers.items():
                order[number] = int("".join(filter(str.isdigit, code))[:15] or 0)
            self.memo["by code"] = order
        found: NDArray[np.int64] = self.memo["by code"]
        return found

    def expect(self, words: Iterable[str]) -> None:
        """These words will be asked for in a moment; where that costs, they are read at once."""

    def facet(self, field: str) -> Facet:
        """The values of a keyword field."""
        if field not in self._facets:
            names = self.words_of(field)
            lists = [self.ids(field, name) for name in names]
            self._facets[field] = Facet(
                tuple(names),
                np.concatenate([_NONE, *lists]),
                np.repeat(np.arange(len(names), dtype=np.int32), [len(ids) for ids in lists]),
            )
        return self._facets[field]


class WhooshSegment(DecodedSegment):
    """Of a Whoosh index. Segments never change, only what is deleted in them."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.size = reader.doc_count_all()
        self.memo: dict[Any, Any] = {}
        self._ids: dict[tuple[str, str], Numbers] = {}
        self._facets: dict[str, Facet] = {}
        column = reader.column_reader("prior") if reader.has_column("prior") else None
        raw = [column[number] if column else 0 for number in range(self.size)]
        self.prior: Scores = 1.0 + np.asarray(raw, dtype=float) / 100.0
        self.numbers: Mapping[str, int] = {
            term.decode(): int(number)
            for term in _lexicon(reader, "code")
            for number in reader.postings("code", term).all_ids()  # none when it is deleted
        }
        self.codes: Sequence[str] = sorted(self.numbers)
        self.alive = np.ones(self.size, dtype=bool)
        self.see_deletions(reader)

    def see_deletions(self, reader: Any) -> None:
        """Take over which procedures are deleted as of that reader."""
        self.reader = reader
        self.alive[sorted(reader.segment().deleted_docs())] = False

    def ids(self, field: str, word: str) -> Numbers:
        """Numbers of the procedures with the word in the field, rising."""
        key = (field, word)
        found = self._ids.get(key)
        if found is None:
            found = _NONE
            if key in self.reader:
                found = np.fromiter(self.reader.postings(field, word).all_ids(), dtype=np.int32)
            if len(self._ids) >= _LISTS_KEPT:
                self._ids.clear()
            self._ids[key] = found
        return found

    def words_of(self, field: str) -> Sequence[str]:
        """Every word of the field, sorted."""
        return [term.decode() for term in _lexicon(self.reader, field)]


def _lexicon(reader: Any, field: str) -> Iterator[bytes]:
    if field in reader.schema:
        yield from reader.lexicon(field)


_segments: dict[str, WhooshSegment] = {}


def segment_of(reader: Any) -> DecodedSegment:
    """The decoded side of a reader's segment.

    Kept by segment, not by reader: Whoosh opens every reader anew after each commit. Readers of
    another store (search/postgresql) bring theirs along.
    """
    decoded: DecodedSegment | None = getattr(reader, "decoded", None)
    if decoded is not None:
        return decoded
    name = reader.segment().segment_id()
    found = _segments.get(name)
    if found is None:
        found = _segments[name] = WhooshSegment(reader)
    elif found.reader is not reader:
        found.see_deletions(reader)
    return found


def segments_of(searcher: Any) -> list[tuple[Any, DecodedSegment, int]]:
    """``(reader, segment, first document number)`` of each segment; none for an empty index."""
    return [
        (sub.reader(), segment_of(sub.reader()), base)
        for sub, base in searcher.leaf_searchers()
        if sub.reader().segment() is not None
    ]


def stored_of(searcher: Any, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Stored fields of several documents; in one go where each would be a statement."""
    many = getattr(searcher.reader(), "stored_of", None)
    if many is not None:
        found: list[dict[str, Any]] = many(numbers)
        return found
    return [searcher.stored_fields(number) for number in numbers]


def forget_other_segments(searcher: Any) -> None:
    """Drop what was decoded of segments that the searcher no longer reads."""
    readers = [sub.reader() for sub, _ in searcher.leaf_searchers()]
    current = {reader.segment().segment_id() for reader in readers if reader.segment()}
    for name in _segments.keys() - current:
        del _segments[name]


def forget_all() -> None:
    """Drop everything that was decoded (another index is opened)."""
    _segments.clear()
