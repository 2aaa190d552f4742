"""Typing slips put right: left-overs of Telex and VNI, missing spaces, sounds that people confuse,
wrong letters. Pure.

A syllable is doubted when nothing knows it, or when it fits neither of its neighbours. Its
variants compete by what they cost and by how often procedures and people use them beside the
neighbours; the whole sentence is decided at once (Viterbi). What is spelt with right marks is
never doubted.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from search import vietnamese as vn
from search.scoring import Weigher

#: Shorter syllables are one slip away from too much.
SHORTEST = 3
#: A variant must stand in at least this many names.
COMMON = 2
#: Costs of variants, in units of :func:`Speller._fit`.
KEYBOARD, SOUND, ENDING, SLIP = 0.4, 1.6, 1.2, 2.2
#: What changing a known syllable costs more; less when nobody spells it with these marks.
KNOWN, MISSPELT = 1.4, 0.3
#: What a variant costs more that fits neither neighbour.
STRANGER = 1.5
#: What keeping an unknown syllable costs.
STRANGE = 6.0
#: Text words of fewer procedures may themselves be slips.
_IN_TEXTS = 5
_VARIANTS = 14
_LETTERS = "abcdefghiklmnopqrstuvxy"
_TONE_KEYS = "sfrxjz"

_ONSETS = (
    ("s", "x"),
    ("ch", "tr"),
    ("d", "gi"),
    ("d", "r"),
    ("r", "gi"),
    ("l", "n"),
    ("v", "d"),
    ("k", "c"),
    ("ng", "ngh"),
    ("g", "gh"),
    ("qu", "w"),
)
_CODAS = (("n", "ng"), ("t", "c"), ("n", "nh"), ("ch", "t"), ("m", "n"))
_VOWELS = (("o", "u"), ("iu", "uu"), ("ieu", "uou"), ("ay", "ai"), ("au", "ao"))
_PARTS = re.compile(r"(ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[b-df-hj-np-tv-xz]?)([aeiouy]+)(\w*)")


def one_slip(word: str) -> Iterator[str]:
    """Everything one swap, missing, extra or wrong letter away.

    Of the shortest syllables only swaps and missing letters: *heo* is no slip for *ho*.
    """
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    for head, tail in halves:
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        if tail and len(word) > SHORTEST:
            yield head + tail[1:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail and len(word) > SHORTEST:
                yield head + letter + tail[1:]


def _other_i(word: str) -> str:
    """*ký* for *kí*, *kí* for *ký*: two spellings rather than a slip."""
    return word[:-1] + {"i": "y", "y": "i"}.get(word[-1], word[-1])


def sound_alikes(word: str) -> Iterator[str]:
    """Syllables that sound the same somewhere: s/x, ch/tr, d/gi/r, l/n, i/y, -n/-ng, -t/-c."""
    match = _PARTS.fullmatch(word)
    if match is None:
        return
    onset, vowels, coda = match.groups()
    for place, pairs in ((0, _ONSETS), (1, _VOWELS), (2, _CODAS)):
        part = (onset, vowels, coda)[place]
        for one, other in pairs:
            for said, meant in ((one, other), (other, one)):
                if part == said:
                    parts = [onset, vowels, coda]
                    parts[place] = meant
                    yield "".join(parts)


def typed_keys(word: str) -> Iterator[str]:
    """What was meant when an input method was off: ``dawng`` and ``d9a8ng`` are *đăng*."""
    if any(char.isdigit() for char in word):
        bare = "".join(char for char in word if not char.isdigit())
        if bare and word[0].isalpha():
            yield bare
        return
    bare = re.sub(r"([aeod])\1", r"\1", word)
    bare = re.sub(r"(?<=[aou])w", "", bare).replace("w", "u")
    if bare != word:
        yield bare
    for place in range(1, len(bare)):
        if bare[place] in _TONE_KEYS and any(char in "aeiouy" for char in bare[:place]):
            yield bare[:place] + bare[place + 1 :]


class Speller:
    """Corrects sentences by the words of one index and one language."""

    def __init__(self, weigher: Weigher) -> None:
        self.weigher = weigher
        self.vocabulary = weigher.vocabulary
        self.language = weigher.language

    @cached_property
    def _pairs(self) -> dict[str, int]:
        """How many procedures, or phrases of the language, use two neighbours."""
        counts = dict(self.vocabulary.pairs)
        for key, uses in self.language.aliases.procedures.items():
            if "_" in key:
                counts[key] = counts.get(key, 0) + uses
        phrases = [*self.language.synonyms.by_words, *self.language.ignored.by_words]
        for words in phrases:
            for pair in vn.pairs(words):
                counts[pair] = counts.get(pair, 0) + 3
        return counts

    @cached_property
    def _common(self) -> dict[str, int]:
        """Syllables that a variant may be, with how common they are."""
        counts = {word: uses for word, uses in self.vocabulary.names.items() if uses >= COMMON}
        for word in self.language.words:
            counts[word] = counts.get(word, 0) + COMMON
        return counts

    @cached_property
    def _phrases(self) -> list[list[vn.Token]]:
        """What people call procedures, and what the language says of words."""
        said = [phrase for some in self.language.hidden.values() for phrase in some]
        return [vn.tokens(phrase) for phrase in (*said, *self.language.synonyms.texts)]

    @cached_property
    def _spelt(self) -> frozenset[str]:
        """Every spelling with marks that somebody uses."""
        told = {token.text for tokens in self._phrases for token in tokens}
        for table in (self.language.ignored, self.language.weak, self.language.off_topic):
            told.update(token.text for text in table.texts for token in vn.tokens(text))
        return frozenset(told.union(self.vocabulary.spelt))

    @cached_property
    def _marked_pairs(self) -> dict[str, tuple[str, str]]:
        """Two neighbours with the marks they have together: ``thuong_tru`` → thường, trú."""
        counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for tokens in self._phrases:
            for first, second in itertools.pairwise(tokens):
                counts[f"{first.folded}_{second.folded}"][first.text, second.text] += 1
        return {pair: found.most_common(1)[0][0] for pair, found in counts.items()}

    def _with_marks(self, words: Sequence[str], place: int) -> str:
        """The spelling of a corrected syllable, by its neighbours or as it is commonest."""
        if place and (pair := self._marked_pairs.get(f"{words[place - 1]}_{words[place]}")):
            return pair[1]
        if pair := self._marked_pairs.get("_".join(words[place : place + 2])):
            return pair[0]
        return self.vocabulary.marked.get(words[place], words[place])

    def _known(self, word: str) -> bool:
        return (
            word in self._common
            or word in self.vocabulary.names
            or self.vocabulary.texts.get(word, 0) >= _IN_TEXTS
        )

    def corrected(self, text: str) -> str | None:
        """The sentence with its slips put right, or None when there are none."""
        tokens = vn.tokens(text)
        if any(token.folded in self.language.english_words for token in tokens) and not any(
            token.marked for token in tokens
        ):
            return None
        spelt: list[str] = []
        choices: list[list[tuple[str, float]]] = []
        for place, token in enumerate(tokens):
            parts = self._apart(token)
            if parts:
                for part in parts:
                    spelt.append("")
                    choices.append([(part, 0.0)])
                continue
            spelt.append(token.text)
            before = tokens[place - 1].folded if place else ""
            after = tokens[place + 1].folded if place + 1 < len(tokens) else ""
            choices.append(self._choices(token, before, after))
        if all(len(some) == 1 for some in choices) and "" not in spelt:
            return None
        chosen = self._best(choices)
        plain = not any(token.marked for token in tokens)
        words = [
            text
            if text and word == some[0][0]
            else (word if plain else self._with_marks(chosen, at))
            for at, (text, word, some) in enumerate(zip(spelt, chosen, choices, strict=True))
        ]
        changed = "" in spelt or any(
            word != some[0][0] for word, some in zip(chosen, choices, strict=True)
        )
        return " ".join(words) if changed else None

    def _choices(self, token: vn.Token, before: str, after: str) -> list[tuple[str, float]]:
        """The syllable and what it may be a slip for, with costs; the syllable itself first."""
        word = token.folded
        unfinished = not after and bool(before)
        if len(word) < 2 and not unfinished:
            return [(word, 0.0)]
        if (word,) in self.language.ignored.by_words or (word,) in self.language.weak.by_words:
            return [(word, 0.0)]
        known = self._known(word)
        if known and (self._fit(before, word) or self._fit(word, after)):
            return [(word, 0.0)]
        if not word.isalpha() and (known or not typed_keys(word)):
            return [(word, 0.0)]
        misspelt = token.marked and token.text not in self._spelt
        extra = 0.0 if not known else MISSPELT if misspelt else KNOWN
        found: dict[str, float] = {}

        alone = not before and not after

        def offer(variants: Iterator[str], cost: float) -> None:
            for variant in variants:
                if variant == word or variant not in self._common:
                    continue
                fits = alone or self._fit(before, variant) or self._fit(variant, after)
                if fits or not known:
                    found.setdefault(variant, cost + extra + (0.0 if fits else STRANGER))

        if not known:
            offer((one for one in typed_keys(word) if vn.is_syllable(one)), KEYBOARD)
        if word.isalpha():
            offer((one for one in (_other_i(word),) if one != word), KEYBOARD)
            offer(sound_alikes(word), SOUND)
            if not after:
                offer(self._endings(word), ENDING)
            rare = not known or misspelt or self._common.get(word, 0) <= COMMON
            if len(word) >= SHORTEST and rare:
                offer(one_slip(word), SLIP)
        fitting = sorted(
            found.items(),
            key=lambda pair: (
                pair[1] - self._fit(before, pair[0]) - self._fit(pair[0], after),
                -self._common[pair[0]],
            ),
        )
        return [(word, STRANGE if not known else SLIP if misspelt else 0.0), *fitting[:_VARIANTS]]

    def _endings(self, word: str) -> Iterator[str]:
        """Syllables that the last one typed may be the beginning of."""
        return (known for known in self._common if known.startswith(word))

    def _fit(self, first: str, second: str) -> float:
        """How well two syllables go together; 0 when they never do."""
        if not first or not second:
            return 0.0
        return min(math.log1p(self._pairs.get(f"{first}_{second}", 0)), 5.0) * 0.9

    def _best(self, choices: Sequence[Sequence[tuple[str, float]]]) -> list[str]:
        """The sequence that costs least and fits best."""
        scores = [[-cost for _, cost in choices[0]]]
        origins: list[list[int]] = [[0] * len(choices[0])]
        for place in range(1, len(choices)):
            row, origin = [], []
            for word, cost in choices[place]:
                came = [
                    score + self._fit(before, word)
                    for score, (before, _) in zip(scores[-1], choices[place - 1], strict=True)
                ]
                best = max(range(len(came)), key=came.__getitem__)
                row.append(came[best] - cost)
                origin.append(best)
            scores.append(row)
            origins.append(origin)
        at = max(range(len(scores[-1])), key=scores[-1].__getitem__)
        chosen = []
        for place in range(len(choices) - 1, -1, -1):
            chosen.append(choices[place][at][0])
            at = origins[place][at]
        return chosen[::-1]

    def _apart(self, token: vn.Token) -> list[str]:
        """The syllables of several words typed without spaces between; [] when it is not that."""
        word = token.folded
        if len(word) < 5 or not word.isascii() or not word.isalpha() or self._known(word):
            return []
        if vn.is_syllable(word):
            return []
        best: list[tuple[float, list[str]] | None] = [None] * (len(word) + 1)
        best[0] = (0.0, [])
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 7), end - 1):
                before = best[start]
                piece = word[start:end]
                if (
                    before is None
                    or self._common.get(piece, 0) < COMMON
                    or not vn.is_syllable(piece)
                ):
                    continue
                fit = self._fit(before[1][-1], piece) if before[1] else 0.5
                if not fit:
                    continue
                found = (before[0] + fit - 1.0, [*before[1], piece])
                best[end] = max(best[end] or found, found)
        whole = best[-1]
        return whole[1] if whole and len(whole[1]) > 1 else []
