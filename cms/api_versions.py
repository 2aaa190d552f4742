"""JSON of the history: the versions of a procedure, one of them, the record as on a date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from cms import api_withdrawn, snapshots
from cms.api import ProcedureDetail, ProcedureSerializer
from cms.change_gist import from_brief
from cms.change_words import lines_of
from cms.changes import Change
from cms.history import in_full, version_on, versions_of
from cms.history_views import Subject, WrongDate, day_asked
from cms.models import Field, ProcedurePage, PublicVersion


class ChangeSerializer(serializers.Serializer[Change]):
    """One change: the key of the record it touches, its kind, and Vietnamese words for it."""

    section = serializers.CharField()
    kind = serializers.ChoiceField(choices=["added", "removed", "changed", "moved"])
    part = serializers.CharField()
    where = serializers.ListField(child=serializers.CharField())
    text = serializers.SerializerMethodField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)

    def get_text(self, change: Change) -> str:
        """As the site tells it, in Vietnamese."""
        with translation.override("vi"):
            return "; ".join(line.text for line in lines_of([change]))


class VersionSummarySerializer(serializers.ModelSerializer[PublicVersion]):
    """A public version in a list; ``changes`` holds the first of ``change_count`` changes."""

    id = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = PublicVersion
        fields = [
            "number",
            "id",
            "url",
            "published_at",
            "withdrawn_at",
            "withdrawn_reason",
            "decision_number",
            "reason",
            "change_count",
            "changes",
        ]

    def get_id(self, version: PublicVersion) -> str:
        """The version's own name, as in the feeds."""
        return version.uuid.urn

    def get_url(self, version: PublicVersion) -> str:
        """The page that shows the version as it was."""
        page = version.page
        code = page.code if page and page.live else version.code
        return reverse("procedure_version", args=[code, version.number])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changes(self, version: PublicVersion) -> list[str]:
        """The first changes in words."""
        with translation.override("vi"):
            return [line.text for line in lines_of(from_brief(version.changes))]


class CityLayerSerializer(serializers.Serializer[Any]):
    """What the city added to the national record in that version."""

    applied = serializers.CharField()
    applied_decision = serializers.CharField()
    applied_from = serializers.CharField()
    standing = serializers.CharField()
    standing_reason = serializers.CharField()
    standing_from = serializers.CharField()
    standing_until = serializers.CharField()
    replaced_by = serializers.CharField()
    local_rules = serializers.ListField(child=serializers.DictField())
    internal_process = serializers.ListField(child=serializers.DictField())
    form_files = serializers.ListField(child=serializers.DictField())


class VersionSerializer(VersionSummarySerializer):
    """A public version: the record as it was, the city's layer, and all that changed."""

    changes = ChangeSerializer(many=True)  # type: ignore[assignment]
    procedure = ProcedureSerializer()
    city = CityLayerSerializer()

    class Meta(VersionSummarySerializer.Meta):
        fields = [*VersionSummarySerializer.Meta.fields, "procedure", "city"]


def as_it_was(page: Subject, version: PublicVersion, day: date) -> ProcedurePage:
    """The version as a page in memory that the serializers of today can read, as on the day."""
    content = version.content
    name = content["field"]
    known = page.field
    same = known is not None and known.name == name
    field = known if same else Field.objects.filter(name=name).first()
    old = snapshots.to_page(content, field, day)
    old.last_published_at = version.published_at
    old.is_demo = page.is_demo
    old.public_version = version
    return old


class _OfProcedure:
    """Views below the address of one procedure that is public, or was."""

    kwargs: dict[str, Any]
    missing = gettext_lazy("Không có thủ tục nào đang công bố mang mã này.")

    def page(self) -> Subject:
        """The procedure, or what is left of it, or 404."""
        code = self.kwargs["code"]
        pages = ProcedurePage.objects.live().select_related("field")
        return pages.filter(code=code).first() or api_withdrawn.left_of(code)


class VersionList(_OfProcedure, ListAPIView[PublicVersion]):
    """The public versions of a procedure, newest first."""

    queryset = PublicVersion.objects.none()
    serializer_class = VersionSummarySerializer

    def get_queryset(self) -> Any:
        """Without their contents."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return versions_of(self.page())


class VersionDetail(_OfProcedure, RetrieveAPIView[PublicVersion]):
    """One public version, whole."""

    queryset = PublicVersion.objects.none()
    serializer_class = VersionSerializer
    missing = gettext_lazy(
        "Không có thủ tục nào đang công bố mang mã này, hoặc thủ tục không có bản số này."
    )

    def get_object(self) -> PublicVersion:
        """The version with the record as it was beside it."""
        page = self.page()
        version = get_object_or_404(page.public_versions, number=self.kwargs["number"])
        if isinstance(page, ProcedurePage):
            version.page = page
        began = timezone.localtime(version.published_at).date()
        version.procedure = as_it_was(page, version, began)
        version.city = version.content
        version.changes = in_full(page, [version])[0].changes
        return version


class ProcedureOn(_OfProcedure, ProcedureDetail):
    """One procedure, whole, by its national code; ``as_on`` asks for a day that has passed."""

    def get_object(self) -> ProcedurePage:
        """The live procedure. Raises Gone for one that was taken off, Http404 for no procedure."""
        try:
            return super().get_object()
        except Http404:
            api_withdrawn.refuse(self.kwargs["code"])
            raise

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "as_on",
                OpenApiTypes.DATE,
                description="The record as it was when this day ended in Hanoi. "
                "400 for no date or a future one, 404 when nothing was public then.",
            )
        ],
        responses={200: ProcedureSerializer, 410: api_withdrawn.GoneSerializer},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Today's record, or that of the day asked for."""
        asked = request.query_params.get("as_on")
        if asked is None:
            return super().get(request, *args, **kwargs)
        try:
            day = day_asked(asked)
        except WrongDate as error:
            raise ParseError(str(error)) from error
        page = self.page()
        version = version_on(page, day)
        if version is None:
            raise NotFound(f"Ngày {day:%d/%m/%Y} thủ tục {page.code} chưa công bố hoặc đang bị gỡ.")
        # Without the view's context: a due date counted from today is no fact of that day.
        return Response(ProcedureSerializer(as_it_was(page, version, day)).data)
