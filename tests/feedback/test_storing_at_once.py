"""A plain rating in one statement means what storing it step by step means."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from django.db import connection

from feedback.arrivals import Arrival, Levels, Outcome, Trail
from feedback.devices import remember_device
from feedback.intake import bulk_submit, submit_rating
from feedback.models import DeviceDay, Rating, Rollup, Trace
from feedback.storing_at_once import is_plain, store_at_once
from tests.factories import make_counter
from tests.feedback.test_intake import DAY, arrival, send

TABLES: tuple[Any, ...] = (Rating, DeviceDay, Trace, Rollup)


@pytest.fixture
def counter(db):
    return make_counter()


def plain(counter, *, browser: int = 1, **values) -> Arrival:
    values.setdefault("trail", Trail(DAY, 55, 12, network=b"n" * 16, browser=b"b" * 16))
    return arrival(counter, device_mark=bytes([browser]) * 16, **values)


def tables() -> list[list[dict]]:
    """Every row without its number, in an order of its own."""
    found: list[list[dict]] = [[dict(row) for row in model.objects.values()] for model in TABLES]
    for row in [*found[1], *found[3]]:
        row.pop("id", None)
    return [sorted(rows, key=repr) for rows in found]


def test_which_ratings_are_plain(counter):
    assert is_plain(plain(counter))
    assert not is_plain(plain(counter, comment="Cảm ơn"))
    assert is_plain(plain(counter, comment=" \n"))
    assert not is_plain(arrival(counter, trail=Trail(DAY, 55)))
    assert not is_plain(arrival(counter, device_mark=b"m" * 16))
    assert not is_plain(arrival(counter, channel="receipt", token=b"t" * 16))


@pytest.mark.parametrize("seed", range(6))
def test_one_by_one_gives_what_the_bulk_gives(counter, seed):
    """The bulk never takes the short way."""
    source = random.Random(seed)
    names = [uuid.UUID(int=source.getrandbits(128), version=4) for _ in range(12)]
    other = make_counter()

    def level(lowest=0):
        return source.choice([None, *range(lowest, 6)]) if lowest == 0 else source.randint(1, 5)

    arrivals = [
        plain(
            source.choice([counter, other]),
            browser=source.randint(1, 5),
            submission=source.choice(names),
            levels=Levels(level(1), level(), level(), level()),
            drivers=source.choice([0, 0, 3]),
        )
        for _ in range(30)
    ]
    single = [send(one) for one in arrivals]
    after = tables()
    for model in TABLES:
        model.objects.all().delete()
    assert [result.outcome for result in bulk_submit(arrivals)] == [one.outcome for one in single]
    assert {one.outcome for one in single} >= {Outcome.ACCEPTED, Outcome.DUPLICATE}
    assert tables() == after


@pytest.mark.postgresql
def test_one_statement_and_none_more(counter, django_assert_num_queries):
    send(plain(counter))
    with django_assert_num_queries(1):
        assert send(plain(counter, browser=2)).outcome is Outcome.ACCEPTED
    with django_assert_num_queries(1):
        assert send(plain(counter, browser=2)).outcome is Outcome.DUPLICATE
    assert Rating.objects.filter(standing="duplicate", reason="browser").count() == 1
    assert Trace.objects.count() == 3


@pytest.mark.postgresql
def test_a_submission_that_was_there_leaves_nothing(counter):
    first = plain(counter)
    send(first)
    before = tables()
    again = plain(counter, browser=9, submission=first.submission)
    assert store_at_once(again) is None
    assert tables() == before
    # So that browser may still rate.
    assert remember_device(day=DAY, mark=bytes([9]) * 16)


def test_wrong_values_are_refused_before_anything_is_written(counter):
    wrong = plain(counter, trail=Trail(DAY, 144))
    with pytest.raises(ValueError, match="window"):
        submit_rating(**{name: getattr(wrong, name) for name in wrong.__dataclass_fields__})
    if connection.vendor == "postgresql":
        assert not Rating.objects.exists()
