"""What may be kept of a question: its words, without what points at a person. Pure.

Masked are telephone numbers, numbers of identity papers, long numbers, dossier codes, number
plates, e-mail addresses and names. Codes of procedures stay. In doubt a word too many is masked:
a report that misses a word is better than a table that knows somebody.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from search import vietnamese as vn

#: Characters that are kept of a question, at most; so many of it are read.
KEPT, READ = 120, 200
NUMBER, MAIL, NAME, DOSSIER, PLATE = "[số]", "[thư]", "[tên]", "[hồ sơ]", "[biển số]"
_MASK = re.compile(r"\[(?:số|thư|tên|hồ sơ|biển số)\]")

#: 1.001193, and 1001193 as all codes of today begin (no subscriber's number begins so).
_CODE = re.compile(r"(?<![\w.,+-])(?:[1-9]\.\d{6}(?:-[a-z]+)?|[1-9]0\d{5})(?!\w|[.,-]\d)", re.ASCII)
_MAIL = re.compile(r"[^\s@]*@[^\s@]*")
#: H12.34-250101-0001, 000.00.12.H12-250101-0001: agency, day, running number.
_DOSSIER = re.compile(
    r"(?:\d{3}\.\d{2}\.\d{2}\.)?\b[a-z]\d{2}(?:\.\d{1,3})*[ -]+\d{6}[ -]+\d{1,8}\b"
)
_PLATE = re.compile(r"\b\d{2}[ -]?[a-zđ]{1,2}\d?[ .-]{0,2}(?:\d{3}[ .]\d{2}|\d{4,5})\b")
#: Eight digits however they are grouped, six in a row, wherever they stand in a word.
_LONG = re.compile(r"[+(]{0,2}(?:\d(?:[\s.,/()_+:-]{0,3}\d){7,}|\d{6,})")

_WHOSE = (
    r"(?: (?:toi|em|chau|con|minh|bo|me|chong|vo|anh|chi|ong|ba|chu|co|khai sinh|moi|cu|be|la))"
    r"{0,3}"
)
#: What says that a name follows; it is taken to the next stop, or to the end.
_SAYS_NAME = re.compile(
    rf"\b(?:(?:ho(?: va)? )?ten{_WHOSE} ?(?:la|:)|(?:toi|em|chau|minh) ten(?: la)?"
    r"|my name(?: is|'s)?|named)[ :]+(?P<name>[^,.;?!\[\]]+)"
)
_FAMILY = (
    "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|trịnh|mai|đào|lâm"
    "|đoàn|trương|hà|cao|tạ|thái|châu|phùng|tô|vương|lương|quách|tôn|kiều|nông|lò|giàng"
)
_MIDDLE = "văn|thị|đình|hữu|đức|thanh|minh|ngọc|quốc|xuân|hoàng|công"
#: Family name, middle name and one or two more; not "cao công trình".
_FULL_NAME = re.compile(rf"\b(?:{_FAMILY}) (?:{_MIDDLE})(?! trình\b)(?: [^\W\d_]+){{1,2}}")
#: Without marks only the middle names that are little else beside a family name: not "đô thị",
#: "lương hưu", "thi hành án", "thị trường", "dinh dưỡng".
_BARE_NAME = re.compile(
    rf"\b(?!do (?:thi|huu)\b|luong huu\b)(?:{vn.fold(_FAMILY)}) (?:van|thi|dinh|huu)"
    r"(?! (?:hanh an|ly lich|tuyen|dau gia|dau thau|truong|cong|xa|tran|duong|tri|phong)\b)"
    r"(?: [^\W\d_]+){1,2}"
)


@lru_cache(maxsize=256)
def kept_words(text: str) -> str:
    """The question as it may be stored: one spelling, masked, at most ``KEPT`` characters.

    ``text`` is what was typed; "" when nothing is left of it. Composed (NFC), in lower case.
    """
    whole = vn.clean(unicodedata.normalize("NFKC", text[: READ * 8]), READ)
    if len(whole) == READ:  # cut off: a number at the end may be the beginning of a longer one
        whole = re.sub(r"[\d\s.,/()_+:-]+$", "", whole)
    words = vn.normal(whole)
    words = _MAIL.sub(MAIL, words)
    words = _DOSSIER.sub(DOSSIER, words)
    parts, end = [], 0
    for code in _CODE.finditer(words):
        parts += [_without_numbers(words[end : code.start()]), _one_code(code.group())]
        end = code.end()
    parts.append(_without_numbers(words[end:]))
    return _cut(" ".join(_without_names("".join(parts)).split()))


def unmasked(text: str) -> str:
    """The words alone, to fill a form with."""
    return " ".join(_MASK.sub(" ", text).split())


def is_masked(text: str) -> bool:
    """Whether something was taken out."""
    return _MASK.search(text) is not None


def _one_code(code: str) -> str:
    return code if "." in code else f"{code[0]}.{code[1:]}"


def _without_numbers(words: str) -> str:
    return _LONG.sub(NUMBER, _PLATE.sub(PLATE, words))


def _bare(text: str) -> str:
    """Without marks, character by character, so that places stay."""
    return "".join((vn.fold(char) or char)[:1] for char in text)


def _without_names(words: str) -> str:
    bare = _bare(words)
    spans = [match.span("name") for match in _SAYS_NAME.finditer(bare)]
    spans += [match.span() for match in _FULL_NAME.finditer(words)]
    if bare == words:
        spans += [match.span() for match in _BARE_NAME.finditer(words)]
    parts, end = [], 0
    for start, stop in sorted(spans):
        if start >= end:
            parts += [words[end:start], NAME, " "]
        end = max(end, stop)
    return "".join([*parts, words[end:]])


def _cut(words: str) -> str:
    """At most ``KEPT`` characters, no half mask at the end."""
    if len(words) <= KEPT:
        return words
    cut = words[:KEPT]
    start = cut.rfind("[")
    if start >= 0 and "]" not in cut[start:]:
        cut = cut[:start]
    return cut.rstrip()
