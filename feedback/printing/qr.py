"""QR codes of counters, as modules, SVG and PNG (rating.md §2).

The address is written in upper case, so that the code uses QR's alphanumeric mode: 29 modules at
level H for up to 35 characters, 33 for up to 50, where lower case would need 37 and more. Large
modules are what makes a scratched, tilted or far poster readable.
"""

from __future__ import annotations

import io
from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from cms.printing_fonts import BOLD, REGULAR, check_glyphs, font_path, text_width
from cms.qr import QUIET, make_code
from feedback.models import PosterCode

#: Sheet name → width of the code in mm: an eighth of the distance it is scanned from.
CODE_MM = {"A4": 150.0, "A5": 88.0, "A6": 50.0}
#: Pixels of one module in a PNG: whole, so that no edge is grey; 180 to the inch at A4.
PNG_MODULE = 36


def address_of(code: str) -> str:
    """What a printed code says: PUBLIC_URL and ``/R/<CODE>``, all in upper case."""
    return f"{settings.PUBLIC_URL}/R/{code}".upper()


def spoken_address(code: str) -> str:
    """The same address as people type it: host in lower case, without the scheme."""
    return f"{urlsplit(settings.PUBLIC_URL).netloc.lower()}/r/{code}"


def caption(poster: PosterCode) -> tuple[str, str, str]:
    """Counter, office, typed address with the sheet's number: what stands under the code."""
    counter = poster.counter
    lines = (
        counter.name,
        counter.office.title,
        f"{spoken_address(poster.code)} · {poster.serial}",
    )
    return check_glyphs(lines[0]), check_glyphs(lines[1]), check_glyphs(lines[2])


#: Lines under the code, as (font, height) in modules of the code.
_CAPTION = ((BOLD, 2.2), (REGULAR, 1.6), (BOLD, 1.9))


def _caption_sizes(poster: PosterCode, width: float) -> list[tuple[str, str, float]]:
    """(text, font, size) per line, each shrunk until it fits the width."""
    fitted = []
    for text, (font, size) in zip(caption(poster), _CAPTION, strict=True):
        natural = text_width(text, font, size)
        fitted.append((text, font, size * min(1.0, width / natural) if natural else size))
    return fitted


def code_svg(poster: PosterCode, *, code_mm: float = CODE_MM["A5"]) -> str:
    """The counter's code as an SVG of real size, quiet zone and caption included.

    ``code_mm`` is the width of the dark square in millimetres. Raises
    :class:`~cms.printing_fonts.MissingGlyph` for a name our font cannot write.
    """
    code = make_code(address_of(poster.code))
    side = code.size + 2 * QUIET
    lines = _caption_sizes(poster, code.size)
    height = side + sum(size * 1.35 for _, _, size in lines) + 1
    module = code_mm / code.size
    path = "".join(f"M{x + QUIET} {y + QUIET}h{n}v1h-{n}z" for y, x, n in code.runs())
    top, texts = float(side), []
    for text, font, size in lines:
        weight = "bold" if font == BOLD else "normal"
        top += size * 1.35
        texts.append(
            f'<text x="{side / 2:g}" y="{top - size * 0.35:.3f}" font-size="{size:.3f}" '
            f'font-weight="{weight}">{escape(text)}</text>'
        )
    title = escape(f"{poster.counter.name} · {poster.counter.office.title}")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'width="{side * module:.3f}mm" height="{height * module:.3f}mm" '
        f'viewBox="0 0 {side} {height:.3f}"><title>{title}</title>'
        f'<rect width="{side}" height="{height:.3f}" fill="#fff"/>'
        f'<path d="{path}" fill="#000" shape-rendering="crispEdges"/>'
        "<g text-anchor=\"middle\" font-family=\"'Source Sans Pro','Source Sans 3',"
        f'Arial,sans-serif" fill="#000">{"".join(texts)}</g></svg>\n'
    )


def code_png(poster: PosterCode, *, code_mm: float = CODE_MM["A5"]) -> bytes:
    """The counter's code as a black and white PNG whose resolution gives ``code_mm`` in print."""
    code = make_code(address_of(poster.code))
    side = code.size + 2 * QUIET
    lines = _caption_sizes(poster, code.size)
    height = side + sum(size * 1.35 for _, _, size in lines) + 1
    scale = PNG_MODULE
    image = Image.new("L", (side * scale, round(height * scale)), 255)
    draw = ImageDraw.Draw(image)
    for y, x, n in code.runs():
        left, upper = (x + QUIET) * scale, (y + QUIET) * scale
        draw.rectangle((left, upper, left + n * scale - 1, upper + scale - 1), fill=0)
    top = float(side)
    for text, font, size in lines:
        top += size * 1.35
        draw.text(
            (side * scale / 2, (top - size * 0.35) * scale),
            text,
            fill=0,
            anchor="ms",
            font=ImageFont.truetype(font_path(font), size * scale),
        )
    dots_per_inch = code.size * scale / (code_mm / 25.4)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, dpi=(dots_per_inch, dots_per_inch))
    return file.getvalue()
