"""What trends are drawn from: one edition a month, of a counter, an office's counters, the city."""

from __future__ import annotations

import datetime

import pytest

from feedback.models import Snapshot, SnapshotScore
from feedback.trends import (
    EDITIONS,
    Edition,
    city_editions,
    counter_editions,
    in_force,
    office_editions,
)
from tests.factories import make_counter, make_office
from tests.shared import shared_rows

HIDDEN = {"status": "hidden"}


def month(number, year=2026):
    return datetime.date(year, number, 1)


def shown(score):
    return {"status": "published", "score": score}


def edition(first, number, head=""):
    """A snapshot; without a head the ledger was empty and the key is missing."""
    return Snapshot.objects.create(
        month=first,
        number=number,
        as_of=first + datetime.timedelta(days=27),
        method="v1.0",
        reason="Nhập bổ sung." if number > 1 else "",
        figures={**shown(80 + number), **({"ledger_head": head} if head else {})},
        open_data=b"",
    )


def tell(snapshot, counter, body, distribution=None):
    SnapshotScore.objects.create(
        snapshot=snapshot,
        counter=counter,
        status=body["status"],
        main_field=counter.main_field.slug,
        figures=body,
        distribution=distribution or {},
    )


class Told:
    """June, July twice, August: of one counter all, of another August alone, of a closed one."""

    def __init__(self):
        self.office = make_office()
        self.old, self.new, self.closed = (make_counter(self.office) for _ in range(3))
        self.elsewhere = make_counter(make_office())
        june = edition(month(6), 1)
        july, mended = edition(month(7), 1, "a" * 64), edition(month(7), 2, "b" * 64)
        august = edition(month(8), 1, "c" * 64)
        for snapshot, body in (
            (june, shown(70)),
            (july, shown(71)),
            (mended, HIDDEN),
            (august, shown(72)),
        ):
            tell(snapshot, self.old, body, {"receipt": [0, 0, 0, 4, 9]} if "score" in body else {})
            tell(snapshot, self.elsewhere, shown(50))
        tell(august, self.new, HIDDEN)
        tell(june, self.closed, shown(60))
        self.closed.active = False
        self.closed.save()


@shared_rows
def told_months():
    return Told()


@pytest.fixture
def told(told_months):
    return told_months


def seen(editions):
    return [(one.month.month, one.number, one.figures.get("score")) for one in editions]


class TestInForce:
    def test_the_last_edition_of_each_month_oldest_first(self):
        given = [Edition(month(7), number, month(7), "v1.0") for number in (2, 10, 1)] + [
            Edition(month(5), 1, month(5), "v1.0")
        ]
        assert [(one.month.month, one.number) for one in in_force(given)] == [(5, 1), (7, 10)]
        assert in_force([]) == []

    def test_twelve_calendar_months_not_twelve_editions(self):
        given = [
            Edition(month(number, year), 1, month(number), "v1.0")
            for year, number in ((2025, 8), (2025, 9), (2026, 8))
        ]
        assert [one.month for one in in_force(given)] == [month(9, 2025), month(8)]


def test_of_a_counter(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = counter_editions(told.old)
    assert seen(found) == [(8, 1, 72), (7, 2, None), (7, 1, 71), (6, 1, 70)]
    assert seen(in_force(found)) == [(6, 1, 70), (7, 2, None), (8, 1, 72)]
    assert [one.ledger_head[:1] for one in found] == ["c", "b", "a", ""]
    assert found[1].reason == "Nhập bổ sung."
    assert found[0].distribution == {"receipt": [0, 0, 0, 4, 9]}
    assert found[1].distribution == {}
    assert isinstance(found[0].figures, dict)


def test_a_month_that_does_not_know_the_counter_is_as_a_hidden_one(told):
    found = counter_editions(told.new)
    assert [(one.month.month, one.number) for one in found] == [(8, 1), (7, 2), (7, 1), (6, 1)]
    assert [dict(one.figures) for one in found] == [HIDDEN, {}, {}, {}]
    assert all(one.distribution == {} for one in found)


def test_of_an_office(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = office_editions(told.office.pk)
    assert set(found) == {told.old.pk, told.new.pk}
    own = found[told.old.pk]
    assert seen(own) == [(8, 1, 72), (7, 2, None), (7, 1, 71), (6, 1, 70)]
    # The head of the ledger stands in the city's figures, not in the counter's.
    assert [one.ledger_head[:1] for one in own] == ["c", "b", "a", ""]
    assert seen(found[told.new.pk]) == [(8, 1, None)]
    assert set(office_editions(told.elsewhere.office_id)) == {told.elsewhere.pk}


def test_of_the_city(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = city_editions()
    assert seen(found) == [(8, 1, 81), (7, 2, 82), (7, 1, 81), (6, 1, 81)]
    assert seen(in_force(found)) == [(6, 1, 81), (7, 2, 82), (8, 1, 81)]
    assert [one.ledger_head[:1] for one in found] == ["c", "b", "a", ""]


def test_no_more_editions_are_read_than_a_trend_needs(told):
    for number in range(3, EDITIONS + 3):
        tell(edition(month(9), number), told.old, shown(number))
    assert len(counter_editions(told.old)) == len(city_editions()) == EDITIONS
    assert {one.month for one in office_editions(told.office.pk)[told.old.pk]} == {month(9)}
