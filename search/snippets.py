"""Why a result was found when its name does not say so: everyday names and papers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search import vietnamese as vn

ALIAS, PAPER = "alias", "paper"
#: A paper has at least so many of the words that the name lacks, or all of them.
PAPER_WORDS = 2


@dataclass(frozen=True)
class Snippet:
    """``kind`` is "alias" (what people call the procedure) or "paper" (of the dossier)."""

    kind: str
    text: str


def snippet(
    names: Sequence[str],
    aliases: Sequence[str],
    papers: Sequence[str],
    asked: Mapping[str, str],
) -> Snippet | None:
    """Where the asked words stand that the names lack; None when nothing is missing.

    ``asked`` are the words that count as they were typed: folded → with marks, "" when typed
    without (*đẻ* is not *để*). An everyday name must have two thirds of them; the shortest such
    name wins. Papers are looked at when the name has less than half of the question; the one with
    most of the missing words wins.
    """
    missing = set(asked) - {word for name in names for word in vn.folded_words(name)}
    if not missing:
        return None
    called: list[tuple[float, int, str]] = []
    for text in aliases:
        found = _found(text, asked)
        if found & missing and len(found) * 3 >= len(asked) * 2:
            called.append((-len(found) / len(vn.folded_words(text)), len(called), text))
    if called:
        return Snippet(ALIAS, min(called)[2])
    if len(missing) * 2 <= len(asked):
        return None  # the name says most of it
    inside: list[tuple[int, int, str]] = []
    for text in papers:
        hits = len(_found(text, asked) & missing)
        if hits >= min(PAPER_WORDS, len(missing)):
            inside.append((-hits, len(inside), text))
    return Snippet(PAPER, min(inside)[2]) if inside else None


def _found(text: str, asked: Mapping[str, str]) -> set[str]:
    """The asked words that the text has."""
    return {
        token.folded
        for token in vn.tokens(text)
        if token.folded in asked and asked[token.folded] in ("", token.text)
    }
