"""The public ledger of doubted answers: a page, and the whole of it as JSON lines."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from feedback import ledger
from feedback.models import LedgerEntry

ROWS_A_PAGE = 50
#: The public words of a signal and of an event.
SIGNALS = {
    "burst": gettext_lazy("Dồn dập trong mười phút"),
    "excess": gettext_lazy("Nhiều hơn số lượt phục vụ"),
    "device": gettext_lazy("Một thiết bị gửi cho nhiều quầy"),
    "divergence": gettext_lazy("Áp phích khác hẳn giấy hẹn"),
    "slips": gettext_lazy("Mã một lần dùng dồn trong ngày"),
    "screen": gettext_lazy("Mã màn hình dùng dồn dập"),
    "after_hours": gettext_lazy("Ngoài giờ làm việc"),
    "too_fast": gettext_lazy("Trả lời dưới 3 giây"),
    "same_text": gettext_lazy("Góp ý gần như giống nhau"),
    "person": gettext_lazy("Người kiểm tra nghi ngờ"),
}
EVENTS = {
    "quarantined": gettext_lazy("Tự động giữ lại"),
    "opened": gettext_lazy("Chuyển người xem xét"),
    "contested": gettext_lazy("Cơ quan phản đối"),
    "release_proposed": gettext_lazy("Một người đề nghị tính lại"),
    "upheld": gettext_lazy("Quyết định giữ lại"),
    "released": gettext_lazy("Hai người quyết định tính lại"),
    "dismissed": gettext_lazy("Không có gì sai"),
}
#: What is summed, in this order.
SUMMED = ("quarantined", "opened", "upheld", "released", "dismissed")


@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    """``/cong-khai/so-kiem-tra/``: sums by reason, the head, newest rows first, how to check."""
    sums = ledger.sums()
    rows = Paginator(LedgerEntry.objects.order_by("-number"), ROWS_A_PAGE)
    page = rows.get_page(request.GET.get("trang"))
    return render(
        request,
        "feedback/ledger.html",
        {
            "nav": "board",
            "check": ledger.check(),
            "sums": [
                (words, [(EVENTS[n], sums[signal][n]) for n in SUMMED if n in sums[signal]])
                for signal, words in SIGNALS.items()
                if signal in sums
            ],
            "page": page,
            "rows": [
                {
                    "entry": entry,
                    "event": EVENTS.get(entry.content["event"], entry.content["event"]),
                    "signal": SIGNALS.get(entry.content["signal"], _("khác")),
                }
                for entry in page
            ],
        },
    )


@require_safe
def ledger_lines(request: HttpRequest) -> HttpResponseBase:
    """``/cong-khai/so-kiem-tra.jsonl``: every row, oldest first."""
    response = StreamingHttpResponse(ledger.lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="so-kiem-tra.jsonl"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
