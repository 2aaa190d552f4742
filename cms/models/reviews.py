"""Reminders about reviews that were sent: each once, whatever happens to the worker."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cms.models.procedures import ProcedurePage


class ReviewReminder(models.Model):
    """One reminder about one review date of one page. It names nobody: who is asked is in the
    page, and a name here would outlive the person's job."""

    page = models.ForeignKey(
        ProcedurePage, on_delete=models.CASCADE, related_name="review_reminders"
    )
    due = models.DateField("hạn rà soát")
    stage = models.CharField("mức", max_length=8)
    sent_on = models.DateField("ngày nhắc")

    class Meta:
        verbose_name = "lần nhắc rà soát"
        verbose_name_plural = "lần nhắc rà soát"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "due", "stage"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.due:%d/%m/%Y} {self.stage}"
