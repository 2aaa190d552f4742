"""The .xlsx template: four sheets, joined by the procedure's code; reading it and making it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

from cms.importing.sources import Row
from cms.importing.texts import one_line

CODE = "Mã thủ tục"
#: Sheet "Thủ tục": column → field of the record. Lists hold one entry a line.
PROCEDURE_COLUMNS = {
    CODE: "code",
    "Tên thủ tục": "name",
    "Lĩnh vực": "field",
    "Số quyết định": "decision_number",
    "Loại thủ tục": "procedure_type",
    "Cấp thực hiện": "level",
    "Đối tượng thực hiện": "audience",
    "Trình tự thực hiện": "steps",
    "Kết quả": "result",
    "Yêu cầu, điều kiện": "requirements",
    "Cơ quan thực hiện": "agency",
    "Cơ quan có thẩm quyền": "authority",
    "Cơ quan được uỷ quyền": "delegated_agency",
    "Cơ quan phối hợp": "coordinating_agency",
    "Cơ quan ban hành": "issuing_body",
    "Địa chỉ tiếp nhận hồ sơ": "reception_address",
    "Từ khoá": "keywords",
    "Mô tả": "description",
    "Địa chỉ nguồn": "source_url",
}
CHANNEL_COLUMNS = {
    CODE: "code",
    "Hình thức nộp": "channel",
    "Thời hạn (số)": "time_value",
    "Đơn vị thời gian": "time_unit",
    "Thời hạn, nguyên văn": "time_limit",
    "Phí, lệ phí (số tiền)": "amount",
    "Đơn vị tiền": "currency",
    "Điều kiện thu": "fee_note",
    "Mô tả": "note",
}
PAPER_COLUMNS = {
    CODE: "code",
    "Trường hợp": "group",
    "Tên giấy tờ": "name",
    "Bản chính": "originals",
    "Bản sao": "copies",
    "Mẫu đơn, tờ khai": "form",
}
LAW_COLUMNS = {CODE: "code", "Số ký hiệu": "number", "Trích yếu": "name"}
SHEETS = {
    "Thủ tục": PROCEDURE_COLUMNS,
    "Cách thức": CHANNEL_COLUMNS,
    "Giấy tờ": PAPER_COLUMNS,
    "Căn cứ pháp lý": LAW_COLUMNS,
}
_LISTS = {"level", "audience", "keywords", "form"}
#: Columns that are read. One forgotten cell in the last column of Excel would otherwise make
#: sixteen thousand of every line.
_MOST_COLUMNS = 100


def write_template(path: Path) -> None:
    """Make an empty template: the sheets with their headings."""
    book = openpyxl.Workbook()
    for number, (title, columns) in enumerate(SHEETS.items()):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for column, name in enumerate(columns, 1):
            cell = sheet.cell(1, column, name)
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.save(path)


def read_workbook(path: Path, name: str = "") -> Iterator[Row]:
    """One row per line of the first sheet; rows of the other sheets join by code."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        yield from _read(name or str(path), book)
    finally:
        book.close()


def _read(name: str, book: Any) -> Iterator[Row]:
    missing = [title for title in SHEETS if title not in book.sheetnames]
    if "Thủ tục" in missing:
        yield Row(name, 0, problem="Tệp Excel không theo mẫu: thiếu trang “Thủ tục”.")
        return
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for title in ("Cách thức", "Giấy tờ", "Căn cứ pháp lý"):
        if title not in missing:
            for line, row in _rows(book[title], SHEETS[title]):
                code = one_line(row.pop("code", ""))
                parts.setdefault(code, {}).setdefault(title, []).append(row | {"line": line})
    seen = set()
    for line, row in _rows(book["Thủ tục"], PROCEDURE_COLUMNS):
        code = one_line(row.get("code", ""))
        seen.add(code)
        own = parts.get(code, {})
        row["channels"] = _channels(own.get("Cách thức", []))
        row["documents"] = own.get("Giấy tờ", [])
        row["legal_basis"] = own.get("Căn cứ pháp lý", [])
        yield Row(name, line, raw=row)
    for code in (code for code in parts if code not in seen):  # in the order of the file
        first = next(iter(parts[code].items()))
        text = f"Trang “{first[0]}” nêu mã {code or '(trống)'} không có ở trang “Thủ tục”."
        yield Row(name, first[1][0]["line"], problem=text)


def _rows(sheet: Any, columns: dict[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and values by field; columns may stand in any order, unknown ones drop out."""
    header: list[str | None] = []
    for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
        if line == 1:
            header = [columns.get(one_line(cell)) for cell in cells]
            if "code" not in header:
                raise ValueError(f"trang “{sheet.title}” thiếu cột “{CODE}”")
            continue
        row: dict[str, Any] = {}
        for field, cell in zip(header, cells, strict=False):
            if field == "code" and isinstance(cell, float):
                cell = f"{cell:.6f}"  # Excel made a number of the code and dropped its zeros
            if field and cell not in (None, ""):
                lines = [part.strip() for part in str(cell).split("\n") if part.strip()]
                row[field] = lines if field in _LISTS else cell
        if row:
            yield line, row


def _channels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one kind in a row are one channel with several fees."""
    channels: list[dict[str, Any]] = []
    for row in rows:
        fee = {
            name: row.pop(key)
            for key, name in (("amount", "amount"), ("currency", "currency"), ("fee_note", "note"))
            if key in row
        }
        if "currency" in fee:
            currency = one_line(fee["currency"]).casefold()
            fee["currency"] = "VND" if currency in {"đồng", "vnđ", "vnd", "đ"} else currency
        same = bool(channels) and channels[-1].get("channel") == row.get("channel")
        if not same:
            channels.append({**row, "fees": []})
        if fee:
            channels[-1]["fees"].append(fee)
        if same and row.get("note") and row["note"] != channels[-1].get("note"):
            notes = [channels[-1].get("note"), row["note"]]
            channels[-1]["note"] = "\n".join(str(note) for note in notes if note)
    return channels
