"""One-time codes on paper: slips of a roll and slips beside a receipt (rating.md §1, §2).

Two papers: the 80 mm roll of a thermal printer, a page a slip, cut after each; and A5, either one
slip that fills the sheet or four of A7 to be cut apart. Everything is black on a roll: thermal
printers have no colour and no grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from cms.models import Counter
from cms.printing_fonts import BOLD, REGULAR, register_fonts
from cms.qr import QUIET, draw_code, make_code
from feedback.models import SlipRoll
from feedback.models.receipts import MintedKind
from feedback.printing.drawing import BLACK, GOLD, INK, LACQUER, MUTED, Column
from feedback.printing.qr import address_of
from feedback.printing.sheets import PROMISE, PROMISE_ENGLISH, new_canvas

INVITATION = "Quét mã để đánh giá"
ONCE = "30 giây, ẩn danh. Mỗi mã dùng một lần."
ENGLISH = "Scan to rate this counter – anonymous, once"
#: Characters of each group of a code of 26, line by line: read out and typed in breaths.
GROUPS = ((4, 4, 5), (4, 4, 5))

#: What a slip beside a receipt is called: kind of what was minted → its head.
HEADS = {
    MintedKind.RECEIPT: "Đã tiếp nhận hồ sơ",
    MintedKind.SUPPLEMENT: "Yêu cầu bổ sung hồ sơ",
    MintedKind.REFUSAL: "Từ chối tiếp nhận hồ sơ",
    MintedKind.RESULT: "Trả kết quả",
    MintedKind.SLIP: "Phiếu đánh giá",
}


@dataclass(frozen=True)
class Slip:
    """What one slip says; an empty ``code`` makes the cover of a roll, with ``notes`` instead."""

    office: str
    counter: str
    head: str
    day: date
    code: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A page, the boxes on it (left, top in mm from the upper left corner), what fits in one.

    ``height`` 0 makes each page as long as its slip, as a roll is cut.
    """

    width: float
    height: float
    boxes: tuple[tuple[float, float], ...]
    code_mm: float
    scale: float
    colours: bool


PAPERS = {
    "80mm": Paper(80, 0, ((0, 0),), 46, 1.0, False),
    "A5": Paper(148, 210, ((0, 0),), 84, 1.85, True),
    "A5-4": Paper(74, 105, ((0, 0), (74, 0), (0, 105), (74, 105)), 42, 0.86, True),
}
#: Words may shrink to this share of their size before a slip is refused.
_SMALLEST = 0.6


def roll_slips(roll: SlipRoll, codes: Sequence[str]) -> list[Slip]:
    """The cover and the slips of a roll that are not void; ``codes`` are those of slips 1..n."""
    office, counter = roll.counter.office.title, roll.counter.name
    last = roll.slips if roll.void_from is None else roll.void_from - 1
    digits = len(str(roll.slips))
    of_roll = f" · cuộn {roll.number}" if roll.number > 1 else ""
    cover = Slip(
        office=office,
        counter=counter,
        head=f"CUỘN PHIẾU ĐÁNH GIÁ SỐ {roll.number}",
        day=roll.day,
        notes=(
            f"{last} phiếu, số 1 đến {last}",
            "Phát cho mọi lượt phục vụ, lần lượt theo số; không chọn người để phát.",
            "Cuối ngày ghi vào trang quản trị (Cuộn phiếu) phiếu thừa bắt đầu từ số nào: _______",
            "Phiếu không trả lại vẫn tính là đã phát.",
        ),
    )
    return [cover] + [
        Slip(
            office=office,
            counter=counter,
            head=f"Phiếu số {number:0{digits}d}/{roll.slips}{of_roll}",
            day=roll.day,
            code=code,
        )
        for number, code in enumerate(codes[:last], 1)
    ]


def receipt_slip(code: str, *, counter: Counter, day: date, kind: str) -> Slip:
    """The slip that goes with a receipt, a request, a refusal or a result (``MintedKind``)."""
    head = HEADS[MintedKind(kind)]
    return Slip(counter.office.title, counter.name, head, day, code)


def spoken_code(code: str) -> list[str]:
    """A code in lines of groups, "4H0T 7K2M 9QPAZ"; what is no code of 26 in fours."""
    wanted: Sequence[Sequence[int]] = GROUPS
    if sum(map(sum, GROUPS)) != len(code):
        wanted = [[4] * ((len(code) + 3) // 4)]
    lines, at = [], 0
    for line in wanted:
        groups = []
        for size in line:
            groups.append(code[at : at + size])
            at += size
        lines.append(" ".join(groups))
    return lines


def write_slips(slips: Iterable[Slip], out: BinaryIO, *, paper: str, title: str = "") -> int:
    """Write the slips as one PDF; how many pages it has.

    ``paper`` is a key of :data:`PAPERS`. Raises MissingGlyph for a name our font cannot write,
    ValueError for names that leave no room, or without a slip; nothing is written then.
    """
    kind = PAPERS[paper]
    register_fonts()
    page = A5 if kind.height else (kind.width * mm, 100 * mm)
    canvas = new_canvas(out, page, title or "Phiếu đánh giá")
    pages = used = 0
    for slip in slips:
        if used == len(kind.boxes):
            canvas.showPage()
            used = 0
        if not used:
            pages += 1
            if len(kind.boxes) > 1:
                _cut_lines(canvas, kind)
        _draw(canvas, slip, kind, *kind.boxes[used])
        used += 1
    if not pages:
        raise ValueError("Không có phiếu nào để in.")
    canvas.showPage()
    canvas.save()
    return pages


#: Text, font, size, colour, lines at most, space above it in points.
_Part = tuple[str, str, float, Color, int, float]


def _above(slip: Slip, kind: Paper) -> list[_Part]:
    """The words over the code; on a cover all words."""
    ink, accent, quiet = _colours(kind)
    parts: list[_Part] = [
        (slip.office, REGULAR, 8.4, ink, 3, 0),
        (slip.counter, BOLD, 13.5, ink, 2, 1),
        (f"{slip.head} · {slip.day:%d/%m/%Y}", BOLD, 10, accent, 2, 2),
    ]
    if not slip.code:
        return parts + [(note, REGULAR, 9.5, ink, 5, 6) for note in slip.notes]
    return [
        *parts,
        (INVITATION, BOLD, 12, ink, 1, 9),
        (ONCE, REGULAR, 8.6, ink, 1, 0),
        (ENGLISH, REGULAR, 7.4, quiet, 1, 0),
    ]


def _below(slip: Slip, kind: Paper) -> list[_Part]:
    """The words under the code."""
    ink, accent, quiet = _colours(kind)
    host = urlsplit(settings.PUBLIC_URL).netloc.lower()
    lines = spoken_code(slip.code)
    return [
        (f"Không quét được? Mở {host}/r/ và gõ tiếp:", REGULAR, 7.6, ink, 2, 0),
        *((line, BOLD, 11.5, ink, 1, 0) for line in lines),
        (PROMISE, BOLD, 8.2, accent, 2, 5),
        (PROMISE_ENGLISH, REGULAR, 6.8, quiet, 1, 0),
    ]


def _colours(kind: Paper) -> tuple[Color, Color, Color]:
    return (INK, LACQUER, MUTED) if kind.colours else (BLACK, BLACK, BLACK)


def _draw(canvas: Canvas, slip: Slip, kind: Paper, left: float, top: float) -> None:
    """One slip into its box; a roll's page is cut to its length."""
    width = kind.code_mm * mm
    code = make_code(address_of(slip.code), level="Q") if slip.code else None
    quiet = QUIET * width / code.size if code else 0.0
    above, below = _above(slip, kind), _below(slip, kind) if code else []
    shrink = 1.0
    while True:
        scale = kind.scale * shrink
        margin = 5 * mm * kind.scale
        column = Column(
            canvas,
            middle=(left + kind.width / 2) * mm,
            room=kind.width * mm - 2 * margin,
            scale=scale,
        )
        heights = [_height(column, parts) for parts in (above, below)]
        needed = 2 * margin + sum(heights) + (width + 2 * quiet if code else 0)
        if not kind.height or needed <= kind.height * mm:
            break
        shrink *= 0.96
        if shrink < _SMALLEST:
            raise ValueError(
                f"{slip.counter}, {slip.office}: tên quá dài, không đủ chỗ trên phiếu."
            )
    if kind.height:
        page_top = canvas._pagesize[1]
        spare = kind.height * mm - needed
    else:
        canvas.setPageSize((kind.width * mm, needed))
        page_top, spare = needed, 0.0
    y = page_top - top * mm - margin - (spare * 0.25 if code else 0)
    if kind.colours:
        canvas.setFillColor(LACQUER)
        canvas.rect(left * mm, page_top - top * mm - 2 * mm, kind.width * mm, 2 * mm, 0, 1)
        canvas.setFillColor(GOLD)
        canvas.rect(left * mm, page_top - top * mm - 2.5 * mm, kind.width * mm, 0.5 * mm, 0, 1)
    y = _write(column, y, above)
    if code:
        y -= spare * 0.25 + quiet
        draw_code(canvas, code, left=column.middle - width / 2, top=y, width=width)
        y -= width + quiet + spare * 0.2
        _write(column, y, below)


def _height(column: Column, parts: Iterable[_Part]) -> float:
    return sum(
        column.height_of(text, font, size, most) + gap * column.scale
        for text, font, size, _, most, gap in parts
    )


def _write(column: Column, y: float, parts: Iterable[_Part]) -> float:
    for text, font, size, colour, most, gap in parts:
        y = column.write(y - gap * column.scale, text, font, size, colour, most)
    return y


def _cut_lines(canvas: Canvas, kind: Paper) -> None:
    """Where the sheet is cut: thin dashes between the boxes."""
    canvas.saveState()
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.4)
    canvas.setDash(2, 3)
    canvas.line(kind.width * mm, 0, kind.width * mm, A5[1])
    canvas.line(0, kind.height * mm, A5[0], kind.height * mm)
    canvas.restoreState()
