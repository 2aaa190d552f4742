"""What the site's processes tell each other."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class WorkerBeat(models.Model):
    """When the one worker was last seen alive; ``/readyz`` reads it (any web host can)."""

    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "nhịp của tiến trình nền"
        verbose_name_plural = "nhịp của tiến trình nền"

    def __str__(self) -> str:
        return self.seen_at.isoformat()

    @classmethod
    def touch(cls) -> None:
        """Say "alive" now."""
        cls.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now()})

    @classmethod
    def age(cls) -> float | None:
        """Seconds since the worker was seen; None when it never was."""
        beat = cls.objects.filter(pk=1).first()
        return None if beat is None else (timezone.now() - beat.seen_at).total_seconds()
