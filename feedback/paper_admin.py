"""*Phiếu giấy* in the admin: batches, the two typings, and settling what differs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button, ListingButton
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.scoped_views import ScopedSnippets
from cms.scopes import ScopedPolicy
from feedback import paper
from feedback.models import PaperBatch
from feedback.models.ratings import ITEMS
from feedback.presentation import ITEM_WORDS

State = PaperBatch.State
#: Columns of the table, in the order of the paper.
COLUMNS = {"attitude": "Thái độ", **{item: str(word) for item, word in ITEM_WORDS.items()}}


class BatchForm(WagtailAdminModelForm):
    """A batch is of one counter and one day of the last two months; typed in, it stays so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.first_by_id:
            for one in self.fields.values():
                one.disabled = True

    def clean_day(self) -> datetime.date:
        """Not in the future, and not older than the keys that check its codes."""
        day: datetime.date = self.cleaned_data["day"]
        today = timezone.localdate()
        if not today - datetime.timedelta(days=paper.OLDEST_DAYS) <= day <= today:
            raise ValidationError(f"Ngày phục vụ nằm trong {paper.OLDEST_DAYS} ngày vừa qua.")
        return day

    def clean_slips(self) -> int:
        """What one person types in one sitting."""
        slips: int = self.cleaned_data["slips"]
        if not 1 <= slips <= paper.MOST_SLIPS:
            raise ValidationError(f"Mỗi tập có từ 1 đến {paper.MOST_SLIPS} phiếu.")
        return slips


class BatchPolicy(ScopedPolicy):
    """Batches are not deleted: nobody may drop slips she does not like. Until somebody types,
    a mistake in its counter, day or number is corrected."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """By the groups and the scope, but for deleting."""
        return action != "delete" and super().user_has_permission(user, action)


class BatchFilters(WagtailFilterSet):
    """By state."""

    class Meta:
        model = PaperBatch
        fields: ClassVar = ["state"]


class PaperBatchViewSet(ScopedSnippets, SnippetViewSet):
    """The batches, newest first."""

    model = PaperBatch
    icon = "list-ol"
    menu_label = "Phiếu giấy"
    menu_order = 140
    add_to_admin_menu = True
    filterset_class = BatchFilters
    list_display: ClassVar = [
        "__str__",
        Column("slips", label="Số phiếu"),
        Column("get_state_display", label="Tình trạng"),
        Column("first_by", label="Nhập lần một", classname="bck-wide"),
        Column("second_by", label="Nhập lần hai", classname="bck-wide"),
    ]
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("counter"), FieldPanel("day"), FieldPanel("slips")], base_form_class=BatchForm
    )

    @property
    def permission_policy(self) -> BatchPolicy:
        """The groups' permissions within the scope."""
        return BatchPolicy(self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With all that the list names: one query."""
        return PaperBatch.objects.select_related("counter__office", "first_by", "second_by")


@never_cache
def type_in(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The table of a typing, or of what differs; keeps it or finishes it."""
    batches = PaperBatch.objects.select_related("counter__office", "first_by", "second_by")
    batch = get_object_or_404(batches, pk=batch_id)
    if not BatchPolicy(PaperBatch).user_has_permission_for_instance(request.user, "change", batch):
        raise PermissionDenied
    try:
        typing = paper.typing_of(batch, request.user)
        if request.method == "POST":
            return _take(request, batch, typing)
    except (paper.WrongPerson, paper.NotNow) as problem:
        messages.error(request, str(problem))
        return redirect(_list())
    return _table(request, batch, typing, paper.typed(batch, typing), {})


def _take(request: HttpRequest, batch: PaperBatch, typing: int) -> HttpResponse:
    """What was sent: kept or finished, or the table again with what is wrong."""
    shown = paper.differences(batch) if batch.state == State.DIFFERS else None
    slips = paper.typed(batch, typing)
    problems: dict[int, list[str]] = {}
    for place in range(batch.slips) if shown is None else shown:
        names = (*ITEMS, "code", "comment")
        cells = {name: request.POST.get(f"{name}-{place + 1}", "") for name in names}
        slips[place], wrong = paper.read_slip(cells)
        if wrong:
            problems[place] = wrong
    finishing = "finish" in request.POST
    if finishing and not problems:
        problems = _unfinished(batch, slips)
    if problems:
        return _table(request, batch, typing, slips, problems, status=422)
    if not finishing:
        # While settling, keeping would make the two typings agree: there is nothing between.
        paper.keep(batch, user=request.user, slips=slips)
        messages.success(request, "Đã lưu tạm. Bạn nhập tiếp lúc nào cũng được.")
        return redirect("paper_type_in", batch.pk)
    counted = paper.finish(batch, user=request.user, slips=slips)
    return _finished(request, batch, counted)


def _unfinished(batch: PaperBatch, slips: Sequence[paper.Slip]) -> dict[int, list[str]]:
    doubled = paper.doubled_codes(slips)
    problems = {}
    for place, slip in enumerate(slips):
        wrong = [*paper.missing(slip), *paper.wrong_code(batch, slip)]
        wrong += [doubled[place]] if place in doubled else []
        if wrong:
            problems[place] = wrong
    return problems


def _finished(
    request: HttpRequest, batch: PaperBatch, counted: paper.Counted | None
) -> HttpResponse:
    if counted is not None:
        text = f"Đã tính {counted.stored} phiếu của {batch}."
        if counted.without_code:
            text += f" {counted.without_code} phiếu có mã không dùng được nữa, tính như không mã."
        messages.success(request, text)
        return redirect(_list())
    if batch.state == State.DIFFERS:
        messages.warning(request, "Hai lần nhập khác nhau ở các phiếu dưới đây.")
        return redirect("paper_type_in", batch.pk)
    messages.success(request, "Xong lần một. Mời một người khác nhập lần hai.")
    return redirect(_list())


def _table(
    request: HttpRequest,
    batch: PaperBatch,
    typing: int,
    slips: Sequence[paper.Slip],
    problems: dict[int, list[str]],
    *,
    status: int = 200,
) -> HttpResponse:
    settling = batch.state == State.DIFFERS
    differing = paper.differences(batch) if settling else {}
    first = paper.typed(batch, 1) if settling else []
    second = paper.typed(batch, 2) if settling else []
    rows = [
        {
            "number": place + 1,
            "cells": [(item, COLUMNS[item], _text(slip.level(item))) for item in ITEMS],
            "slip": slip,
            "problems": problems.get(place, []),
            "differs": differing.get(place, []),
            "first": _in_words(first[place]) if settling else "",
            "second": _in_words(second[place]) if settling else "",
        }
        for place, slip in enumerate(slips)
        if not settling or place in differing
    ]
    context = {
        "batch": batch,
        "typing": typing,
        "settling": settling,
        "rows": rows,
        "columns": COLUMNS.values(),
        "problems": problems,
        "back": _list(),
    }
    return render(request, "feedback/paper_type_in.html", context, status=status)


def _text(level: int | None) -> str:
    return "" if level is None else str(level)


def _in_words(slip: paper.Slip) -> str:
    """5 · 4 · – · 0, mã …, “góp ý”."""
    parts = [" · ".join(_text(slip.level(item)) or "–" for item in ITEMS)]
    parts += [f"mã {slip.code}"] if slip.code else []
    parts += [f"“{slip.comment}”"] if slip.comment else []
    return ", ".join(parts)


def _list() -> str:
    return reverse(PaperBatch.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def paper_urls() -> list[URLPattern]:
    """``/admin/phieu-giay/…``."""
    return [path("phieu-giay/<int:batch_id>/nhap/", type_in, name="paper_type_in")]


@hooks.register("register_snippet_listing_buttons")
def paper_buttons(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """To the typing that is due, beside each batch that is not counted."""
    if not isinstance(snippet, PaperBatch) or snippet.state == State.DONE:
        return
    if BatchPolicy(PaperBatch).user_has_permission_for_instance(user, "change", snippet):
        url = reverse("paper_type_in", args=[snippet.pk])
        yield ListingButton("Nhập phiếu", url, icon_name="edit", priority=15)
