"""A year's swap days typed as text: one line "nghỉ 31/08/2026, làm bù 22/08/2026, lý do".

The government announces them as pairs: a working day that is off, and a week-end day that is
worked for it with the hours of that weekday.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cms.models import WorkingDayChange
from cms.working_days import public_holidays

_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d\d)-(\d\d)")
_LABELS = re.compile(r"\b(?:nghỉ|làm bù|ngày|cho|hoán đổi|sang)\b|[;,:|→↔–-]", re.IGNORECASE)
#: Lines of one form; a year has a handful.
MOST_LINES = 200


@dataclass(frozen=True)
class Pair:
    """``off`` is not worked; ``works`` is, with the hours of the weekday of ``off``."""

    off: date
    works: date
    name: str


class LineError(ValueError):
    """A line that cannot be read; says which and why."""


def parse(text: str) -> list[Pair]:
    """The pairs of a text, empty lines left out.

    Raises LineError with all wrong lines at once, one sentence each, separated by newlines.
    """
    pairs: list[Pair] = []
    wrong: list[str] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > MOST_LINES:
        raise LineError(f"Nhiều hơn {MOST_LINES} dòng. Xin nhập làm nhiều lần.")
    seen: dict[date, int] = {}
    for number, line in lines:
        try:
            pair = _pair(line)
            for day in (pair.off, pair.works):
                if day in seen:
                    raise LineError(f"ngày {day:%d/%m/%Y} đã có ở dòng {seen[day]}.")
            seen |= {pair.off: number, pair.works: number}
            pairs.append(pair)
        except LineError as error:
            wrong.append(f"Dòng {number}: {error}")
    if wrong:
        raise LineError("\n".join(wrong))
    return pairs


def _pair(line: str) -> Pair:
    found = list(_DAY.finditer(line))
    if len(found) != 2:
        raise LineError("cần đúng hai ngày: ngày nghỉ, rồi ngày làm bù (ví dụ 31/08/2026).")
    off, works = (_date(match) for match in found)
    if off == works:
        raise LineError("hai ngày trùng nhau.")
    if off.weekday() > 4:
        raise LineError(f"{off:%d/%m/%Y} là cuối tuần, vốn đã nghỉ; ngày nghỉ phải viết trước.")
    if works.weekday() < 5 and not public_holidays().get(works):
        raise LineError(f"{works:%d/%m/%Y} vốn là ngày làm việc, không thể là ngày làm bù.")
    rest = _LABELS.sub(" ", _DAY.sub(" ", line))
    return Pair(off, works, " ".join(rest.split()))


def _date(match: re.Match[str]) -> date:
    day, month, year, *iso = match.groups()
    numbers = map(int, iso if day is None else (year, month, day))
    try:
        return date(*numbers)
    except ValueError:
        raise LineError(f"không có ngày {match[0]}.") from None


@transaction.atomic
def save(pairs: Iterable[Pair], *, decision: str = "") -> tuple[int, int]:
    """Make the rows of the pairs for the whole city: (how many were made, were there already).

    Raises LineError, and makes none, when a day has a row that says something else.
    """
    rows = []
    for pair in pairs:
        reason = f": {pair.name}" if pair.name else ""
        rows.append(
            WorkingDayChange(
                date=pair.off,
                kind=WorkingDayChange.Kind.OFF,
                name=f"nghỉ hoán đổi, làm bù {pair.works:%d/%m}{reason}"[:160],
                decision=decision,
            )
        )
        rows.append(
            WorkingDayChange(
                date=pair.works,
                kind=WorkingDayChange.Kind.WORKS,
                like_weekday=pair.off.weekday(),
                name=f"làm bù ngày {pair.off:%d/%m}{reason}"[:160],
                decision=decision,
            )
        )
    there = {
        row.date: row
        for row in WorkingDayChange.objects.filter(office=None, date__in=[row.date for row in rows])
    }
    other = [
        row.date
        for row in rows
        if row.date in there
        and (there[row.date].kind, there[row.date].like_weekday) != (row.kind, row.like_weekday)
    ]
    if other:
        days = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(other))
        raise LineError(f"Đã có dòng khác cho ngày {days}. Hãy sửa hoặc xoá dòng đó trước.")
    new = [row for row in rows if row.date not in there]
    for row in new:
        row.full_clean()
        row.save()
    return len(new), len(rows) - len(new)
