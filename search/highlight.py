"""Marks the words of a question in a text; marks, case and NFD do not matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from search import vietnamese as vn


@dataclass(frozen=True)
class Piece:
    """A part of a text, found or not."""

    text: str
    found: bool


#: Folded words → how they may be spelt; no spelling, or "" among them, is any.
Words = Mapping[str, Collection[str]]


def _fits(token: vn.Token, words: Words) -> bool:
    spellings = words.get(token.folded)
    return spellings is not None and (
        not spellings or "" in spellings or token.text in spellings or not token.marked
    )


def _as_words(words: Words | Iterable[str]) -> Words:
    return words if isinstance(words, Mapping) else dict.fromkeys(words, ())


def pieces(
    text: str, words: Words | Iterable[str], beside: Words | Iterable[str] = ()
) -> list[Piece]:
    """The text in parts, ``found`` where its syllables (without marks) are among ``words``.

    Spellings given with a word must be right: who types *thửa* does not ask for *thừa kế*.
    Found syllables with only spaces between make one part. Those among ``beside`` (words that say
    little) are found next to a found one only; and a syllable alone is not found when a longer
    part has it too: in "hỗ *trợ* … *trợ cấp hưu trí*" only the latter was asked for.
    """
    tokens = vn.spans(text)
    words, beside = _as_words(words), _as_words(beside)
    wanted = [_fits(token, words) for token in tokens]
    runs: list[list[int]] = []  # places of tokens
    for place, token in enumerate(tokens):
        if not wanted[place] and not _fits(token, beside):
            continue
        if runs and runs[-1][-1] == place - 1 and _touch(text, tokens, place):
            runs[-1].append(place)
        else:
            runs.append([place])
    runs = [run for run in runs if any(wanted[place] for place in run)]
    longer = {tokens[place].folded for run in runs if len(run) > 1 for place in run}
    parts: list[Piece] = []
    position = 0
    for run in runs:
        start, end = tokens[run[0]].start, tokens[run[-1]].end
        if len(run) == 1 and tokens[run[0]].folded in longer:
            continue
        if start > position:
            parts.append(Piece(text[position:start], False))
        parts.append(Piece(text[start:end], True))
        position = end
    if position < len(text):
        parts.append(Piece(text[position:], False))
    return parts


def _touch(text: str, tokens: list[vn.Token], place: int) -> bool:
    """Whether only spaces stand before that token and the one before it."""
    return text[tokens[place - 1].end : tokens[place].start].isspace()


def marked_up(
    text: str, words: Words | Iterable[str], beside: Words | Iterable[str] = ()
) -> SafeString:
    """HTML with ``<mark>`` around what was found; everything else is escaped."""
    return format_html_join(
        "",
        "{}",
        (
            (mark_safe(f"<mark>{escape(part.text)}</mark>") if part.found else part.text,)  # noqa: S308 - escaped
            for part in pieces(text, words, beside)
        ),
    )
