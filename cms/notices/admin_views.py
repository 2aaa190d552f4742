"""*In niêm yết* in the editor: of one procedure at once, of an office or a counter as a job."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cms.jobs import JobProblem, detail_url
from cms.models import Counter, Job, Office, ProcedurePage
from cms.notices.making import KIND, LABEL, PERMISSION, start_set
from cms.notices.sets import entries_of
from cms.notices.styles import FORMATS
from cms.scopes import scope_of

#: Earlier sets a page lists.
SHOWN_JOBS = 10


def may_print_sets(user: Any, office: Any = None) -> bool:
    """Whether the user may print sets, of this office if one is given."""
    if not user.has_perm(PERMISSION):
        return False
    return office is None or bool(scope_of(user).allows(office))


@require_safe
def procedure_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Size and office for the notice of one procedure; the file itself is public."""
    page = get_object_or_404(ProcedurePage, pk=page_id)
    return render(
        request,
        "cms/admin/notice_procedure.html",
        {
            "procedure": page,
            "sizes": list(FORMATS),
            "offices": Office.objects.live().order_by("title").only("title", "slug"),
            "crumbs": _crumbs(page.title, reverse("wagtailadmin_pages:edit", args=[page.pk])),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def office_page(request: HttpRequest, office_id: int) -> HttpResponse:
    """How many notices an office and each of its counters has; starts a set of them."""
    office = get_object_or_404(Office, pk=office_id)
    if not may_print_sets(request.user, office):
        raise PermissionDenied
    counters = Counter.objects.filter(office=office, active=True).order_by("name")
    if request.method == "POST":
        return _start(request, office, counters)
    rows: list[dict[str, Any]] = [{"counter": None, "count": len(entries_of(office))}]
    rows += [{"counter": one, "count": len(entries_of(office, one))} for one in counters]
    jobs = Job.objects.filter(kind=KIND, options__office=office.pk)[:SHOWN_JOBS]
    return render(
        request,
        "cms/admin/notice_office.html",
        {
            "office": office,
            "rows": rows,
            "sizes": list(FORMATS),
            "jobs": [{"job": job, "url": detail_url(job)} for job in jobs],
            "crumbs": _crumbs(office.title, reverse("wagtailadmin_pages:edit", args=[office.pk])),
        },
    )


def _start(request: HttpRequest, office: Office, counters: Any) -> HttpResponse:
    counter = None
    wanted = request.POST.get("counter", "")
    if wanted:
        counter = get_object_or_404(counters, pk=int(wanted) if wanted.isdecimal() else 0)
    try:
        job = start_set(
            office=office, counter=counter, size=request.POST.get("size", ""), user=request.user
        )
    except JobProblem as problem:
        messages.error(request, str(problem))
        return redirect("notice_office", office.pk)
    return redirect(detail_url(job))


def _crumbs(title: str, url: str) -> list[dict[str, str]]:
    return [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        {"url": url, "label": title},
        {"url": "", "label": LABEL},
    ]
