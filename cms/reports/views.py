"""A report on the screen and as CSV; the admin's menu entries for all of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from cms.csv_answers import csv_answer
from cms.models import Field, ProcedurePage
from cms.reports.rows import REPORTS, Report, Row
from cms.scopes import scope_of

ROWS_A_PAGE = 50
_FIRST = (("code", "Mã"), ("name", "Thủ tục"), ("field", "Lĩnh vực"))


def _may_read(user: Any) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["add", "change", "publish"])


def _text(value: Any) -> str:
    """A cell as people read it."""
    if isinstance(value, datetime.datetime):
        return f"{value:%H:%M} {date_format(value, 'SHORT_DATE_FORMAT')}"
    if isinstance(value, datetime.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return "" if value is None else str(value)


def report(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """One report; ``?field=`` narrows it, ``?export=csv`` gives all of it as a file."""
    if not _may_read(request.user):
        raise PermissionDenied
    found = next((one for one in REPORTS if one.slug == slug), None)
    if found is None:
        raise Http404
    pages = scope_of(request.user).limit_pages(ProcedurePage.objects.all())
    wanted = request.GET.get("field", "")
    if wanted.isdecimal():
        pages = pages.filter(field_id=int(wanted))
    rows = list(found.rows(pages))
    if request.GET.get("export") == "csv":
        return _csv(found, rows)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "report": found,
        "reports": REPORTS,
        "page_of": page,
        "total": len(rows),
        "lines": [
            (row, [(label, _text(row.cells[key])) for key, label in found.columns])
            for row in page.object_list
        ],
        "fields": Field.objects.order_by("name"),
        "field": wanted,
    }
    return render(request, "cms/admin/report.html", context)


def _csv(found: Report, rows: list[Row]) -> StreamingHttpResponse:
    header = [label for _key, label in (*_FIRST, *found.columns)]
    cells = (
        (row.code, row.name, row.field, *(_text(row.cells[key]) for key, _label in found.columns))
        for row in rows
    )
    return csv_answer(found.slug, header, cells)


class ReportMenuItem(MenuItem):
    """Shown to whoever edits pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors and reviewers."""
        return _may_read(request.user)


def menu_items() -> list[MenuItem]:
    """An entry for each report."""
    return [
        ReportMenuItem(
            one.title, reverse("cms_report", args=[one.slug]), icon_name=one.icon, order=place
        )
        for place, one in enumerate(REPORTS)
    ]


def urls() -> list[URLPattern]:
    """``/admin/bao-cao/<slug>/``."""
    return [path("bao-cao/<slug:slug>/", report, name="cms_report")]
