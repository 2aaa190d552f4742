"""Lĩnh vực: the fields procedures and counters are sorted by."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from cms.text import fold


class FieldManager(models.Manager["Field"]):
    """Finds or makes fields by their name."""

    def named(self, name: str) -> Field:
        """The field of that name (spaces and case do not matter); made when it is new."""
        name = " ".join(name.split())
        slug = slugify(fold(name))[:150] or "khac"
        return self.get_or_create(slug=slug, defaults={"name": name})[0]


class Field(models.Model):  # type: ignore[django-manager-missing] # Wagtail's managers have no types
    """A field (lĩnh vực) such as *Hộ tịch*."""

    name = models.CharField("tên lĩnh vực", max_length=255)
    slug = models.SlugField("đường dẫn", max_length=150, unique=True)

    objects: ClassVar[FieldManager] = FieldManager()

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The slug is made from the name, without marks, when the field is new."""
        if not self.slug:
            self.slug = slugify(fold(self.name or ""))[:150] or "khac"
            if Field.objects.filter(slug=self.slug).exists():
                raise ValidationError({"name": "Đã có lĩnh vực mang tên này."})
