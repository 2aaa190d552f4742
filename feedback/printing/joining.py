"""Parts of one kind joined into one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from feedback.printing.sheets import AUTHOR


def join_parts(parts: Sequence[Path], out: Path, *, title: str) -> int:
    """Write the pages of all parts, in order, into ``out``; how many there are."""
    writer = PdfWriter()
    for part in parts:
        writer.append(str(part), import_outline=False)
    writer.add_metadata({"/Title": title, "/Author": AUTHOR})
    writer.root_object[NameObject("/Lang")] = TextStringObject("vi-VN")
    pages = len(writer.pages)
    with out.open("wb") as file:
        writer.write(file)
    writer.close()
    return pages
