"""A file of offices between its preview and the editor's yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

#: How long a previewed file waits to be confirmed.
WAITS = timedelta(days=1)


class OfficeUpload(models.Model):
    """The bytes an editor has uploaded and not yet confirmed.

    Kept in the database and not in a folder, so that any web process may confirm what another
    one previewed; it names officers, so it is deleted on confirmation or after a day.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "tệp cơ quan chờ nhập"
        verbose_name_plural = "tệp cơ quan chờ nhập"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, user: Any, name: str, content: bytes) -> OfficeUpload:
        """Keep a new file of this user, in place of the one before and of all that waited long."""
        old = timezone.now() - WAITS
        cls.objects.filter(models.Q(user=user) | models.Q(created_at__lt=old)).delete()
        return cls.objects.create(user=user, name=name[-255:], content=content)
