"""Words for what is one value: standing, name, levels, agencies, dates, long texts."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.change_words.lines import Line, day_text, text_line
from cms.changes import Change

NAMES: dict[str, Promise] = {
    "standing": gettext_lazy("Tình trạng"),
    "standing_reason": gettext_lazy("Lý do tạm dừng, bãi bỏ"),
    "standing_from": gettext_lazy("Tạm dừng, bãi bỏ từ ngày"),
    "standing_until": gettext_lazy("Tạm dừng đến hết ngày"),
    "replaced_by": gettext_lazy("Thủ tục thay thế"),
    "applied": gettext_lazy("Áp dụng tại thành phố"),
    "applied_decision": gettext_lazy("Quyết định áp dụng"),
    "applied_from": gettext_lazy("Áp dụng từ ngày"),
    "name": gettext_lazy("Tên thủ tục"),
    "plain_name": gettext_lazy("Tên dân quen gọi"),
    "field": gettext_lazy("Lĩnh vực"),
    "decision_number": gettext_lazy("Số quyết định"),
    "decision_date": gettext_lazy("Ngày ký quyết định"),
    "levels": gettext_lazy("Cấp thực hiện"),
    "levels_incomplete": gettext_lazy("Có thể còn cấp khác"),
    "audience": gettext_lazy("Đối tượng"),
    "procedure_type": gettext_lazy("Loại thủ tục"),
    "agency": gettext_lazy("Cơ quan thực hiện"),
    "authority": gettext_lazy("Cơ quan có thẩm quyền"),
    "delegated_agency": gettext_lazy("Cơ quan được uỷ quyền"),
    "coordinating_agency": gettext_lazy("Cơ quan phối hợp"),
    "issuing_body": gettext_lazy("Cơ quan ban hành"),
    "reception_address": gettext_lazy("Địa chỉ tiếp nhận hồ sơ"),
    "result": gettext_lazy("Kết quả"),
    "requirements": gettext_lazy("Yêu cầu, điều kiện"),
    "description": gettext_lazy("Mô tả"),
    "keywords": gettext_lazy("Từ khoá"),
    "source_url": gettext_lazy("Địa chỉ nguồn"),
}
STANDINGS = {
    "active": gettext_lazy("Đang thực hiện"),
    "paused": gettext_lazy("Tạm dừng"),
    "abolished": gettext_lazy("Đã bãi bỏ"),
}
APPLIED = {
    "": gettext_lazy("Chưa ghi quyết định áp dụng"),
    "yes": gettext_lazy("Áp dụng"),
    "no": gettext_lazy("Không áp dụng"),
}
LEVELS = {
    "ministry": gettext_lazy("Cấp bộ"),
    "province": gettext_lazy("Cấp tỉnh"),
    "commune": gettext_lazy("Cấp xã"),
    "other": gettext_lazy("Cơ quan khác"),
}


def _value_text(section: str, value: Any) -> str:
    if value in (None, "", []) and section != "applied":
        return ""
    if section == "standing":
        return str(STANDINGS.get(value, value))
    if section == "applied":
        return str(APPLIED.get(value or "", value))
    if section == "levels":
        return ", ".join(str(LEVELS.get(level, level)) for level in value)
    if section == "levels_incomplete":
        return _("có") if value else _("không")
    if section.endswith(("_from", "_until", "_date")):
        return day_text(value)
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)


def value_lines(change: Change) -> list[Line]:
    name = NAMES.get(change.section, change.section)
    old, new = (_value_text(change.section, value) for value in (change.old, change.new))
    return [text_line(name, old, new)]
