"""Which procedures a set of notices holds: all that an office, or one of its counters, handles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from cms.models import Counter, Handling, Office, ProcedurePage
from cms.text import fold


@dataclass(frozen=True)
class Entry:
    """One line of a set's table of contents."""

    pk: int
    code: str
    name: str
    field: str


def entries_of(
    office: Office, counter: Counter | None = None, *, day: date | None = None
) -> list[Entry]:
    """The live procedures assigned there by code or by field, by field and name (two queries).

    A counter's own fields (lĩnh vực tiếp nhận) count like assignments. Abolished procedures and
    those the city does not apply do not hang on a wall.
    """
    day = day or timezone.localdate()
    rows = Handling.objects.valid(day).filter(counter__office=office)
    counters = Counter.objects.filter(office=office, active=True)
    if counter is not None:
        rows, counters = rows.filter(counter=counter), counters.filter(pk=counter.pk)
    codes, fields = set(), set()
    for code, field_id in rows.values_list("procedure_code", "field_id"):
        if code:
            codes.add(code)
        else:
            fields.add(field_id)
    for main_field, field_id in counters.values_list("main_field_id", "fields"):
        fields |= {main_field, field_id}
    fields.discard(None)
    pages = (
        ProcedurePage.objects.live()
        .filter(Q(code__in=codes) | Q(field_id__in=fields))
        .exclude(applied=ProcedurePage.Applied.NO)
        .exclude(
            Q(standing=ProcedurePage.Standing.ABOLISHED)
            & (Q(standing_from=None) | Q(standing_from__lte=day))
        )
        .order_by()
    )
    found = [
        Entry(pk, code, full_name or title, field)
        for pk, code, title, full_name, field in pages.values_list(
            "pk", "code", "title", "full_name", "field__name"
        )
    ]
    # A database sorts Vietnamese by bytes; a reader looks for Đ after D.
    return sorted(found, key=lambda one: (fold(one.field), fold(one.name), one.code))
