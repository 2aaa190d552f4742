"""Người làm at an office, today: desks with the officers now on duty, and whom to ring otherwise.

The rules are in :mod:`cms.duty`; this module brings the rows. Names come from the tables at the
moment of the question and from nowhere else, so who leaves is gone from every page at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from cms import duty
from cms.models import Counter, Handling, Office, Officer, OfficerAbsence, ProcedurePage


@dataclass(frozen=True)
class OnDuty:
    """An officer who is there today; ``instead_of`` is the colleague who is away, if any."""

    officer: Officer
    instead_of: Officer | None = None


@dataclass
class Desk:
    """A counter and who sits there today for what was asked."""

    counter: Counter
    on_duty: list[OnDuty] = field(default_factory=list)

    @property
    def officers(self) -> list[Officer]:
        """The officers alone."""
        return [one.officer for one in self.on_duty]


@dataclass(frozen=True)
class People:
    """Người làm at one office: the desks, or, when nobody is known, whom to ring instead."""

    desks: list[Desk]
    head: Officer | None = None
    #: Somebody is assigned and works there, but is away today and nobody stands in.
    all_away: bool = False

    @property
    def officers(self) -> list[Officer]:
        """All officers, in the order of their desks, each once."""
        found = {officer.pk: officer for desk in self.desks for officer in desk.officers}
        return list(found.values())

    @property
    def head_is_deputy(self) -> bool:
        """Whether the one to ring is a deputy: the head is away or not known."""
        return bool(self.head and self.head.role == Officer.Role.DEPUTY)


class Roster:
    """Who is away on one day at some offices; turns assignments into desks without queries.

    One query when the first question comes, none if there never is one.
    """

    def __init__(self, offices: Iterable[int], day: date | None = None) -> None:
        self.day = day or timezone.localdate()
        self._offices = list(offices)
        self._absences: dict[int, list[OfficerAbsence]] | None = None

    @property
    def absences(self) -> dict[int, list[OfficerAbsence]]:
        """Officer → absences of the day."""
        if self._absences is None:
            self._absences = {}
            for row in OfficerAbsence.objects.on(self.day, self._offices):
                self._absences.setdefault(row.officer_id, []).append(row)
        return self._absences

    def _person(self, officer: Officer) -> duty.Person:
        away = tuple(
            duty.Absence(row.first_day, row.last_day, row.substitute_id)
            for row in self.absences.get(officer.pk, ())
        )
        return duty.Person(officer.pk, officer.office_id, officer.active, officer.last_day, away)

    def present(self, officer: Officer) -> bool:
        """Whether the officer works on the day and is not away."""
        return self._person(officer).present(self.day)

    def employed(self, officer: Officer) -> bool:
        """Whether the officer still works at the office on the day, present or not."""
        return self._person(officer).employed(self.day)

    def on_duty(self, rows: Iterable[Handling]) -> list[OnDuty]:
        """The officers of these assignments (officer and substitute loaded), each once."""
        rows = [row for row in rows if row.officer]
        officers: dict[int, Officer] = {}
        for row in rows:
            for one in (row.officer, row.substitute):
                if one:
                    officers[one.pk] = one
                    for absence in self.absences.get(one.pk, ()):
                        if absence.substitute:
                            officers.setdefault(absence.substitute.pk, absence.substitute)
        people = {key: self._person(one) for key, one in officers.items()}
        found = duty.duties([assignment_of(row) for row in rows], people, self.day)
        return [
            OnDuty(officers[one.officer], officers[one.instead_of] if one.instead_of else None)
            for one in found
        ]

    def desks(self, rows: Iterable[Handling]) -> list[Desk]:
        """Assignments grouped by counter in their order; those of another day drop out."""
        counters: dict[int, list[Handling]] = {}
        for row in rows:
            if duty.valid(assignment_of(row), self.day):
                counters.setdefault(row.counter_id, []).append(row)
        return [Desk(group[0].counter, self.on_duty(group)) for group in counters.values()]

    def desks_for(self, rows: Sequence[Handling]) -> list[Desk]:
        """The desks for one procedure, those with somebody there first.

        Assignments that name the procedure win over those of its field, unless nobody who is
        there is left among them.
        """
        by_name = [row for row in rows if row.procedure_code]
        desks = self.desks(by_name)
        if not any(desk.on_duty for desk in desks):
            of_field = [row for row in rows if not row.procedure_code]
            desks = self.desks([*by_name, *of_field])
        desks.sort(key=lambda desk: not desk.on_duty)
        return desks


def assignment_of(row: Handling) -> duty.Assignment:
    """The row as the rules see it."""
    return duty.Assignment(row.officer_id, row.substitute_id, row.valid_from, row.valid_until)


def people_for(page: ProcedurePage, office: Office, day: date | None = None) -> People:
    """Who receives the procedure at the office on a day (Hanoi; today): three queries at most.

    Without anybody on duty the head of the office is the one to ring, or a deputy while the head
    is away; when all of them are away, the head.
    """
    roster = Roster([office.pk], day)
    rows = list(
        Handling.objects.for_procedures([page.code], [page.field_id], office.pk, roster.day)
    )
    desks = roster.desks_for(rows)
    if any(desk.on_duty for desk in desks):
        return People(desks)
    leaders = list(leaders_of(office, roster.day))
    there = (one for one in leaders if roster.present(one))
    away = any(row.officer and roster.employed(row.officer) for row in rows)
    return People(desks, next(there, leaders[0] if leaders else None), away)


def leaders_of(office: Office, day: date | None = None) -> Iterable[Officer]:
    """Head and deputies who work at the office, the head first."""
    return Officer.objects.filter(office=office).employed(day).leaders()
