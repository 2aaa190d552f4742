"""Typing slips: a syllable the index does not know, one slip away from one it knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: Shorter syllables are one slip away from too much.
SHORTEST = 3
#: A correction must stand in at least this many names.
COMMON = 2
_LETTERS = "abcdefghiklmnopqrstuvxy"


def one_slip(word: str) -> Iterable[str]:
    """Everything one swap, missing, extra or wrong letter away (swaps first).

    Of the shortest syllables only swaps and missing letters: *heo* is no slip for *ho*.
    """
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    for head, tail in halves:
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
    for head, tail in halves:
        if tail and len(word) > SHORTEST:
            yield head + tail[1:]
    for head, tail in halves:
        for letter in _LETTERS:
            yield head + letter + tail
            if tail and len(word) > SHORTEST:
                yield head + letter + tail[1:]


def correction(
    word: str, common: Mapping[str, int], before: str, after: str, pairs: Mapping[str, int]
) -> str | None:
    """The likeliest known syllable for ``word``, or None.

    ``common`` counts names by syllable, ``pairs`` by neighbouring syllables (``khai_sinh``):
    what fits the neighbours wins over what is frequent.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    best: tuple[int, int, str] | None = None
    for candidate in one_slip(word):
        count = common.get(candidate, 0)
        if count < COMMON:
            continue
        fits = pairs.get(f"{before}_{candidate}", 0) + pairs.get(f"{candidate}_{after}", 0)
        found = (fits, count, candidate)
        if best is None or found > best:
            best = found
    return best[2] if best and best[0] else None
