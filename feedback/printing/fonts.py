"""The font of everything printed: Source Sans Pro, whole files that carry Vietnamese.

Fonts that are split into subset files print wrong letters in PDF without an error, so one whole
TTF a weight is used, and a letter it lacks raises instead of leaving a gap on paper.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from font_source_sans_pro import font_files_ttf  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "SourceSansPro"
BOLD = "SourceSansProBold"


class MissingGlyph(ValueError):
    """The font has no picture for a character of the text."""


def font_path(name: str) -> str:
    """The TTF file of :data:`REGULAR` or :data:`BOLD`."""
    return font_files_ttf[name]


@lru_cache(maxsize=2)
def _face(name: str) -> TTFont:
    font = TTFont(name, font_path(name))
    pdfmetrics.registerFont(font)
    return font


def register_fonts() -> None:
    """Make both weights known to reportlab; again changes nothing."""
    for name in (REGULAR, BOLD):
        _face(name)


def check_glyphs(text: str) -> str:
    """The text in NFC (marks joined to their letters), sure to print.

    Raises :class:`MissingGlyph` that names the first character the font lacks.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    for name in (REGULAR, BOLD):
        known = _face(name).face.charToGlyph
        for char in text:
            if ord(char) not in known:
                raise MissingGlyph(
                    f"Phông chữ in không có ký tự “{char}” (U+{ord(char):04X}) trong “{text}”."
                )
    return text


def text_width(text: str, font: str, size: float) -> float:
    """Width of the text in the unit of ``size``."""
    _face(font)
    return float(pdfmetrics.stringWidth(text, font, size))
