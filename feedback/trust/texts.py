"""Comments that are nearly the same: a signal for a person to look at (pure)."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

#: Comments: alike from this share of common word pairs, from so many words and so many comments.
TEXT_ALIKE = 0.8
TEXT_WORDS = 5
TEXT_GROUP = 3


def same_texts(texts: Mapping[Hashable, Collection[str]]) -> list[set[Hashable]]:
    """Groups of comments that are nearly the same: at least three, joined pair by pair.

    ``texts``: comment → its words in order, folded (cms.text.fold). Short ones ("tốt lắm") are
    left out: people do say the same.
    """
    shingles = {
        one: frozenset(_pairs(list(words)))
        for one, words in texts.items()
        if len(words) >= TEXT_WORDS
    }
    group: dict[Hashable, set[Hashable]] = {one: {one} for one in shingles}
    holders: defaultdict[tuple[str, str], list[Hashable]] = defaultdict(list)
    for one, pairs in shingles.items():
        candidates = {other for pair in pairs for other in holders[pair]}
        for other in candidates:
            common = len(pairs & shingles[other])
            if common < TEXT_ALIKE * (len(pairs) + len(shingles[other]) - common):
                continue
            joined = group[one] | group[other]
            for member in joined:
                group[member] = joined
        for pair in pairs:
            holders[pair].append(one)
    unique = {id(members): members for members in group.values() if len(members) >= TEXT_GROUP}
    return list(unique.values())


def _pairs(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    return itertools.pairwise(words)
