"""Printed counter codes: editions, and how often they are scanned (rating.md §1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.models import Counter


class PosterCodeManager(models.Manager["PosterCode"]):
    """Finds codes in use."""

    def current(self) -> models.QuerySet[PosterCode]:
        """Codes that were not replaced."""
        return self.filter(replaced_on=None)


class PosterCode(models.Model):
    """One edition of the code printed for a counter.

    The first edition is the counter's own code; a replacement is a new random one. A replaced
    code is never used again and its sheets say that they were replaced.
    """

    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="poster_codes", verbose_name="quầy"
    )
    code = models.CharField("mã in", max_length=8, unique=True)
    edition = models.PositiveSmallIntegerField("lần in", default=1)
    issued_on = models.DateField("cấp ngày", auto_now_add=True)
    replaced_on = models.DateField("thay ngày", null=True, blank=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("lý do thay", max_length=255, blank=True)
    last_scan_on = models.DateField("quét lần cuối", null=True, blank=True)

    objects: ClassVar[PosterCodeManager] = PosterCodeManager()

    class Meta:
        verbose_name = "mã in tại quầy"
        verbose_name_plural = "mã in tại quầy"
        ordering = ["counter", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["counter", "edition"], name="poster_code_edition"),
            models.UniqueConstraint(
                fields=["counter"], condition=Q(replaced_on=None), name="poster_code_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.counter})"

    @property
    def serial(self) -> str:
        """Number printed on every sheet of this edition: ``000123-2``."""
        return f"{self.counter_id:06d}-{self.edition}"


class CodeScans(models.Model):
    """How often a printed code was opened on a day, within and outside the office's hours."""

    code = models.ForeignKey(PosterCode, on_delete=models.CASCADE, related_name="scans")
    day = models.DateField()
    in_hours = models.BooleanField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "lượt quét"
        verbose_name_plural = "lượt quét"
        constraints = [
            models.UniqueConstraint(fields=["code", "day", "in_hours"], name="code_scans_once")
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.day}: {self.count}"
