"""*Hệ thống một cửa* in the editor: tokens of the systems that may send receipts."""

from __future__ import annotations

import secrets

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from feedback.models import OneStopSystem
from feedback.receipt_api import digest_of

LABEL = "Hệ thống một cửa"
PERMISSION = "feedback.change_onestopsystem"


def urls() -> list[URLPattern]:
    """``/admin/he-thong-mot-cua/…``; Wagtail lets only signed-in editors through to them."""
    return [
        path("he-thong-mot-cua/", system_list, name="onestop_systems"),
        path("he-thong-mot-cua/<int:pk>/doi-ma/", new_token, name="onestop_new_token"),
        path("he-thong-mot-cua/<int:pk>/thu-hoi/", revoke, name="onestop_revoke"),
    ]


class SystemForm(forms.ModelForm[OneStopSystem]):
    """The name of a new system; its token is made here."""

    class Meta:
        model = OneStopSystem
        fields = ("name",)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def system_list(request: HttpRequest) -> HttpResponse:
    """All systems, and a new one; its token is on the answer to the POST and nowhere else."""
    _check(request)
    form = SystemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _page(request, *_give_token(form.instance, request, "wagtail.create"))
    return _page(request, form=form, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then another token in place of the one there is, which a revoked system may
    send with again."""
    _check(request)
    system = get_object_or_404(OneStopSystem, pk=pk)
    if request.method != "POST":
        return _ask(request, system, "Cấp mã mới")
    return _page(request, *_give_token(system, request, "wagtail.edit"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then the token holds no longer. What was minted with it stays."""
    _check(request)
    system = get_object_or_404(OneStopSystem, pk=pk)
    if request.method != "POST":
        return _ask(request, system, "Thu hồi")
    if system.revoked_on is None:
        system.revoked_on = timezone.localdate()
        with transaction.atomic():
            system.save(update_fields=["revoked_on"])
            log(instance=system, action="wagtail.edit", user=request.user, title=system.name)
    messages.success(request, f"Đã thu hồi mã truy cập của {system.name}.")
    return redirect("onestop_systems")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _ask(request: HttpRequest, system: OneStopSystem, label: str) -> HttpResponse:
    """What the step does, and the button that does it."""
    context = {
        "system": system,
        "label": label,
        "revoking": label == "Thu hồi",
        "crumbs": [
            {"url": reverse("wagtailadmin_home"), "label": "Trang đầu"},
            {"url": reverse("onestop_systems"), "label": LABEL},
            {"url": "", "label": label},
        ],
    }
    return render(request, "feedback/admin_system_sure.html", context)


def _give_token(
    system: OneStopSystem, request: HttpRequest, action: str
) -> tuple[OneStopSystem, str]:
    token = "bck_" + secrets.token_urlsafe(32)
    system.token_digest, system.token_hint = digest_of(token), token[-4:]
    system.revoked_on = None
    with transaction.atomic():
        system.save()
        log(instance=system, action=action, user=request.user, title=system.name)
    return system, token


def _page(
    request: HttpRequest,
    system: OneStopSystem | None = None,
    token: str = "",
    *,
    form: SystemForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """No message and no redirect carries the token: both would be kept in a cookie."""
    context = {
        "systems": OneStopSystem.objects.all(),
        "form": form or SystemForm(),
        "system": system,
        "token": token,
        "address": request.build_absolute_uri(reverse("api_receipts")),
        "crumbs": [
            {"url": reverse("wagtailadmin_home"), "label": "Trang đầu"},
            {"url": "", "label": LABEL},
        ],
    }
    return render(request, "feedback/admin_systems.html", context, status=status)
