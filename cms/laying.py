"""Lay one change over every version of a page, each on its own.

A page can have three versions at once: what is live, a revision approved to go live on a day, and
the newest draft. A change that comes from outside (an import, a conflict solved by taking the
national text) belongs into each of them, and must not carry one version's content into another:
nothing an editor has not published goes public, nothing she typed disappears.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, Revision

from cms.merging import plain
from cms.models import ProcedurePage

Role = Literal["live", "scheduled", "draft"]
#: Alters the version in place, True when it says something else than before. The revision is the
#: one the version was read from (None for a page that never had one).
Change = Callable[[ProcedurePage, Role, Revision | None], bool]


@dataclass(frozen=True)
class Laid:
    """Which versions were written; ``newest`` is the page as an editor opens it now."""

    page: ProcedurePage
    live: bool = False
    draft: bool = False


def locked(**which: Any) -> ProcedurePage:
    """The page, its row locked until the transaction ends."""
    base = Page.objects.select_for_update().get(**which)
    return ProcedurePage.objects.select_related("field").get(pk=base.pk)


def newest(page: ProcedurePage) -> ProcedurePage:
    """The version an editor opens: the newest draft, else what is live."""
    found: ProcedurePage = page.get_latest_revision_as_object()
    return found


def lay(page: ProcedurePage, change: Change, *, publish: bool, user: Any = None) -> Laid:
    """Lay ``change`` over the versions of a page from :func:`locked`, inside a transaction.

    With ``publish`` a live page is published with the change alone, its approved publication and
    its draft get the change too and stay what they are. Without, or when the page is not live,
    only the newest draft gets it. A version the change leaves alone gets no revision, unless the
    live one must be published below it.
    """
    latest = page.get_latest_revision()
    task = page.current_workflow_task_state
    scheduled = page.scheduled_revision
    if not (publish and page.live):
        draft = newest(page)
        changed = change(draft, "draft", latest)
        if changed:
            _save_draft(draft, user=user, task=task)
            page.refresh_from_db()
        return Laid(page, draft=changed)

    drafted = latest is not None and (page.has_unpublished_changes or latest == scheduled)
    live_changed = change(page, "live", page.live_revision)
    if live_changed:
        _publish(page.save_revision(user=user, log_action=True), user)
    covered = live_changed
    if scheduled and scheduled != latest:
        version = _version(scheduled)
        if change(version, "scheduled", scheduled) or live_changed:
            _reschedule(version, scheduled)
            covered = True
    draft_changed = False
    if drafted and latest is not None:
        draft = _version(latest)
        draft_changed = change(draft, "draft", latest)
        # The newest revision is another one now: a draft must be written again to stay the newest.
        if latest == scheduled and (draft_changed or covered):
            _reschedule(draft, latest)
        elif draft_changed or covered:
            agrees = not task and content(draft) == content(page)
            if not (agrees and live_changed):
                revision = _save_draft(draft, user=user, task=task)
                if agrees:  # nothing is left to publish: what is live is the newest text
                    Page.objects.filter(pk=page.pk).update(
                        live_revision=revision, has_unpublished_changes=False
                    )
    page.refresh_from_db()
    return Laid(page, live=live_changed, draft=draft_changed)


def _version(revision: Revision) -> ProcedurePage:
    """The revision as a page, with the standing the page has now."""
    version: ProcedurePage = Revision.objects.get(pk=revision.pk).as_object()
    return version


def _save_draft(draft: ProcedurePage, *, user: Any, task: Any) -> Revision:
    # A draft may lack what publishing asks for: not cleaned, as in the editor's own save.
    revision = draft.save_revision(user=user, log_action=True, clean=False)
    if task:  # whoever reviews the draft reviews, and publishes, the newest one
        task.revision = revision
        task.save(update_fields=["revision"])
    return revision


def _reschedule(version: ProcedurePage, approved: Revision) -> None:
    """A new revision approved for the same moment; the publication below it forgot the old one."""
    Revision.objects.filter(pk=approved.pk).update(approved_go_live_at=None)
    version.save_revision(
        user=approved.user,
        approved_go_live_at=approved.approved_go_live_at,
        log_action=True,
        clean=False,
    )


def _publish(revision: Revision, user: Any) -> None:
    action = PublishPageRevisionAction(revision, user=user)
    # Wagtail would cancel the review of a draft because something else went live.
    action.object._current_workflow_states = []
    action.execute(skip_permission_checks=True)


def content(page: ProcedurePage) -> str:
    """What a version says, as comparable text: without block ids and what belongs to the page."""
    data = page.serializable_data()
    fields = [one.name for one in ProcedurePage._meta.local_fields]
    fields += ["title", "seo_title", "search_description", "go_live_at", "expire_at"]
    ignored = {"page_ptr", "import_digest", "import_notes", "is_demo"}
    values = {}
    for name in fields:
        value = data.get(name)
        if name in ignored:
            continue
        if isinstance(value, str) and value[:1] == "[":
            with contextlib.suppress(ValueError):
                value = json.loads(value)
        values[name] = plain(value)
    return json.dumps(values, sort_keys=True, default=str)
