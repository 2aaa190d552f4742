"""Files of receipts, read row by row: CSV, JSON Lines, or one JSON list."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

#: Columns a CSV must have.
NEEDED = ("counter", "id", "received")
#: Characters read at a time from a JSON list; no row is longer.
CHUNK = 1 << 20


class UnreadableFile(ValueError):
    """The file as a whole is not what it should be; the message says why, in Vietnamese."""


def read_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """(line, row) of a file; for a JSON list the row's place, from 1.

    A row that cannot be read comes as its text, which no receipt is. Raises
    :class:`UnreadableFile` and OSError.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = _first_character(file)
            if first == "[":
                yield from _json_list(file)
            elif first == "{":
                yield from _json_lines(file)
            elif first:
                yield from _csv(file)
    except UnicodeDecodeError:
        raise UnreadableFile("tệp không phải là chữ UTF-8") from None


def _first_character(file: TextIO) -> str:
    start = file.read(4096).lstrip()[:1]
    file.seek(0)
    return start


def _csv(file: TextIO) -> Iterator[tuple[int, Any]]:
    """Commas, semicolons or tabs, as the header has them."""
    header = file.readline()
    file.seek(0)
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(file, delimiter=delimiter, strict=True)
    names = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UnreadableFile(f"dòng đầu thiếu cột: {', '.join(missing)}")
    reader.fieldnames = names
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, f"dòng hỏng: {error}"
            continue
        # A short row has None, a long one a list under None: both are for the reader of rows.
        yield reader.line_num, {name: value for name, value in row.items() if name}


def _json_lines(file: TextIO) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, line[:80]


def _json_list(file: TextIO) -> Iterator[tuple[int, Any]]:
    """The items of one list, a piece of the file at a time: it may have 100,000."""
    decoder, text, place, number, more = json.JSONDecoder(), "", 0, 0, True
    text = file.read(CHUNK).lstrip()[1:]
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        if place < len(text) and text[place] == "]":
            return
        try:
            item, end = decoder.raw_decode(text, place)
            # A number at the end of a piece may go on in the next one.
            whole = end < len(text) or not more
        except (ValueError, RecursionError):
            whole = False
        if whole:
            number += 1
            yield number, item
            place = end
            continue
        piece = file.read(CHUNK) if len(text) - place < CHUNK else ""
        if not piece:
            raise UnreadableFile(f"danh sách JSON hỏng sau phần tử thứ {number}")
        text, place, more = text[place:] + piece, 0, len(piece) == CHUNK
