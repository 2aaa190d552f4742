"""The response rate: of the one-time codes given out, how many brought an answer (rating.md §1)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Sum

from feedback.figures import Responses
from feedback.models import Minted, Rollup
from feedback.models.ratings import Channel
from feedback.monthly import FirstOfMonth
from feedback.scoring import METHOD

#: Counter → item → answers by a one-time code.
Answered = Mapping[int, Mapping[str, int]]
#: ``(counter, first day of a month)``.
CounterMonths = Collection[tuple[int, datetime.date]]


def responses_to(
    as_of: datetime.date, *, answered: Answered | None = None, without: CounterMonths = ()
) -> dict[int, Responses]:
    """By counter, for the window of the score up to ``as_of``; two queries at most.

    Every receipt, supplement request, refusal, result and slip of the window is a code given out.
    ``answered`` are the answers that are published; without it those of the rollups are taken.
    A public rate has to be made of the published ones: it is a fraction, from which numerator and
    denominator can be got back, and answers that still wait to be published would be told with
    it. Codes of the months in ``without`` are left out, as their answers are.
    """
    first = as_of - datetime.timedelta(days=METHOD.window_days - 1)
    found: defaultdict[int, Responses] = defaultdict(Responses)
    minted = (
        Minted.objects.filter(day__range=(first, as_of))
        .order_by()
        .annotate(month=FirstOfMonth("day"))
        .values("counter_id", "month")
        .annotate(number=Sum("count"))
    )
    for counter, month, number in minted.values_list("counter_id", "month", "number"):
        if (counter, month) not in without:
            found[counter].minted += number
    for counter, by_item in (_of_rollups(first, as_of) if answered is None else answered).items():
        if counter in found:
            found[counter].by_item.update(by_item)
    return dict(found)


def _of_rollups(first: datetime.date, as_of: datetime.date) -> Answered:
    rows = (
        Rollup.objects.filter(channel=Channel.RECEIPT, day__range=(first, as_of), level__gte=1)
        .order_by()
        .values("counter_id", "item")
        .annotate(number=Sum("count"))
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for counter, item, number in rows.values_list("counter_id", "item", "number"):
        found[counter][item] = number
    return found
