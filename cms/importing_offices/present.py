"""What is in the database before an import, read in eight queries, and findable by name."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from cms.importing.reading import Rejected
from cms.models import (
    Counter,
    Field,
    Handling,
    Office,
    OfficeHours,
    Officer,
    ProcedurePage,
    normal_code,
)
from cms.models.officers import EVER
from cms.text import fold


def name_key(name: str) -> str:
    """Names are the same when only case and spaces differ. Marks make another name."""
    return " ".join(name.split()).casefold()


class Present:
    """Offices, counters, officers, assignments and fields by what a file calls them.

    Rows a file adds are put in as well, so later sheets find them. Rows that are not saved yet
    have no key, so they are told apart by ``id()``.
    """

    def __init__(self) -> None:
        self.offices: list[Office] = []
        self.hours: dict[int, list[OfficeHours]] = {}
        self._by_slug: dict[str, Office] = {}
        self._by_name: dict[str, list[Office]] = {}
        for office in Office.objects.select_related("part_of"):
            self.add_office(office)
        by_pk = {one.pk: one for one in self.offices}
        for row in OfficeHours.objects.order_by("weekday", "opens"):
            self.hours[id(by_pk[row.office_id])].append(row)
        self._by_code: dict[str, Counter] = {}
        self._counters: dict[tuple[int, str], Counter] = {}
        counters = {}
        for counter in Counter.objects.select_related("main_field").prefetch_related("fields"):
            counter.office = by_pk[counter.office_id]
            counters[counter.pk] = counter
            self.add_counter(counter)
        self.officers: list[Officer] = []
        self._officers: dict[tuple[int, str], list[Officer]] = {}
        officers = {}
        for officer in Officer.objects.select_related("field"):
            officer.office = by_pk[officer.office_id]
            officers[officer.pk] = officer
            self.add_officer(officer)
        self.handlings: list[Handling] = []
        self._handlings: dict[tuple[Any, ...], Handling] = {}
        for row in Handling.objects.select_related("field"):
            row.counter = counters[row.counter_id]
            row.officer = officers[row.officer_id] if row.officer_id else None
            row.substitute = officers[row.substitute_id] if row.substitute_id else None
            self.add_handling(row)
        self._fields = {one.slug: one for one in Field.objects.all()}
        self.new_fields: list[Field] = []
        self.codes = set(ProcedurePage.objects.order_by().values_list("code", flat=True))

    def add_office(self, office: Office) -> None:
        """An office, saved or new."""
        self.offices.append(office)
        self._by_name.setdefault(name_key(office.title), []).append(office)
        if office.slug:
            self._by_slug[office.slug] = office
        self.hours[id(office)] = []

    def office(self, text: str) -> Office | None:
        """The office of that slug or name. Raises Rejected for a name that two have."""
        if text in self._by_slug:
            return self._by_slug[text]
        found = self._by_name.get(name_key(text), [])
        if len(found) > 1:
            slugs = ", ".join(one.slug for one in found)
            raise Rejected(f"Có {len(found)} cơ quan tên “{text}”; hãy ghi đường dẫn: {slugs}.")
        return found[0] if found else None

    def office_of_slug(self, slug: str) -> Office | None:
        """The office of that slug alone."""
        return self._by_slug.get(slug)

    def office_of_name(self, name: str) -> Office | None:
        """The first office of that name."""
        return next(iter(self._by_name.get(name_key(name), [])), None)

    @property
    def counters(self) -> list[Counter]:
        """All counters."""
        return list(self._by_code.values())

    def add_counter(self, counter: Counter) -> None:
        """A counter with its office set; once more after it got another name."""
        self._by_code[counter.code] = counter
        self._counters[id(counter.office), name_key(counter.name)] = counter

    def counter_of_code(self, code: str) -> Counter | None:
        """The counter of that code, read as people write it."""
        return self._by_code.get(normal_code(code))

    def counter(self, office: Office, text: str) -> Counter | None:
        """The counter of that name at the office, else the one of that code there."""
        named = self._counters.get((id(office), name_key(text)))
        if named:
            return named
        found = self.counter_of_code(text)
        return found if found and found.office is office else None

    def add_officer(self, officer: Officer) -> None:
        """An officer with the office set."""
        self.officers.append(officer)
        key = (id(officer.office), name_key(officer.name))
        self._officers.setdefault(key, []).append(officer)

    def officers_named(self, office: Office, name: str, title: str = "") -> list[Officer]:
        """The officers of that name at the office, of that title if one is given."""
        named = self._officers.get((id(office), name_key(name)), [])
        return [one for one in named if not title or name_key(one.title) == name_key(title)]

    @staticmethod
    def handling_key(row: Handling) -> tuple[Any, ...]:
        """What may be there once only."""
        return (
            id(row.counter),
            id(row.officer) if row.officer else 0,
            row.field.slug if row.field else "",
            row.procedure_code,
            row.valid_from or EVER,
        )

    def add_handling(self, row: Handling) -> None:
        """An assignment with counter, officer and field set."""
        self.handlings.append(row)
        self._handlings[self.handling_key(row)] = row

    def handling(self, like: Handling) -> Handling | None:
        """The assignment that says the same, if there is one."""
        return self._handlings.get(self.handling_key(like))

    def field(self, name: str) -> tuple[Field, bool]:
        """The field of that name, and whether it is new."""
        slug = slugify(fold(name))[:150] or "khac"
        known = slug in self._fields
        if not known:
            self._fields[slug] = Field(name=name, slug=slug)
            self.new_fields.append(self._fields[slug])
        return self._fields[slug], not known
