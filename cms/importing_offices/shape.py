"""The sheets and columns of a file of offices, the same in .xlsx and JSON. Pure.

A JSON file is an object with the keys of :data:`SHEETS`, each a list of objects with the keys of
the columns. A column a file does not have keeps its values; an empty cell empties them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = {
    "centre": "Trung tâm phục vụ hành chính công",
    "branch": "Chi nhánh",
    "point": "Điểm tiếp nhận",
}
ROLES = {"head": "Người đứng đầu", "deputy": "Cấp phó", "officer": "Công chức, viên chức"}
LEVELS = {
    "commune": "Cấp xã",
    "province": "Cấp tỉnh",
    "province,commune": "Cấp tỉnh và cấp xã",
}
WEEKDAYS = {
    "0": "Thứ Hai",
    "1": "Thứ Ba",
    "2": "Thứ Tư",
    "3": "Thứ Năm",
    "4": "Thứ Sáu",
    "5": "Thứ Bảy",
    "6": "Chủ Nhật",
}
YES_NO = {"yes": "Có", "no": "Không"}


@dataclass(frozen=True)
class Column:
    """One column: its key in JSON, its heading in Excel, and what may stand in it.

    ``kind``: text, phone, list, choice, yes_no, date, time, number, whole. ``refers`` names the
    sheet whose rows a cell points to, for the drop-down.
    """

    key: str
    name: str
    kind: str = "text"
    required: bool = False
    choices: dict[str, str] = field(default_factory=dict)
    refers: str = ""
    hint: str = ""
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """One sheet: its key in JSON, its title in Excel and its columns."""

    key: str
    name: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(one for one in self.columns if one.key == key)


_OFFICE = Column(
    "office",
    "Cơ quan",
    required=True,
    refers="offices",
    hint="Tên như ở trang “Cơ quan”, hoặc đường dẫn.",
    width=40,
)
_SEVERAL = "Nhiều mục: cách nhau bằng dấu chấm phẩy."
_DAY = "Dạng ngày/tháng/năm."

SHEETS: dict[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        Sheet(
            "offices",
            "Cơ quan",
            (
                Column("name", "Tên cơ quan", required=True, width=40),
                Column("slug", "Đường dẫn", hint="Để trống: theo tên. Đã có thì không đổi."),
                Column("kind", "Loại", "choice", required=True, choices=KINDS, width=32),
                Column("part_of", "Thuộc cơ quan", refers="offices", width=40),
                Column("address", "Địa chỉ", required=True, width=40),
                Column("ward", "Phường, xã", hint="Nơi cơ quan đóng."),
                Column("wards", "Phường, xã phục vụ", "list", hint=_SEVERAL, width=40),
                Column("levels", "Cấp phục vụ", "choice", choices=LEVELS, width=20),
                Column("phone", "Điện thoại", "phone"),
                Column("email", "Thư điện tử", width=26),
                Column("latitude", "Vĩ độ", "number", hint="Ví dụ 21.028511"),
                Column("longitude", "Kinh độ", "number", hint="Ví dụ 105.852020"),
            ),
        ),
        Sheet(
            "hours",
            "Giờ làm việc",
            (
                _OFFICE,
                Column("weekday", "Ngày", "choice", required=True, choices=WEEKDAYS),
                Column("opens", "Mở cửa", "time", required=True, hint="Ví dụ 8:00"),
                Column("closes", "Đóng cửa", "time", required=True, hint="Ví dụ 11:30"),
            ),
        ),
        Sheet(
            "counters",
            "Quầy",
            (
                _OFFICE,
                Column("name", "Tên quầy", required=True, hint="Ví dụ: Quầy 3"),
                Column("code", "Mã quầy", hint="Để trống: giữ mã đã có, hoặc tạo mã mới."),
                Column("main_field", "Lĩnh vực chính", required=True, refers="fields", width=30),
                Column("fields", "Lĩnh vực khác", "list", hint=_SEVERAL, width=40),
                Column("active", "Đang hoạt động", "yes_no", choices=YES_NO),
            ),
        ),
        Sheet(
            "officers",
            "Người làm",
            (
                _OFFICE,
                Column("name", "Họ và tên", required=True, width=28),
                Column("title", "Chức danh", required=True, width=30),
                Column("role", "Vị trí", "choice", choices=ROLES, width=24),
                Column("field", "Lĩnh vực", refers="fields", width=30),
                Column("phone", "Điện thoại", "phone"),
                Column("last_day", "Ngày làm việc cuối", "date", hint=_DAY),
                Column("active", "Đang làm việc", "yes_no", choices=YES_NO),
            ),
        ),
        Sheet(
            "handlings",
            "Phân công",
            (
                _OFFICE,
                Column("counter", "Quầy", required=True, hint="Tên quầy hoặc mã quầy."),
                Column("officer", "Người làm", refers="officers", width=28),
                Column("title", "Chức danh", hint="Chỉ cần khi hai người trùng tên.", width=24),
                Column("field", "Lĩnh vực", refers="fields", width=30),
                Column("procedure_code", "Mã thủ tục", hint="Để trống: mọi thủ tục của lĩnh vực."),
                Column("valid_from", "Từ ngày", "date", hint=_DAY),
                Column("valid_until", "Đến hết ngày", "date", hint=_DAY),
                Column("substitute", "Người thay khi vắng", refers="officers", width=28),
                Column("rank", "Thứ tự", "whole", hint="Số nhỏ đứng trước."),
            ),
        ),
    )
}
