"""Pages of the public board, the method, and the open data."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.board import board_rows
from feedback.figures import example_figures
from feedback.models import Snapshot
from feedback.presentation import LEVEL_WORDS, month_text, number, score_text, snapshot_text
from feedback.scoring import METHOD

#: Answers of the example on the method page when the reader has typed none: levels 1–5.
EXAMPLE = (1, 2, 5, 17, 25)
EXAMPLE_DAY = datetime.date(2026, 10, 31)
EXAMPLE_LIMIT = 100_000


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """``/cong-khai/``: every counter of the newest snapshot; ``?co-quan=`` and ``?linh-vuc=``."""
    snapshot = Snapshot.objects.newest()
    office, field = request.GET.get("co-quan", ""), request.GET.get("linh-vuc", "")
    return render(
        request,
        "feedback/board.html",
        {
            "nav": "board",
            "snapshot": snapshot_text(snapshot),
            "board": board_rows(snapshot=snapshot, field=field, office=office),
            "office": office,
            "field": field,
        },
    )


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """``/phuong-phap/``: the formula in words, and an example the reader can change."""
    levels, wrong = _example(request)
    figures = example_figures(levels, day=EXAMPLE_DAY)
    return render(
        request,
        "feedback/method.html",
        {
            "method": METHOD,
            "example": score_text(figures),
            "levels": [
                {"name": f"m{level}", "words": LEVEL_WORDS[level], "value": levels[level - 1]}
                for level in LEVEL_WORDS
            ],
            "wrong": wrong,
            "limit": EXAMPLE_LIMIT,
            "prior": [
                (LEVEL_WORDS[k], number(METHOD.default_prior[k - 1], 2)) for k in LEVEL_WORDS
            ],
            "plot_id": "diem-vi-du",
        },
    )


def _example(request: HttpRequest) -> tuple[tuple[int, ...], bool]:
    """The reader's numbers and whether any was not a whole number in range."""
    given = [request.GET.get(f"m{level}") for level in range(1, 6)]
    if all(text is None for text in given):
        return EXAMPLE, False
    numbers, wrong = [], False
    for text, usual in zip(given, EXAMPLE, strict=True):
        text = (text or "0").strip()
        good = text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= EXAMPLE_LIMIT
        wrong = wrong or not good
        numbers.append(int(text) if good else usual)
    return tuple(numbers), wrong


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """``/du-lieu-mo/``: every edition of every month, with its CSV."""
    snapshots = Snapshot.objects.defer("open_data", "figures")
    editions: list[dict[str, Any]] = [
        {
            "month": month_text(snapshot.month),
            "iso": f"{snapshot.month:%Y-%m}",
            "number": snapshot.number,
            "as_of": snapshot.as_of,
            "published_at": snapshot.published_at,
            "reason": snapshot.reason,
        }
        for snapshot in snapshots
    ]
    return render(request, "feedback/open_data.html", {"editions": editions, "method": METHOD})
