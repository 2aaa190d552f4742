"""*Công việc nền* in the editor: the list of jobs, one job with its progress, stop and resume."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms import jobs
from cms.models import Job

PER_PAGE = 25


def crumbs(*items: tuple[str, str]) -> list[dict[str, str]]:
    """Breadcrumbs below the admin's home: (address or "", words)."""
    return [
        {"url": reverse("wagtailadmin_home"), "label": "Trang chủ"},
        *({"url": url, "label": label} for url, label in items),
    ]


def job_or_refuse(request: HttpRequest, pk: int) -> Job:
    """The job, when this user may use it; PermissionDenied otherwise."""
    job = get_object_or_404(Job.objects.select_related("created_by", "follows"), pk=pk)
    if not jobs.may_use(request.user, job):
        raise PermissionDenied
    return job


def job_context(job: Job) -> dict[str, Any]:
    """What templates/cms/admin/_job_progress.html shows."""
    kind = jobs.kind_of(job)
    return {
        "job": job,
        "kind_label": kind.label if kind else job.kind,
        "may_stop": job.active,
        "may_resume": job.state in (Job.State.STOPPED, Job.State.FAILED)
        and job.files_gone_at is None,
        "may_cancel": job.state in (Job.State.STOPPED, Job.State.FAILED, Job.State.WAITING),
        "before_it": _before(job),
    }


def _before(job: Job) -> int:
    """How many jobs the worker takes before a waiting one."""
    if job.state != Job.State.WAITING:
        return 0
    active = Job.objects.filter(state__in=Job.ACTIVE).exclude(pk=job.pk)
    running = active.filter(state=Job.State.RUNNING).count()
    return running + active.filter(state=Job.State.WAITING, created_at__lt=job.created_at).count()


@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Jobs of the kinds this user may see, newest first."""
    kinds = jobs.kinds_for(request.user)
    if not kinds:
        raise PermissionDenied
    labels = {kind.name: kind.label for kind in kinds}
    found = Job.objects.filter(kind__in=labels).select_related("created_by")
    if request.user.is_superuser:
        found = Job.objects.select_related("created_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    rows = [
        {"job": job, "kind": labels.get(job.kind, job.kind), "url": jobs.detail_url(job)}
        for job in page
    ]
    return render(
        request,
        "cms/admin/job_list.html",
        {
            "rows": rows,
            "page": page,
            "any_active": any(job.active for job in page),
            "header_title": "Công việc nền",
            "header_icon": "tasks",
            "breadcrumbs_items": crumbs(("", "Công việc nền")),
        },
    )


@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: progress, result, error, buttons."""
    job = job_or_refuse(request, pk)
    return render(
        request,
        "cms/admin/job_detail.html",
        {
            **job_context(job),
            "header_title": job.title,
            "header_icon": "tasks",
            "breadcrumbs_items": crumbs((reverse("jobs:index"), "Công việc nền"), ("", job.title)),
        },
    )


@never_cache
def status(request: HttpRequest, pk: int) -> JsonResponse:
    """Where a job stands, for the progress bar."""
    job = job_or_refuse(request, pk)
    return JsonResponse(
        {
            "state": job.state,
            "label": job.get_state_display(),
            "active": job.active,
            "done": job.done,
            "total": job.total,
            "percent": job.percent,
            "message": job.message,
            "counts": job.result.get("counts", {}),
        }
    )


def _told(
    request: HttpRequest, pk: int, act: Callable[[Job], bool], *, done: str, late: str
) -> HttpResponse:
    """Do it to the job and say so, or that it was too late; back to the job."""
    job = job_or_refuse(request, pk)
    if act(job):
        messages.success(request, done)
    else:
        messages.warning(request, late)
    return redirect(jobs.detail_url(job))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop at once; what was written stays."""
    return _told(
        request,
        pk,
        jobs.stop,
        done="Đã dừng. Phần đã làm được giữ nguyên; bấm “Tiếp tục” để làm nốt.",
        late="Công việc này không còn chạy nên không dừng được nữa.",
    )


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where it stopped."""
    return _told(
        request,
        pk,
        jobs.resume,
        done="Công việc chạy tiếp từ chỗ đã dừng.",
        late="Công việc này không tiếp tục được nữa.",
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up for good."""
    return _told(
        request,
        pk,
        jobs.cancel,
        done="Đã huỷ. Phần đã làm trước đó được giữ nguyên.",
        late="Công việc này đã kết thúc từ trước.",
    )


def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file a job made."""
    job = job_or_refuse(request, pk)
    if not job.result_file:
        raise Http404
    try:
        file = job.result_file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=job.result_name)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("", index, name="index"),
    path("<int:pk>/", detail, name="detail"),
    path("<int:pk>/trang-thai.json", status, name="status"),
    path("<int:pk>/dung/", stop, name="stop"),
    path("<int:pk>/tiep-tuc/", resume, name="resume"),
    path("<int:pk>/huy/", cancel, name="cancel"),
    path("<int:pk>/tai-ve/", download, name="download"),
]


class _JobsItem(MenuItem):
    """Shown to whoever may see any kind of job."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(jobs.kinds_for(request.user))


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """``/admin/cong-viec/``."""
    return [path("cong-viec/", include((urlpatterns, "jobs")))]


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    """*Công việc nền* in the menu."""
    return _JobsItem("Công việc nền", reverse("jobs:index"), icon_name="tasks", order=170)
