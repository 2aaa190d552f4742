"""The order of the Vietnamese alphabet, for lists that are put in order here.

A database sorts by code points or by the machine's own locale: Đ would stand after Z, Ấ after Ư.
"""

from __future__ import annotations

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACES = {letter: place for place, letter in enumerate(_LETTERS, start=1)}
#: The marks that make another letter; all others are tones, which decide only between equals.
_SHAPES = "\u0302\u0306\u031b"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng


def alphabetical(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The key that sorts Vietnamese texts: letters first (a, ă, â, b …), then tones."""
    letters: list[int] = []
    tones: list[int] = []
    for one in unicodedata.normalize("NFC", text.strip().lower()):
        apart = unicodedata.normalize("NFD", one)
        letter = unicodedata.normalize("NFC", apart[0] + "".join(c for c in apart if c in _SHAPES))
        letters.append(_PLACES[letter] + 256 if letter in _PLACES else min(ord(letter[0]), 255))
        tones.append(max((_TONES.index(c) + 1 for c in apart if c in _TONES), default=0))
    return tuple(letters), tuple(tones)
