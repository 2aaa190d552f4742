"""The portal's ``ChiTietTTHC_<mã>.doc``, really a .docx: labelled paragraphs, three kinds of table.

Labels and headers are compared without marks, case and punctuation: exports differ in all three.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
from docx.table import Table

from cms.importing.texts import clean, one_line
from cms.text import fold

NO_VALUE = "khong co thong tin"
#: Label of a paragraph (folded) → field of the record; None: a heading whose table follows.
_LABELS: dict[str, str] = {
    "ma thu tuc": "code",
    "so quyet dinh": "decision_number",
    "ten thu tuc": "name",
    "cap thuc hien": "level",
    "loai thu tuc": "procedure_type",
    "linh vuc": "field",
    "trinh tu thuc hien": "steps",
    "cach thuc thuc hien": "channels_text",
    "thanh phan ho so": "documents_text",
    "doi tuong thuc hien": "audience",
    "co quan thuc hien": "agency",
    "co quan co tham quyen": "authority",
    "co quan co tham quyen quyet dinh": "authority",
    "dia chi tiep nhan hs": "reception_address",
    "dia chi tiep nhan ho so": "reception_address",
    "co quan duoc uy quyen": "delegated_agency",
    "co quan phoi hop": "coordinating_agency",
    "ket qua": "result",
    "ket qua thuc hien": "result",
    "can cu phap ly": "legal_basis_text",
    "yeu cau dieu kien": "requirements",
    "yeu cau dieu kien thuc hien": "requirements",
    "tu khoa": "keywords",
    "mo ta": "description",
}
_LISTS = {"level", "audience", "keywords"}
_TIME = re.compile(r"(\d+(?:[.,]\d+)?)\s*(giờ|ngày làm việc|ngày|tháng|năm)?", re.IGNORECASE)
_FEE = re.compile(
    r"(?:(?:phí|lệ phí)\s*:\s*)?(\d[\d.,]*)\s*(đồng|vnđ|vnd|đ|usd)?\s*(?:\((.*)\))?\.?",
    re.IGNORECASE | re.DOTALL,
)
_NEXT_FEE = re.compile(r"\n(?=\s*(?:lệ phí|phí)\s*:)", re.IGNORECASE)


def read_export(path: Path) -> dict[str, Any]:
    """The record of one export, in the shape of a JSON line; absent values are absent."""
    texts: dict[str, list[str]] = {}
    tables: dict[str, list[dict[str, Any]]] = {"channels": [], "documents": [], "legal_basis": []}
    label = ""
    with path.open("rb") as file:  # by handle: the name ends in .doc
        for part in docx.Document(file).iter_inner_content():
            if isinstance(part, Table):
                kind, rows = _table(part, _case(label, texts))
                tables.get(kind, tables["documents"] if kind else []).extend(rows)
                if not kind:
                    texts.setdefault(label or "description", []).extend(_cells(part))
                continue
            found, value = _labelled(part.text)
            if found:
                label = found
                texts.setdefault(label, [])
            if label and fold(value).strip(" .") != NO_VALUE and clean(value):
                texts[label].append(clean(value))
    record: dict[str, Any] = {name: rows for name, rows in tables.items() if rows}
    for name, lines in texts.items():
        if name in _LISTS:
            record[name] = [one for line in lines for one in _comma_list(line)]
        elif lines:
            record[name] = "\n".join(lines)
    return record


def _key(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", fold(text)).split())


def _labelled(text: str) -> tuple[str, str]:
    """The field a paragraph opens ("" when it goes on with the one before), and its value."""
    head, colon, rest = text.partition(":")
    if colon and (name := _LABELS.get(_key(head))):
        return name, rest
    if name := _LABELS.get(_key(text)):
        return name, ""
    return "", text


def _case(label: str, texts: dict[str, list[str]]) -> str:
    """The paragraph right above a documents table names its case, and belongs to the table."""
    lines = texts.get("documents_text") if label == "documents_text" else None
    return lines.pop() if lines else ""


def _cells(table: Table) -> list[str]:
    return [one_line(" | ".join(cell.text for cell in row.cells)) for row in table.rows]


def _table(table: Table, case: str) -> tuple[str, list[dict[str, Any]]]:
    """The kind of table by its header ("" when unknown), and its rows."""
    cells = [[clean(cell.text) for cell in row.cells] for row in table.rows]
    if not cells:
        return "", []
    header = [_key(text) for text in cells[0]]
    rows = [dict(zip(header, row, strict=False)) for row in cells[1:]]

    def get(row: dict[str, str], *starts: str) -> str:
        text = next((row[key] for key in row if key.startswith(starts)), "")
        return "" if fold(text).strip(" .") == NO_VALUE else text

    if any(key.startswith("hinh thuc") for key in header):
        return "channels", [
            {
                "channel": get(row, "hinh thuc"),
                **_time(get(row, "thoi han")),
                **_fees(get(row, "phi", "le phi")),
                "note": get(row, "mo ta"),
            }
            for row in rows
        ]
    if any(key.startswith("ten giay to") for key in header):
        return "documents", [
            {
                "name": get(row, "ten giay to"),
                "group": case,
                "originals": _count("bản chính", get(row, "so luong")),
                "copies": _count("bản sao", get(row, "so luong")),
                "form": [line for line in get(row, "mau don").split("\n") if line.strip()],
            }
            for row in rows
        ]
    if any(key.startswith("so ky hieu") for key in header):
        return "legal_basis", [
            {"name": get(row, "trich yeu"), "number": get(row, "so ky hieu")} for row in rows
        ]
    return "", []


def _time(text: str) -> dict[str, Any]:
    match = _TIME.fullmatch(one_line(text))
    if not match:
        return {"time_limit": text}
    found = {"time_limit": text, "time_value": match[1].replace(",", ".")}
    return found | ({"time_unit": match[2].lower()} if match[2] else {})


def _fees(text: str) -> dict[str, Any]:
    if not text:
        return {}
    fees = []
    for line in _NEXT_FEE.split(text):
        match = _FEE.fullmatch(line.strip())
        digits = re.sub(r"[.,]", "", match[1]) if match else ""
        # "1,5" or "12.50" could be read two ways: then the words stand alone.
        if match and re.fullmatch(r"\d+|\d{1,3}(?:[.,]\d{3})+", match[1]):
            unit = (match[2] or "").lower()
            currency = "USD" if unit == "usd" else "VND" if unit else ""
            fees.append({"amount": int(digits), "currency": currency, "note": match[3] or ""})
        else:
            fees.append({"note": line.strip()})
    return {"fees": fees, "fee": text}


def _count(what: str, text: str) -> int:
    """The number after "Bản chính:", else the one before "bản chính"; 0 when there is none."""
    after = re.search(rf"{what}\s*:\s*(\d+)", text, re.IGNORECASE)
    match = after or re.search(rf"(\d+)\s*{what}", text, re.IGNORECASE)
    return int(match[1]) if match else 0


def _comma_list(text: str) -> list[str]:
    """Split at commas and semicolons that stand outside brackets."""
    return [part.strip() for part in re.split(r"[,;](?![^(]*\))", text) if part.strip()]
