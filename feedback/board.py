"""The public board: one edition of a month, counter by counter."""

from __future__ import annotations

import re
from collections import Counter as Tally
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from cms.models import Counter
from feedback.models import Snapshot, SnapshotScore
from feedback.presentation import ScoreText, score_text, why_texts
from feedback.scoring import HIDDEN

#: Counters on one page.
ROWS_A_PAGE = 60


@dataclass(frozen=True)
class BoardRow:
    """A counter and its published score."""

    counter: Counter
    score: ScoreText


@dataclass(frozen=True)
class Board:
    """The rows of a page, and everything one may filter by."""

    rows: list[BoardRow]
    page: Page[int]
    offices: list[tuple[str, str]]  #: slug and title
    fields: list[tuple[str, str]]  #: slug and name
    shown: int
    hidden: int
    #: Answers kept but not counted at the shown counters that match, and why.
    quarantined: int
    why: tuple[tuple[object, str], ...]


def natural(name: str) -> list[tuple[int, str]]:
    """Sort key that puts "Quầy 2" before "Quầy 10"."""
    return [
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in re.split(r"([0-9]+)", name)
    ]


def board_rows(
    *, snapshot: Snapshot | None, field: str = "", office: str = "", page: str | None = None
) -> Board:
    """Counters of a snapshot by field and office slug, ordered by office and name: no league.

    Two queries: a light one of all counters, and the figures of one page. An unknown slug gives
    no rows; an unknown page the nearest one.
    """
    found = list(
        SnapshotScore.objects.filter(snapshot=snapshot).values_list(
            "pk",
            "status",
            "counter__name",
            "counter__office__slug",
            "counter__office__title",
            "counter__main_field__slug",
            "counter__main_field__name",
            "figures__quarantined_why",
        )
        if snapshot
        else []
    )
    found.sort(key=lambda row: (row[4], row[3], natural(row[2]), row[0]))
    wanted = [row for row in found if office in ("", row[3]) and field in ("", row[5])]
    numbers = Paginator([row[0] for row in wanted], ROWS_A_PAGE).get_page(page)
    scores = (
        SnapshotScore.objects.filter(pk__in=list(numbers))
        .select_related("counter__office", "counter__main_field")
        .defer("distribution")
        .in_bulk()
        if wanted
        else {}
    )
    reasons: Tally[str] = Tally()
    for row in wanted:
        reasons.update(row[7] or {})
    hidden = sum(row[1] == HIDDEN for row in wanted)
    return Board(
        rows=[BoardRow(scores[pk].counter, score_text(scores[pk].figures)) for pk in numbers],
        page=numbers,
        offices=list(dict.fromkeys((row[3], row[4]) for row in found)),
        fields=sorted({(row[5], row[6]) for row in found}, key=lambda pair: pair[1]),
        shown=len(wanted) - hidden,
        hidden=hidden,
        quarantined=reasons.total(),
        why=why_texts(reasons),
    )


def asked_edition(month: str, number: str) -> Snapshot | None:
    """The edition of ``?thang=2026-10&ban=1``; the newest of the month, or of all, without.

    One query. None when there is none; an address that is no month has none.
    """
    editions = Snapshot.objects.order_by("-month", "-number").defer("open_data")
    if month:
        if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", month):
            return None
        editions = editions.filter(month=f"{month}-01")
    if number:
        if not re.fullmatch(r"[1-9][0-9]{0,3}", number):
            return None
        editions = editions.filter(number=int(number))
    return editions.first()
