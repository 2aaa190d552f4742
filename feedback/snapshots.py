"""Monthly snapshots: public figures, fixed when made (rating.md §3.9), and the live score."""

from __future__ import annotations

import datetime
import gzip
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from cms.models import Counter
from feedback import ledger
from feedback.binning import MONTHS, binned, month_end, month_index
from feedback.figures import CityFigures, Responses, Summaries, Uncounted, figures_of
from feedback.models import Rating, Snapshot, SnapshotScore
from feedback.models.ratings import ITEMS, Channel, Standing
from feedback.monthly import FirstOfMonth, monthly_answers
from feedback.office_figures import office_only
from feedback.responses import CounterMonths, responses_to
from feedback.rollups import answers_to
from feedback.scoring import HIDDEN, METHOD, Answers, Summary, summarise
from feedback.staffing import counters_of_one

CSV_HEADER = ("counter", "item", "channel", "day", "level", "count")


class MonthNotFinished(ValueError):
    """The month still runs (in the site's time zone): its figures could still change."""


class NothingYet(ValueError):
    """The month ends before the first answer that counts: there is nothing to publish."""


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
    MonthNotFinished, NothingYet and ReasonNeeded.
    """
    month = month.replace(day=1)
    as_of = month_end(month)
    if as_of >= timezone.localdate():
        raise MonthNotFinished(f"{month:%Y-%m} is not finished")
    if not Rating.objects.filter(service_day__lte=as_of).exists():
        raise NothingYet(f"{month:%Y-%m} is before the first answer")
    with transaction.atomic():
        counters = {c.pk: c for c in Counter.objects.select_related("main_field")}
        months_of_one = _months_of_one(month)
        of_one = {counter for counter, alone in months_of_one if alone == month}
        answers = _read(counters, as_of, months_of_one)
        # What happened in such a month is told by no later one; its office reads this one's.
        untold = {pair for pair in months_of_one if pair[0] not in of_one}
        figures = _figures(
            counters,
            answers.summaries,
            as_of,
            of_one,
            uncounted=_uncounted(as_of, untold),
            responses=responses_to(as_of, answered=answers.receipts, without=untold),
        )
        office_figures = office_only(month, figures.office_only)
        bodies = {
            counter: body
            for counter, body in figures.counters.items()
            # A closed counter stays as long as its answers count; then it leaves the board.
            if counters[counter].active or body["status"] != HIDDEN
        }
        open_data = _open_data(counters, answers.rows, figures.shown)
        distributions = {
            counter: {} if body["status"] == HIDDEN else answers.distributions[counter]
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
        head = ledger.head()
        snapshot = Snapshot.objects.create(
            month=month,
            number=newest.number + 1 if newest else 1,
            as_of=as_of,
            method=METHOD.version,
            reason=reason.strip(),
            open_data=gzip.compress(open_data, mtime=0),
            # The ledger as it was at this moment: nothing before it can be changed unseen.
            figures={**figures.city, "ledger_head": head} if head else figures.city,
        )
        SnapshotScore.objects.bulk_create(
            [
                SnapshotScore(
                    snapshot=snapshot,
                    counter=counters[counter],
                    status=body["status"],
                    main_field=counters[counter].main_field.slug,
                    figures=body,
                    distribution=distributions[counter],
                    of_one=counter in of_one,
                    office_only=office_figures.get(counter, {}),
                )
                for counter, body in bodies.items()
            ],
            batch_size=100,
        )
    return Publication(snapshot, created=True)


@dataclass
class _Read:
    """What a snapshot needs of the answers, counter by counter: sums, and lines of open data."""

    summaries: dict[int, dict[str, Summary]] = field(default_factory=dict)
    distributions: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    #: counter → item → lines of the CSV.
    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    #: counter → item → published answers by a one-time code.
    receipts: dict[int, dict[str, int]] = field(default_factory=dict)


def _read(
    counters: Mapping[int, Counter],
    as_of: datetime.date,
    months_of_one: Collection[tuple[int, datetime.date]] = (),
) -> _Read:
    """The answers of a counter in a month that one officer kept it are left out, but for those
    that lead to a hidden score of this month, which its office reads."""
    found = _Read()
    this_month = as_of.replace(day=1)
    for counter, items in monthly_answers(as_of):
        if (counter, this_month) not in months_of_one:
            items = {
                item: {
                    key: number
                    for key, number in given.items()
                    if (counter, key[1]) not in months_of_one
                }
                for item, given in items.items()
            }
        bins = {item: binned(given, as_of) for item, given in items.items()}
        found.summaries[counter] = {item: summarise(one, as_of) for item, one in bins.items()}
        found.distributions[counter] = distribution(bins.get(ITEMS[0], {}))
        code = counters[counter].code
        found.rows[counter] = {item: _lines(code, item, one) for item, one in bins.items()}
        found.receipts[counter] = {item: _by_code(one) for item, one in bins.items()}
    return found


def _months_of_one(month: datetime.date) -> set[tuple[int, datetime.date]]:
    """``(counter, month)`` where one officer kept the counter, in the twelve months to this one.

    As it was when a month was first published: who was there then may be deleted since, and a
    month that was hidden for it must not come out in a later month's data.
    """
    window = [_months_back(month, number) for number in range(MONTHS)]
    # All that was ever recorded: a bin may hold answers of the year before its own month, and a
    # closed bin has to stay as it was published.
    published = Snapshot.objects.filter(month__lt=month)
    known = set(published.values_list("month", flat=True))
    # The month itself too: a correction for another reason must not bring it out.
    recorded = SnapshotScore.objects.filter(of_one=True, snapshot__month__lte=month)
    found = set(recorded.values_list("counter_id", "snapshot__month"))
    return found | counters_of_one([one for one in window if one not in known])


def _months_back(month: datetime.date, number: int) -> datetime.date:
    index = month_index(month) - number
    return datetime.date(index // 12, index % 12 + 1, 1)


def live_figures(*, as_of: datetime.date) -> CityFigures:
    """Figures of any day from the rollups, by service day: for those who run the site."""
    since = as_of - datetime.timedelta(days=METHOD.window_days)
    counters = {counter.pk: counter for counter in Counter.objects.all()}
    summaries = {
        counter: {item: summarise(given, as_of) for item, given in items.items()}
        for counter, items in answers_to(as_of, since=since).items()
    }
    return _figures(
        counters,
        summaries,
        as_of,
        uncounted=_uncounted(as_of),
        responses=responses_to(as_of),
    )


def distribution(answers: Answers) -> dict[str, list[int]]:
    """Numbers of levels 1–5 by channel, for the chart; channels without answers are left out."""
    found: dict[str, list[int]] = {}
    for (channel, _, level), number in answers.items():
        found.setdefault(channel, [0] * 5)[level - 1] += number
    return {channel: found[channel] for channel in Channel.values if channel in found}


def csv_of(snapshot: Snapshot) -> bytes:
    """The snapshot's open data as UTF-8 CSV."""
    return gzip.decompress(bytes(snapshot.open_data))


def _by_code(answers: Answers) -> int:
    return sum(n for (channel, _, _), n in answers.items() if channel == Channel.RECEIPT)


def _figures(
    counters: Mapping[int, Counter],
    summaries: Summaries,
    as_of: datetime.date,
    of_one: Collection[int] = (),
    *,
    uncounted: Mapping[int, Uncounted],
    responses: Mapping[int, Responses],
) -> CityFigures:
    fields = {pk: counter.main_field_id for pk, counter in counters.items()}
    return figures_of(summaries, fields, uncounted, as_of, responses=responses, of_one=of_one)


def _uncounted(as_of: datetime.date, without: CounterMonths = ()) -> dict[int, Uncounted]:
    """Ratings of the twelve months to ``as_of`` that do not count, in one query; those of the
    months in ``without`` are left out."""
    first = as_of - datetime.timedelta(days=METHOD.window_days - 1)
    numbers = [Count("pk", filter=Q(**{f"{item}__gte": 1})) for item in ITEMS]
    rows = (
        Rating.objects.filter(service_day__range=(first, as_of))
        .exclude(standing=Standing.COUNTED)
        .order_by()
        .annotate(month=FirstOfMonth("service_day"))
        .values("counter_id", "month", "standing", "case__signal")
        .annotate(**{f"of_{item}": number for item, number in zip(ITEMS, numbers, strict=True)})
        .values_list(
            *("counter_id", "month", "standing", "case__signal"),
            *(f"of_{item}" for item in ITEMS),
        )
    )
    found: defaultdict[int, Uncounted] = defaultdict(Uncounted)
    for counter, month, standing, signal, *of_items in rows:
        if (counter, month) in without:
            continue
        # Why it was put aside, by the case that has it; a duplicate needs no other word.
        why = signal or standing if standing == Standing.QUARANTINED else standing
        for item, number in zip(ITEMS, of_items, strict=True):
            reasons = found[counter].by_item.setdefault(item, {})
            reasons[why] = reasons.get(why, 0) + number
    return found


def _open_data(
    counters: Mapping[int, Counter],
    rows: Mapping[int, Mapping[str, str]],
    shown: Mapping[str, set[int]],
) -> bytes:
    """The CSV of contract.md: shown items of shown counters, sorted, so equal data are equal."""
    parts = sorted(
        (counters[counter].code, ITEMS.index(item), counter, item)
        for item, visible in shown.items()
        for counter in visible
    )
    lines = [",".join(CSV_HEADER) + "\n"]
    lines += [rows[counter][item] for _, _, counter, item in parts]
    return "".join(lines).encode()


def _lines(code: str, item: str, answers: Answers) -> str:
    """Lines of the open data of one item of one counter; nothing in them needs quoting."""
    return "".join(
        f"{code},{item},{channel},{day.isoformat()},{level},{number}\n"
        for (channel, day, level), number in sorted(answers.items())
    )


def _same(
    snapshot: Snapshot, bodies: Mapping[int, dict[str, Any]], city: dict[str, Any], data: bytes
) -> bool:
    """Whether what would be published is what is published."""
    published = {score.counter_id: score.figures for score in snapshot.scores.all()}
    of_city = {name: value for name, value in snapshot.figures.items() if name != "ledger_head"}
    return published == dict(bodies) and of_city == city and csv_of(snapshot) == data
