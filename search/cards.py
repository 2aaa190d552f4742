"""Nơi nộp and người làm for a page of results: at most three queries, in English four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from cms.local_words import StandingLine
from cms.models import Counter, Handling, Office, Officer
from cms.people import Roster
from cms.presentation import Brief, level_names, time_and_fee
from search.finder import Result


@dataclass(frozen=True)
class Card:
    """A result with what the picked office adds; None is "nobody is known"."""

    result: Result
    levels: list[str]
    time: str
    fee: str
    standing: StandingLine | None = None
    counter: Counter | None = None
    officer: Officer | None = None


def cards(results: Sequence[Result], office: Office | None) -> list[Card]:
    """Cards in the order of the results. Without an office nothing is said about people."""
    rows: list[Handling] = []
    roster = Roster([office.pk] if office else [])
    if office and results:
        rows = list(
            Handling.objects.for_procedures(
                {result.code for result in results},
                {result.field_id for result in results},
                office.pk,
                roster.day,
            )
        )
    # The index keeps both in Vietnamese; pages in another language read the procedures.
    vietnamese = (get_language() or "vi").startswith("vi")
    words = {} if vietnamese else time_and_fee(result.code for result in results)
    found = []
    for result in results:
        said = words.get(result.code, Brief(result.time, result.fee, result.standing))
        desks = roster.desks_for(
            [
                row
                for row in rows
                if row.procedure_code == result.code
                or (not row.procedure_code and row.field_id == result.field_id)
            ]
        )
        desk = desks[0] if desks else None
        found.append(
            Card(
                result,
                level_names(result.levels),
                said.time,
                said.fee,
                said.standing,
                desk.counter if desk else None,
                desk.officers[0] if desk and desk.officers else None,
            )
        )
    return found


def picked_office(slug: str) -> Office | None:
    """The live office of that slug; None for none or an unknown one."""
    return Office.objects.live().filter(slug=slug[:255]).first() if slug else None
