"""The counter's own screen: a page that opens once, and the codes it asks for ahead of time."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.qr import Code, make_code
from feedback.device_views import bound, bound_for_script, poster_of, renewed, service_worker
from feedback.display_codes import STEP_SECONDS, address, code_at, step_of
from feedback.models import Device
from feedback.models.devices import DeviceKind

#: Codes come an hour at a time; one hour of them is about 25 kB.
BLOCK_STEPS = 3600 // STEP_SECONDS
#: Whole hours after the present one that a screen may hold.
HOURS_AHEAD = 12
#: QR level of the screen: nothing scratches it, so fewer and larger modules matter more.
_LEVEL = "M"
_FILES = ["rate/screen.css", "rate/display.css", "rate/screen.js", "rate/display.js"]


@never_cache
@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """``/man-hinh/``: the page of a paired screen. Its codes come by :func:`codes`."""
    device = bound(request, DeviceKind.DISPLAY)
    if isinstance(device, HttpResponse):
        return device
    known = {
        "device": device.pk,
        "now": _milliseconds(),
        "step": STEP_SECONDS * 1000,
        "block": BLOCK_STEPS,
        "ahead": HOURS_AHEAD,
        "codes": reverse("display_codes"),
        "worker": reverse("display_worker"),
        "host": f"{urlsplit(settings.PUBLIC_URL).netloc.lower()}/r/",
    }
    context = {"device": device, "known": known, "poster": poster_of(device.counter)}
    return renewed(request, render(request, "feedback/display.html", context))


@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """``/man-hinh/ma?khoi=<hour>``: the codes of an hour since 1970, with their QR modules.

    Without ``khoi`` only the server's time, in milliseconds. An hour that is over or more than
    12 hours away is 404: the codes of the day after a screen was stolen are nobody's.
    """
    device = bound_for_script(request, DeviceKind.DISPLAY)
    if isinstance(device, HttpResponse):
        return device
    answer: dict[str, Any] = {"now": _milliseconds(), "device": device.pk}
    wanted = request.GET.get("khoi")
    if wanted is None:
        return JsonResponse(answer)
    present = step_of(timezone.now()) // BLOCK_STEPS
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 12):
        return JsonResponse(answer, status=404)
    if not present <= int(wanted) <= present + HOURS_AHEAD:
        return JsonResponse(answer, status=404)
    return JsonResponse(answer | hour_of_codes(device, int(wanted)))


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """``/man-hinh/sw.js``: keeps the page for when it is opened again without a network."""
    return service_worker(request, page=reverse("display"), files=_FILES)


def hour_of_codes(device: Device, block: int) -> dict[str, Any]:
    """``{"block", "size", "codes", "modules"}``: the codes of an hour, in the order of the steps.

    ``modules`` are the QR's modules row by row, one bit each (dark is 1), in Base64.
    """
    steps = range(block * BLOCK_STEPS, (block + 1) * BLOCK_STEPS)
    written = [code_at(device, step) for step in steps]
    # Any mask reads well on a clean screen, and looking for the best takes eight times as long.
    drawn = [make_code(address(code), level=_LEVEL, mask=2) for code in written]
    return {
        "block": block,
        "size": drawn[0].size,
        "codes": written,
        "modules": [packed(code) for code in drawn],
    }


def packed(code: Code) -> str:
    """The modules as bits, row by row from the top left, the last byte filled up with zeros."""
    bits = "".join("1" if dark else "0" for row in code.rows for dark in row)
    bits += "0" * (-len(bits) % 8)
    return base64.b64encode(int(bits, 2).to_bytes(len(bits) // 8)).decode()


def _milliseconds() -> int:
    """Server time as JavaScript counts it."""
    return int(timezone.now().timestamp() * 1000)
