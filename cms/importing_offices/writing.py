"""Writes what a plan found. Done again, it changes nothing.

Offices are pages, each with its revision and its log, and commit one by one; counters, officers
and assignments commit together. What was cut off is finished by the next import of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from cms import caching
from cms.importing_offices.plans import Plan
from cms.importing_offices.shape import KINDS
from cms.models import Counter, Handling, Office, OfficeIndexPage, Officer
from cms.tree import ensure_tree

_BATCH = 500


def apply(plan: Plan, *, user: Any = None, progress: Callable[[int], Any] | None = None) -> None:
    """Write the plan; ``user`` is named in the editors' log. Raises DatabaseError."""
    tell = progress or (lambda number: None)
    ensure_tree()
    for one in plan.new_fields:
        one.save()
    index = OfficeIndexPage.objects.get()
    order = list(KINDS)
    # A branch after its centre: the parent must have its key.
    for office in sorted(plan.offices, key=lambda one: order.index(one.kind)):
        with transaction.atomic():
            _write_office(index, office, plan, user)
        tell(1)
    with transaction.atomic():
        _write_counters(plan)
        people = [*plan.new_officers, *plan.changed_officers]
        Officer.objects.bulk_create(plan.new_officers, batch_size=_BATCH)
        _update(
            Officer,
            plan.changed_officers,
            ["name", "title", "role", "field", "phone", "last_day", "active", "is_demo"],
        )
        rows = [*plan.new_handlings, *plan.changed_handlings]
        Handling.objects.bulk_create(plan.new_handlings, batch_size=_BATCH)
        _update(Handling, plan.changed_handlings, ["substitute", "valid_until", "rank"])
        # Written in bulk, past the signals that make cached pages stale.
        counters = [*plan.new_counters, *plan.changed_counters]
        offices = {one.office.pk for one in counters} | {one.office.pk for one in people}
        offices |= {row.counter.office.pk for row in rows}
        if offices:
            caching.touch(caching.OFFICES, *map(caching.office_tag, offices))
    tell(len(plan.new_counters) + len(plan.changed_counters) + len(people) + len(rows))


def _write_office(index: OfficeIndexPage, office: Office, plan: Plan, user: Any) -> None:
    if id(office) in plan.hours:
        office.hours = plan.hours[id(office)]
    if office.part_of:
        office.part_of = office.part_of  # takes over the key it got meanwhile
    if office.pk is None:
        index.add_child(instance=office)
    office.save_revision(user=user).publish(user=user)


def _write_counters(plan: Plan) -> None:
    for counter in (*plan.new_counters, *plan.changed_counters):
        counter.office = counter.office
    Counter.objects.bulk_create(plan.new_counters, batch_size=_BATCH)
    _update(Counter, plan.changed_counters, ["name", "main_field", "active", "is_demo"])
    through = Counter.fields.through
    written = [
        counter
        for counter in (*plan.new_counters, *plan.changed_counters)
        if id(counter) in plan.counter_fields
    ]
    through.objects.filter(counter__in=written).delete()
    through.objects.bulk_create(
        (
            through(counter_id=counter.pk, field_id=one.pk)
            for counter in written
            for one in plan.counter_fields[id(counter)]
        ),
        batch_size=_BATCH,
    )


def _update(model: Any, rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_update(rows, fields, batch_size=_BATCH)
