"""What citizens write beside a rating, and what an office does with it (rating.md §5).

Days only, no moments. The comment knows its counter itself, so that nobody who works with it has
to look at the rating it came with; its key is random, so that no order of comments tells an order
of ratings (docs/decisions/0078-*).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.models import Counter


class CommentState(models.TextChoices):
    """How far a comment is; every step is in :class:`CommentStep`."""

    RECEIVED = "received", "Đã nhận"
    ASSIGNED = "assigned", "Đã giao"
    ANSWERED = "answered", "Đã trả lời"
    PUBLISHED = "published", "Đã công khai"
    CLOSED = "closed", "Đã đóng, không công khai"


class Queue(models.TextChoices):
    """Who deals with it; nobody sees a comment that the worker has not sorted yet."""

    UNSORTED = "", "Chờ phân loại"
    OFFICE = "office", "Cơ quan"
    INSPECTORATE = "inspectorate", "Thanh tra"


class Comment(models.Model):
    """What a citizen wrote: held, masked, answered, and published by a person or not at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rating = models.OneToOneField(
        "feedback.Rating", on_delete=models.CASCADE, related_name="comment"
    )
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="comments")
    follow_up = models.CharField("mã theo dõi", max_length=16, unique=True)
    #: As it was written; empty once it has expired. Read it through feedback.comments only.
    text = models.TextField("nguyên văn", blank=True)
    #: The only text of it that any surface shows.
    masked = models.TextField("nội dung đã che", blank=True, default="")
    received_on = models.DateField("ngày nhận")
    original_until = models.DateField("giữ nguyên văn đến", null=True)
    queue = models.CharField(max_length=12, choices=Queue, default=Queue.UNSORTED, blank=True)
    state = models.CharField(max_length=9, choices=CommentState, default=CommentState.RECEIVED)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField("hạn trả lời", null=True)
    answer = models.TextField("trả lời", blank=True, default="")
    answered_on = models.DateField("ngày trả lời", null=True)
    fixed = models.TextField("đã sửa gì", blank=True, default="")
    fixed_on = models.DateField("ngày sửa", null=True)
    published_on = models.DateField("ngày công khai", null=True)
    #: False where one officer kept the counter alone that month: what is said of the counter is
    #: then said of a person, so the public reads it at the office, without the counter.
    names_counter = models.BooleanField("nêu tên quầy", default=True)
    closed_on = models.DateField("ngày đóng", null=True)
    closed_reason = models.TextField("lý do không công khai", blank=True, default="")

    class Meta:
        verbose_name = "góp ý"
        verbose_name_plural = "góp ý"
        default_permissions = ("view", "change")
        permissions: ClassVar = [
            ("publish_comment", "Công khai hoặc đóng góp ý"),
            ("read_original_comment", "Đọc nguyên văn góp ý"),
            ("oversee_comment", "Được nhắc khi góp ý quá hạn"),
            ("inspect_comment", "Xử lý góp ý chuyển thanh tra"),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "due_on"], name="comment_queue"),
            models.Index(fields=["counter", "published_on"], name="comment_published"),
            models.Index(fields=["original_until"], name="comment_original_until"),
        ]

    def __str__(self) -> str:
        return self.follow_up

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in (CommentState.RECEIVED, CommentState.ASSIGNED)


class StepKind(models.TextChoices):
    """What was done."""

    RECEIVED = "received", "Nhận"
    SORTED = "sorted", "Phân loại"
    ASSIGNED = "assigned", "Giao xử lý"
    READ = "read", "Mở nguyên văn"
    MASKED = "masked", "Che thêm"
    UNMASKED = "unmasked", "Bỏ che"
    ANSWERED = "answered", "Trả lời"
    PUBLISHED = "published", "Công khai"
    CLOSED = "closed", "Đóng, không công khai"
    FIXED = "fixed", "Ghi đã sửa"
    MOVED = "moved", "Chuyển nơi xử lý"
    REMINDED = "reminded", "Nhắc"
    EXPIRED = "expired", "Xoá nguyên văn"


class CommentStep(models.Model):
    """One line of a comment's log; written, never changed. No word of the citizen is in it."""

    # A running number of all steps would tell in which order a day's comments came.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField("thứ tự")
    on = models.DateField("ngày")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The person's name as it was; a deleted account leaves its deeds behind.
    by_name = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=9, choices=StepKind)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "bước xử lý góp ý"
        verbose_name_plural = "bước xử lý góp ý"
        default_permissions = ()
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="comment_step_number")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.kind} {self.on}"


class CommentReminder(models.Model):
    """A reminder that was sent: once for each stage of each due day."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    stage = models.CharField(max_length=8)
    sent_on = models.DateField()

    class Meta:
        verbose_name = "lần nhắc góp ý"
        verbose_name_plural = "lần nhắc góp ý"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "due_on", "stage"], name="comment_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.stage}"


class Contact(models.Model):
    """How the writer of a comment wants to be reached: by own consent, for a limited time."""

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, related_name="contact", primary_key=True
    )
    value = models.CharField("cách liên hệ", max_length=120)
    consented_on = models.DateField("đồng ý ngày")
    expires_on = models.DateField("xoá sau ngày")

    class Meta:
        verbose_name = "liên hệ"
        verbose_name_plural = "liên hệ"
        indexes = [models.Index(fields=["expires_on"], name="contact_expires")]

    def __str__(self) -> str:
        return str(self.expires_on)


@register_setting(icon="comment")
class CommentSettings(BaseGenericSetting):
    """How long an answer may take, and how long originals are kept: the city's own rules."""

    answer_days = models.PositiveSmallIntegerField(
        "hạn trả lời (ngày làm việc)",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="Tính theo lịch của cơ quan, từ ngày làm việc sau ngày nhận. Góp ý đã nhận giữ "
        "nguyên hạn cũ.",
    )
    kept_days = models.PositiveSmallIntegerField(
        "giữ nguyên văn (ngày)",
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(730)],
        help_text="Sau thời gian này nguyên văn bị xoá; bản đã che vẫn còn.",
    )

    panels: ClassVar = [FieldPanel("answer_days"), FieldPanel("kept_days")]

    class Meta:
        verbose_name = "xử lý góp ý"
