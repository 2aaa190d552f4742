"""The order of a Vietnamese dictionary: letters first (a ă â b … d đ e ê …), then tones. Pure."""

from __future__ import annotations

import unicodedata

from search import vietnamese as vn

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: Letters with hat, horn or stroke are letters of their own, after the plain one.
_RANKS = {letter: chr(ord("@") + rank) for rank, letter in enumerate(_LETTERS)}
#: No tone, huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
#: Characters of a name that decide its place.
_LONGEST = 120


def sort_key(text: str) -> str:
    """ASCII text whose order is that of the names in a dictionary.

    Syllables are compared one by one (a shorter one first), and tones only among names whose
    letters are alike. Case and signs do not matter.
    """
    letters, tones = [], []
    for token in vn.tokens(text[:_LONGEST]):
        spelt = unicodedata.normalize("NFD", token.text)
        tone = next((_TONES[char] for char in spelt if char in _TONES), "0")
        plain = unicodedata.normalize("NFC", "".join(c for c in spelt if c not in _TONES))
        letters.append(
            "".join(_RANKS.get(c, c if c.isascii() and c.isalnum() else "~") for c in plain)
        )
        tones.append(tone)
    return "!".join(letters) + " " + "".join(tones)
