"""The font of everything printed: Source Sans Pro, whole files that carry Vietnamese.

Fonts that are split into subset files print wrong letters in PDF without an error, so one whole
TTF a weight is used. A poster is refused when the font lacks a letter of it
(:func:`check_glyphs`); a long text of the national record gets a look-alike or the character's
number instead (:func:`printable`), never a gap.
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


#: Characters of the real records that the font lacks → what prints in their place. The private
#: ones are Wingdings bullets; "ƣ" is what old fonts showed for "ư"; enclosing signs stand alone.
_LOOK_ALIKES = {
    "\uf076": "•",
    "\uf0b7": "•",
    "\uf0a7": "•",
    "\uf02b": "+",
    "\uf02d": "-",
    "\uf097": "•",
    "\uf0d8": "•",
    "\uf0fc": "✓",
    "●": "•",
    "○": "◦",
    "▪": "•",
    "■": "•",
    "♦": "•",
    "❖": "•",
    "➢": "•",
    "➤": "•",
    "►": "•",
    "⁕": "*",
    "\u20f0": "*",
    "ƣ": "ư",
    "Ƣ": "Ư",
    "⇒": "→",
    "⇔": "↔",
    "☐": "□",
    "☑": "✓",
    "\u2028": "\n",
    "\u2029": "\n",
}
#: Marks without a width of their own that mean nothing on paper: joiners, directions, BOM.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0f"))


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[str]:
    """Characters both weights have."""
    both = set(_face(REGULAR).face.charToGlyph) & set(_face(BOLD).face.charToGlyph)
    return frozenset(map(chr, both))


@lru_cache(maxsize=4096)
def _substitute(char: str) -> str:
    """What prints for a character the font lacks; its number as the last resort."""
    if char in "\n\t" or char.isspace():
        return char if char == "\n" else " "
    candidate = _LOOK_ALIKES.get(char, "")
    # A compatibility form ("ﬁ", "㎡", full-width letters) often has plain letters for it.
    for text in (candidate, unicodedata.normalize("NFKC", char)):
        if text and text != char and all(one in _glyphs() or one == "\n" for one in text):
            return text
    if unicodedata.category(char) == "Cc":
        return " "
    return "•" if unicodedata.category(char) == "Co" else f"‹U+{ord(char):04X}›"


def printable(text: str) -> str:
    """The text as our font can print it: NFC, look-alikes for what the font lacks.

    Line breaks stay. Nothing is dropped but characters that show nothing; what has no look-alike
    prints as its number, "‹U+1F600›", so that a reader sees that something stood there.
    """
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    known = _glyphs()
    if known.issuperset(text):
        return text
    return "".join(char if char in known else _substitute(char) for char in text)
