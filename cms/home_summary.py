"""The counts at the top of the editor's first screen: what this person works on, no more."""

from __future__ import annotations

from typing import Any

from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import page_permission_policy

from cms.models import Counter, Office, Officer, ProcedureIndexPage, ProcedurePage
from cms.scopes import scope_of


class SummaryCounts(SummaryItem):
    """How many procedures, drafts, offices, counters and officers, within the person's scope."""

    order = 10
    template_name = "cms/admin/summary.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Five counts; the two of procedures are None for who has nothing to do with them."""
        user = self.request.user
        scope = scope_of(user)
        counts: dict[str, Any] = {
            "offices": scope.limit(Office.objects.filter(live=True)).count(),
            "counters": scope.limit(Counter.objects.filter(active=True)).count(),
            "officers": scope.limit(Officer.objects.filter(active=True)).count(),
        }
        if works_on_procedures(user):
            mine = scope.limit_pages(ProcedurePage.objects.all())
            counts["procedures"] = mine.filter(live=True).count()
            counts["drafts"] = mine.filter(has_unpublished_changes=True).count()
        # An author of some fields has no office in her scope: no row of noughts for her.
        return {name: number for name, number in counts.items() if _hers(name, scope)}


def _hers(name: str, scope: Any) -> bool:
    return scope.everything or bool(
        scope.fields if name in ("procedures", "drafts") else scope.offices
    )


def works_on_procedures(user: Any) -> bool:
    """Whether the person's groups may write or publish procedures, and her scope has a field."""
    scope = scope_of(user)
    if not (scope.everything or scope.fields):
        return False
    return bool(
        page_permission_policy.instances_user_has_any_permission_for(
            user, ["add", "change", "publish"]
        )
        .filter(pk__in=ProcedureIndexPage.objects.values("pk"))
        .exists()
    )
