"""Who may edit what, and what went live although something was missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext_noop
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState

from cms.models.fields import Field
from cms.models.offices import Office
from cms.scopes import scope_of


class EditorScope(models.Model):
    """Where one person works: the fields and offices she may touch.

    It hangs on the person, not on the group: a group says what is done (write, review), and
    members of one group work for different fields and offices. Without a scope, or with an empty
    one, the groups' rights hold everywhere.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="editor_scope",
        verbose_name="người dùng",
    )
    fields = models.ManyToManyField(
        Field, blank=True, related_name="+", verbose_name="lĩnh vực được làm"
    )
    offices = models.ManyToManyField(
        Office, blank=True, related_name="+", verbose_name="cơ quan được làm"
    )

    class Meta:
        verbose_name = "phạm vi biên tập"
        verbose_name_plural = "phạm vi biên tập"
        ordering = ["user__username"]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def where(self) -> str:
        """Fields and offices in one line, for the list."""
        names = [one.name for one in self.fields.all()] + [one.title for one in self.offices.all()]
        return "; ".join(names) or "Mọi nơi mà nhóm cho phép"


class IncompletePublication(models.Model):
    """A revision that was published, or given a time to go live, while something was missing.

    ``missing`` holds ids of requirements (cms/requirements.py). ``user`` is empty when no person
    did it (an import from the command line, a time that came).
    """

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name="thủ tục"
    )
    revision = models.OneToOneField(
        Revision, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="phiên bản"
    )
    reason = models.TextField("lý do", blank=True)
    missing = models.JSONField("còn thiếu", default=list)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="người đăng",
    )
    created_at = models.DateTimeField("lúc", auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "lần đăng khi chưa đủ"
        verbose_name_plural = "những lần đăng khi chưa đủ"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        permissions = [("publish_incomplete", "Đăng thủ tục khi còn thiếu, có nêu lý do")]

    def __str__(self) -> str:
        return f"{self.page}: {self.reason}"


class ReasonForm(TaskStateCommentForm):
    """The reason for letting an incomplete page out."""

    comment = forms.CharField(
        label="Lý do đăng khi còn thiếu", widget=forms.Textarea({"rows": 2}), max_length=2000
    )


class ReviewTask(AbstractGroupApprovalTask):
    """Wagtail's approval by groups, within each reviewer's fields and offices."""

    APPROVE_INCOMPLETE = "approve_incomplete"

    class Meta:
        verbose_name = "bước duyệt theo phạm vi"
        verbose_name_plural = "bước duyệt theo phạm vi"

    def _reviews(self, obj: Any, user: Any) -> bool:
        return user.is_superuser or (self._user_in_groups(user) and scope_of(user).allows(obj))

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Reviewers of this field or office."""
        return self._reviews(obj, user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While it is under review, only its reviewers change it."""
        return not self._reviews(obj, user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        """Reviewers of this field or office."""
        return self._user_in_groups(user) and scope_of(user).allows(obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Approve, ask for changes; approve with a reason where something is missing."""
        from cms.publishing import PERMISSION, missing

        if not self._reviews(obj, user):
            return []
        actions = [
            ("reject", "Yêu cầu sửa", True),
            ("approve", "Duyệt", False),
            ("approve", "Duyệt kèm lời nhắn", True),
        ]
        if user.has_perm(PERMISSION) and missing(obj.get_latest_revision_as_object()):
            actions.append((self.APPROVE_INCOMPLETE, "Duyệt khi còn thiếu, nêu lý do", True))
        return actions

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """A reason is not optional."""
        if action == self.APPROVE_INCOMPLETE:
            return ReasonForm
        return super().get_form_for_action(action)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Whole or not at all: a refused publication leaves the page under review."""
        from cms.publishing import because

        if action_name != "reject":
            self._approves_what_she_saved(task_state, user)
        if action_name != self.APPROVE_INCOMPLETE:
            return super().on_action(task_state, user, action_name, **kwargs)
        with because(kwargs.get("comment", "")):
            return super().on_action(task_state, user, "approve", **kwargs)

    @staticmethod
    def _approves_what_she_saved(task_state: TaskState, user: Any) -> None:
        """The edit form saves a version of the reviewer's own with her approval (rows with numbers
        or dates always count as changed there). It is that version she approves; Wagtail would
        note the one before it, and ask for another approval without end."""
        newest = task_state.workflow_state.content_object.latest_revision
        if newest and newest.user_id == user.pk and newest.pk != task_state.revision_id:
            task_state.revision = newest
            task_state.save(update_fields=["revision"])

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet:
        """What waits for this reviewer: pages within her scope."""
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        if scope_of(user).everything:
            return waiting
        mine = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if scope_of(user).allows(state.workflow_state.content_object)
        ]
        return waiting.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> str:
        """What an administrator reads when she picks a kind of step."""
        return gettext_noop("Thành viên các nhóm đã chọn duyệt trong lĩnh vực, cơ quan của mình")


def reviewers_of(task: ReviewTask, obj: Any) -> list[Any]:
    """Active members of the task's groups within whose scope the page is."""
    from django.contrib.auth import get_user_model

    members = get_user_model().objects.filter(
        is_active=True, groups__in=Group.objects.filter(pk__in=task.groups.values("pk"))
    )
    return [user for user in members.distinct() if scope_of(user).allows(obj)]
