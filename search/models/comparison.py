"""What the nightly comparison of index and database found."""

from __future__ import annotations

from django.db import models


class IndexComparison(models.Model):
    """One comparison: how many entries were missing, too many, out of date; codes of the first.

    What was queued for the worker at that time is no difference.
    """

    at = models.DateTimeField("lúc", db_index=True)
    documents = models.PositiveIntegerField("số thủ tục đang công khai")
    missing = models.PositiveIntegerField("thiếu", default=0)
    superfluous = models.PositiveIntegerField("thừa", default=0)
    outdated = models.PositiveIntegerField("cũ", default=0)
    examples = models.JSONField("ví dụ", default=dict)
    damaged = models.BooleanField("hỏng", default=False)
    healed = models.BooleanField("đã đưa vào hàng đợi sửa", default=False)
    seconds = models.FloatField("số giây", default=0)

    class Meta:
        verbose_name = "lần đối chiếu chỉ mục"
        verbose_name_plural = "các lần đối chiếu chỉ mục"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}: {self.differences}"

    @property
    def differences(self) -> int:
        """How many entries differed."""
        return self.missing + self.superfluous + self.outdated
