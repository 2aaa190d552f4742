"""The form behind "Thông tin này có đúng không?": no cookie, no script, exactly once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cms.history import publications
from cms.models import ProcedurePage
from feedback import limits
from feedback.devices import salt_of
from feedback.forms import LONGEST_COMMENT, tidy
from feedback.models import PageReport
from feedback.network import network_mark
from feedback.storing import new_follow_up_code
from feedback.tokens import (
    BadToken,
    OutdatedToken,
    open_form,
    read_form_token,
    read_thanks,
    sign_thanks,
)

PARTS = {
    PageReport.Part.STEPS: gettext_lazy("Các bước"),
    PageReport.Part.PAPERS: gettext_lazy("Giấy tờ cần có"),
    PageReport.Part.TIME: gettext_lazy("Thời gian giải quyết"),
    PageReport.Part.FEES: gettext_lazy("Lệ phí"),
    PageReport.Part.PEOPLE: gettext_lazy("Người làm, nơi nộp"),
    PageReport.Part.FORMS: gettext_lazy("Mẫu đơn, tờ khai"),
    PageReport.Part.OTHER: gettext_lazy("Phần khác"),
}


STATUSES = {
    PageReport.Status.NEW: gettext_lazy("Đã nhận, chờ kiểm tra"),
    PageReport.Status.LOOKING: gettext_lazy("Đang kiểm tra"),
    PageReport.Status.FIXED: gettext_lazy("Đã sửa trang"),
    PageReport.Status.KEPT: gettext_lazy("Không sửa"),
}


class PageReportForm(forms.Form):
    """Which part is wrong, and what is right."""

    part = forms.ChoiceField(
        choices=[],
        error_messages={
            "required": gettext_lazy("Bạn chưa chọn phần bị sai."),
            "invalid_choice": gettext_lazy("Lựa chọn này không có. Bạn chọn lại giúp."),
        },
    )
    text = forms.CharField(
        max_length=LONGEST_COMMENT,
        error_messages={
            "required": gettext_lazy("Bạn chưa viết chỗ nào sai."),
            "max_length": gettext_lazy(
                "Góp ý dài %(show_value)d ký tự; nhiều nhất là %(limit_value)d."
            ),
        },
    )
    #: People never see this field; programs that fill every field give themselves away.
    website = forms.CharField(required=False)

    def __init__(self, data: Any = None) -> None:
        if data is not None:
            data = data.copy()
            data["text"] = tidy(data.get("text", ""))
        super().__init__(data)
        field = self.fields["part"]
        field.choices = list(PARTS.items())  # type: ignore[attr-defined]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page_report(request: HttpRequest, code: str) -> HttpResponse:
    """``/thu-tuc/<mã>/gop-y/``: the form, and what was sent with it."""
    page = get_object_or_404(ProcedurePage.objects.live(), code=code)
    if request.method != "POST":
        return _form(request, page, PageReportForm(), open_form(page.code).sign())
    try:
        sent = request.POST
    except RequestDataTooBig:
        problem = _("Góp ý quá dài nên chưa được gửi. Bạn rút ngắn rồi gửi lại giúp.")
        signed = open_form(page.code).sign()
        return _form(request, page, PageReportForm(), signed, problem, status=413)
    form, signed = PageReportForm(sent), sent.get("token", "")
    try:
        token = read_form_token(signed, code=page.code)
    except BadToken as error:
        late = isinstance(error, OutdatedToken)
        problem = (
            _("Phiếu mở đã quá 7 ngày.") if late else _("Phiếu này không hợp lệ hoặc đã bị sửa.")
        )
        problem += " " + _("Những gì bạn viết vẫn còn bên dưới; bạn xem lại rồi bấm gửi lần nữa.")
        signed = open_form(page.code).sign()
        return _form(request, page, form, signed, problem, status=422)
    if not form.is_valid():
        return _form(request, page, form, signed, status=422)
    salt = salt_of(timezone.localdate()) or b""
    known = PageReport.objects.filter(pk=token.submission).exists()
    if not known and (wait := limits.report_wait(network_mark(request, salt=salt))):
        problem = _("Từ mạng của bạn vừa có quá nhiều góp ý. Bạn đợi một phút rồi bấm gửi lại.")
        response = _form(request, page, form, signed, problem, status=429)
        response["Retry-After"] = str(wait)
        return response
    if not known and not form.cleaned_data["website"]:
        versions = publications(page)
        PageReport.objects.get_or_create(
            pk=token.submission,
            defaults={
                "page": page,
                "version": versions[0].number if versions else None,
                "part": form.cleaned_data["part"],
                "text": form.cleaned_data["text"],
                "follow_up": new_follow_up_code(),
                "received_on": token.opened,
            },
        )
    address = reverse("page_report_thanks", args=[page.code])
    response = HttpResponse(status=303)
    response["Location"] = f"{address}?{urlencode({'t': sign_thanks(token.submission)})}"
    return response


@never_cache
@require_safe
def page_report_thanks(request: HttpRequest, code: str) -> HttpResponse:
    """``/thu-tuc/<mã>/gop-y/cam-on/?t=``: thanks, with the follow-up code."""
    page = get_object_or_404(ProcedurePage.objects.live(), code=code)
    try:
        submission = read_thanks(request.GET.get("t", ""))
    except BadToken:
        report = None
    else:
        report = PageReport.objects.filter(pk=submission, page=page).first()
    return render(request, "feedback/page_report_thanks.html", {"page": page, "report": report})


def report_follow_up(request: HttpRequest, code: str) -> HttpResponse | None:
    """Where the report of that follow-up code stands; None when there is none.

    Its text is not shown: whoever finds the code learns nothing but the answer.
    """
    report = PageReport.objects.select_related("page").filter(follow_up=code).first()
    if report is None:
        return None
    context = {
        "report": report,
        "status": STATUSES[PageReport.Status(report.status)],
        "part": PARTS[PageReport.Part(report.part)],
    }
    return render(request, "feedback/page_follow_up.html", context)


def _form(
    request: HttpRequest,
    page: ProcedurePage,
    form: PageReportForm,
    token: str,
    problem: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "token": token,
        "problem": problem,
        "limit": LONGEST_COMMENT,
        "nav": "procedures",
    }
    return render(request, "feedback/page_report.html", context, status=status)
