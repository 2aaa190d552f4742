"""JSON of published comments: ``GET /api/v1/comments/``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from cms.models import normal_code
from feedback.comments import published
from feedback.models import Comment


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as the public reads it: personal data masked, the month instead of the day.

    ``counter`` is null where one officer kept the counter alone in that month: what is said of it
    would be said of a person.
    """

    month = serializers.SerializerMethodField(help_text="Month of receipt, YYYY-MM.")
    office = serializers.CharField(source="counter.office.slug")
    counter = serializers.SerializerMethodField()
    text = serializers.CharField(source="masked")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [
            "id", "office", "counter", "month", "text", "answer", "answered_on", "fixed",
            "fixed_on", "published_on", "url",
        ]  # fmt: skip

    def get_month(self, comment: Comment) -> str:
        """2026-11."""
        return f"{comment.received_on:%Y-%m}"

    def get_counter(self, comment: Comment) -> str | None:
        """The counter's code."""
        return comment.counter.code if comment.names_counter else None

    def get_url(self, comment: Comment) -> str:
        """The public page of the office's comments."""
        path = reverse("office_comments", args=[comment.counter.office.slug])
        return f"{settings.PUBLIC_URL}{path}#g{comment.pk.hex}"


@extend_schema(
    operation_id="comments",
    parameters=[
        OpenApiParameter("office", str, description="Slug of an office."),
        OpenApiParameter("counter", str, description="Code of a counter."),
    ],
)
class Comments(ListAPIView[Comment]):
    """Published comments with their answers, newest first."""

    serializer_class = CommentSerializer

    def get_queryset(self) -> QuerySet[Comment]:
        """Narrowed by ``office`` and ``counter``; what nobody has gives an empty list."""
        asked: Any = self.request.query_params
        rows: QuerySet[Comment] = published()
        if office := asked.get("office", ""):
            rows = rows.filter(counter__office__slug=office)
        if code := asked.get("counter", ""):
            rows = rows.filter(counter__code=normal_code(code), names_counter=True)
        return rows
