"""What a procedure needs before it may go live, declared as data.

Pure: a page becomes :class:`Facts`, and each :class:`Requirement` looks at facts alone. Sources:
the four public facts (NĐ 63/2010 Đ8.2: steps, papers, times, fees; NĐ 118/2025 Đ9.8: người làm),
the number of the decision that makes the procedure public, and what the city promised its
citizens (forms as files, plain words, a page that is not past its review date). What has to be
asked of the database (people, conflicts, internal process) is in cms/publishing.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from cms.jargon import JARGON, unexplained
from cms.record import CHANNELS, Channel, DocumentCase, Fee

#: What an editor writes where the source says nothing of a fee: a statement, not a gap.
NOT_REGULATED = "Nguồn không quy định"


@dataclass(frozen=True)
class Facts:
    """A procedure as the requirements see it on the day ``today`` (Hanoi).

    ``local_fees`` and ``local_times`` hold the channels (keys of CHANNELS, "" for every one) for
    which a rule of the city that is in force says something.
    """

    today: date
    name: str = ""
    plain_name: str = ""
    decision_number: str = ""
    steps: tuple[str, ...] = ()
    cases: tuple[DocumentCase, ...] = ()
    channels: tuple[Channel, ...] = ()
    form_files: tuple[str, ...] = ()
    local_fees: frozenset[str] = frozenset()
    local_times: frozenset[str] = frozenset()
    standing: str = "active"
    standing_reason: str = ""
    standing_from: date | None = None
    standing_until: date | None = None
    review_due: date | None = None


@dataclass(frozen=True)
class Requirement:
    """One thing a page needs: ``check`` answers "" when it is met, else what is missing.

    ``field`` is the editor's field the checklist leads to.
    """

    id: str
    sentence: str
    field: str
    check: Callable[[Facts], str]


def _list(words: Iterable[str], most: int = 3) -> str:
    words = list(words)
    rest = len(words) - most
    return "; ".join(words[:most]) + (f" và {rest} mục nữa" if rest > 0 else "")


def _name_of(channel: Channel) -> str:
    return CHANNELS.get(channel.kind, channel.kind)


def _steps(facts: Facts) -> str:
    return "" if any(step.strip() for step in facts.steps) else "Chưa có bước nào."


def _papers(facts: Facts) -> str:
    if not any(case.papers for case in facts.cases):
        return "Chưa có giấy tờ nào."
    empty = [case.name or "Trường hợp không tên" for case in facts.cases if not case.papers]
    return f"Chưa có giấy tờ: {_list(empty)}." if empty else ""


def _channels(facts: Facts) -> str:
    return "" if facts.channels else "Chưa có hình thức nộp nào."


def has_time(channel: Channel) -> bool:
    """A number with its unit, or the source's own words."""
    time = channel.time
    return bool(time.text.strip() or (time.value is not None and time.unit))


def _times(facts: Facts) -> str:
    if "" in facts.local_times:
        return ""
    open_ones = [
        _name_of(one)
        for one in facts.channels
        if not has_time(one) and one.kind not in facts.local_times
    ]
    return f"Chưa có thời hạn: {_list(open_ones)}." if open_ones else ""


def is_statement(fee: Fee) -> bool:
    """A sum in a currency, a condition, or the source's own words (also that it says nothing)."""
    known_sum = fee.amount is not None and bool(fee.currency)
    return bool(known_sum or fee.condition.strip() or fee.text.strip())


def _fees(facts: Facts) -> str:
    if "" in facts.local_fees:
        return ""
    open_ones = [
        _name_of(one)
        for one in facts.channels
        if not any(map(is_statement, one.fees)) and one.kind not in facts.local_fees
    ]
    if not open_ones:
        return ""
    return f"Chưa nói về lệ phí: {_list(open_ones)}. Nếu nguồn im lặng, ghi “{NOT_REGULATED}”."


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _forms(facts: Facts) -> str:
    attached = {_squeezed(name) for name in facts.form_files}
    named = (name for case in facts.cases for item in case.items for name in item.forms)
    absent = {_squeezed(name): name for name in named if name.strip()}
    absent = {key: name for key, name in absent.items() if key not in attached}
    return f"Chưa có tệp: {_list(absent.values())}." if absent else ""


def _decision(facts: Facts) -> str:
    return "" if facts.decision_number.strip() else "Chưa ghi số quyết định công bố."


def _review(facts: Facts) -> str:
    if facts.review_due and facts.review_due < facts.today:
        return f"Đã quá ngày rà soát {facts.review_due:%d/%m/%Y}."
    return ""


def _plain_words(facts: Facts) -> str:
    if facts.plain_name.strip():
        return ""
    terms = unexplained(facts.name)
    if not terms:
        return ""
    proposals = _list(f"“{term}” (dân gọi: {JARGON[term]})" for term in terms)
    return f"Tên có từ chuyên môn: {proposals}. Điền tên dân quen gọi."


def _standing(facts: Facts) -> str:
    if facts.standing == "active":
        return ""
    lacks = []
    if not facts.standing_reason.strip():
        lacks.append("lý do")
    if facts.standing_from is None:
        lacks.append("từ ngày")
    if facts.standing == "paused" and facts.standing_until is None:
        lacks.append("đến hết ngày")
    word = "Tạm dừng" if facts.standing == "paused" else "Bãi bỏ"
    return f"{word}: chưa ghi {', '.join(lacks)}." if lacks else ""


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement("steps", "Có các bước thực hiện", "steps", _steps),
    Requirement("papers", "Mỗi trường hợp có giấy tờ", "cases", _papers),
    Requirement("channels", "Có hình thức nộp", "channels", _channels),
    Requirement("times", "Mỗi hình thức nộp có thời hạn", "channels", _times),
    Requirement("fees", "Mỗi hình thức nộp nói rõ lệ phí", "channels", _fees),
    Requirement("forms", "Mẫu đơn nào nhắc tới cũng có tệp", "form_files", _forms),
    Requirement("decision", "Có số quyết định công bố", "decision_number", _decision),
    Requirement("review", "Chưa quá ngày rà soát", "review_due", _review),
    Requirement("plain", "Từ chuyên môn có cách gọi dân hiểu", "plain_name", _plain_words),
    Requirement("standing", "Tạm dừng, bãi bỏ có đủ lý do và ngày", "standing", _standing),
)


def unmet(facts: Facts) -> dict[str, str]:
    """Requirement id → what is missing, in the order of REQUIREMENTS; empty when complete."""
    answers = ((one.id, one.check(facts)) for one in REQUIREMENTS)
    return {key: missing for key, missing in answers if missing}
