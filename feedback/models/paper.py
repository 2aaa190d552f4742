"""Paper slips that two people type in, each alone (rating.md §1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cms.models import Counter


class PaperBatch(models.Model):
    """A bundle of paper slips of one counter and day; it counts when both typings agree."""

    class State(models.TextChoices):
        """Where the batch stands."""

        FIRST = "first", "Đang nhập lần một"
        SECOND = "second", "Chờ người thứ hai nhập"
        DIFFERS = "differs", "Hai lần nhập khác nhau"
        DONE = "done", "Đã tính"

    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="paper_batches", verbose_name="quầy"
    )
    day = models.DateField("ngày phục vụ")
    slips = models.PositiveSmallIntegerField("số phiếu giấy")
    state = models.CharField("tình trạng", max_length=7, choices=State, default=State.FIRST)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_on = models.DateField("ngày tạo", auto_now_add=True)

    class Meta:
        verbose_name = "tập phiếu giấy"
        verbose_name_plural = "tập phiếu giấy"
        ordering = ["-created_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.counter} {self.day:%d/%m/%Y}"


class PaperEntry(models.Model):
    """One slip as one of the two typed it; deleted when the batch has been counted."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="entries")
    typing = models.PositiveSmallIntegerField()  # 1 or 2
    place = models.PositiveSmallIntegerField("phiếu thứ")
    #: The printed one-time code of a numbered slip; "" for one without.
    code = models.CharField("mã trên phiếu", max_length=26, blank=True)
    #: attitude, time, clarity, fees, drivers.
    levels = models.JSONField()
    comment = models.TextField("góp ý", blank=True)

    class Meta:
        verbose_name = "phiếu giấy"
        verbose_name_plural = "phiếu giấy"
        ordering = ["batch", "typing", "place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "typing", "place"], name="paper_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.typing}/{self.place}"
