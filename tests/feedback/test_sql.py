"""Inserts of plain values and queries compiled once do what the ORM does, on both databases."""

from __future__ import annotations

import datetime
import time
import uuid
from typing import Any, TypeVar
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from feedback import sql
from feedback.models import DailySalt, DeviceDay, PosterCode, Rating, Rollup, Trace
from feedback.poster_codes import current
from feedback.sql import Insertion, Prepared
from tests.factories import make_counter

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2026, 3, 2)
TUESDAY = MONDAY + datetime.timedelta(days=1)
ONE, TWO, THREE = b"1" * 16, b"\x00\xff" * 8, b"3" * 16

MARKS = Insertion(DeviceDay, "day", "mark")
TRACES = Insertion(Trace, "rating", "day", "window", "seconds", "network", "browser")
COUNTS = Insertion(Rollup, "counter", "item", "channel", "day", "level", "count")
M = TypeVar("M", bound=Model)
UNIQUE = ("counter_id", "item", "channel", "day", "level")


def marks() -> set[tuple[datetime.date, bytes]]:
    return {(day, bytes(mark)) for day, mark in DeviceDay.objects.values_list("day", "mark")}


# --- Insertion.once ---------------------------------------------------------------------------


def test_a_row_goes_in_once():
    assert MARKS.once(MONDAY, ONE) is True
    assert MARKS.once(TUESDAY, ONE) is False
    assert MARKS.once(MONDAY, TWO) is True
    assert marks() == {(MONDAY, ONE), (MONDAY, TWO)}  # the first stays as it was


def test_a_row_that_is_there_breaks_no_transaction():
    with transaction.atomic():
        MARKS.once(MONDAY, ONE)
        MARKS.once(MONDAY, ONE)
        MARKS.once(MONDAY, TWO)
    assert len(marks()) == 2


def test_what_is_wrong_besides_is_told_and_not_passed_over():
    with pytest.raises(DatabaseError), transaction.atomic():
        MARKS.once(None, ONE)
    assert not marks()


def test_as_many_values_as_fields():
    with pytest.raises(ValueError, match="argument"):
        MARKS.once(MONDAY)


def test_what_is_unknown_is_stored_as_nothing():
    rating = make_trace_rating()
    assert TRACES.once(rating, MONDAY, 12, None, None, TWO)
    trace = Trace.objects.get()
    assert (trace.rating_id, trace.day, trace.window) == (rating, MONDAY, 12)
    assert (trace.seconds, trace.network, bytes(trace.browser or b"")) == (None, None, TWO)


# --- Insertion.each_once ----------------------------------------------------------------------


def test_each_row_is_told_in_the_order_it_was_given():
    MARKS.once(MONDAY, TWO)
    rows = [(MONDAY, ONE), (MONDAY, TWO), (TUESDAY, THREE)]
    with CaptureQueriesContext(connection) as queries:
        assert MARKS.each_once(rows, key=["mark"]) == [True, False, True]
    assert len(queries) == 1
    assert marks() == {(MONDAY, ONE), (MONDAY, TWO), (TUESDAY, THREE)}


def test_of_rows_with_one_key_the_first_goes_in():
    rows = [(MONDAY, ONE), (TUESDAY, ONE), (MONDAY, ONE)]
    assert MARKS.each_once(rows, key=["mark"]) == [True, False, False]
    assert marks() == {(MONDAY, ONE)}


def test_keys_of_each_kind_are_told_apart():
    """A UUID and a day come back from the two databases in different forms."""
    rating = make_trace_rating()
    row = (rating, MONDAY, 12, 30, ONE, None)
    assert TRACES.each_once([row], key=["rating"]) == [True]
    assert TRACES.each_once([row], key=["rating"]) == [False]
    salts = Insertion(DailySalt, "day", "salt")
    days = [(MONDAY, ONE), (TUESDAY, ONE)]
    assert salts.each_once(days, key=["day"]) == [True, True]
    assert salts.each_once(days, key=["day"]) == [False, False]


def test_no_rows_ask_nothing():
    with CaptureQueriesContext(connection) as queries:
        assert MARKS.each_once([], key=["mark"]) == []
    assert not queries


# --- Insertion.add ----------------------------------------------------------------------------


def test_counts_are_added_to_those_there_and_to_no_other():
    counter = make_counter().pk
    five, four = ((counter, "attitude", "poster", MONDAY, level) for level in (5, 4))
    COUNTS.add([(*five, 2)], unique=UNIQUE, add="count")
    COUNTS.add([(*four, 1), (*five, 3)], unique=UNIQUE, add="count")
    assert dict(Rollup.objects.values_list("level", "count")) == {5: 5, 4: 1}


# --- Prepared ---------------------------------------------------------------------------------


def test_it_finds_what_the_query_finds():
    DailySalt.objects.create(day=MONDAY, salt=ONE)
    DailySalt.objects.create(day=TUESDAY, salt=TWO)
    salts = Prepared(DailySalt.objects.only("salt"), by="day", example=MONDAY)
    for day, salt in ((MONDAY, ONE), (TUESDAY, TWO), (MONDAY, ONE)):
        with CaptureQueriesContext(connection) as queries:
            found = salts.first(day)
        assert found is not None
        assert bytes(found.salt) == salt
        assert len(queries) == 1
        assert found.day == day  # left out, so fetched when it is read
    assert salts.first(datetime.date(2026, 3, 4)) is None


def test_related_rows_come_with_it():
    counter = make_counter(name="Quầy 3")
    code = current(counter).code
    with CaptureQueriesContext(connection) as queries:
        found = found_by(editions(), code)
        assert found.counter.name == "Quầy 3"
        assert found.counter.office.title == counter.office.title
    assert len(queries) == 1


def test_kept_rows_are_one_instance_as_long_as_they_are_the_same():
    code = current(make_counter(name="Quầy 3")).code
    kept = editions(keep=10)
    first = kept.first(code)
    assert kept.first(code) is first
    assert editions().first(code) is not first


@pytest.mark.parametrize("what", ["row", "counter", "office"])
def test_a_kept_row_is_never_older_than_the_database(what):
    counter = make_counter(name="Quầy 3", active=True)
    code = current(counter).code
    kept = editions(keep=10)
    kept.first(code)
    if what == "row":
        PosterCode.objects.filter(code=code).update(replaced_on=MONDAY)
        assert found_by(kept, code).replaced_on == MONDAY
    elif what == "counter":
        type(counter).objects.filter(pk=counter.pk).update(active=False)
        assert found_by(kept, code).counter.active is False
    else:
        type(counter.office).objects.filter(pk=counter.office_id).update(title="Chi nhánh số 2")
        assert found_by(kept, code).counter.office.title == "Chi nhánh số 2"


def test_a_kept_row_that_was_deleted_is_not_found():
    DailySalt.objects.create(day=MONDAY, salt=ONE)
    salts = Prepared(DailySalt.objects.only("salt"), by="day", example=MONDAY, keep=10)
    assert salts.first(MONDAY) is not None
    DailySalt.objects.all().delete()
    assert salts.first(MONDAY) is None
    DailySalt.objects.create(day=MONDAY, salt=TWO)
    assert bytes(found_by(salts, MONDAY).salt) == TWO


def test_what_the_query_left_out_is_read_again_after_a_while():
    code = current(make_counter()).code
    kept = editions(keep=10)
    first = kept.first(code)
    later = time.monotonic() + sql.KEPT_SECONDS + 1
    with mock.patch.object(sql.clock, "monotonic", return_value=later):
        again = kept.first(code)
        assert again is not first
        assert kept.first(code) is again


def test_it_keeps_no_more_than_it_was_told():
    days = [MONDAY + datetime.timedelta(days=n) for n in range(5)]
    DailySalt.objects.bulk_create([DailySalt(day=day, salt=ONE) for day in days])
    salts = Prepared(DailySalt.objects.only("salt"), by="day", example=MONDAY, keep=2)
    first = salts.first(days[0])
    for day in days:
        assert salts.first(day) is not None
    assert salts.first(days[0]) is not first


def test_a_query_with_another_parameter_is_refused():
    rows = DailySalt.objects.filter(salt=ONE).only("salt")
    with pytest.raises(ValueError, match="only parameter"):
        Prepared(rows, by="day", example=MONDAY).first(MONDAY)


def found_by(prepared: Prepared[M], value: Any) -> M:
    """The row of that value, which is there."""
    row = prepared.first(value)
    assert row is not None
    return row


def editions(keep: int = 0) -> Prepared[PosterCode]:
    """Printed codes with counter and office, as the form asks for them."""
    rows = PosterCode.objects.select_related("counter__office").only(
        "code", "replaced_on", "counter__name", "counter__active", "counter__office__title"
    )
    return Prepared(rows, by="code", example="0000000", keep=keep)


def make_trace_rating() -> uuid.UUID:
    """The id of a stored rating, for a trace to belong to."""
    return Rating.objects.create(
        id=uuid.uuid4(),
        counter=make_counter(),
        channel="poster",
        service_day=MONDAY,
        attitude=5,
        answers_digest=ONE,
    ).pk
