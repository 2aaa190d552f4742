"""*Ghi quyết định áp dụng*: one decision of the city written on many procedures at once.

A bulk action of Wagtail's lists. Each procedure gets the change alone, as cms/laying.py lays it:
a draft with other changes stays a draft. Live pages are published when the person may publish
them; otherwise, or when the gate of cms/publishing.py refuses, the change waits as a draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page, Revision

from cms import publishing
from cms.laying import Role, lay, locked
from cms.lookup import matching_procedures
from cms.models import ProcedurePage
from cms.signals import many_at_once, procedures_changed

#: Procedures written in one request: as many as fit into the time a request may take.
MOST = 300


class DecisionForm(forms.Form):
    """What the decision says."""

    applied = forms.ChoiceField(
        choices=[("yes", "Áp dụng tại thành phố"), ("no", "Không áp dụng tại thành phố")],
        initial="yes",
        widget=forms.RadioSelect,
        label="Quyết định",
    )
    decision = forms.CharField(
        max_length=255, label="Số quyết định", help_text="Số, ngày, cơ quan ban hành"
    )
    since = forms.DateField(widget=AdminDateInput, label="Từ ngày")


@dataclass(frozen=True)
class Written:
    """How many procedures were published with the decision, wait as drafts, or had it already."""

    published: int = 0
    drafts: int = 0
    unchanged: int = 0


def write_decision(
    *, pages: Iterable[int], applied: str, decision: str, since: date, user: Any
) -> Written:
    """Write the city's decision on each page (by id), each in a transaction of its own.

    Together they would keep citizens' ratings waiting for the only writer of SQLite. What a
    broken-off run did not reach is done by the next; the others are unchanged then.
    """
    published, drafts, unchanged = [], 0, 0
    with many_at_once(), publishing.because(f"Ghi quyết định áp dụng {decision}"):
        for pk in pages:
            with transaction.atomic():
                laid = _write(pk, applied=applied, decision=decision, since=since, user=user)
                if laid.live:
                    procedures_changed.send(sender=ProcedurePage, page_ids=[pk])
            if laid.live:
                published.append(pk)
            elif laid.draft:
                drafts += 1
            else:
                unchanged += 1
    return Written(len(published), drafts, unchanged)


def _write(pk: int, *, applied: str, decision: str, since: date, user: Any) -> Any:
    def change(version: ProcedurePage, role: Role, revision: Revision | None) -> bool:
        wanted = (applied, decision, since)
        if (version.applied, version.applied_decision, version.applied_from) == wanted:
            return False
        version.applied, version.applied_decision, version.applied_from = wanted
        return True

    page = locked(pk=pk)
    if page.live and page.permissions_for_user(user).can_publish():
        try:
            with transaction.atomic():
                return lay(page, change, publish=True, user=user)
        except publishing.PublishingRefused:
            page = locked(pk=pk)  # what the refused attempt wrote is undone
    return lay(page, change, publish=False, user=user)


class ApplyBulkAction(PageBulkAction):
    """The action in the footer of a list; other pages than procedures are left out by name."""

    display_name = "Ghi quyết định áp dụng"
    action_type = "apply"
    aria_label = "Ghi quyết định áp dụng cho các thủ tục đã chọn"
    template_name = "cms/admin/bulk_apply.html"
    action_priority = 5
    form_class = DecisionForm
    models: ClassVar = [Page]

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """Every procedure of the list *as it is filtered*, not all there are."""
        from cms.admin import ProcedureFilters

        asked = QueryDict(urlsplit(self.next_url).query)
        pages = ProcedurePage.objects.all()
        if parent_id is not None:
            pages = pages.child_of(Page.objects.get(pk=parent_id))
        pages = ProcedureFilters(asked, queryset=pages, request=self.request).qs
        if query := asked.get("q", "").strip():
            pages = pages.filter(pk__in=matching_procedures(query))
        return pages.order_by("title").values_list("pk", flat=True)

    def check_perm(self, page: Page) -> bool:
        """A procedure the person may edit and nobody has locked."""
        if page.cached_content_type.model_class() is not ProcedurePage:
            return False
        allowed = page.specific.permissions_for_user(self.request.user)
        return bool(allowed.can_edit() and not allowed.page_locked())

    def prepare_action(
        self, objects: list[Page], objects_without_access: Any
    ) -> HttpResponseRedirect | None:
        """Too many at once would hold up everybody else."""
        if len(objects) <= MOST:
            return None
        messages.error(
            self.request,
            f"Đã chọn {len(objects)} thủ tục; mỗi lần ghi được nhiều nhất {MOST}. Chưa đổi gì. "
            "Hãy lọc theo lĩnh vực rồi làm từng phần.",
        )
        return redirect(self.next_url)

    def get_execution_context(self) -> dict[str, Any]:
        """The form's values and the person."""
        assert self.cleaned_form is not None
        return {**super().get_execution_context(), **self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(
        cls,
        objects: list[Page],
        applied: str = "",
        decision: str = "",
        since: date | None = None,
        user: Any = None,
        **kwargs: Any,
    ) -> tuple[Any, int]:
        """Returns what was written in the place of Wagtail's count of parents."""
        assert since is not None
        pages = [page.pk for page in objects]
        written = write_decision(
            pages=pages, applied=applied, decision=decision.strip(), since=since, user=user
        )
        return written, 0

    def get_success_message(self, written: Any, num_child_objects: int) -> str:
        """What happened, in numbers."""
        parts = [
            (written.published, "đã đăng"),
            (written.drafts, "lưu thành bản nháp"),
            (written.unchanged, "đã có sẵn"),
        ]
        said = ", ".join(f"{number} {words}" for number, words in parts if number)
        return f"Đã ghi quyết định áp dụng: {said or 'không thủ tục nào'}."
