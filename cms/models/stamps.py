"""When what pages show last changed: one row per tag, written with the change itself."""

from __future__ import annotations

from django.db import models


class CacheStamp(models.Model):
    """The state of one tag (see cms/caching.py); any other number means "changed since"."""

    tag = models.CharField(max_length=80, primary_key=True)
    stamp = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.tag}: {self.stamp}"
