"""What a citizen's sentence asks: the words that count, the question words that do not. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from search import vietnamese as vn
from search.everyday import official

#: Characters of a question that are read.
QUERY_LIMIT = 200

#: Syllables that only carry the asking, in any spelling. They never have to be found; pairs
#: with a neighbour ("nhà ở", "làm lại") still count.
_ASKING = vn.tokens(
    """tôi tớ tui mình em anh chị bạn cháu bác ông cô chú bọn con bé nhà cho muốn xin cần
    làm thế nào sao gì chi mô rứa răng ở đâu bao nhiêu lâu mấy ai chỉ giúp giùm hãy biết hỏi
    mất thì là mà và của có được không ko kg dc đc phải ạ à vâng với về như những các một cái
    đi ra vào khi nếu hay hoặc nhé nha vậy để bị này đó kia rồi vừa mới luôn thôi cả lúc nữa
    cũng sẽ lại tại nên trong đầy đủ gồm cách theo"""
)
QUESTION_WORDS = frozenset(token.folded for token in _ASKING)
_ASKING_SPELT = frozenset(token.text for token in _ASKING)


def is_asking(token: vn.Token) -> bool:
    """Whether the syllable only asks; with marks they must be right (*bạn*, but not *bán*)."""
    return token.folded in QUESTION_WORDS and (not token.marked or token.text in _ASKING_SPELT)


#: What people want to know about a procedure: fact → phrases (without marks).
_ASKED = {
    "fee": ("bao nhieu tien", "le phi", "mat tien", "ton tien", "mat phi", "het bao nhieu"),
    "time": ("bao lau", "may ngay", "bao nhieu ngay", "thoi gian", "khi nao co", "lau khong"),
    "place": ("o dau", "nop dau", "cho nao", "den dau", "noi nop"),
    "who": ("ai lam", "gap ai", "nguoi lam", "ai giai quyet", "ai nhan"),
    "papers": ("giay to gi", "ho so gi", "can giay", "nhung giay to", "ho so gom", "can nhung gi"),
}


#: Pairs that only name the paperwork ("hồ", "giấy" alone may matter: hộ, giấy phép).
_PAPERWORK = ("ho so", "giay to", "thu tuc")


@dataclass(frozen=True)
class Question:
    """A question as the index is asked.

    ``words`` are the syllables that count, without marks, once each; ``marked`` those written
    with marks, as ``(folded, marked)``; ``pairs`` neighbouring syllables; ``dropped`` the
    question words left out (as typed); ``asked`` keys of the four facts and ``papers``.
    """

    text: str
    words: tuple[str, ...]
    marked: tuple[tuple[str, str], ...]
    pairs: tuple[str, ...]
    dropped: tuple[str, ...]
    understood: str
    code: str | None
    asked: tuple[str, ...]
    #: Everyday phrases read as official words: ``(as typed, official)``.
    meant: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not self.words and self.code is None


@lru_cache(maxsize=512)
def understand(text: str) -> Question:
    """Read a sentence; any text is fine, also empty or full of symbols."""
    text = vn.clean(text, QUERY_LIMIT)
    typed = vn.tokens(text)
    plain = [token.folded for token in typed]
    asked = tuple(
        fact for fact, phrases in _ASKED.items() if any(_places(plain, p) for p in phrases)
    )
    asking = {
        place
        for phrases in (*(_ASKED[fact] for fact in asked), _PAPERWORK)
        for phrase in phrases
        for place in _places(plain, phrase)
    }
    found: list[vn.Token] = []
    counts: list[bool] = []
    meant = []
    position = 0
    for first, end, words in [*official(typed), (len(typed), len(typed), "")]:
        for place in range(position, first):
            found.append(typed[place])
            counts.append(place not in asking and not is_asking(typed[place]))
        if words:
            meant.append((" ".join(token.text for token in typed[first:end]), words))
            new = vn.tokens(words)
            found.extend(new)
            counts.extend([True] * len(new))
        position = end
    if not any(counts):  # "làm lại giấy tờ": question words are all there is
        counts = [True] * len(found)
    counting = [token for token, count in zip(found, counts, strict=True) if count]
    kept = {token.folded for token in counting}
    folded = [token.folded for token in found]
    return Question(
        text=text,
        words=tuple(vn.unique(token.folded for token in counting)),
        marked=tuple(
            dict.fromkeys((token.folded, token.text) for token in counting if token.marked)
        ),
        pairs=tuple(
            f"{first_word}_{second_word}"
            for first_word, second_word in dict.fromkeys(itertools.pairwise(folded))
            if first_word in kept or second_word in kept
        ),
        dropped=tuple(vn.unique(t.text for t in found if t.folded not in kept)),
        understood=" ".join(token.text for token in counting),
        code=vn.code_in(text),
        asked=asked,
        meant=tuple(meant),
    )


def _places(words: list[str], phrase: str) -> set[int]:
    """Positions of all words of the phrase wherever it stands in ``words``."""
    wanted = phrase.split()
    return {
        place
        for start in range(len(words) - len(wanted) + 1)
        if words[start : start + len(wanted)] == wanted
        for place in range(start, start + len(wanted))
    }
