"""A set's table of contents, and the joining of its parts into one file with bookmarks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit, NameObject, TextStringObject
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, PageTemplate, Spacer

from cms.notices.flowing import text
from cms.notices.sheet import PRODUCER, HeldCanvas, columns_of, draw_rule, fitted
from cms.notices.styles import FORMATS, INK, MUTED, RULE, Styles, styles
from cms.printing_fonts import BOLD, REGULAR, printable

TITLE = "NIÊM YẾT CÔNG KHAI THỦ TỤC HÀNH CHÍNH"
#: Characters of a procedure's name in a bookmark.
BOOKMARK = 120


@dataclass(frozen=True)
class Line:
    """A procedure in the table; ``page`` counts from 1 in the whole file, 0 says that it went
    offline while the set was made and is not in it."""

    code: str
    name: str
    field: str
    page: int


@dataclass(frozen=True)
class Place:
    """Where a line of the table stands: page of the file from 0, and its rectangle in points."""

    sheet: int
    rect: tuple[float, float, float, float]
    target: int


@dataclass(frozen=True)
class Contents:
    """The table of contents of a set; as many pages for the same names, whatever the numbers."""

    city: str
    place: str
    printed_on: date
    size: str
    lines: Sequence[Line]

    def pages(self) -> int:
        """How many pages it takes."""
        return self._lay_out()[1]

    def pdf(self) -> tuple[bytes, list[Place]]:
        """The pages, and where each line stands, for links."""
        data, _pages, places = self._lay_out()
        return data, places

    def _lay_out(self) -> tuple[bytes, int, list[Place]]:
        paper, look = FORMATS[self.size], styles(self.size)
        out = io.BytesIO()
        canvas = HeldCanvas(out, pagesize=paper.page, pageCompression=1, lang="vi-VN")
        places: list[Place] = []
        document = BaseDocTemplate(
            io.BytesIO(),
            pagesize=paper.page,
            pageTemplates=[
                PageTemplate("all", columns_of(paper, paper.margin + 4 * mm, paper.top))
            ],
        )
        document._doSave = 0
        document.build(self._story(look, places), canvasmaker=lambda *_args, **_options: canvas)

        def finish(canvas: Canvas, number: int, count: int) -> None:
            self._foot(canvas, f"Mục lục {number}/{count} · trang {number} của tập")

        pages = canvas.release(finish)
        canvas.save()
        return out.getvalue(), pages, places

    def _story(self, look: Styles, places: list[Place]) -> list[Flowable]:
        b = look.body.fontSize
        count = sum(1 for line in self.lines if line.page)
        story: list[Flowable] = [
            text(self.city.upper(), look.city),
            text(self.place, look.office),
            Spacer(0, b),
            text(TITLE, look.kind),
            text(f"{count} thủ tục · In ngày {self.printed_on:%d/%m/%Y}", look.small),
            Spacer(0, b),
            text("MỤC LỤC", look.head),
        ]
        number = 0
        for field, lines in groupby(self.lines, key=lambda line: line.field):
            story += [CondPageBreak(5 * look.body.leading), text(field, look.caption)]
            for line in lines:
                number += 1
                story.append(ContentsLine(number, line, look, places))
        return story

    def _foot(self, canvas: Canvas, pages: str) -> None:
        paper = FORMATS[self.size]
        y, size = paper.margin * 0.62, paper.body * 0.82
        draw_rule(canvas, paper, y + size * 1.5)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, size)
        canvas.drawRightString(paper.page[0] - paper.margin, y, pages)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, size)
        canvas.drawString(paper.margin, y, fitted(self.place, REGULAR, size, paper.width * 0.6))


class ContentsLine(Flowable):
    """Number, code, name, page; remembers where it was drawn."""

    def __init__(self, number: int, line: Line, look: Styles, places: list[Place]) -> None:
        super().__init__()
        self.number, self.line, self.look, self.places = number, line, look, places
        self.words = text(line.name, look.cell)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The name's lines between two fixed columns."""
        b = self.look.cell.fontSize
        self.width, self.left, self.right = width, 8.6 * b, 3.6 * b
        _, self.words_height = self.words.wrap(width - self.left - self.right, height)
        self.height = self.words_height + 0.5 * b
        return width, self.height

    def draw(self) -> None:
        """Numbers on the first line of the name."""
        canvas, b = self.canv, self.look.cell.fontSize
        base = self.height - b * 1.05
        canvas.setFillColor(INK)
        canvas.setFont(REGULAR, b)
        canvas.drawRightString(2.2 * b, base, f"{self.number}")
        canvas.setFont(BOLD, b)
        canvas.drawString(2.8 * b, base, printable(self.line.code)[:12])
        canvas.drawRightString(self.width, base, str(self.line.page) if self.line.page else "–")
        self.words.drawOn(canvas, self.left, self.height - self.words_height)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.3)
        canvas.line(0, 0.2 * b, self.width, 0.2 * b)
        if self.line.page:
            x, y = canvas.absolutePosition(0, 0)
            self.places.append(
                Place(
                    canvas.getPageNumber() - 1,
                    (x, y, x + self.width, y + self.height),
                    self.line.page - 1,
                )
            )


def bind(contents: Contents, parts: Sequence[Path], out: Path) -> int:
    """Join the table of contents and the parts; how many pages the file has.

    Raises ValueError when the pages do not come out as the table says: better no file than a
    table of contents that lies.
    """
    data, places = contents.pdf()
    writer = PdfWriter()
    writer.append(io.BytesIO(data), import_outline=False)
    for part in parts:
        writer.append(str(part), import_outline=False)
    pages = len(writer.pages)
    if any(place.target >= pages for place in places):
        raise ValueError("the parts have fewer pages than the table of contents says")
    for place in places:
        writer.add_annotation(
            place.sheet, Link(rect=place.rect, target_page_index=place.target, fit=Fit.fit())
        )
    writer.add_outline_item(title="Mục lục", page_number=0)
    kept = [line for line in contents.lines if line.page]
    for field, lines in groupby(kept, key=lambda line: line.field):
        group = list(lines)
        parent = writer.add_outline_item(
            title=printable(field), page_number=group[0].page - 1, is_open=False
        )
        for line in group:
            title = f"{line.code} {printable(line.name)}"
            writer.add_outline_item(
                title=title[:BOOKMARK], page_number=line.page - 1, parent=parent
            )
    writer.add_metadata({"/Title": f"Niêm yết: {contents.place}", "/Author": PRODUCER})
    writer.root_object[NameObject("/Lang")] = TextStringObject("vi-VN")
    with out.open("wb") as file:
        writer.write(file)
    writer.close()
    return pages
