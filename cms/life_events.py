"""A life event as its page shows it: steps in order, with what holds for each procedure today.

A row whose procedure is not published, or is not in the database, drops out, and a step without
any row left drops out with it: the steps close up. An abolished one stays and says so, because
people come with its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cms.models import LifeEvent, LifeEventRow, ProcedurePage
from cms.models.local_layer import LAYER_COLUMNS
from cms.presentation import brief
from cms.standing import ABOLISHED, PAUSED


@dataclass(frozen=True)
class Task:
    """One procedure of a step. ``joins`` is "" for the first one, else "and" or "or"; ``since``
    is the day from which an abolished or paused one no longer works, None when nobody knows."""

    joins: str
    code: str
    name: str
    plain_name: str
    url: str
    note: str
    optional: bool
    time: str
    fee: str
    abolished: bool
    paused: bool
    since: date | None
    replaced_by: ProcedurePage | None


@dataclass
class Step:
    """A numbered step; ``heading`` is "" when the name of its only task says enough."""

    number: int
    heading: str
    optional: bool
    tasks: list[Task] = field(default_factory=list)


def live_pages(codes: Iterable[str]) -> dict[str, ProcedurePage]:
    """Published procedures by code, with what a list says of them: one query."""
    other = ("replaced_by__code", "replaced_by__title", "replaced_by__full_name")
    pages = (
        ProcedurePage.objects.live()
        .filter(code__in=set(codes))
        .select_related("replaced_by")
        .only(
            "code",
            "title",
            "full_name",
            "plain_name",
            "channels",
            *LAYER_COLUMNS,
            *other,
            "replaced_by__live",
        )
    )
    return {page.code: page for page in pages}


def steps_of(event: LifeEvent, today: date | None = None) -> list[Step]:
    """The steps of an event as they stand today (Hanoi): two queries."""
    day = today or timezone.localdate()
    rows = list(event.rows.all())
    pages = live_pages(row.procedure_code for row in rows)
    steps: list[Step] = []
    for group in _groups(rows):
        kept = [row for row in group if row.procedure_code in pages]
        if not kept:
            continue
        # A step is optional when all that is left of it is.
        step = Step(len(steps) + 1, group[0].heading, all(row.optional for row in kept))
        for row in kept:
            joins = row.joins if step.tasks else ""
            step.tasks.append(_task(row, pages[row.procedure_code], joins, day))
        steps.append(step)
    return steps


def _groups(rows: Sequence[LifeEventRow]) -> list[list[LifeEventRow]]:
    """Rows that belong to one step; the first row begins a step whatever it says."""
    groups: list[list[LifeEventRow]] = []
    for row in rows:
        if row.joins == LifeEventRow.Joins.STEP or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _task(row: LifeEventRow, page: ProcedurePage, joins: str, day: date) -> Task:
    page.as_of = day
    facts, standing = brief(page), page.standing_on(day)
    abolished = standing.state == ABOLISHED
    other = page.replaced_by if abolished else None
    return Task(
        joins=joins,
        code=page.code,
        name=page.name,
        plain_name=page.plain_name,
        url=reverse("procedure", args=[page.code]),
        note=row.note,
        optional=row.optional,
        time=facts.time,
        fee=facts.fee,
        abolished=abolished,
        paused=standing.state == PAUSED,
        since=standing.since,
        replaced_by=other if other and other.live else None,
    )


@dataclass(frozen=True)
class EventLink:
    """An event on the home page and in the list: ``url`` is its page, or a search."""

    name: str
    hint: str
    icon: str
    url: str
    codes: tuple[str, ...]


def event_links() -> list[EventLink]:
    """The events citizens see (three queries). One without a published procedure leads to a
    search for its words; one without words either is left out."""
    events = list(LifeEvent.objects.shown().prefetch_related("rows"))
    codes = {row.procedure_code for event in events for row in event.rows.all()}
    published = set(
        ProcedurePage.objects.live().filter(code__in=codes).values_list("code", flat=True)
    )
    links = []
    for event in events:
        own = [row for row in event.rows.all() if row.procedure_code in published]
        words = event.query or event.everyday_words
        if not own and not words:
            continue
        url = event.get_absolute_url() if own else search_url(words)
        mostly = tuple(row.procedure_code for row in own if not row.optional)
        # Names a new site starts with are in the catalogue; an editor's own stay as written.
        hint = gettext(event.everyday_words) if event.everyday_words else ""
        links.append(EventLink(gettext(event.name), hint, event.icon, url, mostly))
    return links


def search_url(words: str) -> str:
    """The address of a search for these words."""
    return f"{reverse('search')}?{urlencode({'q': words})}"
