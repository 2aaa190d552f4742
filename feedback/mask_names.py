"""Names of a counter's officers in what citizens write: whole, short, after "chị", without marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from feedback.mask_numbers import Kind, Span
from feedback.mask_text import BARRIER, Plain, plain, word_key

_TITLES = (
    "đồng chí|đ/c|đc|anh|chị|cô|chú|bác|ông|bà|em|thầy|bạn|cậu|dì|cháu|cán bộ|nhân viên|chuyên viên"
    "|công chức|a|c|mr|ms|mrs|sếp|trưởng phòng|phó phòng|tổ trưởng|anh ấy tên|tên|tên là"
)
#: After these a capital is a place or a thing, not an officer.
_PLACES = (
    "phường|xã|đường|phố|quận|huyện|tỉnh|thôn|ấp|chợ|cầu|sông|hồ|khu|tổ|ngõ|hẻm|kiệt|trường|thị trấn"
    "|thành phố|tp|làng|bản|công ty|bệnh viện|sở|dự án"
)
#: Words in which a title and a given name mean something else.
_OTHERS = re.compile(
    r"(?:anh hung(?= (?:lao dong|liet|luc luong|dan toc|llvt|vu trang|ca))|me viet nam anh hung|anh em|chi em"
    r"|anh chi|ong ba|co chu|ba con|anh minh|co hoa(?= don)|ba lan(?= )|em yen(?= tam)|a an|c c)"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_BETWEEN = r"[\s.,_\-]{1,3}"


def names_in(text: Plain, names: Iterable[str]) -> list[Span]:
    """Spans of the officers' names in the text; ``names`` are their full names."""
    found: list[Span] = []
    for name in names:
        words = tuple(_WORD.findall(plain(name).shown))
        if len(words) >= 1 and sum(map(len, words)) >= 2:
            found += [(start, end, Kind.OFFICER) for start, end in _one(text, words)]
    return found


@lru_cache(maxsize=512)
def _rules(
    words: tuple[str, ...],
) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]:
    """The whole name; its ends with initials before; the given name (with one or two before it)."""
    bare = [plain(word).bare for word in words]
    whole = _BETWEEN.join(map(re.escape, bare))
    if len(bare) > 1 and sum(map(len, bare)) >= 8:
        whole += "|" + "".join(map(re.escape, bare))
    initials = None
    if len(bare) > 1:
        before = "".join(rf"(?:{re.escape(word[0])}|ng)(?:\. ?| )" for word in bare[:-1])
        initials = re.compile(rf"(?<!\w){before}(?P<it>{re.escape(bare[-1])})(?!\w)")
    middle = "".join(rf"(?:{re.escape(word)} )?" for word in bare[:-1])
    given = re.compile(rf"(?<![\w]){middle}(?P<given>{re.escape(bare[-1])})(?!\w)")
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w)"), initials, given


def _one(text: Plain, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    whole, initials, given = _rules(words)
    for match in whole.finditer(text.bare):
        if len(words) > 2 or text.shown[match.start()].isupper() or _same(text, match, words):
            yield match.span()
    if initials:
        for match in initials.finditer(text.bare):
            yield match.span()
    marked_text = text.marked != text.bare
    for match in given.finditer(text.bare):
        start, end = match.span()
        if _is_given(text, match.start("given"), end, words[-1], marked_text) and _stands(
            text, start, end, marked_text
        ):
            yield start, end


def _same(text: Plain, match: re.Match[str], words: tuple[str, ...]) -> bool:
    """Whether the marks of what was found are the name's too."""
    found = text.marked[match.start() : match.end()]
    return word_key("".join(_WORD.findall(found)))[1] == word_key("".join(words).lower())[1]


def _is_given(text: Plain, start: int, end: int, name: str, marked_text: bool) -> bool:
    """Whether the word is the given name by its marks; without marks where the text has none."""
    mine, word = word_key(name.lower()), word_key(text.marked[start:end])
    return mine == word or (not word[1] and not marked_text)


_TITLE = re.compile(rf"(?:^|(?<=\W))(?:{_TITLES})[ .:]{{1,2}}$")
_BARE_TITLE = re.compile(rf"(?:^|(?<=\W))(?:{plain(_TITLES).bare})[ .:]{{1,2}}$")
_PLACE = re.compile(rf"(?:^|(?<=\W))(?:{_PLACES}) (?:[^\W\d_]+ )?$")


def _stands(text: Plain, start: int, end: int, marked_text: bool) -> bool:
    """Whether it stands as a name does: after a title, or with a capital alone in a sentence."""
    near = slice(max(0, start - 24), start)
    titled = (_TITLE if marked_text else _BARE_TITLE).search(
        text.marked[near] if marked_text else text.bare[near]
    )
    for other in _OTHERS.finditer(text.bare, max(0, start - 24), min(len(text.bare), end + 16)):
        if other.start() < end and other.end() > start and text.shown[start].islower():
            return False
    capital = text.shown[start].isupper()
    if titled:
        return capital or not _followed_by_more(text, start, end, marked_text)
    if not capital or _PLACE.search(text.marked[near]):
        return False
    before = text.shown[near].rstrip(" ")
    if not before or before[-1] in '.!?:\n-–•"(' + BARRIER or text.shown[near].isupper():
        return False
    last = re.search(r"[^\W\d_]+$", before)
    following = re.match(r"[ ]+([^\W\d_])", text.shown[end : end + 4])
    return not (last and last.group()[0].isupper()) and not (
        following and following.group(1).isupper()
    )


def _followed_by_more(text: Plain, start: int, end: int, marked_text: bool) -> bool:
    """A given name in small letters that is the beginning of a common word ("em thành công")."""
    pair = re.match(r" ([^\W\d_]+)", text.marked[end : end + 12])
    word = text.bare[start:end]
    return pair is not None and (word, plain(pair.group(1)).bare) in _COMMON


_COMMON = {
    ("thanh", "cong"), ("thanh", "toan"), ("thanh", "phan"), ("thanh", "ly"), ("binh", "thuong"),
    ("binh", "tinh"), ("hoa", "don"), ("hoa", "giai"), ("hoa", "nha"), ("yen", "tam"), ("minh", "bach"),
    ("minh", "chung"), ("an", "tam"), ("an", "toan"), ("thuy", "dien"), ("thuy", "loi"), ("hung", "thu"),
    ("huong", "dan"), ("phuc", "vu"), ("phuc", "khao"), ("chung", "thuc"), ("dung", "la"), ("dung", "la"),
    ("hanh", "chinh"), ("hanh", "dong"), ("hien", "nay"), ("hien", "tai"), ("lan", "nay"), ("lan", "thu"),
    ("thu", "tuc"), ("thu", "phi"), ("thu", "tien"), ("tam", "tru"), ("tien", "si"), ("tinh", "tien"),
    ("thao", "tac"), ("thao", "luan"), ("trang", "web"), ("trang", "thai"), ("son", "phet"),
}  # fmt: skip
