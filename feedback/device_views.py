"""Pairing a screen, and what the display and the kiosk have in common."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.models import Counter
from cms.qr import QUIET, make_code
from feedback import limits, pairing
from feedback.devices import salt_of
from feedback.models import Device
from feedback.models.devices import DeviceKind
from feedback.network import network_mark
from feedback.poster_codes import rating_code
from feedback.printing.qr import address_of, spoken_address

#: Kind of device → name of its page.
PAGES = {DeviceKind.DISPLAY: "display", DeviceKind.KIOSK: "kiosk"}


@csrf_exempt  # the one-time code in the address is the only authority, and it is used up here
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pair_device(request: HttpRequest, code: str = "") -> HttpResponse:
    """``/ghep-thiet-bi/<code>/``: asks once more, then binds this browser to the device.

    Looking at the address uses nothing up: previews and scanners look at addresses too.
    """
    code = code or request.POST.get("code", "") or request.GET.get("code", "")
    now = timezone.now()
    device = pairing.waiting_device(code, now=now) if code else None
    if code and device is None:
        salt = salt_of(timezone.localdate()) or b""
        if wait := limits.unknown_code_wait(network_mark(request, salt=salt)):
            problem = _("Quá nhiều mã không đúng. Bạn đợi một phút rồi thử lại.")
            return _pairing_page(request, problem=problem, status=429, wait=wait)
        problem = _(
            "Mã ghép này không đúng, đã dùng rồi hoặc đã quá 15 phút. "
            "Bạn lấy mã mới trong trang quản trị."
        )
        return _pairing_page(request, problem=problem, status=404)
    if device is None or request.method != "POST":
        return _pairing_page(request, device=device, code=pairing.tidy_code(code))
    paired = pairing.pair(code, now=now)
    if paired is None:
        return _pairing_page(request, problem=_("Mã ghép này vừa được dùng."), status=404)
    device, key = paired
    response = HttpResponseRedirect(reverse(PAGES[DeviceKind(device.kind)]))
    pairing.keep_key(response, key)
    return response


def _pairing_page(
    request: HttpRequest,
    *,
    device: Device | None = None,
    code: str = "",
    problem: str = "",
    status: int = 200,
    wait: int = 0,
) -> HttpResponse:
    context = {"device": device, "code": code, "problem": problem}
    response = render(request, "feedback/device_pair.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def bound(request: HttpRequest, kind: DeviceKind) -> Device | HttpResponse:
    """The device of that kind this browser is bound to, or the page that says why there is none."""
    device = pairing.device_of(request)
    if device is None or device.kind != kind:
        state = "unpaired"
    elif device.revoked_on is not None:
        state = "revoked"
    elif not (device.counter.active and device.counter.office.live):
        state = "closed"
    else:
        return device
    context = {"state": state, "device": device, "kind": kind.label}
    return render(request, "feedback/device_refused.html", context, status=403)


def bound_for_script(request: HttpRequest, kind: DeviceKind) -> Device | HttpResponse:
    """As :func:`bound`, with an answer a script reads: ``{"refused": "revoked"}``."""
    device = pairing.device_of(request)
    if device is None or device.kind != kind:
        return JsonResponse({"refused": "unpaired"}, status=403)
    if device.revoked_on is not None:
        return JsonResponse({"refused": "revoked"}, status=403)
    if not (device.counter.active and device.counter.office.live):
        return JsonResponse({"refused": "closed"}, status=403)
    return device


def renewed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, with 400 more days for the device's cookie."""
    pairing.keep_key(response, request.COOKIES[pairing.COOKIE])
    return response


def poster_of(counter: Counter) -> dict[str, Any]:
    """The counter's printed code, which works when a screen has nothing better to offer."""
    code = rating_code(counter)
    drawn = make_code(address_of(code), level="M")
    return {
        "code": code,
        "spoken": spoken_address(code),
        "side": drawn.size + 2 * QUIET,
        "path": "".join(f"M{x + QUIET} {y + QUIET}h{n}v1h-{n}z" for y, x, n in drawn.runs()),
    }


def service_worker(request: HttpRequest, *, page: str, files: list[str]) -> HttpResponse:
    """A script that keeps one page and its files, so that it opens again without a network.

    The browser compares it byte by byte: a new version of a file has a new name, and thereby
    makes a new service worker.
    """
    known = {
        "name": f"bck-{PurePosixPath(page).name or 'page'}",
        "page": page,
        "files": [static(name) for name in files],
    }
    worker = json.dumps(static("rate/screen-worker.js"))
    text = f"self.SCREEN = {json.dumps(known)};\nimportScripts({worker});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = page
    return response
