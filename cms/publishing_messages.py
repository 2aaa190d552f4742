"""What a reviewer reads after her decision: whether the page is public now, and as which version.

Wagtail says "saved" after an approval from the edit form, and nothing after one from its dialog.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowAction
from wagtail.models import Page

from cms.history import latest_version
from cms.models import ProcedurePage

SEE = "Xem trang công khai"


def tell(request: HttpRequest, pk: int, action: str) -> None:
    """Say where the page stands after ``action`` of a review step."""
    page = Page.objects.get(pk=pk).specific
    name = page.get_admin_display_title()
    if action == "reject":
        messages.success(request, f"Đã trả “{name}” về cho người viết sửa.")
    elif page.live and not page.has_unpublished_changes:
        version = latest_version(page) if isinstance(page, ProcedurePage) else None
        words = f"Đã duyệt. “{name}” đang công khai"
        words += f", bản {version.number}." if version else "."
        buttons = [messages.button(page.url, SEE, new_window=True)] if page.url else []
        messages.success(request, words, buttons=buttons)
    elif page.scheduled_revision:
        moment = timezone.localtime(page.scheduled_revision.approved_go_live_at)
        messages.success(
            request, f"Đã duyệt. “{name}” sẽ tự đăng lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}."
        )
    else:
        messages.warning(request, f"Đã ghi việc duyệt, nhưng “{name}” còn chờ duyệt, chưa đăng.")


def install() -> None:
    """Put these words in place of Wagtail's (called once, when apps load)."""
    perform, confirm = EditView.perform_workflow_action, EditView.add_save_confirmation_message
    post = WorkflowAction.post
    if getattr(perform, "worded", False):
        return

    def perform_in_words(self: Any) -> Any:
        self.decides = True
        return perform(self)

    def confirm_in_words(self: Any) -> None:
        if getattr(self, "decides", False):
            tell(self.request, self.page.pk, self.workflow_action)
        else:
            confirm(self)

    def post_in_words(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        before = self.task_state.status
        answer = post(self, request, *args, **kwargs)
        self.task_state.refresh_from_db()
        if self.task_state.status != before:
            tell(request, self.object.pk, self.action_name)
        return answer

    perform_in_words.worded = True  # type: ignore[attr-defined]
    EditView.perform_workflow_action = perform_in_words
    EditView.add_save_confirmation_message = confirm_in_words
    WorkflowAction.post = post_in_words
