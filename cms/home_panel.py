"""The editor's first screen: what waits for this person today, each with its number and a link.

Other rooms add their own lines with :func:`asks`; nothing here knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from cms.models import ImportConflict, ProcedurePage
from cms.reports.deadline import countdowns, share_on_time
from cms.reviews import due_for
from cms.scopes import scope_of


@dataclass(frozen=True)
class Work:
    """A line of the panel: how many, of what, where; ``urgent`` is said in words too."""

    count: int
    words: str
    url: str
    urgent: str = ""


#: Each is asked for one person; None when there is nothing to say.
_ASKED: list[Callable[[Any], Work | None]] = []


def asks(ask: Callable[[Any], Work | None]) -> Callable[[Any], Work | None]:
    """Add a line to everybody's panel."""
    _ASKED.append(ask)
    return ask


@asks
def to_approve(user: Any) -> Work | None:
    """Pages whose author waits for this person's approval."""
    waiting = TaskState.objects.reviewable_by(user).count()
    url = reverse("wagtailadmin_reports:workflow")
    return Work(waiting, "trang chờ bạn duyệt", f"{url}?reviewable=true")


@asks
def to_review(user: Any) -> Work | None:
    """Pages this person promised to look at again."""
    today = timezone.localdate()
    mine = due_for(user, today)
    late = sum(page.review_due is not None and page.review_due < today for page in mine)
    return Work(
        len(mine),
        "trang bạn phải rà soát",
        reverse("cms_report", args=["can-ra-soat"]),
        f"{late} trang quá hạn" if late else "",
    )


@asks
def decided(user: Any) -> Work | None:
    """Decisions that must be public within five working days."""
    scope = scope_of(user)
    mine = [one for one in countdowns() if scope.allows(one.page)]
    late = sum(one.left < 0 for one in mine)
    return Work(
        len(mine),
        "quyết định chưa lên trang",
        reverse("cms_report", args=["han-5-ngay"]),
        f"{late} quá 5 ngày làm việc" if late else "",
    )


@asks
def conflicts(user: Any) -> Work | None:
    """Parts where a new national record and the city disagree."""
    pages = scope_of(user).limit_pages(ProcedurePage.objects.all())
    found = ImportConflict.objects.filter(solved_at__isnull=True, page__in=pages.values("pk"))
    url = reverse("conflicts:index")
    return Work(found.count(), "chỗ khác với bản quốc gia", url)


class WorkPanel(Component):
    """*Việc hôm nay*."""

    name = "work"
    order = 50
    template_name = "cms/admin/home_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The lines with something to do, and the share of decisions published in time."""
        user = (parent_context or {})["request"].user
        lines = [line for ask in _ASKED if (line := ask(user)) and line.count]
        return {
            "lines": lines,
            "share": share_on_time(),
            "report_url": reverse("cms_report", args=["han-5-ngay"]),
        }
