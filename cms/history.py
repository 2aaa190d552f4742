"""The public versions of a procedure: made at every publication, read by pages, feeds and JSON.

A version is what a citizen could read, numbered from 1 (cms/models/versions.py). Publishing the
very same facts again makes none. No name of an editor or officer gets here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from cms import snapshots
from cms.changes import Change, brief, compare, from_brief
from cms.models import IncompletePublication, ProcedurePage, PublicVersion
from cms.requirements import REQUIREMENTS

#: What a list of versions reads: everything but the content itself.
LIST_FIELDS = (
    "id",
    "page_id",
    "number",
    "uuid",
    "published_at",
    "withdrawn_at",
    "revision_id",
    "decision_number",
    "reason",
    "changes",
    "change_count",
)


# Making versions.


def record_version(
    page: ProcedurePage, *, reason: str = "", moment: datetime | None = None
) -> PublicVersion | None:
    """Note what the live page says now; None when the newest version says the same.

    ``moment`` defaults to the page's own date of publication when that is news, else to now.
    A reason given for unchanged facts is added to the version it belongs to.
    """
    packed, digest = PublicVersion.pack(content := snapshots.take(page))
    with transaction.atomic():
        # Locked, so that two publications at once do not get one number.
        Page.objects.select_for_update().filter(pk=page.pk).values_list("pk").first()
        last = page.public_versions.order_by("-number").first()
        if last and last.digest == digest and not last.withdrawn_at:
            if reason and reason not in last.reason:
                last.reason = "\n".join(text for text in (last.reason, reason) if text)
                last.save(update_fields=["reason"])
            return None
        changes = compare(last.content, content) if last else []
        version = PublicVersion(
            page=page,
            number=last.number + 1 if last else 1,
            published_at=moment or _moment(page, last),
            revision_id=page.live_revision_id,
            decision_number=page.decision_number,
            reason=reason,
            digest=digest,
            changes=brief(changes),
            change_count=len(changes),
            packed=packed,
        )
        version.save(force_insert=True)
    return version


def _moment(page: ProcedurePage, last: PublicVersion | None) -> datetime:
    published = page.last_published_at
    if published and (last is None or published > (last.withdrawn_at or last.published_at)):
        return published
    return timezone.now()


def record_versions(pages: Sequence[ProcedurePage], *, reason: str = "") -> None:
    """Versions of many live pages at once, for what is written past Wagtail's signals.

    Call in the transaction that writes the pages, with ``page.field`` loaded: two queries for
    pages without a version (an import's new ones), a few for each of the others.
    """
    live = [page for page in pages if page.live]
    known = set(
        PublicVersion.objects.filter(page__in=[page.pk for page in live])
        .order_by()
        .values_list("page_id", flat=True)
        .distinct()
    )
    rows = []
    for page in live:
        if page.pk in known:
            record_version(page, reason=reason)
            continue
        packed, digest = PublicVersion.pack(snapshots.take(page))
        rows.append(
            PublicVersion(
                page_id=page.pk,
                number=1,
                published_at=_moment(page, None),
                revision_id=page.live_revision_id,
                decision_number=page.decision_number,
                reason=reason,
                digest=digest,
                packed=packed,
            )
        )
    PublicVersion.objects.bulk_create(rows, batch_size=200)


def _forget_note(page: ProcedurePage, revision: Revision | None) -> None:
    """The note told why *this* version was published; the next draft starts without one.

    A newer draft keeps a note of its own, but not the one it was merely started with.
    """
    note, page.change_note = page.change_note, ""
    if not note:
        return
    ProcedurePage.objects.filter(pk=page.pk).update(change_note="")
    wanted = {page.latest_revision_id, page.live_revision_id, revision.pk if revision else None}
    for row in Revision.page_revisions.filter(pk__in=wanted - {None}):
        if row.content.get("change_note") == note:
            row.content["change_note"] = ""
            Revision.objects.filter(pk=row.pk).update(content=row.content)


def _on_published(
    sender: Any, instance: ProcedurePage, revision: Revision | None = None, **_: Any
) -> None:
    if not instance.live:  # only scheduled
        return
    record_version(instance, reason=instance.change_note.strip())
    _forget_note(instance, revision)


def _on_saved(
    sender: Any, instance: ProcedurePage, raw: bool = False, update_fields: Any = None, **_: Any
) -> None:
    """Saves past the editor (a command, the shell) publish too. Partial saves are Wagtail's own
    bookkeeping of drafts, raw ones an import's, which calls record_versions()."""
    if instance.live and not raw and update_fields is None:
        record_version(instance, reason=instance.change_note.strip())


def _on_unpublished(sender: Any, instance: ProcedurePage, **_: Any) -> None:
    for version in instance.public_versions.order_by("-number")[:1]:
        if version.withdrawn_at is None:
            version.withdrawn_at = timezone.now()
            version.save(update_fields=["withdrawn_at"])


def connect() -> None:
    """Listen to every publication (called once, when the app is ready)."""
    page_published.connect(_on_published, sender=ProcedurePage, dispatch_uid="version")
    page_unpublished.connect(_on_unpublished, sender=ProcedurePage, dispatch_uid="withdrawn")
    post_save.connect(_on_saved, sender=ProcedurePage, dispatch_uid="version-saved")


# Reading versions.


def versions_of(page: ProcedurePage) -> models.QuerySet[PublicVersion]:
    """The versions of the page, newest first, without their contents."""
    return page.public_versions.only(*LIST_FIELDS).order_by("-number")


def latest_version(page: ProcedurePage) -> PublicVersion | None:
    """The newest public version, without its content; one query."""
    return versions_of(page).first()


def publications(page: ProcedurePage) -> list[PublicVersion]:
    """The newest version in a list, [] for none."""
    return list(versions_of(page)[:1])


def recent_versions(field_id: int | None = None) -> models.QuerySet[PublicVersion]:
    """The newest versions of live procedures, of one field or of all, without contents."""
    found = (
        PublicVersion.objects.filter(page__live=True)
        .select_related("page__field")
        .only(
            *LIST_FIELDS,
            "page__code",
            "page__title",
            "page__full_name",
            "page__field__name",
            "page__field__slug",
        )
        .order_by("-published_at", "-id")
    )
    return found.filter(page__field=field_id) if field_id else found


def end_of(day: date) -> datetime:
    """The first moment after the day, in Hanoi."""
    return timezone.make_aware(
        datetime.combine(day + timedelta(days=1), time()), timezone.get_default_timezone()
    )


def version_on(page: ProcedurePage, day: date) -> PublicVersion | None:
    """The version that was public when the day ended, with its content; None for none."""
    end = end_of(day)
    found = page.public_versions.filter(published_at__lt=end).order_by("-number").first()
    if found and found.withdrawn_at and found.withdrawn_at < end:
        return None
    return found


@dataclass(frozen=True)
class Told:
    """A version and what changed in it, in full or in gist."""

    version: PublicVersion
    changes: list[Change]
    #: How many more changes there are than ``changes`` holds.
    more: int = 0
    #: What the page lacked when it was published all the same, as sentences of the checklist.
    lacked: tuple[str, ...] = ()

    @property
    def is_first(self) -> bool:
        """Nothing came before."""
        return self.version.number == 1

    @property
    def is_back(self) -> bool:
        """Public again, with the facts it had before it was withdrawn."""
        return not self.is_first and not self.version.change_count


def gist(version: PublicVersion, most: int = 8) -> Told:
    """The version with the first changes, from its own row."""
    changes = from_brief(version.changes[:most])
    return Told(version, changes, version.change_count - len(changes))


def in_full(page: ProcedurePage, versions: Iterable[PublicVersion]) -> list[Told]:
    """The versions (newest first, neighbours) with all that changed in each; one query.

    Reads their contents and that of the version before the oldest of them, no others, and what
    each lacked when it was published (one query more).
    """
    rows = list(versions)
    if not rows:
        return []
    first = rows[-1].number - 1
    contents = {
        row.number: row.content
        for row in page.public_versions.filter(number__gte=first, number__lte=rows[0].number).only(
            "page_id", "number", "packed"
        )
    }
    lacked = _lacked(rows)
    return [
        Told(
            row,
            compare(contents[row.number - 1], contents[row.number])
            if row.number - 1 in contents
            else [],
            lacked=lacked.get(row.revision_id or 0, ()),
        )
        for row in rows
    ]


def _lacked(versions: Iterable[PublicVersion]) -> dict[int, tuple[str, ...]]:
    """Revision → the requirements it did not meet, in the language of the page; no name of who
    let it out."""
    wanted = [row.revision_id for row in versions if row.revision_id]
    rows = IncompletePublication.objects.filter(revision__in=wanted)
    names = {one.id: one.sentence for one in REQUIREMENTS} | {"people": "Có người làm"}
    return {
        revision: tuple(_(names[one]) if one in names else one for one in missing)
        for revision, missing in rows.order_by().values_list("revision_id", "missing")
    }
