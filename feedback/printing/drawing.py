"""Words and faces on a printed page: centred, wrapped, smaller where a name is long."""

from __future__ import annotations

from functools import lru_cache

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from cms.printing_fonts import check_glyphs, text_width

LACQUER = HexColor("#981b1e")
GOLD = HexColor("#b5851c")
INK = HexColor("#1b1a1e")
MUTED = HexColor("#504e55")
WHITE = HexColor("#ffffff")
BLACK = HexColor("#000000")

#: Times the size, from one line to the next; stacked Vietnamese marks must not touch.
LEADING = 1.24


class Column:
    """A column of centred words on a page; lengths are in points, heights above the lower edge.

    Sizes of words are multiplied by ``scale``; a text that needs more than its lines shrinks.
    """

    def __init__(self, canvas: Canvas, *, middle: float, room: float, scale: float) -> None:
        self.canvas, self.middle, self.room, self.scale = canvas, middle, room, scale

    def lines(self, text: str, font: str, size: float, most: int) -> tuple[list[str], float]:
        """The text in at most ``most`` lines of the column's width, and their size.

        Raises :class:`~cms.printing_fonts.MissingGlyph` for letters our font lacks.
        """
        lines, size = _fitted(check_glyphs(text), font, size * self.scale, self.room, most)
        return list(lines), size

    def write(
        self, y: float, text: str, font: str, size: float, colour: Color, most: int = 1
    ) -> float:
        """Write centred lines downwards from ``y`` (their top); the height below them."""
        lines, size = self.lines(text, font, size, most)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        for line in lines:
            self.canvas.drawCentredString(self.middle, y - size, line)
            y -= size * LEADING
        return y

    def height_of(self, text: str, font: str, size: float, most: int = 1) -> float:
        """The height that :meth:`write` would use."""
        lines, size = self.lines(text, font, size, most)
        return len(lines) * size * LEADING


@lru_cache(maxsize=512)
def _fitted(
    text: str, font: str, size: float, room: float, most: int
) -> tuple[tuple[str, ...], float]:
    """The lines and their size, kept: a roll says the same names on every slip."""
    while True:
        lines = _wrap(text, font, size, room)
        if len(lines) <= most and all(text_width(x, font, size) <= room for x in lines):
            return tuple(_balanced(lines, text, font, size)), size
        size *= 0.94


def _balanced(lines: list[str], text: str, font: str, size: float) -> list[str]:
    """The same number of lines, as equal in length as they come: no single word on the last."""
    while len(lines) > 1:
        longest = max(text_width(line, font, size) for line in lines)
        tighter = _wrap(text, font, size, longest * 0.99)
        widest = max(text_width(line, font, size) for line in tighter)
        if len(tighter) > len(lines) or widest >= longest:
            break
        lines = tighter
    return lines


def _wrap(text: str, font: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", font, size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def draw_faces(canvas: Canvas, *, middle: float, top: float, radius: float) -> None:
    """The five faces of the form, from very dissatisfied to very satisfied."""
    canvas.setStrokeColor(INK)
    canvas.setFillColor(INK)
    canvas.setLineWidth(radius / 9)
    canvas.setLineCap(1)
    y = top - radius
    for place, bend in enumerate((-0.55, -0.28, 0.0, 0.28, 0.55)):
        x = middle + (place - 2) * 3.1 * radius
        canvas.circle(x, y, radius)
        for side in (-1, 1):
            canvas.circle(x + side * radius * 0.36, y + radius * 0.25, radius * 0.1, 0, 1)
        # A mouth with its corners ``bend`` above its middle, around the same height.
        half, height = radius * 0.5, y - radius * 0.38
        corner, middle_of_mouth = height + bend * radius / 2, height - bend * radius / 2
        mouth = canvas.beginPath()
        mouth.moveTo(x - half, corner)
        mouth.curveTo(
            x - half / 2, middle_of_mouth, x + half / 2, middle_of_mouth, x + half, corner
        )
        canvas.drawPath(mouth, fill=0, stroke=1)
