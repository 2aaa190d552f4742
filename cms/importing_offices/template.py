"""The .xlsx template: five sheets with drop-downs, and a first one that explains them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from cms.importing_offices.shape import SHEETS, Column

#: Rows with drop-downs; more rows than this can be filled in, they only lack the list.
ROWS = 5000
GUIDE, LISTS = "Hướng dẫn", "Danh mục"
_FORMATS = {"date": "dd/mm/yyyy", "time": "hh:mm", "number": "0.000000", "whole": "0"}
_TEXT = "@"  # keeps the zero at the head of a telephone number and at the end of a code
_HEAD = PatternFill("solid", fgColor="7A1A1F")
_NEEDED = PatternFill("solid", fgColor="FDEEC0")

_GUIDE = (
    "Mỗi trang là một danh sách, mỗi dòng một mục. Cột nền vàng, có dấu *, bắt buộc phải ghi.",
    "Thứ tự nên điền: Cơ quan, Giờ làm việc, Quầy, Người làm, Phân công. "
    "Trang nào không dùng thì để trống.",
    "Nhập lại tệp bao nhiêu lần cũng được: dòng không đổi thì không ghi gì, dòng đổi thì cập nhật. "
    "Không dòng nào bị xoá: mục có trong hệ thống mà không có trong tệp chỉ được liệt kê.",
    "Dòng hỏng bị từ chối và được nêu lý do; các dòng khác vẫn được nhập.",
    "Cơ quan nhận ra theo đường dẫn hoặc tên; quầy theo mã, hoặc theo cơ quan và tên; người làm "
    "theo cơ quan, họ tên và chức danh.",
    "Mã quầy in trong QR: để trống thì mã đã có được giữ, quầy mới được cấp mã.",
    "Giờ làm việc của một cơ quan được thay cả tuần: ghi đủ mọi khoảng giờ, sáng một "
    "dòng, chiều một dòng.",
    "Người nghỉ việc: ghi ngày làm việc cuối, hoặc chọn Không ở “Đang làm việc”. Thời gian vắng "
    "mặt và người thay trong những ngày đó ghi trên trang quản trị, không ghi lý do.",
    "Phân công: ghi lĩnh vực (nhận mọi thủ tục của lĩnh vực) hoặc mã của riêng một thủ tục. "
    "Từ ngày, đến hết ngày: để trống nếu không giới hạn.",
    "Vĩ độ, kinh độ: lấy từ bản đồ, ghi số thập phân, để người dân tìm được nơi gần nhất.",
)


def write_template(fields: Iterable[str] = ()) -> bytes:
    """The workbook as bytes; ``fields`` are the known names for the drop-downs of lĩnh vực."""
    book = openpyxl.Workbook()
    guide = book.active
    assert guide is not None
    _write_guide(guide)
    names = list(fields)
    for sheet in SHEETS.values():
        page = book.create_sheet(sheet.name)
        for number, column in enumerate(sheet.columns, 1):
            _write_column(page, number, column, len(names))
        page.freeze_panes = "B2"
        page.row_dimensions[1].height = 32
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for line, name in enumerate(names, 1):
        lists.cell(line, 1, name)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_guide(guide: Any) -> None:
    guide.title = GUIDE
    guide.column_dimensions["A"].width = 110
    cell = guide.cell(1, 1, "Nhập cơ quan, quầy, người làm và phân công")
    cell.font = Font(bold=True, size=14)
    for line, text in enumerate(_GUIDE, 3):
        cell = guide.cell(line, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _write_column(page: Any, number: int, column: Column, fields: int) -> None:
    letter = get_column_letter(number)
    head = page.cell(1, number, column.name + (" *" if column.required else ""))
    head.alignment = Alignment(wrap_text=True, vertical="center")
    head.fill = _NEEDED if column.required else _HEAD
    head.font = Font(bold=True, color="1B1A1E" if column.required else "FFFFFF")
    page.column_dimensions[letter].width = column.width
    # The format of the column, not of 5,000 cells: an empty template stays small.
    page.column_dimensions[letter].number_format = _FORMATS.get(column.kind, _TEXT)
    rule = _rule(column, fields)
    if rule is None:
        return
    if column.hint:
        rule.prompt, rule.promptTitle, rule.showInputMessage = column.hint, column.name[:32], True
    rule.showErrorMessage = rule.type is not None
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS + 1}")


def _rule(column: Column, fields: int) -> DataValidation | None:
    """What Excel lets be typed. Lists of names only suggest: new names are allowed."""
    blank = not column.required
    if column.choices:
        # Excel takes at most 255 characters here; a test holds the shape to it.
        quoted = ",".join(column.choices.values())
        rule = DataValidation("list", formula1=f'"{quoted}"', allow_blank=blank)
        rule.error = "Hãy chọn trong danh sách."
        return rule
    if column.refers == "fields":
        return _names(column, f"{quote_sheetname(LISTS)}!$A$1:$A${fields}") if fields else None
    if column.refers:
        sheet = SHEETS[column.refers]
        letter = get_column_letter(sheet.columns.index(sheet.column("name")) + 1)
        return _names(column, f"{quote_sheetname(sheet.name)}!${letter}$2:${letter}${ROWS + 1}")
    if column.kind == "date":
        rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=blank)
        rule.error = "Ghi ngày dạng ngày/tháng/năm."
        return rule
    if column.kind == "time":
        rule = DataValidation("time", operator="between", formula1="0", formula2="0.99999")
        rule.error = "Ghi giờ dạng 8:00."
        return rule
    if column.key in ("latitude", "longitude"):
        low, high = ("6", "24") if column.key == "latitude" else ("102", "118")
        rule = DataValidation(
            "decimal", operator="between", formula1=low, formula2=high, allow_blank=True
        )
        rule.error = f"Ghi số từ {low} đến {high}."
        return rule
    if column.kind == "whole":
        rule = DataValidation(
            "whole", operator="between", formula1="0", formula2="32767", allow_blank=True
        )
        rule.error = "Ghi số nguyên từ 0."
        return rule
    return DataValidation(allow_blank=True) if column.hint else None


def _names(column: Column, cells: str) -> DataValidation:
    """A drop-down of cells elsewhere that also lets other names be typed."""
    rule = DataValidation("list", formula1=cells, allow_blank=not column.required)
    rule.errorStyle = "information"
    rule.error = "Tên này chưa có trong danh sách. Vẫn ghi được nếu đúng."
    return rule
