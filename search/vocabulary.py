"""The words of an index as the score and the speller want them, kept in step with what is added.

A name more or less changes no rarity worth a new reckoning, which takes a second and more over
thousands of procedures in dozens of segments. So commits are looked at segment by segment: what
stands in a new one and was in no procedure before is learnt from that segment alone; only half as
many procedures again are reckoned anew. A page published a second ago is found by its own words.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from search import vietnamese as vn
from search.scoring import Vocabulary
from search.segments import segments_of

_FIELDS = ("name", "name_pairs", "text", "name_marked")
#: Seconds between two changes in one generation: a large import adds new words all the time, and
#: the speller and the weigher begin anew with each.
PAUSE = 1.0
#: So many times the procedures make rarities new.
GROWN = 1.5


@dataclass
class Kept:
    """A vocabulary, the generation and the segments it knows, and when it was reckoned."""

    vocabulary: Vocabulary
    generation: str
    segments: frozenset[str]
    at: float


def current(kept: Kept | None, searcher: Any, generation: str) -> Kept:
    """What holds for the searcher now: the kept one, unless it lacks words."""
    parts = [(_name(reader, base), reader) for reader, _, base in segments_of(searcher)]
    names = frozenset(name for name, _ in parts)
    if kept is not None and kept.generation == generation:
        if names <= kept.segments:
            return kept
        if time.monotonic() - kept.at < PAUSE:
            return kept
        if searcher.reader().doc_count_all() <= GROWN * kept.vocabulary.documents:
            words = kept.vocabulary
            for name, reader in parts:
                if name not in kept.segments:
                    words = learnt(words, reader)
            return Kept(words, generation, names, time.monotonic())
    return Kept(reckoned(searcher.reader()), generation, names, time.monotonic())


def reckoned(reader: Any) -> Vocabulary:
    """The vocabulary of everything a reader has."""
    names, pairs, texts, spellings = (_counted(reader, field) for field in _FIELDS)
    return Vocabulary(
        documents=reader.doc_count_all(),
        names=names,
        pairs=pairs,
        texts=texts,
        marked=_marked(spellings),
        spelt=frozenset(spellings),
    )


def learnt(words: Vocabulary, reader: Any) -> Vocabulary:
    """``words`` with what a new segment has in its names beyond them; itself when that is nothing.

    Known words keep their counts: a merged segment repeats what others had.
    """
    if all(raw.decode() in words.names for raw in _lexicon(reader, "name")):
        return words
    names, pairs, texts, spellings = (_counted(reader, field) for field in _FIELDS)
    return replace(
        words,
        names={**names, **words.names},
        pairs={**pairs, **words.pairs},
        texts={**texts, **words.texts},
        marked={**_marked(spellings), **words.marked},
        spelt=words.spelt.union(spellings),
    )


def _marked(spellings: dict[str, int]) -> dict[str, str]:
    """The commonest spelling of each folded syllable."""
    return {vn.fold(word): word for word in sorted(spellings, key=lambda one: spellings[one])}


def _lexicon(reader: Any, field: str) -> Iterator[bytes]:
    if field in reader.schema:
        yield from reader.lexicon(field)


def _name(reader: Any, base: int) -> str:
    segment = reader.segment()
    # Of the other store: numbers never change, so a part is told by where it begins and ends.
    return (
        str(segment.segment_id())
        if hasattr(segment, "segment_id")
        else f"{base}+{reader.doc_count_all()}"
    )


def _counted(reader: Any, field: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    if field not in reader.schema:
        return {}
    for raw, info in reader.iter_field(field):
        counts[raw.decode()] = info.doc_frequency()
    return dict(counts)
