"""JSON of the published score, and the open data as CSV (contract of ``/api/v1/``)."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.models import Counter, normal_code
from feedback.figures import hidden_body
from feedback.models import Snapshot, SnapshotScore
from feedback.scoring import FEW, HIDDEN, HIGHER, LOWER, PUBLISHED, SIMILAR
from feedback.snapshots import csv_of

_points: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 100}
_share: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 1}


class ItemScoreSerializer(serializers.Serializer[dict[str, Any]]):
    """One item of a counter in a monthly snapshot. Hidden: status, method and as_of only."""

    status = serializers.ChoiceField(choices=[PUBLISHED, FEW, HIDDEN])
    method = serializers.CharField()
    as_of = serializers.DateField(
        allow_null=True, help_text="Last day of the month, Asia/Ho_Chi_Minh."
    )
    n = serializers.IntegerField(
        required=False, help_text="Unweighted answers that count: those of the open data."
    )
    n_eff = serializers.FloatField(required=False)
    score = serializers.FloatField(**_points)
    interval = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, required=False
    )
    satisfied = serializers.FloatField(**_share)
    peer_mean = serializers.FloatField(allow_null=True, **_points)
    tier = serializers.ChoiceField(
        choices=[HIGHER, SIMILAR, LOWER], allow_null=True, required=False
    )
    prior = serializers.ListField(
        child=serializers.FloatField(), min_length=5, max_length=5, required=False
    )
    prior_source = serializers.ChoiceField(choices=["field", "city", "default"], required=False)
    m = serializers.FloatField(required=False)
    response_rate = serializers.FloatField(allow_null=True, **_share)
    minted = serializers.IntegerField(
        required=False, help_text="One-time codes given out: what the response rate is a part of."
    )
    quarantined = serializers.IntegerField(
        required=False, help_text="Answers kept but not counted, in the year to as_of."
    )
    quarantined_why = serializers.DictField(child=serializers.IntegerField(), required=False)


class ByItemSerializer(serializers.Serializer[dict[str, Any]]):
    """The three items beside attitude."""

    time = ItemScoreSerializer()
    clarity = ItemScoreSerializer()
    fees = ItemScoreSerializer()


class ScoreSerializer(ItemScoreSerializer):
    """Attitude at the top level, the other items below ``by_item``."""

    by_item = ByItemSerializer(required=False)
    composite = serializers.FloatField(allow_null=True, **_points)
    composite_interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, required=False
    )


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """What went wrong."""

    detail = serializers.CharField()


class CounterScore(APIView):
    """The newest monthly snapshot of a counter."""

    missing = gettext_lazy("Không có quầy nào mang mã này.")

    @extend_schema(
        operation_id="counter_score",
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)],
        responses={200: ScoreSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request, code: str) -> Response:
        """Three queries; a counter that no snapshot has yet is hidden, an unknown one is 404."""
        counter = get_object_or_404(Counter.objects.only("pk"), code=normal_code(code))
        snapshot = Snapshot.objects.newest()
        if snapshot is None:
            return Response(hidden_body(None))
        score = SnapshotScore.objects.filter(snapshot=snapshot, counter=counter).first()
        return Response(score.figures if score else hidden_body(snapshot.as_of))


class OpenRatings(APIView):
    """The open data of a snapshot: counter,item,channel,day,level,count."""

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Only problems are rendered; whoever asks for text/csv must not get a 406."""
        return JSONRenderer(), JSONRenderer.media_type

    @extend_schema(
        operation_id="open_ratings",
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; default: the newest."),
            OpenApiParameter("number", int, description="An earlier edition of that month."),
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            400: ProblemSerializer,
            404: ProblemSerializer,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """400 for a month that is not YYYY-MM, 404 when nothing is published for it."""
        snapshot = asked_snapshot(request)
        name = f"ratings-{snapshot.month:%Y-%m}-{snapshot.number}.csv"
        figures = reverse("api_open_scores")
        asked = f"?month={snapshot.month:%Y-%m}&number={snapshot.number}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Link": f'<{figures}{asked}>; rel="describedby"; type="application/json"',
        }
        # The columns are fixed, so what the ledger was stands beside the lines and not in them.
        if head := snapshot.figures.get("ledger_head"):
            headers["Ledger-Head"] = head
        return HttpResponse(
            csv_of(snapshot), content_type="text/csv; charset=utf-8", headers=headers
        )


def asked_snapshot(request: Request) -> Snapshot:
    """The snapshot of ``?month=&number=``; the newest without them.

    Raises ValidationError (400) for what is not a month or number, NotFound (404).
    """
    snapshots = Snapshot.objects.order_by("-month", "-number")
    month = request.query_params.get("month")
    if month is not None:
        snapshots = snapshots.filter(month=_month(month))
    number = request.query_params.get("number")
    if number is not None:
        if not re.fullmatch(r"[1-9][0-9]{0,3}", number):
            raise ValidationError({"detail": "number phải là số nguyên từ 1 trở lên."})
        snapshots = snapshots.filter(number=int(number))
    snapshot = snapshots.first()
    if snapshot is None:
        raise NotFound("Tháng này chưa có số liệu công bố, hoặc không có bản số này.")
    return snapshot


def _month(text: str) -> datetime.date:
    if not re.fullmatch(r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise ValidationError({"detail": "month phải viết dạng YYYY-MM, ví dụ 2026-10."})
    return datetime.date.fromisoformat(f"{text}-01")
