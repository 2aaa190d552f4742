"""Letters about a page that waits for review go to those who may review it, not to the group."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState
from wagtail.signals import task_submitted

from cms.scopes import scope_of

#: Wagtail's own receiver of the same signal (wagtail/admin/signal_handlers.py).
_WAGTAILS = "group_approval_task_submitted_email_notification"


class ScopedSubmissionNotifier(GroupApprovalTaskStateSubmissionEmailNotifier):
    """Wagtail's letter, to the members of the group within whose scope the page is."""

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> QuerySet:
        """Fewer than Wagtail's, never others."""
        recipients = super().get_recipient_users(task_state, **kwargs).distinct()
        page = task_state.workflow_state.content_object
        theirs = [user.pk for user in recipients if scope_of(user).allows(page)]
        return get_user_model().objects.filter(pk__in=theirs)


_notifier = ScopedSubmissionNotifier()


def connect() -> None:
    """Take the place of Wagtail's receiver: under its own id, so that there is only one of them
    whichever app is ready first (a second receiver with an id that is taken is left out)."""
    task_submitted.disconnect(sender=TaskState, dispatch_uid=_WAGTAILS)
    task_submitted.connect(_notifier, sender=TaskState, dispatch_uid=_WAGTAILS)
