"""JSON of single values of a procedure: times, fees, where each comes from, what will change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cms import formatting, local, record
from cms.models import ProcedurePage
from cms.standing import ABOLISHED, ACTIVE, PAUSED

Value = TypeVar("Value")


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.Field):
    """A decimal as a JSON number: 10000, not "10000.00"."""

    def to_representation(self, value: Decimal) -> int | float:
        """Whole numbers without a fraction."""
        return int(value) if value == value.to_integral_value() else float(value)


class SourceSerializer(serializers.Serializer[Value]):
    """Where a value comes from: ``source`` is "national" for the national record and for dated
    national rules, "city" for the city's own; decision and days are "" and null when unknown."""

    source = serializers.SerializerMethodField()  # type: ignore[assignment]
    decision = serializers.SerializerMethodField()
    valid_from = serializers.SerializerMethodField()
    valid_until = serializers.SerializerMethodField()

    @staticmethod
    def _of(value: Any) -> record.Source:
        return value.source or record.Source("national")

    @extend_schema_field(serializers.ChoiceField(choices=["national", "city"]))
    def get_source(self, value: Any) -> str:
        """Whose rule it is."""
        return self._of(value).origin

    def get_decision(self, value: Any) -> str:
        """The document, in the editor's words."""
        return self._of(value).decision

    def get_valid_from(self, value: Any) -> date | None:
        """The first day, Hanoi time."""
        return self._of(value).since

    def get_valid_until(self, value: Any) -> date | None:
        """The last day, Hanoi time."""
        return self._of(value).until


class TimeSerializer(SourceSerializer[record.ProcessingTime]):
    """A time limit: number, unit, and the source's words. ``unit`` "" means it names none."""

    value = NumberField(allow_null=True)
    unit = serializers.ChoiceField(choices=[*record.TIME_UNITS, ""])
    text = serializers.CharField()
    display = serializers.SerializerMethodField()

    def get_display(self, time: record.ProcessingTime) -> str:
        """As the site shows it."""
        return formatting.time_text(time)


class FeeSerializer(SourceSerializer[record.Fee]):
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


class NationalSerializer(serializers.Serializer[record.Channel]):
    """What the city's values take the place of; null where they take no value's place."""

    time = TimeSerializer(source="national_time", allow_null=True)
    fees = FeeSerializer(source="national_fees", many=True, allow_null=True)


class WaiverSerializer(SourceSerializer[record.LocalText]):
    """Why the city does not ask for a paper."""

    reason = serializers.CharField(source="text")


class LocalTextSerializer(SourceSerializer[record.LocalText]):
    """A note or condition of the city."""

    text = serializers.CharField()


class AnnouncementSerializer(SourceSerializer[local.Announcement]):
    """A change that takes effect by itself at 0:00, Hanoi time, of ``begins``.

    ``fees`` and ``time`` are the values from then on (null for other parts); for texts ``ends``
    says that ``text`` no longer holds. ``channels`` is empty for what concerns the whole page.
    """

    begins = serializers.DateField()
    part = serializers.ChoiceField(
        choices=[local.FEES, local.TIME, local.NOTE, local.CONDITION, local.WAIVED]
    )
    channels = serializers.ListField(child=serializers.ChoiceField(choices=list(record.CHANNELS)))
    fees = serializers.SerializerMethodField()
    time = serializers.SerializerMethodField()
    text = serializers.CharField()
    ends = serializers.BooleanField()

    @extend_schema_field(FeeSerializer(many=True, allow_null=True))
    def get_fees(self, change: local.Announcement) -> Any:
        """The fees from that day on."""
        fees: Any = list(change.fees)
        return FeeSerializer(fees, many=True).data if change.part == local.FEES else None

    @extend_schema_field(TimeSerializer(allow_null=True))
    def get_time(self, change: local.Announcement) -> Any:
        """The time limit from that day on."""
        return TimeSerializer(change.time).data if change.part == local.TIME else None


class StandingSerializer(serializers.Serializer[ProcedurePage]):
    """Whether citizens can use the procedure today. ``coming`` is what begins on a later
    ``from``; ``until`` is the last day of a pause."""

    status = serializers.ChoiceField(choices=[ACTIVE, PAUSED, ABOLISHED])
    coming = serializers.ChoiceField(choices=["", PAUSED, ABOLISHED])
    reason = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    replaced_by = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python and cannot be written as an attribute."""
        return {**super().get_fields(), "from": serializers.DateField(allow_null=True)}


def standing_json(page: ProcedurePage) -> dict[str, Any]:
    """The standing of today as :class:`StandingSerializer` shows it."""
    now, other = page.standing_now, page.live_replacement
    return {
        "status": now.state,
        "coming": now.coming,
        "reason": now.reason,
        "from": now.since,
        "until": now.until,
        "replaced_by": reverse("procedure", args=[other.code]) if other else None,
    }


class AppliedSerializer(serializers.Serializer[ProcedurePage]):
    """Whether the city applies the procedure by a decision of its own; "" is not recorded."""

    status = serializers.CharField(source="applied")
    decision = serializers.CharField(source="applied_decision")
    valid_from = serializers.DateField(source="applied_from", allow_null=True)
