"""What a person may do to the text of a comment before it is public: cover more, never reword.

Pure. The rules of :mod:`feedback.masks` find what is private; a person covers what they missed by
putting :data:`COVERED` in its place. A new text is accepted only when it can be got from the old
one by covering parts of it; a part that is uncovered again must be the citizen's own word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from feedback.masks import WORDS, mask

#: What a person puts in place of a part.
COVERED = "[…]"
#: How people type it.
_COVERED = re.compile(r"\[\s*(?:…|\.{2,}|\*+|x+)\s*\]", re.IGNORECASE)
#: Whatever stands for something covered: the rules' own words, or a person's.
_ANY_COVER = re.compile("|".join(re.escape(one) for one in (COVERED, *WORDS.values())))


def masked_text(text: str, names: Iterable[str] = ()) -> str:
    """``text`` with everything private covered by the rules; ``names`` are officers'."""
    return mask(text, names=tuple(names))


def is_private(text: str, names: Iterable[str] = ()) -> bool:
    """Whether the rules would cover anything in ``text``."""
    return masked_text(text, names) != text


def tidy(text: str) -> str:
    """A text as a form sends it: one kind of line end, covers written alike, no blank ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _COVERED.sub(COVERED, text)


def covers_only(old: str, new: str) -> bool:
    """Whether ``new`` is ``old`` with parts of it covered, and nothing else.

    >>> covers_only("gọi Tư ở tổ 5", "gọi […] ở tổ 5")
    True
    >>> covers_only("chờ lâu quá", "chờ không lâu")
    False
    """
    return _fits(new.split(COVERED), old)


def from_original(original: str, new: str) -> bool:
    """Whether ``new`` is the citizen's own text with parts covered, by a person or by the rules."""
    return _fits(_ANY_COVER.split(new), original)


def _fits(kept: Sequence[str], old: str) -> bool:
    """Whether the kept pieces lie in ``old`` one after another, the ends at its ends."""
    if len(kept) == 1:
        return kept[0] == old
    first, last = kept[0], kept[-1]
    if not old.startswith(first) or not old.endswith(last) or len(first) + len(last) > len(old):
        return False
    place, end = len(first), len(old) - len(last)
    for piece in kept[1:-1]:
        found = old.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True
