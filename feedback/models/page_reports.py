""" "Thông tin này có đúng không?": what a citizen says about a procedure page, and the answer."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from cms.models import ProcedurePage


class PageReport(models.Model):
    """One report about one page. It holds a day and no moment, and nothing about the sender.

    The primary key is the UUID of the signed form, so that a form sent twice is one report.
    """

    class Part(models.TextChoices):
        """What of the page it is about."""

        STEPS = "steps", "Các bước"
        PAPERS = "papers", "Giấy tờ"
        TIME = "time", "Thời gian"
        FEES = "fees", "Lệ phí"
        PEOPLE = "people", "Người làm, nơi nộp"
        FORMS = "forms", "Mẫu đơn"
        OTHER = "other", "Phần khác"

    class Status(models.TextChoices):
        """Where the report stands; the citizen reads it by the follow-up code."""

        NEW = "new", "Mới nhận"
        LOOKING = "looking", "Đang kiểm tra"
        FIXED = "fixed", "Đã sửa trang"
        KEPT = "kept", "Không sửa, có lý do"

    #: Nothing more is to be done.
    CLOSED: ClassVar = (Status.FIXED, Status.KEPT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(
        ProcedurePage, on_delete=models.CASCADE, related_name="reports", verbose_name="thủ tục"
    )
    version = models.PositiveIntegerField("bản đang xem", null=True, editable=False)
    part = models.CharField("về phần", max_length=6, choices=Part)
    text = models.TextField("góp ý")
    follow_up = models.CharField("mã theo dõi", max_length=16, unique=True, editable=False)
    received_on = models.DateField("ngày nhận", editable=False)
    status = models.CharField("tình trạng", max_length=7, choices=Status, default=Status.NEW)
    answer = models.TextField(
        "trả lời",
        blank=True,
        max_length=4000,
        help_text="Người góp ý đọc được bằng mã theo dõi. Đừng chép lại thông tin riêng tư.",
    )
    answered_on = models.DateField("ngày trả lời", null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "góp ý về trang"
        verbose_name_plural = "góp ý về trang"
        ordering: ClassVar = ["received_on", "pk"]
        indexes: ClassVar = [models.Index(fields=["status", "received_on"], name="report_queue")]

    def __str__(self) -> str:
        return f"{self.page.code}: {self.get_part_display()}, {self.received_on:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The day of the answer is the day the report was closed."""
        if self.status in self.CLOSED:
            self.answered_on = self.answered_on or timezone.localdate()
        else:
            self.answered_on = None
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Whoever closes a report says why or what changed."""
        if self.status in self.CLOSED and not self.answer.strip():
            raise ValidationError(
                {"answer": "Hãy viết cho người góp ý biết đã sửa gì, hoặc vì sao không sửa."}
            )
