"""*Người dân hỏi gì*: the reports of search/asked.py on the screen and as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from search.admin import LanguageViewSet, QuestionViewSet
from search.admin_quality import QualityMenuItem, may_read
from search.asked import FEW, REPORTS, Line, Report, rare_words
from search.language import BEST_BET, HIDDEN, OFF_TOPIC, ONE_WAY
from search.models import EvaluationQuestion, LanguageEntry
from search.query_log import KEPT_DAYS, TRIED

ROWS_A_PAGE = 50
PERIODS = (7, 28, KEPT_DAYS)
#: What an editor's question is filled in with: where it comes from.
FROM_LOG = "nhật ký"


def cell(line: Line, column: str) -> str:
    """As people read it: 93 %, 1,4; "" for none."""
    value = getattr(line, column)
    if value is None:
        return ""
    if column == "opened":
        return f"{value * 100:.0f} %"
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)


def actions(line: Line, user: Any) -> list[tuple[str, str]]:
    """Where one click leads from a question: forms that are filled in with it."""
    words = line.words
    found = (
        [("Tìm thử", f"{reverse('search')}?{urlencode({'q': words, TRIED: 1})}")] if words else []
    )
    if words and ModelPermissionPolicy(LanguageEntry).user_has_permission(user, "add"):
        add = reverse(LanguageViewSet().get_url_name("add"))
        for label, values in (
            ("Thêm từ đồng nghĩa", {"kind": ONE_WAY, "said": words}),
            ("Thêm cách gọi cho thủ tục", {"kind": HIDDEN, "means": words}),
            ("Đặt thủ tục lên đầu", {"kind": BEST_BET, "said": words}),
        ):
            found.append((label, f"{add}?{urlencode({**values, 'tries': words})}"))
        if not line.last_total:
            query = urlencode({"kind": OFF_TOPIC, "said": words, "tries": words})
            found.append(("Ghi là ngoài phạm vi", f"{add}?{query}"))
    if words and ModelPermissionPolicy(EvaluationQuestion).user_has_permission(user, "add"):
        add = reverse(QuestionViewSet().get_url_name("add"))
        query = urlencode({"query": words, "kind": FROM_LOG})
        found.append(("Thêm vào câu hỏi mẫu", f"{add}?{query}"))
    return found


def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """One report; ``?days=`` is the period, ``?export=csv`` gives it as a file."""
    if not may_read(request.user):
        raise PermissionDenied
    report = next((one for one in REPORTS if one.slug == slug), None)
    if report is None:
        raise Http404
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in map(str, PERIODS) else 28
    lines = report.lines(days)
    if request.GET.get("export") == "csv":
        return _csv(report, lines)
    page = Paginator(lines, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            line,
            [(name, cell(line, key)) for key, name in report.columns],
            actions(line, request.user),
        )
        for line in page.object_list
    ]
    context = {
        "report": report,
        "reports": REPORTS,
        "rows": rows,
        "total": len(lines),
        "page_of": page,
        "days": days,
        "periods": PERIODS,
        "few": FEW,
        "kept_days": KEPT_DAYS,
        "rare": rare_words(days) if page.number == 1 and report.period else [],
    }
    return render(request, "search/admin/asked.html", context)


def _csv(report: Report, lines: list[Line]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Câu hỏi", *(name for _, name in report.columns), "Lần cuối"])
    for line in lines:
        # A cell that begins like a formula would be run by a spreadsheet.
        said = f"'{line.text}" if line.text[:1] in "=+-@" else line.text
        cells = [cell(line, key) for key, _ in report.columns]
        writer.writerow([said, *cells, f"{line.last_day:%d/%m/%Y}"])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{report.slug}.csv"'
    return response


def menu_item() -> MenuItem:
    """In the menu *Tìm kiếm*."""
    address = reverse("search_asked", args=[REPORTS[0].slug])
    return QualityMenuItem("Người dân hỏi gì", address, icon_name="group", order=40)


def urls() -> list[URLPattern]:
    """``/admin/nguoi-dan-hoi-gi/<slug>/``."""
    return [path("nguoi-dan-hoi-gi/<slug:slug>/", asked, name="search_asked")]
