"""What a head of office should do first: at most three plain sentences, by fixed rules.

Pure: figures in, sentences out. The rules and their order are the product's own (design.md,
screen 8); docs/decisions/0079-* says why these. A sentence names a counter, never a person.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.scoring import FEW, HIDDEN, HIGHER, LOWER

#: Sentences at most: what one remembers until Monday.
MOST = 3
#: Points a score must fall within a month, and leave its old interval, to be worth a sentence.
FALL = 3.0
#: A response rate (share 0–1) below this is low for counters that hand out codes.
LOW_RATE = 0.05
#: Counters named in one sentence; the others are counted.
NAMED = 2

#: Driver → what one can look at. Neutral words of the form, so it says where to look, not whose
#: fault it is.
LOOK_AT = {
    "manner": "nghe thử cách chào hỏi và nói năng tại quầy",
    "listening": "xem quầy có để người dân nói hết việc của mình không",
    "explaining": "soạn lời giải thích ngắn cho các thủ tục hay hỏi nhất",
    "order": "xem việc gọi số, có ai được làm trước không",
    "waiting": "xem giờ đông khách và số quầy mở vào giờ đó",
    "papers": "đối chiếu giấy tờ đang đòi với danh mục đã công khai",
    "money": "đối chiếu khoản thu với mức phí đã công khai",
}
#: Item → the same, where no driver was named often enough.
LOOK_AT_ITEM = {
    "attitude": "ngồi tại quầy một buổi để nghe và xem",
    "time": "xem hồ sơ nào hay trễ hẹn và vì sao",
    "clarity": "xem người dân phải quay lại vì điều gì",
    "fees": "đối chiếu khoản thu với mức phí đã công khai",
}


@dataclass(frozen=True)
class CounterFacts:
    """A counter in the month, as far as the rules look at it."""

    name: str
    status: str = HIDDEN
    tier: str | None = None
    #: First month of the unbroken run of months below its peers, up to now.
    below_since: datetime.date | None = None
    #: The run reaches the first month there is, so it may be longer.
    since_first: bool = False
    #: Points against the mean of the peers.
    gap: float | None = None
    #: Points against the month before, and whether the score left its old interval.
    change: float | None = None
    left_interval: bool = False
    #: Key and words of the weakest item.
    weakest: tuple[str, str] | None = None
    #: Key, words and share (0–1) of what unhappy answers name most.
    driver: tuple[str, str, float] | None = None
    response_rate: float | None = None
    comments_waiting: int = 0
    comments_overdue: int = 0
    open_cases: int = 0


def advice(counters: Iterable[CounterFacts]) -> list[str]:
    """One to three sentences, the most urgent first; the order of the counters does not matter."""
    known = sorted(counters, key=lambda one: _natural(one.name))
    rules = (_overdue, _below, _fallen, _cases, _waiting, _unseen)
    found = [sentence for rule in rules if (sentence := rule(known))][:MOST]
    if len(found) < MOST and (praise := _better(known)):
        found.append(praise)
    if not found:
        shown = any(one.status != HIDDEN for one in known)
        found = [
            "Không quầy nào thấp hơn nhóm và không có việc tồn: không có gì gấp."
            if shown
            else "Chưa quầy nào đủ 10 đánh giá: hãy xem tờ QR có treo đúng chỗ và phiếu có được "
            "phát cho mọi người không."
        ]
    return found


def _overdue(counters: Sequence[CounterFacts]) -> str:
    late = [one for one in counters if one.comments_overdue]
    if not late:
        return ""
    total = sum(one.comments_overdue for one in late)
    most = max(late, key=lambda one: one.comments_overdue)
    where = f"ở {most.name}" if len(late) == 1 else f"nhiều nhất ở {most.name}"
    return f"{total} góp ý đã quá hạn trả lời, {where}: trả lời ngay trong ngày làm việc đầu tiên."


def _below(counters: Sequence[CounterFacts]) -> str:
    below = [one for one in counters if one.tier == LOWER and one.status not in (HIDDEN, FEW)]
    if not below:
        return ""
    # The furthest below comes first, and of those the one that is below for longest.
    worst = min(below, key=lambda one: (one.gap or 0.0, one.below_since or datetime.date.max))
    since = ""
    if worst.below_since:
        at_least = " ít nhất" if worst.since_first else ""
        since = f"{at_least} từ tháng {_month(worst.below_since)}"
    text = f"{worst.name} thấp hơn các quầy cùng lĩnh vực{since}"
    if worst.driver:
        key, words, share = worst.driver
        percent = f"{round(share * 100)} %"
        text += f"; người chưa hài lòng nhắc nhiều nhất: {words.lower()} ({percent})"
        look = LOOK_AT.get(key, "")
    elif worst.weakest:
        key, words = worst.weakest
        text += f"; yếu nhất so với nhóm: {words.lower()}"
        look = LOOK_AT_ITEM.get(key, "")
    else:
        look = LOOK_AT_ITEM["attitude"]
    text += f". Việc nên làm: {look}." if look else "."
    others = [one.name for one in below if one is not worst]
    return f"{text} Cùng thấp hơn nhóm: {_names(others)}." if others else text


def _fallen(counters: Sequence[CounterFacts]) -> str:
    fallen = [
        one
        for one in counters
        if one.left_interval and (one.change or 0) <= -FALL and one.tier != LOWER
    ]
    if not fallen:
        return ""
    one = min(fallen, key=lambda one: one.change or 0)
    points = f"{-(one.change or 0):.1f}".replace(".", ",")
    text = f"{one.name} giảm {points} điểm so với tháng trước, ra ngoài khoảng dao động cũ"
    why = one.driver[1].lower() if one.driver else ""
    return f"{text}; người chưa hài lòng nhắc nhiều nhất: {why}." if why else f"{text}: hỏi vì sao."


def _cases(counters: Sequence[CounterFacts]) -> str:
    having = [one for one in counters if one.open_cases]
    if not having:
        return ""
    total = sum(one.open_cases for one in having)
    return (
        f"{total} vụ việc về đánh giá đang mở ở {_names([one.name for one in having])}: "
        "nếu các đánh giá đó là thật, hãy phản đối và nêu lý do."
    )


def _waiting(counters: Sequence[CounterFacts]) -> str:
    waiting = sum(one.comments_waiting for one in counters)
    late = sum(one.comments_overdue for one in counters)
    if not waiting or late:
        return ""
    return f"{waiting} góp ý chờ trả lời, chưa góp ý nào quá hạn: giao người trả lời trong tuần."


def _unseen(counters: Sequence[CounterFacts]) -> str:
    low = [
        one.name
        for one in counters
        if one.response_rate is not None and one.response_rate < LOW_RATE
    ]
    few = [one.name for one in counters if one.status in (FEW, HIDDEN)]
    if low:
        return (
            f"{_names(low)} có dưới 5 % số phiếu đã phát được trả lời: nhắc quầy đưa phiếu tận "
            "tay và chỉ chỗ quét mã."
        )
    if few and len(few) < len(counters):
        return f"{_names(few)} còn ít đánh giá: xem tờ QR có treo đúng chỗ, dễ thấy không."
    return ""


def _better(counters: Sequence[CounterFacts]) -> str:
    better = [one.name for one in counters if one.tier == HIGHER and one.status != HIDDEN]
    if not better:
        return ""
    return f"{_names(better)} cao hơn nhóm: ghi nhận, và hỏi cách làm để quầy khác học theo."


def _names(names: Sequence[str]) -> str:
    """Quầy 1, Quầy 2 và 3 quầy khác."""
    if len(names) > NAMED + 1:
        return f"{', '.join(names[:NAMED])} và {len(names) - NAMED} quầy khác"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} và {names[-1]}"


def _month(month: datetime.date | None) -> str:
    return f"{month.month}/{month.year}" if month else ""


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort key that puts "Quầy 2" before "Quầy 10", and words as they are."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for char in f"{name}\0":
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, char))
    return parts
