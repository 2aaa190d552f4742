"""Citizens' sentences as haystack input: ``SearchQuerySet().filter(content=Ask("…"))``."""

from __future__ import annotations

from typing import Any

from haystack.inputs import BaseInput

from search import vietnamese as vn


class Ask(BaseInput):
    """A sentence, scored by search/scoring.py; nothing in it is query syntax.

    ``mode`` as in search/fields.py: "question", "guess", "suggest"; ``levels`` come first.
    """

    input_type_name = "ask"
    post_process = False

    def prepare(self, query_obj: Any) -> str:
        """Only syllables with spaces between, in quotes: Whoosh's parser has nothing to read."""
        words = " ".join(token.text for token in vn.tokens(vn.clean(self.query_string)))
        levels = "+".join(self.kwargs.get("levels", ()))
        return f"{self.kwargs.get('mode', 'question')}:'{levels}/{words}'"
