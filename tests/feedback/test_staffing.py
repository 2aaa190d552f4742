"""One officer at a counter all month: the score is hers, and nobody's but the office's."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.duty import Absence, Assignment, Person
from cms.models import Handling, Officer, OfficerAbsence
from feedback.models import SnapshotScore
from feedback.snapshots import csv_of, publish_month
from feedback.staffing import Policy, counters_of_one, kept_by_one
from tests.feedback.city import AS_OF, MONTH, make_city, rate
from tests.shared import shared_rows

JUNE = MONTH
HIDDEN = {"status": "hidden", "method": "v1.0", "as_of": "2026-06-30"}


def day(number):
    return datetime.date(2026, 6, number)


def people(*keys, absences=None):
    absences = absences or {}
    return {key: Person(key, 1, absences=tuple(absences.get(key, ()))) for key in keys}


class TestRule:
    def test_one_alone_and_two_together(self):
        assert kept_by_one([Assignment(1)], people(1), JUNE)
        assert not kept_by_one([Assignment(1), Assignment(2)], people(1, 2), JUNE)

    def test_nobody_known_is_nobodys(self):
        assert not kept_by_one([], {}, JUNE)
        assert not kept_by_one([Assignment(None)], {}, JUNE)

    def test_a_stand_in_of_one_weekday_is_a_second_person(self):
        def away(first, last):
            return people(1, 2, absences={1: [Absence(day(first), day(last), 2)]})

        assert not kept_by_one([Assignment(1)], away(1, 1), JUNE)
        # Saturday and Sunday are no days of service.
        assert kept_by_one([Assignment(1)], away(6, 7), JUNE)

    def test_a_city_may_ask_for_more_days(self):
        def kept(last):
            stand_in = people(1, 2, absences={1: [Absence(day(8), day(last), 2)]})
            return kept_by_one([Assignment(1)], stand_in, JUNE, Policy(other_days=5))

        assert kept(11)
        assert not kept(12)

    def test_one_after_the_other_is_two(self):
        rows = [Assignment(1, valid_until=day(15)), Assignment(2, valid_from=day(16))]
        assert not kept_by_one(rows, people(1, 2), JUNE)
        rows = [Assignment(1, valid_until=day(7)), Assignment(2, valid_from=day(6))]
        assert not kept_by_one(rows, people(1, 2), JUNE)

    def test_a_counter_open_three_days_with_two_people(self):
        rows = [Assignment(1, valid_from=day(24), valid_until=day(26))]
        rows.append(Assignment(2, valid_from=day(24), valid_until=day(26)))
        assert not kept_by_one(rows, people(1, 2), JUNE)
        assert kept_by_one(rows[:1], people(1), JUNE)

    def test_who_has_left_does_not_count(self):
        gone = {**people(1), 2: Person(2, 1, last_day=datetime.date(2026, 5, 29))}
        assert kept_by_one([Assignment(1), Assignment(2)], gone, JUNE)

    @given(
        rows=st.lists(
            st.tuples(
                st.integers(1, 3),
                st.none() | st.integers(1, 30),
                st.none() | st.integers(1, 30),
            ),
            max_size=4,
        ),
        away=st.lists(
            st.tuples(st.integers(1, 3), st.integers(1, 30), st.integers(0, 9)), max_size=3
        ),
    )
    def test_stretches_say_what_days_would(self, rows, away):
        from cms.duty import duties

        assignments = [
            Assignment(who, None, first and day(first), last and day(last))
            for who, first, last in rows
        ]
        absences = {}
        for who, first, length in away:
            until = day(first) + datetime.timedelta(days=length)
            absences.setdefault(who, []).append(Absence(day(first), until, who % 3 + 1))
        known = people(1, 2, 3, absences=absences)
        there = [
            found
            for number in range(1, 31)
            if day(number).weekday() < 5
            and (found := {one.officer for one in duties(assignments, known, day(number))})
        ]
        everybody = set().union(*there) if there else set()
        needed = min(Policy().other_days, len(there))
        expected = any(sum(bool(on - {x}) for on in there) < needed for x in everybody)
        assert kept_by_one(assignments, known, JUNE) == expected


@shared_rows
def staffed_city():
    return make_city()


def staff(counter, *names):
    found = []
    for name in names:
        officer = Officer.objects.create(office=counter.office, name=name, title="Chuyên viên")
        Handling.objects.create(counter=counter, officer=officer, field=counter.main_field)
        found.append(officer)
    return found


def figures(snapshot):
    rows = SnapshotScore.objects.filter(snapshot=snapshot).select_related("counter")
    return {row.counter.code: row for row in rows}


class TestPublication:
    def test_public_as_a_hidden_counter_the_office_reads_it(self, staffed_city):
        alone = staffed_city["big0"]
        before = publish_month(month=MONTH).snapshot
        staff(alone, "Người Một")
        after = publish_month(month=MONTH, reason="Một người làm.").snapshot
        row = figures(after)[alone.code]
        assert row.of_one
        assert row.figures == HIDDEN == figures(after)[staffed_city["hidden"].code].figures
        assert row.status == "hidden"
        assert row.distribution == {}
        assert f"{alone.code},".encode() not in csv_of(after)
        own = row.office_only["figures"]
        public = figures(before)[alone.code].figures
        assert own["n"] == public["n"]
        assert own["status"] == "published"
        assert own["score"] == pytest.approx(public["score"], abs=1.5)
        assert after.figures["counters_shown"] == before.figures["counters_shown"] - 1
        assert after.figures["n"] == before.figures["n"] - public["n"]

    def test_its_answers_change_nothing_that_is_public(self, staffed_city):
        alone = staffed_city["big1"]
        staff(alone, "Người Một")
        first = publish_month(month=MONTH).snapshot
        rate(alone, 90, seed=77, quality=0.1)
        again = publish_month(month=MONTH)
        assert not again.created
        assert again.snapshot.pk == first.pk

    def test_two_officers_are_published(self, staffed_city):
        staff(staffed_city["big0"], "Người Một", "Người Hai")
        snapshot = publish_month(month=MONTH).snapshot
        assert figures(snapshot)[staffed_city["big0"].code].figures["status"] == "published"

    def test_few_answers_are_nobodys_to_read(self, staffed_city):
        staff(staffed_city["hidden"], "Người Một")
        row = figures(publish_month(month=MONTH).snapshot)[staffed_city["hidden"].code]
        assert row.of_one
        assert "figures" not in row.office_only

    def test_the_hidden_month_does_not_come_out_later(self, staffed_city):
        counter = staffed_city["big0"]
        (officer,) = staff(counter, "Người Một")
        Handling.objects.filter(officer=officer).update(valid_from=day(1))
        publish_month(month=MONTH)
        other = Officer.objects.create(office=counter.office, name="Người Hai", title="CV")
        Handling.objects.create(
            counter=counter,
            officer=other,
            field=counter.main_field,
            valid_from=datetime.date(2026, 7, 1),
        )
        rate(counter, 40, seed=5, days=20, until=datetime.date(2026, 7, 31))
        july = publish_month(month=datetime.date(2026, 7, 1)).snapshot
        data = csv_of(july).decode()
        days = {line.split(",")[3] for line in data.splitlines() if line.startswith(counter.code)}
        assert "2026-07-31" in days
        assert "2026-05-31" in days
        assert "2026-06-30" not in days
        # Who was there in June is written down; deleting the rows does not open the month.
        Handling.objects.all().delete()
        august = publish_month(month=datetime.date(2026, 8, 1)).snapshot
        lines = csv_of(august).decode().splitlines()
        assert not any(x.startswith(counter.code) and "2026-06-30" in x for x in lines)

    def test_a_correction_for_another_reason_does_not_bring_it_out(self, staffed_city):
        alone = staffed_city["big0"]
        (officer,) = staff(alone, "Người Một")
        publish_month(month=MONTH)
        Handling.objects.filter(officer=officer).delete()
        rate(staffed_city["big1"], 12, seed=6, days=20)
        again = publish_month(month=MONTH, reason="Nhập bổ sung phiếu giấy.").snapshot
        assert again.number == 2
        assert figures(again)[alone.code].figures == HIDDEN
        assert f"{alone.code},".encode() not in csv_of(again)

    def test_absences_come_from_the_tables(self, staffed_city):
        counter = staffed_city["big2"]
        _, other = staff(counter, "Người Một", "Người Hai")
        assert (counter.pk, MONTH) not in counters_of_one([MONTH])
        OfficerAbsence.objects.create(officer=other, first_day=day(1), last_day=AS_OF)
        assert (counter.pk, MONTH) in counters_of_one([MONTH])
        assert counters_of_one([MONTH], Policy(office_only=False)) == set()

    def test_three_queries_for_all(self, staffed_city, django_assert_num_queries):
        for counter in staffed_city.values():
            staff(counter, "Người Một")
        with django_assert_num_queries(3):
            assert len(counters_of_one([MONTH, datetime.date(2026, 5, 1)])) == 24
