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
        text = vn.clean(self.query_string)
        words = " ".join(token.text for token in vn.tokens(text))
        code = vn.code_in(text)
        if code and code not in words.split():  # "1,001193" falls apart into two numbers
            words = f"{code} {words}"
        levels = "+".join(self.kwargs.get("levels", ()))
        return f"{self.kwargs.get('mode', 'question')}:'{levels}/{words}'"
