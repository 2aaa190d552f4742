"""*Báo cáo cơ quan* in the editor: what a head of office learns in a minute, and takes on paper."""

from __future__ import annotations

import datetime
import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cms.models import Office
from cms.scopes import scope_of
from feedback import ledger
from feedback.office_report import OfficeReport, office_report
from feedback.printing.report import write_report

LABEL = "Báo cáo cơ quan"
PERMISSION = "feedback.view_snapshotscore"


def urls() -> list[URLPattern]:
    """``/admin/bao-cao-co-quan/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("bao-cao-co-quan/", office_list, name="office_reports"),
        path("bao-cao-co-quan/<int:office_id>/", report_page, name="office_report"),
        path("bao-cao-co-quan/<int:office_id>/thang.pdf", report_pdf, name="office_report_pdf"),
    ]


def may_look(user: Any) -> bool:
    """Whether the person reads the report of any office."""
    return bool(user.has_perm(PERMISSION))


def is_own(user: Any, office: Office) -> bool:
    """Whether the person works for this office: her scope names it.

    Whoever may see every office is not of the office, and does not read the figures of a counter
    that one officer keeps.
    """
    return office.pk in scope_of(user).offices


def offices_of(user: Any) -> QuerySet[Office]:
    """The offices whose report this person reads; none without the permission."""
    if not may_look(user):
        return Office.objects.none()
    scope = scope_of(user)
    offices = Office.objects.live().order_by("title")
    if scope.everything:
        return offices
    # A scope of fields alone names no office, and so none is hers.
    return offices.filter(pk__in=scope.offices)


def _offices(request: HttpRequest) -> QuerySet[Office]:
    if not may_look(request.user):
        raise PermissionDenied
    return offices_of(request.user)


@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    """The offices to choose from; who has one goes straight to it."""
    offices = list(_offices(request).only("title", "slug", "path", "depth")[:500])
    if len(offices) == 1:
        return redirect("office_report", offices[0].pk)
    return render(
        request,
        "feedback/admin_office_reports.html",
        {"offices": offices, "crumbs": _crumbs()},
    )


@require_safe
def report_page(request: HttpRequest, office_id: int) -> HttpResponse:
    """The report; ``?thang=2026-10`` an earlier month."""
    report = _report(request, office_id)
    return render(
        request,
        "feedback/admin_office_report.html",
        {
            "report": report,
            "tiers": report.tiers(),
            "comments_waiting": report.total("comments_waiting"),
            "comments_overdue": report.total("comments_overdue"),
            "open_cases": report.total("open_cases"),
            "several": len(offices_of(request.user)[:2]) > 1,
            "ledger_head": head_of(report),
            "crumbs": _crumbs(report.office.title),
        },
    )


@require_safe
def report_pdf(request: HttpRequest, office_id: int) -> HttpResponseBase:
    """The same on A4."""
    report = _report(request, office_id)
    if report.snapshot is None:
        return redirect("office_report", office_id)
    out = io.BytesIO()
    write_report(report, out, ledger_head=head_of(report))
    out.seek(0)
    name = f"bao-cao-{slugify(report.office.slug)}-{report.snapshot.month:%Y-%m}.pdf"
    return FileResponse(out, filename=name, content_type="application/pdf")


def head_of(report: OfficeReport) -> str:
    """The ledger's last digest when the month was published; today's when it had none then."""
    if report.snapshot is None:
        return ""
    return str(report.snapshot.figures.get("ledger_head") or ledger.head() or "")


def _report(request: HttpRequest, office_id: int) -> OfficeReport:
    office = get_object_or_404(_offices(request), pk=office_id)
    return office_report(
        office, month=_month(request.GET.get("thang", "")), own=is_own(request.user, office)
    )


def _month(text: str) -> datetime.date | None:
    """The first day of "2026-10"; None for anything else."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return None


def _crumbs(step: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": reverse("office_reports") if step else "", "label": LABEL},
    ]
    return [*crumbs, {"url": "", "label": step}] if step else crumbs
