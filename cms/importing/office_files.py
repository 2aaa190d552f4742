"""Word exports of the national portal and .xlsx files from our template → raw records.

Both are turned into the same shape as a JSON line, so that parsing knows one format only.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cms.importing.sources import Row
from cms.importing.spreadsheet import read_workbook
from cms.importing.word_export import read_export

#: What an honest file of this kind unpacks to at most; more would fill the memory.
UNPACKED_LIMIT = 100 * 1024 * 1024
#: The text of one Word export: the longest real procedure has 142 kB, and Word's own marks make
#: some twenty times as much of it. It is read whole, and slowly.
WORD_LIMIT = 16 * 1024 * 1024
WORD_TEXT = "word/document.xml"


def read_office_file(path: Path, name: str = "") -> Iterator[Row]:
    """The records of a .docx (also when it is called .doc) or .xlsx file, called ``name``."""
    name = name or str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
            size = sum(part.file_size for part in archive.infolist())
            words = archive.getinfo(WORD_TEXT).file_size if WORD_TEXT in parts else 0
    except (zipfile.BadZipFile, OSError):
        yield Row(name, 0, problem="Tệp Word hoặc Excel bị hỏng.")
        return
    if size > UNPACKED_LIMIT or words > WORD_LIMIT:
        yield Row(name, 0, problem="Tệp Word hoặc Excel quá lớn.")
    elif WORD_TEXT in parts:
        yield from _guarded(path, name, _word)
    elif "xl/workbook.xml" in parts:
        yield from _guarded(path, name, read_workbook)
    else:
        yield Row(name, 0, problem="Tệp nén này không phải Word hay Excel.")


def _word(path: Path, name: str) -> Iterator[Row]:
    yield Row(name, 1, raw=read_export(path))


def _guarded(path: Path, name: str, reader: Any) -> Iterator[Row]:
    try:
        yield from reader(path, name)
    except Exception as error:  # both libraries raise whatever the damage leads them to
        text = f"Không đọc được tệp Word hoặc Excel: {type(error).__name__}: {error}"[:300]
        yield Row(name, 0, problem=text)
