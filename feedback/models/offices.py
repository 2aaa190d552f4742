"""For those who act on the scores: staff of a counter, their batches of answers, letters."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from cms.models import Counter
from feedback.models.ratings import Channel


class CounterStaff(models.Model):
    """A person who works at a counter and may see its answers in batches.

    An officer (người làm) is what the public reads about a person; an account is who signs in.
    The two are not the same, and only this row says that an account works at a counter.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="counter_staff",
        verbose_name="người dùng",
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.CASCADE, related_name="staff", verbose_name="quầy"
    )

    class Meta:
        verbose_name = "người của quầy"
        verbose_name_plural = "người của quầy"
        ordering = ["counter__office_id", "counter__name", "user__username"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "counter"],
                name="counter_staff_once",
                violation_error_message="Người này đã được ghi cho quầy đó.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user.get_full_name() or self.user.get_username()} · {self.counter}"


class StaffBatch(models.Model):
    """At least five answers of one channel of a counter, as its staff see them: never changed.

    ``period`` is the first month of the bin of the open data that the batch is a part of, and
    ``through`` the last service day it has seen; neither is shown to the day. ``levels`` are the
    numbers of levels 1–5 of attitude, ``drivers`` those of each driver. ``closes`` says that it is
    the last of its period.
    """

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="staff_batches")
    channel = models.CharField(max_length=8, choices=Channel)
    period = models.DateField()
    number = models.PositiveSmallIntegerField()
    through = models.DateField()
    closes = models.BooleanField(default=False)
    levels = models.JSONField()
    drivers = models.JSONField()

    class Meta:
        verbose_name = "đợt đánh giá"
        verbose_name_plural = "đợt đánh giá"
        default_permissions: ClassVar = ("view",)
        ordering = ["-through", "channel", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "channel", "period", "number"], name="staff_batch_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.channel} {self.period:%m/%Y} ({self.number})"


class Digest(models.Model):
    """Which letters a person has asked for, and the last day each was sent for."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rating_digest"
    )
    weekly = models.BooleanField(
        "thư hằng tuần về việc cần làm",
        default=False,
        help_text="Sáng thứ Hai: góp ý chờ trả lời, vụ việc đang mở của cơ quan bạn.",
    )
    monthly = models.BooleanField(
        "thư hằng tháng về điểm",
        default=False,
        help_text="Khi một tháng được công bố: quầy nào lên, quầy nào xuống, việc nên làm.",
    )
    #: The Monday, and the first day of the month, that the last letter was about.
    weekly_sent = models.DateField(null=True, editable=False)
    monthly_sent = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = "thư tổng hợp"
        verbose_name_plural = "thư tổng hợp"
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return str(self.user_id)
