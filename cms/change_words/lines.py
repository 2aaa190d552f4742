"""A change as a line of a page, and what every kind of words needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.changes import ADDED, CHANGED, REMOVED
from cms.word_diff import Piece, folded, word_diff

#: Longer than this, or of several lines: shown with its changed words marked.
SHORT = 70

CHANNELS = {
    "": gettext_lazy("mọi hình thức"),
    "direct": gettext_lazy("trực tiếp"),
    "online": gettext_lazy("trực tuyến"),
    "postal": gettext_lazy("bưu chính"),
    "other": gettext_lazy("hình thức nguồn không ghi rõ"),
}


@dataclass(frozen=True)
class Line:
    """One change as a line of a page.

    ``head`` says what ("Lệ phí trực tiếp", "Thêm giấy tờ"); then either ``old`` → ``new`` in
    short, or ``pieces`` of a text with the changed words marked, or ``new``/``old`` alone.
    """

    head: str
    kind: str = CHANGED
    old: str = ""
    new: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The line as plain text, for feeds, JSON and boxes; long texts are only named."""
        if self.pieces:
            return _("%(what)s: đã sửa") % {"what": self.head}
        if self.kind == CHANGED and self.old and self.new:
            return f"{self.head}: {self.old} → {self.new}"
        words = self.new or self.old
        return f"{self.head}: {words}" if words else self.head


def decimal_of(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def flat(text: str) -> str:
    return " ".join(text.split())


def low(text: object) -> str:
    """A name inside a phrase: "Thêm yêu cầu, điều kiện"."""
    words = str(text)
    return words[:1].lower() + words[1:]


def shorten(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rsplit(None, 1)[0].rstrip('… ')}…"


def day_text(iso: str | None) -> str:
    """ "2027-01-01" → "01/01/2027"; what is no date stays."""
    try:
        return date_format(date.fromisoformat(iso or ""), "SHORT_DATE_FORMAT")
    except ValueError:
        return iso or ""


def of_channels(what: str, kinds: Sequence[str]) -> str:
    """ "Lệ phí" of ("direct", "online") → "Lệ phí trực tiếp, trực tuyến"."""
    names = ", ".join(str(CHANNELS.get(kind, kind)) for kind in kinds)
    return _("%(what)s %(channels)s") % {"what": what, "channels": names} if names else what


def text_line(
    name: object, old: str, new: str, *, added: str = "", removed: str = "", excerpt: bool = False
) -> Line:
    """A text that came, went or changed, in the fitting form."""
    if not old:
        return Line(added or _("Thêm %(what)s") % {"what": low(name)}, ADDED, "", new)
    if not new:
        return Line(removed or _("Bỏ %(what)s") % {"what": low(name)}, REMOVED, old)
    if max(len(old), len(new)) <= SHORT and "\n" not in old + new:
        return Line(str(name), CHANGED, old, new)
    return Line(str(name), CHANGED, pieces=tuple(folded(word_diff(old, new))))
