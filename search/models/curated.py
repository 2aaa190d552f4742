"""What editors curate and the product brings along: where a row comes from, who changed it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models, transaction

from cms.caching import touch

#: The tag of cms.caching that is touched whenever a curated row changes.
TAG = "language"
#: Rows of the city come after those of the product.
LAST = 1_000_000


class CuratedRow(models.Model):
    """A row that has a text form: shipped in a file of the product, or the city's own.

    ``key`` says which row it is, ``CONTENT`` names the columns that make its content.
    ``shipped_hash`` is that of the content the product brought last: while it is the row's own,
    nobody has edited the row, and it follows the product's next version.
    """

    SHIPPED, OWN = "shipped", "own"
    CONTENT: tuple[str, ...] = ()
    #: Tags of cms.caching that every change touches.
    TAGS: tuple[str, ...] = ()

    key = models.CharField(max_length=260, unique=True, editable=False)
    note = models.TextField("ghi chú", blank=True, default="")
    active = models.BooleanField("đang dùng", default=True)
    origin = models.CharField("nguồn", max_length=10, default=OWN, editable=False)
    rank = models.PositiveIntegerField(default=LAST, editable=False)
    shipped_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    changed_at = models.DateTimeField("sửa lúc", null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="người sửa",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With its key, and every process is told in the same transaction."""
        self.set_key()
        with transaction.atomic():
            super().save(*args, **kwargs)
            touch(*self.TAGS)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Gone, and every process is told."""
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            touch(*self.TAGS)
        return gone

    @property
    def content(self) -> tuple[Any, ...]:
        """The values that files carry."""
        return tuple(getattr(self, name) for name in self.CONTENT)

    def digest(self) -> str:
        """Hash of the content."""
        return hashlib.sha256(json.dumps(self.content).encode()).hexdigest()

    def take(self, other: CuratedRow) -> None:
        """The content of another row."""
        for name in self.CONTENT:
            setattr(self, name, getattr(other, name))

    @property
    def edited(self) -> bool:
        """A row of the product that an editor changed or switched off."""
        return self.origin == self.SHIPPED and (
            not self.active or self.digest() != self.shipped_hash
        )

    @property
    def origin_words(self) -> str:
        """Where it comes from, for lists."""
        if self.origin == self.OWN:
            return "của thành phố"
        return "có sẵn, đã sửa" if self.edited else "có sẵn"

    def as_text(self) -> str:
        """The row as its file has it, for histories and previews; may be several lines."""
        raise NotImplementedError

    def set_key(self) -> None:
        """Compute ``key`` from the content."""
        raise NotImplementedError
