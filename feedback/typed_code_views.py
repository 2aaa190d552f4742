"""``/r/``: a page to type a code into, for whom no camera reads it; slips name its address."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback import display_codes, poster_codes, receipt_codes
from feedback.answers_pages import too_many, unknown_wait
from feedback.headers import no_referrer
from feedback.ways import tidy

#: Characters of a typed text that are looked at: a whole address with the longest code fits.
MOST = 200
_ADDRESS = re.compile(r"^.*/r/", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"[\W_]+")


def read_typed(text: str) -> str:
    """What somebody typed, or pasted with its address, as the code is stored.

    Any case; blanks, dashes and dots between groups fall away; O is 0, I and L are 1.
    """
    text = _ADDRESS.sub("", text[:MOST])
    return tidy(_BETWEEN.sub("", text.split("?")[0]))


def has_form(code: str) -> bool:
    """Whether a tidied text can be a code of one of the three kinds; nothing is looked up."""
    return bool(
        receipt_codes.read(code) is not None
        or display_codes.looks_like(code)
        or poster_codes.SHAPE.match(code)
    )


@never_cache
@no_referrer
@require_safe
def typed_code(request: HttpRequest) -> HttpResponse:
    """The page; a code that can be one leads to its form, any other is named with what is odd.

    Texts that are no code count as unknown codes do, so guessing is no cheaper here.
    """
    typed = request.GET.get("code", "")
    if not typed.strip():
        problem = _("Bạn gõ mã vào ô bên dưới.") if "code" in request.GET else ""
        return _page(request, "", problem)
    code = read_typed(typed)
    if has_form(code):
        return redirect("rate", code)
    if wait := unknown_wait(request):
        return too_many(request, wait)
    return _page(request, typed[:MOST], _problem(code))


def _problem(code: str) -> str:
    """What is odd about a text that can be no code."""
    if not code.isascii():
        return _("Mã không có chữ mang dấu. Bạn tắt bộ gõ tiếng Việt rồi gõ lại.")
    if len(code) in (receipt_codes.LENGTH, display_codes.LENGTH, 6, 7, 8):
        return _("Ít nhất một ký tự không đúng. Bạn so lại từng ký tự với mã in dưới mã QR.")
    return _(
        "Mã bạn gõ có %(count)s chữ và số. Mã trên giấy và trên phiếu có %(receipt)s, mã trên màn "
        "hình có %(display)s, mã trên tờ dán tại quầy có 6 đến 8. Bạn xem lại từng ký tự."
    ) % {"count": len(code), "receipt": receipt_codes.LENGTH, "display": display_codes.LENGTH}


def _page(request: HttpRequest, typed: str, problem: str) -> HttpResponse:
    context = {"typed": typed, "problem": problem}
    return render(
        request, "feedback/typed_code.html", context, status=422 if problem and typed else 200
    )
