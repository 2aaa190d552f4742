"""An index in memory, for the pure modules."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from search import vietnamese as vn
from search.language import Language, parse
from search.scoring import Vocabulary, Weigher


class Names:
    """A segment of procedures that have only a code, a name and levels."""

    def __init__(self, names: dict[str, str], levels: dict[str, str] | None = None) -> None:
        self.size = len(names)
        self.prior = np.ones(self.size)
        self.alive = np.ones(self.size, dtype=bool)
        self.numbers = {code: number for number, code in enumerate(names)}
        self.codes = sorted(names)
        self.memo: dict[Any, Any] = {}
        self.lists: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (code, name) in enumerate(names.items()):
            words = vn.folded_words(name)
            for word in set(words):
                self.lists["name", word].append(number)
                self.lists["text", word].append(number)
            for pair in set(vn.pairs(words)):
                self.lists["name_pairs", pair].append(number)
            for token in {token.text for token in vn.tokens(name) if token.marked}:
                self.lists["name_marked", token].append(number)
            for level in (levels or {}).get(code, "").split():
                self.lists["level", level].append(number)

    def ids(self, field: str, word: str) -> Any:
        return np.asarray(self.lists.get((field, word), []), dtype=np.int32)

    def vocabulary(self) -> Vocabulary:
        def counts(field: str) -> dict[str, int]:
            return {word: len(ids) for (name, word), ids in self.lists.items() if name == field}

        marked = counts("name_marked")
        return Vocabulary(
            documents=self.size,
            names=counts("name"),
            pairs=counts("name_pairs"),
            texts=counts("text"),
            marked={vn.fold(word): word for word in marked},
            spelt=frozenset(marked),
        )


def weigher(segment: Names, language: str = "") -> Weigher:
    """Rarities of the names in that language (in the format of search/language.py)."""
    return Weigher(segment.vocabulary(), Language(parse(language)))
