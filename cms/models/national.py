"""What the national record says, beside what the city publishes, and where the two disagree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.models.procedures import ProcedurePage


class NationalRecord(models.Model):
    """The national values of a procedure as last imported: the base of the next merge.

    ``values`` have the shape of ``Parsed.values``. ``before`` are those of the import before,
    kept because a version of the page that is older than this record still rests on them (a live
    page whose update waits as a draft, a publication approved earlier). ``merged_revision`` is
    the live revision that was found to need nothing of ``values`` although it is older.
    """

    page = models.OneToOneField(
        ProcedurePage, on_delete=models.CASCADE, related_name="national", verbose_name="thủ tục"
    )
    values = models.JSONField("giá trị của bản quốc gia")
    digest = models.CharField(max_length=64)
    source = models.CharField("tệp nguồn", max_length=255, blank=True)
    received_at = models.DateTimeField("nhận lúc")
    missing_since = models.DateField("không còn trong danh mục từ ngày", null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    merged_revision = models.BigIntegerField(null=True, blank=True)
    live_waits = models.BooleanField("bản đang đăng chưa nhận", default=False)

    class Meta:
        verbose_name = "bản quốc gia"
        verbose_name_plural = "bản quốc gia"
        indexes = (
            models.Index(
                fields=["missing_since"],
                name="national_missing",
                condition=Q(missing_since__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"Bản quốc gia của {self.page_id}"


class ImportConflict(models.Model):
    """A part that the city and a new national record both changed, each in its own way.

    ``part`` is an address of cms/merging.py, or ``local_rules/<block id>`` for a rule of the city
    whose national counterpart changed. ``base`` is what the record said before, ``ours`` what the
    page says, ``theirs`` what the record says now, as stored; JSON null means "not there".
    ``earlier`` are values of ``theirs`` that a newer record replaced while nobody had decided.
    """

    class Solution(models.TextChoices):
        """How it ended."""

        KEEP = "keep", "Giữ bản của thành phố"
        TAKE = "take", "Lấy bản quốc gia"
        EDIT = "edit", "Đã sửa"
        SAME = "same", "Hai bên đã giống nhau"
        WITHDRAWN = "withdrawn", "Nguồn trở lại như cũ"

    page = models.ForeignKey(
        ProcedurePage, on_delete=models.CASCADE, related_name="conflicts", verbose_name="thủ tục"
    )
    part = models.CharField("phần", max_length=255)
    name = models.CharField("tên gọi", max_length=255)
    base = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    earlier: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    found_at = models.DateTimeField("thấy lúc")
    solved_at = models.DateTimeField("giải quyết lúc", null=True, blank=True)
    solved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người giải quyết",
    )
    solution = models.CharField("cách giải quyết", max_length=9, choices=Solution, blank=True)

    class Meta:
        verbose_name = "xung đột với bản quốc gia"
        verbose_name_plural = "xung đột với bản quốc gia"
        constraints = (
            models.UniqueConstraint(
                fields=["page", "part"],
                condition=Q(solved_at__isnull=True),
                name="one_open_conflict_a_part",
            ),
        )

    def __str__(self) -> str:
        return f"{self.page_id}: {self.name}"
