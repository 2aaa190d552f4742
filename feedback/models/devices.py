"""Screens of a counter: the display with its changing code, the kiosk tablet."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cms.models import Counter


class DeviceKind(models.TextChoices):
    """What a device shows."""

    DISPLAY = "display", "Màn hình tại quầy"
    KIOSK = "kiosk", "Máy tính bảng"


class Device(models.Model):
    """A screen that is bound to a counter by a secret of its own, until it is revoked.

    ``pairing_digest`` is SHA-256 of a one-time pairing code, ``key_digest`` of the random cookie
    that pairing leaves on the device. ``code_secret`` makes a display's changing codes; it stays
    on the server, the device gets codes for some hours ahead.
    """

    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="devices", verbose_name="quầy"
    )
    kind = models.CharField("loại", max_length=7, choices=DeviceKind)
    name = models.CharField("tên gọi", max_length=80, help_text="Ví dụ: Màn hình trái, Quầy 3")
    pairing_digest = models.BinaryField(max_length=32, null=True, editable=False)
    pairing_until = models.DateTimeField(null=True, editable=False)
    key_digest = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    code_secret = models.BinaryField(max_length=32, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_on = models.DateField("ngày tạo", auto_now_add=True)
    last_seen_on = models.DateField("thấy lần cuối", null=True, blank=True)
    revoked_on = models.DateField("thu hồi ngày", null=True, blank=True)

    class Meta:
        verbose_name = "thiết bị tại quầy"
        verbose_name_plural = "thiết bị tại quầy"
        ordering = ["counter", "kind", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"
