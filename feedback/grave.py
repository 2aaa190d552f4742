"""Does a comment name bribery or a threat? Such comments go past the office to inspectors. Pure.

In doubt it does: somebody reads it either way, and a comment that its own office reads first cannot
be taken back. Words are compared without their marks, so slips count; a word whose marks say
something else ("chứng chỉ", "với tiền", "đổi tiền") does not, and nor does what is plainly denied
("không ai vòi vĩnh gì").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from feedback.mask_text import Plain, plain


class Grave(StrEnum):
    """What a comment names."""

    BRIBERY = "bribery"
    THREAT = "threat"


#: As they are spelled; each word is also read without marks and with wrong ones.
_BRIBERY = (
    "hối lộ|đút lót|lót tay|vòi vĩnh|vòi tiền|vòi quà|vòi thêm|vòi vĩnh tiền|đòi tiền|đòi quà|đòi phong bì"
    "|phong bì|phong bao|bao thư|chung chi|chi tiền riêng|bồi dưỡng|quà cáp|làm luật|tiền luật|lại quả"
    "|hoa hồng cho cán bộ|ăn tiền|ăn chặn|ăn hối lộ|nhận tiền của dân|tham nhũng|tham ô|nhũng nhiễu|sách nhiễu"
    "|làm tiền|moi tiền|vòi|tiền trà nước|tiền cà phê|tiền cafe|tiền cf|tiền uống nước|tiền nước nôi"
    "|trà nước|cà phê cà pháo|bôi trơn|tiền bôi trơn|chạy tiền|chạy chọt|chạy hồ sơ|tiền ngoài|thu ngoài"
    "|kẹp tiền|dúi tiền|nhét tiền|đưa tiền riêng|biếu tiền|cảm ơn bằng tiền|tiền cảm ơn|tiền cám ơn"
    "|không có tiền thì|cò mồi|tiền cò|tống tiền|mãi lộ|tiêu cực phí|phí ngầm|tiền đen|bắt chẹt"
)
_THREAT = (
    "đe dọa|hăm dọa|dọa nạt|dọa dẫm|hù dọa|dọa đánh|dọa giết|dọa chém|dọa bắt|dọa đuổi|dọa kiện|dọa cho"
    "|dọa không|dọa sẽ|dọa là|dọa tôi|dọa dân|dọa em|dọa nạt dân|đòi đánh|định đánh|xông vào đánh|đánh dân|đánh tôi"
    "|hành hung|tát tôi|tát dân|hành hung dân|giết|chém|cho biết tay|coi chừng|liệu hồn|liệu thần hồn|trả thù"
    "|trù dập|khống chế|bóp cổ|túm cổ|xử đẹp|cho một trận|biết mặt tao|sàm sỡ|quấy rối|gạ tình|gạ gẫm"
)
#: With these marks the same letters are another word.
_OTHERS = {
    "chung chi": {"chứng chỉ", "chúng chỉ", "chung chỉ", "chừng chỉ"},
    "doi tien": {
        "đổi tiền",
        "đối tiền",
        "đợi tiền",
        "đời tiên",
        "dôi tiền",
        "đội tiền",
        "đôi tiền",
    },
    "voi tien": {"với tiền", "với tiến", "vội tiến", "với tiện", "với tiên"},
    "voi them": {"với thêm"},
    "voi qua": {"với quá", "vội quá", "với qua", "với quả"},
    "voi": {"với", "vôi", "voi", "vội", "vối", "vời"},
    "phong bi": {"phòng bị", "phong bị", "phòng bí", "phòng bì"},
    "phong bao": {"phòng báo", "phòng bao", "phòng bảo"},
    "tham nhung": {"thăm những", "tham những", "thảm nhung", "thấm nhưng", "thấm nhuần"},
    "tham o": {"thăm ở", "thầm ở"},
    "an tien": {"an tiện", "ấn tiền", "ấn tiến"},
    "an chan": {"ấn chặn", "ân chân"},
    "lam tien": {"làm tiện", "làm tiên", "lắm tiền", "làm tiến"},
    "lam luat": {"làm luật sư", "lắm luật"},
    "lai qua": {"lại quá", "lại qua", "lai qua", "lái qua"},
    "giet": set(),
    "chem": {"chêm", "chễm"},
    "thu ngoai": {"thứ ngoài", "thủ ngoài", "thư ngoài", "thử ngoài", "thu ngoại"},
    "tien ngoai": {"tiện ngoài", "tiền ngoại", "tiến ngoài"},
    "chay ho so": {"cháy hồ sơ"},
    "tra nuoc": {"trả nước", "tra nước"},
    "doa la": {"đó là", "đóa là"},
    "doa cho": {"đóa cho"},
    "bao thu": {"báo thu", "bảo thủ", "bảo thu", "bao thứ", "báo thứ", "bao thử"},
    "tra thu": {"trả thư", "trả thủ", "tra thủ", "trả thứ", "tra thu"},
    "danh toi": {"đành tôi", "dành tôi", "danh tôi"},
    "danh dan": {"dành dân", "danh dân", "đành dân"},
    "coi chung": {"coi chung", "coi chúng"},
    "dinh danh": {"định danh", "đinh danh", "đính danh"},
    "doi danh": {"đổi danh", "đối danh", "đôi danh"},
    "boi tron": {"bởi tròn", "bôi tròn"},
    "khong che": {"không chê", "không che", "không chế"},
    "boi duong": {"bởi đường", "bởi dưỡng"},
    "hanh hung": {"hạnh hùng", "hành hùng"},
    "tat toi": {"tất tôi", "tắt tôi"},
    "tat dan": {"tất dân", "tắt dân"},
    "bat chet": {"bắt chết"},
    "keo tien": set(),
    "mai lo": {"mãi lo", "mai lo", "mải lo"},
}
#: Without marks these are too often something else; they then need a word of money or of asking near.
_DOUBTFUL = {
    "voi", "voi tien", "voi them", "voi qua", "chung chi", "doi tien", "phong bao", "bao thu",
    "tham o", "an tien", "lai qua", "thu ngoai", "tien ngoai", "chay ho so", "tra thu", "danh toi", "danh dan",
    "coi chung", "dinh danh", "doi danh", "khong che", "chem", "doa la", "tat toi", "tat dan", "lam luat",
    "mai lo", "doa cho", "tien co", "tra nuoc", "lam tien",
}  # fmt: skip
_NEAR_MONEY = re.compile(
    r"\b(?:can bo|moi|xong|duoc viec|cho nhanh|rieng|bien lai|ep|bat|dua|doi|\d+ ?(?:k|tr|trieu|nghin|ngan|dong)|toi|dan)\b"
)
#: What comes with the harmless sense of a word.
_HARMLESS = re.compile(
    r"(?:lop|khoa|tap huan|dao tao|hoc|chung chi|chung nhan|nghi|tien an|dinh duong|suc khoe) (?:va |, ?)?boi duong"
    r"|boi duong (?:nghiep vu|kien thuc|ky nang|chinh tri|can bo|giao vien|can nguon|suc khoe|hoc sinh|chuyen mon"
    r"|thuong xuyen|doc hai|hien vat|ho tro tai dinh cu|giai phong|doi tuong dang)"
    r"|(?:mua|ban|dan|gui|trong|ghi tren|ngoai|dung|co) (?:\d+ |mot |cai |chiec )?phong bi (?:buu dien|co tem|dan tem|ghi|de "
    r"(?:gui|nhan)|chuyen phat|ho so|tra ket qua|gui)"
    r"|phong bi (?:buu dien|co dan tem|co tem|dan tem|ghi dia chi|ghi san|chuyen phat|gui ket qua)"
    r"|(?:luat|nghi dinh|to cao|tuyen truyen|hop thu|duong day nong|bien bao|khau hieu|ban|so tay)"
    r"(?: ve)? (?:phong,? ?(?:va )?chong |chong )tham nhung|phong,? ?chong tham nhung"
    r"|coi chung (?:nga|truot|vap|xe|tre|do)|san giet|giet mo|giet thoi gian|giet gia suc|giet nguoi khong"
    r"|chem gio|giay bao thu|hoa hong"
)
_NOT = r"(?:khong|chua|chang|cha|ko|k|kg|khg|hk|hok|hem|dung|het|khoi|tu choi|chong)"
_FILLER = (
    r"(?:he|co|ai|bi|phai|thay|gap|can|ton|mat|dua|nhan|mot|xu|dong|chuyen|viec|tinh trang|hien tuong|canh|chut"
    r"|gi|ca|can bo|anh|chi|nao|tung|them|bao gio|cho|dam|de|lay|lo|so|nghe|nhung|su|loi|toi|em|minh|nguoi|o day"
    r"|con|xay ra|mac|doi|hoi|goi y|ve|vu|cai|dan|ho)"
)
#: "không ai vòi vĩnh", with nothing but small words between.
_DENIED = re.compile(rf"\b{_NOT}(?: {_FILLER}){{0,6}} $")
#: "nếu không có phong bì", "mà không bồi dưỡng", "không đưa phong bì thì": not a denial.
_CONDITION = re.compile(
    r"\b(?:neu|ma|vi|do|tai|bao|hoi|sao|trach|che|tai sao|sao lai|sao) (?:\w+ ){0,3}$"
)
_THEN = re.compile(r"^[^.;!?\n]{0,24}\b(?:thi|la|moi|nen|coi nhu|ho so bi|dung hong|se|con lau)\b")
_ENDS = re.compile(r"[.;!?\n]|,(?= (?:nhung|ma|song|the ma)\b)|\b(?:nhung|tuy nhien|the ma|song)\b")


def _compiled(terms: str) -> re.Pattern[str]:
    bare = sorted({plain(term).bare for term in terms.split("|")}, key=len, reverse=True)
    return re.compile(
        r"(?<![^\W_])(?:"
        + "|".join(r"[\s\-_.*]{1,2}".join(term.split()) for term in bare)
        + r")(?![^\W_])"
    )


_TERMS = {Grave.BRIBERY: _compiled(_BRIBERY), Grave.THREAT: _compiled(_THREAT)}
_SPELLED = {
    plain(term).bare: frozenset(
        one
        for one in (*_BRIBERY.split("|"), *_THREAT.split("|"))
        if plain(one).bare == plain(term).bare
    )
    for term in (*_BRIBERY.split("|"), *_THREAT.split("|"))
}


def is_grave(text: str) -> bool:
    """Whether the comment names bribery or a threat that it does not deny."""
    return next(_named(text), None) is not None


def graves(text: str) -> frozenset[Grave]:
    """What the comment names."""
    return frozenset(_named(text))


def _named(text: str) -> Iterator[Grave]:
    read = plain(text)
    bare = re.sub(r"[^\S\n]", " ", read.bare)
    harmless = [match.span() for match in _HARMLESS.finditer(bare)]
    for grave, terms in _TERMS.items():
        for match in terms.finditer(bare):
            start, end = match.span()
            if any(first < end and start < last for first, last in harmless):
                continue
            if _means_it(read, start, end) and not _denied(bare, start, end):
                yield grave


def _means_it(read: Plain, start: int, end: int) -> bool:
    """Whether the marks, where there are some, do not make another word of it."""
    bare = " ".join(re.findall(r"[^\W_]+", read.bare[start:end]))
    marked = " ".join(re.findall(r"[^\W_]+", read.marked[start:end]))
    if marked in _SPELLED.get(bare, frozenset()):
        return True
    if marked in _OTHERS.get(bare, set()):
        return False
    if marked == bare and bare in _DOUBTFUL:
        if read.marked != read.bare:
            return False  # elsewhere the writer sets marks: here he means none
        return bool(
            _NEAR_MONEY.search(
                read.bare[max(0, start - 40) : start] + " " + read.bare[end : end + 40]
            )
        )
    return True


def _denied(bare: str, start: int, end: int) -> bool:
    before = bare[max(0, start - 80) : start]
    ends = list(_ENDS.finditer(before))
    before = before[ends[-1].end() :] if ends else before
    said = _DENIED.search(re.sub(r"[^\w]+", " ", before))
    if said is None:
        return False
    if _CONDITION.search(re.sub(r"[^\w]+", " ", before)[: said.start()]):
        return False
    return not _THEN.match(bare[end : end + 40])
