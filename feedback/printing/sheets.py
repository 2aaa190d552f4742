"""Counter posters as vector PDF: one page a counter, A4, A5 or A6 (rating.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from cms.models import Counter
from cms.printing_fonts import BOLD, REGULAR, check_glyphs, register_fonts, text_width
from cms.qr import QUIET, draw_code, make_code
from feedback.printing.qr import CODE_MM, counter_address, spoken_address

PAGES = {"A4": A4, "A5": A5, "A6": A6}

HEADLINE = "Bạn được phục vụ thế nào?"
INVITATION = "Quét mã để đánh giá quầy này: 30 giây, ẩn danh"
ENGLISH = "Scan to rate this counter – 30 seconds, anonymous"
OR_TYPE = "Không quét được? Mở"
PROMISE = "Chúng tôi không bao giờ hỏi mật khẩu, OTP hay tiền."

_LACQUER = HexColor("#981b1e")
_GOLD = HexColor("#b5851c")
_INK = HexColor("#1b1a1e")
_MUTED = HexColor("#504e55")
_WHITE = HexColor("#ffffff")

#: Text sizes in points, before a sheet's scale.
_HEADLINE, _INVITATION, _ENGLISH = 19.0, 10.0, 8.0
_COUNTER, _OFFICE, _TYPED, _CODE, _PROMISE = 16.0, 10.5, 8.5, 13.0, 9.0
#: Times the size, from one line to the next; stacked Vietnamese marks must not touch.
_LEADING = 1.24


#: Words of a sheet against those of A6: A4 gives most of its height to the code.
_SCALE = {"A6": 1.05, "A5": 1.42, "A4": 1.95}
#: Words may shrink to this share of their size before a sheet is refused.
_SMALLEST = 0.62


class _Sheet:
    """One page being drawn; heights are in points above the lower edge."""

    def __init__(self, canvas: Canvas, size: str, shrink: float) -> None:
        self.canvas = canvas
        self.width, self.height = PAGES[size]
        self.scale = _SCALE[size] * shrink
        self.unit = mm * self.scale
        self.room = self.width - 14 * mm * _SCALE[size]

    def lines(self, text: str, font: str, size: float, most: int) -> tuple[list[str], float]:
        """The text in at most ``most`` lines of the page's width, smaller if it must be."""
        text, size = check_glyphs(text), size * self.scale
        while True:
            lines = _wrap(text, font, size, self.room)
            if len(lines) <= most and all(text_width(x, font, size) <= self.room for x in lines):
                return lines, size
            size *= 0.94

    def write(
        self, y: float, text: str, font: str, size: float, colour: HexColor, most: int = 1
    ) -> float:
        """Write centred lines downwards from ``y`` (their top); the height below them."""
        lines, size = self.lines(text, font, size, most)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        for line in lines:
            self.canvas.drawCentredString(self.width / 2, y - size, line)
            y -= size * _LEADING
        return y

    def height_of(self, text: str, font: str, size: float, most: int = 1) -> float:
        """The height that :meth:`write` would use."""
        lines, size = self.lines(text, font, size, most)
        return len(lines) * size * _LEADING

    def band(self, *, bottom: float, height: float) -> None:
        """A red band over the whole width."""
        self.canvas.setFillColor(_LACQUER)
        self.canvas.rect(0, bottom, self.width, height, fill=1, stroke=0)

    def faces(self, *, top: float) -> None:
        """The five faces of the form, from very dissatisfied to very satisfied."""
        radius = 4 * self.unit
        self.canvas.setStrokeColor(_INK)
        self.canvas.setFillColor(_INK)
        self.canvas.setLineWidth(radius / 9)
        self.canvas.setLineCap(1)
        for place, bend in enumerate((-0.55, -0.28, 0.0, 0.28, 0.55)):
            x = self.width / 2 + (place - 2) * 3.1 * radius
            y = top - radius
            self.canvas.circle(x, y, radius)
            for side in (-1, 1):
                self.canvas.circle(
                    x + side * radius * 0.36, y + radius * 0.25, radius * 0.1, stroke=0, fill=1
                )
            # A mouth with its corners ``bend`` above its middle, around the same height.
            half, height = radius * 0.5, y - radius * 0.38
            corner, middle = height + bend * radius / 2, height - bend * radius / 2
            mouth = self.canvas.beginPath()
            mouth.moveTo(x - half, corner)
            mouth.curveTo(x - half / 2, middle, x + half / 2, middle, x + half, corner)
            self.canvas.drawPath(mouth, fill=0, stroke=1)


def _wrap(text: str, font: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", font, size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _draw_sheet(canvas: Canvas, counter: Counter, size: str) -> None:
    """Draw the page with words as large as its names allow; ValueError when nothing fits."""
    code = make_code(counter_address(counter))
    width = CODE_MM[size] * mm
    quiet = QUIET * width / code.size
    parts = [
        (counter.name, BOLD, _COUNTER, _INK, 2),
        (counter.office.title, REGULAR, _OFFICE, _INK, 3),
        (f"Mã quầy: {counter.code}", BOLD, _CODE, _LACQUER, 1),
        (f"{OR_TYPE} {spoken_address(counter)}", REGULAR, _TYPED, _INK, 2),
    ]
    shrink = 1.0
    while True:
        sheet = _Sheet(canvas, size, shrink)
        band = sheet.height_of(HEADLINE, BOLD, _HEADLINE) + 5.5 * sheet.unit
        words = sheet.height_of(INVITATION, BOLD, _INVITATION)
        words += sheet.height_of(ENGLISH, REGULAR, _ENGLISH)
        upper = sheet.height - band - 3 * sheet.unit - words
        foot = sheet.height_of(PROMISE, BOLD, _PROMISE) + 3.6 * sheet.unit
        lower = foot + 2 * sheet.unit + sum(sheet.height_of(t, f, s, m) for t, f, s, _, m in parts)
        spare = upper - lower - width - 2 * quiet
        if spare >= 0:
            break
        shrink *= 0.96
        if shrink < _SMALLEST:
            raise ValueError(
                f"{counter.name}, {counter.office.title}: "
                f"tên quá dài, không đủ chỗ trên khổ {size}."
            )

    sheet.band(bottom=sheet.height - band, height=band)
    canvas.setFillColor(_GOLD)
    canvas.rect(0, sheet.height - band - sheet.unit, sheet.width, sheet.unit, fill=1, stroke=0)
    sheet.write(sheet.height - 2.4 * sheet.unit, HEADLINE, BOLD, _HEADLINE, _WHITE)
    y = sheet.write(upper + words, INVITATION, BOLD, _INVITATION, _INK)
    sheet.write(y, ENGLISH, REGULAR, _ENGLISH, _MUTED)
    faces = 10 * sheet.unit
    if spare >= faces:  # the quiet zone below them stays empty
        sheet.faces(top=upper - 2 * sheet.unit)
        upper, spare = upper - faces, spare - faces
    draw_code(
        canvas,
        code,
        left=(sheet.width - width) / 2,
        top=upper - spare / 2 - quiet,
        width=width,
    )
    y = lower
    for text, font, points, colour, most in parts:
        y = sheet.write(y, text, font, points, colour, most)
    sheet.band(bottom=0, height=foot)
    sheet.write(foot - 1.4 * sheet.unit, PROMISE, BOLD, _PROMISE, _WHITE)


def write_sheets(
    counters: Iterable[Counter],
    out: BinaryIO,
    *,
    size: str = "A5",
    progress: Callable[[Counter], None] | None = None,
) -> int:
    """Write one PDF with a page for every counter; how many pages it has.

    ``size`` is A4, A5 or A6 (code 150, 88, 50 mm wide: scanned from 1.2, 0.7, 0.4 m).
    ``progress`` is called after each page. Raises MissingGlyph for a name our font cannot write,
    ValueError for names that leave no room, or when there is no counter; nothing is written then.
    """
    register_fonts()
    canvas = Canvas(out, pagesize=PAGES[size], pageCompression=1, lang="vi-VN")
    canvas.setTitle("Mã QR đánh giá phục vụ")
    canvas.setAuthor("Bốn Công Khai")
    pages = 0
    for counter in counters:
        _draw_sheet(canvas, counter, size)
        canvas.bookmarkPage(counter.code)
        canvas.addOutlineEntry(str(counter), counter.code)
        canvas.showPage()
        pages += 1
        if progress:
            progress(counter)
    if not pages:
        raise ValueError("Không có quầy nào để in.")
    canvas.save()
    return pages
