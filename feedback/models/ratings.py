"""Ratings as append-only events, the rollup kept beside them, and short-lived duplicate control."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from cms.models import Counter

#: What is asked, in the order of the form: item → question (rating.md §1; NĐ 118/2025 Đ33.1).
ITEMS = ("attitude", "time", "clarity", "fees")


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
    standing = models.CharField(max_length=11, choices=Standing, default=Standing.COUNTED)
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


class Comment(models.Model):
    """What a citizen wrote: held, never shown by itself, apart from the event's figures."""

    rating = models.OneToOneField(Rating, on_delete=models.CASCADE, related_name="comment")
    follow_up = models.CharField("mã theo dõi", max_length=16, unique=True)
    text = models.TextField("góp ý")
    received_on = models.DateField("ngày nhận")

    class Meta:
        verbose_name = "góp ý"
        verbose_name_plural = "góp ý"

    def __str__(self) -> str:
        return self.follow_up


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
