"""What people call things in everyday speech → the words procedures use.

A first, short list from common knowledge of how citizens ask; editors add their own through a
procedure's "tên dân quen gọi" and its keywords.
"""

from __future__ import annotations

from search import vietnamese as vn

_SAID = {
    "con mới đẻ": "đăng ký khai sinh",
    "mới sinh con": "đăng ký khai sinh",
    "mất khai sinh": "đăng ký lại khai sinh",
    "mất giấy khai sinh": "đăng ký lại khai sinh",
    "giấy độc thân": "xác nhận tình trạng hôn nhân",
    "độc thân": "xác nhận tình trạng hôn nhân",
    "cưới": "đăng ký kết hôn",
    "lấy vợ": "đăng ký kết hôn",
    "lấy chồng": "đăng ký kết hôn",
    "lấy chồng tây": "đăng ký kết hôn có yếu tố nước ngoài",
    "báo tử": "đăng ký khai tử",
    "ba mất": "đăng ký khai tử",
    "bố mất": "đăng ký khai tử",
    "nhập hộ khẩu": "đăng ký thường trú",
    "chuyển hộ khẩu": "đăng ký thường trú",
    "cắt hộ khẩu": "xóa đăng ký thường trú",
    "ở trọ": "đăng ký tạm trú",
    "thuê trọ": "đăng ký tạm trú",
    "kt3": "đăng ký tạm trú",
    "cccd": "căn cước",
    "cmnd": "căn cước",
    "sao y": "chứng thực bản sao từ bản chính",
    "công chứng photo": "chứng thực bản sao từ bản chính",
    "sổ đỏ": "giấy chứng nhận quyền sử dụng đất",
    "sổ hồng": "giấy chứng nhận quyền sử dụng đất",
    "bìa đỏ": "giấy chứng nhận quyền sử dụng đất",
    "sang tên": "đăng ký biến động",
    "gpxd": "giấy phép xây dựng",
    "gcn": "giấy chứng nhận",
    "hkd": "hộ kinh doanh",
    "mở quán": "đăng ký hộ kinh doanh",
    "tiền người già": "trợ cấp hưu trí xã hội",
    "lltp": "phiếu lý lịch tư pháp",
    "lý lịch trong sạch": "phiếu lý lịch tư pháp",
    "bằng lái xe": "giấy phép lái xe",
    "bằng lái": "giấy phép lái xe",
    "bhyt": "bảo hiểm y tế",
    "bhxh": "bảo hiểm xã hội",
}
#: Folded syllables as said → (syllables with marks, official words).
SAYINGS: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    tuple(vn.folded_words(said)): (tuple(token.text for token in vn.tokens(said)), official_words)
    for said, official_words in _SAID.items()
}
LONGEST = max(len(words) for words in SAYINGS)


def official(tokens: list[vn.Token]) -> list[tuple[int, int, str]]:
    """Everyday phrases in a sentence: ``(first, end, official words)``, the longest, no overlaps.

    What is typed with marks must have the right ones: *cuối* is not *cưới*.
    """
    found = []
    position = 0
    while position < len(tokens):
        for length in range(min(LONGEST, len(tokens) - position), 0, -1):
            part = tokens[position : position + length]
            saying = SAYINGS.get(tuple(token.folded for token in part))
            if saying and all(
                not token.marked or token.text == word
                for token, word in zip(part, saying[0], strict=True)
            ):
                found.append((position, position + length, saying[1]))
                position += length
                break
        else:
            position += 1
    return found
