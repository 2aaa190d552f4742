"""Names that fit what has been typed so far; the last word may be unfinished. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from search import vietnamese as vn
from search.language import Language
from search.scoring import Scores, Segment, Weigher, name_weight

#: Words a prefix stands for at most.
_ENDINGS = 200


def beginning_with(words: Sequence[str], prefix: str) -> Iterator[str]:
    """Those of the sorted words that begin with the prefix."""
    for place in range(bisect_left(words, prefix), len(words)):
        if not words[place].startswith(prefix):
            return
        yield words[place]


def complete(text: str, segment: Segment, weigher: Weigher) -> Scores:
    """Scores of the procedures whose name (or a name people use) has every word typed so far.

    A short name that is nearly typed comes before a long one. Digits complete a code.
    """
    typed = vn.folded_words(text)
    if not typed:
        return np.zeros(segment.size)
    if len(typed) == 1 and typed[0][0].isdigit():
        scores = np.zeros(segment.size)
        for code in beginning_with(segment.codes, typed[0]):
            scores[segment.numbers[code]] = 1.0
        return scores * segment.prior
    ignored = weigher.language.ignored.by_words
    *whole, last = typed
    # "xin cấp hộ ch": asking words need not stand in a name; the last may be unfinished.
    words = [word for word in whole if (word,) not in ignored]
    names = _names(words, last, segment, weigher)
    pairs = vn.pairs(typed)
    for pair in pairs:
        names[segment.ids("name_pairs", pair)] *= 1.3
    np.maximum(names, 0.95 * _aliases(words, last, pairs, segment, weigher), out=names)
    return names * segment.prior


def _names(words: Sequence[str], last: str, segment: Segment, weigher: Weigher) -> Scores:
    typed = np.zeros(segment.size)
    fits = np.ones(segment.size, dtype=bool)
    for word in words:
        has = np.zeros(segment.size, dtype=bool)
        has[segment.ids("name", word)] = has[segment.ids("also", word)] = True
        fits &= has
        typed += weigher.word(word) * has
    ends = np.zeros(segment.size)
    for number, word in enumerate(beginning_with(weigher.vocabulary.sorted_names, last)):
        if number >= _ENDINGS:
            break
        ids = segment.ids("name", word)
        worth = weigher.word(word) * (len(last) / len(word))
        ends[ids] = np.maximum(ends[ids], worth)
        ids = segment.ids("also", word)
        ends[ids] = np.maximum(ends[ids], worth)
    weight = np.maximum(name_weight(segment, weigher), 1.0)
    return np.where(fits & (ends > 0), (typed + ends) / weight, 0.0)


def _aliases(
    words: Sequence[str], last: str, pairs: Sequence[str], segment: Segment, weigher: Weigher
) -> Scores:
    table = weigher.aliases
    scores = np.zeros(segment.size + 1)
    count = len(table.codes)
    ends = np.zeros(count)
    for number, word in enumerate(beginning_with(table.sorted_words, last)):
        if number >= _ENDINGS:
            break
        ids = table.having[word]
        ends[ids] = np.maximum(ends[ids], weigher.word(word) * (len(last) / len(word)))
    fits = np.flatnonzero(ends)
    typed = ends[fits]
    for word in words:
        having = table.having.get(word)
        if having is None:
            return scores[:-1]
        has = np.isin(fits, having, assume_unique=True)
        fits, typed = fits[has], typed[has] + weigher.word(word)
    for pair in pairs:
        having = table.having_pair.get(pair)
        if having is not None:
            typed[np.isin(fits, having)] *= 1.3
    np.maximum.at(scores, table.owners(segment)[fits], typed / np.maximum(table.weight[fits], 1.0))
    return scores[:-1]


def phrases(text: str, language: Language, most: int = 3) -> list[str]:
    """Curated phrases that have every word typed so far, the last one as a beginning."""
    typed = vn.folded_words(text)
    if not typed:
        return []
    *whole, last = typed
    found = []
    for phrase in language.suggested:
        words = vn.folded_words(phrase)
        if all(word in words for word in whole) and any(word.startswith(last) for word in words):
            found.append((words[: len(typed)] != typed, len(words), phrase))
    return [phrase for _, _, phrase in sorted(found)[:most]]
