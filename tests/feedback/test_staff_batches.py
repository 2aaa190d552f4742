"""Batches of answers for the staff of a counter: five at least, 72 hours old, never changed."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.batch_making import make_batches
from feedback.models import CounterStaff, Rating, SnapshotScore, StaffBatch
from feedback.models.ratings import Standing
from feedback.snapshots import publish_month
from feedback.staff_batches import answers_of, last_ripe_day, next_batches, period_closed
from tests.factories import make_counter, make_office
from tests.feedback.trusted import person, rate

JUNE = datetime.date(2026, 6, 1)


def june(number):
    return datetime.date(2026, 6, number)


def at(day, hour=9):
    moment = datetime.datetime.combine(day, datetime.time(hour))
    return timezone.make_aware(moment)


def one(level):
    return tuple(int(level == place) for place in range(1, 6))


def plus(*tallies):
    return tuple(sum(column) for column in zip(*tallies, strict=True))


EMPTY = (0,) * 5
some_days = st.dictionaries(
    st.integers(1, 30).map(june),
    st.lists(st.integers(1, 5), min_size=1, max_size=8).map(lambda xs: plus(*map(one, xs))),
    max_size=12,
)


class TestRules:
    def test_72_hours_after_the_end_of_the_day(self):
        assert last_ripe_day(at(june(10), 0)) == june(6)
        assert last_ripe_day(at(june(10), 23)) == june(6)

    @given(days=some_days)
    def test_five_in_every_batch_and_five_behind(self, days):
        total = plus(EMPTY, *days.values())
        shown = EMPTY
        for batch in next_batches(days, EMPTY):
            assert batch.answers >= 5
            shown = plus(shown, batch.tally)
            assert answers_of(total) - answers_of(shown) >= 5

    @given(days=some_days)
    def test_a_closed_period_is_shown_whole_or_not_at_all(self, days):
        found = next_batches(days, EMPTY, closed=True)
        total = plus(EMPTY, *days.values())
        if answers_of(total) >= 5:
            assert plus(EMPTY, *(batch.tally for batch in found)) == total
            assert found[-1].closes
        else:
            assert found == []

    @given(
        days=some_days, steps=st.lists(st.integers(1, 30), min_size=1, max_size=6), late=some_days
    )
    def test_day_by_day_no_difference_leaves_fewer_than_five(self, days, steps, late):
        """What was shown stays; all that was shown, taken from the whole, leaves five or none."""
        shown, after = EMPTY, None
        for until in sorted(steps):
            known = {day: tally for day, tally in days.items() if day <= june(until)}
            for batch in next_batches(known, shown, after=after):
                shown, after = plus(shown, batch.tally), batch.through
        everything = dict(days)
        for day, tally in late.items():  # an outbox that was emptied days later
            everything[day] = plus(everything.get(day, EMPTY), tally)
        total = plus(EMPTY, *everything.values())
        # A month with fewer than five is not public either.
        assert answers_of(total) < 5 or answers_of(total) - answers_of(shown) not in (1, 2, 3, 4)
        for batch in next_batches(everything, shown, after=after, closed=True):
            assert batch.answers >= 5
            shown = plus(shown, batch.tally)
        assert shown == total or answers_of(total) < 5

    def test_a_month_with_four_goes_into_the_next(self):
        four = {june(3): (0, 0, 0, 2, 2)}
        assert period_closed(JUNE, four, datetime.date(2026, 8, 1)) is None
        july = datetime.date(2026, 7, 2)
        assert period_closed(JUNE, {**four, july: one(5)}, datetime.date(2026, 8, 8)) == (
            datetime.date(2026, 7, 31)
        )
        assert period_closed(JUNE, {**four, july: one(5)}, datetime.date(2026, 8, 7)) is None

    def test_nothing_while_what_was_shown_is_put_aside(self):
        days = {june(1): (0, 0, 0, 0, 3), june(2): (0, 0, 0, 9, 0)}
        assert next_batches(days, (0, 0, 0, 0, 6), closed=True) == []


@pytest.fixture
def counter(db):
    return make_counter(make_office())


def counted(counter):
    return [(b.period, b.number, b.levels, b.closes) for b in StaffBatch.objects.order_by("pk")]


class TestMaking:
    def test_five_need_five_behind_and_72_hours(self, counter):
        for _ in range(5):
            rate(counter, day=june(1), level=5)
        assert make_batches(at(june(9))) == 0
        for _ in range(5):
            rate(counter, day=june(2), level=4)
        assert make_batches(at(june(5))) == 0
        assert make_batches(at(june(6))) == 1
        assert counted(counter) == [(JUNE, 1, [0, 0, 0, 0, 5], False)]
        assert make_batches(at(june(6))) == 0

    def test_a_late_answer_joins_the_next_batch_and_changes_none(self, counter):
        for number in range(10):
            rate(counter, day=june(1 + number // 5), level=5)
        make_batches(at(june(8)))
        before = counted(counter)
        rate(counter, day=june(1), level=1)
        make_batches(at(june(9)))
        assert counted(counter) == before
        make_batches(at(datetime.date(2026, 7, 8)))
        assert counted(counter) == [*before, (JUNE, 2, [1, 0, 0, 0, 5], True)]

    def test_months_follow_each_other(self, counter):
        for number in range(40):
            rate(counter, day=datetime.date(2026, 5 + number // 14, 1 + number % 14), level=4)
        make_batches(at(datetime.date(2026, 8, 20)))
        assert sum(sum(b.levels) for b in StaffBatch.objects.all()) == 40
        assert StaffBatch.objects.filter(closes=True).count() == 3
        months = {b.period for b in StaffBatch.objects.all()}
        assert months == {datetime.date(2026, 5, 1), JUNE, datetime.date(2026, 7, 1)}

    def test_an_answer_counted_again_does_not_open_a_period_that_went_on(self, counter):
        keys = [rate(counter, day=june(2)) for _ in range(5)]
        Rating.objects.filter(pk=keys[0]).update(standing=Standing.QUARANTINED)
        for number in range(20):
            rate(counter, day=datetime.date(2026, 7, 1 + number % 10))
        make_batches(at(datetime.date(2026, 7, 20)))
        Rating.objects.filter(pk=keys[0]).update(standing=Standing.COUNTED)
        make_batches(at(datetime.date(2026, 9, 20)))
        assert sum(sum(b.levels) for b in StaffBatch.objects.all()) == 25

    def test_quarantined_answers_are_in_no_batch(self, counter):
        keys = [rate(counter, day=june(1)) for _ in range(12)]
        Rating.objects.filter(pk__in=keys[:8]).update(standing=Standing.QUARANTINED)
        assert make_batches(at(datetime.date(2026, 8, 20))) == 0

    def test_queries_do_not_grow_with_answers(self, counter, django_assert_max_num_queries):
        for number in range(60):
            rate(counter, day=june(1 + number % 20))
        with django_assert_max_num_queries(14):
            make_batches(at(june(28)))


class TestScreen:
    @pytest.fixture
    def batched(self, counter):
        for number in range(14):
            rate(counter, day=june(1 + number), level=4 + number % 2)
        make_batches(at(datetime.date(2026, 8, 20)))
        return counter

    def page(self, client, user, counter):
        client.force_login(user)
        return client.get(reverse("staff_batches", args=[counter.pk]))

    def test_staff_see_their_own_counter_without_days(self, client, batched):
        user = person("quay")
        CounterStaff.objects.create(user=user, counter=batched)
        page = self.page(client, user, batched).content.decode()
        assert "tháng 6/2026" in page
        assert "Đợt 1" in page
        for number in range(1, 15):
            assert f"{number:02d}/06/2026" not in page
        other = make_counter(make_office("Chi nhánh khác"))
        assert self.page(client, user, other).status_code == 404
        assert client.get(reverse("staff_counters")).status_code == 302

    def test_the_office_sees_it_another_does_not(self, client, batched):
        own = person("truong", "view_staffbatch", office=batched.office)
        assert self.page(client, own, batched).status_code == 200
        other = person("khac", "view_staffbatch", office=make_office("Chi nhánh khác"))
        assert self.page(client, other, batched).status_code == 404
        assert self.page(client, person("khong"), batched).status_code in (302, 404)

    def test_a_counter_of_one_is_for_its_office(self, client, batched):
        city = person("tinh", "view_staffbatch")
        assert self.page(client, city, batched).status_code == 200
        publish_month(month=JUNE)
        SnapshotScore.objects.update(of_one=True)
        assert self.page(client, city, batched).status_code == 404
        own = person("truong", "view_staffbatch", office=batched.office)
        assert self.page(client, own, batched).status_code == 200

    def test_nothing_yet_says_what_will_come(self, client, counter):
        user = person("quay")
        CounterStaff.objects.create(user=user, counter=counter)
        assert "ít nhất 5 câu trả lời" in self.page(client, user, counter).content.decode()
