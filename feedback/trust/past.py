"""What the database knows about usual days: tickets and poster answers, hours, the city."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Sum

from cms.calendar import WorkCalendar
from cms.models import Counter, OfficeHours
from cms.working_days import day_changes, work_calendar
from feedback.models import Minted, Rollup
from feedback.models.ratings import ITEMS, Channel
from feedback.traces import WINDOW_MINUTES
from feedback.trust.expected import (
    DAY_WINDOWS,
    HISTORY_DAYS,
    PastDay,
    city_factor,
    level_shares,
    usual_day,
)
from feedback.trust.signals import Usual

_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


@dataclass
class Past:
    """The days before ``day``, and the day itself, of some counters."""

    day: datetime.date
    tickets: dict[int, dict[datetime.date, int]]
    posters: dict[int, Tally[datetime.date]]
    levels: dict[int, Tally[int]] = field(default_factory=dict)  #: of the posters before the day
    windows: dict[int, int] = field(default_factory=dict)
    pauses: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    city: float = 1.0

    def days(self, counter: int) -> list[PastDay]:
        """Its days of the last weeks: working days since the first of which anything is known."""
        tickets, posters = self.tickets.get(counter, {}), self.posters.get(counter, Tally())
        known = [day for day in (*tickets, *posters) if day < self.day]
        if not known:
            return []
        number = (self.day - min(known)).days
        days = [self.day - ago * _DAY for ago in range(number, 0, -1)]
        return [
            PastDay(tickets.get(day), posters[day])
            for day in days
            if day.weekday() < _SATURDAY or day in tickets or posters[day]
        ]

    def usual(self, counter: int) -> Usual:
        """What is usual for the counter on ``day``."""
        usual = usual_day(
            self.days(counter),
            tickets=self.tickets.get(counter, {}).get(self.day),
            windows=self.windows.get(counter, DAY_WINDOWS),
            pauses=self.pauses.get(counter, ()),
            city=self.city,
        )
        return replace(usual, shares=level_shares(self.levels.get(counter, {})))

    def answers(self, counter: int) -> float:
        """Poster answers of a usual day."""
        return self.usual(counter).answers


def read_past(day: datetime.date, counters: Collection[int], channel: str = Channel.POSTER) -> Past:
    """The past of ``counters`` in three queries, besides their hours; none without counters.

    Of the answers of one channel: what is said of posters here holds for the others too.
    """
    if not counters:
        return Past(day, {}, {})
    first = day - HISTORY_DAYS * _DAY
    tickets: defaultdict[int, dict[datetime.date, int]] = defaultdict(dict)
    for counter, at, number in (
        Minted.objects.filter(day__range=(first, day))
        .order_by()
        .values_list("counter_id", "day")
        .annotate(number=Sum("count"))
    ):
        tickets[counter][at] = number
    posters: defaultdict[int, Tally[datetime.date]] = defaultdict(Tally)
    levels: defaultdict[int, Tally[int]] = defaultdict(Tally)
    rows = (
        Rollup.objects.filter(item=ITEMS[0], channel=channel, day__range=(first, day), count__gt=0)
        .order_by()
        .values_list("counter_id", "day", "level")
        .annotate(number=Sum("count"))
    )
    for counter, at, level, number in rows:
        posters[counter][at] += number
        if at < day:
            levels[counter][level] += number
    past = Past(day, tickets, posters, levels)
    past.city = city_factor(
        (posters[counter][day], past.usual(counter).answers)
        for counter in list(posters)
        if not tickets.get(counter)
    )
    for counter, calendar in office_calendars(counters, day).items():
        spans = sorted(
            (_minutes(opens), _minutes(closes)) for opens, closes in calendar.hours_on(day)
        )
        minutes = sum(closes - opens for opens, closes in spans)
        past.windows[counter] = minutes // WINDOW_MINUTES or DAY_WINDOWS
        past.pauses[counter] = tuple(
            ((closes - 1) // WINDOW_MINUTES, opens // WINDOW_MINUTES)
            for (_, closes), (opens, _) in itertools.pairwise(spans)
        )
    return past


def _minutes(at: datetime.time) -> int:
    return at.hour * 60 + at.minute


def office_calendars(counters: Iterable[int], day: datetime.date) -> dict[int, WorkCalendar]:
    """The calendar of each counter's office, in three queries."""
    offices = dict(Counter.objects.filter(pk__in=list(counters)).values_list("pk", "office_id"))
    hours: defaultdict[int, list[OfficeHours]] = defaultdict(list)
    for row in OfficeHours.objects.filter(office__in=set(offices.values())):
        hours[row.office_id].append(row)
    changes = day_changes(day)
    made = {
        office: work_calendar(hours[office], changes.of(office)) for office in set(offices.values())
    }
    return {counter: made[office] for counter, office in offices.items()}
