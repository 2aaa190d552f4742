"""How well a procedure answers a question: a Whoosh query with a score of its own.

Whoosh's BM25 rewards long bodies and knows nothing of syllables, so the score is computed term
by term from the postings, in one pass that also gives the exact count (a second pass for the
count is what makes stock haystack slow). docs/search.md explains the parts of the score.
"""

from __future__ import annotations

import math
from array import array
from typing import Any

from whoosh.matching import ListMatcher, NullMatcher
from whoosh.query import Query

from search import vietnamese as vn
from search.question import QUESTION_WORDS, Question, understand

#: Parts of the score, in units of a word's rarity (idf).
ALSO = 0.9  # the name people use, keywords
BODY = 0.4  # only in steps, papers, result, conditions
AROUND = 0.2  # in the field's or agency's name
PAIR = 1.0  # neighbouring syllables found as neighbours in the name
PAIR_CAP = 9.0
MARK = 0.3  # the marks are right too
NAME_COVERED = 1.5  # a name that says nothing else beats a longer one
#: A result covers this much of the question (by rarity), …
ENOUGH = 0.34
#: … and its score is at least this part of the best one.
NEAR_BEST = 0.3
CODE_SCORE = 1e6
_TERMS_KEPT = 4000


class _Leaf:
    """What the score needs of one index segment, decoded once per segment and process."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.size = reader.doc_count_all()
        self._ids: dict[tuple[str, str], array] = {}
        self.name_weight: list[float] = []
        column = reader.column_reader("prior") if reader.has_column("prior") else None
        self.prior = [1.0 + (column[i] / 100.0 if column else 0.0) for i in range(self.size)]
        self._values: dict[str, list[tuple[str, ...]]] = {}
        self.deleted = sorted(reader.segment().deleted_docs())

    def ids(self, field: str, word: str) -> array:
        """Document numbers that have the word in the field."""
        key = (field, word)
        found = self._ids.get(key)
        if found is None:
            found = array("I")
            if (field, word) in self.reader:
                found.extend(self.reader.postings(field, word).all_ids())
            if len(self._ids) >= _TERMS_KEPT:
                self._ids.clear()
            self._ids[key] = found
        return found

    def weigh_names(self, rarity: Any) -> None:
        """Sum of the rarity of each name's words, for "how much of the name was asked"."""
        weights = [0.0] * self.size
        for raw in self.reader.lexicon("name"):
            word = raw.decode()
            value = rarity("name", word)
            for number in self.reader.postings("name", word).all_ids():
                weights[number] += value
        self.name_weight = weights

    def values(self, field: str) -> list[tuple[str, ...]]:
        """Each document's values of a keyword field (level, audience, …)."""
        if field not in self._values:
            rows: list[list[str]] = [[] for _ in range(self.size)]
            for raw in self.reader.lexicon(field):
                word = raw.decode()
                for number in self.reader.postings(field, word).all_ids():
                    rows[number].append(word)
            self._values[field] = [tuple(row) for row in rows]
        return self._values[field]


_leaves: dict[str, _Leaf] = {}


def leaf_of(reader: Any) -> _Leaf:
    """The decoded side of a segment; segments never change, only which documents are deleted.

    Kept by segment, not by reader: Whoosh opens every reader anew after each commit.
    """
    segment = reader.segment()
    leaf = _leaves.get(segment.segment_id())
    if leaf is None:
        leaf = _leaves[segment.segment_id()] = _Leaf(reader)
    if leaf.reader is not reader:
        leaf.reader = reader
        leaf.deleted = sorted(segment.deleted_docs())
    return leaf


def leaves_of(searcher: Any) -> list[tuple[Any, _Leaf, int]]:
    """``(reader, leaf, first document number)`` of each segment; none for an empty index."""
    return [
        (sub.reader(), leaf_of(sub.reader()), base)
        for sub, base in searcher.leaf_searchers()
        if sub.reader().segment() is not None
    ]


def forget_other_segments(searcher: Any) -> None:
    """Drop what was decoded of segments that the searcher no longer reads."""
    readers = [sub.reader() for sub, _ in searcher.leaf_searchers()]
    current = {reader.segment().segment_id() for reader in readers if reader.segment()}
    for key in _leaves.keys() - current:
        del _leaves[key]


class QuestionQuery(Query):
    """Documents that answer a sentence; ``guess`` drops the demand that enough is covered."""

    def __init__(self, text: str, *, guess: bool = False, boost: float = 1.0) -> None:
        self.text = text
        self.guess = guess
        self.boost = boost
        self.error = None
        self._scored: dict[int, tuple[list[int], list[float]]] | None = None

    def __repr__(self) -> str:
        return f"QuestionQuery({self.text!r}, guess={self.guess})"

    def __str__(self) -> str:
        return f"question:{self.text!r}"

    __unicode__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QuestionQuery) and (self.text, self.guess) == (
            other.text,
            other.guess,
        )

    def __hash__(self) -> int:
        return hash((self.text, self.guess))

    def is_leaf(self) -> bool:
        """No queries below this one."""
        return True

    def field(self) -> None:
        """It asks several fields."""
        return

    def normalize(self) -> Any:
        """As it is."""
        return self

    def copy(self) -> QuestionQuery:
        """A query that has not been run."""
        return QuestionQuery(self.text, guess=self.guess, boost=self.boost)

    def estimate_size(self, ixreader: Any) -> int:
        """At most every document."""
        return int(ixreader.doc_count())

    def estimate_min_size(self, ixreader: Any) -> int:
        """Possibly none."""
        return 0

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Matching documents of one segment with their scores."""
        if self._scored is None:
            self._scored = _score(understand(self.text), searcher.get_parent(), self.guess)
        ids, weights = self._scored.get(id(searcher.reader()), ([], []))
        return ListMatcher(ids, weights) if ids else NullMatcher()


def _score(
    question: Question, searcher: Any, guess: bool
) -> dict[int, tuple[list[int], list[float]]]:
    total = searcher.doc_count_all()
    leaves = [(leaf_reader, leaf) for leaf_reader, leaf, _ in leaves_of(searcher)]
    reader = searcher.reader()

    def rarity(field: str, word: str) -> float:
        found = reader.doc_frequency(field, word)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    if question.code:
        hits = {}
        for leaf_reader, leaf in leaves:
            ids = sorted(set(leaf.ids("code", question.code)) - set(leaf.deleted))
            hits[id(leaf_reader)] = (ids, [CODE_SCORE] * len(ids))
        if any(ids for ids, _ in hits.values()) or len(question.words) == 1:
            return hits
    words = {}
    for word in question.words:
        in_names = (("name", word) in reader) or (("also", word) in reader)
        words[word] = rarity("name" if in_names else "text", word)
    whole = sum(words.values()) or 1.0
    pairs = {pair: min(rarity("name_pairs", pair), PAIR_CAP) for pair in question.pairs}
    results = {}
    for leaf_reader, leaf in leaves:
        if not leaf.name_weight:
            leaf.weigh_names(rarity)
        results[id(leaf_reader)] = _score_leaf(question, leaf, words, pairs, whole, guess)
    best = max((max(scores, default=0.0) for _, scores in results.values()), default=0.0)
    least = best * NEAR_BEST
    return {
        key: (
            [number for number, score in zip(ids, scores, strict=True) if score >= least],
            [score for score in scores if score >= least],
        )
        for key, (ids, scores) in results.items()
    }


def _score_leaf(
    question: Question,
    leaf: _Leaf,
    words: dict[str, float],
    pairs: dict[str, float],
    whole: float,
    guess: bool,
) -> tuple[list[int], list[float]]:
    name = [0.0] * leaf.size  # weight found in the name or its everyday twin
    body = [0.0] * leaf.size
    extra = [0.0] * leaf.size
    touched: set[int] = set()
    for word, value in words.items():
        in_name = leaf.ids("name", word)
        for number in in_name:
            name[number] += value
        named = set(in_name)
        for number in leaf.ids("also", word):
            if number not in named:
                name[number] += ALSO * value
                named.add(number)
        everywhere = leaf.ids("text", word)
        for number in everywhere:
            body[number] += value
        for number in named:  # the text repeats the name; count it once
            body[number] -= value
        for number in leaf.ids("around", word):
            extra[number] += AROUND * value
        touched.update(everywhere)
        touched.update(named)
    for pair, value in pairs.items():
        for number in leaf.ids("name_pairs", pair):
            extra[number] += PAIR * value
    for folded, marked in question.marked:
        value = MARK * words[folded]
        for number in leaf.ids("name_marked", marked):
            extra[number] += value
    touched.difference_update(leaf.deleted)
    ids, scores = [], []
    enough = 0.0 if guess else ENOUGH * whole
    for number in sorted(touched):
        found = name[number] + BODY * body[number]
        if found < enough:
            continue
        weight = leaf.name_weight[number]
        covered = min(name[number] / weight, 1.0) if weight else 0.0
        score = (found + extra[number]) * (1 + NAME_COVERED * covered) * leaf.prior[number]
        if score > 0:
            ids.append(number)
            scores.append(score)
    return ids, scores


class SuggestQuery(QuestionQuery):
    """Names that have every word typed so far, the last one as a beginning."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Matching names of one segment; shorter names and more of them asked score higher."""
        if self._scored is None:
            self._scored = _suggest(self.text, searcher.get_parent())
        ids, weights = self._scored.get(id(searcher.reader()), ([], []))
        return ListMatcher(ids, weights) if ids else NullMatcher()

    def copy(self) -> SuggestQuery:
        """A query that has not been run."""
        return SuggestQuery(self.text, boost=self.boost)


def _suggest(text: str, searcher: Any) -> dict[int, tuple[list[int], list[float]]]:
    typed = vn.folded_words(text)
    # "xin cấp hộ ch": asking words need not stand in a name; the last may be unfinished.
    words = [word for word in typed[:-1] if word not in QUESTION_WORDS] + typed[-1:]
    reader = searcher.reader()
    total = searcher.doc_count_all()

    def rarity(field: str, word: str) -> float:
        found = reader.doc_frequency(field, word)
        return math.log(1 + (total - found + 0.5) / (found + 0.5))

    results = {}
    for leaf_reader, leaf, _ in leaves_of(searcher):
        if not leaf.name_weight:
            leaf.weigh_names(rarity)
        found: dict[int, float] = {}
        if len(words) == 1 and words[0][0].isdigit():
            for code in leaf_reader.expand_prefix("code", words[0]):
                found.update(dict.fromkeys(leaf.ids("code", code.decode()), 1.0))
        elif words:
            found = _names_with(words, leaf_reader, leaf, rarity)
        ids = sorted(found.keys() - set(leaf.deleted))
        results[id(leaf_reader)] = (ids, [found[number] * leaf.prior[number] for number in ids])
    return results


def _names_with(words: list[str], reader: Any, leaf: _Leaf, rarity: Any) -> dict[int, float]:
    """Document number → share of the name that was typed, in two fields alike."""
    *whole, last = words
    last_ids: set[int] = set()
    for field in ("name", "also"):
        for term in reader.expand_prefix(field, last):
            last_ids.update(leaf.ids(field, term.decode()))
    common = last_ids
    for word in whole:
        common = common & {*leaf.ids("name", word), *leaf.ids("also", word)}
    typed = sum(rarity("name", word) for word in words if ("name", word) in reader)
    found = {}
    for number in common:
        found[number] = 0.01 + typed / (leaf.name_weight[number] or 1.0)
    for pair in vn.pairs(words):
        for number in leaf.ids("name_pairs", pair):
            if number in found:
                found[number] += 0.5
    if not typed:  # an unfinished single word: short names first
        found = {number: 1.0 / (leaf.name_weight[number] or 1.0) for number in found}
    return found
