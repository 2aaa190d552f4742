"""Which counters one officer kept alone for a month: their score is personal data (rating.md §3.8).

Who is on duty follows from the rows of the room cms (assignments, absences, substitutes) by the
rules of :mod:`cms.duty`. Why a month and not a day, and what a second person is:
docs/decisions/0079-*.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q

from cms import duty
from cms.models import Handling, Officer, OfficerAbsence
from feedback.binning import month_end


@dataclass(frozen=True)
class Policy:
    """What the city has decided. A change is a new version of the method, like every constant.

    ``office_only``: figures of such a counter are for its office alone. ``other_days``: weekdays
    of the month on which somebody else must be on duty before the score is of more than one
    person. One is the rule as it is written, "one officer all month", and as the public pages say
    it; a city that fears for an officer with a stand-in of a day asks for more days.
    """

    office_only: bool = True
    other_days: int = 1


POLICY = Policy()
_DAY = datetime.timedelta(days=1)


def kept_by_one(
    assignments: Iterable[duty.Assignment],
    people: Mapping[int, duty.Person],
    month: datetime.date,
    policy: Policy = POLICY,
) -> bool:
    """Whether one officer kept the counter of these assignments in the month of that day.

    Pure. Only Mondays to Fridays on which somebody was on duty are looked at. A counter with
    nobody assigned is nobody's: False.
    """
    assignments = list(assignments)
    first = month.replace(day=1)
    staffed = 0
    others: defaultdict[int, int] = defaultdict(int)
    seen: set[int] = set()
    for begin, end in _stretches(assignments, people, first, month_end(first)):
        there = {one.officer for one in duty.duties(assignments, people, begin)}
        days = _weekdays(begin, end)
        if not there or not days:
            continue
        for officer in seen | there:
            if officer not in others:
                others[officer] = staffed  # until now only others were there
            if there - {officer}:
                others[officer] += days
        seen |= there
        staffed += days
    needed = min(policy.other_days, staffed)
    return any(days < needed for days in others.values())


def _stretches(
    assignments: Sequence[duty.Assignment],
    people: Mapping[int, duty.Person],
    first: datetime.date,
    last: datetime.date,
) -> Iterable[tuple[datetime.date, datetime.date]]:
    """The days from ``first`` to ``last`` in stretches on which nothing about duty changes."""
    cuts = {first}
    named = {key for one in assignments for key in (one.officer, one.substitute)}
    persons = [people[key] for key in named if key is not None and key in people]
    named |= {away.substitute for person in persons for away in person.absences}
    for one in assignments:
        cuts.update(_edges(one.valid_from, one.valid_until))
    for key in named:
        if key is not None and key in people:
            person = people[key]
            cuts.update(_edges(None, person.last_day))
            for away in person.absences:
                cuts.update(_edges(away.first_day, away.last_day))
    starts = sorted(day for day in cuts if first <= day <= last)
    yield from zip(starts, [*(day - _DAY for day in starts[1:]), last], strict=True)


def _edges(begins: datetime.date | None, ends: datetime.date | None) -> set[datetime.date]:
    """The days from which something is different."""
    return {day for day in (begins, ends + _DAY if ends else None) if day}


def _weekdays(begin: datetime.date, end: datetime.date) -> int:
    return sum((begin + _DAY * number).weekday() < 5 for number in range((end - begin).days + 1))


def counters_of_one(
    months: Iterable[datetime.date], policy: Policy = POLICY
) -> set[tuple[int, datetime.date]]:
    """``(counter, first day of the month)`` of every counter kept by one; three queries at most."""
    wanted = sorted({month.replace(day=1) for month in months})
    if not wanted or not policy.office_only:
        return set()
    first, last = wanted[0], month_end(wanted[-1])
    rows: defaultdict[int, list[duty.Assignment]] = defaultdict(list)
    during = Handling.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=last),
        Q(valid_until=None) | Q(valid_until__gte=first),
        officer__isnull=False,
    ).order_by("rank", "id")
    for counter, *values in during.values_list(
        "counter_id", "officer_id", "substitute_id", "valid_from", "valid_until"
    ):
        # An officer has a row for every field of the counter: the same duty, told once.
        assignment = duty.Assignment(*cast(Any, values))
        if assignment not in rows[counter]:
            rows[counter].append(assignment)
    if not rows:
        return set()
    people = _people(first, last)
    return {
        (counter, month)
        for counter, assignments in rows.items()
        for month in wanted
        if kept_by_one(assignments, people, month, policy)
    }


def _people(first: datetime.date, last: datetime.date) -> dict[int, duty.Person]:
    """Every officer with the absences between two days."""
    absences: defaultdict[int, list[duty.Absence]] = defaultdict(list)
    away = OfficerAbsence.objects.filter(first_day__lte=last, last_day__gte=first)
    for officer, *values in away.order_by("first_day", "pk").values_list(
        "officer_id", "first_day", "last_day", "substitute_id"
    ):
        absences[officer].append(duty.Absence(*cast(Any, values)))
    return {
        key: duty.Person(key, office, active, last_day, tuple(absences[key]))
        for key, office, active, last_day in Officer.objects.values_list(
            "pk", "office_id", "active", "last_day"
        )
    }
