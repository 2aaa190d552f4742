"""Which pages a change makes stale, exactly, for every process at once.

A cached page remembers its *tags* ("procedure:17", "office:3", "scores") and their stamps. A
write gives its tags new stamps in its own transaction. So a cached page is fresh if and only if
its stamps are still those in the database: one small query, right for any number of web
processes, without a message that could get lost. A page during whose rendering anything at all
was written is not kept.

What only the clock changes (open or closed, due dates, a fee that begins) is no write: a page
says with :func:`expires` until when it holds. portal/page_cache.py keeps and serves the pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms import models
from cms.signals import procedures_changed

#: On every page: the city's name, names of fields, calendar, life events.
SITE = "site"
#: Any change to the set of live procedures or to one of them: lists, feeds, counts.
PROCEDURES = "procedures"
#: The list of offices, their names, hours and telephones.
OFFICES = "offices"
#: Published scores; the room that publishes them touches this.
SCORES = "scores"
#: Touched with every other tag.
ANYTHING = "*"

View = Callable[..., HttpResponseBase]
#: Columns Wagtail writes when a draft is saved: no public page shows them.
_DRAFT_COLUMNS = {
    "draft_title",
    "expired",
    "expire_at",
    "go_live_at",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
}


def procedure_tag(pk: int) -> str:
    """The tag of one procedure."""
    return f"procedure:{pk}"


def field_tag(pk: int) -> str:
    """The tag of the procedures of one field."""
    return f"field:{pk}"


def office_tag(pk: int | None) -> str:
    """The tag of what one office is and who works there."""
    return f"office:{pk}"


def document_tag(pk: int) -> str:
    """The tag of one file that procedures offer for download."""
    return f"document:{pk}"


def stamps(tags: Iterable[str]) -> dict[str, int]:
    """The present stamp of each tag that was ever touched; one query."""
    rows = models.CacheStamp.objects.filter(tag__in=list(tags))
    return dict(rows.values_list("tag", "stamp"))


def touch(*tags: str) -> None:
    """Make every page with one of the tags stale once the running transaction commits."""
    if not tags:
        return
    models.CacheStamp.objects.bulk_create(
        # Sorted, so that two transactions never wait for each other's rows.
        [
            models.CacheStamp(tag=tag, stamp=secrets.randbits(62))
            for tag in sorted({ANYTHING, *tags})
        ],
        update_conflicts=True,
        update_fields=["stamp"],
        unique_fields=["tag"],
    )


def expires(request: HttpRequest | None, moment: datetime) -> None:
    """The page that answers ``request`` holds until ``moment`` at the latest."""
    if request is not None:
        earlier = getattr(request, "page_expires", None)
        request.page_expires = min(moment, earlier) if earlier else moment  # type: ignore[attr-defined]


def shows(request: HttpRequest | None, *tags: str) -> None:
    """The page that answers ``request`` shows something that these tags stand for."""
    if request is not None:
        found: set[str] = getattr(request, "page_tags", set())
        request.page_tags = found | set(tags)  # type: ignore[attr-defined]


def answers(request: HttpRequest | None, **values: object) -> None:
    """The page shows exactly these values of the parameters in its address (None: not that one).

    A page is kept only under the one spelling of its address: somebody who makes up parameters
    (``?page=0007``, a day in ten years) gets an answer and fills no memory.
    """
    if request is not None:
        told = getattr(request, "page_answers", {})
        told |= {name: str(value) for name, value in values.items() if value is not None}
        request.page_answers = told  # type: ignore[attr-defined]


def named(request: HttpRequest, **values: str) -> None:
    """How the parts of the address's path are really spelled, where the view takes others too."""
    request.page_names = values  # type: ignore[attr-defined]


def midnight(now: datetime) -> datetime:
    """The end of the local day: due dates, duties and fees change then."""
    following = now.astimezone(timezone.get_default_timezone()).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(following, time()), timezone.get_default_timezone())


def expires_with_hours(request: HttpRequest | None, extra: Iterable[time] = ()) -> None:
    """The page tells whether an office is open, or counts from its hours: it holds until the
    next time of day at which any office opens or closes (one query), or one of ``extra``."""
    if request is None:
        return
    now = timezone.localtime()
    rows = models.OfficeHours.objects.order_by().values_list("opens", "closes").distinct()
    moments = {moment for row in rows for moment in row} | set(extra)
    later = [moment for moment in moments if moment > now.time()]
    if later:
        local = datetime.combine(now.date(), min(later))
        expires(request, timezone.make_aware(local, now.tzinfo))


def cached_page(*tags: str, params: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Mark the answers of a view as worth keeping whole.

    ``tags`` always hold; the view adds its own with :func:`shows`. Only addresses whose query
    has nothing but ``params`` are kept, with the values that :func:`answers` names.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            expires(request, midnight(timezone.now()))
            shows(request, SITE, *tags)
            request.page_params = frozenset(params)  # type: ignore[attr-defined]
            request.page_began = stamps([ANYTHING]).get(ANYTHING)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


# What a write makes stale. A model is in exactly one of the two; a test holds that.


def _of_office(instance: Any) -> list[str]:
    return [OFFICES, office_tag(instance.office_id)]


def _of_officer(instance: Any) -> list[str]:
    return [office_tag(instance.office_id)]


def _of_absence(instance: Any) -> list[str]:
    return [office_tag(instance.officer.office_id)]


def _of_handling(instance: Any) -> list[str]:
    return [office_tag(instance.counter.office_id)]


def _of_version(instance: Any) -> list[str]:
    return [procedure_tag(instance.page_id), PROCEDURES]


def _everything(instance: Any) -> list[str]:
    return [SITE]


#: Model → tags of one row that was saved or deleted. Pages are published, not saved: below.
SHOWN: dict[type[Model], Callable[[Any], list[str]]] = {
    models.Counter: _of_office,
    models.OfficeHours: _of_office,
    models.Officer: _of_officer,
    models.OfficerAbsence: _of_absence,
    models.Handling: _of_handling,
    models.Field: _everything,
    models.CitySettings: _everything,
    models.WorkingDayChange: _everything,
    models.LifeEvent: _everything,
    models.LifeEventRow: _everything,
    models.PublicVersion: _of_version,
}
#: Written often and shown on no cached page.
NOT_SHOWN: set[type[Model]] = {
    models.CacheStamp,
    models.EditorScope,
    models.ImportConflict,
    models.ImportRow,
    models.IncompletePublication,  # written with the publication, which says what is stale
    models.Job,
    models.JobFile,
    models.NationalRecord,
    models.OfficeUpload,
    models.ReviewReminder,
    models.ReviewTask,
}


def page_tags(page: Page) -> list[str]:
    """What is stale when this page goes live, changes or goes away."""
    if isinstance(page, models.ProcedurePage):
        return [procedure_tag(page.pk), field_tag(page.field_id), PROCEDURES]
    if isinstance(page, models.Office):
        return [OFFICES, office_tag(page.pk)]
    return [SITE]


def _row_changed(sender: type[Model], instance: Model, **_: Any) -> None:
    touch(*SHOWN[sender](instance))


def _row_leaves(sender: type[Model], instance: Model, **_: Any) -> None:
    """The office a counter, an officer or an assignment is about to leave shows it no more."""
    if instance.pk and (stored := sender._base_manager.filter(pk=instance.pk).first()):
        touch(*SHOWN[sender](stored))


def _document_changed(sender: type[Model], instance: Model, **_: Any) -> None:
    touch(document_tag(instance.pk))


def _page_changed(sender: type[Model], instance: Page, update_fields: Any = None, **_: Any) -> None:
    if update_fields is None or not set(update_fields) <= _DRAFT_COLUMNS:
        touch(*page_tags(instance.specific_deferred))


def _leaves_field(sender: type[Model], instance: Any, update_fields: Any = None, **_: Any) -> None:
    """The field a procedure is about to leave no longer lists it."""
    if instance.pk and (update_fields is None or not set(update_fields) <= _DRAFT_COLUMNS):
        rows = models.ProcedurePage.objects.filter(pk=instance.pk)
        left = rows.exclude(field_id=instance.field_id).values_list("field_id", flat=True)
        touch(*map(field_tag, left))


def _many_changed(sender: type[Model], instance: Any, action: str, **_: Any) -> None:
    if action.startswith("post") and isinstance(instance, models.Counter):
        touch(*_of_office(instance))


def _bulk_changed(sender: type[Model], page_ids: list[int], **_: Any) -> None:
    fields = models.ProcedurePage.objects.filter(pk__in=page_ids).values_list("field_id", flat=True)
    touch(PROCEDURES, *map(procedure_tag, page_ids), *map(field_tag, fields.distinct().order_by()))


def connect() -> None:
    """Listen to every write that public pages show (called once, when the app is ready)."""
    for model in SHOWN:
        for signal in (post_save, post_delete):
            signal.connect(_row_changed, sender=model, dispatch_uid=f"stamp-{signal}-{model}")
    for model in (models.Counter, models.Officer, models.OfficerAbsence, models.Handling):
        pre_save.connect(_row_leaves, sender=model, dispatch_uid=f"stamp-leaves-{model}")
    for signal in (post_save, post_delete):
        signal.connect(
            _document_changed,
            sender=get_document_model(),
            dispatch_uid=f"stamp-document-{id(signal)}",
        )
    for kind in (models.ProcedurePage, models.Office):
        for signal in (post_save, post_delete, page_published, page_unpublished):
            signal.connect(_page_changed, sender=kind, dispatch_uid=f"stamp-{id(signal)}-{kind}")
    pre_save.connect(_leaves_field, sender=models.ProcedurePage, dispatch_uid="stamp-leaves")
    post_page_move.connect(_page_changed, dispatch_uid="stamp-move")
    m2m_changed.connect(
        _many_changed, sender=models.Counter.fields.through, dispatch_uid="stamp-fields"
    )
    procedures_changed.connect(_bulk_changed, dispatch_uid="stamp-bulk")
