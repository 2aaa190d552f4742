"""JSON of published offices and counters, with who is on duty today (docs: /api/v1/schema/).

Names come from the tables at the moment of the question: who left is gone at once.
"""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView, get_object_or_404

from cms.api import FieldSerializer
from cms.api_values import NumberField
from cms.models import Counter, Handling, Office, OfficeHours, Officer, normal_code
from cms.people import OnDuty, Roster
from cms.rating_links import replaced_codes


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


class ColleagueSerializer(serializers.ModelSerializer[Officer]):
    """The officer somebody stands in for, by name and title; why is not said."""

    class Meta:
        model = Officer
        fields = ["name", "title"]


class OnDutySerializer(serializers.Serializer[OnDuty]):
    """An officer on duty today; ``instead_of`` is null unless a colleague is away."""

    name = serializers.CharField(source="officer.name")
    title = serializers.CharField(source="officer.title")
    phone = serializers.CharField(source="officer.phone")
    instead_of = ColleagueSerializer(allow_null=True)


class _OnDutyMixin(serializers.Serializer[Any]):
    """``officers_on_duty`` of a counter whose assignments are prefetched."""

    officers_on_duty = serializers.SerializerMethodField()

    @extend_schema_field(OnDutySerializer(many=True))
    def get_officers_on_duty(self, counter: Counter) -> Any:
        """Today, in the order of the counter's page."""
        roster: Roster = self.context["roster"]
        found: Any = roster.on_duty(counter.handlings.all())
        return OnDutySerializer(found, many=True).data


class OfficeCounterSerializer(_OnDutyMixin, serializers.ModelSerializer[Counter]):
    """A counter within its office."""

    main_field = FieldSerializer()
    fields = FieldSerializer(many=True)  # type: ignore[assignment]

    class Meta:
        model = Counter
        fields = ["code", "name", "main_field", "fields", "officers_on_duty"]


class OfficeSerializer(serializers.ModelSerializer[Office]):
    """A one-stop office with its hours, its people and its counters.

    ``levels`` are those whose procedures it takes; ``part_of`` is the slug of its centre or
    branch; ``counters`` are codes, ``counter_details`` the same counters with fields and people.
    """

    name = serializers.CharField(source="title")
    url = serializers.SerializerMethodField()
    part_of = serializers.SerializerMethodField()
    wards = serializers.ListField(child=serializers.CharField())
    levels = serializers.ListField(
        child=serializers.ChoiceField(choices=["province", "commune"]), source="served_levels"
    )
    latitude = NumberField(allow_null=True)
    longitude = NumberField(allow_null=True)
    hours = HoursSerializer(many=True)
    officers = OfficerSerializer(many=True)
    counters = serializers.SlugRelatedField[Counter](slug_field="code", many=True, read_only=True)
    counter_details = OfficeCounterSerializer(source="counters", many=True)

    class Meta:
        model = Office
        fields = [
            "slug",
            "name",
            "kind",
            "part_of",
            "address",
            "ward",
            "wards",
            "levels",
            "latitude",
            "longitude",
            "phone",
            "email",
            "url",
            "hours",
            "officers",
            "counters",
            "counter_details",
            "is_demo",
        ]

    def get_url(self, office: Office) -> str:
        """The public address."""
        return reverse("office", args=[office.slug])

    def get_part_of(self, office: Office) -> str | None:
        """The slug of the office above, when it is published."""
        above = office.part_of
        return above.slug if above and above.live else None


class CounterOfficeSerializer(serializers.ModelSerializer[Office]):
    """The office of a counter."""

    name = serializers.CharField(source="title")

    class Meta:
        model = Office
        fields = ["slug", "name"]


class CounterSerializer(_OnDutyMixin, serializers.ModelSerializer[Counter]):
    """A counter: where dossiers are received, and what citizens rate at ``rating_url``."""

    office = CounterOfficeSerializer()
    main_field = FieldSerializer()
    fields = FieldSerializer(many=True)  # type: ignore[assignment]
    url = serializers.SerializerMethodField()
    rating_url = serializers.SerializerMethodField()

    class Meta:
        model = Counter
        fields = [
            "code",
            "name",
            "office",
            "main_field",
            "fields",
            "officers_on_duty",
            "url",
            "rating_url",
            "is_demo",
        ]

    def get_url(self, counter: Counter) -> str:
        """The public address."""
        return counter.get_absolute_url()

    def get_rating_url(self, counter: Counter) -> str:
        """What the QR code of the counter holds: upper case, so that the code stays small."""
        kept = cast(dict[str, Any], self.context)
        codes = kept.get("rating_codes")
        if codes is None:
            codes = kept["rating_codes"] = replaced_codes()
        return f"{settings.PUBLIC_URL}/R/{codes.get(counter.pk, counter.code)}"


class _WithRoster:
    """Who is away today, asked once for all rows of an answer and not when the process began."""

    def get_serializer_context(self) -> dict[str, Any]:
        """``roster`` for the offices of the answer."""
        context: dict[str, Any] = super().get_serializer_context()  # type: ignore[misc]
        return {**context, "roster": Roster(getattr(self, "office_ids", ()))}

    def paginate_queryset(self, queryset: Any) -> Any:
        """Notes whose offices are answered for."""
        page = super().paginate_queryset(queryset)  # type: ignore[misc]
        self.office_ids = {getattr(one, "office_id", one.pk) for one in page or ()}
        return page


def _handlings() -> Prefetch:
    return Prefetch("handlings", Handling.objects.valid().with_people())


class OfficeList(_WithRoster, ListAPIView[Office]):
    """All published offices."""

    serializer_class = OfficeSerializer

    def get_queryset(self) -> QuerySet[Office]:
        """Asked anew each time: it holds the day."""
        counters = (
            Counter.objects.filter(active=True)
            .select_related("main_field")
            .prefetch_related("fields", _handlings())
        )
        return (
            Office.objects.live()
            .select_related("part_of")
            .order_by("title", "pk")
            .prefetch_related(
                "hours",
                Prefetch("officers", Officer.objects.employed().select_related("field")),
                Prefetch("counters", counters),
            )
        )


def _counters() -> QuerySet[Counter]:
    return (
        Counter.objects.open()
        .select_related("office", "main_field")
        .prefetch_related("fields", _handlings())
        .order_by("office_id", "name", "pk")
    )


class CounterList(_WithRoster, ListAPIView[Counter]):
    """All counters in use."""

    serializer_class = CounterSerializer

    def get_queryset(self) -> QuerySet[Counter]:
        """Asked anew each time: it holds the day."""
        return _counters()


class CounterDetail(_WithRoster, RetrieveAPIView[Counter]):
    """One counter by its code, read in any case."""

    serializer_class = CounterSerializer
    lookup_field = "code"
    missing = gettext_lazy("Không có quầy nào đang hoạt động mang mã này.")

    def get_queryset(self) -> QuerySet[Counter]:
        """Asked anew each time: it holds the day."""
        return _counters()

    def get_object(self) -> Counter:
        """O, I and L count as 0, 1 and 1, the way people type them."""
        found = get_object_or_404(self.get_queryset(), code=normal_code(self.kwargs["code"]))
        self.office_ids = {found.office_id}
        return found
