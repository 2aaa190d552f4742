"""The words of an index as the score and the speller want them, kept in step with what is added.

A name more or less changes no rarity worth a new reckoning, so commits are looked at segment by
segment: only a syllable that no name had before, or half as many procedures again, makes the
vocabulary new. A page published a second ago is suggested by its own new words.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from search import vietnamese as vn
from search.scoring import Vocabulary
from search.segments import segments_of

_FIELDS = ("name", "name_pairs", "text", "name_marked")
#: Seconds between two reckonings of one generation: a large import adds new words all the time.
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
        known = kept.vocabulary.names
        new = [reader for name, reader in parts if name not in kept.segments]
        documents = searcher.reader().doc_count_all()
        if documents <= GROWN * kept.vocabulary.documents and all(
            raw.decode() in known
            for reader in new
            if "name" in reader.schema
            for raw in reader.lexicon("name")
        ):
            kept.segments = names
            return kept
    return Kept(reckoned(searcher.reader()), generation, names, time.monotonic())


def reckoned(reader: Any) -> Vocabulary:
    """The vocabulary of everything a reader has."""
    names, pairs, texts, spellings = (_counted(reader, field) for field in _FIELDS)
    return Vocabulary(
        documents=reader.doc_count_all(),
        names=names,
        pairs=pairs,
        texts=texts,
        marked={vn.fold(word): word for word in sorted(spellings, key=lambda one: spellings[one])},
        spelt=frozenset(spellings),
    )


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
    for raw, info in reader.iter_field(field):
        counts[raw.decode()] = info.doc_frequency()
    return dict(counts)
