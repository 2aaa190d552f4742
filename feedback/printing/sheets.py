"""Counter posters as vector PDF: one page a code, A4, A5 or A6 (rating.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from cms.printing_fonts import BOLD, REGULAR, register_fonts
from cms.qr import QUIET, draw_code, make_code
from feedback.models import PosterCode
from feedback.printing.drawing import GOLD, INK, LACQUER, MUTED, WHITE, Column, draw_faces
from feedback.printing.qr import CODE_MM, address_of, spoken_address

PAGES = {"A4": A4, "A5": A5, "A6": A6}
TITLE = "Mã QR đánh giá phục vụ"
AUTHOR = "Bốn Công Khai"

HEADLINE = "Bạn được phục vụ thế nào?"
INVITATION = "Quét mã để đánh giá quầy này: 30 giây, ẩn danh"
ENGLISH = "Scan to rate this counter – 30 seconds, anonymous"
OR_TYPE = "Không quét được? Mở"
PROMISE = "Chúng tôi không bao giờ hỏi mật khẩu, OTP hay tiền."
PROMISE_ENGLISH = "We never ask for passwords, one-time codes or money."

#: Text sizes in points, before a sheet's scale.
_HEADLINE, _INVITATION, _ENGLISH = 19.0, 10.0, 8.0
_COUNTER, _OFFICE, _TYPED, _CODE = 16.0, 10.5, 8.5, 13.0
_SERIAL, _PROMISE, _PROMISE_ENGLISH = 6.5, 9.2, 7.2

#: Words of a sheet against those of A6: A4 gives most of its height to the code.
_SCALE = {"A6": 1.05, "A5": 1.42, "A4": 1.95}
#: Words may shrink to this share of their size before a sheet is refused.
_SMALLEST = 0.62

#: Text, font, size, colour, lines at most.
_Part = tuple[str, str, float, Color, int]


def serial_line(poster: PosterCode) -> str:
    """What tells sheets of one edition from those of another: "Tờ số 000123-2, cấp …"."""
    return f"Tờ số {poster.serial} · cấp ngày {poster.issued_on:%d/%m/%Y}"


def _below(poster: PosterCode) -> list[_Part]:
    """The words under the code."""
    return [
        (poster.counter.name, BOLD, _COUNTER, INK, 2),
        (poster.counter.office.title, REGULAR, _OFFICE, INK, 3),
        (f"Mã quầy: {poster.code}", BOLD, _CODE, LACQUER, 1),
        (f"{OR_TYPE} {spoken_address(poster.code)}", REGULAR, _TYPED, INK, 2),
        (serial_line(poster), REGULAR, _SERIAL, MUTED, 1),
    ]


def draw_sheet(canvas: Canvas, poster: PosterCode, size: str) -> None:
    """Draw the page with words as large as its names allow; ValueError when nothing fits."""
    code = make_code(address_of(poster.code))
    page_width, page_height = PAGES[size]
    width = CODE_MM[size] * mm
    quiet = QUIET * width / code.size
    parts = _below(poster)
    shrink = 1.0
    while True:
        scale = _SCALE[size] * shrink
        unit = mm * scale
        column = Column(
            canvas, middle=page_width / 2, room=page_width - 14 * mm * _SCALE[size], scale=scale
        )
        band = column.height_of(HEADLINE, BOLD, _HEADLINE) + 5.5 * unit
        words = column.height_of(INVITATION, BOLD, _INVITATION)
        words += column.height_of(ENGLISH, REGULAR, _ENGLISH)
        upper = page_height - band - 3 * unit - words
        foot = column.height_of(PROMISE, BOLD, _PROMISE) + 3.2 * unit
        foot += column.height_of(PROMISE_ENGLISH, REGULAR, _PROMISE_ENGLISH)
        lower = foot + 1.6 * unit + sum(column.height_of(t, f, s, m) for t, f, s, _, m in parts)
        spare = upper - lower - width - 2 * quiet
        if spare >= 0:
            break
        shrink *= 0.96
        if shrink < _SMALLEST:
            raise ValueError(
                f"{poster.counter.name}, {poster.counter.office.title}: "
                f"tên quá dài, không đủ chỗ trên khổ {size}."
            )

    _band(canvas, page_width, bottom=page_height - band, height=band)
    canvas.setFillColor(GOLD)
    canvas.rect(0, page_height - band - unit, page_width, unit, fill=1, stroke=0)
    column.write(page_height - 2.4 * unit, HEADLINE, BOLD, _HEADLINE, WHITE)
    y = column.write(upper + words, INVITATION, BOLD, _INVITATION, INK)
    column.write(y, ENGLISH, REGULAR, _ENGLISH, MUTED)
    faces = 10 * unit
    if spare >= faces:  # the quiet zone below them stays empty
        draw_faces(canvas, middle=page_width / 2, top=upper - 2 * unit, radius=4 * unit)
        upper, spare = upper - faces, spare - faces
    draw_code(
        canvas, code, left=(page_width - width) / 2, top=upper - spare / 2 - quiet, width=width
    )
    y = lower
    for text, font, points, colour, most in parts:
        y = column.write(y, text, font, points, colour, most)
    _band(canvas, page_width, bottom=0, height=foot)
    y = column.write(foot - 1.3 * unit, PROMISE, BOLD, _PROMISE, WHITE)
    column.write(y, PROMISE_ENGLISH, REGULAR, _PROMISE_ENGLISH, WHITE)


def _band(canvas: Canvas, width: float, *, bottom: float, height: float) -> None:
    """A red band over the whole width."""
    canvas.setFillColor(LACQUER)
    canvas.rect(0, bottom, width, height, fill=1, stroke=0)


def new_canvas(out: BinaryIO, page: tuple[float, float], title: str = TITLE) -> Canvas:
    """An empty PDF with our fonts and names."""
    register_fonts()
    canvas = Canvas(out, pagesize=page, pageCompression=1, lang="vi-VN")
    canvas.setTitle(title)
    canvas.setAuthor(AUTHOR)
    return canvas


def write_sheets(
    posters: Iterable[PosterCode],
    out: BinaryIO,
    *,
    size: str = "A5",
    progress: Callable[[PosterCode], None] | None = None,
) -> int:
    """Write one PDF with a page for every code; how many pages it has.

    ``size`` is A4, A5 or A6 (code 150, 88, 50 mm wide: scanned from 1.2, 0.7, 0.4 m).
    ``progress`` is called after each page. Raises MissingGlyph for a name our font cannot write,
    ValueError for names that leave no room, or when there is no code; nothing is written then.
    """
    canvas = new_canvas(out, PAGES[size])
    pages = 0
    for poster in posters:
        draw_sheet(canvas, poster, size)
        canvas.bookmarkPage(poster.code)
        canvas.addOutlineEntry(str(poster.counter), poster.code)
        canvas.showPage()
        pages += 1
        if progress:
            progress(poster)
    if not pages:
        raise ValueError("Không có quầy nào để in.")
    canvas.save()
    return pages
