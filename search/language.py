"""The curated language of the search: what people say, and what it means to the index. Pure.

One text format for what the product ships and for what an editor exports (docs/search.md):

    cccd := căn cước công dân          an abbreviation, always written out
    sổ đỏ > giấy chứng nhận …  | …     one way: who says the left may mean each of the right
    bhyt = bảo hiểm y tế               both ways
    - cho mình hỏi                     only carries the asking: never has to be found
    ~ nhà                              says little: counts a little
    en birth certificate > khai sinh   English; without ``>`` it only carries the asking
    ! cấp đổi thẻ > 1.001194           best bet: this procedure first for this question
    ? đăng ký khai sinh                a phrase to suggest while typing
    ^ nước ngoài                       a special case: names with it are meant when it is asked
    1.001193 Đăng ký khai sinh         hidden terms of a procedure: the lines below it, indented
      con mới đẻ
    x giá vàng                         not ours: a question of nothing else finds nothing
    # a remark
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from search import vietnamese as vn

SHORT, ONE_WAY, BOTH_WAYS, IGNORED, WEAK = "short", "one_way", "both_ways", "ignored", "weak"
ENGLISH, BEST_BET, SUGGESTED, HIDDEN = "english", "best_bet", "suggested", "hidden"
SPECIAL, OFF_TOPIC = "special", "off_topic"
KINDS = (
    SHORT,
    ONE_WAY,
    BOTH_WAYS,
    IGNORED,
    WEAK,
    SPECIAL,
    OFF_TOPIC,
    ENGLISH,
    BEST_BET,
    SUGGESTED,
    HIDDEN,
)
#: Kinds of a sign and a phrase, nothing else.
_SIGNS = {"-": IGNORED, "~": WEAK, "?": SUGGESTED, "^": SPECIAL, "x": OFF_TOPIC}
#: Longest phrase that is read, in characters.
PHRASE_LIMIT = 120
#: Where the product's own language lies.
SHIPPED = Path(__file__).parent / "language"

_CODE = re.compile(r"\d\.\d{6,9}(?:-[a-z]+)?", re.IGNORECASE)


class LanguageError(ValueError):
    """A line that cannot be read; ``line`` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"dòng {line}: {text}")
        self.line = line


@dataclass(frozen=True)
class Entry:
    """One piece of curated language.

    ``said`` is what people type; ``means`` the words (or for a best bet the codes) it stands for,
    none for a word that is left out. Hidden terms have the code as ``said`` and the phrases as
    ``means``. ``note`` is for the reviewer only.
    """

    kind: str
    said: str
    means: tuple[str, ...] = ()
    note: str = ""


def parse(text: str) -> list[Entry]:
    """Entries of a file in the format above. Raises LanguageError for the first bad line."""
    found: list[Entry] = []
    phrases: list[str] | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = unicodedata.normalize("NFC", raw).rstrip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(line) > PHRASE_LIMIT * 8:
            raise LanguageError(number, "quá dài")
        if line[0].isspace():
            if phrases is None:
                raise LanguageError(number, "dòng thụt vào phải đứng dưới một mã thủ tục")
            phrases.append(_phrase(line, number))
            found[-1] = Entry(HIDDEN, found[-1].said, tuple(phrases), found[-1].note)
            continue
        phrases = None
        code, _, name = line.partition(" ")
        if _CODE.fullmatch(code):
            phrases = []
            found.append(Entry(HIDDEN, code.lower(), (), name.strip()))
            continue
        found.append(_entry(line, number))
    return found


def _entry(line: str, number: int) -> Entry:
    sign, _, rest = line.partition(" ")
    if sign in _SIGNS:
        return Entry(_SIGNS[sign], _phrase(rest, number))
    if sign == "en":
        said, _, means = rest.partition(">")
        return Entry(ENGLISH, _phrase(said, number), _phrases(means, number, empty=True))
    if sign == "!":
        said, _, codes = rest.partition(">")
        named = tuple(part.strip().lower() for part in codes.split("|"))
        if not all(_CODE.fullmatch(code) for code in named):
            raise LanguageError(number, "sau dấu > phải là mã thủ tục")
        return Entry(BEST_BET, _phrase(said, number), named)
    for mark, kind in ((":=", SHORT), (">", ONE_WAY), ("=", BOTH_WAYS)):
        said, found, means = line.partition(mark)
        if found:
            return Entry(kind, _phrase(said, number), _phrases(means, number))
    raise LanguageError(number, f"không hiểu “{line[:40]}”")


def _phrases(text: str, number: int, *, empty: bool = False) -> tuple[str, ...]:
    if empty and not text.strip():
        return ()
    return tuple(_phrase(part, number) for part in text.split("|"))


def _phrase(text: str, number: int) -> str:
    text = " ".join(text.split())
    if not vn.folded_words(text):
        raise LanguageError(number, "thiếu chữ")
    if len(text) > PHRASE_LIMIT:
        raise LanguageError(number, f"cụm từ dài quá {PHRASE_LIMIT} ký tự")
    return text


def dump(entries: Iterable[Entry]) -> str:
    """The file that :func:`parse` reads back as the same entries."""
    return "".join(f"{line}\n" for entry in entries for line in _lines(entry))


def _lines(entry: Entry) -> Iterator[str]:
    if entry.note and entry.kind != HIDDEN:
        yield f"# {entry.note}"
    means = " | ".join(entry.means)
    if entry.kind == HIDDEN:
        yield f"{entry.said} {entry.note}".rstrip()
        yield from (f"  {phrase}" for phrase in entry.means)
    elif entry.kind in _SIGNS.values():
        sign = next(sign for sign, kind in _SIGNS.items() if kind == entry.kind)
        yield f"{sign} {entry.said}"
    elif entry.kind == ENGLISH:
        yield f"en {entry.said} > {means}" if means else f"en {entry.said}"
    elif entry.kind == BEST_BET:
        yield f"! {entry.said} > {means}"
    else:
        yield f"{entry.said} { {SHORT: ':=', ONE_WAY: '>', BOTH_WAYS: '='}[entry.kind] } {means}"


def shipped() -> list[Entry]:
    """What the product brings along, in the order of the files' names."""
    return [
        entry
        for path in sorted(SHIPPED.rglob("*.txt"))
        for entry in parse(path.read_text(encoding="utf-8"))
    ]


@dataclass(frozen=True)
class Span:
    """A phrase found in a sentence: syllables ``first`` to ``end`` (exclusive) and its meanings."""

    first: int
    end: int
    means: tuple[str, ...] = ()


@dataclass
class Phrases:
    """Phrases by their folded syllables; those typed with marks must have the right ones."""

    by_words: dict[tuple[str, ...], list[tuple[tuple[str, ...], tuple[str, ...]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    longest: int = 0
    #: Everything said and meant, as written.
    texts: list[str] = field(default_factory=list)

    def add(self, said: str, means: tuple[str, ...] = ()) -> None:
        self.texts += (said, *means)
        tokens = vn.tokens(said)
        words = tuple(token.folded for token in tokens)
        self.by_words[words].append((tuple(token.text for token in tokens), means))
        self.longest = max(self.longest, len(words))

    def spans(self, tokens: Sequence[vn.Token], *, strict: bool = False) -> list[Span]:
        """Phrases in the sentence from the left, the longest first, none over another.

        In a sentence written with marks, ``strict`` takes a word without marks at its word:
        *ong* is a bee there, and not *ông*.
        """
        strict = strict and sum(token.marked for token in tokens) * 2 >= len(tokens)
        found, position = [], 0
        while position < len(tokens):
            for length in range(min(self.longest, len(tokens) - position), 0, -1):
                part = tokens[position : position + length]
                known = self.by_words.get(tuple(token.folded for token in part))
                means = (
                    [] if known is None else [m for spelt, m in known if _fits(part, spelt, strict)]
                )
                if means:
                    every = tuple(dict.fromkeys(one for some in means for one in some))
                    found.append(Span(position, position + length, every))
                    position += length
                    break
            else:
                position += 1
        return found

    def __len__(self) -> int:
        return len(self.by_words)


def _fits(tokens: Sequence[vn.Token], spelt: tuple[str, ...], strict: bool) -> bool:
    """*cuối* is not *cưới*; without marks it may be either."""
    return all(
        token.text == word or not (token.marked or strict)
        for token, word in zip(tokens, spelt, strict=True)
    )


class Language:
    """Entries made ready for use; never changes."""

    def __init__(self, entries: Iterable[Entry], version: object = None) -> None:
        self.version = version
        self.short, self.synonyms, self.ignored = Phrases(), Phrases(), Phrases()
        self.weak, self.english, self.best_bets = Phrases(), Phrases(), Phrases()
        self.off_topic = Phrases()
        self.suggested: list[str] = []
        #: Neighbouring syllables (``nuoc_ngoai``) that mark a special case in a name.
        self.special: list[str] = []
        #: Code → what else people call the procedure.
        self.hidden: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.kind == HIDDEN:
            self.hidden[entry.said].extend(entry.means)
        elif entry.kind == SUGGESTED:
            self.suggested.append(entry.said)
        elif entry.kind == SPECIAL:
            self.special.extend(vn.pairs(vn.folded_words(entry.said)))
        elif entry.kind == BOTH_WAYS:
            for one in (entry.said, *entry.means):
                others = tuple(other for other in (entry.said, *entry.means) if other != one)
                self.synonyms.add(one, others)
        else:
            phrases = {
                SHORT: self.short,
                ONE_WAY: self.synonyms,
                IGNORED: self.ignored,
                WEAK: self.weak,
                OFF_TOPIC: self.off_topic,
                ENGLISH: self.english,
                BEST_BET: self.best_bets,
            }[entry.kind]
            phrases.add(entry.said, entry.means)

    @cached_property
    def english_words(self) -> frozenset[str]:
        """Every word of an English phrase."""
        return frozenset(word for words in self.english.by_words for word in words)

    @cached_property
    def words(self) -> frozenset[str]:
        """Syllables without marks that some entry knows: no typing slips. Not the English ones."""
        tables = (
            self.short,
            self.synonyms,
            self.ignored,
            self.weak,
            self.best_bets,
            self.off_topic,
        )
        found = {word for table in tables for words in table.by_words for word in words}
        return frozenset(found.union(*self.aliases.words_of, ()))

    @cached_property
    def suggested_words(self) -> list[tuple[str, list[vn.Token]]]:
        """Phrases to suggest, with their syllables."""
        return [(phrase, vn.tokens(phrase)) for phrase in self.suggested]

    @cached_property
    def aliases(self) -> Aliases:
        """Hidden terms, ready to be scored like names."""
        return Aliases((code, phrase) for code, some in self.hidden.items() for phrase in some)


class Aliases:
    """What people call procedures: each phrase is one more name of the procedure of its code.

    ``codes[i]`` and ``words_of[i]`` belong to phrase ``i``; ``having[word]`` are the phrases with
    the syllable, ``having_pair["khai_sinh"]`` those with the two as neighbours.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self.codes: list[str] = []
        self.words_of: list[tuple[str, ...]] = []
        self.having: dict[str, list[int]] = defaultdict(list)
        self.having_pair: dict[str, list[int]] = defaultdict(list)
        #: How many procedures use a syllable, or two neighbours.
        self.procedures: dict[str, int] = {}
        used: dict[str, set[str]] = defaultdict(set)
        for number, (code, phrase) in enumerate(phrases):
            words = vn.folded_words(phrase)
            self.codes.append(code)
            self.words_of.append(tuple(vn.unique(words)))
            for word in set(words):
                self.having[word].append(number)
                used[word].add(code)
            for pair in set(vn.pairs(words)):
                self.having_pair[pair].append(number)
                used[pair].add(code)
        self.procedures = {key: len(codes) for key, codes in used.items()}
        #: How many procedures have phrases.
        self.owners = len(set(self.codes))

    def __len__(self) -> int:
        return len(self.codes)
