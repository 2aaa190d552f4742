"""Vietnamese text for addresses and messy sources, without Django (search has its own, richer)."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """Text without marks, lower case; đ does not decompose, so it is replaced by hand."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_NOTE_LABEL = re.compile(r"^[\s*(+•–-]*(?:lưu ý|ghi chú)\b", re.IGNORECASE)


def is_note(step: str) -> bool:
    """Whether a text among the steps is a note ("* Lưu ý: …"), which has no number."""
    return bool(_NOTE_LABEL.match(step))
