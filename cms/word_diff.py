"""Which words of a text changed: pure, for the history and the comparison of versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Words a difference is worked out for; longer texts are compared by lines first.
MOST_WORDS = 1200


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``op`` is "same", "del", "ins", or "gap" for what is left out."""

    op: str
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The two texts as stretches that stayed, went or came.

    "same" and "del" together are the old text, "same" and "ins" the new one. Very long texts
    are compared line by line first, so the work stays bounded.
    """
    if old == new:
        return [Piece("same", old)] if old else []
    before, after = _tokens(old), _tokens(new)
    if max(len(before), len(after)) > MOST_WORDS:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    lead = 0
    while lead < min(len(before), len(after)) and before[lead] == after[lead]:
        lead += 1
    found: list[Piece] = []
    _add(found, "same", before[:lead])
    before, after = before[lead:], after[lead:]
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > MOST_WORDS)
    for op, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        left, right = before[old_from:old_to], after[new_from:new_to]
        if op == "equal":
            _add(found, "same", left)
            continue
        one, other = _tokens("".join(left)), _tokens("".join(right))
        finer = len(one) > len(left) or len(other) > len(right)
        if op == "replace" and finer and max(len(one), len(other)) <= MOST_WORDS:
            for piece in word_diff("".join(left), "".join(right)):
                _add(found, piece.op, [piece.text])
        else:
            _add(found, "del", left)
            _add(found, "ins", right)
    return found


def _tokens(text: str) -> list[str]:
    """Words with the blanks after them, and single signs."""
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text)


def _add(found: list[Piece], op: str, texts: Sequence[str]) -> None:
    text = "".join(texts)
    if not text:
        return
    if found and found[-1].op == op:
        found[-1] = Piece(op, found[-1].text + text)
    else:
        found.append(Piece(op, text))


def folded(pieces: Sequence[Piece], context: int = 90) -> list[Piece]:
    """The pieces with long unchanged stretches cut to ``context`` characters around a change."""
    found: list[Piece] = []
    for position, piece in enumerate(pieces):
        first, last = position == 0, position == len(pieces) - 1
        if piece.op != "same" or len(piece.text) <= context * 2 + 20:
            found.append(piece)
            continue
        head = "" if first else _cut(piece.text[:context], end=True)
        tail = "" if last else _cut(piece.text[-context:], end=False)
        for op, text in (("same", head), ("gap", "…"), ("same", tail)):
            if text:
                found.append(Piece(op, text))
    return found


def _cut(text: str, *, end: bool) -> str:
    """The text without the word that was cut in two."""
    if end:
        return text.rsplit(None, 1)[0] + " " if len(text.split()) > 1 else text
    return text.split(None, 1)[1] if len(text.split()) > 1 else text
