"""Curated rows as files: the language (.txt, search/language.py) and questions (.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from search.language import HIDDEN, SHIPPED, LanguageError, dump, parse, shipped
from search.models import EvaluationQuestion, LanguageEntry
from search.models.language import reason

#: Errors that are told at once.
ERRORS_TOLD = 50
#: Largest file that is read, in bytes.
FILE_LIMIT = 4 * 1024 * 1024
QUESTIONS = SHIPPED / "questions.jsonl"


@dataclass(frozen=True)
class LineError:
    """A line that cannot be read, counted from 1."""

    line: int
    text: str


class FileError(ValueError):
    """A file that is no text at all; the message is for the editor."""


def text_of(raw: bytes) -> str:
    """A file's text. Raises FileError."""
    if len(raw) > FILE_LIMIT:
        raise FileError(f"Tệp lớn quá {FILE_LIMIT // 1024 // 1024} MB.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError("Tệp không phải chữ UTF-8. Hãy lưu lại với mã UTF-8.") from None


def read_language(text: str) -> tuple[list[LanguageEntry], list[LineError]]:
    """Rows of a file, not saved, and every line that is wrong."""
    errors: list[LineError] = []
    try:
        entries = parse(text)
    except LanguageError:
        entries, errors = _block_by_block(text)
    if any(one.said.lower() in _SIGNS for one in entries):
        errors += _signs(text)
    errors += [
        LineError(number, "mã thủ tục này chưa có cụm từ nào")
        for number, line in _bare_codes(text)
        if not errors
    ]
    return [LanguageEntry.of(one) for one in entries], errors[:ERRORS_TOLD]


#: Words that begin a line of another kind: an entry that says one could not be written back.
_SIGNS = {"x", "en"}


def _signs(text: str) -> Iterator[LineError]:
    for start, block in _blocks(text):
        try:
            found = parse(block[0])
            faithful = parse(dump(found)) == found
        except LanguageError:
            continue
        if not faithful:
            yield LineError(start, f"“{found[0].said}” đứng đầu dòng là dấu của loại khác")


def _block_by_block(text: str) -> tuple[list[Any], list[LineError]]:
    """All errors instead of the first: each head line is read with its indented lines."""
    entries, errors = [], []
    for start, block in _blocks(text):
        lines = list(block)
        while True:
            try:
                entries += parse("\n".join(lines))
                break
            except LanguageError as error:
                errors.append(LineError(start + error.line - 1, reason(error)))
                if error.line == 1 and not lines[0][:1].isspace():
                    break  # the lines below it belong to it
                lines[error.line - 1] = ""
    return entries, errors


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    start = 1
    block: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if block and line[:1].strip():
            yield start, block
            start, block = number, []
        block.append(line)
    if block:
        yield start, block


def _bare_codes(text: str) -> Iterator[tuple[int, str]]:
    for start, block in _blocks(text):
        try:
            found = parse(block[0])
        except LanguageError:
            continue
        phrases = [line for line in block[1:] if line.strip() and line.strip()[0] != "#"]
        if found and found[0].kind == HIDDEN and not phrases:
            yield start, block[0]


def write_language(rows: Iterable[LanguageEntry]) -> str:
    """The file that :func:`read_language` reads back as the same rows."""
    return dump(row.entry for row in rows)


def read_questions(text: str) -> tuple[list[EvaluationQuestion], list[LineError]]:
    """Rows of a JSON Lines file ``{"query", "codes", "kind", "note"}``, and every wrong line."""
    rows, errors = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            rows.append(_question(json.loads(line)))
        except ValidationError as error:
            errors.append(LineError(number, " ".join(error.messages)))
        except (ValueError, TypeError) as error:
            known = isinstance(error, _WrongShape)
            errors.append(LineError(number, str(error) if known else "không phải JSON"))
    return rows, errors[:ERRORS_TOLD]


class _WrongShape(ValueError):
    pass


def _question(raw: Any) -> EvaluationQuestion:
    if not isinstance(raw, dict) or not isinstance(raw.get("query"), str):
        raise _WrongShape('thiếu "query"')
    codes = raw.get("codes", raw.get("expected_codes"))
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise _WrongShape('"codes" phải là danh sách mã')
    kind, note = raw.get("kind") or "", raw.get("note") or ""
    row = EvaluationQuestion(
        query=raw["query"], codes="\n".join(codes), kind=str(kind), note=str(note)
    )
    row.tidy()
    return row


def write_questions(rows: Iterable[EvaluationQuestion]) -> str:
    """The file that :func:`read_questions` reads back as the same rows."""
    lines = []
    for row in rows:
        data: dict[str, Any] = {"query": row.query, "codes": row.codes.split(), "kind": row.kind}
        if row.note:
            data["note"] = row.note
        lines.append(json.dumps(data, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def shipped_entries() -> list[LanguageEntry]:
    """The product's language as rows."""
    return [LanguageEntry.of(one) for one in shipped() if one.means or one.kind != HIDDEN]


def shipped_questions(path: Path = QUESTIONS) -> list[EvaluationQuestion]:
    """The product's evaluation questions as rows; none when it brings none.

    Raises ValueError for a line that cannot be read.
    """
    if not path.exists():
        return []
    rows, errors = read_questions(path.read_text(encoding="utf-8"))
    if errors:
        raise ValueError(f"{path.name}:{errors[0].line}: {errors[0].text}")
    return rows
