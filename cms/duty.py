"""Who is on duty: pure rules over plain rows, without database or clock.

An assignment (phân công) names an officer, maybe a substitute, and the days it is valid. On one
day its duty falls to the officer; while the officer is absent or has left, to the substitute the
absence names, else to the assignment's own; else to nobody. A substitute who is away too is not
followed to a substitute of his own: the office then says that nobody is known, and whom to ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


def within(day: date, first: date | None, last: date | None) -> bool:
    """Whether the day lies between two inclusive bounds; None is no bound."""
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True)
class Absence:
    """Days on which an officer is away, both inclusive. Why is nobody's business."""

    first_day: date
    last_day: date
    substitute: int | None = None


@dataclass(frozen=True)
class Person:
    """An officer: ``last_day`` is the last day of work, None while nobody knows one."""

    key: int
    office: int
    active: bool = True
    last_day: date | None = None
    absences: tuple[Absence, ...] = ()

    def employed(self, day: date) -> bool:
        """Still with the office on that day; who is not, is named nowhere."""
        return self.active and within(day, None, self.last_day)

    def away(self, day: date) -> list[Absence]:
        """The absences that cover the day, in their given order."""
        return [one for one in self.absences if within(day, one.first_day, one.last_day)]

    def present(self, day: date) -> bool:
        """With the office and not away."""
        return self.employed(day) and not self.away(day)


@dataclass(frozen=True)
class Assignment:
    """Who is meant to do the work, from when to when (both inclusive)."""

    officer: int | None
    substitute: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Duty:
    """Who does it today. ``instead_of`` is an officer who is away; one who left is not named."""

    officer: int
    instead_of: int | None = None


def valid(assignment: Assignment, day: date) -> bool:
    """Whether the assignment holds on that day."""
    return within(day, assignment.valid_from, assignment.valid_until)


def on_duty(assignment: Assignment, people: Mapping[int, Person], day: date) -> Duty | None:
    """The duty of one assignment on one day, None when nobody is there for it.

    ``people`` holds every officer and substitute concerned, by key; one it does not hold is
    treated as absent. A substitute of another office does not count.
    """
    if not valid(assignment, day) or assignment.officer is None:
        return None
    officer = people.get(assignment.officer)
    if officer is None:
        return None
    if officer.present(day):
        return Duty(officer.key)
    employed = officer.employed(day)
    named = [one.substitute for one in officer.away(day)] if employed else []
    for key in (*named, assignment.substitute):
        other = people.get(key) if key is not None else None
        if other and other.office == officer.office and other.present(day):
            return Duty(other.key, officer.key if employed else None)
    return None


def duties(
    assignments: Iterable[Assignment], people: Mapping[int, Person], day: date
) -> list[Duty]:
    """All duties of the day in the order of the assignments, each officer once.

    Somebody who is there by right is not shown as a substitute as well.
    """
    found: dict[int, Duty] = {}
    for assignment in assignments:
        duty = on_duty(assignment, people, day)
        if duty and (duty.officer not in found or duty.instead_of is None):
            found[duty.officer] = duty
    return list(found.values())
