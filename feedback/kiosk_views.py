"""The tablet at a counter: its page, forms ahead of time, and ratings as they arrive."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from feedback import limits
from feedback.device_views import bound, bound_for_script, poster_of, renewed, service_worker
from feedback.drivers import DRIVER_WORDS
from feedback.forms import LEVEL_WORDS, QUESTIONS
from feedback.kiosk import (
    FORMS_A_DAY,
    LARGEST_SENDING,
    WrongSending,
    give_forms,
    read_rating,
    receive,
)
from feedback.models.devices import DeviceKind
from feedback.models.ratings import ITEMS

_FILES = ["rate/screen.css", "rate/kiosk.css", "rate/screen.js", "rate/kiosk.js"]


@never_cache
@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """``/kiosk/``: the page of a paired tablet, in both languages at once."""
    device = bound(request, DeviceKind.KIOSK)
    if isinstance(device, HttpResponse):
        return device
    texts = {}
    for language in ("vi", "en"):
        with translation.override(language):
            texts[language] = _texts()
    poster = poster_of(device.counter)
    known = {
        "device": device.pk,
        "items": list(ITEMS),
        "texts": texts,
        "forms": reverse("kiosk_forms"),
        "send": reverse("kiosk_send"),
        "worker": reverse("kiosk_worker"),
        "largest": LARGEST_SENDING,
        "hold": FORMS_A_DAY,
    }
    context = {"device": device, "known": known, "poster": poster, "levels": [1, 2, 3, 4, 5]}
    return renewed(request, render(request, "feedback/kiosk.html", context))


@csrf_exempt  # a form of another site cannot send JSON, and the cookie is not sent across sites
@never_cache
@require_POST
def forms(request: HttpRequest) -> HttpResponse:
    """``/kiosk/phieu``: new forms; ``{"wanted": [today, tomorrow]}`` says how many are missing."""
    device = bound_for_script(request, DeviceKind.KIOSK)
    if isinstance(device, HttpResponse):
        return device
    sent = _json(request)
    wanted = sent.get("wanted") if isinstance(sent, dict) else None
    if not isinstance(wanted, list) or not all(type(one) is int and one >= 0 for one in wanted):
        return JsonResponse({"problem": "wanted"}, status=400)
    if wait := limits.kiosk_wait(device.pk):
        return _busy(429, wait)
    today = timezone.localdate()
    days = [today + datetime.timedelta(days=after) for after in range(2)]
    given = {
        day.isoformat(): give_forms(device, day=day, number=number)
        for day, number in zip(days, wanted, strict=False)
    }
    return JsonResponse({"now": int(timezone.now().timestamp() * 1000), "forms": given})


@csrf_exempt  # as above
@never_cache
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """``/kiosk/gui``: up to 20 ratings; the answer says of each form what became of it.

    "stored", "known" and "refused" are final: the tablet forgets the rating. What is not in the
    answer it sends again.
    """
    device = bound_for_script(request, DeviceKind.KIOSK)
    if isinstance(device, HttpResponse):
        return device
    sent = _json(request)
    rows = sent.get("ratings") if isinstance(sent, dict) else None
    if not isinstance(rows, list) or len(rows) > LARGEST_SENDING:
        return JsonResponse({"problem": "ratings"}, status=400)
    if wait := limits.kiosk_wait(device.pk):
        return _busy(429, wait)
    results: dict[str, str] = {}
    today = timezone.localdate()
    for row in rows:
        try:
            rating = read_rating(row)
        except WrongSending:
            if isinstance(row, dict) and isinstance(row.get("token"), str):
                results[row["token"]] = "refused"
            continue
        try:
            results[rating.token] = receive(device, rating, today=today)
        except OperationalError:
            break  # the database is busy: the rest stays on the tablet
    return JsonResponse({"now": int(timezone.now().timestamp() * 1000), "results": results})


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """``/kiosk/sw.js``: keeps the page for when it is opened again without a network."""
    return service_worker(request, page=reverse("kiosk"), files=_FILES)


def _json(request: HttpRequest) -> Any:
    """The body as JSON; None when it is none."""
    if request.content_type != "application/json":
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        return None


def _busy(status: int, wait: int) -> HttpResponse:
    response = JsonResponse({"problem": "busy"}, status=status)
    response["Retry-After"] = str(wait)
    return response


def _texts() -> dict[str, Any]:
    """Every word of the kiosk, in the language that is active."""
    return {
        "questions": {item: str(text) for item, text in QUESTIONS.items()},
        "levels": {str(level): str(word) for level, word in LEVEL_WORDS.items()},
        "drivers": [str(word) for word in DRIVER_WORDS.values()],
        "unknown": _("Chưa biết"),
        "back": _("Quay lại"),
        "again": _("Làm lại từ đầu"),
        "progress": _("Câu %(number)s trên %(all)s") % {"number": "{n}", "all": "{all}"},
        "why": _("Điều gì làm nên câu trả lời của bạn?"),
        "optional": _("Không bắt buộc; chọn được nhiều mục."),
        "send": _("Gửi đánh giá"),
        "thanks": _("Cảm ơn bạn!"),
        "received": _("Đánh giá của bạn đã được ghi nhận."),
        "kept": _("Máy đang mất mạng; đánh giá được giữ lại và tự gửi khi có mạng."),
        "next": _("Người tiếp theo"),
        "promise": _("Ẩn danh. Chúng tôi không bao giờ hỏi mật khẩu, OTP hay tiền."),
        "have_code": _("Bạn có mã trên giấy hẹn hoặc phiếu?"),
        "enter_code": _("Nhập hoặc quét mã"),
        "code_title": _("Mã trên giấy hẹn hoặc phiếu"),
        "code_hint": _("26 chữ và số. Không có mã bạn vẫn đánh giá được."),
        "code_ok": _("Dùng mã này"),
        "code_wrong": _("Mã này chưa đúng dạng: cần đủ 26 chữ và số."),
        "code_taken": _("Đã nhận mã"),
        "no_forms": _("Máy mất mạng đã lâu nên tạm chưa nhận đánh giá"),
        "revoked": _("Máy này đã bị thu hồi"),
        "closed": _("Quầy đang ngừng hoạt động"),
        "instead": _("Mời bạn quét mã in của quầy bằng điện thoại"),
        "waiting": _("Mất mạng, %(number)s đánh giá chờ gửi") % {"number": "{n}"},
    }
