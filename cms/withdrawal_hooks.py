"""In the editor: the reason for taking a procedure off, and what a deletion leaves behind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks

from cms.models import ProcedurePage, PublicVersion

#: The field of site/templates/wagtailadmin/pages/confirm_unpublish.html.
FIELD = "withdrawal_reason"
LONGEST = 2000
LABEL = "Lý do gỡ (hiện công khai)"
HELP = (
    "Trang của thủ tục sẽ nói đã gỡ ngày nào và vì sao. Thủ tục bị bãi bỏ thì đừng gỡ: hãy ghi "
    "“Đã bãi bỏ” ở thẻ Tại thành phố."
)


@hooks.register("before_unpublish_page")
def note_reason(request: HttpRequest, page: Any) -> None:
    """Hand the reason to the version that ends (cms/history.py reads it from the page)."""
    if isinstance(page.specific, ProcedurePage):
        page.specific.withdrawal_reason = request.POST.get(FIELD, "").strip()[:LONGEST]


@hooks.register("after_delete_page")
def tell_what_stays(request: HttpRequest, page: Any) -> None:
    """Public memory is not deleted with a page: say so, and where it is."""
    code = getattr(page.specific_deferred, "code", "")
    if code and PublicVersion.objects.filter(page=None, code=code).exists():
        address = reverse("procedure_history", args=[code])
        messages.info(
            request,
            format_html(
                'Các bản đã công bố của {} vẫn đọc được ở <a href="{}">trang lịch sử</a>.',
                code,
                address,
            ),
        )
