"""Monthly public figures, fixed when made (rating.md §3.9)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cms.models import Counter


class SnapshotManager(models.Manager["Snapshot"]):
    """Finds the snapshot in force."""

    def newest(self) -> Snapshot | None:
        """The newest month's snapshot, in its newest correction."""
        return self.order_by("-month", "-number").defer("open_data").first()


class Snapshot(models.Model):
    """The public figures of a finished month; a correction is a successor with a higher number."""

    month = models.DateField("tháng", help_text="Ngày đầu tháng.")
    number = models.PositiveSmallIntegerField("lần công bố", default=1)
    as_of = models.DateField("tính đến ngày")
    method = models.CharField("phương pháp", max_length=16)
    reason = models.TextField("lý do đính chính", blank=True)
    published_at = models.DateTimeField("công bố lúc", auto_now_add=True)
    #: gzip of the CSV described in contract.md; strangers recompute the scores from it.
    open_data = models.BinaryField()
    #: City-wide figures of the shown counters (same shape as SnapshotScore.figures).
    figures = models.JSONField(default=dict)

    objects: ClassVar[SnapshotManager] = SnapshotManager()

    class Meta:
        verbose_name = "bản công bố"
        verbose_name_plural = "bản công bố"
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="snapshot_month_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%m/%Y} ({self.number})"


class SnapshotScore(models.Model):
    """One counter in one snapshot. ``figures`` is the JSON body of contract.md, unrounded."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="scores")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="snapshot_scores")
    status = models.CharField(max_length=9)
    #: Slug of the counter's main field when the snapshot was made: who its peers were.
    main_field = models.CharField(max_length=255)
    figures = models.JSONField()
    #: Answers by channel and level of the attitude item, for the chart; empty when hidden.
    distribution = models.JSONField(default=dict)
    #: One officer kept the counter all month: it is public as a hidden one is (rating.md §3.8).
    of_one = models.BooleanField(default=False)
    #: What the office alone reads, as feedback/office_figures.py makes it; never public.
    office_only = models.JSONField(default=dict)

    class Meta:
        verbose_name = "điểm đã công bố"
        verbose_name_plural = "điểm đã công bố"
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "counter"], name="snapshot_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.counter_id}"
