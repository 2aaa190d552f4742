"""Finding procedures in the editor's lists, where nobody wants to type every mark.

This is a list filter for some thousand titles, not the citizens' search (that is ``search/``).
"""

from __future__ import annotations

from functools import lru_cache

from cms.models import ProcedurePage
from cms.text import fold

# Folding is pure, so remembering it is safe; 20,000 titles are about 10 MB.
_folded = lru_cache(maxsize=20_000)(fold)


def matching_procedures(query: str) -> list[int]:
    """Primary keys of the procedures that have every word of ``query`` in their name, everyday
    name or code; marks, case and the form of the text (NFC or NFD) do not matter."""
    words = fold(query).split()
    if not words:
        return []
    rows = ProcedurePage.objects.order_by().values_list("pk", "code", "title", "plain_name")
    found = []
    for pk, code, title, plain_name in rows.iterator(chunk_size=2000):
        text = f"{code.lower()} {code.replace('.', '')} {_folded(title)} {_folded(plain_name)}"
        if all(word in text for word in words):
            found.append(pk)
    return found
