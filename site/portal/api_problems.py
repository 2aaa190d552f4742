"""What JSON says when something is wrong: a sentence for people, never the name of a model.

Every answer below ``/api/`` is JSON, ``{"detail": …}``: also for an address that does not exist
and for a method an address does not take. Sentences are Vietnamese, or English for who asks for
English (``Accept-Language``); the data themselves have no language.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, gettext_lazy
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

API = "/api/"
MISSING = gettext_lazy("Không có dữ liệu ở địa chỉ này.")


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a problem a view raised; None leaves it to Django.

    A 404 of a look-up says what the view declares in ``missing``; one that a view words itself
    (``NotFound``) stays as it is. A problem with more to say has ``described()``.
    """
    request = context.get("request")
    language = get_language_from_request(request) if request else translation.get_language()
    with translation.override(language):
        if isinstance(problem, Http404):
            view = context.get("view")
            problem = exceptions.NotFound(str(getattr(view, "missing", MISSING)))
        elif isinstance(problem, exceptions.MethodNotAllowed):
            problem.detail = exceptions.ErrorDetail(_method(request), problem.default_code)
        elif isinstance(problem, exceptions.NotAcceptable):
            problem.detail = exceptions.ErrorDetail(
                _("Địa chỉ này không có dạng dữ liệu mà bạn yêu cầu (Accept)."),
                problem.default_code,
            )
        elif hasattr(problem, "described"):
            problem.detail = problem.described()  # type: ignore[attr-defined]
    response = exception_handler(problem, context)
    return _told(response, language) if response is not None else None


def _method(request: Any) -> str:
    return _("Địa chỉ này không nhận phương thức %(method)s.") % {
        "method": str(getattr(request, "method", ""))[:20]
    }


def _told(response: Any, language: str | None) -> Any:
    response["Content-Language"] = language or ""
    patch_vary_headers(response, ["Accept-Language"])
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The site's answer to an unknown address: JSON below ``/api/``, a page elsewhere."""
    if not request.path.startswith(API):
        return page_not_found(request, exception)
    language = get_language_from_request(request)
    with translation.override(language):
        body = {"detail": _("Không có địa chỉ này. Các địa chỉ có ở /api/v1/schema/.")}
    answered: HttpResponse = _told(JsonResponse(body, status=404), language)
    return answered
