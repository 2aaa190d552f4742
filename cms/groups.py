"""The two groups a new site starts with: *Biên tập viên* (edits) and *Người duyệt* (publishes)."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.models import (
    CitySettings,
    Counter,
    Field,
    Handling,
    OfficeIndexPage,
    Officer,
    ProcedureIndexPage,
)

EDITORS = "Biên tập viên"
REVIEWERS = "Người duyệt"
WORKFLOW = "Duyệt trước khi đăng"
TASK = "Người duyệt kiểm tra"

#: What Wagtail's own migrations leave behind: the sign that this site was never set up.
_WAGTAIL_EDITORS, _WAGTAIL_REVIEWERS = "Editors", "Moderators"
_WAGTAIL_WORKFLOW = "Moderators approval"


@transaction.atomic
def ensure_groups() -> bool:
    """Set up both groups and the review workflow, once; True if it was done now.

    It acts only on a site nobody has set up: Wagtail's English groups are still there, or there
    is neither a group nor a user (an emptied database). After that the groups belong to the
    administrators: renamed, changed or deleted, they stay as they were left.
    """
    raw = Group.objects.filter(name__in=[_WAGTAIL_EDITORS, _WAGTAIL_REVIEWERS])
    untouched = raw.count() == 2
    empty = not Group.objects.exists() and not get_user_model().objects.exists()
    if not untouched and not empty:
        return False
    # Django makes permissions in the same signal that calls this, app by app: ours may run first.
    for label in ("cms", "wagtailcore", "wagtailadmin", "wagtailimages"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    editors = _group(_WAGTAIL_EDITORS, EDITORS)
    reviewers = _group(_WAGTAIL_REVIEWERS, REVIEWERS)
    _grant(editors, page=("add_page", "change_page"), model=("view", "add", "change"))
    _grant(
        reviewers,
        page=("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
        model=("view", "add", "change", "delete"),
    )
    reviewers.permissions.add(_permission(CitySettings, "change"))
    _ensure_workflow(reviewers)
    return True


def _group(old: str, new: str) -> Group:
    group = Group.objects.filter(name=old).first() or Group()
    group.name = new
    group.save()
    return group


def _permission(model: type, action: str) -> Permission:
    meta = model._meta  # type: ignore[attr-defined]
    return Permission.objects.get(
        content_type__app_label=meta.app_label, codename=f"{action}_{meta.model_name}"
    )


def _grant(group: Group, *, page: tuple[str, ...], model: tuple[str, ...]) -> None:
    """Exactly these rights: pages below the two folders, snippets, pictures, the admin itself."""
    group.permissions.set(
        [
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
            *(
                _permission(kind, action)
                for kind in (Field, Counter, Officer, Handling)
                for action in model
            ),
        ]
    )
    GroupPagePermission.objects.filter(group=group).delete()
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=page)
    for folder in (ProcedureIndexPage, OfficeIndexPage):
        for permission in pages:
            GroupPagePermission.objects.create(
                group=group, page=folder.objects.get().page_ptr, permission=permission
            )
    GroupCollectionPermission.objects.filter(group=group).delete()
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for codename in ("add_image", "change_image", "choose_image"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailimages", codename=codename
        )
        GroupCollectionPermission.objects.create(
            group=group, collection=root, permission=permission
        )


def _ensure_workflow(reviewers: Group) -> None:
    """An editor's page goes to the reviewers: Wagtail's only workflow, in Vietnamese."""
    workflow = Workflow.objects.filter(name=_WAGTAIL_WORKFLOW).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW)
        task = GroupApprovalTask.objects.create(name=TASK)
        task.groups.set([reviewers])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    else:
        workflow.name = WORKFLOW
        workflow.save()
        for approval in GroupApprovalTask.objects.filter(name=_WAGTAIL_WORKFLOW):
            approval.name = TASK
            approval.save()
    WorkflowPage.objects.get_or_create(
        page=Page.get_first_root_node(), defaults={"workflow": workflow}
    )
