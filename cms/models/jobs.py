"""Long work that runs in the worker: its state, its uploaded files and what became of each row."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone


def job_storage() -> Storage:
    """Files of jobs: beside the database and never below ``media/``, which everybody can read."""
    return storages["jobs"]


def _upload_path(instance: JobFile, filename: str) -> str:
    # The name on disk is ours: what somebody called a file never becomes a path.
    suffix = PurePath(filename).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ""
    return f"{instance.job_id}/source-{instance.position}{suffix}"


class Job(models.Model):
    """One piece of long work; cms/jobs.py runs it slice by slice, ``cursor`` is where it stands."""

    class State(models.TextChoices):
        """Waiting and running jobs are the worker's; the others move by a person only."""

        WAITING = "waiting", "Đang chờ"
        RUNNING = "running", "Đang chạy"
        STOPPED = "stopped", "Đã dừng"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Bị lỗi"
        CANCELLED = "cancelled", "Đã huỷ"

    #: States in which the worker has something to do.
    ACTIVE = (State.WAITING, State.RUNNING)
    #: States that nothing leads out of.
    CLOSED = (State.DONE, State.CANCELLED)

    kind = models.CharField("loại", max_length=40)
    title = models.CharField("tên", max_length=255)
    state = models.CharField(
        "trạng thái", max_length=10, choices=State, default=State.WAITING, db_index=True
    )
    options = models.JSONField("lựa chọn", default=dict, blank=True)
    cursor = models.JSONField("vị trí", default=dict, blank=True)
    serial = models.PositiveIntegerField("số lát đã ghi", default=0)
    attempts = models.PositiveIntegerField("số lần bắt đầu lại", default=0)
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", null=True, blank=True)
    message = models.CharField("đang làm gì", max_length=255, blank=True)
    result = models.JSONField("kết quả", default=dict, blank=True)
    result_file = models.FileField("tệp kết quả", storage=job_storage, max_length=255, blank=True)
    result_name = models.CharField("tên tệp kết quả", max_length=255, blank=True)
    error = models.TextField("lỗi", blank=True)
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name="làm tiếp của",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người tạo",
    )
    created_at = models.DateTimeField("tạo lúc", default=timezone.now)
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    heartbeat_at = models.DateTimeField("ghi lần cuối lúc", null=True, blank=True)
    finished_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    files_gone_at = models.DateTimeField("đã xoá tệp lúc", null=True, blank=True)

    class Meta:
        verbose_name = "công việc nền"
        verbose_name_plural = "công việc nền"
        ordering: ClassVar = ["-created_at", "-pk"]
        default_permissions: ClassVar = ()
        permissions: ClassVar = [("import_procedures", "Nhập thủ tục từ tệp")]

    def __str__(self) -> str:
        return self.title

    @property
    def active(self) -> bool:
        """Whether the worker has it in hand or will take it."""
        return self.state in self.ACTIVE

    @property
    def percent(self) -> int | None:
        """0 to 100, rounded down so that 100 means all of it; None while the total is unknown."""
        if self.state == self.State.DONE:
            return 100
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)

    @property
    def sources(self) -> list[JobFile]:
        """Its uploaded files in the order given; a job that follows another reads that one's."""
        own = list(self.files.all())
        return own if own or self.follows is None else self.follows.sources


class JobFile(models.Model):
    """A file somebody uploaded for a job."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(storage=job_storage, upload_to=_upload_path, max_length=255)
    name = models.CharField("tên tệp", max_length=255)
    size = models.PositiveBigIntegerField("dung lượng (byte)")

    class Meta:
        verbose_name = "tệp của công việc"
        verbose_name_plural = "tệp của công việc"
        ordering: ClassVar = ["position"]
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """What an import, or its preview, made of one row of the uploaded files.

    The rows are also the import's memory: duplicates are found in them after a restart.
    """

    class Outcome(models.TextChoices):
        """Every row ends in exactly one of these."""

        CREATED = "created", "Thêm mới"
        CHANGED = "changed", "Thay đổi"
        UNCHANGED = "unchanged", "Không đổi"
        REJECTED = "rejected", "Bị từ chối"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField("thứ tự")
    file = models.CharField("tệp", max_length=255)
    line = models.PositiveIntegerField("dòng")
    code = models.CharField("mã thủ tục", max_length=64, blank=True)
    title = models.CharField("tên", max_length=255, blank=True)
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome)
    reason = models.TextField("lý do từ chối", blank=True)
    warnings = models.JSONField("cảnh báo", default=list, blank=True)
    kinds = models.TextField("loại cảnh báo, mỗi loại giữa hai dấu gạch đứng", blank=True)
    differences = models.JSONField("khác nhau", default=list, blank=True)
    #: Of the first row of a code only: what a second row of that code is compared with.
    digest = models.CharField(max_length=64, blank=True)
    name_key = models.CharField(max_length=64, blank=True)
    steps_key = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "dòng của lần nhập"
        verbose_name_plural = "dòng của lần nhập"
        ordering: ClassVar = ["position"]
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "position"], name="one_row_per_position")
        ]
        indexes: ClassVar = [models.Index(fields=["job", "outcome", "position"])]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.code}"
