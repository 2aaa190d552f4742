"""The public versions of a procedure: when it was published, and which facts changed.

They are read from Wagtail's own log of publications; no editor's name leaves it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail.models import PageLogEntry

from cms.models import ProcedurePage

#: Fields a citizen cares about → what they are called on the page.
PUBLIC_FACTS: dict[str, Promise] = {
    "title": gettext_lazy("tên thủ tục"),
    "decision_number": gettext_lazy("số quyết định"),
    "levels": gettext_lazy("cấp thực hiện"),
    "audience": gettext_lazy("đối tượng"),
    "steps": gettext_lazy("các bước"),
    "cases": gettext_lazy("giấy tờ"),
    "channels": gettext_lazy("thời gian, lệ phí"),
    "result": gettext_lazy("kết quả"),
    "requirements": gettext_lazy("yêu cầu, điều kiện"),
    "legal_basis": gettext_lazy("căn cứ pháp lý"),
    "agency": gettext_lazy("cơ quan thực hiện"),
    "authority": gettext_lazy("cơ quan có thẩm quyền"),
}
#: The history page compares at most this many versions: each one is a whole document.
NEWEST = 50


@dataclass(frozen=True)
class Publication:
    """One public version, numbered from 1; ``revision_id`` is None for what was never revised."""

    number: int
    published_at: datetime
    revision_id: int | None = None


@dataclass(frozen=True)
class Change:
    """A version with the decision it names and what changed since the version before."""

    publication: Publication
    decision_number: str
    facts: list[str]


def publications(page: ProcedurePage) -> list[Publication]:
    """The public versions of the page, newest first (one query).

    Publishing the same revision twice in a row (a scheduled publication writes two lines) is
    one version. A live page without any line in the log has one version of its own date.
    """
    rows = (
        PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish")
        .order_by("timestamp", "pk")
        .values_list("timestamp", "revision_id")
    )
    found: list[Publication] = []
    for moment, revision_id in rows:
        if found and revision_id is not None and revision_id == found[-1].revision_id:
            continue
        found.append(Publication(len(found) + 1, moment, revision_id))
    moment = page.last_published_at or page.first_published_at
    if not found and page.live and moment:
        found.append(Publication(1, moment, page.live_revision_id))
    return found[::-1]


def _plain(value: Any) -> Any:
    """Stored blocks without their ids, which change although nothing else does."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def changes(page: ProcedurePage) -> list[Change]:
    """The newest public versions with what changed in each (two queries), newest first."""
    versions = publications(page)[: NEWEST + 1]
    wanted = [version.revision_id for version in versions if version.revision_id]
    contents = dict(page.revisions.filter(pk__in=wanted).values_list("pk", "content"))
    found = []
    for position, version in enumerate(versions[:NEWEST]):
        content = contents.get(version.revision_id or 0)
        before = None
        if position + 1 < len(versions):
            before = contents.get(versions[position + 1].revision_id or 0)
        facts = []
        if content and before:
            facts = [
                str(name)
                for key, name in PUBLIC_FACTS.items()
                if _plain(content.get(key)) != _plain(before.get(key))
            ]
        decision = (content or {}).get("decision_number", "")
        if not content and position == 0:
            decision = page.decision_number
        found.append(Change(version, decision, facts))
    return found
