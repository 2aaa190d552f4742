"""The rating form, its thank-you page, and where a comment stands: rating.md §1, contract.md.

Nothing here needs a session, a script or a cookie. The form carries no one's authority, so it is
exempt from CSRF checks (which would need a cookie); its signed token makes it exactly-once.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import Counter, normal_code
from feedback import limits
from feedback.devices import device_mark, salt_of
from feedback.forms import RatingForm
from feedback.intake import Outcome, submit_rating
from feedback.models import Comment, Rating
from feedback.models.ratings import Channel, Standing
from feedback.network import network_mark
from feedback.page_report_views import report_follow_up
from feedback.tokens import (
    BadToken,
    FormToken,
    OutdatedToken,
    open_form,
    read_form_token,
    read_thanks,
    sign_thanks,
)

COOKIE = "bck_r"
COOKIE_SECONDS = 2 * 24 * 3600
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}\Z")
_COUNTER_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6,8}\Z")
_FOLLOW_UP_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6,16}\Z")


class HttpResponseSeeOther(HttpResponseRedirect):
    """303: the answer to a POST is elsewhere, to be fetched with GET."""

    status_code = 303


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """``/r/<code>``: the form, and what was sent with it."""
    counter = _counter(code)
    if counter is None:
        return _unknown(request, code)
    if not (counter.active and counter.office.live):
        return _closed(request, counter)
    if request.method == "POST":
        return _receive(request, counter)
    response = _form_page(request, counter, RatingForm(), open_form(counter.code).sign())
    _keep_cookie(request, response)
    return response


@never_cache
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """``/r/<code>/cam-on?t=``: thanks; whether the rating counts; the follow-up code."""
    counter = _counter(code)
    if counter is None:
        return _unknown(request, code)
    try:
        submission = read_thanks(request.GET.get("t", ""))
    except BadToken:
        stored = None
    else:
        stored = (
            Rating.objects.filter(pk=submission, counter=counter)
            .values_list("standing", "comment__follow_up")
            .first()
        )
    if stored is None:
        return _message(
            request,
            status=404,
            title=_("Không mở được trang cảm ơn này"),
            paragraphs=[
                _("Đường dẫn thiếu một phần hoặc đã bị sửa, nên không tìm thấy đánh giá của bạn."),
                _("Nếu bạn đã thấy lời cảm ơn một lần, đánh giá đã được lưu."),
            ],
            again=counter,
        )
    standing, follow_up = stored
    return render(
        request,
        "feedback/thanks.html",
        {
            "counter": counter,
            "duplicate": standing == Standing.DUPLICATE,
            "follow_up": follow_up or "",
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
            Comment.objects.select_related("rating__counter__office", "rating__counter__main_field")
            .defer("text")
            .filter(follow_up=wanted)
            .first()
        )
        if comment is None and (page := report_follow_up(request, wanted)):
            return page
    if comment is None:
        wait = _unknown_wait(request)
        if wait:
            return _too_many(request, wait)
        return _message(
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
        {"comment": comment, "counter": comment.rating.counter},
    )


def _receive(request: HttpRequest, counter: Counter) -> HttpResponse:
    """A sent form: stored once, or the form again with what is wrong and all that was filled."""
    try:
        sent = request.POST
    except RequestDataTooBig:
        return _unreadable(request, counter, status=413)
    except (SuspiciousOperation, BadRequest, MultiPartParserError, LookupError):
        # LookupError: a charset that Python knows but no text is written in (rot13).
        return _unreadable(request, counter, status=400)
    form = RatingForm(sent)
    form.is_valid()
    problem, signed = "", sent.get("token", "")
    try:
        token = read_form_token(signed, code=counter.code)
    except OutdatedToken:
        problem = _(
            "Phiếu này mở đã quá 7 ngày nên không gửi được nữa. Câu trả lời của bạn vẫn còn bên "
            "dưới; bạn xem lại rồi bấm gửi lần nữa."
        )
        signed = open_form(counter.code).sign()
    except BadToken:
        problem = _(
            "Phiếu này không hợp lệ: mã kèm theo bị thiếu, bị sửa hoặc của quầy khác. Câu trả lời "
            "của bạn vẫn còn bên dưới; bạn xem lại rồi bấm gửi lần nữa."
        )
        signed = open_form(counter.code).sign()
    if wait := limits.submission_wait(counter.code):
        problem = _(
            "Quá nhiều đánh giá đang gửi tới quầy này. Đánh giá của bạn chưa được gửi; câu trả "
            "lời vẫn còn bên dưới. Bạn đợi một phút rồi bấm gửi lại."
        )
        return _form_page(request, counter, form, signed, problem, status=429, wait=wait)
    if problem or not form.is_valid():
        return _form_page(request, counter, form, signed, problem, status=422)
    return _store(request, counter, form, token, signed)


def _store(
    request: HttpRequest, counter: Counter, form: RatingForm, token: FormToken, signed: str
) -> HttpResponse:
    """A valid form into the database; ``signed`` is the text of its token."""
    cookie = _cookie(request)
    try:
        result = submit_rating(
            submission=token.submission,
            counter=counter,
            channel=Channel.POSTER,
            service_day=token.opened,
            levels=form.answers(),
            comment=form.cleaned_data["comment"],
            device_mark=(
                device_mark(cookie=cookie, counter_id=counter.pk, day=token.opened)
                if cookie
                else None
            ),
        )
    except OperationalError:
        problem = _(
            "Máy chủ đang bận nên chưa ghi được đánh giá. Câu trả lời của bạn vẫn còn bên dưới; "
            "bạn bấm gửi lại, đánh giá chỉ được tính một lần."
        )
        return _form_page(request, counter, form, signed, problem, status=503, wait=5)
    address = (
        reverse("rate_thanks", args=[counter.code])
        + "?"
        + urlencode({"t": sign_thanks(token.submission)})
    )
    if result.outcome is Outcome.CONFLICT:
        problem = _(
            "Phiếu này đã được gửi trước đó với câu trả lời khác. Lần gửi đầu được giữ nguyên; "
            "lần này chưa được ghi. Nếu đây là một lượt phục vụ khác, bạn bấm gửi lần nữa."
        )
        signed = open_form(counter.code).sign()
        return _form_page(request, counter, form, signed, problem, status=422, first=address)
    return HttpResponseSeeOther(address)


def _form_page(
    request: HttpRequest,
    counter: Counter,
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
    questions = form.questions
    summary = [(f"{q.item}-1", q.error) for q in questions if q.error]
    if form.comment_error:
        summary.append(("comment", form.comment_error))
    context: dict[str, Any] = {
        "counter": counter,
        "form": form,
        "questions": questions,
        "token": signed,
        "problem": problem,
        "summary": summary,
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


def _unknown_wait(request: HttpRequest) -> int:
    """Count an unknown code against the sender's network; seconds to wait, or 0."""
    salt = salt_of(timezone.localdate()) or b""
    return limits.unknown_code_wait(network_mark(request, salt=salt))


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    if wait := _unknown_wait(request):
        return _too_many(request, wait)
    return _message(
        request,
        status=404,
        title=_("Không có quầy mang mã này"),
        paragraphs=[
            _("Mã “%(code)s” không thuộc quầy nào.") % {"code": code[:24]},
            _(
                "Bạn quét lại mã QR, hoặc gõ lại mã in dưới mã QR. Nếu tờ QR có vẻ bị dán đè, "
                "xin báo cho người ở quầy và đừng nhập mật khẩu, OTP hay chuyển tiền."
            ),
        ],
    )


def _closed(request: HttpRequest, counter: Counter) -> HttpResponse:
    return _message(
        request,
        status=410,
        title=_("Quầy này không còn nhận đánh giá"),
        paragraphs=[
            _("%(counter)s, %(office)s đã ngừng hoạt động hoặc đã đổi mã.")
            % {"counter": counter.name, "office": counter.office.title},
            _("Bạn quét mã QR đang để tại quầy đã tiếp bạn."),
        ],
    )


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    response = _message(
        request,
        status=429,
        title=_("Quá nhiều mã không đúng"),
        paragraphs=[
            _("Từ mạng của bạn vừa có quá nhiều mã không đúng. Bạn đợi một phút rồi thử lại."),
            _("Mã QR đúng của các quầy vẫn mở được như thường."),
        ],
    )
    response["Retry-After"] = str(wait)
    return response


def _unreadable(request: HttpRequest, counter: Counter, *, status: int) -> HttpResponse:
    return _message(
        request,
        status=status,
        title=_("Không đọc được phần bạn gửi"),
        paragraphs=[
            _("Phần gửi lên quá lớn hoặc bị hỏng trên đường truyền, nên chưa có gì được ghi."),
            _("Bạn quay lại trang trước, rút ngắn góp ý rồi gửi lại, hoặc mở phiếu mới."),
        ],
        again=counter,
    )


def _message(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    paragraphs: list[str],
    again: Counter | None = None,
) -> HttpResponse:
    """A page that says what happened and what to do; ``again`` offers a fresh form."""
    context = {"title": title, "paragraphs": paragraphs, "again": again}
    return render(request, "feedback/rate_error.html", context, status=status)
