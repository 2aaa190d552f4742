"""What an office alone reads of a month, fixed with the snapshot (docs/decisions/0079-*).

Kept beside the public figures and not computed when a page is opened: the page costs the same
whatever the number of answers, and a number seen today and tomorrow is the same number, so that
no difference tells about a single answer.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from feedback.binning import SMALLEST, month_end
from feedback.drivers import names_of
from feedback.models import Rating
from feedback.models.ratings import DRIVERS, Standing

#: Levels of attitude behind the two columns of drivers; 3 is in neither.
SIDES: Mapping[str, tuple[int, ...]] = {"low": (1, 2), "high": (4, 5)}


def drivers_of(month: datetime.date) -> dict[int, dict[str, dict[str, Any]]]:
    """Counter → side → ``{"n": answers, "shares": {driver: share 0–1}}``; one query.

    Counted ratings of the month. A side with fewer than five answers is left out. Shares are
    rounded to whole five per cent.
    """
    first = month.replace(day=1)
    counted = Rating.objects.filter(
        service_day__range=(first, month_end(first)), standing=Standing.COUNTED
    )
    rows = counted.order_by().values_list("counter_id", "attitude", "drivers")
    answers: defaultdict[tuple[int, str], int] = defaultdict(int)
    named: defaultdict[tuple[int, str], defaultdict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    side_of = {level: side for side, levels in SIDES.items() for level in levels}
    for counter, attitude, bits, number in rows.annotate(number=Count("pk")):
        if attitude in side_of:
            key = (counter, side_of[attitude])
            answers[key] += number
            for name in names_of(bits):
                named[key][name] += number
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for (counter, side), number in answers.items():
        if number >= SMALLEST:
            shares = {
                name: round(named[counter, side][name] / number * 20) / 20 for name in DRIVERS
            }
            found.setdefault(counter, {})[side] = {"n": number, "shares": shares}
    return found


def office_only(
    month: datetime.date, hidden: Mapping[int, dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Counter → ``{"drivers": …, "figures": …}``.

    ``hidden`` are the bodies of counters that one officer kept; others have no ``figures``.
    """
    found: dict[int, dict[str, Any]] = {
        counter: {"drivers": drivers} for counter, drivers in drivers_of(month).items()
    }
    for counter, body in hidden.items():
        found.setdefault(counter, {})["figures"] = body
    return found
