"""Answers by month, counter by counter: what a snapshot is made of, without holding them all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import DateField, Func, Sum

from feedback.models import Rollup
from feedback.scoring import Answers

#: Rows fetched at a time.
CHUNK = 5_000


class FirstOfMonth(Func):
    """The first day of a date's month. TruncMonth calls Python for every row on SQLite."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Dates are ISO texts there."""
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7) || '-01'")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """A date, not the moment that date_trunc gives."""
        template = "date_trunc('month', %(expressions)s)::date"
        return self.as_sql(compiler, connection, template=template)


def monthly_answers(as_of: datetime.date) -> Iterator[tuple[int, dict[str, Answers]]]:
    """``(counter, item → answers)`` of all counted answers (levels 1–5) up to ``as_of``.

    Rising by counter; counters without answers are left out. An answer's day is the first of its
    month. One query, summed up by the database, read in pieces: memory holds one counter.
    """
    rows = (
        Rollup.objects.filter(day__lte=as_of, level__gte=1, count__gt=0)
        .annotate(month=FirstOfMonth("day"))
        .values("counter_id", "item", "channel", "month", "level")
        .annotate(number=Sum("count"))
        .order_by("counter_id", "item", "channel", "month", "level")
        .values_list("counter_id", "item", "channel", "month", "level", "number")
    )
    for counter, group in groupby(rows.iterator(CHUNK), key=itemgetter(0)):
        found: dict[str, dict[tuple[str, datetime.date, int], int]] = {}
        for _, item, channel, month, level, number in group:
            found.setdefault(item, {})[channel, month, level] = number
        yield counter, dict(found)
