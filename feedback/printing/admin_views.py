"""The editor's "In mã QR": codes of a counter, of an office and of the city, and their editions."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.jobs import JobProblem, detail_url
from cms.models import Counter, Job, Office
from cms.scopes import scope_of
from feedback import poster_codes, scan_alarms
from feedback.models import PosterCode
from feedback.printing.city import KIND, LABEL, PERMISSION, start_city
from feedback.printing.qr import CODE_MM, address_of, code_png, code_svg, spoken_address
from feedback.printing.sheets import write_sheets

_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
#: Counters of a page of the list, and earlier city prints it names.
COUNTERS_A_PAGE = 50
SHOWN_JOBS = 5


def may_print(user: Any, thing: Any = None) -> bool:
    """Whether the user may print codes, of this counter or office if one is given: who may
    change counters may put them on the wall."""
    if not user.has_perm(PERMISSION):
        return False
    return thing is None or bool(scope_of(user).allows(thing))


def may_look(user: Any) -> bool:
    """Whether the user sees codes, their scans and what is odd about them."""
    return bool(user.has_perm("cms.view_counter") or user.has_perm(PERMISSION))


def _check(request: HttpRequest, thing: Any = None) -> None:
    if not may_print(request.user, thing):
        raise PermissionDenied


def _counter(request: HttpRequest, counter_id: int) -> Counter:
    _check(request)
    counter = get_object_or_404(Counter.objects.select_related("office"), pk=counter_id)
    _check(request, counter)
    return counter


def _office(request: HttpRequest, office_id: int) -> Office:
    _check(request)
    office = get_object_or_404(Office, pk=office_id)
    _check(request, office)
    return office


def _posters(counters: QuerySet[Counter]) -> list[PosterCode]:
    """Present editions in the order of the counters."""
    found = list(counters)
    codes = poster_codes.current_of(found)
    return [codes[one.pk] for one in found]


def _size(size: str) -> str:
    if size not in CODE_MM:
        raise Http404
    return size


@require_safe
def city_page(request: HttpRequest) -> HttpResponse:
    """All codes with their scans, what is odd about them, and the sheets of the whole city."""
    if not may_look(request.user):
        raise PermissionDenied
    scope = scope_of(request.user)
    counters = scope.limit(Counter.objects.open().select_related("office"))
    wanted = request.GET.get("q", "").strip()[:100]
    shown = counters
    if wanted:
        of_code = PosterCode.objects.filter(code=wanted.upper()).values("counter")
        shown = counters.filter(
            Q(name__icontains=wanted)
            | Q(office__title__icontains=wanted)
            | Q(code=wanted.upper())
            | Q(pk__in=of_code)
        )
    page = Paginator(shown.order_by("office__title", "name"), COUNTERS_A_PAGE).get_page(
        request.GET.get("p")
    )
    printing = may_print(request.user)
    jobs = Job.objects.filter(kind=KIND)[:SHOWN_JOBS] if printing else []
    return render(
        request,
        "feedback/admin_codes.html",
        {
            "rows": scan_alarms.rows_of(list(page.object_list)),
            "page": page,
            "query": wanted,
            "count": counters.count(),
            "alarms": scan_alarms.alarms(scope),
            "may_print": printing,
            "whole_city": scope.everything,
            "sizes": sorted(CODE_MM.items()),
            "jobs": [{"job": job, "url": detail_url(job)} for job in jobs],
            "crumbs": _crumbs(),
        },
    )


@require_POST
def city_print(request: HttpRequest) -> HttpResponse:
    """Start the sheets of all counters the person is responsible for."""
    _check(request)
    try:
        job = start_city(size=request.POST.get("size", ""), user=request.user)
    except JobProblem as problem:
        messages.error(request, str(problem))
        return redirect("poster_codes")
    return redirect(detail_url(job))


@require_safe
def counter_page(request: HttpRequest, counter_id: int) -> HttpResponse:
    """The code of a counter, links to its files, its scans and its editions."""
    counter = _counter(request, counter_id)
    poster = poster_codes.current(counter)
    return render(
        request,
        "feedback/admin_qr.html",
        {
            "heading": str(counter),
            "counter": counter,
            "poster": poster,
            "editions": PosterCode.objects.filter(counter=counter).select_related("replaced_by"),
            "row": scan_alarms.rows_of([counter])[0],
            "sizes": sorted(CODE_MM.items()),
            "address": address_of(poster.code),
            "spoken": spoken_address(poster.code),
            "crumbs": _crumbs(str(counter)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def replace_page(request: HttpRequest, counter_id: int) -> HttpResponse:
    """*Thay mã*: what it means, the reason, and the button that does it."""
    counter = _counter(request, counter_id)
    poster = poster_codes.current(counter)
    reason = request.POST.get("reason", "").strip()
    problem = ""
    if request.method == "POST":
        edition = request.POST.get("edition", "")
        try:
            new = poster_codes.replace(
                counter=counter,
                edition=int(edition) if edition.isdecimal() else 0,
                reason=reason,
                user=request.user,
                today=timezone.localdate(),
            )
        except poster_codes.AlreadyReplaced:
            messages.warning(request, "Mã này vừa được thay rồi; dưới đây là mã đang dùng.")
            return redirect("counter_qr", counter.pk)
        except ValueError as error:
            problem = str(error)
        else:
            messages.success(
                request, f"Đã thay mã {poster.code} bằng {new.code}. Hãy in và treo tờ mới."
            )
            return redirect("counter_qr", counter.pk)
    return render(
        request,
        "feedback/admin_qr_replace.html",
        {
            "counter": counter,
            "poster": poster,
            "reason": reason,
            "problem": problem,
            "crumbs": _crumbs(str(counter), reverse("counter_qr", args=[counter.pk]), "Thay mã"),
        },
        status=422 if problem else 200,
    )


@require_safe
def office_page(request: HttpRequest, office_id: int) -> HttpResponse:
    """All counters of an office, and links to one PDF with a sheet for each."""
    office = _office(request, office_id)
    counters = Counter.objects.open().filter(office=office).order_by("name")
    return render(
        request,
        "feedback/admin_qr.html",
        {
            "heading": office.title,
            "office": office,
            "posters": _posters(counters),
            "sizes": sorted(CODE_MM.items()),
            "crumbs": _crumbs(office.title),
        },
    )


@require_safe
def counter_file(request: HttpRequest, counter_id: int, size: str, kind: str) -> HttpResponseBase:
    """One counter as SVG, PNG or PDF."""
    poster = poster_codes.current(_counter(request, counter_id))
    return _file([poster], f"qr-{poster.code}-{_size(size)}", size, kind)


@require_safe
def office_file(request: HttpRequest, office_id: int, size: str) -> HttpResponseBase:
    """All counters in use at an office, one PDF."""
    office = _office(request, office_id)
    counters = Counter.objects.open().filter(office=office).select_related("office")
    posters = _posters(counters.order_by("name"))
    return _file(posters, f"qr-{office.slug}-{_size(size)}", size, "pdf")


def _file(posters: list[PosterCode], name: str, size: str, kind: str) -> HttpResponseBase:
    """The file, or a page of text that says why there is none (a name that cannot be printed)."""
    try:
        if kind == "pdf":
            file = io.BytesIO()
            write_sheets(posters, file, size=size)
            data = file.getvalue()
        elif kind == "svg":
            data = code_svg(posters[0], code_mm=CODE_MM[size]).encode()
        else:
            data = code_png(posters[0], code_mm=CODE_MM[size])
    except ValueError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return FileResponse(
        io.BytesIO(data), filename=f"{name}.{kind}", content_type=_TYPES[kind], as_attachment=False
    )


def _crumbs(*steps: str) -> list[dict[str, str]]:
    """Home, the list of codes, then a label, or a label, its address and a last label."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": "Trang chủ"}]
    crumbs.append({"url": reverse("poster_codes") if steps else "", "label": LABEL})
    if len(steps) > 1:
        crumbs.append({"url": steps[1], "label": steps[0]})
    return [*crumbs, {"url": "", "label": steps[-1]}] if steps else crumbs
