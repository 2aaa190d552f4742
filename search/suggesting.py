"""What fits what has been typed so far; the last word may be unfinished. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from search import vietnamese as vn
from search.language import Language
from search.scoring import Numbers, Scores, Segment, Weigher, name_weight, once

#: Words (or pairs of words) that a beginning stands for at most.
_ENDINGS = 200
#: Neighbours typed that are neighbours in the name, marks typed that are right.
TOGETHER, MARKED = 2.2, 1.15
#: What a name that people use is worth, against the official one.
CALLED = 0.8
#: Of several words typed, a suggestion is worth this part of the best one.
NEAR_BEST = 0.35
#: How much counts that people have many names for a procedure: the mark of an everyday one.
EVERYDAY = 0.2


_NONE: Numbers = np.zeros(0, dtype=np.int32)


def beginning_with(words: Sequence[str], prefix: str) -> Iterator[str]:
    """Those of the sorted words that begin with the prefix; 200 at most."""
    place = bisect_left(words, prefix)
    for word in words[place : place + _ENDINGS]:
        if not word.startswith(prefix):
            return
        yield word


def complete(text: str, segment: Segment, weigher: Weigher) -> Scores:
    """Scores of the procedures whose name (or a name people use) has every word typed so far.

    Before others come short names that are nearly typed, names with the words side by side, and
    everyday procedures. Digits complete a code.
    """
    tokens = vn.tokens(text)
    if not tokens:
        return np.zeros(segment.size)
    typed = [token.folded for token in tokens]
    if len(typed) == 1 and typed[0][0].isdigit():
        scores = np.zeros(segment.size)
        for code in beginning_with(segment.codes, typed[0]):
            scores[segment.numbers[code]] = 1.0
        return scores * segment.prior
    *whole, last = typed
    # "xin cấp hộ ch": asking words need not stand in a name; the last may be unfinished.
    ignored = weigher.language.ignored.by_words
    words = [word for word in whole if (word,) not in ignored]
    names = _names(words, last, segment, weigher)
    vocabulary = weigher.vocabulary
    pairs = [(f"{first}_", second) for first, second in zip(whole, typed[1:], strict=True)]
    for place, (first, second) in enumerate(pairs):
        beside = np.zeros(segment.size, dtype=bool)
        for pair in _pairs(first + second, vocabulary.sorted_pairs, place < len(pairs) - 1):
            beside[segment.ids("name_pairs", pair)] = True
        names[beside] *= TOGETHER
    for token in tokens[:-1]:
        if token.marked:
            names[segment.ids("name_marked", token.text)] *= MARKED
    np.maximum(names, CALLED * _aliases(words, last, pairs, segment, weigher), out=names)
    names *= segment.prior * _everyday(segment, weigher)
    if len(typed) > 1:
        names[names < names.max(initial=0.0) * NEAR_BEST] = 0.0
    return names


class Beginnings:
    """Which names have a word that begins so, and what that is worth: one slice of an array."""

    def __init__(self, lists: Mapping[str, Numbers], rarity: Callable[[str], float]) -> None:
        self.words = sorted(lists)
        parts = [lists[word] for word in self.words]
        sizes = [len(part) for part in parts]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
        self._names = np.concatenate([_NONE, *parts])
        self._rarity = np.repeat([rarity(word) for word in self.words], sizes)
        self._length = np.repeat([float(len(word)) for word in self.words], sizes)

    def worth(self, prefix: str, size: int) -> Scores:
        """For each of ``size`` names; half of a word's worth even when little of it is typed."""
        first = bisect_left(self.words, prefix)
        end = bisect_left(self.words, prefix + "\uffff")
        part = slice(self._starts[first], self._starts[end])
        found = np.zeros(size)
        typed = self._rarity[part] * (0.5 + 0.5 * len(prefix) / self._length[part])
        np.maximum.at(found, self._names[part], typed)
        return found


def _beginnings(segment: Segment, weigher: Weigher) -> Beginnings:
    def make() -> Beginnings:
        lists = {
            word: np.concatenate([segment.ids("name", word), segment.ids("also", word)])
            for word in weigher.vocabulary.names
        }
        return Beginnings(lists, weigher.word)

    found: Beginnings = once(segment, "beginnings", weigher, make)
    return found


def _names(words: Sequence[str], last: str, segment: Segment, weigher: Weigher) -> Scores:
    typed = np.zeros(segment.size)
    fits = np.ones(segment.size, dtype=bool)
    for word in words:
        has = np.zeros(segment.size, dtype=bool)
        has[segment.ids("name", word)] = has[segment.ids("also", word)] = True
        fits &= has
        typed += weigher.word(word) * has
    ends = _beginnings(segment, weigher).worth(last, segment.size)
    weight = np.maximum(name_weight(segment, weigher), 1.0)
    return np.where(fits & (ends > 0), (typed + ends) / weight, 0.0)


def _aliases(
    words: Sequence[str],
    last: str,
    pairs: Sequence[tuple[str, str]],
    segment: Segment,
    weigher: Weigher,
) -> Scores:
    """The same for what people call procedures."""
    table = weigher.aliases
    size = len(table.codes)
    scores = np.zeros(segment.size + 1)
    beginnings: Beginnings = once(
        segment, "phrases", weigher, lambda: Beginnings(table.having, weigher.word)
    )
    ends = beginnings.worth(last, size)
    typed = np.zeros(size)
    for word in words:
        having = table.having.get(word)
        if having is None:
            return scores[:-1]
        has = np.zeros(size, dtype=bool)
        has[having] = True
        ends[~has] = 0.0
        typed[having] += weigher.word(word)
    fits = np.flatnonzero(ends)
    worth = np.ones(size)
    for place, (first, second) in enumerate(pairs):
        beside = np.zeros(size, dtype=bool)
        for pair in _pairs(first + second, table.sorted_pairs, place < len(pairs) - 1):
            beside[table.having_pair.get(pair, _NONE)] = True
        worth[beside] *= TOGETHER
    found = worth[fits] * (typed[fits] + ends[fits]) / np.maximum(table.weight[fits], 1.0)
    np.maximum.at(scores, table.owners(segment)[fits], found)
    return scores[:-1]


def _pairs(typed: str, known: Sequence[str], finished: bool) -> list[str]:
    """The neighbours typed; all that begin so when the second is unfinished."""
    return [typed] if finished else list(beginning_with(known, typed))


def _everyday(segment: Segment, weigher: Weigher) -> Scores:
    def count() -> Scores:
        owners = weigher.aliases.owners(segment)
        return 1 + EVERYDAY * np.log1p(np.bincount(owners, minlength=segment.size + 1)[:-1])

    found: Scores = once(segment, "everyday", weigher, count)
    return found


def phrases(text: str, language: Language, most: int = 2) -> list[str]:
    """Curated phrases that have the words typed so far side by side, the last as a beginning.

    Phrases that begin so come first, then the shorter ones. Marks must be right where typed.
    """
    typed = vn.tokens(text)
    if not typed:
        return []
    found = []
    for phrase, words in language.suggested_words:
        places = [at for at in range(len(words) - len(typed) + 1) if _begins(words[at:], typed)]
        if places:
            found.append((places[0] > 0, len(words), phrase))
    return [phrase for _, _, phrase in sorted(found)[:most]]


def _begins(words: Sequence[vn.Token], typed: Sequence[vn.Token]) -> bool:
    *whole, last = typed
    if any(
        one.folded != word.folded or (one.marked and one.text != word.text)
        for one, word in zip(whole, words, strict=False)
    ):
        return False
    return words[len(whole)].folded.startswith(last.folded)
