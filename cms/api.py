"""JSON of published procedures (docs: /api/v1/schema/); offices are in cms/api_offices.py.

Only live pages, open counters and active officers are ever shown. Everything is read-only.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from cms import formatting, record
from cms.api_values import (
    AnnouncementSerializer,
    AppliedSerializer,
    FeeSerializer,
    LocalTextSerializer,
    NationalSerializer,
    StandingSerializer,
    TimeSerializer,
    WaiverSerializer,
    standing_json,
)
from cms.due import filing
from cms.due_page import reckoner
from cms.form_files import FormFile, as_json, forms_of
from cms.history import latest_version
from cms.models import Field, Office, ProcedurePage
from cms.reviews import is_overdue

#: What a list of procedures leaves in the database: one real record has 142 kB.
_LONG = ("steps", "cases", "legal_basis", "requirements", "result", "description", "import_notes")


class FieldSerializer(serializers.ModelSerializer[Field]):
    """A field (lĩnh vực)."""

    class Meta:
        model = Field
        fields = ["name", "slug"]


class DueSerializer(serializers.Serializer[dict[str, Any]]):
    """When the result may be there; the receipt (giấy hẹn) is what counts.

    ``received_on`` is the day the limit runs from; ``due_time`` is set for limits in hours;
    ``reasons`` are Vietnamese sentences."""

    filed_on = serializers.DateField()
    received_on = serializers.DateField()
    due_on = serializers.DateField()
    due_time = serializers.TimeField(allow_null=True)
    text = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class ChannelSerializer(serializers.Serializer[record.Channel]):
    """A way to hand in the dossier, with its own time and fees."""

    kind = serializers.ChoiceField(choices=list(record.CHANNELS))
    name = serializers.SerializerMethodField()
    time = TimeSerializer()
    fees = FeeSerializer(many=True)
    note = serializers.CharField()
    local_notes = LocalTextSerializer(many=True)
    national = serializers.SerializerMethodField()
    due_if_filed_today = serializers.SerializerMethodField()

    @extend_schema_field(DueSerializer(allow_null=True))
    def get_due_if_filed_today(self, channel: record.Channel) -> dict[str, Any] | None:
        """When the result is due if filed today (``filed_on=``: that day); null if unknown."""
        due = self.context.get("due")
        found = due.of(channel) if due else None
        return DueSerializer(found).data if found else None

    @extend_schema_field(NationalSerializer(allow_null=True))
    def get_national(self, channel: record.Channel) -> dict[str, Any] | None:
        """The national time and fees, where the city's stand above in their place."""
        if channel.national_time is None and channel.national_fees is None:
            return None
        return NationalSerializer(channel).data

    def get_name(self, channel: record.Channel) -> str:
        """The kind in Vietnamese."""
        return record.CHANNELS.get(channel.kind, channel.kind)


class PaperSerializer(serializers.Serializer[record.DocumentItem]):
    """A paper of the dossier; ``heading`` marks titles and notes that are no papers."""

    name = serializers.CharField()
    originals = serializers.IntegerField()
    copies = serializers.IntegerField()
    forms = serializers.ListField(child=serializers.CharField())
    heading = serializers.BooleanField()
    waived = WaiverSerializer(allow_null=True)


class CaseSerializer(serializers.Serializer[record.DocumentCase]):
    """The papers of one case; ``name`` is "" when there is only one."""

    name = serializers.CharField()
    items = PaperSerializer(many=True)


class LegalBasisSerializer(serializers.Serializer[record.LegalBasis]):
    """A legal document by name and number."""

    name = serializers.CharField()
    number = serializers.CharField()


class FormSerializer(serializers.Serializer[FormFile]):
    """A form to fill, as a file; ``type`` is its ending in capitals, ``size`` is in bytes."""

    name = serializers.CharField()
    url = serializers.CharField()
    type = serializers.CharField()
    size = serializers.IntegerField()


class ProcedureSummarySerializer(serializers.ModelSerializer[ProcedurePage]):
    """A procedure in a list."""

    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    field = serializers.CharField(source="field.name")
    levels = serializers.ListField(child=serializers.ChoiceField(choices=list(record.LEVELS)))
    processing_time = serializers.SerializerMethodField()
    fee = serializers.SerializerMethodField()
    published_at = serializers.DateTimeField(source="last_published_at", allow_null=True)

    class Meta:
        model = ProcedurePage
        fields: list[str] = [
            "code",
            "name",
            "url",
            "field",
            "levels",
            "processing_time",
            "fee",
            "published_at",
        ]

    def get_url(self, page: ProcedurePage) -> str:
        """The public address."""
        return reverse("procedure", args=[page.code])

    def get_processing_time(self, page: ProcedurePage) -> str:
        """All times in a few words."""
        return formatting.time_summary(page.channels_today)

    def get_fee(self, page: ProcedurePage) -> str:
        """All fees in a few words."""
        return formatting.fee_summary(page.channels_today)


class ProcedureSerializer(ProcedureSummarySerializer):
    """The whole record of a procedure."""

    field = FieldSerializer()  # type: ignore[assignment]
    audience = serializers.ListField(child=serializers.CharField())
    steps = serializers.ListField(child=serializers.CharField(), source="step_rows")
    channels = ChannelSerializer(many=True, source="channels_today")
    documents = CaseSerializer(many=True, source="cases_today")
    legal_basis = LegalBasisSerializer(many=True, source="legal_rows")
    announced = AnnouncementSerializer(many=True, source="announced_changes")
    local_conditions = LocalTextSerializer(many=True, source="conditions_today")
    standing = serializers.SerializerMethodField()
    applied = AppliedSerializer(source="*")
    review_due = serializers.DateField(allow_null=True)
    review_overdue = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()
    forms = serializers.SerializerMethodField()

    class Meta(ProcedureSummarySerializer.Meta):
        fields = [
            *ProcedureSummarySerializer.Meta.fields,
            "plain_name",
            "procedure_type",
            "decision_number",
            "levels_incomplete",
            "audience",
            "agency",
            "authority",
            "delegated_agency",
            "coordinating_agency",
            "issuing_body",
            "reception_address",
            "steps",
            "channels",
            "documents",
            "result",
            "requirements",
            "legal_basis",
            "description",
            "keywords",
            "source_url",
            "is_demo",
            "announced",
            "local_conditions",
            "standing",
            "review_due",
            "review_overdue",
            "applied",
            "version",
            "forms",
        ]

    @extend_schema_field(StandingSerializer)
    def get_standing(self, page: ProcedurePage) -> dict[str, Any]:
        """Active, paused or abolished, as it is today."""
        found: Any = standing_json(page)
        return StandingSerializer(found).data

    @extend_schema_field(FormSerializer(many=True))
    def get_forms(self, page: ProcedurePage) -> list[dict[str, str | int]]:
        """Forms as files."""
        return as_json(forms_of(page))

    def get_review_overdue(self, page: ProcedurePage) -> bool:
        """Whether the day on which somebody was to confirm the page has come."""
        return is_overdue(page)

    def get_version(self, page: ProcedurePage) -> int:
        """The number of the public version, counted from 1."""
        version = getattr(page, "public_version", None) or latest_version(page)
        return version.number if version else 1


def _live_procedures() -> QuerySet[ProcedurePage]:
    return ProcedurePage.objects.live().select_related("field").order_by("code")


class ProcedureList(ListAPIView[ProcedurePage]):
    """All published procedures, by code."""

    queryset = _live_procedures().defer(*_LONG)
    serializer_class = ProcedureSummarySerializer


@extend_schema(
    parameters=[
        OpenApiParameter("filed_on", OpenApiTypes.DATE, description="Reckon as if filed then."),
        OpenApiParameter("office", OpenApiTypes.STR, description="With the hours of that office."),
    ]
)
class ProcedureDetail(RetrieveAPIView[ProcedurePage]):
    """One procedure, whole, by its national code."""

    queryset = _live_procedures()
    serializer_class = ProcedureSerializer
    lookup_field = "code"
    missing = gettext_lazy("Không có thủ tục nào đang công bố mang mã này.")

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With what due days are reckoned from; a wrong day or office is a 400 that says so."""
        if args and isinstance(args[0], ProcedurePage):
            when = filing(self.request.query_params.get("filed_on"))
            if when.problem:
                raise serializers.ValidationError({"filed_on": [when.problem]})
            slug = self.request.query_params.get("office", "")
            office = Office.objects.live().filter(slug=slug).first() if slug else None
            if slug and office is None:
                raise serializers.ValidationError({"office": ["Không có cơ quan này."]})
            due = reckoner(args[0], when, office)
            kwargs["context"] = {**self.get_serializer_context(), "due": due}
        return super().get_serializer(*args, **kwargs)
