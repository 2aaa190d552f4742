"""The public board: the newest snapshot, counter by counter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cms.models import Counter, Field, Office
from feedback.models import Snapshot, SnapshotScore
from feedback.presentation import ScoreText, score_text


@dataclass(frozen=True)
class BoardRow:
    """A counter and its published score."""

    counter: Counter
    score: ScoreText


@dataclass(frozen=True)
class Board:
    """Rows that match, and everything one may filter by."""

    rows: list[BoardRow]
    offices: list[Office]
    fields: list[Field]

    @property
    def quarantined(self) -> int:
        """Answers kept but not counted at the counters in view."""
        return sum(row.score.quarantined for row in self.rows)


def natural(name: str) -> list[tuple[int, str]]:
    """Sort key that puts "Quầy 2" before "Quầy 10"."""
    return [
        (int(part), "") if part.isascii() and part.isdigit() else (-1, part)
        for part in re.split(r"([0-9]+)", name)
    ]


def board_rows(*, snapshot: Snapshot | None, field: str = "", office: str = "") -> Board:
    """Counters of a snapshot by field and office slug, ordered by office and name: no league.

    One query. An unknown slug gives no rows.
    """
    scores = (
        SnapshotScore.objects.filter(snapshot=snapshot)
        .select_related("counter__office", "counter__main_field")
        .defer("distribution")
        .order_by("pk")
        if snapshot
        else SnapshotScore.objects.none()
    )
    counters = [(score.counter, score.figures) for score in scores]
    counters.sort(key=lambda pair: (pair[0].office.title, natural(pair[0].name)))
    return Board(
        rows=[
            BoardRow(counter, score_text(figures))
            for counter, figures in counters
            if field in ("", counter.main_field.slug) and office in ("", counter.office.slug)
        ],
        offices=sorted({c.office for c, _ in counters}, key=lambda o: o.title),
        fields=sorted({c.main_field for c, _ in counters}, key=lambda f: f.name),
    )
