"""A file of offices (.xlsx from the template, or JSON) → rows, told by content and not by name."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl

from cms.importing.office_files import UNPACKED_LIMIT
from cms.importing.texts import one_line
from cms.importing_offices.shape import SHEETS, Sheet

#: Longest file worth reading; 3,000 officers are 200 kB.
LARGEST = 20 * 1024 * 1024
#: Excel calls a formatted row used; after this many empty ones in a row a sheet has ended.
EMPTY_ROWS = 1000
#: A forgotten cell in the last column of Excel would make sixteen thousand of every line.
MOST_COLUMNS = 100


class WrongFile(ValueError):
    """The file as a whole cannot be read; the text says why, in Vietnamese."""


@dataclass(frozen=True)
class SourceRow:
    """One row: the key of its sheet, its line (JSON: its place in the list, from 1), raw values.

    Only columns that the file has are in ``values``.
    """

    sheet: str
    line: int
    values: dict[str, Any]


def read(content: bytes) -> list[SourceRow]:
    """All rows of the file. Raises WrongFile."""
    if not content.strip():
        raise WrongFile("Tệp trống.")
    if len(content) > LARGEST:
        raise WrongFile("Tệp quá lớn (trên 20 MB).")
    if content[:2] == b"PK":
        rows = _workbook(content)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        rows = _json(content)
    else:
        raise WrongFile("Tệp không phải Excel (.xlsx) hay JSON.")
    if not rows:
        raise WrongFile("Tệp đúng mẫu nhưng chưa có dòng nào.")
    return rows


def _json(content: bytes) -> list[SourceRow]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongFile(f"Tệp JSON bị hỏng: {error}"[:300]) from None
    if not isinstance(data, dict):
        raise WrongFile("Tệp JSON phải là một đối tượng có các khoá " + ", ".join(SHEETS) + ".")
    unknown = [key for key in data if key not in SHEETS]
    if unknown or not data:
        raise WrongFile(
            f"Tệp JSON có khoá lạ: {', '.join(map(str, unknown))[:200]}. "
            f"Các khoá được hiểu: {', '.join(SHEETS)}."
        )
    rows = []
    for key, sheet in SHEETS.items():
        entries = data.get(key) or []
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise WrongFile(f"“{key}” phải là danh sách các đối tượng.")
        known = {column.key for column in sheet.columns}
        for line, entry in enumerate(entries, 1):
            if extra := sorted(set(entry) - known):
                raise WrongFile(f"“{key}”, mục {line}: khoá lạ {', '.join(extra)[:200]}.")
            rows.append(SourceRow(key, line, dict(entry)))
    return rows


def _workbook(content: bytes) -> list[SourceRow]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise WrongFile("Tệp Excel bị hỏng.") from None
    if size > UNPACKED_LIMIT:
        raise WrongFile("Tệp Excel quá lớn khi giải nén.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # the library raises whatever the damage leads it to
        raise WrongFile(f"Không đọc được tệp Excel: {type(error).__name__}.") from None
    try:
        found = [sheet for sheet in SHEETS.values() if sheet.name in book.sheetnames]
        if not found:
            names = ", ".join(sheet.name for sheet in SHEETS.values())
            raise WrongFile(f"Tệp Excel không theo mẫu: không có trang nào trong: {names}.")
        return [row for sheet in found for row in _sheet_rows(book[sheet.name], sheet)]
    except WrongFile:
        raise
    except Exception as error:
        raise WrongFile(f"Không đọc được tệp Excel: {type(error).__name__}.") from None
    finally:
        book.close()


def _sheet_rows(cells_of: Any, sheet: Sheet) -> Iterator[SourceRow]:
    """Columns may stand in any order; a heading nobody knows is refused, so that a mistyped one
    does not silently lose a column."""
    by_name = {column.name.casefold(): column for column in sheet.columns}
    keys: list[str | None] = []
    empty = 0
    for line, cells in enumerate(cells_of.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
        if line == 1:
            # A required column carries a star in the template.
            names = [one_line(cell or "").rstrip("* ").casefold() for cell in cells]
            unknown = [name for name in names if name and name not in by_name]
            if unknown:
                raise WrongFile(f"Trang “{sheet.name}” có cột lạ: {', '.join(unknown)[:200]}.")
            keys = [by_name[name].key if name else None for name in names]
            _need_columns(sheet, keys)
            continue
        values = {key: cell for key, cell in zip(keys, cells, strict=False) if key is not None}
        if all(value is None or not str(value).strip() for value in values.values()):
            empty += 1
            if empty > EMPTY_ROWS:
                return
            continue
        empty = 0
        yield SourceRow(sheet.key, line, values)


def _need_columns(sheet: Sheet, keys: list[str | None]) -> None:
    missing = [one.name for one in sheet.columns if one.required and one.key not in keys]
    if missing and any(keys):
        raise WrongFile(f"Trang “{sheet.name}” thiếu cột: {', '.join(missing)}.")
