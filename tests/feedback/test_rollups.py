"""Rollups equal what the events say, and are repaired when they do not."""

from __future__ import annotations

import datetime
import random
import uuid
from io import StringIO

import pytest
from django.core.management import call_command

from feedback import recounting
from feedback.arrivals import Arrival, Levels
from feedback.intake import bulk_submit
from feedback.models import Rating, Rollup
from feedback.models.ratings import Channel
from feedback.recounting import recount
from feedback.rollups import answers_to
from tests.factories import make_counter, make_office
from tests.shared import shared_rows

DAY = datetime.date(2026, 3, 5)


@shared_rows
def rolled_up():
    office = make_office()
    counters = [make_counter(office) for _ in range(3)]
    source = random.Random(4)

    def level():
        return source.choice([None, 0, 1, 2, 3, 4, 5])

    bulk_submit(
        Arrival(
            submission=uuid.UUID(int=source.getrandbits(128)),
            counter=source.choice(counters),
            channel=source.choice(Channel.values),
            service_day=DAY + datetime.timedelta(days=source.randrange(5)),
            levels=Levels(source.randint(1, 5), level(), level(), level()),
        )
        for _ in range(300)
    )
    # Two that are stored and do not count.
    for standing, number in (("duplicate", 8), ("quarantined", 9)):
        Rating.objects.create(
            id=uuid.UUID(int=number),
            counter=counters[0],
            channel="poster",
            service_day=DAY,
            attitude=5,
            standing=standing,
            answers_digest=b"",
        )
    return counters


@pytest.fixture
def counters(rolled_up):
    return rolled_up


def rows():
    fields = ("counter_id", "item", "channel", "day", "level", "count")
    return sorted(Rollup.objects.values_list(*fields))


def command() -> list[str]:
    out = StringIO()
    call_command("recount_ratings", stdout=out)
    return out.getvalue().splitlines()


def test_intake_and_recount_agree(counters):
    before = rows()
    assert command() == [f"events: 302, rollups: {len(before)}, differences: 0"]
    assert rows() == before
    assert sum(row[-1] for row in before if row[1] == "attitude") == 300


def test_damage_is_reported_and_repaired(counters):
    right = rows()
    damaged = list(Rollup.objects.order_by("pk")[:3])
    Rollup.objects.filter(pk=damaged[0].pk).update(count=99)
    damaged[1].delete()
    Rollup.objects.create(
        counter=counters[0],
        item="fees",
        channel="poster",
        day=DAY.replace(day=28),
        level=2,
        count=7,
    )
    out = command()
    assert out[-1] == f"events: 302, rollups: {len(right)}, differences: 3"
    assert len(out) == 4
    assert any("99 →" in line for line in out)
    assert rows() == right
    assert command()[-1].endswith("differences: 0")


def test_an_empty_row_is_cleared_away(counters):
    right = rows()
    Rollup.objects.create(
        counter=counters[0],
        item="fees",
        channel="poster",
        day=DAY.replace(day=28),
        level=2,
        count=0,
    )
    assert recount().differences == []
    assert rows() == right


def test_a_failure_in_the_middle_leaves_everything(counters, monkeypatch):
    Rollup.objects.update(count=1)
    before = rows()

    def fail(row):
        raise RuntimeError("power")

    monkeypatch.setattr(recounting, "_key", fail)
    with pytest.raises(RuntimeError):
        recount()
    assert rows() == before


def test_empty(db):
    assert command() == ["events: 0, rollups: 0, differences: 0"]


def test_answers_in_one_query(counters, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = answers_to(DAY + datetime.timedelta(days=1), since=DAY)
    numbers = [
        (day, level, n)
        for items in found.values()
        for table in items.values()
        for (_, day, level), n in table.items()
    ]
    assert {day for day, _, _ in numbers} == {DAY, DAY + datetime.timedelta(days=1)}
    assert 0 not in {level for _, level, _ in numbers}
    expected = Rollup.objects.filter(day__lte=DAY + datetime.timedelta(days=1), level__gte=1)
    assert sum(n for _, _, n in numbers) == sum(expected.values_list("count", flat=True))
