"""How well a procedure answers a question. Pure arithmetic on postings, without Whoosh or Django.

Syllables without marks are looked for in four places of a procedure and in what people call it
(search/language.py); a procedure's score is that of its best name. docs/search.md explains the
parts of the score; their sizes were tuned on one half of real questions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from search.language import Language
from search.question import Question, Reading

Numbers = NDArray[np.int32]
Scores = NDArray[np.float64]

#: Where a syllable is found → what it counts, against its rarity.
PLACES = (("around", 0.2), ("text", 0.4), ("also", 0.9), ("name", 1.0))
#: From this on a syllable was found in a name.
_NAMED = 0.9
ALIAS = 0.95
#: Neighbouring syllables found as neighbours in the name, in units of the pair's rarity.
PAIR = 1.0
PAIR_CAP = 9.0
#: The marks are right too.
MARK = 0.3
#: A name that says nothing else beats a longer one.
NAME_COVERED = 1.5
ALIAS_COVERED = 1.5
#: Rarity of a syllable that no procedure has.
UNKNOWN = 3.0
#: A result covers this much of the question (by rarity), …
ENOUGH = 0.34
#: … and its score is at least this part of the best one.
NEAR_BEST = 0.3
#: The best result of a question is worth this much, or nothing is a result: for a question of
#: few words, and for one of many (chatter lowers every score).
SURE, SURE_LONG = 2.2, 1.3
#: A result of this worth (rarities found, not divided by those asked) is one in any company:
#: a stranger's name in the sentence does not hide what was found.
STRONG = 45.0
#: How many words that count are few, and how many are many.
FEW, MANY = 4, 10
#: What a special case (``nước ngoài``, ``cấp lại``) that was not asked for keeps of its score.
UNASKED = 0.8
#: … and what one gains that was asked for.
SPECIALLY_ASKED = 1.1
#: What the office's levels add.
OFFICE_LEVEL = 0.2


@dataclass(frozen=True)
class Vocabulary:
    """Words of an index, counted in procedures: of names, of names' neighbours, of everything.

    ``marked`` is the commonest spelling with marks of a folded syllable; ``documents`` the number
    of procedures.
    """

    documents: int
    names: Mapping[str, int]
    pairs: Mapping[str, int]
    texts: Mapping[str, int]
    marked: Mapping[str, str]
    #: Every spelling with marks that stands in a name.
    spelt: frozenset[str] = frozenset()

    @cached_property
    def sorted_names(self) -> list[str]:
        """Syllables of names in order, for beginnings of words."""
        return sorted(self.names)

    @cached_property
    def sorted_pairs(self) -> list[str]:
        """Neighbours of names in order, for beginnings of the second word."""
        return sorted(self.pairs)


class Segment(Protocol):
    """A part of an index whose procedures are numbered from 0; parts are scored one by one."""

    size: int
    #: What every score is multiplied by, from 1 on.
    prior: Scores
    #: Numbers of procedures by code.
    numbers: Mapping[str, int]
    #: The codes, sorted.
    codes: Sequence[str]
    #: Which procedures are not deleted.
    alive: NDArray[np.bool_]
    #: Anything that was computed once for this segment: key → (for what, result).
    memo: dict[Any, Any]

    def ids(self, field: str, word: str) -> Numbers:
        """Numbers of the procedures with the word in the field, rising."""


@dataclass(frozen=True, eq=False)
class Weigher:
    """How rare words are, in names and in what people call procedures."""

    vocabulary: Vocabulary
    language: Language
    _known: dict[str, float] = field(default_factory=dict)

    def word(self, word: str) -> float:
        """Rarity of a syllable (natural logarithm; about 1 to 9)."""
        found = self._known.get(word)
        if found is None:
            uses = self.vocabulary.names.get(word, 0) + self._aliases(word)
            found = self._idf(uses or self.vocabulary.texts.get(word, 0))
            if not uses:
                found = min(found, UNKNOWN)
            self._known[word] = found
        return found

    def pair(self, pair: str) -> float:
        """Rarity of two neighbours."""
        return min(self._idf(self.vocabulary.pairs.get(pair, 0) + self._aliases(pair)), PAIR_CAP)

    def _aliases(self, key: str) -> int:
        return self.language.aliases.procedures.get(key, 0)

    def _idf(self, uses: int) -> float:
        # A small city's index knows few procedures, but what people call hundreds of others.
        total = max(self.vocabulary.documents + self.language.aliases.owners, uses)
        return math.log(1 + (total - uses + 0.5) / (uses + 0.5))

    @cached_property
    def aliases(self) -> _AliasTable:
        """Hidden terms as arrays, weighed."""
        return _AliasTable(self)


class _AliasTable:
    def __init__(self, weigher: Weigher) -> None:
        aliases = weigher.language.aliases
        self.codes = aliases.codes
        self.having = {word: _numbers(ids) for word, ids in aliases.having.items()}
        self.having_pair = {pair: _numbers(ids) for pair, ids in aliases.having_pair.items()}
        self.weight = np.zeros(len(aliases))
        for word, ids in self.having.items():
            self.weight[ids] += weigher.word(word)
        self.sorted_words = sorted(self.having)
        self.sorted_pairs = sorted(self.having_pair)

    def owners(self, segment: Segment) -> Numbers:
        """The segment's procedure of each phrase; ``segment.size`` where it has none."""

        def look_up() -> Numbers:
            numbers = segment.numbers
            return _numbers([numbers.get(code, segment.size) for code in self.codes])

        found: Numbers = once(segment, "owners", self, look_up)
        return found


def once(segment: Segment, key: str, whose: object, make: Callable[[], Any]) -> Any:
    """What ``make`` gives, computed once per segment and ``whose`` object."""
    kept = segment.memo.get(key)
    if kept is None or kept[0] is not whose:
        kept = segment.memo[key] = (whose, make())
    return kept[1]


def _numbers(values: Sequence[int]) -> Numbers:
    return np.asarray(values, dtype=np.int32)


@dataclass(frozen=True)
class Scored:
    """A segment's scores, and the best worth (rarities found, not divided by those asked)."""

    scores: Scores
    worth: float


def score(
    question: Question,
    segment: Segment,
    weigher: Weigher,
    *,
    levels: Sequence[str] = (),
    guess: bool = False,
) -> Scored:
    """Scores of a segment's procedures; 0 for those that do not answer the question.

    ``levels`` come first (those an office serves). ``guess`` drops the demand that a result
    covers enough of the question. Before results of several segments are shown, those below
    :data:`NEAR_BEST` of the best are left out (:func:`answers`).
    """
    best, strongest = np.zeros(segment.size), 0.0
    for reading in question.readings:
        scores, worth = _score_reading(reading, segment, weigher, guess)
        np.maximum(best, scores, out=best)
        strongest = max(strongest, worth)
    best *= segment.prior
    asked = {pair for reading in question.readings for pair in reading.pairs}
    for pair in weigher.language.special:
        best[segment.ids("name_pairs", pair)] *= SPECIALLY_ASKED if pair in asked else UNASKED
    if levels:
        served = np.zeros(segment.size, dtype=bool)
        for level in levels:
            served[segment.ids("level", level)] = True
        best[served] *= 1 + OFFICE_LEVEL
    for code in question.best_bets:
        number = segment.numbers.get(code)
        if number is not None and segment.alive[number]:
            best[number] = BEST_BET
    return Scored(best, strongest)


#: Score of what editors put first.
BEST_BET = 1e3


def _score_reading(
    reading: Reading, segment: Segment, weigher: Weigher, guess: bool
) -> tuple[Scores, float]:
    """Scores by how much was asked, and the best one not divided by it."""
    size = segment.size
    values = {word: weight * weigher.word(word) for word, weight in reading.words}
    whole = sum(values.values())
    if not whole:
        return np.zeros(size), 0.0
    found, named, extra = np.zeros(size), np.zeros(size), np.zeros(size)
    where = {}
    for word, value in values.items():
        places = np.zeros(size + 1)  # one more for phrases of procedures that are not here
        for name, worth in PLACES:
            places[segment.ids(name, word)] = worth
        where[word] = places
        found += value * places[:size]
        named += weigher.word(word) * (places[:size] >= _NAMED)
    pairs = {pair: PAIR * weigher.pair(pair) for pair in reading.pairs}
    for pair, value in pairs.items():
        extra[segment.ids("name_pairs", pair)] += value
    for folded, marked in reading.marked:
        extra[segment.ids("name_marked", marked)] += MARK * values[folded]
    covered = named / np.maximum(name_weight(segment, weigher), 0.1)
    scores = (found + extra) * (1 + NAME_COVERED * np.minimum(covered, 1.0))
    scores, found = _with_aliases(scores, found, values, pairs, where, segment, weigher)
    if not guess:
        scores[(found < ENOUGH * whole) & (scores < STRONG)] = 0.0
    scores[~segment.alive] = 0.0  # what is deleted is no measure for the others
    return scores / whole, float(scores.max(initial=0.0))


def _with_aliases(
    scores: Scores,
    found: Scores,
    values: dict[str, float],
    pairs: dict[str, float],
    where: dict[str, Scores],
    segment: Segment,
    weigher: Weigher,
) -> tuple[Scores, Scores]:
    """Each procedure under its best name: the official one or one that people use."""
    table = weigher.aliases
    if not table.codes:
        return scores, found
    owners = table.owners(segment)
    size = segment.size
    theirs = np.append(found, 0.0)[owners]
    named, extra = np.zeros(len(owners)), np.zeros(len(owners))
    for word, value in values.items():
        having = table.having.get(word)
        if having is not None:
            theirs[having] += value * np.maximum(ALIAS - where[word][owners[having]], 0.0)
            named[having] += weigher.word(word)
    for pair, value in pairs.items():
        having = table.having_pair.get(pair)
        if having is not None:
            extra[having] += value
    touched = np.flatnonzero(named)
    covered = np.minimum(named[touched] / table.weight[touched], 1.0)
    worth = (theirs[touched] + extra[touched]) * (1 + ALIAS_COVERED * covered)
    scores, found = np.append(scores, 0.0), np.append(found, 0.0)
    np.maximum.at(scores, owners[touched], worth)
    np.maximum.at(found, owners[touched], theirs[touched])
    return scores[:size], found[:size]


def name_weight(segment: Segment, weigher: Weigher) -> Scores:
    """Sum of the rarity of each name's words, for "how much of the name was asked"."""

    def weigh() -> Scores:
        weights = np.zeros(segment.size)
        for word in weigher.vocabulary.names:
            weights[segment.ids("name", word)] += weigher.word(word)
        return weights

    found: Scores = once(segment, "name weight", weigher, weigh)
    return found


def answers(question: Question, parts: Sequence[Scored], *, guess: bool = False) -> list[Scores]:
    """Scores of all segments together: those far below the best are 0.

    All of them are when the best is not worth enough to be a result. ``guess`` takes any.
    """
    found = [part.scores for part in parts]
    best = max((float(one[one < BEST_BET].max(initial=0.0)) for one in found), default=0.0)
    strong = question.off_topic < 0.5 and any(part.worth >= STRONG for part in parts)
    sure = guess or strong or best >= _sure_from(question)
    for one in found:
        one[one < (best * NEAR_BEST if sure else BEST_BET)] = 0.0
    return found


def _sure_from(question: Question) -> float:
    """What the best result must be worth, that anything is a result."""
    words = min((len(reading.words) for reading in question.readings), default=0)
    share = min(max((words - FEW) / (MANY - FEW), 0.0), 1.0)
    least = SURE + (SURE_LONG - SURE) * share
    return least * 2 if question.off_topic >= 0.5 else least
