"""Vietnamese text for addresses and messy sources, without Django (search has its own, richer)."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Text without marks, lower case; đ does not decompose, so it is replaced by hand."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
