"""Makes the batches that a counter's staff see, once a day; the rules are in staff_batches.py."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from cms.models import Counter
from feedback.binning import MONTHS, month_end
from feedback.drivers import names_of
from feedback.models import Rating, StaffBatch
from feedback.models.ratings import DRIVERS, Channel, Standing
from feedback.staff_batches import (
    CLOSED_AFTER,
    LEVELS,
    Tally,
    last_ripe_day,
    next_batches,
    period_closed,
)

_EMPTY: Tally = (0,) * (LEVELS + len(DRIVERS))
_DAY = datetime.timedelta(days=1)
_DONE: dict[str, datetime.date] = {}


def make_daily() -> int:
    """The worker's chore: once a day and process, harmless when repeated."""
    today = timezone.localdate()
    if _DONE.get("on") == today:
        return 0
    made = make_batches()
    _DONE["on"] = today
    return made


def make_batches(now: datetime.datetime | None = None) -> int:
    """Make what may be shown by now at every counter; how many batches were made."""
    now = timezone.localtime(now)
    counters = Counter.objects.order_by("pk").values_list("pk", flat=True)
    return sum(_of_counter(counter, now) for counter in counters)


@transaction.atomic
def _of_counter(counter: int, now: datetime.datetime) -> int:
    today, ripe = now.date(), last_ripe_day(now)
    first = _months_before(today, MONTHS)
    batches: defaultdict[str, list[StaffBatch]] = defaultdict(list)
    for row in StaffBatch.objects.filter(counter=counter, through__gte=first).order_by(
        "through", "number"
    ):
        batches[row.channel].append(row)
    starts = {channel: _start(batches[channel], first) for channel in Channel.values}
    answers = _answers(counter, min(starts.values()), ripe)
    made = 0
    for channel, days in answers.items():
        while True:
            new = _of_channel(counter, channel, days, batches[channel], starts[channel], today)
            made += len(new)
            batches[channel] += new
            # A period that ended is followed by the next one, which may have batches too.
            following = _start(batches[channel], first)
            if following == starts[channel]:
                break
            starts[channel] = following
    return made


def _of_channel(
    counter: int,
    channel: str,
    days: dict[datetime.date, Tally],
    batches: list[StaffBatch],
    start: datetime.date,
    today: datetime.date,
) -> list[StaffBatch]:
    open_days = {day: tally for day, tally in days.items() if day >= start}
    if not open_days:
        return []
    own = [one for one in batches if one.period >= start]
    after = max((one.through for one in own), default=None)
    end, last = _end_of_period(start, open_days, after, today)
    # While the period runs, its answers and not those of the next one are looked at.
    open_days = {day: tally for day, tally in open_days.items() if day <= last}
    shown = _EMPTY
    for one in own:
        shown = tuple(a + b for a, b in zip(shown, _tally_of(one), strict=True))
    found = next_batches(open_days, shown, after=after, closed=end is not None)
    period = own[0].period if own else min(open_days).replace(day=1)
    new = [
        StaffBatch(
            counter_id=counter,
            channel=channel,
            period=period,
            number=len(own) + number,
            through=end if batch.closes and end else batch.through,
            closes=batch.closes,
            levels=list(batch.tally[:LEVELS]),
            drivers=dict(zip(DRIVERS, batch.tally[LEVELS:], strict=True)),
        )
        for number, batch in enumerate(found, 1)
    ]
    if end and own and not any(one.closes for one in new):
        # What is left is too little for a batch: answers were put aside since. It is shown never.
        own[-1].closes, own[-1].through = True, end
        own[-1].save(update_fields=["closes", "through"])
    return StaffBatch.objects.bulk_create(new)


def _end_of_period(
    start: datetime.date,
    days: dict[datetime.date, Tally],
    after: datetime.date | None,
    today: datetime.date,
) -> tuple[datetime.date | None, datetime.date]:
    """The last day of the period once it is closed, and the last day it may reach.

    A period never ends before a day that was shown, whatever was counted again since.
    """
    end = period_closed(start, days, today)
    last = period_closed(start, days, datetime.date.max) or max(days)
    if after is not None and after > last:
        last = month_end(after)
        end = last if today >= last + CLOSED_AFTER else None
    return end, last


def _start(batches: list[StaffBatch], first: datetime.date) -> datetime.date:
    """The first day after the last period that is closed."""
    closed = [one.through for one in batches if one.closes]
    return max(closed) + _DAY if closed else first


def _answers(
    counter: int, first: datetime.date, last: datetime.date
) -> dict[str, dict[datetime.date, Tally]]:
    """Channel → service day → tally of the counted answers; one query."""
    rows = (
        Rating.objects.filter(
            counter=counter, service_day__range=(first, last), standing=Standing.COUNTED
        )
        .order_by()
        .values_list("channel", "service_day", "attitude", "drivers")
        .annotate(number=Count("pk"))
    )
    found: dict[str, dict[datetime.date, list[int]]] = {}
    for channel, day, attitude, bits, number in rows:
        tally = found.setdefault(channel, {}).setdefault(day, list(_EMPTY))
        tally[attitude - 1] += number
        for name in names_of(bits):
            tally[LEVELS + DRIVERS.index(name)] += number
    return {
        channel: {day: tuple(tally) for day, tally in days.items()}
        for channel, days in found.items()
    }


def _tally_of(batch: StaffBatch) -> Tally:
    drivers: dict[str, Any] = batch.drivers
    return (*batch.levels, *(drivers.get(name, 0) for name in DRIVERS))


def _months_before(day: datetime.date, number: int) -> datetime.date:
    index = day.year * 12 + day.month - 1 - number
    return datetime.date(index // 12, index % 12 + 1, 1)
