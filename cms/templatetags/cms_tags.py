"""Template helpers of the published content: folded long texts, telephone links, QR codes."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import qrcode
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms import formatting, local_words
from cms.local_words import SourceLine
from cms.process import Comparison
from cms.record import ProcessingTime, Source
from cms.wording import is_vietnamese, page_wording

register = template.Library()

#: Texts a little over the limit are not worth a fold.
SLACK = 1.35


def split_text(text: str, limit: int) -> tuple[str, str]:
    """A long text in two: about ``limit`` characters up to the end of a line, a sentence or a
    word, and the rest; nothing is lost but the space between. Short texts have no rest.

    >>> split_text("Một câu. Hai câu.", 10)
    ('Một câu.', 'Hai câu.')
    """
    text = text.strip()
    if len(text) <= limit * SLACK:
        return text, ""
    window = text[:limit]
    for pattern in (r"\n", r"(?<=[.;:!?])\s", r"\s"):
        places = [match.end() for match in re.finditer(pattern, window)]
        if places and places[-1] > limit // 3:
            cut = places[-1]
            return text[:cut].rstrip(), text[cut:].lstrip()
    return window, text[limit:]


@register.inclusion_tag("cms/_long_text.html")
def long_text(text: str, limit: int = 700) -> dict[str, str]:
    """The text with its line breaks; what goes beyond ``limit`` characters is folded."""
    head, rest = split_text(text or "", limit)
    return {"head": head, "rest": rest}


@register.filter
def in_two(text: str, limit: int) -> tuple[str, str]:
    """:func:`split_text` for templates: what is shown at once, and the rest."""
    return split_text(text or "", limit)


@register.filter
def lang_of(text: object) -> SafeString:
    """`` lang="vi"`` for an element whose text is Vietnamese on a page that is not."""
    foreign = not (get_language() or "vi").startswith("vi") and is_vietnamese(str(text))
    return mark_safe(' lang="vi"' if foreign else "")  # noqa: S308 - one of two constants


@register.filter
def source_line(source: Source | None) -> SourceLine | None:
    """Where a value comes from, in words, for ``cms/_source.html``."""
    return local_words.source_line(source)


@register.filter
def number(value: Decimal | int) -> str:
    """A number as the language of the page writes it: 1.200,5 or 1,200.5."""
    return formatting.number_text(Decimal(value), page_wording())


@register.filter
def limit_words(one: Comparison) -> str:
    """The published limit a process is held against, in the language of the page."""
    return formatting.time_text(ProcessingTime(one.value, one.unit, ""), page_wording())


@register.filter
def label(text: str) -> str:
    """The name of a case without the source's bullet and colon: "* Giấy tờ phải nộp:"."""
    return (text or "").strip().strip("*+-–•:").strip()


@register.filter
def tel(number: str) -> str:
    """A telephone number as in a ``tel:`` address: digits and a leading plus."""
    digits = re.sub(r"[^0-9]", "", number or "")
    return f"+{digits}" if (number or "").strip().startswith("+") else digits


@register.simple_tag
def phone(number: str) -> str:
    """A telephone number to tap; "" for none."""
    if not number:
        return ""
    return format_html('<a class="tel" href="tel:{}">{}</a>', tel(number), number)


@lru_cache(maxsize=1024)
def qr_path(address: str) -> tuple[int, str]:
    """The modules of a QR code as one SVG path; returns (modules a side with quiet zone, path).

    The mask is fixed: choosing the best one takes most of the time, and on a clean printed
    sheet every mask reads well.
    """
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=2
    )
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            start = x
            while x < len(row) and row[x]:
                x += 1
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return len(rows), "".join(runs)


@register.simple_tag
def qr_svg(address: str, title: str = "") -> SafeString:
    """A QR code of ``address`` as inline SVG, black on white in every colour scheme."""
    side, path = qr_path(address)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path d="{2}" fill="#000"/></svg>',
        side,
        title,
        mark_safe(path),  # noqa: S308 - digits and path letters made above
    )
