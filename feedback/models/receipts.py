"""One-time codes: month secrets, what was minted, what was spent, rolls of slips (rating.md §1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cms.models import Counter


class MonthSecret(models.Model):
    """The secret from which all code keys of a month are derived; destroyed 60 days after it.

    With it go the last ways to check a code, to find a receipt again and to name a nullifier.
    """

    month = models.DateField("tháng", unique=True, help_text="Ngày đầu tháng.")
    secret = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "khoá tháng"
        verbose_name_plural = "khoá tháng"

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"


class MintedKind(models.TextChoices):
    """What a one-time code was printed on."""

    RECEIPT = "receipt", "Giấy tiếp nhận"
    SUPPLEMENT = "supplement", "Phiếu yêu cầu bổ sung"
    REFUSAL = "refusal", "Phiếu từ chối"
    RESULT = "result", "Phiếu trả kết quả"
    SLIP = "slip", "Phiếu trong cuộn"


class ReceiptMark(models.Model):
    """A receipt was sent: HMAC of its outside number under a key of its month, nothing else.

    It makes sending again harmless. The code is not stored: it is derived from the same number,
    and ``code_mark``, its HMAC, tells the same receipt from one with another counter or day, and
    keeps two receipts from getting one code. Deleted with the month's secret.
    """

    mark = models.BinaryField(max_length=16, primary_key=True)
    code_mark = models.BinaryField(max_length=16, unique=True)
    month = models.DateField()

    class Meta:
        verbose_name = "dấu giấy tiếp nhận"
        verbose_name_plural = "dấu giấy tiếp nhận"
        indexes = [models.Index(fields=["month"], name="receiptmark_month")]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"


class Minted(models.Model):
    """How many one-time codes were minted: the denominator of the response rate."""

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=MintedKind)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "số mã đã cấp"
        verbose_name_plural = "số mã đã cấp"
        constraints = [
            models.UniqueConstraint(fields=["counter", "day", "kind"], name="minted_once")
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.day} {self.kind}: {self.count}"


class SpentCode(models.Model):
    """A code was used: its nullifier, ``HMAC(epoch key, code)``. No day, no counter, no answer.

    Without row numbers on SQLite, and written anew in random order every night: the order of
    these rows tells nothing about the order of the answers.
    """

    nullifier = models.BinaryField(max_length=16, primary_key=True)
    month = models.DateField()

    class Meta:
        verbose_name = "mã đã dùng"
        verbose_name_plural = "mã đã dùng"

    def __str__(self) -> str:
        return f"{self.month:%m/%Y}"


class SlipRoll(models.Model):
    """A numbered roll of slips for one counter and day; every slip on it counts as minted."""

    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="slip_rolls", verbose_name="quầy"
    )
    day = models.DateField("dùng cho ngày")
    number = models.PositiveSmallIntegerField("cuộn số", default=1)
    slips = models.PositiveSmallIntegerField("số phiếu")
    #: Slips from this number on were handed back unused, and are void; null when none were.
    void_from = models.PositiveSmallIntegerField("trả lại từ phiếu số", null=True, blank=True)
    void_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    printed_on = models.DateField("ngày in", auto_now_add=True)

    class Meta:
        verbose_name = "cuộn phiếu"
        verbose_name_plural = "cuộn phiếu"
        ordering = ["-day", "counter", "number"]
        constraints = [
            models.UniqueConstraint(fields=["counter", "day", "number"], name="slip_roll_once")
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.day:%d/%m/%Y} ({self.number})"


class OneStopSystem(models.Model):
    """A one-stop system that may send receipts; its token is kept as a digest only."""

    name = models.CharField("tên hệ thống", max_length=120, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    token_hint = models.CharField("bốn ký tự cuối của mã truy cập", max_length=4)
    created_on = models.DateField("ngày tạo", auto_now_add=True)
    last_used_on = models.DateField("dùng lần cuối", null=True, blank=True)
    revoked_on = models.DateField("thu hồi ngày", null=True, blank=True)

    class Meta:
        verbose_name = "hệ thống một cửa"
        verbose_name_plural = "hệ thống một cửa"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
