"""*Nhập thủ tục* in the editor: upload, preview with differences, confirm, progress, result."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms import import_job, jobs
from cms.import_job import PUBLISH_PERMISSION
from cms.importing.spreadsheet import write_template
from cms.importing.warnings import WARNINGS
from cms.job_screens import crumbs, job_context, job_or_refuse
from cms.jobs import JobProblem
from cms.models import ImportRow, Job

#: The whole national catalogue has 5 MB packed and 35 MB unpacked.
UPLOAD_LIMIT = 100 * 1024 * 1024
FILES_LIMIT = 500
PER_PAGE = 50
KINDS = (".doc", ".docx", ".xlsx", ".jsonl", ".ndjson", ".json", ".gz")


def _may_import(user: Any) -> bool:
    if not import_job.may_import(user):
        raise PermissionDenied
    return True


_allowed = user_passes_test(_may_import)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + " MB"


def _too_heavy(size: int) -> str:
    most = _megabytes(UPLOAD_LIMIT)
    return f"Các tệp nặng {_megabytes(size)}; mỗi lần tải lên tối đa {most}."


@never_cache
@csrf_exempt  # _upload checks the token: only there a full disk can be told in words
@_allowed
def upload(request: HttpRequest) -> HttpResponse:
    """The form; posted, the files are stored and their preview is queued."""
    if request.method != "POST":
        return _form(request)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > UPLOAD_LIMIT + 1024 * 1024:
        # Not read: the answer comes before a hundred megabytes have.
        return _form(
            request,
            [_too_heavy(length)],
            status=413,
        )
    try:
        return _upload(request)
    except OSError as error:
        return _form(request, [f"Không lưu được tệp: {jobs.os_reason(error)}"], status=507)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    files = request.FILES.getlist("files")
    problems = _problems(files)
    if problems:
        return _form(request, problems, status=400)
    names = [file.name or "" for file in files]
    title = names[0] if len(names) == 1 else f"{names[0]} và {len(names) - 1} tệp khác"
    try:
        job = import_job.start_preview(files=list(files), user=request.user, title=title)
    except JobProblem as problem:
        return _form(request, [str(problem)], status=507)
    return redirect("import_procedures:job", job.pk)


def _problems(files: list[UploadedFile]) -> list[str]:
    """Why these files cannot be read at all; what is in them is the preview's business."""
    if not files:
        return ["Hãy chọn ít nhất một tệp."]
    if len(files) > FILES_LIMIT:
        return [f"Mỗi lần tải lên tối đa {FILES_LIMIT} tệp."]
    found = []
    for file in files:
        if not file.size:
            found.append(f"{file.name}: tệp rỗng.")
        elif Path(file.name or "").suffix.lower() not in KINDS:
            found.append(f"{file.name}: không nhận loại tệp này; chỉ nhận {', '.join(KINDS)}.")
    total = sum(file.size or 0 for file in files)
    if total > UPLOAD_LIMIT:
        found.append(_too_heavy(total))
    return found


def _form(request: HttpRequest, problems: Iterable[str] = (), *, status: int = 200) -> HttpResponse:
    recent = Job.objects.filter(kind__in=[import_job.PREVIEW, import_job.IMPORT])
    return render(
        request,
        "cms/admin/import_upload.html",
        {
            "problems": list(problems),
            "limit": _megabytes(UPLOAD_LIMIT).replace(",0", ""),
            "files_limit": FILES_LIMIT,
            "kinds": ",".join(KINDS),
            "recent": recent.select_related("created_by")[:5],
            "header_title": "Nhập thủ tục",
            "header_icon": "upload",
            "breadcrumbs_items": crumbs(("", "Nhập thủ tục")),
        },
        status=status,
    )


@require_GET
@_allowed
def template(request: HttpRequest) -> FileResponse:
    """The empty workbook."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        write_template(Path(file.name))
        content = io.BytesIO(Path(file.name).read_bytes())
    return FileResponse(content, as_attachment=True, filename="mau-nhap-thu-tuc.xlsx")


def _import_or_refuse(request: HttpRequest, pk: int) -> Job:
    job = job_or_refuse(request, pk)
    if job.kind not in (import_job.PREVIEW, import_job.IMPORT):
        raise PermissionDenied
    return job


@never_cache
@_allowed
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A preview or an import: progress while it runs, and the rows dealt with so far."""
    job = _import_or_refuse(request, pk)
    rows = _filtered(job, request)
    preview = job.kind == import_job.PREVIEW
    follower = job.followed_by.exclude(state=Job.State.CANCELLED).first() if preview else None
    may_publish = request.user.has_perm(PUBLISH_PERMISSION)
    counts = job.result.get("counts", {})
    return render(
        request,
        "cms/admin/import_job.html",
        {
            **job_context(job),
            "preview": preview,
            "follower": follower,
            "files": job.sources,
            "counts": [
                (value, label, counts.get(value, 0)) for value, label in ImportRow.Outcome.choices
            ],
            "nothing_to_do": not counts.get("created") and not counts.get("changed"),
            "warnings": [
                (kind, WARNINGS.get(kind, kind), number)
                for kind, number in job.result.get("warnings", {}).items()
            ],
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("p")),
            "wanted": _wanted(request),
            "query": _query(request),
            "may_publish": may_publish,
            "may_confirm": preview and job.state == Job.State.DONE and follower is None,
            "header_title": job.title,
            "header_icon": "upload",
            "breadcrumbs_items": crumbs(
                (reverse("import_procedures:upload"), "Nhập thủ tục"), ("", job.title)
            ),
        },
    )


def _wanted(request: HttpRequest) -> dict[str, str]:
    """The filters of the list of rows."""
    wanted = {name: request.GET.get(name, "")[:200].strip() for name in ("o", "w", "q")}
    if any("\x00" in value for value in wanted.values()):
        raise BadRequest
    return wanted


def _query(request: HttpRequest) -> str:
    """The filters as a query string that other parameters are put after."""
    return urlencode({name: value for name, value in _wanted(request).items() if value})


def _filtered(job: Job, request: HttpRequest) -> QuerySet[ImportRow]:
    wanted = _wanted(request)
    rows = job.rows.order_by("position")
    if wanted["o"] in ImportRow.Outcome.values:
        rows = rows.filter(outcome=wanted["o"])
    if wanted["w"]:
        rows = rows.filter(kinds__contains=f"|{wanted['w']}|")
    if wanted["q"]:
        rows = rows.filter(Q(code__icontains=wanted["q"]) | Q(title__icontains=wanted["q"]))
    return rows


@require_POST
@_allowed
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the import of a finished preview."""
    job = _import_or_refuse(request, pk)
    publish = request.POST.get("publish") == "1"
    if publish and not request.user.has_perm(PUBLISH_PERMISSION):
        raise PermissionDenied
    try:
        started = import_job.start_import(
            preview=job,
            user=request.user,
            publish=publish,
            complete=request.POST.get("complete") == "1",
        )
    except JobProblem as problem:
        messages.error(request, str(problem))
        return redirect("import_procedures:job", job.pk)
    return redirect("import_procedures:job", started.pk)


class _Echo:
    """A file that gives back what is written to it: the CSV is never whole in memory."""

    def write(self, text: str) -> str:
        return text


@require_GET
@_allowed
def rows_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The filtered rows: one line for each warning and difference, and for each rejection."""
    job = _import_or_refuse(request, pk)
    writer = csv.writer(_Echo())
    head = ["tệp", "dòng", "mã", "tên", "kết quả", "loại", "nội dung", "trước", "sau"]

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)  # Excel takes UTF-8 for granted only with it
        for row in _filtered(job, request).iterator(chunk_size=500):
            for line in _csv_rows(row):
                yield writer.writerow([_harmless(cell) for cell in line])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="nhap-thu-tuc-{job.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _csv_rows(row: ImportRow) -> Iterator[list[Any]]:
    start = [row.file, row.line or "", row.code, row.title, row.get_outcome_display()]
    told = False
    if row.reason:
        told = True
        yield [*start, "lý do từ chối", row.reason, "", ""]
    for warning in row.warnings:
        told = True
        kind = WARNINGS.get(warning["kind"], warning["kind"])
        yield [*start, f"cảnh báo: {kind}", warning["text"], "", ""]
    for one in row.differences:
        told = True
        kind = "xung đột" if one.get("clash") else "khác nhau"
        yield [*start, kind, one["part"], one["before"], one["after"]]
    if not told:
        yield [*start, "", "", "", ""]


def _harmless(cell: Any) -> Any:
    """No cell that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell


urlpatterns = [
    path("", upload, name="upload"),
    path("mau.xlsx", template, name="template"),
    path("<int:pk>/", job_page, name="job"),
    path("<int:pk>/xac-nhan/", confirm, name="confirm"),
    path("<int:pk>/dong.csv", rows_csv, name="csv"),
]


class _ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return import_job.may_import(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """``/admin/nhap-thu-tuc/``."""
    return [path("nhap-thu-tuc/", include((urlpatterns, "import_procedures")))]


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    """*Nhập thủ tục* in the menu."""
    return _ImportItem(
        "Nhập thủ tục", reverse("import_procedures:upload"), icon_name="upload", order=160
    )


@hooks.register("register_permissions")
def register_permissions() -> Any:
    """The right to import, among those an administrator ticks for a group."""
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="cms", codename="import_procedures")
