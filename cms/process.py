"""The internal process of a procedure as lanes of agencies, and its sum against the limit.

Pure. Source: NĐ 118/2025 Đ38.1d, a process per procedure as step, work, unit or person, time.
Rows of two or more agencies make the procedure a *một cửa liên thông*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from cms.formatting import number_text
from cms.record import CHANNELS, TIME_UNITS, Channel

#: Hours of one working day when hours are compared with a limit in working days: the day of the
#: 40-hour week of public offices, whatever the hours of one office.
HOURS_A_WORKING_DAY = 8
#: Lanes that fit side by side on a page; more are listed one below the other.
LANES_ABREAST = 6


@dataclass(frozen=True)
class InternalStep:
    """One row of the process; ``hours`` are working hours, None when the row names none."""

    name: str
    work: str
    agency: str
    unit: str
    hours: Decimal | None

    @property
    def hours_text(self) -> str:
        """The number as written in Vietnamese, "" when none is named."""
        return "" if self.hours is None else number_text(self.hours)


@dataclass(frozen=True)
class Lane:
    """One agency with its rows of the process, each with its place in the whole (from 1)."""

    agency: str
    steps: tuple[tuple[int, InternalStep], ...]

    @property
    def hours(self) -> Decimal:
        """The sum of the hours that are named."""
        return sum((step.hours or Decimal(0) for _n, step in self.steps), Decimal(0))

    @property
    def hours_text(self) -> str:
        """The sum as written in Vietnamese."""
        return number_text(self.hours)

    @property
    def incomplete(self) -> bool:
        """Some row names no hours, so the sum is a lower bound."""
        return any(step.hours is None for _n, step in self.steps)


@dataclass(frozen=True)
class Placed:
    """A row with its place in the whole and the lane it lies in, both from 1.

    ``enters`` says that the dossier has just come from another agency.
    """

    number: int
    step: InternalStep
    lane: int
    enters: bool


@dataclass(frozen=True)
class Process:
    """A whole internal process."""

    steps: tuple[InternalStep, ...]

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The agencies in the order in which the dossier first meets them."""
        found: dict[str, list[tuple[int, InternalStep]]] = {}
        names: dict[str, str] = {}
        for number, step in enumerate(self.steps, 1):
            key = _key(step.agency)
            names.setdefault(key, step.agency)
            found.setdefault(key, []).append((number, step))
        return tuple(Lane(names[key], tuple(rows)) for key, rows in found.items())

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The rows in order, each with its lane."""
        order = {_key(lane.agency): n for n, lane in enumerate(self.lanes, 1)}
        rows = []
        before = None
        for number, step in enumerate(self.steps, 1):
            lane = order[_key(step.agency)]
            rows.append(Placed(number, step, lane, before is not None and lane != before))
            before = lane
        return tuple(rows)

    @property
    def is_joint(self) -> bool:
        """Một cửa liên thông: two or more agencies, one after another."""
        return len(self.lanes) > 1

    @property
    def abreast(self) -> bool:
        """The lanes fit side by side."""
        return len(self.lanes) <= LANES_ABREAST

    @property
    def hours(self) -> Decimal:
        """The sum of the hours that are named."""
        return sum((step.hours or Decimal(0) for step in self.steps), Decimal(0))

    @property
    def hours_text(self) -> str:
        """The sum as written in Vietnamese."""
        return number_text(self.hours)

    @property
    def days(self) -> Decimal:
        """The sum in working days of :data:`HOURS_A_WORKING_DAY` hours, to two decimals."""
        return round(self.hours / HOURS_A_WORKING_DAY, 2)

    @property
    def days_text(self) -> str:
        """The days as written in Vietnamese."""
        return number_text(self.days)

    @property
    def without_hours(self) -> tuple[int, ...]:
        """The places (from 1) of rows that name no hours."""
        return tuple(n for n, step in enumerate(self.steps, 1) if step.hours is None)


def _key(agency: str) -> str:
    return " ".join(agency.casefold().split())


def process_of(raw: Iterable[Mapping[str, Any]] | None) -> Process:
    """Stored ``internal_process`` JSON → the process; rows without any text drop out."""
    steps = []
    for block in raw or ():
        value = block.get("value") or {}
        texts = {
            name: str(value.get(name) or "").strip() for name in ("name", "work", "agency", "unit")
        }
        if any(texts.values()):
            steps.append(InternalStep(**texts, hours=_hours(value.get("hours"))))
    return Process(tuple(steps))


def _hours(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        hours = Decimal(str(value))
    except InvalidOperation:
        return None
    return hours if hours.is_finite() and hours >= 0 else None


@dataclass(frozen=True)
class Comparison:
    """The process against one published limit; ``limit_hours`` None: they cannot be compared.

    ``kinds`` are the channels (keys of :data:`cms.record.CHANNELS`) with this limit.
    """

    kinds: tuple[str, ...]
    value: Decimal
    unit: str
    limit_hours: Decimal | None
    hours: Decimal

    @property
    def limit_text(self) -> str:
        """ "10 ngày làm việc"."""
        return f"{number_text(self.value)} {TIME_UNITS.get(self.unit, self.unit)}"

    @property
    def difference(self) -> Decimal:
        """Hours the process takes more (positive) or less than the limit; 0 if incomparable."""
        return Decimal(0) if self.limit_hours is None else self.hours - self.limit_hours


def compare(process: Process, channels: Sequence[Channel]) -> list[Comparison]:
    """The sum of the process against each different limit of the channels.

    Hours compare as they are and working days as eight hours each. Days, months and years hold
    days off and do not compare; limits without a number or unit are left out.
    """
    kinds: dict[tuple[Decimal, str], list[str]] = {}
    for channel in channels:
        if channel.time.value and channel.time.unit:
            kinds.setdefault((channel.time.value, channel.time.unit), []).append(channel.kind)
    hours = {"hour": 1, "working_day": HOURS_A_WORKING_DAY}
    return [
        Comparison(
            tuple(dict.fromkeys(names)),
            value,
            unit,
            value * hours[unit] if unit in hours else None,
            process.hours,
        )
        for (value, unit), names in kinds.items()
    ]


def problems(process: Process, channels: Sequence[Channel]) -> list[str]:
    """What an editor must put right, in Vietnamese sentences; empty without a process."""
    if not process.steps:
        return []
    found = []
    if missing := process.without_hours:
        steps = ", ".join(map(str, missing))
        found.append(f"Quy trình nội bộ chưa ghi số giờ ở bước {steps}.")
    if nameless := [n for n, step in enumerate(process.steps, 1) if not step.agency]:
        found.append(f"Quy trình nội bộ chưa ghi cơ quan ở bước {', '.join(map(str, nameless))}.")
    for one in compare(process, channels):
        if not one.difference or (missing and one.difference < 0):
            continue  # with hours missing, less than the limit says nothing yet
        names = ", ".join(CHANNELS.get(kind, kind) for kind in one.kinds)
        limit = number_text(one.limit_hours or Decimal(0))
        verb = "vượt" if one.difference > 0 else "ít hơn"
        found.append(
            f"Tổng giờ của quy trình nội bộ là {process.hours_text} giờ làm việc, {verb} thời hạn "
            f"công bố {one.limit_text} ({limit} giờ; {names}) "
            f"{number_text(abs(one.difference))} giờ."
        )
    return found


def notes(process: Process, channels: Sequence[Channel]) -> list[str]:
    """What cannot be compared, and says so, in Vietnamese sentences."""
    if not process.steps:
        return []
    return [
        f"Thời hạn {one.limit_text} tính cả ngày nghỉ, nên không so được với tổng "
        f"{process.hours_text} giờ làm việc."
        for one in compare(process, channels)
        if one.limit_hours is None
    ]


def process_problems(page: Any) -> list[str]:
    """:func:`problems` of a procedure page, with the limits that hold today."""
    return problems(process_of(page.internal_process.raw_data), published_channels(page))


def published_channels(page: Any) -> Sequence[Channel]:
    """The channels with the city's rules of today laid over, where the page knows them."""
    channels: Sequence[Channel] = getattr(page, "channels_today", None) or page.channel_rows
    return channels
