"""What each kind of curated entry is called and how its form explains itself (in Vietnamese)."""

from __future__ import annotations

from dataclasses import dataclass

from search.language import (
    BEST_BET,
    BOTH_WAYS,
    ENGLISH,
    HIDDEN,
    IGNORED,
    KINDS,
    OFF_TOPIC,
    ONE_WAY,
    SHORT,
    SPECIAL,
    SUGGESTED,
    WEAK,
)


@dataclass(frozen=True)
class KindWords:
    """Name, what it does, labels and help of the two boxes; ``means`` "" where there is none."""

    name: str
    tells: str
    said: str
    example: str
    means: str = ""
    means_help: str = ""
    #: The second box may stay empty.
    optional: bool = False


WORDS: dict[str, KindWords] = {
    HIDDEN: KindWords(
        "Cách gọi thủ tục",
        "Người dân gọi thủ tục bằng tên khác. Mỗi cách gọi được tìm như một tên thứ hai.",
        "Mã thủ tục",
        "1.001193",
        "Người dân gọi là",
        "Mỗi dòng một cách gọi, ví dụ: làm giấy khai sinh cho con.",
    ),
    ONE_WAY: KindWords(
        "Từ đồng nghĩa một chiều",
        "Ai gõ cụm từ bên trái thì tìm cả những cụm từ bên phải, không ngược lại.",
        "Người dân gõ",
        "sổ đỏ",
        "Nghĩa là",
        "Mỗi dòng một nghĩa, dùng chữ của thủ tục, ví dụ: giấy chứng nhận quyền sử dụng đất.",
    ),
    BOTH_WAYS: KindWords(
        "Từ đồng nghĩa hai chiều",
        "Các cụm từ thay được cho nhau theo cả hai chiều.",
        "Một cụm từ",
        "bhyt",
        "Những cụm từ cùng nghĩa",
        "Mỗi dòng một cụm từ, ví dụ: bảo hiểm y tế.",
    ),
    SHORT: KindWords(
        "Viết tắt",
        "Luôn được đọc thành chữ đầy đủ.",
        "Viết tắt",
        "cccd",
        "Viết đầy đủ",
        "Một dòng, ví dụ: căn cước công dân.",
    ),
    BEST_BET: KindWords(
        "Đặt lên đầu",
        "Câu hỏi có cụm từ này thì thủ tục được chọn đứng đầu kết quả.",
        "Câu hỏi có",
        "cấp đổi thẻ",
        "Mã thủ tục đứng đầu",
        "Mỗi dòng một mã, ví dụ: 1.001194.",
    ),
    SUGGESTED: KindWords(
        "Gợi ý khi gõ",
        "Hiện ra trong lúc người dân đang gõ.",
        "Câu gợi ý",
        "đăng ký khai sinh",
    ),
    IGNORED: KindWords(
        "Chữ chỉ để hỏi",
        "Chỉ mang ý hỏi, lời chào; không phải tìm trong thủ tục.",
        "Cụm từ",
        "cho mình hỏi",
    ),
    WEAK: KindWords(
        "Chữ ít nghĩa",
        "Vẫn tìm, nhưng tính rất nhẹ.",
        "Cụm từ",
        "nhà",
    ),
    SPECIAL: KindWords(
        "Trường hợp riêng",
        "Thủ tục có chữ này trong tên chỉ được ưu tiên khi người dân hỏi đúng trường hợp đó.",
        "Cụm từ",
        "nước ngoài",
    ),
    OFF_TOPIC: KindWords(
        "Ngoài phạm vi",
        "Câu hỏi chỉ có chữ này thì không có kết quả.",
        "Cụm từ",
        "giá vàng",
    ),
    ENGLISH: KindWords(
        "Tiếng Anh",
        "Cụm từ tiếng Anh được đọc thành tiếng Việt; không ghi nghĩa thì chỉ là chữ để hỏi.",
        "Tiếng Anh",
        "birth certificate",
        "Nghĩa tiếng Việt",
        "Mỗi dòng một nghĩa, ví dụ: khai sinh. Để trống được.",
        optional=True,
    ),
}


def words_of(kind: str) -> KindWords:
    """The words of a kind; of one that has none yet, its code."""
    return WORDS.get(kind) or KindWords(kind, "", "Cụm từ", "", "Nghĩa là", optional=True)


def kind_choices() -> list[tuple[str, str]]:
    """Every kind with its name, those editors need most first."""
    order = [*WORDS, *(kind for kind in KINDS if kind not in WORDS)]
    return [(kind, words_of(kind).name) for kind in order if kind in KINDS]


#: Kinds of evaluation questions as the shipped file calls them → how they read.
QUESTION_KINDS = {
    "keywords": "từ khoá",
    "no_marks": "không dấu",
    "colloquial": "lời thường",
    "abbreviations": "viết tắt",
    "typos": "gõ sai",
    "telex_vni": "sót Telex, VNI",
    "nonsense": "ngoài phạm vi",
    "old_names": "tên cũ",
    "situations": "hoàn cảnh sống",
    "papers_forms": "giấy tờ, mẫu đơn",
    "half_typed": "gõ dở",
    "codes": "mã thủ tục",
    "dialect": "tiếng địa phương",
    "spelling_forms": "cách viết, dấu tổ hợp",
    "english": "tiếng Anh",
}


def question_kind(kind: str) -> str:
    """A kind of question as people read it; unknown ones as they are."""
    return QUESTION_KINDS.get(kind, kind)
