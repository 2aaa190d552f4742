"""A corrected month beside its predecessor, as a page and as JSON; and the list of editions."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from feedback.api import ProblemSerializer, asked_snapshot
from feedback.corrections import COMPARED, Change, Correction, correction
from feedback.models import Snapshot
from feedback.presentation import score_text, snapshot_text


@require_safe
def correction_page(request: HttpRequest, month: str, number: int) -> HttpResponse:
    """``/cong-khai/dinh-chinh/2026-10/2/``: what edition 2 changed, and why."""
    if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise Http404
    found = correction(datetime.date.fromisoformat(f"{month}-01"), number)
    if found is None:
        raise Http404
    before, after = snapshot_text(found.before), snapshot_text(found.after)
    return render(
        request,
        "feedback/correction.html",
        {
            "nav": "board",
            "before": before,
            "after": after,
            "editions": [before, after],
            "published": found.after.published_at,
            "former": found.before.published_at,
            "whole": (score_text(found.before.figures), score_text(found.after.figures)),
            "rows": [_row(change) for change in found.changes],
            "barely": found.barely,
        },
    )


def _row(change: Change) -> dict[str, Any]:
    before, after = score_text(change.before), score_text(change.after)
    if before.hidden:
        why = _("nay hiện điểm")
    elif after.hidden:
        why = _("không còn hiện điểm")
    elif change.own:
        why = _("câu trả lời của quầy thay đổi")
    else:
        why = _("chỉ mức chung của nhóm thay đổi")
    return {"counter": change.score.counter, "scores": [before, after], "why": why}


def _body(found: Correction) -> dict[str, Any]:
    """The correction as JSON: only what differs, before and after."""
    return {
        "month": f"{found.after.month:%Y-%m}",
        "number": found.after.number,
        "corrects": found.before.number,
        "reason": found.after.reason,
        "published_at": found.after.published_at,
        "ledger_head": found.after.figures.get("ledger_head"),
        "changes": [
            {
                "counter": change.score.counter.code,
                "own_answers": change.own,
                "before": {name: change.before.get(name) for name in COMPARED},
                "after": {name: change.after.get(name) for name in COMPARED},
            }
            for change in found.changes
        ],
        "barely_changed": found.barely,
    }


class OpenCorrection(APIView):
    """What an edition changed against the one before it."""

    @extend_schema(
        operation_id="open_correction",
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; default: the newest."),
            OpenApiParameter("number", int, description="The edition; default: the newest."),
        ],
        responses={200: OpenApiTypes.OBJECT, 400: ProblemSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """404 for a first edition: there is nothing before it."""
        asked = asked_snapshot(request)
        found = correction(asked.month, asked.number)
        if found is None:
            raise NotFound("Bản này không đính chính bản nào.")
        return Response(_body(found))


class OpenEditions(APIView):
    """Every edition of every month, newest first, with the addresses of its figures and data."""

    @extend_schema(operation_id="open_editions", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """One query; an edition that was corrected says by which."""
        snapshots = list(Snapshot.objects.defer("open_data").order_by("-month", "-number"))
        newest = {
            one.month: max(s.number for s in snapshots if s.month == one.month) for one in snapshots
        }
        results = []
        for one in snapshots:
            asked = f"?month={one.month:%Y-%m}&number={one.number}"
            results.append(
                {
                    "month": f"{one.month:%Y-%m}",
                    "number": one.number,
                    "as_of": one.as_of,
                    "method": one.method,
                    "reason": one.reason,
                    "published_at": one.published_at,
                    "in_force": one.number == newest[one.month],
                    "ledger_head": one.figures.get("ledger_head"),
                    "scores": reverse("api_open_scores", request=request) + asked,
                    "ratings": reverse("api_open_ratings", request=request) + asked,
                    "correction": reverse("api_open_correction", request=request) + asked
                    if one.number > 1
                    else None,
                }
            )
        return Response({"count": len(results), "results": results})
