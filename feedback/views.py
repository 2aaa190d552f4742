"""The rating form, its thank-you page, and where a comment stands: rating.md §1, contract.md.

Nothing here needs a session, a script or a cookie. The form carries no one's authority, so it is
exempt from CSRF checks (which would need a cookie); its signed token makes it exactly-once.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import Counter, normal_code
from feedback import limits, scans
from feedback.answers_pages import message, refused, too_many, unknown, unknown_wait, unreadable
from feedback.arrivals import Outcome, Submission, Trail
from feedback.devices import device_mark, salt_of
from feedback.follow_up import context as follow_up_context
from feedback.forms import RatingForm
from feedback.headers import never_kept, no_referrer
from feedback.intake import submit_rating
from feedback.models import Comment, Rating
from feedback.models.ratings import Channel, Standing
from feedback.page_report_views import report_follow_up
from feedback.poster_codes import rating_code
from feedback.spending import CodeExpired
from feedback.tokens import (
    BadToken,
    FormToken,
    OutdatedToken,
    open_form,
    read_form_token,
    read_thanks,
    sign_thanks,
)
from feedback.traces import browser_trace, network_trace, window_of
from feedback.ways import Refusal, Way, resolve, tidy

COOKIE = "bck_r"
COOKIE_SECONDS = 2 * 24 * 3600
#: A form opened by a screen's code counts as such when it is sent within this time (rating.md §1).
DISPLAY_SESSION = datetime.timedelta(minutes=10)
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}\Z")
_COUNTER_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6,8}\Z")
_FOLLOW_UP_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6,16}\Z")


class HttpResponseSeeOther(HttpResponseRedirect):
    """303: the answer to a POST is elsewhere, to be fetched with GET."""

    status_code = 303


def tells_of_outage(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A database that does not answer at all is a page that says so, not a bare error."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OperationalError:
            paragraphs = [
                _("Chưa có gì được ghi. Bạn đợi một lát, quay lại trang trước rồi gửi lại."),
                _("Gửi lại nhiều lần, đánh giá vẫn chỉ được tính một lần."),
            ]
            # The demo's ribbon would ask the database.
            shown = {"title": _("Máy chủ đang bận"), "paragraphs": paragraphs, "demo_loaded": False}
            response = render(request, "feedback/rate_error.html", shown, status=503)
            response["Retry-After"] = "5"
            return response

    return answered


@csrf_exempt
@never_kept
@no_referrer
@tells_of_outage
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """``/r/<code>``: the form, and what was sent with it. Opening spends no code."""
    if request.method == "POST":
        return _receive(request, code)
    way = resolve(code)
    if isinstance(way, Refusal):
        return refused(request, way, code)
    if request.method == "GET":
        scans.note(way.poster)
    response = _form_page(request, way, RatingForm(), open_form(way.code).sign())
    if way.channel != Channel.RECEIPT:
        _keep_cookie(request, response)
    return response


@never_cache
@no_referrer
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """``/r/<counter code>/cam-on?t=``: thanks; whether the rating counts; the follow-up code."""
    counter = _counter(code)
    if counter is None:
        return unknown(request, code)
    try:
        submission = read_thanks(request.GET.get("t", ""))
    except BadToken:
        stored = None
    else:
        stored = (
            Rating.objects.filter(pk=submission, counter=counter)
            .values_list("standing", "reason", "comment__follow_up", "comment__contact__expires_on")
            .first()
        )
    if stored is None:
        return message(
            request,
            status=404,
            title=_("Không mở được trang cảm ơn này"),
            paragraphs=[
                _("Đường dẫn thiếu một phần hoặc đã bị sửa, nên không tìm thấy đánh giá của bạn."),
                _("Nếu bạn đã thấy lời cảm ơn một lần, đánh giá đã được lưu."),
            ],
            again=counter,
        )
    standing, reason, follow_up, contact_until = stored
    return render(
        request,
        "feedback/thanks.html",
        {
            "counter": counter,
            "duplicate": standing == Standing.DUPLICATE,
            "reason": reason,
            "follow_up": follow_up or "",
            "contact_until": contact_until,
        },
    )


@never_cache
@require_safe
def follow_up(request: HttpRequest, code: str) -> HttpResponse:
    """``/gop-y/<follow-up code>/``: where a comment or a report stands; never its text."""
    wanted = normal_code(code)
    comment = None
    if _FOLLOW_UP_CODE.match(wanted):
        comment = (
            Comment.objects.select_related("counter__office", "counter__main_field")
            .defer("text")
            .filter(follow_up=wanted)
            .first()
        )
        if comment is None and (page := report_follow_up(request, wanted)):
            return page
    if comment is None:
        if wait := unknown_wait(request):
            return too_many(request, wait)
        return message(
            request,
            status=404,
            title=_("Không có góp ý mang mã này"),
            paragraphs=[
                _("Mã theo dõi gồm 12 chữ và số, nằm trên trang cảm ơn sau khi bạn gửi góp ý."),
                _("Bạn kiểm tra lại từng ký tự. Chữ hoa hay chữ thường đều được."),
            ],
        )
    return render(
        request,
        "feedback/follow_up.html",
        follow_up_context(comment, timezone.localdate()),
    )


def _receive(request: HttpRequest, code: str) -> HttpResponse:
    """A sent form: stored once, or the form again with what is wrong and all that was filled."""
    try:
        sent = request.POST
    except RequestDataTooBig:
        return _unreadable(request, code, status=413)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, LookupError):
        # LookupError: a charset that Python knows but no text is written in (rot13).
        return _unreadable(request, code, status=400)
    token, problem = _token(sent, code)
    # With a good token the code is judged by the moment the form was opened, and whether it is
    # spent by the intake, which knows the same submission sent again.
    way = resolve(code, at=token.opened_at if token else None, even_spent=token is not None)
    if isinstance(way, Refusal):
        if token and (counter := _counter_of(token)):
            return HttpResponseSeeOther(_thanks_address(request, counter, token))
        if way.counter is None or way.kind != "stale":
            return refused(request, way, code)
        # Her answers are not lost with the screen's code.
        way, token = _poster_way(way.counter), None
        problem = _(
            "Mã trên màn hình đã hết giờ. Câu trả lời của bạn vẫn còn bên dưới; bạn xem lại rồi "
            "bấm gửi lần nữa."
        )
    signed = sent.get("token", "") if token else open_form(way.code).sign()
    form = RatingForm(sent)
    if way.channel != Channel.RECEIPT and (wait := limits.submission_wait(way.counter.code)):
        problem = _(
            "Quá nhiều đánh giá đang gửi tới quầy này. Đánh giá của bạn chưa được gửi; câu trả "
            "lời vẫn còn bên dưới. Bạn đợi một phút rồi bấm gửi lại."
        )
        return _form_page(request, way, form, signed, problem, status=429, wait=wait)
    if token is None or not form.is_valid():
        return _form_page(request, way, form, signed, problem, status=422)
    return _store(request, way, form, token, signed)


def _token(sent: QueryDict, code: str) -> tuple[FormToken | None, str]:
    """The form's token, or None and what to tell about it."""
    try:
        return read_form_token(sent.get("token", ""), code=tidy(code)), ""
    except OutdatedToken:
        return None, _(
            "Phiếu này mở đã quá 7 ngày nên không gửi được nữa. Câu trả lời của bạn vẫn còn bên "
            "dưới; bạn xem lại rồi bấm gửi lần nữa."
        )
    except BadToken:
        return None, _(
            "Phiếu này không hợp lệ: mã kèm theo bị thiếu, bị sửa hoặc của quầy khác. Câu trả lời "
            "của bạn vẫn còn bên dưới; bạn xem lại rồi bấm gửi lần nữa."
        )


def _store(
    request: HttpRequest, way: Way, form: RatingForm, token: FormToken, signed: str
) -> HttpResponse:
    """A valid form into the database; ``signed`` is the text of its token."""
    try:
        result = _submit(request, way, form, token)
    except CodeExpired:
        return refused(request, Refusal("expired", way.counter), way.code)
    except OperationalError:
        problem = _(
            "Máy chủ đang bận nên chưa ghi được đánh giá. Câu trả lời của bạn vẫn còn bên dưới; "
            "bạn bấm gửi lại, đánh giá chỉ được tính một lần."
        )
        return _form_page(request, way, form, signed, problem, status=503, wait=5)
    if result.outcome is Outcome.SPENT:
        return refused(request, Refusal("spent", way.counter), way.code)
    address = _thanks_address(request, way.counter, token)
    if result.outcome is not Outcome.CONFLICT:
        return HttpResponseSeeOther(address)
    problem = _(
        "Phiếu này đã được gửi trước đó với câu trả lời khác. Lần gửi đầu được giữ nguyên; "
        "lần này chưa được ghi."
    )
    if way.channel != Channel.RECEIPT:
        problem += " " + _("Nếu đây là một lượt phục vụ khác, bạn bấm gửi lần nữa.")
        way = _way_now(way)
        signed = open_form(way.code).sign()
    return _form_page(request, way, form, signed, problem, status=422, first=address)


def _submit(request: HttpRequest, way: Way, form: RatingForm, token: FormToken) -> Submission:
    """To the intake, with what belongs to the way the citizen came."""
    given: dict[str, Any] = {
        "submission": token.submission,
        "counter": way.counter,
        "service_day": token.opened,
        "levels": form.answers(),
        "drivers": form.driver_bits,
        "comment": form.comment,
        "contact": form.contact,
    }
    if way.channel == Channel.RECEIPT:
        # No mark, no trail, no moment: nothing but the answers and their day.
        return submit_rating(channel=Channel.RECEIPT, token=way.token, **given)
    now, cookie = timezone.localtime(), _cookie(request)
    today = now.date()
    salt = salt_of(today, today=today)
    given["trail"] = Trail(
        day=today,
        window=window_of(now),
        seconds=max(0, int((now - token.opened_at).total_seconds())),
        network=network_trace(request, day=today, salt=salt),
        browser=browser_trace(cookie=cookie, day=today, salt=salt),
    )
    if way.device is not None and way.step is not None and now - token.opened_at <= DISPLAY_SESSION:
        return submit_rating(channel=Channel.DISPLAY, display=(way.device, way.step), **given)
    if cookie:
        given["device_mark"] = device_mark(
            cookie=cookie,
            counter_id=way.counter.pk,
            day=token.opened,
            salt=salt if token.opened == today else None,
        )
    return submit_rating(channel=Channel.POSTER, **given)


def _form_page(
    request: HttpRequest,
    way: Way,
    form: RatingForm,
    signed: str,
    problem: str = "",
    *,
    status: int = 200,
    wait: int = 0,
    first: str = "",
) -> HttpResponse:
    """The form; ``problem`` is about the whole of it, ``first`` an earlier thank-you page.

    A token that is still good stays as it was sent (``signed``): signing it anew would let a form
    live for ever, and its opening day with it.
    """
    context: dict[str, Any] = {
        "counter": way.counter,
        "code": way.code,
        "form": form,
        "token": signed,
        "problem": problem,
        "first": first,
    }
    response = render(request, "feedback/rate.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _counter(code: str) -> Counter | None:
    """The counter of that code, in any case, in one query; None when there is none."""
    wanted = normal_code(code)
    if not _COUNTER_CODE.match(wanted):
        return None
    return Counter.objects.select_related("office", "main_field").filter(code=wanted).first()


def _counter_of(token: FormToken) -> Counter | None:
    """The counter whose rating this form became; None when it was not stored."""
    return Counter.objects.filter(ratings=token.submission).first()


def _poster_way(counter: Counter) -> Way:
    """The way of the counter's printed code."""
    return Way(counter, Channel.POSTER, rating_code(counter))


def _way_now(way: Way) -> Way:
    """A way that opens a form at this moment: a screen's code may be over."""
    if way.channel != Channel.DISPLAY:
        return way
    found = resolve(way.code)
    return found if isinstance(found, Way) else _poster_way(way.counter)


def _thanks_address(request: HttpRequest, counter: Counter, token: FormToken) -> str:
    """Below the counter's code: the one-time code and the rating never share an address."""
    address = _thanks_page(counter.code, get_language(), request.META.get("SCRIPT_NAME", ""))
    return f"{address}?t={sign_thanks(token.submission)}"  # of letters, digits, "-", "_" and ":"


@lru_cache(maxsize=4000)
def _thanks_page(code: str, _language: str | None, _below: str) -> str:
    """Its address; what it depends on besides the code is said by the arguments."""
    return reverse("rate_thanks", args=[code])


def _unreadable(request: HttpRequest, code: str, *, status: int) -> HttpResponse:
    way = resolve(code)
    if way.counter is None:
        return unknown(request, code)
    return unreadable(request, way.counter, status=status)


def _cookie(request: HttpRequest) -> str:
    """The browser's random cookie; "" when it has none, or one we did not make."""
    value = request.COOKIES.get(COOKIE, "")
    return value if _COOKIE_SHAPE.match(value) else ""


def _keep_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its random cookie, or two more days for the one it has.

    Renewed at every opening: a cookie that ran out at noon would let one browser count twice on
    that day. It is compared within one day only, and stored nowhere (feedback.devices).
    """
    response.set_cookie(
        COOKIE,
        _cookie(request) or secrets.token_urlsafe(16),
        max_age=COOKIE_SECONDS,
        path="/",
        secure=settings.PUBLIC_URL.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
