"""haystack fields that our backend knows how to index."""

from __future__ import annotations

from typing import Any

from haystack import indexes


class SyllableField(indexes.CharField):
    """A set of syllables, already spelt as the index spells them; not stored.

    ``marked`` fields keep the marks, and so does what is looked for in them.
    """

    field_type = "syllables"

    def __init__(self, marked: bool = False, **kwargs: Any) -> None:
        self.marked = marked
        kwargs.setdefault("stored", False)
        super().__init__(**kwargs)


class KeysField(indexes.MultiValueField):
    """Keys without spaces, for filters and counts; not stored."""

    field_type = "keys"


class ExactField(indexes.CharField):
    """One value, found only as it is."""

    field_type = "exact"


class PriorField(indexes.IntegerField):
    """A whole number per document, in a column the score reads."""

    field_type = "prior"


class SortField(indexes.CharField):
    """A text that results can be put in the order of; never searched, not stored."""

    field_type = "sort"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("stored", False)
        super().__init__(**kwargs)


class PayloadField(indexes.CharField):
    """Stored, never searched: what a result card shows."""

    field_type = "payload"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("indexed", False)
        super().__init__(**kwargs)


class AskField(indexes.CharField):
    """Not content but a way to ask: ``question:'…'``; see search/schema.py.

    ``mode`` is "question", "guess" (whatever has a word in common) or "suggest" (names that
    begin to fit what is being typed).
    """

    field_type = "ask"

    def __init__(self, mode: str, **kwargs: Any) -> None:
        self.mode = mode
        kwargs.setdefault("null", True)
        super().__init__(**kwargs)
