"""Who is on duty: every combination of absence, leaving and substitution (pure)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cms.duty import Absence, Assignment, Duty, Person, duties, on_duty, valid

DAY = date(2026, 11, 23)
days = st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n))
maybe_day = st.none() | days
keys = st.integers(1, 4)


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    first, last = sorted((draw(days), draw(days)))
    return Absence(first, last, draw(st.none() | keys))


@st.composite
def offices(draw: st.DrawFn) -> dict[int, Person]:
    return {
        key: Person(
            key,
            office=draw(st.integers(1, 2)),
            active=draw(st.booleans()),
            last_day=draw(maybe_day),
            absences=tuple(draw(st.lists(absences(), max_size=2))),
        )
        for key in draw(st.sets(keys))
    }


assignments = st.builds(Assignment, st.none() | keys, st.none() | keys, maybe_day, maybe_day)


@given(assignments, offices(), days)
def test_whoever_is_on_duty_works_there_and_is_there(
    one: Assignment, people: dict[int, Person], day: date
) -> None:
    duty = on_duty(one, people, day)
    if duty is None:
        return
    there = people[duty.officer]
    assert valid(one, day)
    assert there.active
    assert there.last_day is None or there.last_day >= day
    assert not any(a.first_day <= day <= a.last_day for a in there.absences)
    assert there.office == people[one.officer].office


@given(assignments, offices(), days)
def test_only_a_colleague_who_is_away_and_not_gone_is_named(
    one: Assignment, people: dict[int, Person], day: date
) -> None:
    duty = on_duty(one, people, day)
    if duty and duty.instead_of is not None:
        away = people[duty.instead_of]
        assert away.key == one.officer != duty.officer
        assert away.active
        assert away.last_day is None or away.last_day >= day
        assert any(a.first_day <= day <= a.last_day for a in away.absences)


@given(assignments, offices(), days)
def test_nobody_only_when_no_one_could(
    one: Assignment, people: dict[int, Person], day: date
) -> None:
    if on_duty(one, people, day) is not None or not valid(one, day) or one.officer not in people:
        return
    officer = people[one.officer]
    assert not officer.present(day)
    own = people.get(one.substitute or 0)
    assert own is None or own.office != officer.office or not own.present(day)


@given(st.lists(assignments, max_size=5), offices(), days)
def test_each_officer_once_and_in_her_own_right_if_she_can(
    rows: list[Assignment], people: dict[int, Person], day: date
) -> None:
    found = duties(rows, people, day)
    assert len({one.officer for one in found}) == len(found)
    for row in rows:
        duty = on_duty(row, people, day)
        if duty and duty.instead_of is None:
            assert Duty(duty.officer) in found


def test_bounds_are_inclusive() -> None:
    people = {1: Person(1, 1, last_day=DAY), 2: Person(2, 1)}
    one = Assignment(1, 2, valid_from=DAY, valid_until=DAY)
    assert on_duty(one, people, DAY) == Duty(1)
    assert on_duty(one, people, DAY + timedelta(days=1)) is None
    assert on_duty(one, people, DAY - timedelta(days=1)) is None


def test_who_left_is_not_named_by_the_substitute() -> None:
    people = {1: Person(1, 1, last_day=DAY), 2: Person(2, 1)}
    assert on_duty(Assignment(1, 2), people, DAY + timedelta(days=1)) == Duty(2)
    people[1] = Person(1, 1, active=False, absences=(Absence(DAY, DAY, 2),))
    assert on_duty(Assignment(1), people, DAY) is None


def test_the_absence_names_the_first_substitute_the_assignment_the_next() -> None:
    people = {
        1: Person(1, 1, absences=(Absence(DAY, DAY, 3),)),
        2: Person(2, 1),
        3: Person(3, 1),
    }
    assert on_duty(Assignment(1, 2), people, DAY) == Duty(3, 1)
    people[3] = Person(3, 1, absences=(Absence(DAY, DAY, 4),))
    assert on_duty(Assignment(1, 2), people, DAY) == Duty(2, 1)
    people[2] = Person(2, office=9)
    assert on_duty(Assignment(1, 2), people, DAY) is None
