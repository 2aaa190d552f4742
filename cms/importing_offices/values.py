"""One cell or JSON value → the value it means; what cannot be read is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from cms.importing.reading import Rejected
from cms.importing.texts import one_line
from cms.importing_offices.shape import Column
from cms.text import fold

_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_TIME = re.compile(r"^(\d{1,2})(?:[:hg](\d{2})?(?::(\d{2}))?)$", re.IGNORECASE)
_YES = {"yes", "true", "co", "x", "1"}
_NO = {"no", "false", "khong", "0"}
#: Places behind the comma that a coordinate keeps: 0.1 m.
_PLACES = Decimal("0.000001")


def value_of(column: Column, raw: Any) -> Any:
    """The value, or None for an empty cell (an empty list for lists, "" for texts).

    Raises Rejected with the reason, naming the column.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    empty = raw is None or raw in ("", [])
    if empty and column.required:
        raise Rejected(f"Thiếu “{column.name}”.")
    try:
        return _READERS[column.kind](column, None if empty else raw)
    except Rejected:
        raise
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        raise Rejected(f"“{column.name}”: không đọc được “{_shown(raw)}”.") from None


def _shown(raw: Any) -> str:
    return one_line(str(raw))[:60]


def _text(column: Column, raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool | dict | list):
        raise ValueError
    if isinstance(raw, float):
        # Excel made a number of a procedure's code and dropped its zeros.
        raw = f"{raw:.6f}" if column.key == "procedure_code" else f"{raw:g}"
    return one_line(str(raw))


def _phone(column: Column, raw: Any) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise Rejected(
            f"“{column.name}”: ô là số nên Excel đã bỏ số 0 ở đầu. "
            "Hãy định dạng ô là văn bản rồi gõ lại."
        )
    return _text(column, raw)


def _list(column: Column, raw: Any) -> list[str]:
    if raw is None:
        return []
    parts = raw if isinstance(raw, list) else re.split(r"[;\n]", _lines(raw))
    texts = [_text(column, part) for part in parts]
    return list(dict.fromkeys(text for text in texts if text))


def _lines(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _choice(column: Column, raw: Any) -> str | None:
    if raw is None:
        return None
    if isinstance(raw, list):
        raw = ",".join(sorted((str(part) for part in raw), reverse=True))
    if isinstance(raw, bool):
        raise ValueError
    wanted = fold(one_line(str(raw)))
    for code, name in column.choices.items():
        if wanted in (fold(code), fold(name)):
            return code
    known = ", ".join(column.choices.values())
    raise Rejected(f"“{column.name}”: không có “{_shown(raw)}”. Chọn một trong: {known}.")


def _yes_no(column: Column, raw: Any) -> bool | None:
    if raw is None or isinstance(raw, bool):
        return raw
    word = fold(one_line(str(raw)))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Rejected(f"“{column.name}”: ghi Có hoặc Không, không phải “{_shown(raw)}”.")


def _date(column: Column, raw: Any) -> date | None:
    if raw is None or (isinstance(raw, date) and not isinstance(raw, datetime)):
        return raw
    if isinstance(raw, datetime):
        return raw.date()
    text = one_line(str(raw))
    if found := _DAY.match(text):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    if isinstance(raw, str):
        return date.fromisoformat(text)
    raise ValueError


def _time(column: Column, raw: Any) -> time | None:
    if raw is None:
        return None
    if isinstance(raw, time):
        return raw.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(raw, datetime):
        return raw.time().replace(second=0, microsecond=0)
    if isinstance(raw, timedelta | float):
        # Excel keeps a time of day as a part of a day.
        seconds = raw.total_seconds() if isinstance(raw, timedelta) else raw * 86400
        if not 0 <= seconds < 86400:
            raise ValueError
        minutes = round(seconds / 60)
        return time(minutes // 60, minutes % 60)
    found = _TIME.match(one_line(str(raw)).replace(" ", ""))
    if not found:
        raise ValueError
    return time(int(found[1]), int(found[2] or 0))


def _number(column: Column, raw: Any) -> Decimal | None:
    if raw is None:
        return None
    if isinstance(raw, bool):
        raise ValueError
    number = Decimal(one_line(str(raw)).replace(",", "."))
    if not number.is_finite():
        raise ValueError
    return number.quantize(_PLACES)


def _whole(column: Column, raw: Any) -> int | None:
    if raw is None:
        return None
    number = _number(column, raw)
    if number is None or number != int(number) or not 0 <= number <= 32767:
        raise ValueError
    return int(number)


_READERS = {
    "text": _text,
    "phone": _phone,
    "list": _list,
    "choice": _choice,
    "yes_no": _yes_no,
    "date": _date,
    "time": _time,
    "number": _number,
    "whole": _whole,
}
