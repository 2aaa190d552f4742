"""Vietnamese text for searching, pure and typed: one spelling for what people mean alike.

People type a question with marks, without, in NFC or NFD, and with the tone on either vowel
(*hoà*, *hòa*). :func:`normal` gives one spelling that keeps the marks, :func:`fold` one without
them, :func:`tokens` the syllables of either. No word segmentation: text without marks cannot be
segmented, so neighbouring syllables (:func:`pairs`) stand in for words.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Combining tone marks: huyền, sắc, hỏi, ngã, nặng.
TONES = "\u0300\u0301\u0309\u0303\u0323"
_VOWELS = "aăâeêioôơuưy"
_HATTED = "ăâêôơư"

_LETTERS = re.compile(r"[^\W\d_]+")
#: A word that may be decomposed: every letter with what combines with it.
_ANY_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+(?:\.\d+(?![^\W_]))*")
_WORD = re.compile(r"[^\W_]+(?:\.\d+(?![^\W_]))*")
_CODE = re.compile(r"(?<![\w.])(\d)(?:[.,](\d{6,9})|(\d{6}))(-[a-z]+)?(?!\w|[.,]\d)", re.IGNORECASE)
#: Zero-width and other format characters, which copying from web pages leaves inside words.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True)
class Token:
    """A syllable (or number, or code): ``text`` keeps the marks, ``folded`` does not.

    ``start`` and ``end`` are character offsets in the text given to :func:`spans`.
    """

    text: str
    folded: str
    start: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether the writer put any mark on it."""
        return self.text != self.folded


#: Deletes every combining character (str.translate is far faster than a loop).
_NO_MARKS = dict.fromkeys(c for c in range(0x300, 0x20000) if unicodedata.combining(chr(c)))


def fold(text: str) -> str:
    """Lower case without marks; đ does not decompose, so it is replaced by hand."""
    return unicodedata.normalize("NFD", text.lower()).replace("đ", "d").translate(_NO_MARKS)


@lru_cache(maxsize=20_000)
def place_tone(syllable: str) -> str:
    """The syllable with its tone on the vowel of the traditional spelling (hoà → hòa).

    Rule: a vowel with a hat or horn takes the tone (the last of two, *ươ*); else of two vowels
    the first when nothing follows, the second before a consonant; of three the middle one. The
    u of *qu* and the i of *gi* before a vowel belong to the consonant. What is not a lower-case
    Vietnamese syllable with exactly one tone comes back unchanged.
    """
    decomposed = unicodedata.normalize("NFD", syllable)
    tones = [char for char in decomposed if char in TONES]
    if len(tones) != 1:
        return syllable
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    begin = 0
    while begin < len(letters) and letters[begin] not in _VOWELS:
        begin += 1
    if letters[:2] in ("qu", "gi") and begin == 1 and len(letters) > 2 and letters[2] in _VOWELS:
        begin = 2
    end = begin
    while end < len(letters) and letters[end] in _VOWELS:
        end += 1
    cluster = letters[begin:end]
    if not 1 <= len(cluster) <= 3 or any(char in _VOWELS for char in letters[end:]):
        return syllable
    hatted = [index for index, char in enumerate(cluster) if char in _HATTED]
    if hatted:
        place = hatted[-1]
    elif len(cluster) == 2:
        place = 1 if end < len(letters) else 0
    else:
        place = len(cluster) // 2
    place += begin
    return unicodedata.normalize("NFC", letters[: place + 1] + tones[0] + letters[place + 1 :])


def normal(text: str) -> str:
    """NFC, lower case, one tone placement, no invisible characters; marks stay."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", text.lower())
    return _LETTERS.sub(lambda match: place_tone(match.group()), text)


def code_in(text: str) -> str | None:
    """The national code (``1.001193``) the text names, also written ``1001193``; else None."""
    match = _CODE.search(_INVISIBLE.sub("", text))
    if match is None:
        return None
    return f"{match[1]}.{match[2] or match[3]}{(match[4] or '').lower()}"


def _one_code(word: str) -> str:
    """``1001193`` → ``1.001193``; other words unchanged."""
    return f"{word[0]}.{word[1:]}" if len(word) == 7 and word.isascii() and word.isdigit() else word


@lru_cache(maxsize=50_000)
def _spelt(word: str) -> tuple[str, str]:
    """A word in lower case → its one spelling, and the one without marks."""
    word = _one_code(word)
    if word.isascii():
        return word, word
    word = _LETTERS.sub(lambda match: place_tone(match.group()), word)
    return word, fold(word)


def spans(text: str) -> list[Token]:
    """Syllables of an NFC or NFD text with their offsets in it (for highlighting)."""
    found = []
    for match in _ANY_WORD.finditer(text):
        word, folded = _spelt(unicodedata.normalize("NFC", match.group().lower()))
        if folded:
            found.append(Token(word, folded, match.start(), match.end()))
    return found


def tokens(text: str) -> list[Token]:
    """Syllables of the text in order, as :func:`normal` spells them."""
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    else:
        text = text.lower()
    found = []
    for match in _WORD.finditer(text):
        word, folded = _spelt(match.group())
        if folded:
            found.append(Token(word, folded, match.start(), match.end()))
    return found


def folded_words(text: str) -> list[str]:
    """The syllables without marks, in order: ``[t.folded for t in tokens(text)]``, faster."""
    return [_one_code(word) for word in _WORD.findall(fold(_INVISIBLE.sub("", text)))]


def pairs(words: Sequence[str]) -> list[str]:
    """Neighbouring syllables joined by ``_``: ``khai_sinh``."""
    return [f"{first}_{second}" for first, second in itertools.pairwise(words)]


#: A Vietnamese syllable without marks: onset, vowels, coda.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uyu|ieu|yeu|oai|oay|oao|oeo|uay|uoi|uou|[aeiouy][aeiouy]?)"
    r"(?:ng|nh|ch|[cmnpt])?"
)


def is_syllable(word: str) -> bool:
    """Whether the folded word could be a Vietnamese syllable (``sinh``; not ``need``)."""
    return _SYLLABLE.fullmatch(word) is not None


def clean(text: str, limit: int = 200) -> str:
    """What a person typed, safe to show and to search: NFC, one line, no control characters.

    At most ``limit`` characters, the rest is dropped.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[: limit * 8]))
    text = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return unicodedata.normalize("NFC", " ".join(text.split())[:limit].rstrip())


def unique(words: Iterable[str]) -> list[str]:
    """Each word once, in order of first appearance."""
    return list(dict.fromkeys(words))
