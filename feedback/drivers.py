"""What an answer is due to: words of the choices, and their bits in ``Rating.drivers``.

The same list follows a low and a high answer, and its words are neutral: they name a subject and
say neither "good" nor "bad". Which of the two is meant, the answer about attitude tells.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from feedback.models.ratings import DRIVERS

#: Name of a driver → the words on the form, in the order of the form.
DRIVER_WORDS: dict[str, str | Promise] = {
    "manner": gettext_lazy("Cách nói năng"),
    "listening": gettext_lazy("Lắng nghe"),
    "explaining": gettext_lazy("Giải thích"),
    "order": gettext_lazy("Đúng thứ tự"),
    "waiting": gettext_lazy("Chờ đợi"),
    "papers": gettext_lazy("Giấy tờ phải nộp"),
    "money": gettext_lazy("Khoản phải nộp"),
}
#: Every bit that can be set.
ALL_DRIVERS = (1 << len(DRIVERS)) - 1


def bits_of(names: Iterable[str]) -> int:
    """The bits of these drivers; names that are none are passed over.

    A choice nobody must make is no reason to turn a rating away.
    """
    chosen = set(names)
    return sum(1 << place for place, name in enumerate(DRIVERS) if name in chosen)


def names_of(bits: int) -> list[str]:
    """The drivers whose bits are set, in the order of the form; bits of no driver are ignored."""
    return [name for place, name in enumerate(DRIVERS) if bits >> place & 1]


def words_of(bits: int) -> list[str | Promise]:
    """The words of the drivers whose bits are set, in the order of the form."""
    return [DRIVER_WORDS[name] for name in names_of(bits)]
