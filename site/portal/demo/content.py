"""Makes the demo's offices, counters and people, and gives the city its demo name."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.models import (
    CitySettings,
    Counter,
    Field,
    Handling,
    LifeEvent,
    LifeEventRow,
    Office,
    OfficeHours,
    OfficeIndexPage,
    Officer,
    OfficerAbsence,
    ProcedurePage,
)
from cms.tree import ensure_tree
from portal.demo.data.life_events import EVENTS
from portal.demo.data.processes import PROCESSES
from portal.demo.places import CITY, PLACES, Desk, Person, Place

#: Days the demo's one absence lasts after the day it is loaded.
DAYS_AWAY = 6


@transaction.atomic
def make_offices() -> list[Counter]:
    """Make what is missing of the demo's offices, counters and people; the demo counters.

    What exists under a demo address or code stays as it is, so an editor's changes (and an
    office of the city's own that happens to have the same address) are never overwritten.
    """
    ensure_tree()
    index = OfficeIndexPage.objects.get()
    for place in PLACES:
        if not Office.objects.filter(slug=place.slug).exists():
            _make_office(index, place)
    return list(Counter.objects.filter(is_demo=True).select_related("office"))


def _make_office(index: OfficeIndexPage, place: Place) -> None:
    office = Office(
        title=place.title,
        slug=place.slug,
        kind=place.kind,
        address=place.address,
        ward=place.ward,
        phone=place.phone,
        email=place.email,
        wards=list(place.wards),
        levels=list(place.levels),
        latitude=Decimal(place.at[0]) if place.at[0] else None,
        longitude=Decimal(place.at[1]) if place.at[1] else None,
        part_of=Office.objects.filter(slug=place.part_of).first() if place.part_of else None,
        is_demo=True,
    )
    # The spans belong to the page's own cluster, so that its first revision carries them.
    office.hours = [
        OfficeHours(weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in place.hours.items()
        for opens, closes in spans
    ]
    index.add_child(instance=office)
    office.save_revision().publish()
    counters = {desk.name: _make_counter(office, desk) for desk in place.desks}
    for person in place.people:
        _make_person(office, person, counters)
    _make_absences(office, place)


def _make_absences(office: Office, place: Place) -> None:
    """Somebody is away in the week the demo is loaded, so that a stand-in is seen."""
    officers = {one.name: one for one in office.officers.all()}
    today = timezone.localdate()
    for person in place.people:
        if person.away:
            OfficerAbsence.objects.create(
                officer=officers[person.name],
                first_day=today,
                last_day=today + timedelta(days=DAYS_AWAY),
                substitute=officers[person.away],
            )


def _make_counter(office: Office, desk: Desk) -> Counter:
    fields = [Field.objects.named(name) for name in desk.fields]
    counter = Counter.objects.create(
        office=office, code=desk.code, name=desk.name, main_field=fields[0], is_demo=True
    )
    counter.fields.set(fields)
    return counter


def _make_person(office: Office, person: Person, counters: dict[str, Counter]) -> None:
    officer = Officer.objects.create(
        office=office,
        name=person.name,
        title=person.title,
        role=person.role,
        field=Field.objects.named(person.field) if person.field else None,
        phone=person.phone,
        is_demo=True,
    )
    rows: list[dict[str, Any]] = [
        {"counter": counters[person.counters[0]], "procedure_code": code, "rank": 0}
        for code in person.procedures
    ]
    for place, name in enumerate(person.counters):
        # Whoever works mainly at the counter stands before the stand-in, and among those the
        # one whose own field it is.
        rows += [
            {
                "counter": counters[name],
                "field": handled,
                "rank": 1 + 2 * place + (handled.name != person.field),
            }
            for handled in counters[name].fields.all()
        ]
    Handling.objects.bulk_create(Handling(officer=officer, **row) for row in rows)


@transaction.atomic
def make_life_events() -> int:
    """Make the starting life events that are missing; how many were made.

    An event under the same address is the city's own or was made before: it stays as it is.
    """
    made = 0
    for rank, event in enumerate(EVENTS, 1):
        if LifeEvent.objects.filter(Q(slug=event.slug) | Q(name=event.name)).exists():
            continue
        page = LifeEvent(
            slug=event.slug,
            name=event.name,
            everyday_words=event.hint,
            icon=event.icon,
            query=event.query,
            intro=event.intro,
            rank=rank,
            is_demo=True,
        )
        page.rows = [
            LifeEventRow(
                joins=row.joins,
                heading=row.heading,
                procedure_code=row.code,
                note=row.note,
                optional=row.optional,
                sort_order=place,
            )
            for place, row in enumerate(event.rows)
        ]
        page.save()
        made += 1
    return made


def add_processes() -> None:
    """Give demo procedures that lack it their internal process, as a public version."""
    pages = ProcedurePage.objects.filter(is_demo=True, code__in=PROCESSES)
    for page in pages.exclude(has_unpublished_changes=True):
        if not page.internal_process:
            page.internal_process = [("step", row) for row in PROCESSES[page.code]]
            page.change_note = "Công khai quy trình nội bộ: các bước, cơ quan và thời gian."
            page.save_revision().publish()


def name_the_city() -> bool:
    """Give the city its demo name if nobody has named it yet; whether it was given."""
    city = CitySettings.load()
    if city.city != CitySettings._meta.get_field("city").default:
        return False
    city.city = CITY
    city.save()
    return True


def unname_the_city() -> bool:
    """Take the demo name away again, unless an editor has changed it meanwhile."""
    city = CitySettings.load()
    if city.city != CITY:
        return False
    city.city = CitySettings._meta.get_field("city").default
    city.save()
    return True
