"""Officers (người làm), their absences, and who handles what at which counter, and when."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from cms.models.counters import Counter
from cms.models.fields import Field
from cms.models.offices import Office, phone_validator

#: Stands for "no first day" where two assignments are compared.
EVER = date(1900, 1, 1)


class OfficerQuerySet(models.QuerySet["Officer"]):
    """Questions asked of officers. ``day`` is a day in Hanoi; None is today."""

    def employed(self, day: date | None = None) -> OfficerQuerySet:
        """Who works at the office on that day, present or not: all a public page may name."""
        day = day or timezone.localdate()
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), active=True)

    def leaders(self) -> OfficerQuerySet:
        """Heads first, then deputies, by name."""
        # "head" sorts after "deputy", so the order is turned around.
        return self.filter(role__in=[Officer.Role.HEAD, Officer.Role.DEPUTY]).order_by(
            "-role", "name", "pk"
        )


class Officer(ClusterableModel):
    """A person citizens may ask for by name: NĐ 118/2025 Đ9.8 (name, title, field, telephone)."""

    class Role(models.TextChoices):
        """Place of the officer in the office."""

        HEAD = "head", "Người đứng đầu"
        DEPUTY = "deputy", "Cấp phó"
        OFFICER = "officer", "Công chức, viên chức"

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="officers", verbose_name="cơ quan"
    )
    name = models.CharField("họ và tên", max_length=120)
    title = models.CharField("chức danh", max_length=160)
    role = models.CharField("vị trí", max_length=10, choices=Role, default=Role.OFFICER)
    field = models.ForeignKey(
        Field, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="lĩnh vực"
    )
    phone = models.CharField("điện thoại", max_length=30, blank=True, validators=[phone_validator])
    photo = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ảnh (không bắt buộc)",
    )
    last_day = models.DateField(
        "ngày làm việc cuối",
        null=True,
        blank=True,
        help_text="Khi nghỉ hưu, chuyển công tác: sau ngày này tên tự biến khỏi mọi trang.",
    )
    active = models.BooleanField(
        "đang làm việc", default=True, help_text="Bỏ chọn: tên biến khỏi mọi trang ngay lập tức."
    )
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "người làm"
        verbose_name_plural = "người làm"
        ordering = ["office_id", "name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"


class OfficerAbsenceQuerySet(models.QuerySet["OfficerAbsence"]):
    """Questions asked of absences. ``day`` is a day in Hanoi."""

    def on(self, day: date, offices: Any) -> OfficerAbsenceQuerySet:
        """The absences of that day at offices of these keys, substitutes included; one query."""
        return (
            self.filter(first_day__lte=day, last_day__gte=day, officer__office__in=offices)
            .select_related("substitute")
            .order_by("first_day", "pk")
        )


class OfficerAbsence(models.Model):
    """Days on which an officer is away, both inclusive, and who stands in.

    There is no field for the reason: illness and leave are private.
    """

    officer = ParentalKey(Officer, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến hết ngày")
    substitute = models.ForeignKey(
        Officer,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thay",
        help_text="Người cùng cơ quan. Để trống: người thay ghi ở phân công.",
    )

    objects = OfficerAbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "thời gian vắng mặt"
        verbose_name_plural = "thời gian vắng mặt"
        ordering: ClassVar = ["first_day"]

    def __str__(self) -> str:
        return f"{self.first_day:%d/%m/%Y} – {self.last_day:%d/%m/%Y}"

    def clean(self) -> None:
        """It ends after it begins; the substitute is a colleague of the same office."""
        problems = {}
        if self.first_day and self.last_day and self.last_day < self.first_day:
            problems["last_day"] = "Ngày cuối phải từ ngày đầu trở đi."
        if self.substitute and (officer := getattr(self, "officer", None)):
            if officer.pk and self.substitute.pk == officer.pk:
                problems["substitute"] = "Người thay phải là người khác."
            elif officer.office_id and self.substitute.office_id != officer.office_id:
                problems["substitute"] = "Người thay phải cùng cơ quan."
        if problems:
            raise ValidationError(problems)


class HandlingQuerySet(models.QuerySet["Handling"]):
    """Who handles what where. ``day`` is a day in Hanoi; None is today."""

    def valid(self, day: date | None = None) -> HandlingQuerySet:
        """Assignments that hold on that day, at counters in use."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gte=day),
            counter__active=True,
        )

    def with_people(self) -> HandlingQuerySet:
        """Counters, officers and substitutes in the same query, in the order of a page."""
        return self.select_related("counter", "officer", "substitute").order_by("rank", "id")

    def for_procedures(
        self,
        codes: Any,
        field_ids: Any,
        office_id: int,
        day: date | None = None,
    ) -> HandlingQuerySet:
        """What is known at one office about procedures of these codes and fields: one query."""
        return (
            self.valid(day)
            .filter(
                Q(procedure_code__in=list(codes))
                | Q(procedure_code="", field_id__in=list(field_ids)),
                counter__office_id=office_id,
            )
            .with_people()
        )


class Handling(models.Model):
    """An officer at a counter handles one procedure, or every procedure of a field.

    The procedure is kept by its national code, so that an assignment survives re-imports. It is
    no part of the procedure's page: who leaves must not stay in a published version.
    """

    counter = models.ForeignKey(
        Counter, on_delete=models.CASCADE, related_name="handlings", verbose_name="quầy"
    )
    officer = models.ForeignKey(
        Officer,
        on_delete=models.CASCADE,
        related_name="handlings",
        null=True,
        blank=True,
        verbose_name="người làm",
    )
    substitute = models.ForeignKey(
        Officer,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="người thay khi vắng",
    )
    field = models.ForeignKey(
        Field, on_delete=models.CASCADE, null=True, blank=True, verbose_name="lĩnh vực"
    )
    procedure_code = models.CharField(
        "mã thủ tục", max_length=32, blank=True, help_text="Để trống: mọi thủ tục của lĩnh vực."
    )
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_until = models.DateField("đến hết ngày", null=True, blank=True)
    rank = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints: ClassVar = [
            models.UniqueConstraint(
                "counter",
                # NULLs are distinct in a unique index, and two empty ones must not be.
                Coalesce("officer", Value(0)),
                Coalesce("field", Value(0)),
                "procedure_code",
                Coalesce("valid_from", Value(EVER)),
                name="handling_once",
                violation_error_message="Phân công này đã có.",
            ),
            models.CheckConstraint(
                condition=Q(field__isnull=False) | ~Q(procedure_code=""),
                name="handling_names_field_or_procedure",
                violation_error_message="Chọn lĩnh vực hoặc ghi mã thủ tục.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.procedure_code or self.field}"

    def clean(self) -> None:
        """Officer and substitute work at the counter's office; the days are in order."""
        problems = {}
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            problems["valid_until"] = "Ngày cuối phải từ ngày đầu trở đi."
        if self.counter_id:  # a form with no counter chosen says so at that field
            for name in ("officer", "substitute"):
                person = getattr(self, name)
                if person and person.office_id != self.counter.office_id:
                    problems[name] = "Người này không thuộc cơ quan của quầy."
        if self.substitute_id and self.substitute_id == self.officer_id:
            problems["substitute"] = "Người thay phải là người khác."
        if self.substitute_id and not self.officer_id:
            problems["officer"] = "Ghi người làm trước, rồi mới ghi người thay."
        if problems:
            raise ValidationError(problems)
