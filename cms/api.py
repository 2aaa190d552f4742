"""JSON of what is published: procedures, offices, counters (docs: /api/v1/schema/).

Only live pages, open counters and active officers are ever shown. Everything is read-only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404

from cms import formatting, record
from cms.due import filing
from cms.due_page import reckoner
from cms.history import latest_version
from cms.models import Counter, Field, Office, OfficeHours, Officer, ProcedurePage, normal_code

#: What a list of procedures leaves in the database: one real record has 142 kB.
_LONG = ("steps", "cases", "legal_basis", "requirements", "result", "description", "import_notes")


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.Field):
    """A decimal as a JSON number: 10000, not "10000.00"."""

    def to_representation(self, value: Decimal) -> int | float:
        """Whole numbers without a fraction."""
        return int(value) if value == value.to_integral_value() else float(value)


class FieldSerializer(serializers.ModelSerializer[Field]):
    """A field (lĩnh vực)."""

    class Meta:
        model = Field
        fields = ["name", "slug"]


class TimeSerializer(serializers.Serializer[record.ProcessingTime]):
    """A time limit: number, unit, and the source's words. ``unit`` "" means it names none."""

    value = NumberField(allow_null=True)
    unit = serializers.ChoiceField(choices=[*record.TIME_UNITS, ""])
    text = serializers.CharField()
    display = serializers.SerializerMethodField()

    def get_display(self, time: record.ProcessingTime) -> str:
        """As the site shows it."""
        return formatting.time_text(time)


class FeeSerializer(serializers.Serializer[record.Fee]):
    """A fee: amount, currency ("" when the source names none), condition, the source's words."""

    amount = NumberField(allow_null=True)
    currency = serializers.CharField()
    currency_assumed = serializers.BooleanField(source="assumed")
    condition = serializers.CharField()
    text = serializers.CharField()
    display = serializers.SerializerMethodField()

    def get_display(self, fee: record.Fee) -> str:
        """As the site shows it: an amount of 0 alone never reads "Miễn phí"."""
        return formatting.fee_amount_text(fee)


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
    due_if_filed_today = serializers.SerializerMethodField()

    @extend_schema_field(DueSerializer(allow_null=True))
    def get_due_if_filed_today(self, channel: record.Channel) -> dict[str, Any] | None:
        """When the result is due if filed today (``filed_on=``: that day); null if unknown."""
        due = self.context.get("due")
        found = due.of(channel) if due else None
        return DueSerializer(found).data if found else None

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


class CaseSerializer(serializers.Serializer[record.DocumentCase]):
    """The papers of one case; ``name`` is "" when there is only one."""

    name = serializers.CharField()
    items = PaperSerializer(many=True)


class LegalBasisSerializer(serializers.Serializer[record.LegalBasis]):
    """A legal document by name and number."""

    name = serializers.CharField()
    number = serializers.CharField()


class ProcedureSummarySerializer(serializers.ModelSerializer[ProcedurePage]):
    """A procedure in a list."""

    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    field = serializers.CharField(source="field.name")
    levels = serializers.ListField(child=serializers.ChoiceField(choices=list(record.LEVELS)))
    processing_time = serializers.SerializerMethodField()
    fee = serializers.SerializerMethodField()
    published_at = serializers.DateTimeField(source="last_published_at")

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
        return formatting.time_summary(page.channel_rows)

    def get_fee(self, page: ProcedurePage) -> str:
        """All fees in a few words."""
        return formatting.fee_summary(page.channel_rows)


class ProcedureSerializer(ProcedureSummarySerializer):
    """The whole record of a procedure."""

    field = FieldSerializer()  # type: ignore[assignment]
    audience = serializers.ListField(child=serializers.CharField())
    steps = serializers.ListField(child=serializers.CharField(), source="step_rows")
    channels = ChannelSerializer(many=True, source="channel_rows")
    documents = CaseSerializer(many=True, source="case_rows")
    legal_basis = LegalBasisSerializer(many=True, source="legal_rows")
    version = serializers.SerializerMethodField()

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
            "version",
        ]

    def get_version(self, page: ProcedurePage) -> int:
        """The number of the public version, counted from 1."""
        version = getattr(page, "public_version", None) or latest_version(page)
        return version.number if version else 1


class HoursSerializer(serializers.ModelSerializer[OfficeHours]):
    """A span of opening hours; ``weekday`` 0 is Monday."""

    class Meta:
        model = OfficeHours
        fields = ["weekday", "opens", "closes"]


class OfficerSerializer(serializers.ModelSerializer[Officer]):
    """An officer as NĐ 118/2025 Đ9.8 makes public: name, title, field, telephone."""

    field = serializers.CharField(source="field.name", allow_null=True, default=None)

    class Meta:
        model = Officer
        fields = ["name", "title", "role", "field", "phone"]


class OfficeSerializer(serializers.ModelSerializer[Office]):
    """A one-stop office with its hours, its people and its counters."""

    name = serializers.CharField(source="title")
    url = serializers.SerializerMethodField()
    hours = HoursSerializer(many=True)
    officers = OfficerSerializer(many=True)
    counters = serializers.SlugRelatedField[Counter](slug_field="code", many=True, read_only=True)

    class Meta:
        model = Office
        fields = [
            "slug",
            "name",
            "kind",
            "address",
            "ward",
            "phone",
            "email",
            "url",
            "hours",
            "officers",
            "counters",
            "is_demo",
        ]

    def get_url(self, office: Office) -> str:
        """The public address."""
        return reverse("office", args=[office.slug])


class CounterOfficeSerializer(serializers.ModelSerializer[Office]):
    """The office of a counter."""

    name = serializers.CharField(source="title")

    class Meta:
        model = Office
        fields = ["slug", "name"]


class CounterSerializer(serializers.ModelSerializer[Counter]):
    """A counter: where dossiers are received, and what citizens rate at ``rating_url``."""

    office = CounterOfficeSerializer()
    main_field = FieldSerializer()
    fields = FieldSerializer(many=True)  # type: ignore[assignment]
    url = serializers.SerializerMethodField()
    rating_url = serializers.SerializerMethodField()

    class Meta:
        model = Counter
        fields = ["code", "name", "office", "main_field", "fields", "url", "rating_url", "is_demo"]

    def get_url(self, counter: Counter) -> str:
        """The public address."""
        return counter.get_absolute_url()

    def get_rating_url(self, counter: Counter) -> str:
        """What the QR code of the counter holds: upper case, so that the code stays small."""
        return f"{settings.PUBLIC_URL}/R/{counter.code}"


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


class OfficeList(ListAPIView[Office]):
    """All published offices."""

    queryset = (
        Office.objects.live()
        .order_by("title", "pk")
        .prefetch_related(
            "hours",
            Prefetch("officers", Officer.objects.filter(active=True).select_related("field")),
            Prefetch("counters", Counter.objects.filter(active=True)),
        )
    )
    serializer_class = OfficeSerializer


class CounterList(ListAPIView[Counter]):
    """All counters in use."""

    queryset = (
        Counter.objects.open()
        .select_related("office", "main_field")
        .prefetch_related("fields")
        .order_by("office_id", "name", "pk")
    )
    serializer_class = CounterSerializer


class CounterDetail(RetrieveAPIView[Counter]):
    """One counter by its code, read in any case."""

    queryset = CounterList.queryset
    serializer_class = CounterSerializer
    lookup_field = "code"

    def get_object(self) -> Counter:
        """O, I and L count as 0, 1 and 1, the way people type them."""
        return get_object_or_404(self.get_queryset(), code=normal_code(self.kwargs["code"]))
