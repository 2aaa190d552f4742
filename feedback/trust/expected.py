"""What one may expect of a counter's day: from tickets, from its own past, from the city (pure)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from feedback.trust.signals import Usual

#: Days of the past that are looked at.
HISTORY_DAYS = 28
#: Poster answers per ticket, and per day without tickets, of a counter without a past.
FIRST_RESPONSE = 0.10
FIRST_ANSWERS = 3.0
#: Days that a beginning counter is supposed to have had already at the first response.
FIRST_DAYS = 3
#: Answers that every level is supposed to have had already, when its share is told.
SHARE_ANSWERS = 10
#: A day has at most so many times the usual tickets: slips that are printed to make answers look
#: few do not make people.
MOST_BUSY = 2.0
#: Open ten-minute windows of a day whose hours are not known (7:30–11:30, 13:30–17:00).
DAY_WINDOWS = 45


@dataclass(frozen=True)
class PastDay:
    """One day of a counter: tickets given out (None: not known) and poster answers that count."""

    tickets: int | None
    answers: int


def usual_day(
    past: Sequence[PastDay],
    *,
    tickets: int | None,
    windows: int = DAY_WINDOWS,
    pauses: tuple[tuple[int, int], ...] = (),
    city: float = 1.0,
) -> Usual:
    """What is usual for a counter whose days before this one are ``past``.

    ``tickets`` are today's, None when there are none: a queue machine that fails does not make
    people vanish, so the usual number holds when it is more; twice the usual is the most.
    ``city`` is how many times as many poster answers as usual the whole city gave that day
    (:func:`city_factor`); it counts where there are no tickets to go by.
    """
    known = [day.tickets for day in past if day.tickets]
    if not known and not tickets:
        answers = (sum(day.answers for day in past) + FIRST_DAYS * FIRST_ANSWERS) / (
            len(past) + FIRST_DAYS
        )
        return Usual(None, answers * max(city, 1.0), windows, pauses)
    usually = median(known) if known else 0.0
    most = MOST_BUSY * usually if len(known) >= FIRST_DAYS else math.inf
    served = max(min(tickets or 0, most), usually)
    with_tickets = [day for day in past if day.tickets]
    given = sum(day.answers for day in with_tickets) + FIRST_RESPONSE * FIRST_DAYS * served
    response = given / (sum(known) + FIRST_DAYS * served)
    return Usual(float(served), response * served, windows, pauses, failed=not tickets)


def city_factor(days: Iterable[tuple[int, float]]) -> float:
    """How many times its usual poster answers the median counter of the city had on a day.

    ``days``: (answers of the day, answers of a usual day) of every counter without tickets. The
    median: no counter can lift it alone. 1 with fewer than eight counters.
    """
    ratios = [(answers + 0.5) / (usual + 0.5) for answers, usual in days]
    return median(ratios) if len(ratios) >= 8 else 1.0


def level_shares(levels: Mapping[int, int]) -> dict[int, float]:
    """The share of each level 1–5 among poster answers of the past, rather too high than too low.

    ``levels``: level → number. Every level gets :data:`SHARE_ANSWERS` answers of its own.
    """
    number = sum(levels.values())
    return {
        level: (levels.get(level, 0) + SHARE_ANSWERS) / (number + SHARE_ANSWERS)
        for level in (1, 2, 3, 4, 5)
    }
