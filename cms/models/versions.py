"""Public versions of a procedure: what the page said, numbered, since when and why."""

from __future__ import annotations

import hashlib
import json
import uuid
import zlib
from typing import Any, ClassVar

from django.db import models
from wagtail.models import Revision

from cms.models.procedures import ProcedurePage


def canonical(content: dict[str, Any]) -> bytes:
    """One spelling of a content, so that equal contents have equal digests."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).encode()


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical spelling, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


class PublicVersion(models.Model):
    """What a page said from ``published_at`` until the next version or ``withdrawn_at``.

    A version keeps the facts themselves (see cms/snapshots.py), because revisions may be purged,
    and no name of an editor or officer. Rows are only ever added by cms/history.py. Adding a
    version is cheap and reading a list of them too: ``changes`` holds the gist of what changed,
    ``packed`` the whole content, compressed (a real record has 10 kB, at most 1 MB).

    A version outlives its page: who deletes a page deletes no public memory. The code then leads
    to it (docs/decisions/0050-*).
    """

    page = models.ForeignKey(
        ProcedurePage,
        on_delete=models.SET_NULL,
        null=True,
        related_name="public_versions",
        verbose_name="thủ tục",
    )
    #: The code under which it was published; finds the versions of a page that was deleted.
    code = models.CharField("mã thủ tục", max_length=32, db_index=True)
    number = models.PositiveIntegerField("bản số")
    #: Names the version for ever, in feeds, whatever the site's address.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    published_at = models.DateTimeField("công bố lúc")
    withdrawn_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    withdrawn_reason = models.TextField("lý do gỡ", blank=True)
    #: What was published, while it is kept; tells whether something was missing then.
    revision = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    decision_number = models.CharField("số quyết định", max_length=255, blank=True)
    reason = models.TextField("lý do thay đổi", blank=True)
    digest = models.CharField(max_length=64, editable=False)
    #: The gist of what changed since the version before (cms/change_gist.py).
    changes = models.JSONField(default=list, editable=False)
    #: How many changes there are in all; ``changes`` keeps the first few.
    change_count = models.PositiveIntegerField(default=0, editable=False)
    packed = models.BinaryField(editable=False)

    class Meta:
        verbose_name = "bản công bố"
        verbose_name_plural = "bản công bố"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "number"], name="one_version_per_number")
        ]
        indexes: ClassVar = [models.Index(fields=["-published_at", "-id"], name="version_newest")]

    def __str__(self) -> str:
        return f"{self.code}, bản {self.number}"

    @staticmethod
    def pack(content: dict[str, Any]) -> tuple[bytes, str]:
        """A content as stored, and its digest."""
        text = canonical(content)
        return zlib.compress(text, 1), hashlib.sha256(text).hexdigest()

    @property
    def content(self) -> dict[str, Any]:
        """The facts as they were (the shape is told in cms/snapshots.py)."""
        found: dict[str, Any] = json.loads(zlib.decompress(bytes(self.packed)))
        return found
