"""The editor's "In mã QR": a page to choose from, and the files themselves."""

from __future__ import annotations

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cms.models import Counter, Office
from feedback.printing.qr import CODE_MM, code_png, code_svg, counter_address, spoken_address
from feedback.printing.sheets import write_sheets

_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


def may_print(user: object) -> bool:
    """Whether the user may print codes: who may change counters may put them on the wall."""
    return user.has_perm("cms.change_counter")  # type: ignore[attr-defined]


def _check(request: HttpRequest) -> None:
    if not may_print(request.user):
        raise PermissionDenied


def _size(size: str) -> str:
    if size not in CODE_MM:
        raise Http404
    return size


@require_safe
def counter_page(request: HttpRequest, counter_id: int) -> HttpResponse:
    """The code of a counter, and links to its files."""
    _check(request)
    counter = get_object_or_404(Counter.objects.select_related("office"), pk=counter_id)
    return render(
        request,
        "feedback/admin_qr.html",
        {
            "heading": str(counter),
            "counter": counter,
            "sizes": sorted(CODE_MM.items()),
            "address": counter_address(counter),
            "spoken": spoken_address(counter),
        },
    )


@require_safe
def office_page(request: HttpRequest, office_id: int) -> HttpResponse:
    """All counters of an office, and links to one PDF with a sheet for each."""
    _check(request)
    office = get_object_or_404(Office, pk=office_id)
    counters = Counter.objects.open().filter(office=office).order_by("name")
    return render(
        request,
        "feedback/admin_qr.html",
        {
            "heading": office.title,
            "office": office,
            "counters": counters,
            "sizes": sorted(CODE_MM.items()),
        },
    )


@require_safe
def counter_file(request: HttpRequest, counter_id: int, size: str, kind: str) -> HttpResponseBase:
    """One counter as SVG, PNG or PDF."""
    _check(request)
    counter = get_object_or_404(Counter.objects.select_related("office"), pk=counter_id)
    return _file([counter], f"qr-{counter.code}-{_size(size)}", size, kind)


@require_safe
def office_file(request: HttpRequest, office_id: int, size: str) -> HttpResponseBase:
    """All counters in use at an office, one PDF."""
    _check(request)
    office = get_object_or_404(Office, pk=office_id)
    counters = Counter.objects.open().filter(office=office).select_related("office")
    return _file(list(counters.order_by("name")), f"qr-{office.slug}-{_size(size)}", size, "pdf")


def _file(counters: list[Counter], name: str, size: str, kind: str) -> HttpResponseBase:
    """The file, or a page of text that says why there is none (a name that cannot be printed)."""
    try:
        if kind == "pdf":
            file = io.BytesIO()
            write_sheets(counters, file, size=size)
            data = file.getvalue()
        elif kind == "svg":
            data = code_svg(counters[0], code_mm=CODE_MM[size]).encode()
        else:
            data = code_png(counters[0], code_mm=CODE_MM[size])
    except ValueError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return FileResponse(
        io.BytesIO(data), filename=f"{name}.{kind}", content_type=_TYPES[kind], as_attachment=False
    )
