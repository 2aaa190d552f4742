"""A day as citizens write it into an address or a form: 2027-02-01, or 1/2/2027 as people do."""

from __future__ import annotations

import re
from datetime import date

_LONGEST = 40
_VIETNAMESE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def read_day(text: str) -> date:
    """The day that ``text`` names; browsers with a calendar send ISO, others what was typed.

    Raises ValueError when it names none.

    >>> read_day(" 1/2/2027 ")
    datetime.date(2027, 2, 1)
    """
    text = text.strip()[:_LONGEST]
    if found := _VIETNAMESE.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise ValueError(f"no day: {text!r}")
    return date(year, month, day)
