"""The editor's screens around offices: what nobody handles, and importing a file with a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from cms.csv_answers import csv_answer
from cms.gaps import REASONS, gap_counts, gaps
from cms.importing_offices import Plan, WrongFile, apply, plan, read, write_template
from cms.importing_offices.sources import LARGEST
from cms.models import Counter, Field, Handling, Office, OfficeIndexPage, Officer, OfficeUpload
from cms.scopes import scope_of

ROWS_A_PAGE = 50
#: New and changed rows the preview names; the counts tell the rest.
SHOWN_DIFFERENCES = 300
_TITLE = "Thủ tục chưa có người làm"


def _may_read(user: Any) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["add", "change", "publish"])


def may_import(user: Any) -> bool:
    """Whoever may add and change everything a file of offices holds, at every office."""
    if not scope_of(user).everything:
        return False
    folder = OfficeIndexPage.objects.first()
    return all(
        user.has_perm(f"cms.{action}_{model._meta.model_name}")
        for model in (Counter, Officer, Handling)
        for action in ("add", "change")
    ) and bool(folder and folder.permissions_for_user(user).can_publish_subpage())


def _offices(user: Any) -> QuerySet[Office]:
    """The published offices within the person's scope."""
    return scope_of(user).limit(Office.objects.live().order_by("title"))


@require_GET
def office_gaps(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """How many procedures nobody handles, office by office; ``?office=`` lists those of one,
    ``?reason=`` narrows them, ``?export=csv`` gives all of it as a file."""
    if not _may_read(request.user):
        raise PermissionDenied
    offices = list(_offices(request.user))
    wanted = request.GET.get("office", "")
    office = next((one for one in offices if str(one.pk) == wanted), None)
    reason = request.GET.get("reason", "")
    if reason not in REASONS:
        reason = ""
    chosen = [office] if office else offices
    if request.GET.get("export") == "csv":
        return _csv(chosen, reason)
    context: dict[str, Any] = {
        "title": _TITLE,
        "offices": offices,
        "office": office,
        "reason": reason,
        "reasons": REASONS,
        "may_assign": request.user.has_perm("cms.add_handling"),
    }
    if office:
        rows = [one for one in gaps([office]) if not reason or one.reason == reason]
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context |= {"rows": page.object_list, "page_of": page, "total": len(rows)}
    else:
        counted = sorted(gap_counts(offices), key=lambda one: -one.gaps)
        context |= {"counted": counted, "total": sum(one.gaps for one in counted)}
    return render(request, "cms/admin/office_gaps.html", context)


def _csv(offices: list[Office], reason: str) -> StreamingHttpResponse:
    found = (gap for gap in gaps(offices) if not reason or gap.reason == reason)
    rows = (
        (
            gap.office.title,
            gap.office.slug,
            gap.procedure.code,
            gap.procedure.name,
            gap.procedure.field,
            gap.reason_text,
        )
        for gap in found
    )
    header = ("Cơ quan", "Đường dẫn", "Mã", "Thủ tục", "Lĩnh vực", "Vì sao")
    return csv_answer("thu-tuc-chua-co-nguoi-lam", header, rows)


def _importer(request: HttpRequest) -> None:
    if not may_import(request.user):
        raise PermissionDenied


def _form(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"title": "Nhập cơ quan từ tệp", "problem": problem}
    return render(request, "cms/admin/office_import.html", context, status=status)


@never_cache
def office_import(request: HttpRequest) -> HttpResponse:
    """The form; posted, what the file would change. Nothing is written before the yes."""
    _importer(request)
    if request.method != "POST":
        return _form(request)
    file = request.FILES.get("file")
    if file is None:
        return _form(request, "Hãy chọn một tệp.", 422)
    if (file.size or 0) > LARGEST:
        return _form(request, "Tệp quá lớn (trên 20 MB).", 422)
    content = file.read()
    try:
        found = plan(read(content))
    except WrongFile as error:
        return _form(request, str(error), 422)
    upload = OfficeUpload.keep(request.user, file.name or "tệp", content)
    return _preview(request, found, upload)


def _preview(request: HttpRequest, found: Plan, upload: OfficeUpload) -> HttpResponse:
    differences = found.differences
    context = {
        "title": "Nhập cơ quan từ tệp",
        "plan": found,
        "upload": upload,
        "differences": differences[:SHOWN_DIFFERENCES],
        "more": max(0, len(differences) - SHOWN_DIFFERENCES),
        "nothing": not differences and not found.hours,
    }
    return render(request, "cms/admin/office_import_preview.html", context)


@never_cache
@require_POST
def office_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the file that was previewed, compared anew with what is there by now."""
    _importer(request)
    upload = OfficeUpload.objects.filter(pk=pk, user=request.user.pk).first()
    if upload is None:
        messages.error(request, "Tệp này đã được nhập hoặc đã quá hạn. Hãy tải lên lại.")
        return redirect("office_import")
    if "cancel" in request.POST:
        upload.delete()
        messages.success(request, "Đã bỏ tệp, không có gì thay đổi.")
        return redirect("office_import")
    found = plan(read(bytes(upload.content)))
    try:
        apply(found, user=request.user)
    except DatabaseError as error:
        messages.error(
            request,
            f"Cơ sở dữ liệu dừng việc nhập: {error}. Phần đã ghi được giữ; "
            "bấm “Nhập” lần nữa để làm tiếp.",
        )
        return _preview(request, plan(read(bytes(upload.content))), upload)
    upload.delete()
    counted = (
        f"Đã nhập: {found.count('created')} mới, {found.count('changed')} thay đổi, "
        f"{found.count('unchanged')} giữ nguyên, {found.count('rejected')} dòng bị từ chối."
    )
    (messages.warning if found.rejected else messages.success)(request, counted)
    return redirect("co-quan:index")


@require_GET
def office_template(request: HttpRequest) -> HttpResponse:
    """The empty .xlsx with drop-downs of the fields there are."""
    _importer(request)
    names = Field.objects.order_by("name").values_list("name", flat=True)
    response = HttpResponse(
        write_template(names),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = 'attachment; filename="mau-nhap-co-quan.xlsx"'
    return response


class _GapMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Editors and reviewers."""
        return _may_read(request.user)


class ImportMenuItem(MenuItem):
    """*Nhập từ tệp* in the group "Một cửa"."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may import."""
        return may_import(request.user)


def import_menu_item() -> MenuItem:
    """The entry of the import."""
    return ImportMenuItem("Nhập từ tệp", reverse("office_import"), icon_name="upload", order=90)


@hooks.register("register_reports_menu_item")
def gaps_menu_item() -> MenuItem:
    """The entry of the report."""
    return _GapMenuItem(_TITLE, reverse("office_gaps"), icon_name="user", order=60)


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """Below ``/admin/``."""
    return [
        path("nguoi-lam/chua-co/", office_gaps, name="office_gaps"),
        path(
            "nhap-co-quan/",
            include(
                [
                    path("", office_import, name="office_import"),
                    path("<int:pk>/", office_import_confirm, name="office_import_confirm"),
                    path("mau.xlsx", office_template, name="office_template"),
                ]
            ),
        ),
    ]
