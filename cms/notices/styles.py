"""Sizes, colours and letters of a notice on A4 and on A3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from cms.printing_fonts import BOLD, REGULAR, register_fonts

LACQUER = HexColor("#981b1e")
GOLD = HexColor("#b5851c")
INK = HexColor("#1b1a1e")
MUTED = HexColor("#504e55")
RULE = HexColor("#a9a39a")
WASH = HexColor("#f4eee6")
WHITE = HexColor("#ffffff")

#: Times the size, from one line to the next: stacked Vietnamese marks must not touch.
LEADING = 1.34


@dataclass(frozen=True)
class Format:
    """A paper size: page and margin in points, columns of text, size of the running text.

    A4 is read in the hand or from half a metre; A3 hangs on a wall, so it has larger letters, and
    two columns that keep a line to about 65 characters.
    """

    page: tuple[float, float]
    margin: float
    columns: int
    gutter: float
    body: float
    code: float

    @property
    def width(self) -> float:
        """Points between the margins."""
        return self.page[0] - 2 * self.margin

    @property
    def top(self) -> float:
        """Height at which a first page begins."""
        return self.page[1] - self.margin * 0.8

    @property
    def column(self) -> float:
        """Width of one column of text."""
        return (self.width - (self.columns - 1) * self.gutter) / self.columns


FORMATS = {
    "A4": Format(A4, 16 * mm, 1, 0.0, 10.4, 25 * mm),
    "A3": Format(A3, 18 * mm, 2, 9 * mm, 12.6, 34 * mm),
}


@dataclass(frozen=True)
class Styles:
    """Paragraph styles of one paper size."""

    body: ParagraphStyle
    listed: ParagraphStyle
    bold: ParagraphStyle
    cell: ParagraphStyle
    cell_bold: ParagraphStyle
    cell_centre: ParagraphStyle
    cell_head: ParagraphStyle
    head: ParagraphStyle
    caption: ParagraphStyle
    city: ParagraphStyle
    office: ParagraphStyle
    small: ParagraphStyle
    code_words: ParagraphStyle
    kind: ParagraphStyle
    name: ParagraphStyle
    long_name: ParagraphStyle
    box_head: ParagraphStyle
    box_value: ParagraphStyle
    box_small: ParagraphStyle
    warning: ParagraphStyle


def _style(name: str, font: str, size: float, **more: object) -> ParagraphStyle:
    values = {"fontName": font, "fontSize": size, "leading": size * LEADING, "textColor": INK}
    return ParagraphStyle(name, splitLongWords=1, **{**values, **more})


@lru_cache(maxsize=2)
def styles(size: str) -> Styles:
    """The styles for a key of FORMATS."""
    register_fonts()
    b = FORMATS[size].body
    return Styles(
        body=_style("body", REGULAR, b, spaceAfter=0.28 * b),
        listed=_style(
            "listed", REGULAR, b, spaceAfter=0.2 * b, leftIndent=1.1 * b, bulletIndent=0.2 * b
        ),
        bold=_style("bold", BOLD, b, spaceAfter=0.28 * b),
        cell=_style("cell", REGULAR, b * 0.96),
        cell_bold=_style("cell-bold", BOLD, b * 0.96),
        cell_centre=_style("cell-centre", REGULAR, b * 0.96, alignment=TA_CENTER),
        cell_head=_style("cell-head", BOLD, b * 0.88, leading=b * 1.15),
        head=_style("head", BOLD, b * 1.06, textColor=LACQUER),
        caption=_style("caption", BOLD, b, spaceBefore=0.5 * b, spaceAfter=0.3 * b),
        city=_style("city", BOLD, b * 1.05),
        office=_style("office", BOLD, b * 1.15),
        small=_style("small", REGULAR, b * 0.88, textColor=MUTED),
        code_words=_style(
            "code-words", REGULAR, b * 0.85, leading=b * 1.05, textColor=MUTED, alignment=TA_CENTER
        ),
        kind=_style("kind", BOLD, b * 1.42, textColor=LACQUER),
        name=_style("name", BOLD, b * 1.75, leading=b * 1.75 * 1.28),
        long_name=_style("long-name", BOLD, b * 1.3, leading=b * 1.3 * 1.3),
        box_head=_style(
            "box-head", BOLD, b * 0.95, textColor=WHITE, alignment=TA_CENTER, leading=b * 1.2
        ),
        box_value=_style("box-value", BOLD, b * 1.22, spaceAfter=0.25 * b),
        box_small=_style("box-small", REGULAR, b * 0.88, spaceAfter=0.15 * b),
        warning=_style("warning", BOLD, b * 1.1, textColor=LACQUER),
    )
