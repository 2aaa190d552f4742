"""Marks the words of a question in a text; marks, case and NFD do not matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from search import vietnamese as vn


@dataclass(frozen=True)
class Piece:
    """A part of a text, found or not."""

    text: str
    found: bool


def pieces(text: str, words: Iterable[str]) -> list[Piece]:
    """The text in parts, ``found`` where its syllables (without marks) are among ``words``.

    Found syllables with only spaces between make one part.
    """
    wanted = set(words)
    parts: list[Piece] = []
    position = 0
    for token in vn.spans(text):
        if token.folded not in wanted:
            continue
        between = text[position : token.start]
        found = text[token.start : token.end]
        if parts and parts[-1].found and between.isspace():
            parts[-1] = Piece(parts[-1].text + between + found, True)
        else:
            if between:
                parts.append(Piece(between, False))
            parts.append(Piece(found, True))
        position = token.end
    if position < len(text):
        parts.append(Piece(text[position:], False))
    return parts


def marked_up(text: str, words: Iterable[str]) -> SafeString:
    """HTML with ``<mark>`` around what was found; everything else is escaped."""
    return format_html_join(
        "",
        "{}",
        (
            (mark_safe(f"<mark>{escape(part.text)}</mark>") if part.found else part.text,)  # noqa: S308 - escaped
            for part in pieces(text, words)
        ),
    )
