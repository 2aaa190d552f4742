"""When the scans of a printed code are odd: fell to zero, or mostly outside office hours.

Pure: days and counts in, a reason or None out. Both rules speak only when chance does not explain
it, and neither touches an answer: somebody goes and looks at the sheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: Open days before a quiet run that make the usual.
USUAL_DAYS = 28
#: Fewer known open days than this are no usual.
LEAST_DAYS = 10
#: A quiet run is told when chance gives one as long less often than this, also at a usual as low
#: as its own uncertainty allows.
CHANCE = 1e-4
#: One-sided 95 %.
_Z = 1.645
#: Days looked back, and scans at least, for the share outside hours.
HOURS_DAYS = 28
LEAST_SCANS = 20


@dataclass(frozen=True)
class Silence:
    """No scan on the last ``days`` open days, where ``usual`` a day were usual; first quiet day."""

    days: int
    usual: float
    since: date


@dataclass(frozen=True)
class OutOfHours:
    """``outside`` of ``total`` scans fell outside the office's hours."""

    outside: int
    total: int


def silence(open_days: Sequence[date], scans: Mapping[date, int]) -> Silence | None:
    """Whether the scans of a code fell to zero.

    ``open_days`` are the finished days on which the office was open and the sheet hung, in order,
    the latest last; ``scans`` the counts by day (days without are 0). The usual is a Poisson rate
    over the last :data:`USUAL_DAYS` open days before the quiet run, at the lower end of what they
    allow, with the run's expected count divided by their dispersion: scans come in clumps, and a
    quiet Monday after a holiday is no news.
    """
    quiet = 0
    while quiet < len(open_days) and not scans.get(open_days[-1 - quiet], 0):
        quiet += 1
    before = open_days[: len(open_days) - quiet][-USUAL_DAYS:]
    if not quiet or len(before) < LEAST_DAYS:
        return None
    counts = [scans.get(day, 0) for day in before]
    total, days = sum(counts), len(counts)
    mean = total / days
    spread = sum((count - mean) ** 2 for count in counts) / (days - 1)
    dispersion = max(1.0, spread / mean)
    lowest = max(0.0, total - _Z * math.sqrt(total * dispersion)) / days
    if lowest * quiet / dispersion < -math.log(CHANCE):
        return None
    return Silence(quiet, mean, open_days[len(open_days) - quiet])


def out_of_hours(inside: int, outside: int) -> OutOfHours | None:
    """Whether more than half of a code's scans lie outside office hours, beyond chance (Wilson's
    lower bound of the share), of at least :data:`LEAST_SCANS`."""
    total = inside + outside
    if total < LEAST_SCANS:
        return None
    share, z2 = outside / total, _Z * _Z
    middle = share + z2 / (2 * total)
    width = _Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    lower = (middle - width) / (1 + z2 / total)
    return OutOfHours(outside, total) if lower > 0.5 else None
