"""The editor's table of swap days, extra days off and closures, and typing a year's pairs."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.day_form import WorkingDayForm, fit_to
from cms.models import Office, WorkingDayChange
from cms.models.offices import WEEKDAYS
from cms.scoped_views import (
    ScopedCreateView,
    ScopedEditView,
    ScopedIndexView,
    ScopedSnippets,
)
from cms.scopes import scope_of
from cms.swap_days import LineError, Pair, parse, save

ADD = "cms.add_workingdaychange"


def _offices(request: HttpRequest | None) -> QuerySet[Office]:
    """The offices a person may choose from."""
    rows = Office.objects.order_by("title")
    return scope_of(request.user).limit(rows) if request else rows


class WorkingDayFilters(WagtailFilterSet):
    """Narrow by year, kind and office."""

    year = django_filters.NumberFilter(field_name="date__year", label="Năm")
    office = django_filters.ModelChoiceFilter(
        queryset=_offices, label="Cơ quan", empty_label="Mọi nơi"
    )

    class Meta:
        model = WorkingDayChange
        fields: ClassVar = ["kind", "office"]


class WorkingDayIndexView(ScopedIndexView):
    """The list, with a way to the form that takes a whole year."""

    # Wagtail's own label repeats the whole name and leaves no room for the title.
    add_item_label = "Thêm ngày"

    @property
    def header_buttons(self) -> list[Any]:
        """*Nhập cả năm* beside *Thêm*."""
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(ADD) and scope_of(self.request.user).everything:
            buttons.append(
                HeaderButton("Nhập cả năm", url=reverse("swap_days"), icon_name="download")
            )
        return buttons


class WorkingDayCreateView(ScopedCreateView):
    """One day or a run of days."""

    def get_form(self, form_class: Any = None) -> Any:
        """Her own office is chosen already."""
        form = super().get_form(form_class)
        fit_to(form, self.request.user)
        return form

    def get_success_message(self, instance: WorkingDayChange) -> str:
        """What was written, and that it holds at once."""
        saved = self.form.saved
        days = f"{saved[0].date:%d/%m/%Y}"
        if len(saved) > 1:
            days = f"{len(saved)} ngày, {days} – {saved[-1].date:%d/%m/%Y}"
        place = instance.office.title if instance.office else "cả thành phố"
        return f"Đã ghi {days} ({place}). Giờ mở cửa và ngày hẹn trên các trang đã theo."


class WorkingDayEditView(ScopedEditView):
    """One day."""

    def get_form(self, form_class: Any = None) -> Any:
        """Worded for the offices she may choose."""
        form = super().get_form(form_class)
        fit_to(form, self.request.user)
        return form


class WorkingDayViewSet(ScopedSnippets, SnippetViewSet):
    """*Ngày làm bù, ngày nghỉ* in the menu group of the one-stop shop."""

    model = WorkingDayChange
    icon = "date"
    menu_label = "Ngày làm bù, ngày nghỉ"
    menu_order = 60
    index_view_class = WorkingDayIndexView
    add_view_class = WorkingDayCreateView
    edit_view_class = WorkingDayEditView
    list_display: ClassVar = [
        "__str__",
        Column("get_kind_display", label="Ngày này", sort_key="kind"),
        Column("get_like_weekday_display", label="Làm theo giờ của", classname="bck-wide"),
        Column("decision", label="Theo văn bản", classname="bck-wide"),
    ]
    filterset_class = WorkingDayFilters
    search_fields: ClassVar = ["name", "decision", "office__title"]
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            FieldRowPanel([FieldPanel("date"), FieldPanel("until")]),
            FieldPanel("like_weekday"),
            FieldPanel("name"),
            FieldPanel("decision"),
            MultiFieldPanel([FieldPanel("office", widget=forms.Select)], heading="Ở đâu"),
        ],
        base_form_class=WorkingDayForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """One query with what the columns show."""
        return WorkingDayChange.objects.select_related("office")


class SwapDaysForm(forms.Form):
    """The pairs of a year as text, and the decision they come from."""

    decision = forms.CharField(
        label="Theo văn bản", max_length=255, required=False, help_text="Số, ngày, cơ quan ban hành"
    )
    lines = forms.CharField(
        label="Các cặp ngày",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Mỗi dòng một cặp: ngày được nghỉ trước, ngày làm bù sau, rồi lý do nếu có. "
        "Ví dụ: nghỉ 31/08/2026, làm bù 22/08/2026, Quốc khánh",
    )

    def clean_lines(self) -> list[Pair]:
        """The pairs; every wrong line is named at once."""
        try:
            return parse(self.cleaned_data["lines"])
        except LineError as error:
            raise forms.ValidationError(str(error).splitlines()) from None


def swap_days(request: HttpRequest) -> HttpResponse:
    """Type the pairs of a year; the preview says which weekdays they are, then they are saved."""
    # The pairs hold for the whole city.
    if not (request.user.has_perm(ADD) and scope_of(request.user).everything):
        raise PermissionDenied
    form = SwapDaysForm(request.POST or None)
    preview: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        pairs = form.cleaned_data["lines"]
        if "confirm" in request.POST:
            try:
                made, there = save(pairs, decision=form.cleaned_data["decision"])
            except LineError as error:
                form.add_error("lines", str(error))
            else:
                text = f"Đã ghi {made} ngày."
                if there:
                    text += f" {there} ngày đã có từ trước, giữ nguyên."
                messages.success(request, text)
                return redirect(WorkingDayChange.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
        else:
            preview = [_preview(pair) for pair in pairs]
    context = {"form": form, "preview": preview}
    return render(request, "cms/admin/swap_days.html", context)


def _preview(pair: Pair) -> dict[str, Any]:
    return {
        "off": f"{_weekday(pair.off)} {pair.off:%d/%m/%Y}",
        "works": f"{_weekday(pair.works)} {pair.works:%d/%m/%Y}",
        "like": _weekday(pair.off),
        "name": pair.name,
    }


def _weekday(day: date) -> str:
    return dict(WEEKDAYS)[day.weekday()]


def urls() -> list[URLPattern]:
    """The form's address in the admin."""
    return [path("ngay-lam-bu/nhap/", swap_days, name="swap_days")]
