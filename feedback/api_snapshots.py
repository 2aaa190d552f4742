"""A whole snapshot as JSON: all that a stranger needs, with the open data, to recompute it."""

from __future__ import annotations

import dataclasses
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback.api import ProblemSerializer, asked_snapshot
from feedback.models import Snapshot
from feedback.scoring import HIDDEN, METHOD, Method

#: Every method that a snapshot may name.
METHODS = {METHOD.version: METHOD}


def method_body(method: Method) -> dict[str, Any]:
    """The constants of a method by their names."""
    return dataclasses.asdict(method)


def snapshot_body(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot with its method, the city, and every shown counter with its main field.

    Hidden counters are not even named. Figures are unrounded, as in the score of one counter.
    """
    method = METHODS.get(snapshot.method)
    scores = snapshot.scores.exclude(status=HIDDEN).select_related("counter")
    return {
        "month": f"{snapshot.month:%Y-%m}",
        "number": snapshot.number,
        "as_of": snapshot.as_of,
        "published_at": snapshot.published_at,
        "reason": snapshot.reason,
        "ledger_head": snapshot.figures.get("ledger_head"),
        "method": method_body(method) if method else {"version": snapshot.method},
        "city": snapshot.figures,
        "counters": [
            {
                "counter": score.counter.code,
                "main_field": score.main_field,
                "figures": score.figures,
            }
            for score in scores.order_by("counter__code")
        ],
    }


class OpenScores(APIView):
    """The figures of all shown counters in one snapshot."""

    @extend_schema(
        operation_id="open_scores",
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; default: the newest."),
            OpenApiParameter("number", int, description="An earlier edition of that month."),
        ],
        responses={200: OpenApiTypes.OBJECT, 400: ProblemSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Two queries. 400 and 404 as for the open data."""
        return Response(snapshot_body(asked_snapshot(request)))
