"""When a question fits several procedures about equally: what tells them apart. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from search import vietnamese as vn

#: Scores from this part of the best on are "about equal", …
CLOSE = 0.84
#: … and for a bare topic ("hộ kinh doanh"), which says little about what is wanted.
CLOSE_TO_TOPIC, TOPIC = 0.78, 3
#: Names alike share at least this part of their words.
ALIKE = 0.4
#: Siblings shown, and from how many on.
MOST, FEWEST = 4, 2
#: Scores from here on were not reckoned but set (a code, an editor's best bet).
_DECIDED = 1e3
#: Longer than this, what differs is no short name any more.
_SHORT = 14
_LEAD = ("thu", "tuc")
#: Words that make no other procedure of a name: its level (which is compared instead), and glue.
_GLUE = frozenset(vn.folded_words("cấp xã tỉnh huyện trung ương thực hiện tại hoặc và của các"))
#: More kinds of people than this tell nobody who is meant.
_FEW = 2


@dataclass(frozen=True)
class Candidate:
    """A result as this module needs it; ``name`` is the official one, ``called`` what people call
    it in the words of the question ("" when that is not known)."""

    code: str
    name: str
    score: float
    called: str = ""
    levels: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sibling:
    """One of the cases that may be meant.

    ``differs`` are the words of its name that not all siblings have ("" when it has none);
    ``short`` is those words when they read as a name of the case by themselves, else "". Levels
    and audience only when they tell siblings apart.
    """

    code: str
    name: str
    differs: tuple[str, ...]
    short: str
    levels: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()


def siblings(candidates: Sequence[Candidate], asked: Collection[str]) -> list[Sibling]:
    """The best results when the question does not decide between them; else none.

    ``candidates`` in the order of their scores, ``asked`` the words as they were typed, folded,
    without those that only ask.
    """
    if not candidates or candidates[0].score >= _DECIDED:
        return []
    best, typed = candidates[0], set(asked)
    least = best.score * (CLOSE_TO_TOPIC if len(typed) <= TOPIC else CLOSE)
    words = {one.code: _words(one.name) for one in candidates}
    by_score = [one for one in candidates if one.score >= least]
    close = _unlike([one for one in by_score if _alike(words[best.code], words[one.code])], words)
    if len(close) < FEWEST:  # the names are not alike, but people call both what was asked
        called = [one for one in by_score if typed <= words[one.code] | _words(one.called)]
        close = _unlike(called, words) if best in called else []
    if len(close) < FEWEST:
        return []
    if [one for one in close if words[one.code] <= typed] == [best]:
        return []  # its name says nothing beyond the question, the others do
    common = set.intersection(*(words[one.code] for one in close))
    levels_differ = len({frozenset(one.levels) for one in close}) > 1
    audience_differs = len({frozenset(one.audience) for one in close}) > 1
    if len(common) >= FEWEST:
        short = [_short(one.name, common) for one in close]
        short = short if all(short) else [""] * len(close)  # all in one way
    else:
        short = [_capital(one.called) for one in close]
    return [
        Sibling(
            one.code,
            one.name,
            _differs(one.name, common),
            text,
            one.levels if levels_differ else (),
            one.audience if audience_differs and len(one.audience) <= _FEW else (),
        )
        for one, text in zip(close, short, strict=True)
    ]


def _words(name: str) -> set[str]:
    return {word for word in vn.folded_words(name) if word not in _LEAD}


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= max(2, ALIKE * len(one | other))


def _unlike(candidates: Sequence[Candidate], words: Mapping[str, set[str]]) -> list[Candidate]:
    """The first ones, each procedure once."""
    found: list[Candidate] = []
    for one in candidates:
        if not any(_same(one, other, words) for other in found):
            found.append(one)
    return found[:MOST]


def _same(one: Candidate, other: Candidate, words: Mapping[str, set[str]]) -> bool:
    """Whether the two are one and the same to a citizen: the same name at the same level."""
    names = [words[either.code] - _GLUE for either in (one, other)]
    return names[0] == names[1] and (
        one.levels == other.levels or bool(set(one.levels) & set(other.levels))
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _differs(name: str, common: set[str]) -> tuple[str, ...]:
    """The words that not all have; none when they have nothing in common to stand out from."""
    if len(common) < FEWEST:
        return ()
    every = vn.unique(vn.folded_words(name))
    return tuple(word for word in every if word not in common and word not in _LEAD)


def _short(name: str, common: set[str]) -> str:
    """The differing words as they stand at the end of the name; "" when they do not stand there
    together, or are one word that says little by itself."""
    tokens = vn.spans(name)
    own = [place for place, token in enumerate(tokens) if token.folded not in (*common, *_LEAD)]
    if len(own) < FEWEST or own[-1] != len(tokens) - 1:
        return ""
    inside = len(tokens) - own[0]
    if inside > _SHORT or len(own) * 3 < inside * 2:
        return ""
    return _capital(name[tokens[own[0]].start :].strip(" .;,"))
