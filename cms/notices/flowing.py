"""The blocks of a notice as things that flow over columns and pages, whatever their length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table, TableStyle

from cms.notices.content import Block, Caption, Grid, Lines, Row, Section
from cms.notices.styles import FORMATS, LACQUER, RULE, WASH, Format, Styles, styles
from cms.printing_fonts import printable

#: Characters of a table cell that stay together. A row must never be taller than a column, so
#: longer texts go on in rows of their own, without a line between.
LONGEST_CELL = 420
#: Longer headings of a table are notes: they are not set in bold.
LONGEST_TITLE = 120
_STEP = re.compile(r"^((?:[*+•-]\s*)?(?:bước|giai đoạn)\s+\d+[.\d]*\s*[:.]?)", re.IGNORECASE)


def text(words: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of any text, as our font can print it."""
    return Paragraph(escape(printable(words), quote=False).replace("\n", "<br/>"), style)


def pieces(words: str, limit: int = LONGEST_CELL) -> list[str]:
    """The text cut at ends of lines, sentences or words into pieces of about ``limit``.

    Nothing is lost but white space at the cuts.

    >>> pieces("Một câu. Hai câu.", 10)
    ['Một câu.', 'Hai câu.']
    """
    found: list[str] = []
    for line in words.splitlines() or [""]:
        line = line.strip()
        while len(line) > limit:
            window = line[:limit]
            ends = [match.end() for match in re.finditer(r"[.;:!?,]\s|\s", window)]
            sentences = [match.end() for match in re.finditer(r"[.;:!?]\s", window)]
            late = [end for end in sentences if end > limit // 2]
            cut = late[-1] if late else ends[-1] if ends else limit
            found.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
        if line:
            found.append(line)
    # Short lines share a piece.
    joined: list[str] = []
    for piece in found:
        if joined and len(joined[-1]) + len(piece) < limit:
            joined[-1] += f"\n{piece}"
        else:
            joined.append(piece)
    return joined or [""]


class SectionHead(Flowable):
    """The name of a section over a thin line, as wide as its column."""

    def __init__(self, number: int, title: str, look: Styles) -> None:
        super().__init__()
        self.words = text(f"{number}. {title.upper()}", look.head)
        self.gap = look.body.fontSize

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Room above, the words, the line, room below."""
        self.width = width
        _, self.words_height = self.words.wrap(width, height)
        return width, self.words_height + self.gap * 1.05

    def draw(self) -> None:
        """From the bottom upwards."""
        line = self.gap * 0.4
        self.words.drawOn(self.canv, 0, line + self.gap * 0.12)
        self.canv.setStrokeColor(LACQUER)
        self.canv.setLineWidth(0.8)
        self.canv.line(0, line, self.width, line)


def flow(number: int, section: Section, size: str) -> Iterator[Flowable]:
    """A section with its number; its heading never stands alone at the foot of a column."""
    look, paper = styles(size), FORMATS[size]
    yield CondPageBreak(6.5 * look.body.leading)
    yield SectionHead(number, section.title, look)
    for block in section.blocks:
        yield from _block(block, look, paper)


def _block(block: Block, look: Styles, paper: Format) -> Iterator[Flowable]:
    if isinstance(block, Caption):
        yield CondPageBreak(5 * look.body.leading)
        yield text(block.text, look.caption)
    elif isinstance(block, Lines):
        for line in block.texts:
            yield _line(line, block.listed, look)
    else:
        yield _table(block, look, paper.column)
        yield Spacer(0, 0.5 * look.body.fontSize)


def _line(words: str, listed: bool, look: Styles) -> Paragraph:
    if listed:
        return Paragraph(escape(printable(words), quote=False), look.listed, bulletText="–")
    step = _STEP.match(words)
    if step:
        rest = escape(printable(words[step.end() :]), quote=False)
        head = escape(printable(step[1]), quote=False)
        return Paragraph(f'<font name="{look.bold.fontName}">{head}</font>{rest}', look.body)
    return text(words, look.body)


def _table(grid: Grid, look: Styles, width: float) -> Table:
    """The grid with its header on every page; long rows become several."""
    cells: list[list[Any]] = [[text(name, look.cell_head) for name in grid.header]]
    commands: list[tuple[Any, ...]] = [
        ("BACKGROUND", (0, 0), (-1, 0), WASH),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ("TOPPADDING", (0, 0), (-1, -1), 0.9 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.1 * mm),
        ("LINEBELOW", (0, -1), (-1, -1), 0.6, RULE),
    ]
    for row in grid.rows:
        for place, texts in enumerate(_rows_of(row)):
            at = len(cells)
            if not place:
                # An empty first cell goes on with the row above it (a channel's second fee).
                start = 1 if not row.cells[0] and not row.heading else 0
                commands.append(("LINEABOVE", (start, at), (-1, at), 0.4, RULE))
            else:
                commands.append(("TOPPADDING", (0, at), (-1, at), 0))
            if row.heading:
                commands.append(("SPAN", (0, at), (-1, at)))
                style = look.cell_bold if len(row.cells[0]) <= LONGEST_TITLE else look.cell
                cells.append([text(texts[0], style), *[""] * (len(grid.header) - 1)])
                continue
            cells.append(
                [
                    text(words, _cell_style(grid, column, look)) if words else ""
                    for column, words in enumerate(texts)
                ]
            )
    table = Table(
        cells, colWidths=[share * width for share in grid.widths], repeatRows=1, hAlign="LEFT"
    )
    table.setStyle(TableStyle(commands))
    return table


def _rows_of(row: Row) -> Iterable[tuple[str, ...]]:
    """The row as one or several rows, none of them too tall."""
    if row.heading:
        return [(piece,) for piece in pieces(row.cells[0])]
    columns = [
        pieces(cell, LONGEST_CELL if len(cell) > LONGEST_CELL else 10**9) for cell in row.cells
    ]
    # A column of many short lines is as tall as one of few long ones.
    columns = [[part for piece in column for part in _few_lines(piece)] for column in columns]
    height = max(len(column) for column in columns)
    return [
        tuple(column[place] if place < len(column) else "" for column in columns)
        for place in range(height)
    ]


def _few_lines(words: str, most: int = 12) -> Iterator[str]:
    lines = words.split("\n")
    for start in range(0, len(lines), most):
        yield "\n".join(lines[start : start + most])


def _cell_style(grid: Grid, column: int, look: Styles) -> ParagraphStyle:
    if column in grid.centred:
        return look.cell_centre
    return look.cell_bold if column == grid.strong else look.cell
