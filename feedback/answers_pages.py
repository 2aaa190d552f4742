"""Pages that say why a code opens no form, and what to do instead."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.models import Counter
from feedback import keys, limits, receipt_codes, scans
from feedback.devices import salt_of
from feedback.network import network_mark
from feedback.poster_codes import find, rating_code
from feedback.ways import Refusal, tidy


def refused(request: HttpRequest, refusal: Refusal, code: str) -> HttpResponse:
    """The page of a refusal: 404 for an unknown code (429 after too many), else 410."""
    counter = refusal.counter
    if refusal.kind == "unknown" or counter is None:
        return unknown(request, code)
    if refusal.kind == "replaced":
        return _replaced(request, counter, code)
    title, paragraphs, again = _words(refusal.kind, counter)
    return message(
        request,
        status=410,
        title=title,
        paragraphs=paragraphs,
        again=counter if again and counter.active and counter.office.live else None,
    )


def _words(kind: str, counter: Counter) -> tuple[str, list[str], bool]:
    """Title, paragraphs, and whether to offer the form of the counter's printed code.

    Not after a code that was used: it would ask for a second rating of one visit.
    """
    if kind == "spent":
        return (
            _("Mã này đã được dùng"),
            [
                _("Mỗi mã trên giấy tiếp nhận hoặc trên phiếu chỉ đánh giá được một lần."),
                _("Nếu chính bạn vừa gửi thì đánh giá đã được lưu, bạn không phải làm gì thêm."),
                _("Nếu bạn chưa đánh giá lần nào, xin báo cho người phụ trách bộ phận một cửa."),
            ],
            False,
        )
    if kind == "void":
        return (
            _("Phiếu này đã được trả lại"),
            [
                _("Phiếu không phát cho ai trong ngày được trả lại và không dùng được nữa."),
                _(
                    "Nếu bạn được phát phiếu này khi đến quầy, xin báo cho người phụ trách bộ "
                    "phận một cửa."
                ),
            ],
            False,
        )
    if kind == "expired":
        return (
            _("Mã này đã hết hạn"),
            [
                _(
                    "Mã trên giấy tiếp nhận hoặc trên phiếu dùng được đến %(days)s ngày sau khi "
                    "hết tháng cấp mã. Sau đó khoá của mã bị huỷ, để không ai còn lần ra được ai "
                    "đã đánh giá."
                )
                % {"days": keys.KEPT_DAYS},
            ],
            True,
        )
    if kind == "stale":
        return (
            _("Mã trên màn hình đã đổi"),
            [
                _("Mã trên màn hình của quầy đổi sau mỗi 30 giây; mã bạn quét đã hết giờ."),
                _("Nếu còn ở quầy, bạn quét lại mã đang hiện trên màn hình."),
            ],
            True,
        )
    if kind == "revoked":
        return (
            _("Màn hình này không còn được dùng"),
            [
                _("Mã bạn quét lấy từ một màn hình đã bị thu hồi."),
                _("Bạn quét mã đang có tại quầy đã tiếp bạn."),
            ],
            False,
        )
    return (
        _("Quầy này không còn nhận đánh giá"),
        [
            _("%(counter)s, %(office)s đã ngừng hoạt động hoặc đã đổi mã.")
            % {"counter": counter.name, "office": counter.office.title},
            _("Bạn quét mã QR đang để tại quầy đã tiếp bạn."),
        ],
        False,
    )


def _replaced(request: HttpRequest, counter: Counter, code: str) -> HttpResponse:
    """410 for the code of an older sheet, with the day of the change. Scans of it are counted:
    they tell the editor that it still hangs."""
    edition = find(code)
    if request.method == "GET":
        scans.note(edition)
    day = edition.replaced_on if edition is not None else None
    return message(
        request,
        status=410,
        title=_("Tờ mã QR này đã được thay"),
        paragraphs=[
            _("Tờ này đã được thay ngày %(day)s. %(counter)s, %(office)s đã có mã mới.")
            % {
                "day": f"{day:%d/%m/%Y}" if day else "",
                "counter": counter.name,
                "office": counter.office.title,
            },
            _("Bạn quét mã mới tại quầy, và xin báo cho người ở quầy gỡ tờ cũ."),
        ],
    )


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """404 for a code that is none, an altered one among them; 429 when a network guesses."""
    if wait := unknown_wait(request):
        return too_many(request, wait)
    if len(tidy(code)) == receipt_codes.LENGTH:
        return message(
            request,
            status=404,
            title=_("Mã trên giấy này không đúng"),
            paragraphs=[
                _(
                    "Mã có 26 chữ và số; ít nhất một ký tự không đúng, hoặc mã không do chúng "
                    "tôi cấp."
                ),
                _(
                    "Bạn quét lại mã QR, hoặc gõ lại mã in dưới mã QR. Nếu mã QR có vẻ bị dán đè, "
                    "xin báo cho người ở quầy và đừng nhập mật khẩu, OTP hay chuyển tiền."
                ),
            ],
        )
    return message(
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


def unknown_wait(request: HttpRequest) -> int:
    """Count an unknown code against the sender's network; seconds to wait, or 0."""
    salt = salt_of(timezone.localdate()) or b""
    return limits.unknown_code_wait(network_mark(request, salt=salt))


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429: this network sent too many unknown codes."""
    response = message(
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


def unreadable(request: HttpRequest, counter: Counter | None, *, status: int) -> HttpResponse:
    """400 or 413: what was sent cannot be read; ``counter`` offers a fresh form."""
    return message(
        request,
        status=status,
        title=_("Không đọc được phần bạn gửi"),
        paragraphs=[
            _("Phần gửi lên quá lớn hoặc bị hỏng trên đường truyền, nên chưa có gì được ghi."),
            _("Bạn quay lại trang trước, rút ngắn góp ý rồi gửi lại, hoặc mở phiếu mới."),
        ],
        again=counter,
    )


def message(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    paragraphs: list[str],
    again: Counter | None = None,
) -> HttpResponse:
    """A page that says what happened and what to do; ``again`` offers its printed code's form."""
    context = {
        "title": title,
        "paragraphs": paragraphs,
        "again": {"code": rating_code(again)} if again is not None else None,
    }
    return render(request, "feedback/rate_error.html", context, status=status)
