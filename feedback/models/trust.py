"""What trust is judged by, and what was decided: traces, cases, decisions, the public ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cms.models import Counter


class Trace(models.Model):
    """How a poster or display rating arrived; looked at by the worker, destroyed after 48 hours.

    ``window`` is the ten-minute slot of the day (0–143), ``seconds`` the time between opening
    and sending (null when it is not known), ``network`` and ``browser`` HMACs under the day's
    salt. Receipt ratings leave none.
    """

    rating = models.OneToOneField(
        "feedback.Rating", on_delete=models.CASCADE, primary_key=True, related_name="trace"
    )
    day = models.DateField()
    window = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(null=True)
    network = models.BinaryField(max_length=16, null=True)
    browser = models.BinaryField(max_length=16, null=True)

    class Meta:
        verbose_name = "dấu vết gửi"
        verbose_name_plural = "dấu vết gửi"
        indexes = [models.Index(fields=["day"], name="trace_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.window}"


class Signal(models.TextChoices):
    """Why answers are doubted (rating.md §4)."""

    BURST = "burst", "Dồn dập trong mười phút"
    EXCESS = "excess", "Nhiều hơn số lượt phục vụ"
    DEVICE = "device", "Một thiết bị gửi nhiều lần"
    DIVERGENCE = "divergence", "Áp phích khác hẳn giấy hẹn"
    SLIPS = "slips", "Mã một lần dùng dồn trong ngày"
    SCREEN = "screen", "Mã màn hình dùng dồn dập"
    AFTER_HOURS = "after_hours", "Ngoài giờ làm việc"
    TOO_FAST = "too_fast", "Trả lời dưới 3 giây"
    SAME_TEXT = "same_text", "Góp ý gần như giống nhau"
    PERSON = "person", "Người kiểm tra nghi ngờ"


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", "Chờ xem xét"
    UPHELD = "upheld", "Giữ lại, không tính"
    RELEASED = "released", "Tính lại"
    DISMISSED = "dismissed", "Không có gì sai"


class Case(models.Model):
    """Answers of one counter that are doubted for one reason, and what became of it.

    ``automatic``: its answers were quarantined at once. ``evidence`` holds the figures the signal
    was judged by (numbers only). Its answers point to it (``Rating.case``).
    """

    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="cases", verbose_name="quầy"
    )
    signal = models.CharField("dấu hiệu", max_length=11, choices=Signal)
    automatic = models.BooleanField("giữ lại tự động", default=False)
    state = models.CharField("tình trạng", max_length=9, choices=CaseState, default=CaseState.OPEN)
    opened_on = models.DateField("mở ngày")
    first_day = models.DateField("từ ngày")
    last_day = models.DateField("đến ngày")
    evidence = models.JSONField("số liệu", default=dict)
    contested_on = models.DateField("cơ quan phản đối ngày", null=True, blank=True)
    contested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    contest = models.TextField("lý do phản đối", blank=True)
    closed_on = models.DateField("kết thúc ngày", null=True, blank=True)
    #: What the public reads about the decision; without names of officers or citizens.
    public_note = models.TextField("kết luận công khai", blank=True)

    class Meta:
        verbose_name = "vụ việc"
        verbose_name_plural = "vụ việc"
        ordering = ["-opened_on", "-pk"]
        indexes = [models.Index(fields=["counter", "signal", "first_day"], name="case_found")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.counter}"


class Decision(models.Model):
    """What a person decided in a case; releasing quarantined answers takes two people."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField("quyết định", max_length=9, choices=CaseState)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("lúc", auto_now_add=True)
    note = models.TextField("căn cứ")

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class LedgerEntry(models.Model):
    """A line of the public ledger; each holds the digest of the one before (hash chain)."""

    number = models.PositiveIntegerField("dòng", primary_key=True)
    day = models.DateField("ngày")
    #: {"event", "signal", "count", "case", …}: what ``text`` of the hash is made from.
    content = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "dòng sổ công khai"
        verbose_name_plural = "sổ công khai"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:12]}"
