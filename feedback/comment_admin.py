"""*Góp ý tại quầy* in the editor: the queue, one comment, and the steps it takes.

Only masked texts are shown. The original opens by a button of its own, for those who may read
it, and every opening is written into the comment's log.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.csv_answers import csv_answer
from feedback import comment_rights as rights
from feedback import comments
from feedback.comment_forms import (
    AnswerForm,
    AssignForm,
    CloseForm,
    CoverForm,
    FixedForm,
    MoveForm,
    PublishForm,
)
from feedback.models import Comment
from feedback.models.comments import CommentState, Queue

LABEL = "Góp ý tại quầy"
COMMENTS_A_PAGE = 40
#: Calendar days ahead that count as "due soon" on the screen.
SOON_DAYS = 3
_OPEN = Q(state__in=(CommentState.RECEIVED, CommentState.ASSIGNED))


def urls() -> list[URLPattern]:
    """``/admin/gop-y/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("gop-y/", queue, name="comments"),
        path("gop-y/gop-y.csv", export, name="comments_csv"),
        path("gop-y/<uuid:comment_id>/", comment_page, name="comment"),
        path("gop-y/<uuid:comment_id>/<slug:action>/", take_step, name="comment_step"),
    ]


@dataclass(frozen=True)
class Tab:
    """A part of the queue: its name in the address, its words, and what is in it."""

    slug: str
    words: str
    holds: Callable[[Any, datetime.date], Q]


TABS = (
    Tab("cho", "Chờ trả lời", lambda user, today: _OPEN & Q(queue=Queue.OFFICE)),
    Tab("cua-toi", "Của tôi", lambda user, today: _OPEN & Q(assigned_to=user)),
    Tab(
        "den-han",
        "Sắp đến hạn",
        lambda user, today: (
            _OPEN
            & Q(
                queue=Queue.OFFICE,
                due_on__gte=today,
                due_on__lte=today + datetime.timedelta(days=SOON_DAYS),
            )
        ),
    ),
    Tab(
        "qua-han",
        "Quá hạn",
        lambda user, today: _OPEN & Q(queue=Queue.OFFICE, due_on__lt=today),
    ),
    Tab(
        "chua-cong-khai",
        "Đã trả lời, chưa công khai",
        lambda user, today: Q(state=CommentState.ANSWERED, queue=Queue.OFFICE),
    ),
    Tab(
        "xong",
        "Đã xong",
        lambda user, today: Q(
            state__in=(CommentState.PUBLISHED, CommentState.CLOSED), queue=Queue.OFFICE
        ),
    ),
    Tab("thanh-tra", "Thanh tra", lambda user, today: Q(queue=Queue.INSPECTORATE)),
)


def _rows(request: HttpRequest) -> QuerySet[Comment]:
    if not rights.may_look(request.user):
        raise PermissionDenied
    return rights.visible_to(request.user)


def _tabs(user: Any) -> list[Tab]:
    office, inspector = user.has_perm(rights.VIEW), rights.is_inspector(user)
    return [
        one
        for one in TABS
        if (inspector if one.slug == "thanh-tra" else office or one.slug == "cua-toi")
    ]


def waiting(user: Any) -> tuple[int, int]:
    """Comments that wait for an answer in the queues this person sees, and how many are late."""
    found = rights.visible_to(user).aggregate(
        all=Count("pk", filter=_OPEN),
        late=Count("pk", filter=_OPEN & Q(due_on__lt=timezone.localdate())),
    )
    return found["all"], found["late"]


def _chosen(request: HttpRequest) -> tuple[list[Tab], Tab]:
    tabs = _tabs(request.user)
    asked = request.GET.get("hang", "")
    return tabs, next((one for one in tabs if one.slug == asked), tabs[0])


@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The latest due first; ``?hang=`` one part of it."""
    rows, today = _rows(request), timezone.localdate()
    tabs, chosen = _chosen(request)
    numbers = rows.aggregate(
        **{f"n{turn}": Count("pk", filter=one.holds(request.user, today))
           for turn, one in enumerate(tabs)}
    )  # fmt: skip
    shown = rows.filter(chosen.holds(request.user, today)).order_by("due_on", "pk")
    return render(
        request,
        "feedback/admin_comments.html",
        {
            "page": Paginator(shown, COMMENTS_A_PAGE).get_page(request.GET.get("p")),
            "tabs": [(one, numbers[f"n{turn}"]) for turn, one in enumerate(tabs)],
            "chosen": chosen,
            "today": today,
            "crumbs": _crumbs(),
        },
    )


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """What the screen shows, as a table for a spreadsheet: masked texts, no codes, no names."""
    rows, today = _rows(request), timezone.localdate()
    _, chosen = _chosen(request)
    shown = rows.filter(chosen.holds(request.user, today)).order_by("due_on", "pk")
    header = (
        "Cơ quan", "Quầy", "Ngày nhận", "Hạn", "Tình trạng", "Nội dung đã che", "Trả lời",
        "Ngày trả lời", "Đã sửa", "Ngày sửa", "Ngày công khai", "Lý do không công khai",
    )  # fmt: skip
    return csv_answer(f"gop-y-{chosen.slug}", header, map(_table_row, shown.iterator(500)))


def _table_row(one: Comment) -> list[str]:
    cells = (
        one.counter.office.title,
        one.counter.name,
        one.received_on,
        one.due_on,
        one.get_state_display(),
        one.masked,
        one.answer,
        one.answered_on,
        one.fixed,
        one.fixed_on,
        one.published_on,
        one.closed_reason,
    )
    return [
        f"{cell:%d/%m/%Y}" if isinstance(cell, datetime.date) else str(cell or "") for cell in cells
    ]


@never_cache
@require_safe
def comment_page(request: HttpRequest, comment_id: uuid.UUID) -> HttpResponse:
    """One comment, its log, and what this person may do next."""
    return _show(request, _one(request, comment_id))


def _one(request: HttpRequest, comment_id: uuid.UUID) -> Comment:
    return get_object_or_404(_rows(request), pk=comment_id)


@dataclass(frozen=True)
class Step:
    """A form of the page: which function it calls, and what is said afterwards."""

    form: type[forms.Form]
    function: Callable[..., Comment]
    done: str


STEPS = {
    "giao": Step(AssignForm, comments.assign, "Đã giao xử lý."),
    "tra-loi": Step(AnswerForm, comments.answer, "Đã ghi trả lời. Người gửi đọc được bằng mã."),
    "che": Step(CoverForm, comments.cover, "Đã ghi nội dung sẽ công khai."),
    "cong-khai": Step(PublishForm, comments.publish, "Đã công khai góp ý và trả lời."),
    "dong": Step(CloseForm, comments.close, "Đã đóng. Góp ý không ở trang công khai nào."),
    "da-sua": Step(FixedForm, comments.mark_fixed, "Đã ghi việc đã sửa."),
    "chuyen": Step(MoveForm, comments.move, "Đã chuyển."),
}


@never_cache
@require_POST
def take_step(request: HttpRequest, comment_id: uuid.UUID, action: str) -> HttpResponse:
    """One of :data:`STEPS`, or ``nguyen-van``: the original, shown once and logged."""
    comment = _one(request, comment_id)
    if action == "nguyen-van":
        return _show_original(request, comment)
    step = STEPS.get(action)
    if step is None:
        raise Http404
    form = step.form(comment, request.POST, auto_id=f"{action}_%s")  # type: ignore[arg-type]
    if form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "read"}
        if action == "chuyen":
            to_office = comment.queue == Queue.INSPECTORATE
            given["queue"] = Queue.OFFICE if to_office else Queue.INSPECTORATE
        try:
            step.function(comment_id=comment.pk, user=request.user, **given)
        except rights.Refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, step.done)
            still = rights.visible_to(request.user).filter(pk=comment.pk).exists()
            return redirect("comment", comment.pk) if still else redirect("comments")
    return _show(request, comment, {action: form})


def _show_original(request: HttpRequest, comment: Comment) -> HttpResponse:
    try:
        original, contact = comments.open_original(comment_id=comment.pk, user=request.user)
    except rights.Refused:
        raise PermissionDenied from None
    return _show(request, comment, original=original, contact=contact, opened=True)


def _show(
    request: HttpRequest, comment: Comment, sent: dict[str, forms.Form] | None = None, **more: Any
) -> HttpResponse:
    user, sent = request.user, sent or {}
    handles, publishes = rights.may_handle(user, comment), rights.may_publish(user, comment)
    closed = comment.state == CommentState.CLOSED
    answered = comment.state in (CommentState.ANSWERED, CommentState.PUBLISHED)
    allowed = {
        "giao": handles and comment.is_open,
        "che": handles and not closed,
        "tra-loi": handles and not closed,
        "da-sua": handles and answered,
        "cong-khai": publishes and comment.state == CommentState.ANSWERED,
        "dong": rights.may_close(user, comment) and not closed,
        "chuyen": handles and comment.is_open,
    }
    shown = {
        name.replace("-", "_"): sent.get(name) or STEPS[name].form(comment, auto_id=f"{name}_%s")  # type: ignore[arg-type]
        for name, may in allowed.items()
        if may or name in sent
    }
    return render(
        request,
        "feedback/admin_comment.html",
        {
            "comment": comment,
            "forms": shown,
            "steps": comment.steps.all(),
            "today": timezone.localdate(),
            "mine": comment.assigned_to_id == user.pk,
            "may_take": allowed["giao"]
            and comment.assigned_to_id != user.pk
            and user in rights.handlers_of(comment.counter.office_id, comment.queue),
            "may_read": rights.may_read_original(user, comment),
            "kept": comment.original_until and comment.original_until >= timezone.localdate(),
            "to_office": comment.queue == Queue.INSPECTORATE,
            "crumbs": _crumbs(f"Góp ý ngày {comment.received_on:%d/%m/%Y}"),
            **more,
        },
        status=422 if any(one.errors for one in sent.values()) else 200,
    )


def _crumbs(step: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": reverse("comments") if step else "", "label": LABEL},
    ]
    return [*crumbs, {"url": "", "label": step}] if step else crumbs
