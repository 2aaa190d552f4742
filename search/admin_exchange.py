"""Curated rows as files: download, and an import that is looked at before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin import messages
from wagtail.permission_policies import ModelPermissionPolicy

from search.curation import Plan, apply, plan
from search.files import FILE_LIMIT, FileError, LineError, text_of
from search.models.curated import CuratedRow

#: Rows of each sort that a preview shows.
SHOWN = 200
_ALL = ("add", "change", "delete")


@dataclass(frozen=True)
class Exchange:
    """How one model's rows are read from and written to a file. ``name`` is its URL namespace."""

    model: type[CuratedRow]
    name: str
    title: str
    file: str
    content_type: str
    read: Callable[[str], tuple[Sequence[CuratedRow], list[LineError]]]
    write: Callable[[Iterable[Any]], str]
    kind_name: Callable[[str], str]

    def may(self, user: Any, actions: Sequence[str] = _ALL) -> bool:
        """Whether the user has all of the actions."""
        policy = ModelPermissionPolicy(self.model)
        return all(policy.user_has_permission(user, one) for one in actions)


def export_view(exchange: Exchange) -> Callable[[HttpRequest], HttpResponse]:
    """``?kind=`` narrows the file; what is switched off is not in it."""

    def view(request: HttpRequest) -> HttpResponse:
        policy = ModelPermissionPolicy(exchange.model)
        if not policy.user_has_any_permission(request.user, ["view", *_ALL]):
            raise PermissionDenied
        rows: QuerySet[Any] = exchange.model._default_manager.filter(active=True).order_by(
            "rank", "pk"
        )
        name = exchange.file
        if kind := request.GET.get("kind", ""):
            rows = rows.filter(kind=kind)
            safe = "".join(char for char in kind if char.isascii() and (char.isalnum()))
            name = f"{safe}-{name}" if safe else name
        response = HttpResponse(exchange.write(rows), content_type=exchange.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return view


class ImportForm(forms.Form):
    """The file, or after the preview its text."""

    file = forms.FileField(label="Tệp", required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=FILE_LIMIT)
    whole = forms.BooleanField(
        label="Tệp này là toàn bộ danh sách",
        required=False,
        help_text="Những mục cùng loại mà tệp không có sẽ bị xoá; mục có sẵn của phần mềm thì tắt.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        file = data.get("file")
        if file:
            try:
                data["text"] = text_of(file.read())
            except FileError as error:
                self.add_error("file", str(error))
        elif not data.get("text", "").strip() and not self.errors:
            self.add_error("file", "Hãy chọn một tệp có nội dung.")
        return data


def import_view(exchange: Exchange) -> Callable[[HttpRequest], HttpResponse]:
    """Upload, preview, confirm. Only what was previewed is done, all of it or nothing."""

    def view(request: HttpRequest) -> HttpResponse:
        if not exchange.may(request.user):
            raise PermissionDenied
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        errors: list[LineError] = []
        found: Plan | None = None
        text = ""
        if form.is_valid():
            text, whole = form.cleaned_data["text"], form.cleaned_data["whole"]
            rows, errors = exchange.read(text)
            if not errors:
                found = plan(rows, model=exchange.model, whole=whole)
            if found and not found.empty and "confirm" in request.POST:
                if form.cleaned_data["seen"] == found.digest():
                    apply(found, model=exchange.model, user=request.user)
                    messages.success(request, _done(found))
                    return redirect(reverse(f"{exchange.name}:index"))
                messages.warning(
                    request, "Danh sách vừa được người khác sửa. Hãy xem lại rồi xác nhận."
                )
        context = {
            "exchange": exchange,
            "index": reverse(f"{exchange.name}:index"),
            "form": form,
            "errors": errors,
            "plan": found,
            "sections": _sections(found, exchange) if found else [],
            "text": text,
            "whole": form.is_bound and bool(form.data.get("whole")),
            "shown": SHOWN,
        }
        return render(request, "search/admin/import.html", context)

    return view


def _done(found: Plan) -> str:
    return (
        f"Đã nhập: thêm {len(found.added)}, sửa {len(found.changed)}, "
        f"bật lại {len(found.switched_on)}, xoá hoặc tắt {len(found.removed)}."
    )


@dataclass(frozen=True)
class Line:
    """A row of the preview."""

    kind: str
    before: str
    after: str


def _sections(found: Plan, exchange: Exchange) -> list[tuple[str, int, list[Line]]]:
    """``(heading, how many, the first of them)``, without the empty ones."""

    def kind(row: Any) -> str:
        return exchange.kind_name(row.kind)

    sections = [
        ("Thêm", [Line(kind(row), "", row.as_text()) for row in found.added]),
        (
            "Sửa",
            [
                Line(kind(old), *_differing(old.as_text(), new.as_text()))
                for old, new in found.changed
            ],
        ),
        ("Bật lại", [Line(kind(row), "", row.as_text()) for row in found.switched_on]),
        ("Xoá hoặc tắt", [Line(kind(row), row.as_text(), "") for row in found.removed]),
    ]
    return [(name, len(lines), lines[:SHOWN]) for name, lines in sections if lines]


def _differing(before: str, after: str) -> tuple[str, str]:
    """Of rows of many lines only the head and the lines that differ."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) == 1 and len(new) == 1:
        return before, after
    return (
        "\n".join([*old[:1], *(line for line in old[1:] if line not in new)]),
        "\n".join([*new[:1], *(line for line in new[1:] if line not in old)]),
    )
