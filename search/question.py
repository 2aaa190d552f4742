"""What a citizen's sentence asks: its readings, the words that count, the facts wanted. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from search import vietnamese as vn
from search.language import Language, Phrases, Span

#: Characters of a question that are read.
QUERY_LIMIT = 200
#: What a word that says little counts, against 1 for any other.
LITTLE = 0.3
#: A pair that so many procedures are called by is no asking: it tells a little, or as any word.
TELLING, TELLING_ALL = 4, 30
#: Readings of one sentence at most.
READINGS = 4

#: What people want to know about a procedure: fact → phrases (without marks).
_ASKED = {
    "fee": (
        "bao nhieu tien",
        "le phi",
        "mat tien",
        "ton tien",
        "mat phi",
        "ton phi",
        "phi bao nhieu",
        "tien phi",
        "het bao nhieu",
        "mien phi",
        "gia bao nhieu",
        "may dong",
        "how much",
        "fee",
        "cost",
    ),
    "time": (
        "bao lau",
        "may ngay",
        "bao nhieu ngay",
        "thoi gian",
        "khi nao co",
        "lau khong",
        "may hom",
        "may tuan",
        "bao gio co",
        "bao gio xong",
        "khi nao xong",
        "how long",
    ),
    "place": (
        "o dau",
        "nop dau",
        "cho nao",
        "den dau",
        "noi nop",
        "di dau",
        "dia chi nop",
        "where",
    ),
    "who": ("ai lam", "gap ai", "nguoi lam", "ai giai quyet", "ai nhan", "can bo nao"),
    "papers": (
        "giay to gi",
        "giay gi",
        "giay to nao",
        "ho so gi",
        "can giay",
        "nhung giay to",
        "ho so gom",
        "can nhung gi",
        "mang theo",
        "chuan bi gi",
        "nop nhung gi",
        "nop gi",
        "what documents",
        "papers needed",
    ),
}
#: Pairs that only name the paperwork ("hồ", "giấy" alone may matter: hộ, giấy phép).
_PAPERWORK = ("ho so", "giay to", "thu tuc")


@dataclass(frozen=True)
class Reading:
    """One way to understand the sentence.

    ``words`` are ``(syllable without marks, weight from 0 to 1)``, once each; ``marked`` those
    written with marks, as ``(folded, marked)``; ``pairs`` neighbouring syllables.
    """

    words: tuple[tuple[str, float], ...]
    marked: tuple[tuple[str, str], ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question as the index is asked.

    ``readings`` begin with the words as typed; ``words`` are all that count in any reading (for
    marking them in results); ``dropped`` the question words left out (as typed); ``asked`` keys
    of the four facts and ``papers``; ``best_bets`` codes that editors put first for it.
    """

    text: str
    readings: tuple[Reading, ...]
    words: tuple[str, ...]
    dropped: tuple[str, ...]
    understood: str
    code: str | None
    asked: tuple[str, ...]
    #: Phrases read as other words too: ``(as typed, meant)``.
    meant: tuple[tuple[str, str], ...] = ()
    best_bets: tuple[str, ...] = ()
    #: Which share of the words that count is what no office does (the weather, the gold price).
    off_topic: float = 0.0
    english: bool = False

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not self.readings and self.code is None

    @property
    def pairs(self) -> tuple[str, ...]:
        """Neighbouring syllables of the sentence as typed."""
        return self.readings[0].pairs if self.readings else ()


@lru_cache(maxsize=512)
def understand(text: str, language: Language) -> Question:
    """Read a sentence; any text is fine, also empty or full of symbols."""
    text = vn.clean(text, QUERY_LIMIT)
    typed = vn.tokens(text)
    plain = [token.folded for token in typed]
    asked = tuple(
        fact for fact, phrases in _ASKED.items() if any(_places(plain, p) for p in phrases)
    )
    english = _is_english(typed, language)
    meant: dict[str, str] = {}
    if english:
        spelt, weights, spans = _translated(typed, language, meant)
    else:
        spelt = _written_out(typed, language, meant)
        weights = _weights(spelt, asked, language)
        spans = _synonyms(spelt, weights, language)
    off_topic = _share(spelt, weights, language.off_topic)
    bets = language.best_bets if _share(spelt, weights, language.best_bets) == 1.0 else None
    if spelt and not any(weight == 1.0 for weight in weights):  # "làm lại giấy tờ": all there is
        weights = [1.0] * len(spelt)
    readings = [_reading(spelt, weights)] if spelt else []
    for choice in range(READINGS - 1):
        if any(choice < len(span.means) for span in spans):
            reading = _with_meanings(spelt, weights, spans, choice, meant)
            if reading not in readings:
                readings.append(reading)
    return Question(
        text=text,
        readings=tuple(readings),
        words=tuple(vn.unique(w for one in readings for w, weight in one.words if weight == 1.0)),
        dropped=tuple(
            vn.unique(t.text for t, weight in zip(spelt, weights, strict=True) if weight == 0.0)
        ),
        understood=" ".join(t.text for t, w in zip(spelt, weights, strict=True) if w > 0.0),
        code=vn.code_in(text),
        asked=asked,
        meant=tuple(meant.items()),
        best_bets=tuple(
            vn.unique(code for span in (bets.spans(spelt) if bets else ()) for code in span.means)
        ),
        off_topic=off_topic,
        english=english,
    )


def _share(tokens: list[vn.Token], weights: list[float], phrases: Phrases) -> float:
    """Which share of the words that count the phrases cover; 0 without a phrase."""
    spans = phrases.spans(tokens)
    covered = {place for span in spans for place in range(span.first, span.end)}
    counting = {place for place, weight in enumerate(weights) if weight > LITTLE}
    if not counting:
        return float(bool(spans))
    return len(counting & covered) / len(counting)


def _written_out(
    tokens: list[vn.Token], language: Language, meant: dict[str, str]
) -> list[vn.Token]:
    """The syllables with abbreviations written out."""
    found: list[vn.Token] = []
    position = 0
    for span in language.short.spans(tokens):
        found += [*tokens[position : span.first], *vn.tokens(span.means[0])]
        said = " ".join(token.text for token in tokens[span.first : span.end])
        if len(said) > 2:  # "ko", "dc" need no explanation
            meant[said] = span.means[0]
        position = span.end
    return [*found, *tokens[position:]]


def _weights(tokens: list[vn.Token], asked: tuple[str, ...], language: Language) -> list[float]:
    weights = [1.0] * len(tokens)
    for span in language.weak.spans(tokens, strict=True):
        weights[span.first : span.end] = [LITTLE] * (span.end - span.first)
    plain = [token.folded for token in tokens]
    for phrase in (*(one for fact in asked for one in _ASKED[fact]), *_PAPERWORK):
        for place in _places(plain, phrase):
            weights[place] = 0.0
    for span in language.ignored.spans(tokens, strict=True):
        weights[span.first : span.end] = [0.0] * (span.end - span.first)
        # Without marks "ho" asks (họ) or tells (hộ): beside "kinh" it tells.
        if span.end - span.first == 1 and not tokens[span.first].marked:
            beside = plain[max(span.first - 1, 0) : span.end + 1]
            uses = max((_uses(pair, language) for pair in vn.pairs(beside)), default=0)
            if uses >= TELLING:
                weights[span.first] = 1.0 if uses >= TELLING_ALL else LITTLE
    # A phrase that means something is no question word: "làm lại", "ở trọ", "mất sổ đỏ".
    for span in language.synonyms.spans(tokens):
        if span.end - span.first > 1:
            weights[span.first : span.end] = [
                max(weight, LITTLE) for weight in weights[span.first : span.end]
            ]
    return weights


def _uses(pair: str, language: Language) -> int:
    """How many procedures people call by two neighbours."""
    return language.aliases.procedures.get(pair, 0)


def _synonyms(tokens: list[vn.Token], weights: list[float], language: Language) -> list[Span]:
    """Phrases that mean something else too. Typed without marks, none that tears a word apart:
    "cap doi ho chieu" is not about *đổi họ*."""
    found = []
    for span in language.synonyms.spans(tokens):
        if not _counts(weights, span):
            continue
        inside = tokens[span.first : span.end]
        if span.end < len(tokens) and not any(token.marked for token in inside):
            across = f"{inside[-1].folded}_{tokens[span.end].folded}"
            own = max(
                (_uses(p, language) for p in vn.pairs([t.folded for t in inside])), default=TELLING
            )
            if _uses(across, language) > max(own, TELLING):
                continue
        found.append(span)
    return found


def _counts(weights: list[float], span: Span) -> bool:
    return any(weights[span.first : span.end])


def _is_english(tokens: list[vn.Token], language: Language) -> bool:
    """Most words are English, none has a mark, and one can be no Vietnamese syllable."""
    known = [token.folded for token in tokens if token.folded in language.english_words]
    return (
        bool(known)
        and not any(token.marked for token in tokens)
        and len(known) * 3 >= len(tokens) * 2
        and any(not vn.is_syllable(word) for word in known)
    )


def _translated(
    tokens: list[vn.Token], language: Language, meant: dict[str, str]
) -> tuple[list[vn.Token], list[float], list[Span]]:
    """English → Vietnamese syllables; further meanings of a phrase become readings."""
    found: list[vn.Token] = []
    weights: list[float] = []
    spans: list[Span] = []
    position = 0
    for span in [*language.english.spans(tokens), Span(len(tokens), len(tokens))]:
        found += tokens[position : span.first]
        weights += [1.0] * (span.first - position)
        words = vn.tokens(span.means[0]) if span.means else []
        if words:
            said = " ".join(token.text for token in tokens[span.first : span.end])
            meant[said] = span.means[0]
            if span.means[1:]:
                spans.append(Span(len(found), len(found) + len(words), span.means[1:]))
        found += words
        weights += [1.0] * len(words)
        position = span.end
    return found, weights, spans


def _with_meanings(
    tokens: list[vn.Token],
    weights: list[float],
    spans: list[Span],
    choice: int,
    meant: dict[str, str],
) -> Reading:
    """The sentence with each phrase in another of its meanings (the last one when it has few)."""
    found: list[vn.Token] = []
    counted: list[float] = []
    position = 0
    for span in spans:
        words = vn.tokens(span.means[min(choice, len(span.means) - 1)])
        found += [*tokens[position : span.first], *words]
        counted += [*weights[position : span.first], *[1.0] * len(words)]
        said = " ".join(token.text for token in tokens[span.first : span.end])
        meant.setdefault(said, span.means[0])
        position = span.end
    return _reading([*found, *tokens[position:]], [*counted, *weights[position:]])


def _reading(tokens: list[vn.Token], weights: list[float]) -> Reading:
    words: dict[str, float] = {}
    for token, weight in zip(tokens, weights, strict=True):
        words[token.folded] = max(weight, words.get(token.folded, 0.0))
    counted = [token for token in tokens if words[token.folded]]
    folded = [token.folded for token in tokens]
    return Reading(
        words=tuple((word, weight) for word, weight in words.items() if weight),
        marked=tuple(dict.fromkeys((t.folded, t.text) for t in counted if t.marked)),
        pairs=tuple(
            f"{first}_{second}"
            for first, second in dict.fromkeys(itertools.pairwise(folded))
            if words[first] or words[second]
        ),
    )


def _places(words: list[str], phrase: str) -> set[int]:
    """Positions of all words of the phrase wherever it stands in ``words``."""
    wanted = phrase.split()
    return {
        place
        for start in range(len(words) - len(wanted) + 1)
        if words[start : start + len(wanted)] == wanted
        for place in range(start, start + len(wanted))
    }
