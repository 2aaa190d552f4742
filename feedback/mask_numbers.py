"""Which numbers and addresses in a text point at a person, and which do not. Pure.

The rules read the bare spelling of :mod:`feedback.mask_text`. They go from the surest to the most
general; what one has taken is closed to the next. Before them what only looks alike is closed: sums
of money, dates, times, numbers of decrees and procedures, hotlines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from feedback.mask_text import BARRIER


class Kind(StrEnum):
    """What was found."""

    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    ACCOUNT = "account"
    PLATE = "plate"
    DOSSIER = "dossier"
    SLIP = "slip"
    BIRTH = "birth"
    ADDRESS = "address"
    OFFICER = "officer"
    PERSON = "person"


Span = tuple[int, int, Kind]

#: What people put between the digits of one number.
_GAP = r"(?:[ \n.\-_()*~|/·•:'\"+=]{0,4}|,(?=\d{3}))"
#: Counters in a row (01 02 03, 08 09 10) are no number.
_NOT_A_ROW = r"(?!0\d[ .,\-]{1,2}0\d[ .,\-]{1,2}(?:0\d|10))"
_DIGITS = rf"\d(?:{_GAP}\d)"
#: From a word to the number it speaks of: one sentence, no other number.
_TO = rf"[^\d;!?{BARRIER}]{{0,%d}}?"


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# ---- what only looks like a person's number

_UNIT = (
    r"(?:dong|vnd|d(?![/\w])|k(?!\w)|nghin|ngan|trieu|tr(?!\w)|ty(?!\w)|ti(?!\w)|usd|m2|m(?!\w)|km"
    r"|%|ho so|luot|nguoi|can)"
)
_MONEY = r"(?:phi|tien|gia|nop|dong|thu|het|mat|ton|von|tong(?: cong)?|tri gia|khoang|la)"
_DAY, _MONTH, _YEAR = (
    r"(?:0?[1-9]|[12]\d|3[01])",
    r"(?:0?[1-9]|1[0-2])",
    r"(?:(?:19|20)\d{2}|\d{2})",
)
_DATE = rf"{_DAY} ?(?P<sep>[/.\-]) ?{_MONTH} ?(?P=sep) ?{_YEAR}"
_TIME = r"(?:[01]?\d|2[0-4]) ?[h:g] ?(?:[0-5]\d)?"
_HARMLESS = [
    _rule(  # papers and things with numbers of their own
        r"\b(?:bien lai|hoa don|ve(?: gui)?(?: xe)?|seri|se ri|serial|ma vach|van don|buu gui|giao dich|mat khau"
        r"|ma loi|phien ban|imei|otp|stt|so thu tu|phieu thu|ma phieu|giay khai sinh|so hieu)"
        r"(?: (?:so|la|nay|ghi|ma|thu|wifi)){0,2} ?:? ?#?(?P<it>(?!0[35789](?:[ .\-]?\d){8}(?!\d))\d[\d.\-]{0,20})(?!\w)"
    ),
    _rule(r"(?<!\w)[a-z]{2} ?\d{9} ?vn(?!\w)"),
    _rule(r"(?<![\w.])[1-9]\d{1,6}000(?![\d.]\d|\w)"),
    _rule(rf"(?<![\w.])[1-9]\d{{0,2}}(?:[., ]\d{{3}})+(?:,\d{{1,2}})? ?{_UNIT}"),
    _rule(rf"(?<![\w.])\d{{1,12}}(?:[.,]\d+)? ?{_UNIT}(?<!\dd)(?<!\dm)"),
    _rule(r"(?<![\w.])[1-9]\d{3,11} ?d(?![/\w])"),
    _rule(
        rf"\b{_MONEY}(?: [a-z]{{1,8}}){{0,2}} ?:? ?(?P<it>[1-9]\d{{0,2}}(?:[.,]\d{{3}})+)(?![.,]?\d)"
    ),
    _rule(r"(?<![\w.])[1-9]\d{0,2}(?:[.,]\d{3})*[.,]000(?![.,]?\d)"),
    _rule(r"(?<![\w.,+\-])[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2})?(?:\.h\d{2})?(?!\w|[.,\-]\d)"),
    _rule(
        r"(?<!\w)\d[\d.]{0,9}(?:/\d{4})?/(?:nd|qd|tt|ttlt|ttr|ct|nq|qh|ubnd|hdnd|hd|bc|cv|kh|tb|gp)[a-z\d\-]*"
    ),
    _rule(rf"(?<![\w.])(?<!\d[/\-]){_DATE}(?![\d/]|\.\d|-\d)"),
    _rule(rf"(?<![\w:.]){_TIME}(?: ?(?:-|den|toi) ?{_TIME})?(?![\d])"),
    _rule(
        r"(?<![\w.])(?:[01]?\d|2[0-4])[.](?:00|15|30|45) ?- ?(?:[01]?\d|2[0-4])[.](?:00|15|30|45)(?![\d])"
    ),
    _rule(r"(?<![\w.+])(?:1800|1900)(?:[ .\-]?\d){4,6}(?![.\-]?\d)"),
    _rule(
        r"\b(?:duong day nong|tong dai|hotline)(?: (?:cua|so|la|ubnd|phuong|xa|thanh pho|tinh|:)){0,4} ?:? ?"
        r"(?P<it>\(?0?2\d{1,2}\)?(?:[ .\-]?\d){7,8})(?![.\-]?\d)"
    ),
]

# ---- addresses on the net, dossiers, slips

_AT = (
    r"(?: ?(?:@|[(\[{<] ?(?:at|a cong|@) ?[)\]}>]) ?| (?:a|@) ?(?:cong|moc|vong|coong) "
    r"| at (?=(?:g ?mail|yahoo|hotmail|outlook|icloud)\b))"
)
_DOT = (
    r"(?: ?[(\[{<] ?(?:dot|cham|\.) ?[)\]}>] ?| (?:cham|dot) ?| ?\. ?(?=(?:com|vn|net|org|edu|gov)\b)| ?\."
    r"|,(?=(?:com|vn|net|org)\b)| (?=(?:com|vn|net)\b))"
)
_LOCAL = r"[a-z0-9_+\-.]{1,64}(?: (?:cham|gach duoi|gach ngang|gach|dot) [a-z0-9_+\-]{1,40}){0,4}"
_DOMAIN = rf"(?:g mail|ya hoo|hot mail|out look|i cloud|[a-z0-9\-]{{1,40}})(?:{_DOT}[a-z0-9\-]{{2,20}}){{0,4}}"
_EMAIL = _rule(rf"(?<![a-z0-9_+\-.]){_LOCAL}{_AT}{_DOMAIN}")
#: After "mail là" the part before the sign may have spaces.
_SAID_EMAIL = _rule(
    r"\b(?:e-?mail|gmail|mail|thu dien tu|hop thu)(?: (?:la|cua|toi|em|minh|chau|so|nay))*(?: ?: ?| )"
    rf"(?P<it>(?!(?:la|cua|toi|em|minh)\b)[a-z0-9_+\-.]{{1,20}}(?: [a-z0-9_+\-.]{{1,20}}){{1,4}}{_AT}{_DOMAIN})"
)
_PAGE = _rule(
    r"(?:https?://)?(?:www\.|m\.)?(?:facebook\.com|fb\.com|fb\.me|zalo\.me|t\.me|tiktok\.com|instagram\.com)"
    r"/[^\s\ue000]{2,80}"
)
_DOSSIER = [
    _rule(
        r"(?<!\d)(?<!\d\.)(?:\d{3}[. ]\d{2}[. ]\d{2}[. ])?(?<![a-z])[a-z] ?\d{2}(?: ?[.\-_/] ?\d{1,3}){0,3}"
        r" ?[\-_/. ] ?\d{6} ?[\-_/. ] ?\d{1,8}(?!\d)"
    ),
    _rule(
        r"\b(?:ma (?:so )?(?:ho so|hs|bien nhan|tiep nhan|tra cuu)|so (?:ho so|hs|bien nhan|tiep nhan)"
        r"|(?:ho so|hs|bien nhan|giay (?:hen|tiep nhan))(?: co)?(?: ma)? so)(?: (?:la|cua (?:toi|em|minh)))? ?:? ?#?"
        r"(?P<it>(?:[a-z]{1,4}[ .\-]?)?\d{2,6}(?:[.\-_/]\d{1,8}){1,5}|(?:[a-z]{1,4}[ .\-]?)?\d{6,16})(?!\w)"
    ),
    _rule(r"(?<![\w/.\-])2\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]) ?[\-_/] ?\d{3,8}(?![\w/]|[.\-]\d)"),
]
#: The one-time code of a slip or receipt: whoever holds it may rate.
_SLIP = _rule(r"(?<![a-z0-9])(?=[a-z]{0,25}\d)(?=\d{0,25}[a-z])[0-9a-z]{26}(?![a-z0-9])")

# ---- numbers with a word that says what they are

_ID_WORDS = (
    r"(?:cccd|cmnd|cmt|cmtnd|c c c d|can cuoc|chung minh|dinh danh|ddcn|dd|ho chieu|passport|so cc|gplx"
    r"|bang lai|giay phep lai xe|bhxh|bhyt|bao hiem (?:xa hoi|y te)|so bao hiem|the bao hiem|mst"
    r"|ma so thue)"
)
_SAID_ID = _rule(
    rf"\b{_ID_WORDS}(?![a-z]){_TO % 32}(?P<it>(?<!\d)(?:[a-z]{{1,2}} ?)?{_DIGITS}{{6,14}})(?![\d])"
)
_BANK_WORDS = (
    r"(?:stk|s t k|so tk|so tai khoan|tai khoan|tk|account|acc|vietcombank|vcb|techcombank|tcb|bidv|agribank"
    r"|vietinbank|ctg|mb ?bank|mb|acb|vpbank|tpbank|sacombank|stb|vib|shb|hdbank|ocb|msb|eximbank|lpbank"
    r"|seabank|momo|zalopay|viettelpay|ngan hang|chuyen khoan|so the|the atm|ck)"
)
_NUMBER_OF_BANK = rf"(?:{_DIGITS}{{5,18}}|\d{{2,4}}[a-z]{{1,2}}\d{{5,12}}|[a-z]{{2,6}}\d{{6,14}})"
_SAID_BANK = _rule(rf"\b{_BANK_WORDS}(?![a-z]){_TO % 40}(?P<it>(?<!\d){_NUMBER_OF_BANK})(?![\d])")
_BANK_AFTER = _rule(
    rf"(?<![\d.])(?P<it>\d(?:[ .\-]?\d){{7,18}}+)[ ,(:\-]{{1,3}}(?:(?:ngan hang|nh|tai|cua|ben|bank)[ :]){{0,2}}"
    rf"{_BANK_WORDS}(?![a-z])"
)
_PHONE_WORDS = (
    r"(?:s ?d ?t|so dt|dt|d/t|dien thoai|di dong|may ban|phone|mobile|tel|call|zalo|zl|viber|telegram|whatsapp"
    r"|goi|alo|a lo|lien he|lien lac|lh|nhan tin|so (?:cua )?(?:toi|em|e|minh|chau|nha|tui))"
)
_SAID_PHONE = _rule(
    rf"\b{_PHONE_WORDS}(?![a-z]){_TO % 20}(?P<it>[+(]{{0,2}}(?<!\d){_DIGITS}{{7,11}})(?!\d)"
)
_SAID_SHORT = _rule(
    rf"\b{_PHONE_WORDS}(?![a-z])(?: (?:so|nha|ban|co quan|toi|em|la|qua|vao|cho)){{0,4}} ?:? ?"
    r"(?P<it>[2-9]\d{2}[ .\-]?\d{2}[ .\-]?\d{2})(?![.\-]?\d)"
)

# ---- numbers that say themselves what they are

_BEFORE = rf"(?:\(?\+?{_GAP}(?<!\d)(?:00)?84{_GAP}(?:\(?0\)?{_GAP})?|\(?0{_GAP})"
_PHONE = _rule(rf"(?<!\d){_BEFORE}[35789](?:{_GAP}\d){{8}}(?!\d)")
_LANDLINE = _rule(rf"(?<!\d){_BEFORE}(?:2(?:{_GAP}\d){{9}}|1{_GAP}[2689](?:{_GAP}\d){{8}})(?!\d)")
_ABROAD = _rule(r"(?<![\w+])\+[1-9](?:[ .\-()]{0,2}\d){7,14}(?!\d)")
_TWELVE = _rule(r"(?<!\d)(?:0(?:[ .\-_\n]{0,2}\d){11}|\d{12}|\d{4} \d{4} \d{4})(?!\d)")
_NINE = _rule(r"(?<![\d.,])(?:\d{9}|\d{3}([ .\-])\d{3}\1\d{3})(?![.,]?\d)")
_LONG = _rule(r"(?<![\d.,])\d(?:\d{9,18}|(?:[ \-]?\d){14,18})(?![.,]?\d)")

_SERIES = r"[a-z]\d|[a-z]{2}|[a-z]"
_PLATE = [
    _rule(
        rf"(?<![\w.])(?:1[1-9]|[2-9]\d) ?-? ?(?:{_SERIES}) ?[\-. ]{{0,3}}(?:\d{{3}}[ .\-]\d{{2}}|\d{{5}})"
        r"(?!\d|[.,]\d)"
    ),
    _rule(r"(?<![\w.])(?:1[1-9]|[2-9]\d) ?-? ?(?:[a-z]\d|[a-z]{2}) ?[\-. ]{1,3}\d{4}(?!\d|[.,]\d)"),
    _rule(r"(?<![\w.])(?:1[1-9]|[2-9]\d)-?[a-z]-\d{4}(?!\d|[.,]\d)"),
    _rule(
        r"\b(?:bien(?: so| kiem soat)?|bks|xe(?: may| hoi| o to| toi| con)?)(?: (?:la|so|mang|mang bien|em|toi))?"
        rf" ?:? ?(?P<it>\d{{2}} ?-? ?(?:{_SERIES}) ?[\-. ]{{0,3}}\d{{4,5}})(?!\d|[.,]\d)"
    ),
]
_LIKE_A_DAY = rf"(?:{_DAY} ?[/.\- ] ?{_MONTH} ?[/.\- ] ?(?:19|20)?\d{{2}}|{_DAY} ?thang ?{_MONTH} ?,? ?nam ?(?:19|20)\d{{2}})"
_BIRTH = _rule(
    r"\b(?:ngay(?: thang)?(?: nam)? sinh|(?<!khai )sinh(?: ngay)?|ns|dob|date of birth|born)"
    r"(?: (?:cua )?(?:toi|em|chau|con|be|me|bo|vo|chong|la|vao|ngay|ong|ba|on)){0,4} ?:? ?"
    rf"(?P<it>{_LIKE_A_DAY})(?!\d)"
)
_WHO = r"(?:toi|em|e|minh|chau|con|tui|chung toi|gia dinh(?: toi)?|bo me toi|me toi|bo toi)"
_PLACE = r"(?:tai |o |la |: ?|so |nha |so nha )"
_ADDRESS = _rule(
    rf"\b(?:nha {_WHO} ?{_PLACE}{{1,3}}|dia chi(?: (?:nha|thuong tru|tam tru|cua)){{1,3}}(?: {_WHO})? ?{_PLACE}{{0,3}}"
    rf"|{_WHO} (?:dang |hien )?(?:o|song|tro|thuong tru|tam tru)(?: tro)? {_PLACE}{{0,2}}(?:so nha |nha so |so )"
    rf"|so nha (?:cua )?{_WHO} ?(?:la |: ?)?)(?:(?:ngo|hem|kiet|ngach) )?"
    r"(?P<it>[kh]?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4})(?![\d.,]\d|\w)(?! ?(?:km|m|phut|ngay|nguoi|tuoi|nam|lan)\b)"
)

#: In order: the first that takes a place keeps it.
_WITHOUT_DIGITS: list[tuple[re.Pattern[str], Kind]] = [
    (_SAID_EMAIL, Kind.EMAIL),
    (_EMAIL, Kind.EMAIL),
    (_PAGE, Kind.EMAIL),
]
_FEW_DIGITS: list[tuple[re.Pattern[str], Kind]] = [(_ADDRESS, Kind.ADDRESS)]
_FIRST: list[tuple[re.Pattern[str], Kind]] = [
    *((rule, Kind.DOSSIER) for rule in _DOSSIER[:1]),
    (_SLIP, Kind.SLIP),
    (_BIRTH, Kind.BIRTH),
]
_SECOND: list[tuple[re.Pattern[str], Kind]] = [
    (_SAID_ID, Kind.IDENTITY),
    (_SAID_BANK, Kind.ACCOUNT),
    (_PHONE, Kind.PHONE),
    (_LANDLINE, Kind.PHONE),
    (_BANK_AFTER, Kind.ACCOUNT),
    *((rule, Kind.DOSSIER) for rule in _DOSSIER[1:]),
    *((rule, Kind.PLATE) for rule in _PLATE),
    (_TWELVE, Kind.IDENTITY),
    (_ABROAD, Kind.PHONE),
    (_SAID_PHONE, Kind.PHONE),
    (_NINE, Kind.IDENTITY),
    (_SAID_SHORT, Kind.PHONE),
    (_LONG, Kind.ACCOUNT),
]

# ---- numbers in words and with letters

_WORD_DIGITS = {
    "khong": "0", "hong": "0", "ko": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4",
    "nam": "5", "lam": "5", "sau": "6", "bay": "7", "tam": "8", "chin": "9", "muoi": "",
}  # fmt: skip
_ONE_WORD = "|".join(sorted(_WORD_DIGITS, key=len, reverse=True))
_TOKEN = rf"(?:(?<![a-z])(?:{_ONE_WORD})+(?![a-z])|(?<![a-z])[oil]{{0,2}}\d[0-9oil]{{0,14}}|(?<![a-z0-9])o(?![a-z]))"
_RUN = _rule(
    rf"{_TOKEN}(?:(?:[ \n.,\-_()/]{{1,3}}(?:(?:cham|roi|phay|gach|tiep)[ ,]{{1,2}})?|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d))"
    rf"{_TOKEN}){{2,24}}|(?<![a-z0-9])[0-9oil]{{9,13}}(?![a-z0-9])"
)
_PART = _rule(rf"{_ONE_WORD}|[0-9oil]")
_LETTERS = {"o": "0", "i": "1", "l": "1"}
_WHOLE = _rule(r"(?:84|0)[35789]\d{8}|0\d{11}|02\d{9}")


def _spoken(bare: str) -> Iterator[Span]:
    """Numbers with words or letters among their digits, taken whole."""
    for run in _RUN.finditer(bare):
        digits, words, letters = "", 0, 0
        for part in _PART.finditer(run.group()):
            said = part.group()
            words += len(said) > 1
            letters += said in _LETTERS
            digits += (
                _WORD_DIGITS.get(said) or _LETTERS.get(said) or (said if said.isdigit() else "")
            )
        if not words + letters:
            continue
        if (words >= 7 and len(digits) >= 7) or _WHOLE.fullmatch(digits):
            kind = Kind.IDENTITY if len(digits) == 12 else Kind.PHONE
            yield run.start(), run.end(), kind


#: Without so many digits near each other there is no number to tell from another one.
_ENOUGH = _rule(rf"\d(?:{_GAP}\d){{4}}|\d[a-z]?\d?[ .\-]{{0,3}}\d{{3}}")


def _closed(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with barriers in the place of each span (in order, apart)."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], BARRIER * (end - start)]
        done = end
    return "".join([*parts, text[done:]])


def _matches(rule: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    group = "it" if "it" in rule.groupindex else 0
    return [match.span(group) for match in rule.finditer(text)]


def numbers(bare: str) -> list[Span]:
    """Spans of ``bare`` that hold a personal number or address, apart from each other."""
    found: list[Span] = []

    def take(rules: list[tuple[re.Pattern[str], Kind]]) -> None:
        nonlocal bare
        for rule, kind in rules:
            if spans := _matches(rule, bare):
                found.extend((start, end, kind) for start, end in spans)
                bare = _closed(bare, spans)

    take(_WITHOUT_DIGITS)
    spoken = list(_spoken(bare))
    found += spoken
    bare = _closed(bare, [(start, end) for start, end, _ in spoken])
    if not _ENOUGH.search(bare):
        take(_FEW_DIGITS)
        return found
    take(_FIRST)
    whole = bare
    for rule in _HARMLESS:
        for span in _matches(rule, whole):
            bare = _closed(bare, [span])
    take(_SECOND)
    take(_FEW_DIGITS)
    return found
