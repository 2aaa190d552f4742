"""Days that differ from their weekday: swap days, extra days off, closures of one office."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from cms.models.offices import WEEKDAYS, Office


class WorkingDayChange(models.Model):
    """One day on which the city, or one office, works though it would not, or is off though it
    would work. The public holidays themselves come from a library and need no row; a row on a
    holiday wins over it, and a row of an office wins over one of the city."""

    class Kind(models.TextChoices):
        """What is different about the day."""

        OFF = "off", "Nghỉ"
        WORKS = "works", "Làm việc (làm bù)"

    date = models.DateField("ngày")
    kind = models.CharField("ngày này", max_length=5, choices=Kind, default=Kind.OFF)
    like_weekday = models.PositiveSmallIntegerField(
        "làm theo giờ của",
        choices=WEEKDAYS,
        null=True,
        blank=True,
        help_text="Chỉ với ngày làm việc: thứ Bảy làm bù cho thứ Hai thì chọn thứ Hai.",
    )
    name = models.CharField(
        "tên, lý do (công khai)",
        max_length=160,
        help_text="Ví dụ: nghỉ Tết Dương lịch; làm bù ngày 02/01; sửa chữa trụ sở.",
    )
    decision = models.CharField("theo văn bản", max_length=255, blank=True)
    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="day_changes",
        verbose_name="chỉ tại cơ quan",
        help_text="Để trống: cả thành phố.",
    )

    class Meta:
        verbose_name = "ngày làm bù, ngày nghỉ"
        verbose_name_plural = "ngày làm bù, ngày nghỉ"
        ordering = ["-date", "office_id"]
        constraints = [
            models.UniqueConstraint(
                "date",
                # NULLs are distinct in a unique index, and two empty ones must not be.
                Coalesce("office", Value(0)),
                name="one_change_a_day_and_office",
                violation_error_message="Ngày này đã có một dòng. Hãy sửa dòng đó.",
            ),
            models.CheckConstraint(
                condition=Q(kind="works") | Q(like_weekday__isnull=True),
                name="only_working_days_have_hours",
                violation_error_message="Ngày nghỉ thì không chọn giờ của thứ nào.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["date"], name="day_change_by_date")]

    def __str__(self) -> str:
        place = f" ({self.office.title})" if self.office else ""
        return f"{self.date:%d/%m/%Y}: {self.name}{place}"

    def clean(self) -> None:
        """A working day says whose hours it has; a day off has none."""
        if self.kind == self.Kind.WORKS and self.like_weekday is None:
            if isinstance(self.date, date) and self.date.weekday() < 5:
                self.like_weekday = self.date.weekday()
            else:
                raise ValidationError(
                    {"like_weekday": "Chọn thứ có giờ làm việc mà ngày làm bù này làm theo."}
                )
        if self.kind == self.Kind.OFF and self.like_weekday is not None:
            raise ValidationError({"like_weekday": "Ngày nghỉ thì không chọn giờ của thứ nào."})
