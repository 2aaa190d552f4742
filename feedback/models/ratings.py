"""Ratings as append-only events, the rollup kept beside them, and short-lived duplicate control."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from cms.models import Counter

#: What is asked, in the order of the form: item → question (rating.md §1; NĐ 118/2025 Đ33.1).
ITEMS = ("attitude", "time", "clarity", "fees")


#: What an answer about attitude is due to, good or bad: the same list after every answer, bit by
#: bit in ``Rating.drivers`` (the first is 1, the second 2, the third 4 …). Never reorder.
DRIVERS = ("manner", "listening", "explaining", "order", "waiting", "papers", "money")


class Channel(models.TextChoices):
    """How the citizen reached the form; trust falls from top to bottom (rating.md §1)."""

    RECEIPT = "receipt", "Mã trên giấy hẹn"
    DISPLAY = "display", "Màn hình tại quầy"
    POSTER = "poster", "Áp phích QR"


class Standing(models.TextChoices):
    """Whether a rating counts; nothing is ever deleted (rating.md §4)."""

    COUNTED = "counted", "Được tính"
    DUPLICATE = "duplicate", "Trùng trong ngày, không tính"
    QUARANTINED = "quarantined", "Giữ lại để kiểm tra"


class Reason(models.TextChoices):
    """Why an answer does not count, where its channel or browser alone decided."""

    NONE = "", "–"
    BROWSER = "browser", "Trình duyệt này đã đánh giá quầy hôm nay"
    STEP = "step", "Mã màn hình đã được dùng đủ ba lần"


class Rating(models.Model):
    """One submitted rating (an event).

    The primary key is the random UUID of the signed form, so it tells no order; there is a
    service day and no moment. Levels run 1–5; 0 is "chưa biết" and is in no score.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="ratings")
    channel = models.CharField(max_length=8, choices=Channel)
    service_day = models.DateField("ngày phục vụ")
    attitude = models.PositiveSmallIntegerField("thái độ")
    time = models.PositiveSmallIntegerField("thời gian", null=True)
    clarity = models.PositiveSmallIntegerField("hướng dẫn", null=True)
    fees = models.PositiveSmallIntegerField("phí, lệ phí", null=True)
    drivers = models.PositiveSmallIntegerField("điều làm nên câu trả lời", default=0)
    standing = models.CharField(max_length=11, choices=Standing, default=Standing.COUNTED)
    reason = models.CharField(max_length=7, choices=Reason, default=Reason.NONE, blank=True)
    #: The case that doubts it, if any; it stays after the decision.
    case = models.ForeignKey(
        "feedback.Case", null=True, on_delete=models.PROTECT, related_name="ratings"
    )
    #: The bundle of paper slips it was typed in with, if any.
    paper_batch = models.ForeignKey(
        "feedback.PaperBatch", null=True, on_delete=models.PROTECT, related_name="ratings"
    )
    answers_digest = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = "đánh giá"
        verbose_name_plural = "đánh giá"
        indexes = [models.Index(fields=["counter", "service_day"], name="rating_counter_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(attitude__gte=1, attitude__lte=5), name="rating_attitude_1_to_5"
            ),
            models.CheckConstraint(
                condition=(
                    (Q(time__isnull=True) | Q(time__lte=5))
                    & (Q(clarity__isnull=True) | Q(clarity__lte=5))
                    & (Q(fees__isnull=True) | Q(fees__lte=5))
                ),
                name="rating_levels_0_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.service_day}"


class Rollup(models.Model):
    """How many counted answers of one level an item got, per counter, channel and service day.

    Written in the transaction of the event; ``recount_ratings`` rebuilds it from the events.
    """

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=8, choices=[(item, item) for item in ITEMS])
    channel = models.CharField(max_length=8, choices=Channel)
    day = models.DateField()
    level = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "số đếm"
        verbose_name_plural = "số đếm"
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "item", "channel", "day", "level"], name="rollup_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.item} {self.channel} {self.day} {self.level}: {self.count}"


class DailySalt(models.Model):
    """The secret of one day's duplicate control; destroyed after 48 hours, in no backup."""

    day = models.DateField(unique=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "muối trong ngày"
        verbose_name_plural = "muối trong ngày"

    def __str__(self) -> str:
        return str(self.day)


class DeviceDay(models.Model):
    """A browser rated a counter on a day: HMAC of its random cookie under the day's salt."""

    day = models.DateField()
    mark = models.BinaryField(max_length=16, unique=True)

    class Meta:
        verbose_name = "dấu trình duyệt"
        verbose_name_plural = "dấu trình duyệt"
        indexes = [models.Index(fields=["day"], name="deviceday_day")]

    def __str__(self) -> str:
        return str(self.day)
