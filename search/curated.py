"""The language the search uses now: what the product brings along, changed by editors."""

from __future__ import annotations

from functools import lru_cache

from search.language import Language, shipped


@lru_cache(maxsize=1)
def _shipped() -> Language:
    return Language(shipped(), "shipped")


def current_language() -> Language:
    """The language of this moment; the same object as long as nothing changes."""
    return _shipped()
