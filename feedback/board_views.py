"""Pages of the public board and the open data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feedback.board import asked_edition, board_rows
from feedback.models import Snapshot
from feedback.presentation import month_text, score_text, snapshot_text
from feedback.scoring import METHOD
from feedback.trend_chart import trend_of
from feedback.trends import Edition, city_editions, in_force


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """``/cong-khai/``: every counter of an edition.

    ``?co-quan=`` and ``?linh-vuc=`` filter, ``?thang=2026-10&ban=1`` picks a month and an earlier
    edition (404 when there is none), ``?trang=`` turns pages. The trend is the city's.
    """
    asked = {name: request.GET.get(name, "") for name in ("thang", "ban", "co-quan", "linh-vuc")}
    editions = city_editions()
    snapshot = asked_edition(asked["thang"], asked["ban"])
    if snapshot is None and (asked["thang"] or asked["ban"]):
        raise Http404
    newest = {one.month: one.number for one in in_force(editions)}
    kept = {name: value for name, value in asked.items() if value}
    return render(
        request,
        "feedback/board.html",
        {
            "nav": "board",
            "snapshot": snapshot_text(snapshot),
            "in_force": snapshot is None
            or newest.get(snapshot.month, snapshot.number) == snapshot.number,
            "board": board_rows(
                snapshot=snapshot,
                field=asked["linh-vuc"],
                office=asked["co-quan"],
                page=request.GET.get("trang"),
            ),
            "whole": score_text(snapshot.figures if snapshot else {}),
            "counters_shown": snapshot.figures.get("counters_shown", 0) if snapshot else 0,
            "trend": trend_of(editions),
            "months": [_month(one) for one in reversed(in_force(editions))],
            "corrections": [_month(one) for one in editions if one.number > 1],
            "office": asked["co-quan"],
            "field": asked["linh-vuc"],
            "query": f"{urlencode(kept)}&" if kept else "",
            "plot_id": "diem-thanh-pho",
        },
    )


def _month(edition: Edition) -> dict[str, Any]:
    return {
        "month": month_text(edition.month),
        "iso": f"{edition.month:%Y-%m}",
        "number": edition.number,
        "reason": edition.reason,
    }


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """``/du-lieu-mo/``: every edition of every month, with its CSV."""
    snapshots = Snapshot.objects.defer("open_data")
    editions: list[dict[str, Any]] = [
        {
            "month": month_text(snapshot.month),
            "iso": f"{snapshot.month:%Y-%m}",
            "number": snapshot.number,
            "as_of": snapshot.as_of,
            "published_at": snapshot.published_at,
            "reason": snapshot.reason,
            "ledger_head": snapshot.figures.get("ledger_head", ""),
        }
        for snapshot in snapshots
    ]
    return render(
        request,
        "feedback/open_data.html",
        {"editions": editions, "method": METHOD, "site_address": settings.PUBLIC_URL},
    )


@require_safe
def recompute_script(request: HttpRequest) -> FileResponse:
    """``/du-lieu-mo/recompute_scores.py``: what a stranger recomputes the scores with."""
    path = settings.SITE_DIR.parent / "docs" / "recompute_scores.py"
    return FileResponse(path.open("rb"), content_type="text/x-python; charset=utf-8")
