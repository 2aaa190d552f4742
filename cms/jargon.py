"""Words of the administration that a name needs a plain twin for.

A list to be read and argued about by editors and lawyers: official term → how citizens say it.
The second column is what the checklist proposes; it never goes to a public page by itself. Add a
line when citizens ask what a word means; remove one that everybody understands.
"""

from __future__ import annotations

import re
import unicodedata

JARGON: dict[str, str] = {
    # Hộ tịch, cư trú, căn cước
    "trích lục": "bản sao giấy khai sinh, kết hôn, khai tử",
    "cải chính hộ tịch": "sửa chỗ sai trong giấy khai sinh, kết hôn",
    "xác định lại dân tộc": "ghi lại dân tộc",
    "giám hộ": "người thay cha mẹ chăm lo",
    "giám sát việc giám hộ": "người trông chừng việc chăm lo",
    "yếu tố nước ngoài": "với người nước ngoài hoặc ở nước ngoài",
    "tình trạng hôn nhân": "giấy độc thân",
    "đăng ký thường trú": "nhập hộ khẩu",
    "xóa đăng ký thường trú": "cắt hộ khẩu",
    "đăng ký tạm trú": "ở trọ, KT3",
    "lưu trú": "ngủ lại qua đêm",
    "tách hộ": "tách sổ hộ khẩu",
    "định danh điện tử": "tài khoản VNeID",
    "lý lịch tư pháp": "giấy chứng nhận không án tích",
    # Tư pháp
    "chứng thực": "sao y, xác nhận chữ ký",
    "thừa phát lại": "người lập vi bằng, tống đạt giấy tờ",
    "thừa kế": "chia tài sản người mất để lại",
    "bồi thường nhà nước": "Nhà nước đền khi làm sai",
    "hòa giải viên": "người giúp dàn xếp chuyện xích mích",
    "trợ giúp pháp lý": "luật sư miễn phí",
    # Đất đai, xây dựng, môi trường
    "quyền sử dụng đất": "sổ đỏ",
    "tài sản gắn liền với đất": "nhà và công trình trên đất",
    "đăng ký biến động": "sang tên, sửa sổ đỏ",
    "chuyển mục đích sử dụng đất": "xin đổi loại đất",
    "tách thửa": "chia một thửa thành nhiều thửa",
    "hợp thửa": "gộp nhiều thửa thành một",
    "giao dịch bảo đảm": "thế chấp",
    "biện pháp bảo đảm": "thế chấp",
    "đính chính": "sửa chỗ ghi sai",
    "chủ trương đầu tư": "xin phép làm dự án",
    "chỉ giới": "ranh giới được xây",
    "nghiệm thu": "kiểm tra công trình đã xong",
    "hoàn công": "giấy công nhận nhà đã xây xong",
    # Kinh doanh, thuế
    "hộ kinh doanh": "mở quán, mở cửa hàng",
    "chấm dứt hoạt động": "đóng cửa, nghỉ bán",
    "tạm ngừng kinh doanh": "nghỉ bán một thời gian",
    "giải thể": "đóng cửa hẳn",
    "chấp thuận": "cho phép",
    "công bố hợp quy": "báo hàng đúng tiêu chuẩn",
    "ký quỹ": "nộp tiền bảo đảm",
    "khai thuế": "báo số thuế phải nộp",
    "chứng nhận xuất xứ": "giấy chứng nhận nơi làm ra hàng",
    "kiểm dịch": "kiểm tra bệnh của cây, con",
    # Lao động, bảo trợ, y tế, giáo dục
    "bảo trợ xã hội": "giúp người khó khăn",
    "trợ cấp xã hội": "tiền Nhà nước giúp hằng tháng",
    "hưu trí xã hội": "tiền người già",
    "mai táng": "tiền lo đám tang",
    "người có công": "thương binh, gia đình liệt sĩ",
    "thân nhân liệt sĩ": "gia đình liệt sĩ",
    "mức độ khuyết tật": "giấy xác nhận khuyết tật",
    "chứng chỉ hành nghề": "giấy được làm nghề",
    "công nhận văn bằng": "xác nhận bằng học ở nước ngoài",
    # Cách gọi chung của văn bản
    "thẩm định": "xem xét, đánh giá",
    "thẩm tra": "kiểm tra lại",
    "phê duyệt": "đồng ý cho làm",
    "gia hạn": "kéo dài thời hạn",
    "cấp đổi": "đổi giấy cũ lấy giấy mới",
    "thu hồi": "lấy lại giấy đã cấp",
    "đình chỉ": "buộc tạm ngừng",
    "liên thông": "làm nhiều việc trong một lần nộp",
    "sáp nhập": "gộp lại thành một",
    "sự nghiệp công lập": "trường, bệnh viện của Nhà nước",
}

_LONGEST_FIRST = sorted(JARGON, key=len, reverse=True)
_TERM = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, _LONGEST_FIRST))})(?!\w)(\s*\()?")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def unexplained(text: str) -> list[str]:
    """The terms in ``text`` that no bracket follows, each once, in the order they stand."""
    found = [term for term, bracket in _TERM.findall(_plain(text)) if not bracket]
    return list(dict.fromkeys(found))
