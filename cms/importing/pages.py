"""New procedure pages of the importer: Wagtail's own result, written in bulk: much faster.

Creating 5,700 pages through ``add_child``, ``save_revision`` and ``publish`` takes several
minutes. :func:`create` writes the same rows (page, procedure, revision, log entries, Wagtail's
search and reference indexes) a batch at a time; a test compares them with Wagtail's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend

from cms import history
from cms.importing.parsing import Parsed
from cms.models import Field, NationalRecord, ProcedureIndexPage, ProcedurePage
from cms.publishing import FOR_DEMO, FROM_NATIONAL, record_import


@dataclass(frozen=True)
class State:
    """What is known of a page before its record is compared."""

    import_digest: str
    is_demo: bool
    live: bool
    ever_published: bool
    missing: bool = False
    waits: bool = False


def known(codes: Iterable[str]) -> dict[str, State]:
    """The pages that exist among ``codes``; one query."""
    rows = ProcedurePage.objects.filter(code__in=list(codes)).values_list(
        "code",
        "import_digest",
        "is_demo",
        "live",
        "first_published_at",
        "national__missing_since",
        "national__live_waits",
    )
    return {
        code: State(digest, is_demo, live, first is not None, missing is not None, bool(waits))
        for code, digest, is_demo, live, first, missing, waits in rows
    }


def create(
    *, parsed: list[Parsed], publish: bool, demo: bool, sources: Sequence[str] = ()
) -> list[ProcedurePage]:
    """New pages below the procedure folder. Call inside a transaction.

    ``sources`` names the file of each record, in the same order.

    Raises DatabaseError when the database refuses one; then none of them is kept.
    """
    parent = ProcedureIndexPage.objects.get()
    # Locked, so that two imports do not give out one place in the tree.
    Page.objects.select_for_update().get(pk=parent.pk)
    _check_slugs(parent, parsed)
    places = _free_places(parent)
    now = timezone.now()
    fields = _fields(parsed)
    content_type = ContentType.objects.get_for_model(ProcedurePage)
    made = []
    for one in parsed:
        page = ProcedurePage(
            **_attributes(one, fields),
            slug=_slug(one.code),
            path=next(places),
            depth=parent.depth + 1,
            content_type=content_type,
            locale_id=parent.locale_id,
            live=publish,
            has_unpublished_changes=not publish,
            first_published_at=now if publish else None,
            last_published_at=now if publish else None,
            latest_revision_created_at=now,
            is_demo=demo,
        )
        page.draft_title = page.title
        page.url_path = f"{parent.url_path}{page.slug}/"
        made.append(page)
    _insert(made)
    ProcedureIndexPage.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(made))
    revisions = _add_revisions(made, publish=publish, now=now)
    _log(made, revisions, publish=publish, now=now)
    get_search_backend().add_bulk(ProcedurePage, made)
    history.record_versions(made, reason=history.FOR_DEMO if demo else history.FROM_NATIONAL)
    _add_references(made)
    _add_national(made, parsed, sources, now)
    record_import(made, FOR_DEMO if demo else FROM_NATIONAL)
    return made


def _slug(code: str) -> str:
    return slugify(code.replace(".", "-"))


def _check_slugs(parent: ProcedureIndexPage, parsed: list[Parsed]) -> None:
    """Two codes that differ only in punctuation would share a place in the page tree."""
    slugs = {_slug(one.code): one.code for one in parsed}
    if len(slugs) < len(parsed):
        raise ValidationError("Hai mã trong tệp chỉ khác nhau ở dấu chấm, gạch nối.")
    taken = Page.objects.child_of(parent).filter(slug__in=slugs).values_list("slug", flat=True)
    for slug in taken:
        raise ValidationError(f"Mã {slugs[slug]} chỉ khác một mã đã có ở dấu chấm, gạch nối.")


def _free_places(parent: ProcedureIndexPage) -> Iterator[str]:
    """Tree paths after the parent's last child (treebeard's materialised path)."""
    last = (
        Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1)
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    step = Page._str2int(last[-Page.steplen :]) if last else 0
    while True:
        step += 1
        yield Page._get_path(parent.path, parent.depth + 1, step)


def _insert(made: list[ProcedurePage]) -> None:
    """Rows of both tables. Django's bulk_create refuses models that inherit a table."""
    own = {"page_ptr"} | {one.name for one in ProcedurePage._meta.local_fields}
    shared = [one for one in Page._meta.concrete_fields if one.name not in own and one.name != "id"]
    bases = [Page(**{one.attname: getattr(page, one.attname) for one in shared}) for page in made]
    Page.objects.bulk_create(bases)
    for page, base in zip(made, bases, strict=True):
        page.id = page.page_ptr_id = base.pk
        # raw: the parent row is there; Wagtail's handlers skip raw saves, its indexes follow below.
        page.save_base(raw=True, force_insert=True)


def _add_revisions(made: list[ProcedurePage], *, publish: bool, now: Any) -> list[Revision]:
    base_type = ContentType.objects.get_for_model(Page)
    revisions = Revision.objects.bulk_create(
        Revision(
            content_type_id=page.content_type_id,
            base_content_type=base_type,
            object_id=str(page.pk),
            created_at=now,
            object_str=str(page),
            content=page.serializable_data(),
        )
        for page in made
    )
    for page, revision in zip(made, revisions, strict=True):
        page.latest_revision = revision
        page.live_revision = revision if publish else None
    Page.objects.bulk_update(
        [
            Page(pk=page.pk, latest_revision=page.latest_revision, live_revision=page.live_revision)
            for page in made
        ],
        ["latest_revision", "live_revision"],
    )
    return revisions


def _add_references(made: list[ProcedurePage]) -> None:
    """What Wagtail's usage count needs. A procedure refers to its field and to nothing else: no
    block holds a chooser. Walking every stream for that took nearly half of an import."""
    base_type = ContentType.objects.get_for_model(Page)
    field_type = ContentType.objects.get_for_model(Field)
    ReferenceIndex.objects.bulk_create(
        ReferenceIndex(
            base_content_type=base_type,
            content_type_id=page.content_type_id,
            object_id=str(page.pk),
            to_content_type=field_type,
            to_object_id=str(page.field_id),
            model_path="field",
            content_path="field",
            content_path_hash=ReferenceIndex._get_content_path_hash("field"),
        )
        for page in made
    )


def _add_national(
    made: list[ProcedurePage], parsed: list[Parsed], sources: Sequence[str], now: Any
) -> None:
    """What the record said: the base of the next import's merge (cms/importing/updating.py)."""
    NationalRecord.objects.bulk_create(
        NationalRecord(
            page=page,
            values={**one.values, "plain_name": one.plain_name},
            digest=one.digest,
            source=PurePath(source).name[-255:],
            received_at=now,
        )
        for page, one, source in zip(made, parsed, sources or [""] * len(made), strict=True)
    )


def _log(made: list[ProcedurePage], revisions: list[Revision], *, publish: bool, now: Any) -> None:
    actions = ["wagtail.create", *(["wagtail.publish"] if publish else [])]
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page_id=page.pk,
            content_type_id=page.content_type_id,
            label=page.get_admin_display_title(),
            action=action,
            timestamp=now,
            revision=revision,
            content_changed=True,
            uuid=uuid.uuid4(),
            data={},
        )
        for page, revision in zip(made, revisions, strict=True)
        for action in actions
    )


def _fields(parsed: list[Parsed]) -> dict[str, Field]:
    names = {one.values["field"] for one in parsed}
    return {name: _field(name) for name in sorted(names)}


def _field(name: str) -> Field:
    return Field.objects.named(name)


def _attributes(one: Parsed, fields: dict[str, Field]) -> dict[str, Any]:
    values = dict(one.values)
    values["field"] = fields[values["field"]]
    if one.plain_name:  # a source without one never wipes out what an editor wrote
        values["plain_name"] = one.plain_name
    values["import_digest"] = one.digest
    values["import_notes"] = [asdict(note) for note in one.notes]
    return values
