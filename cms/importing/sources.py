"""Files → raw records with the line they stand on; a bad line or file is told, the rest goes on."""

from __future__ import annotations

import gzip
import itertools
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

#: The longest real record has 142 kB; a longer line than this is no record, and would fill memory.
LINE_LIMIT = 16 * 1024 * 1024
#: What a packed file may unpack to; an honest one of this size would hold 100,000 records.
UNPACKED_LIMIT = 2 * 1024 * 1024 * 1024
#: A file whose first lines are all unreadable is of another kind: say so once, not per line.
GIVE_UP_AFTER = 20


@dataclass(frozen=True)
class Row:
    """One record as the file has it, or why it could not be read; ``line`` counts from 1.

    ``problem`` is Vietnamese, for the report. ``line`` 0 means the file as a whole.
    """

    path: str
    line: int
    raw: Any = None
    problem: str = ""


def read(path: Path, *, name: str = "", skip: int = 0) -> Iterator[Row]:
    """The rows of one file, by its kind. Never raises for what the file holds.

    ``name`` is what the rows call the file (its path, when empty). ``skip`` leaves out that many
    rows from the start: an import that was broken off goes on there. Line numbers stay the same.
    """
    yield from itertools.islice(_rows(path, name or str(path), skip), skip, None)


def _rows(path: Path, name: str, unread: int) -> Iterator[Row]:
    if not path.is_file():
        yield Row(name, 0, problem="Không có tệp này.")
        return
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if not start:
                yield Row(name, 0, problem="Tệp rỗng.")
            elif start[:2] == b"\x1f\x8b":
                with gzip.open(file) as unpacked:
                    yield from _json_lines(name, unpacked, unread)  # type: ignore[arg-type]
            elif start == b"\xd0\xcf\x11\xe0":
                yield Row(name, 0, problem="Tệp Office kiểu cũ; hãy mở và lưu thành .docx, .xlsx.")
            elif start == b"PK\x03\x04":
                from cms.importing.office_files import read_office_file

                yield from read_office_file(path, name)
            else:
                yield from _json_lines(name, file, unread)
    except OSError as error:
        yield Row(name, 0, problem=f"Không đọc được tệp: {error.strerror or error}.")


def count(path: Path) -> int | None:
    """How many rows :func:`read` will give at most; None when only reading it all could tell.

    Lines that hold anything, for JSON Lines; 0 for what cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start == b"PK\x03\x04":
                return None
            if start[:2] == b"\x1f\x8b":
                with gzip.open(file) as unpacked:
                    return _count_lines(unpacked)  # type: ignore[arg-type]
            return _count_lines(file)
    except OSError:
        return 0


def _count_lines(file: BinaryIO) -> int:
    lines = size = 0
    try:
        while data := file.readline(LINE_LIMIT + 1):
            lines += not data.isspace()
            size += len(data)
            if len(data) > LINE_LIMIT or size > UNPACKED_LIMIT:
                break
    except (EOFError, zlib.error, gzip.BadGzipFile):
        lines += 1  # the row that tells of the damage
    return lines


def _json_lines(name: str, file: BinaryIO, unread: int) -> Iterator[Row]:
    """JSON Lines, one object a line, no row for a blank one; the first ``unread`` come empty."""
    line = good = bad = size = 0
    while True:
        line += 1
        try:
            data = file.readline(LINE_LIMIT + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield Row(
                name, line, problem="Tệp nén bị cụt hoặc hỏng từ đây; phần sau không đọc được."
            )
            return
        if not data:
            break
        size += len(data)
        if size > UNPACKED_LIMIT:
            yield Row(name, line, problem="Tệp giải nén ra quá lớn; dừng đọc tệp này.")
            return
        if good + bad < unread and good and len(data) <= LINE_LIMIT:
            # Its place counts, its content was dealt with before.
            if not _blank(data):
                good += 1
                yield Row(name, line)
            continue
        row = _line(name, line, data)
        if row is None:
            continue
        if row.problem:
            bad += 1
        else:
            good += 1
        yield row
        if len(data) > LINE_LIMIT or (not good and bad >= GIVE_UP_AFTER):
            yield Row(name, 0, problem="Tệp không phải JSON Lines; dừng đọc tệp này.")
            return
    if not good and not bad:
        yield Row(name, 0, problem="Tệp không có bản ghi nào.")


def _blank(data: bytes) -> bool:
    """Whether :func:`_line` would find nothing in it (a few spaces Unicode knows are no ASCII)."""
    return not data.strip() or (len(data) < 64 and not data.decode("utf-8", "replace").strip())


def _line(name: str, line: int, data: bytes) -> Row | None:
    if len(data) > LINE_LIMIT:
        return Row(name, line, problem=f"Dòng dài quá {LINE_LIMIT // 1024 // 1024} MB.")
    try:
        text = data.decode("utf-8-sig" if line == 1 else "utf-8").strip()
    except UnicodeDecodeError as error:
        return Row(name, line, problem=f"Dòng không phải UTF-8 (byte thứ {error.start + 1}).")
    if not text:
        return None
    try:
        return Row(name, line, raw=json.loads(text))
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        where = f" (ký tự thứ {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        return Row(name, line, problem=f"Dòng không phải JSON{where}.")
