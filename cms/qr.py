"""QR codes as modules, and as vectors on a PDF page: for posters, sheets and notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from reportlab.pdfgen.canvas import Canvas

#: Empty modules around the code: the standard's minimum, without which scanners miss it.
QUIET = 4
#: Share of the code that may be lost and it still reads: H 30 %, Q 25 %, M 15 %.
LEVELS = {"H": ERROR_CORRECT_H, "Q": ERROR_CORRECT_Q, "M": ERROR_CORRECT_M}


@dataclass(frozen=True)
class Code:
    """A QR code: rows of modules (True is dark), without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Modules on a side."""
        return len(self.rows)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """(row, first column, length) of every horizontal run of dark modules."""
        for y, row in enumerate(self.rows):
            start = None
            for x, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = x
                elif not dark and start is not None:
                    yield y, start, x - start
                    start = None


def make_code(text: str, *, level: str = "H", mask: int | None = None) -> Code:
    """The smallest code of that level (a key of LEVELS) that holds the text.

    ``mask`` 0–7 skips the search for the best mask, which takes most of the time; on a clean
    sheet every mask reads well.
    """
    maker = qrcode.QRCode(error_correction=LEVELS[level], border=0, mask_pattern=mask)
    maker.add_data(text, optimize=0)
    maker.make(fit=True)
    return Code(tuple(tuple(bool(cell) for cell in row) for row in maker.get_matrix()))


def draw_code(canvas: Canvas, code: Code, *, left: float, top: float, width: float) -> None:
    """The dark modules as one filled path, so that no viewer shows seams between rows.

    ``left``, ``top`` and ``width`` (points) are of the dark square, without the quiet zone.
    """
    module = width / code.size
    path = canvas.beginPath()
    for y, x, n in code.runs():
        path.rect(left + x * module, top - (y + 1) * module, n * module, module)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, fill=1, stroke=0)
