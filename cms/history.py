"""The public versions of a procedure: made at every publication, read by pages, feeds and JSON.

A version is what a citizen could read, numbered from 1 (cms/models/versions.py). Publishing the
very same facts again makes none. No name of an editor or officer gets here. Versions of pages
that are public no more: cms/withdrawn.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from cms import snapshots
from cms.change_gist import brief, from_brief
from cms.changes import Change, compare
from cms.models import IncompletePublication, ProcedurePage, PublicVersion
from cms.requirements import REQUIREMENTS

#: Public reasons of the versions an import makes.
FROM_NATIONAL = "Nhập từ CSDL quốc gia"
FOR_DEMO = "Dữ liệu minh hoạ"
#: Public reason of a page whose day to go was set beforehand.
EXPIRED = "Hết thời hạn đăng đã đặt trước"
#: The reason of what is published within a block of code, where its author gave none.
_reason: ContextVar[str] = ContextVar("version_reason", default="")

#: What a list of versions reads: everything but the content itself.
LIST_FIELDS = (
    "id",
    "page_id",
    "code",
    "number",
    "uuid",
    "published_at",
    "withdrawn_at",
    "withdrawn_reason",
    "revision_id",
    "decision_number",
    "reason",
    "changes",
    "change_count",
)


class HasVersions(Protocol):
    """A procedure as the history reads it: a page, or what is left of one."""

    @property
    def public_versions(self) -> Any:
        """A QuerySet or manager of its versions."""


# Making versions.


@contextmanager
def made_because(reason: str) -> Iterator[None]:
    """Within the block, versions without a note of their author get this public reason."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


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
        last = page.public_versions.order_by("-number").first() or _inherit(page)
        if last and last.digest == digest and not last.withdrawn_at:
            if reason and reason not in last.reason:
                last.reason = "\n".join(text for text in (last.reason, reason) if text)
                last.save(update_fields=["reason"])
            return None
        changes = compare(last.content, content) if last else []
        version = PublicVersion(
            page=page,
            code=page.code,
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


def _inherit(page: ProcedurePage) -> PublicVersion | None:
    """Take over the versions of a deleted page of the same code: at one public address there is
    one history. The newest of them, None for none."""
    rows = PublicVersion.objects.filter(page=None, code=page.code)
    numbers = list(rows.values_list("number", flat=True))
    if len(numbers) != len(set(numbers)):
        return None  # left by two pages that had the code one after the other: no one history
    return page.public_versions.order_by("-number").first() if rows.update(page=page) else None


def _moment(page: ProcedurePage, last: PublicVersion | None) -> datetime:
    published = page.last_published_at
    if published and (last is None or published > (last.withdrawn_at or last.published_at)):
        return published
    return timezone.now()


def record_versions(pages: Sequence[ProcedurePage], *, reason: str = "") -> None:
    """Versions of many live pages at once, for what is written past Wagtail's signals.

    Call in the transaction that writes the pages, with ``page.field`` loaded: three queries for
    pages without a version (an import's new ones), a few for each of the others.
    """
    live = [page for page in pages if page.live]
    versions = PublicVersion.objects.order_by()
    known = set(versions.filter(page__in=live).values_list("page_id", flat=True).distinct())
    left_behind = set(
        versions.filter(page=None, code__in=[page.code for page in live])
        .values_list("code", flat=True)
        .distinct()
    )
    rows = []
    for page in live:
        if page.pk in known or page.code in left_behind:
            record_version(page, reason=reason)
            continue
        packed, digest = PublicVersion.pack(snapshots.take(page))
        rows.append(
            PublicVersion(
                page_id=page.pk,
                code=page.code,
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


def _reason_of(page: ProcedurePage) -> str:
    return page.change_note.strip() or _reason.get()


def _on_published(
    sender: Any, instance: ProcedurePage, revision: Revision | None = None, **_: Any
) -> None:
    if not instance.live:  # only scheduled
        return
    record_version(instance, reason=_reason_of(instance))
    _forget_note(instance, revision)


def _on_saved(
    sender: Any, instance: ProcedurePage, raw: bool = False, update_fields: Any = None, **_: Any
) -> None:
    """Saves past the editor (a command, the shell) publish too. Partial saves are Wagtail's own
    bookkeeping of drafts, raw ones an import's, which calls record_versions()."""
    if instance.live and not raw and update_fields is None:
        record_version(instance, reason=_reason_of(instance))


def _on_unpublished(sender: Any, instance: ProcedurePage, **_: Any) -> None:
    for version in instance.public_versions.order_by("-number")[:1]:
        if version.withdrawn_at is None:
            version.withdrawn_at = timezone.now()
            said = getattr(instance, "withdrawal_reason", "").strip()
            version.withdrawn_reason = said or (EXPIRED if instance.expired else "")
            version.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def connect() -> None:
    """Listen to every publication (called once, when the app is ready)."""
    page_published.connect(_on_published, sender=ProcedurePage, dispatch_uid="version")
    page_unpublished.connect(_on_unpublished, sender=ProcedurePage, dispatch_uid="withdrawn")
    post_save.connect(_on_saved, sender=ProcedurePage, dispatch_uid="version-saved")


# Reading versions.


def versions_of(page: HasVersions) -> models.QuerySet[PublicVersion]:
    """The versions of the page, newest first, without their contents."""
    found: models.QuerySet[PublicVersion] = page.public_versions.only(*LIST_FIELDS)
    return found.order_by("-number")


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


def version_on(page: HasVersions, day: date) -> PublicVersion | None:
    """The version that was public when the day ended, with its content; None for none."""
    end = end_of(day)
    rows = page.public_versions.filter(published_at__lt=end)
    found: PublicVersion | None = rows.order_by("-number").first()
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


def in_full(page: HasVersions, versions: Iterable[PublicVersion]) -> list[Told]:
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
