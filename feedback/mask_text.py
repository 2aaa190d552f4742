"""A text as the masks read it: without marks and tricks, every character knowing its origin. Pure.

Composed and decomposed letters, letters of full width, digits of other scripts, spaces and dashes
of all kinds become plain ones; characters without width belong to the one before them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: Stands for what is masked already: no letter, no digit, no space, and no rule reads across it.
BARRIER = "\ue000"

#: Letters of other alphabets that look like ours in a number or an address.
_ALIKE = str.maketrans("оОοΟаеср", "oOoOaecp")


@dataclass(frozen=True)
class Plain:
    """Three spellings of one text, position by position, and where each position stands in it.

    ``shown`` is composed and keeps capitals, ``marked`` is in lower case, ``bare`` also has lost its
    marks. Position i is ``text[starts[i]:ends[i]]``.
    """

    shown: str
    marked: str
    bare: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def snapped(self, start: int, end: int) -> tuple[int, int]:
        """The positions widened to whole characters of the text (one may stand for several)."""
        while start and self.starts[start - 1] == self.starts[start]:
            start -= 1
        while end < len(self.starts) and self.starts[end] == self.starts[end - 1]:
            end += 1
        return start, end

    def without(self, spans: Iterable[tuple[int, int]]) -> Plain:
        """The same with each span (in order, apart) drawn together to one barrier."""
        shown, marked, bare = [], [], []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end in spans:
            shown += [self.shown[done:start], BARRIER]
            marked += [self.marked[done:start], BARRIER]
            bare += [self.bare[done:start], BARRIER]
            starts += [*self.starts[done:start], self.starts[start]]
            ends += [*self.ends[done:start], self.ends[end - 1]]
            done = end
        return Plain(
            "".join([*shown, self.shown[done:]]),
            "".join([*marked, self.marked[done:]]),
            "".join([*bare, self.bare[done:]]),
            (*starts, *self.starts[done:]),
            (*ends, *self.ends[done:]),
        )


def plain(text: str, *, barriers: re.Pattern[str] | None = None) -> Plain:
    """Read a text; each match of ``barriers`` becomes one barrier."""
    clusters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def read(start: int, end: int) -> None:
        for place in range(start, end):
            for char in _spelled(text[place]):
                if char:
                    clusters.append(char)
                    starts.append(place)
                    ends.append(place + 1)
                elif clusters:  # a mark or nothing to see: part of the letter before it
                    ends[-1] = place + 1
                    if clusters[-1] != BARRIER:
                        clusters[-1] += text[place]

    done = 0
    for match in barriers.finditer(text) if barriers else ():
        read(done, match.start())
        clusters.append(BARRIER)
        starts.append(match.start())
        ends.append(match.end())
        done = match.end()
    read(done, len(text))
    letters = [_letter(cluster) for cluster in clusters]
    return Plain(
        "".join(shown for shown, _, _ in letters),
        "".join(marked for _, marked, _ in letters),
        "".join(bare for _, _, bare in letters),
        tuple(starts),
        tuple(ends),
    )


def fold(text: str) -> str:
    """Lower case and without marks; the length may change."""
    return plain(text).bare


@lru_cache(maxsize=4096)
def word_key(marked: str) -> tuple[str, str]:
    """A word for comparing: its bare letters and its marks, wherever they are set (hoà, hòa)."""
    apart = unicodedata.normalize("NFD", marked.lower().replace("đ", "d\u0335"))
    letters = "".join(char for char in apart if not unicodedata.combining(char))
    return letters, "".join(sorted(char for char in apart if unicodedata.combining(char)))


@lru_cache(maxsize=4096)
def _spelled(char: str) -> tuple[str, ...]:
    """What stands for one character: plain ones; "" for a mark or what has no width."""
    if char == "\n":
        return ("\n",)
    out = []
    for one in unicodedata.normalize("NFKC", char.translate(_ALIKE)):
        kind = unicodedata.category(one)
        digit = unicodedata.decimal(one, None)
        if digit is not None:
            out.append(str(digit))
        elif kind in {"Mn", "Me", "Cf"}:
            out.append("")
        elif kind[0] in "ZC":
            out.append(" ")
        elif kind == "Pd" or one in "−⁃":
            out.append("-")
        else:
            out.append(one)
    return tuple(out)


@lru_cache(maxsize=4096)
def _letter(cluster: str) -> tuple[str, str, str]:
    """A letter with its marks as one character: composed, in lower case, bare."""
    if len(cluster) == 1 and cluster.isascii():
        return cluster, cluster.lower(), cluster.lower()
    shown = unicodedata.normalize("NFC", cluster)[:1]
    bare = unicodedata.normalize("NFD", shown)[:1].lower()[:1]
    return shown, shown.lower()[:1], {"đ": "d", "ð": "d"}.get(bare, bare)
