"""What people ask, without people: one row a day and question (docs/decisions/0062)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from search.masking import KEPT

PAGE, JSON = "page", "json"


class SearchedFor(models.Model):
    """How often a masked question was asked on a day (Hanoi), in a language, of page or JSON.

    ``last_total`` is the number of results the last time, ``empty`` how often there were none,
    ``near_only`` how often only guesses, ``corrected`` how often a slip was corrected. ``clicks``
    results were opened, whose places (1 is the first) sum to ``rank_sum``. Nothing else: no
    address, cookie, device, office or time of day.
    """

    #: What is added up; a row begins with zeros.
    COUNTS: ClassVar = ("count", "empty", "near_only", "corrected", "clicks", "rank_sum")
    KEY: ClassVar = ("day", "text", "language", "channel")

    day = models.DateField("ngày")
    text = models.CharField("câu hỏi", max_length=KEPT)
    language = models.CharField("ngôn ngữ", max_length=5)
    channel = models.CharField("kênh", max_length=4, choices=[(PAGE, "trang"), (JSON, "JSON")])
    count = models.PositiveIntegerField("lần hỏi", default=0)
    last_total = models.PositiveIntegerField("kết quả lần cuối", default=0)
    empty = models.PositiveIntegerField("lần không có kết quả", default=0)
    near_only = models.PositiveIntegerField("lần chỉ có phỏng đoán", default=0)
    corrected = models.PositiveIntegerField("lần sửa lỗi gõ", default=0)
    clicks = models.PositiveIntegerField("lần mở kết quả", default=0)
    rank_sum = models.PositiveIntegerField("tổng thứ hạng đã mở", default=0)

    class Meta:
        verbose_name = "câu hỏi của người dân"
        verbose_name_plural = "câu hỏi của người dân"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "text", "language", "channel"], name="asked_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.text}: {self.count}"
