"""Texts of a national record made safe and readable without losing a word; no Django."""

from __future__ import annotations

import ast
import itertools
import re
import unicodedata
from typing import Any

TITLE_LIMIT = 255

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\v\f]")
_STEP = re.compile(r"^\s*(?:[-*+•–]\s*)?(?:[a-zđ]\)\s*)?Bước\s*\d+", re.IGNORECASE)
#: What may open a top-level line, in the order tried; the first kind that opens two lines wins.
_MARKERS = (
    re.compile(r"^\s*\*"),
    re.compile(r"^\s*[IVX]+\s*[.)]\s"),
    re.compile(r"^\s*\d+\s*[.)]\s"),
    re.compile(r"^\s*[a-zđ]\s*\)"),
    re.compile(r"^\s*[-–•]"),
    re.compile(r"^\s*\+"),
)
_REMARK = re.compile(r"^\s*\*\s*(?:Lưu ý|Ghi chú)", re.IGNORECASE)
#: Words after which a Vietnamese sentence cannot end.
_OPEN_WORDS = frozenset(
    re.findall(
        r"\w+",
        "và hoặc của theo tại để các những cho với về bằng từ đến bởi là không khi nếu dưới kể gồm "
        "thuộc đối như mà thì số khoản một hai sẽ phải đã đang giữa cùng nhằm",
    )
)
#: Words of grammar and of the office that are never a name or an abbreviation.
_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        "thủ tục đối với trong khi chế độ cấp tự sau người trước bị chấm dứt thuộc hết đang để "
        "căn cứ giải quyết của và cho theo",
    )
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def clean(value: Any) -> str:
    """Any JSON value as NFC text: line ends unified, control characters and half surrogates out.

    Null bytes and half surrogates are legal in JSON but no database stores them.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def one_line(value: Any) -> str:
    """Clean text on one line, for names and numbers."""
    return " ".join(clean(value).split())


def strings(value: Any) -> list[str]:
    """A list of texts, also from a Python list that was written as text: ``"['a', 'b']"``.

    Only literals are read (``ast.literal_eval`` runs nothing); anything else stays one text.
    """
    if isinstance(value, str):
        text = clean(value)
        if text.startswith("[") and text.endswith("]") and len(text) < 100_000:
            try:
                literal = ast.literal_eval(text)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                literal = None
            if isinstance(literal, list):
                return strings(literal)
        value = [text]
    if not isinstance(value, list):
        value = [value]
    return list(dict.fromkeys(text for text in map(one_line, value) if text))


def split_steps(text: str) -> list[str]:
    """Steps in order. Joined again they are the text: nothing is dropped but blank space.

    Cut at "Bước n", else at the outermost bullets, else where a line ends a sentence. Everything
    after "* Lưu ý:" stays one piece: its bullets are remarks, not steps.
    """
    lines = text.split("\n")
    starts = {n for n, line in enumerate(lines) if _STEP.match(line)}
    remark = next((n for n, line in enumerate(lines) if _REMARK.match(line)), None)
    if not starts:
        body = range(len(lines) if remark is None else remark)
        for marker in _MARKERS:
            found = {n for n in body if marker.match(lines[n])}
            if len(found) > 1:
                starts = found
                break
        else:
            starts = {n for n in body if n and _sentence_break(lines[n - 1], lines[n])}
        if remark is not None:
            starts.add(remark)
    pieces: list[list[str]] = [[]]
    for number, line in enumerate(lines):
        if number in starts:
            pieces.append([])
        pieces[-1].append(line.rstrip())
    return [piece for piece in ("\n".join(lines).strip() for lines in pieces) if piece]


def _sentence_break(before: str, after: str) -> bool:
    return before.rstrip().endswith((".", ";")) and after.lstrip()[:1].isupper()


def ends_openly(text: str) -> bool:
    """Whether the text ends without any closing mark (weaker than :func:`cut_off`)."""
    return text.rstrip()[-1:].isalnum()


def cut_off(text: str) -> bool:
    """Whether the text seems to stop in mid-sentence: on a comma, or on a word that goes on."""
    tail = text.rstrip()
    if not tail:
        return False
    if tail[-1] in ",(–-/“":
        return True
    return tail.split()[-1] in _OPEN_WORDS


def shorten(name: str) -> str:
    """The name cut at a word, with "…", to what a page title holds (255 characters)."""
    if len(name) <= TITLE_LIMIT:
        return name
    head = name[: TITLE_LIMIT - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:–-") + "…"


def in_capitals(name: str) -> bool:
    """Whether the whole name is shouted (two letters or more, none of them small)."""
    return sum(map(str.isalpha, name)) > 1 and name == name.upper()


def unshout(name: str, context: str) -> str | None:
    """A name in capitals as a sentence, or None when that is not safe.

    Each word must stand in small letters in the record's own texts (or be a plain word of the
    office, such as "thủ tục", which a short record may lack); capitals win for a pair of
    words that stand together with capitals ("Việt Nam") and never without. Any other word may be
    a name or an abbreviation, so then the whole name stays as it is.
    """
    spellings: dict[str, set[str]] = {}
    words = re.findall(r"\w+", context)
    for word in words:
        spellings.setdefault(word.upper(), set()).add(word)
    pairs = {f"{one} {two}" for one, two in itertools.pairwise(words)}
    parts = re.split(r"(\w+)", name)
    shouted = parts[1::2]
    result: list[str | None] = [
        word.lower()
        if word.isdigit() or word.lower() in spellings.get(word, set()) | _PLAIN_WORDS
        else None
        for word in shouted
    ]
    for n in range(len(shouted) - 1):
        one, two = shouted[n].capitalize(), shouted[n + 1].capitalize()
        if f"{one} {two}" in pairs and f"{one.lower()} {two.lower()}" not in pairs:
            # "Thành lập" opens sentences; a proper name has both words in capitals.
            result[n], result[n + 1] = one, two
    words = [word for word in result if word is not None]
    if len(words) < len(shouted):
        return None
    parts[1::2] = words
    text = "".join(parts)
    return text[:1].upper() + text[1:]
