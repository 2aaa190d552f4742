"""The groups a new site starts with, and the review between them.

*Biên tập viên* writes procedures and offices; *Người duyệt* reviews and publishes what is
complete; *Biên tập viên cơ quan* keeps an office's page, counters, officers and assignments;
*Lãnh đạo* reads reports, approves, and alone may let an incomplete page out with a reason;
*Thanh tra* handles what citizens write about bribery and threats, and nothing else. Where
a person may do so is her scope (cms/scopes.py). See docs/decisions/0046-*.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    LifeEvent,
    OfficeIndexPage,
    Officer,
    ProcedureIndexPage,
    ReviewTask,
    WorkingDayChange,
)

EDITORS = "Biên tập viên"
REVIEWERS = "Người duyệt"
OFFICE_EDITORS = "Biên tập viên cơ quan"
HEADS = "Lãnh đạo"
INSPECTORS = "Thanh tra"
WORKFLOW = "Duyệt trước khi đăng"
TASK = "Người duyệt kiểm tra"

#: What belongs to an office and is edited beside its page.
OF_AN_OFFICE = (Counter, Officer, Handling, WorkingDayChange)
#: Reading and answering what citizens report about a page; the queue is the room feedback's.
_REPORTS = ("view_pagereport", "change_pagereport")
#: Screens at a counter and paper slips typed in; the tables are the room feedback's.
_COUNTER_DESK = tuple(
    f"{action}_{kind}" for kind in ("device", "paperbatch") for action in ("view", "add", "change")
)
#: Deciding about doubted answers, and seeing what is said about the own office.
_CASES = ("view_case", "change_case")
#: What citizens write at a counter: answered and published by the office; the head also reads the
#: original and hears when an answer is late. What names bribery or threats is for inspectors alone.
_COMMENTS = ("view_comment", "change_comment", "publish_comment")
_COMMENTS_ABOVE = (*_COMMENTS, "read_original_comment", "oversee_comment")
_INSPECTION = ("inspect_comment", "read_original_comment")
#: The report of the own office, and its counters' answers in batches.
_OFFICE_REPORT = ("view_snapshotscore", "view_staffbatch")
#: The words of the search and its evaluation questions; the tables are the room search's.
_SEARCH_WORDS = tuple(
    f"{action}_{kind}"
    for kind in ("languageentry", "evaluationquestion")
    for action in ("view", "add", "change", "delete")
)
#: What Wagtail's own migrations leave behind: the sign that this site was never set up.
_WAGTAIL_EDITORS, _WAGTAIL_REVIEWERS = "Editors", "Moderators"
_WAGTAIL_WORKFLOW = "Moderators approval"


@transaction.atomic
def ensure_groups() -> bool:
    """Set up the groups and the review workflow, once; True if it was done now.

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
    for label in (
        "cms",
        "wagtailcore",
        "wagtailadmin",
        "wagtailimages",
        "wagtaildocs",
        "feedback",
        "search",
    ):
        create_permissions(apps.get_app_config(label), verbosity=0)
    both = (ProcedureIndexPage, OfficeIndexPage)
    editors = _group(_WAGTAIL_EDITORS, EDITORS)
    reviewers = _group(_WAGTAIL_REVIEWERS, REVIEWERS)
    office_editors = _group("", OFFICE_EDITORS)
    heads = _group("", HEADS)
    inspectors = _group("", INSPECTORS)
    writes, keeps = ("view", "add", "change"), ("view", "add", "change", "delete")
    _grant(editors, folders=both, page=("add_page", "change_page"))
    _allow(editors, (*OF_AN_OFFICE, Field, LifeEvent), writes)
    _name(editors, _REPORTS)
    _grant(
        reviewers,
        folders=both,
        page=("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    )
    _allow(reviewers, (*OF_AN_OFFICE, Field, LifeEvent), keeps)
    _allow(reviewers, (CitySettings,), ("change",))
    _name(reviewers, ("import_procedures", *_REPORTS, *_CASES, *_SEARCH_WORDS, *_COUNTER_DESK))
    _grant(office_editors, folders=(OfficeIndexPage,), page=("change_page",))
    _allow(office_editors, OF_AN_OFFICE, keeps)
    _name(office_editors, ("view_case", *_COMMENTS, *_OFFICE_REPORT))
    _name(office_editors, _COUNTER_DESK)
    _grant(heads, folders=both, page=("publish_page",))
    _allow(heads, (*OF_AN_OFFICE, Field, LifeEvent), ("view",))
    _name(
        heads,
        (
            "publish_incomplete",
            "import_procedures",
            "view_pagereport",
            *_CASES,
            *_OFFICE_REPORT,
            *_SEARCH_WORDS,
            *_COMMENTS_ABOVE,
        ),
    )
    _grant(inspectors, folders=(), page=())
    _name(inspectors, _INSPECTION)
    _ensure_workflow(reviewers, heads)
    return True


def _group(old: str, new: str) -> Group:
    group = (Group.objects.filter(name=old).first() if old else None) or Group()
    group.name = new
    group.save()
    return group


def _allow(group: Group, kinds: Iterable[type], actions: Iterable[str]) -> None:
    """Actions on whole models (the scope narrows them)."""
    names = [f"{one}_{kind._meta.model_name}" for kind in kinds for one in actions]  # type: ignore[attr-defined]
    _name(group, names)


def _name(group: Group, codenames: Iterable[str]) -> None:
    """Permissions by name: of this app, of citizens' reports on pages, of the search's words."""
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label__in=("cms", "feedback", "search"), codename__in=list(codenames)
        )
    )


def _grant(group: Group, *, folders: Iterable[type], page: tuple[str, ...]) -> None:
    """Exactly these rights on pages below the folders, files to choose, the admin itself."""
    group.permissions.set(
        [Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")]
    )
    GroupPagePermission.objects.filter(group=group).delete()
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=page)
    for folder in folders:
        for permission in pages:
            GroupPagePermission.objects.create(
                group=group,
                page=folder.objects.get().page_ptr,  # type: ignore[attr-defined]
                permission=permission,
            )
    GroupCollectionPermission.objects.filter(group=group).delete()
    if "change_page" not in page:
        return
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    files = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
        codename__in=[
            f"{action}_{kind}"
            for action in ("add", "change", "choose")
            for kind in ("image", "document")
        ],
    )
    for permission in files:
        GroupCollectionPermission.objects.create(
            group=group, collection=root, permission=permission
        )


def _ensure_workflow(*groups: Group) -> None:
    """An editor's page goes to the reviewers of its field or office, and to the heads."""
    workflow = Workflow.objects.filter(name=_WAGTAIL_WORKFLOW).first() or Workflow()
    workflow.name = WORKFLOW
    workflow.save()
    task = ReviewTask.objects.create(name=TASK)
    task.groups.set(groups)
    WorkflowTask.objects.filter(workflow=workflow).delete()
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    GroupApprovalTask.objects.filter(name=_WAGTAIL_WORKFLOW).delete()
    WorkflowPage.objects.get_or_create(
        page=Page.get_first_root_node(), defaults={"workflow": workflow}
    )
