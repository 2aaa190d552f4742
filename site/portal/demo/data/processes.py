"""Internal processes (quy trình nội bộ) of the demo, by procedure code; the rows are our own."""

from __future__ import annotations

from typing import Any

_CENTRE = "Trung tâm Phục vụ hành chính công"
_REGISTRY = "Chi nhánh Văn phòng đăng ký đất đai"
_TAX = "Thuế cơ sở"


def _step(name: str, work: str, agency: str, unit: str, hours: int) -> dict[str, Any]:
    return {"name": name, "work": work, "agency": agency, "unit": unit, "hours": hours}


#: Three agencies, 56 working hours: the seven working days the procedure has.
PROCESSES = {
    "1.013992": [
        _step(
            "Tiếp nhận hồ sơ",
            "Kiểm tra giấy tờ, cấp giấy tiếp nhận và hẹn trả kết quả, chuyển hồ sơ.",
            _CENTRE,
            "Công chức tại quầy đất đai",
            4,
        ),
        _step(
            "Thẩm tra",
            "Đối chiếu bản đồ, quy hoạch và mục đích sử dụng mới; lập phiếu chuyển thông tin.",
            _REGISTRY,
            "Tổ đăng ký biến động",
            20,
        ),
        _step(
            "Xác định nghĩa vụ tài chính",
            "Tính khoản phải nộp hoặc xác nhận không phải nộp, ra thông báo.",
            _TAX,
            "Bộ phận quản lý khoản thu từ đất",
            16,
        ),
        _step(
            "Ghi biến động",
            "Ghi mục đích mới lên Giấy chứng nhận, cập nhật hồ sơ địa chính.",
            _REGISTRY,
            "Tổ đăng ký biến động",
            8,
        ),
        _step(
            "Ký duyệt",
            "Ký xác nhận nội dung biến động.",
            _REGISTRY,
            "Giám đốc chi nhánh",
            4,
        ),
        _step(
            "Trả kết quả",
            "Báo tin, trả Giấy chứng nhận, thu phí.",
            _CENTRE,
            "Công chức tại quầy đất đai",
            4,
        ),
    ]
}
