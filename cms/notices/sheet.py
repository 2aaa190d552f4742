"""Notices as PDF pages: head with the four boxes, columns of text, foot with page x of y."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from cms.notices.content import Box, Notice
from cms.notices.flowing import flow, text
from cms.notices.styles import (
    FORMATS,
    GOLD,
    INK,
    LACQUER,
    MUTED,
    RULE,
    Format,
    Styles,
    styles,
)
from cms.printing_fonts import BOLD, REGULAR, printable, text_width
from cms.qr import QUIET, draw_code, make_code

KIND = "NIÊM YẾT CÔNG KHAI THỦ TỤC HÀNH CHÍNH"
PRODUCER = "Bốn Công Khai"
#: Names with more characters than this are set smaller.
LONG_NAME = 110
#: Share of the first page its head may take before the columns begin on the next page.
TALLEST_HEAD = 0.72


class HeldCanvas(Canvas):
    """A canvas that keeps the pages of a notice until their number is known."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._held: list[dict[str, object]] = []

    def showPage(self) -> None:
        """Put the page aside."""
        self._held.append(dict(self.__dict__))
        self._startPage()

    def release(self, finish: Callable[[Canvas, int, int], None]) -> int:
        """Write the pages held, each finished with (canvas, its number, how many); how many."""
        held = self._held
        for number, state in enumerate(held, 1):
            self.__dict__.update(state)
            finish(self, number, len(held))
            super().showPage()
        self._held = []
        return len(held)


class NoticeWriter:
    """Writes notices one after another into one PDF, which shares the fonts among them.

    ``pages_before`` counts the pages of a set that come before this file; 0 with ``numbered``
    False is a file of its own, whose foot does not number the set.
    """

    def __init__(
        self,
        out: BinaryIO,
        *,
        size: str,
        title: str,
        pages_before: int = 0,
        numbered: bool = False,
    ) -> None:
        self.size, self.paper, self.look = size, FORMATS[size], styles(size)
        self.canvas = HeldCanvas(out, pagesize=self.paper.page, pageCompression=1, lang="vi-VN")
        self.canvas.setTitle(title)
        self.canvas.setAuthor(PRODUCER)
        self.title, self.pages_before, self.numbered = title, pages_before, numbered
        self.pages = 0

    def add(self, notice: Notice) -> int:
        """Lay out a notice; how many pages it took."""
        head = list(_head(notice, self.size))
        body: list[Flowable] = [NextPageTemplate("later"), *head, FrameBreak()]
        for number, section in enumerate(notice.sections, 2):
            body.extend(flow(number, section, self.size))
        document = BaseDocTemplate(
            io.BytesIO(),
            pagesize=self.paper.page,
            title=self.title,
            author=PRODUCER,
            pageTemplates=self._templates(head, notice),
        )
        document._doSave = 0  # the file goes on after this notice
        document.build(body, canvasmaker=lambda *_args, **_options: self.canvas)
        start = self.pages_before + self.pages

        def finish(canvas: Canvas, number: int, count: int) -> None:
            of_set = f" · trang {start + number} của tập" if self.numbered else ""
            _foot(canvas, self.paper, notice, f"Trang {number}/{count}{of_set}")

        count = self.canvas.release(finish)
        self.pages += count
        return count

    def close(self) -> None:
        """Write the file."""
        self.canvas.save()

    def _templates(self, head: list[Flowable], notice: Notice) -> list[PageTemplate]:
        paper = self.paper
        foot = paper.margin + 4 * mm
        top = paper.top
        needed = _height(head, paper.width) + 2
        tall = needed > (top - foot) * TALLEST_HEAD
        first = [
            _frame(
                paper.margin,
                foot if tall else top - needed,
                paper.width,
                top - foot if tall else needed,
            )
        ]
        if not tall:
            first += columns_of(paper, foot, top - needed - 0.3 * paper.body)
        running = paper.page[1] - paper.margin - 5 * mm
        return [
            PageTemplate("first", first),
            PageTemplate(
                "later",
                columns_of(paper, foot, running),
                onPage=lambda canvas, _doc: _running_head(canvas, paper, notice),
            ),
        ]


def write_notice(notice: Notice, out: BinaryIO, *, size: str) -> int:
    """One notice as a PDF of its own; how many pages it has."""
    writer = NoticeWriter(out, size=size, title=f"{notice.code} {printable(notice.name)}"[:250])
    pages = writer.add(notice)
    writer.close()
    return pages


def _frame(left: float, bottom: float, width: float, height: float) -> Frame:
    return Frame(left, bottom, width, height, 0, 0, 0, 0)


def columns_of(paper: Format, bottom: float, top: float) -> list[Frame]:
    """The frames of a page's columns between two heights."""
    return [
        _frame(
            paper.margin + place * (paper.column + paper.gutter), bottom, paper.column, top - bottom
        )
        for place in range(paper.columns)
    ]


def _height(flowables: list[Flowable], width: float) -> float:
    """Points the flowables take one under another; the gap between two is the larger of theirs."""
    total, after = 0.0, 0.0
    for one in flowables:
        before = one.getSpaceBefore()
        total += max(0.0, before - after) if total else 0.0
        total += one.wrap(width, 10**6)[1]
        after = one.getSpaceAfter()
        total += after
    return total


class CodeFlowable(Flowable):
    """The QR code of an address at the right edge, with words centred below its quiet zone."""

    def __init__(self, address: str, side: float, words: Paragraph) -> None:
        super().__init__()
        self.code = make_code(address, level="M", mask=2)
        self.side, self.words = side, words

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The code with the words below it."""
        self.quiet, self.left = QUIET * self.side / self.code.size, width - self.side
        _, self.words_height = self.words.wrap(self.side + 2 * self.quiet, height)
        return width, self.side + self.quiet + self.words_height

    def draw(self) -> None:
        """Code on top."""
        draw_code(
            self.canv,
            self.code,
            left=self.left,
            top=self.side + self.quiet + self.words_height,
            width=self.side,
        )
        self.words.drawOn(self.canv, self.left - self.quiet, 0)


def _head(notice: Notice, size: str) -> list[Flowable]:
    """Who publishes, what, since when; the QR code; the four boxes."""
    paper, look = FORMATS[size], styles(size)
    b = paper.body
    rows: list[Flowable] = [text(notice.city.upper(), look.city)]
    if notice.office:
        rows.append(text(notice.office, look.office))
    rows += [text(words, look.small) for words in notice.office_details]
    rows += [Spacer(0, 0.7 * b), text(KIND, look.kind), text(notice.scope, look.small)]
    code_width = paper.code + 7 * mm
    invitation = Paragraph("Quét mã để xem<br/>bản mới nhất", look.code_words)
    code = CodeFlowable(notice.address, paper.code, invitation)
    band = Table([[rows, code]], colWidths=[paper.width - code_width, code_width], hAlign="LEFT")
    band.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5 * b),
                ("LINEBELOW", (0, 0), (-1, -1), 1.6, LACQUER),
            ]
        )
    )
    name = look.long_name if len(notice.name) > LONG_NAME else look.name
    parts: list[Flowable] = [band, Spacer(0, 0.6 * b), text("1. TÊN THỦ TỤC", look.head)]
    parts.append(text(notice.name, name))
    if notice.plain_name:
        parts.append(text(f"({notice.plain_name})", look.body))
    parts += [Spacer(0, 0.25 * b), Paragraph(_meta(notice), look.body), Spacer(0, 0.5 * b)]
    for words in notice.warnings:
        parts += [_warning(words, look, paper.width), Spacer(0, 0.5 * b)]
    parts += [_boxes(notice.boxes, look, paper), Spacer(0, 0.3 * b)]
    return parts


def _meta(notice: Notice) -> str:
    """Code, decision, version and its date; the facts in bold. The foot has the day of printing."""
    version = ""
    if notice.published_on:
        version = (
            f"Bản số: <b>{notice.version}</b>, công bố ngày <b>{notice.published_on:%d/%m/%Y}</b>"
        )
    decision = text_of(notice.decision) or "chưa ghi"
    facts = [
        f"Mã thủ tục: <b>{text_of(notice.code)}</b>",
        f"Quyết định công bố: <b>{decision}</b>",
        version,
    ]
    joined = " &nbsp;·&nbsp; ".join(fact for fact in facts if fact)
    return joined.replace("<b>", f'<font name="{BOLD}">').replace("</b>", "</font>")


def text_of(words: str) -> str:
    """Words as they may stand inside a paragraph's markup."""
    return printable(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _warning(words: str, look: Styles, width: float) -> Table:
    table = Table([[text(words, look.warning)]], colWidths=[width], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [("BOX", (0, 0), (-1, -1), 1.6, LACQUER), ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]
        )
    )
    return table


def _boxes(boxes: tuple[Box, ...], look: Styles, paper: Format) -> Table:
    heads = [text(box.name.upper(), look.box_head) for box in boxes]
    cells = [
        [
            text(box.value, _value_style(box, look)),
            *(text(line, look.box_small) for line in box.details),
        ]
        for box in boxes
    ]
    table = Table([heads, cells], colWidths=[paper.width / len(boxes)] * len(boxes), hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), LACQUER),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BOX", (0, 0), (-1, -1), 1.2, LACQUER),
                ("INNERGRID", (0, 1), (-1, -1), 0.6, LACQUER),
                ("LINEBELOW", (0, 0), (-1, 0), 1.6, GOLD),
                ("LEFTPADDING", (0, 0), (-1, -1), 2.2 * mm),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
                ("TOPPADDING", (0, 0), (-1, 0), 0.8 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, 0), 1.2 * mm),
                ("TOPPADDING", (0, 1), (-1, 1), 1.6 * mm),
                ("BOTTOMPADDING", (0, 1), (-1, 1), 2 * mm),
            ]
        )
    )
    return table


def _value_style(box: Box, look: Styles) -> ParagraphStyle:
    return look.box_value if len(box.value) <= 60 else look.bold


def _running_head(canvas: Canvas, paper: Format, notice: Notice) -> None:
    """On the second page and later: which procedure this is."""
    y = paper.page[1] - paper.margin
    size = paper.body * 0.86
    canvas.saveState()
    canvas.setFillColor(MUTED)
    canvas.setFont(BOLD, size)
    code = f"Mã {printable(notice.code)}"
    canvas.drawRightString(paper.page[0] - paper.margin, y, code)
    canvas.setFont(REGULAR, size)
    room = paper.width - text_width(code, BOLD, size) - 6 * mm
    canvas.drawString(paper.margin, y, fitted(notice.name, REGULAR, size, room))
    draw_rule(canvas, paper, y - 1.6 * mm)
    canvas.restoreState()


def _foot(canvas: Canvas, paper: Format, notice: Notice, pages: str) -> None:
    """Office, version and dates; the address; which page this is."""
    y, size = paper.margin * 0.62, paper.body * 0.82
    published = f", công bố {notice.published_on:%d/%m/%Y}" if notice.published_on else ""
    version = f"Bản số {notice.version}{published} · " if notice.version else ""
    said = f"{version}In ngày {notice.printed_on:%d/%m/%Y} · {notice.address}"
    canvas.saveState()
    draw_rule(canvas, paper, y + size * 1.5)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, size)
    canvas.drawRightString(paper.page[0] - paper.margin, y, pages)
    canvas.setFillColor(MUTED)
    canvas.setFont(REGULAR, size)
    room = paper.width - text_width(pages, BOLD, size) - 6 * mm
    canvas.drawString(paper.margin, y, fitted(said, REGULAR, size, room))
    canvas.restoreState()


def draw_rule(canvas: Canvas, paper: Format, y: float) -> None:
    """A thin line between the margins."""
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.6)
    canvas.line(paper.margin, y, paper.page[0] - paper.margin, y)


def fitted(words: str, font: str, size: float, room: float) -> str:
    """The words on one line of ``room`` points; what does not fit becomes "…"."""
    words = " ".join(printable(words).split())
    if text_width(words, font, size) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(words[:middle].rstrip() + "…", font, size) <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…"
