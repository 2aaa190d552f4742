"""Monthly snapshots: public figures, fixed when made (rating.md §3.9), and the live score."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from cms.models import Counter
from feedback.binning import binned, month_end
from feedback.figures import CityFigures, Uncounted, figures_of
from feedback.models import Rating, Snapshot, SnapshotScore
from feedback.models.ratings import ITEMS, Channel, Standing
from feedback.rollups import AnswersByCounter, answers_to
from feedback.scoring import HIDDEN, METHOD, Answers

CSV_HEADER = ("counter", "item", "channel", "day", "level", "count")


class MonthNotFinished(ValueError):
    """The month still runs (in the site's time zone): its figures could still change."""


class ReasonNeeded(ValueError):
    """The month is published with other figures; a correction says why it is made."""


@dataclass(frozen=True)
class Publication:
    """What :func:`publish_month` did; ``created`` is False when nothing had changed."""

    snapshot: Snapshot
    created: bool


def last_finished_month(today: datetime.date | None = None) -> datetime.date:
    """First day of the last month that has passed, in the site's time zone."""
    first = (today or timezone.localdate()).replace(day=1)
    return (first - datetime.timedelta(days=1)).replace(day=1)


def publish_month(*, month: datetime.date, reason: str = "") -> Publication:
    """Fix the public figures of a finished month and their open data, in one transaction.

    ``month`` is any day of the month. The same figures again make nothing. Other figures make a
    successor with the next number, which needs a ``reason``; the earlier snapshot stays. Raises
    MonthNotFinished and ReasonNeeded.
    """
    month = month.replace(day=1)
    as_of = month_end(month)
    if as_of >= timezone.localdate():
        raise MonthNotFinished(f"{month:%Y-%m} is not finished")
    with transaction.atomic():
        counters = {c.pk: c for c in Counter.objects.all()}
        answers = {
            counter: {item: binned(given, as_of) for item, given in items.items()}
            for counter, items in answers_to(as_of).items()
        }
        figures = _figures(counters, answers, as_of)
        bodies = {
            counter: body
            for counter, body in figures.counters.items()
            # A closed counter stays as long as its answers count; then it leaves the board.
            if counters[counter].active or body["status"] != HIDDEN
        }
        open_data = _open_data(counters, answers, figures.shown)
        distributions = {
            counter: {} if body["status"] == HIDDEN else distribution(answers[counter][ITEMS[0]])
            for counter, body in bodies.items()
        }
        # Locked until the end, so that two publications of a month come one after the other.
        former = list(Snapshot.objects.select_for_update().filter(month=month))
        newest = max(former, key=lambda snapshot: snapshot.number, default=None)
        if newest is not None:
            if _same(newest, bodies, figures.city, open_data):
                return Publication(newest, created=False)
            if not reason.strip():
                raise ReasonNeeded(
                    f"{month:%Y-%m} is published with other figures; a correction needs a reason"
                )
        snapshot = Snapshot.objects.create(
            month=month,
            number=newest.number + 1 if newest else 1,
            as_of=as_of,
            method=METHOD.version,
            reason=reason.strip(),
            open_data=gzip.compress(open_data, mtime=0),
            figures=figures.city,
        )
        SnapshotScore.objects.bulk_create(
            [
                SnapshotScore(
                    snapshot=snapshot,
                    counter=counters[counter],
                    status=body["status"],
                    figures=body,
                    distribution=distributions[counter],
                )
                for counter, body in bodies.items()
            ],
            batch_size=100,
        )
    return Publication(snapshot, created=True)


def live_figures(*, as_of: datetime.date) -> CityFigures:
    """Figures of any day from the rollups, by service day: for those who run the site."""
    since = as_of - datetime.timedelta(days=METHOD.window_days)
    counters = {counter.pk: counter for counter in Counter.objects.all()}
    return _figures(counters, answers_to(as_of, since=since), as_of)


def distribution(answers: Answers) -> dict[str, list[int]]:
    """Numbers of levels 1–5 by channel, for the chart; channels without answers are left out."""
    found: dict[str, list[int]] = {}
    for (channel, _, level), number in answers.items():
        found.setdefault(channel, [0] * 5)[level - 1] += number
    return {channel: found[channel] for channel in Channel.values if channel in found}


def csv_of(snapshot: Snapshot) -> bytes:
    """The snapshot's open data as UTF-8 CSV."""
    return gzip.decompress(bytes(snapshot.open_data))


def _figures(
    counters: Mapping[int, Counter], answers: AnswersByCounter, as_of: datetime.date
) -> CityFigures:
    fields = {pk: counter.main_field_id for pk, counter in counters.items()}
    return figures_of(answers, fields, _uncounted(as_of), as_of)


def _uncounted(as_of: datetime.date) -> dict[int, Uncounted]:
    """Ratings of the twelve months to ``as_of`` that do not count, in one query."""
    first = as_of - datetime.timedelta(days=METHOD.window_days - 1)
    numbers = [Count("pk", filter=Q(**{f"{item}__gte": 1})) for item in ITEMS]
    rows = (
        Rating.objects.filter(service_day__range=(first, as_of))
        .exclude(standing=Standing.COUNTED)
        .order_by()
        .values("counter_id", "standing")
        .annotate(**{f"of_{item}": number for item, number in zip(ITEMS, numbers, strict=True)})
        .values_list("counter_id", "standing", *[f"of_{item}" for item in ITEMS])
    )
    found: defaultdict[int, Uncounted] = defaultdict(Uncounted)
    for counter, standing, *of_items in rows:
        for item, number in zip(ITEMS, of_items, strict=True):
            found[counter].by_item.setdefault(item, {})[standing] = number
    return found


def _open_data(
    counters: Mapping[int, Counter],
    answers: AnswersByCounter,
    shown: Mapping[str, set[int]],
) -> bytes:
    """The CSV of contract.md: shown items of shown counters, sorted, so equal data are equal."""
    rows = sorted(
        (counters[counter].code, ITEMS.index(item), channel, day, level, number)
        for item, visible in shown.items()
        for counter in visible
        for (channel, day, level), number in answers[counter][item].items()
    )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for code, item_index, channel, day, level, number in rows:
        writer.writerow([code, ITEMS[item_index], channel, day.isoformat(), level, number])
    return text.getvalue().encode()


def _same(
    snapshot: Snapshot, bodies: Mapping[int, dict[str, Any]], city: dict[str, Any], data: bytes
) -> bool:
    """Whether what would be published is what is published."""
    published = {score.counter_id: score.figures for score in snapshot.scores.all()}
    return published == dict(bodies) and snapshot.figures == city and csv_of(snapshot) == data
