"""What JSON says when something is wrong: a sentence for people, never the name of a model.

Every answer below ``/api/`` is JSON, ``{"detail": …}``: also for an address that does not exist
and for a method an address does not take. Sentences of this module and those a view declares in
``missing`` are Vietnamese, or English for who asks for English (``Accept-Language``). The data
themselves have no language, nor have the sentences a view writes about its own parameters.
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
        worded = _worded(problem, request, context.get("view"))
    response = exception_handler(worded or problem, context)
    return response if response is None or worded is None else _told(response, language)


def _worded(problem: Exception, request: Any, view: Any) -> exceptions.APIException | None:
    """The problem in words of the language now active; None for one that has words already."""
    if isinstance(problem, Http404):
        return exceptions.NotFound(str(getattr(view, "missing", MISSING)))
    if isinstance(problem, exceptions.MethodNotAllowed):
        words = _("Địa chỉ này không nhận phương thức %(method)s.")
        problem.detail = _detail(problem, words % {"method": str(request.method)[:20]})
    elif isinstance(problem, exceptions.NotAcceptable):
        words = _("Địa chỉ này không có dạng dữ liệu mà bạn yêu cầu (Accept).")
        problem.detail = _detail(problem, words)
    elif isinstance(problem, exceptions.APIException) and hasattr(problem, "described"):
        problem.detail = problem.described()
    else:
        return None
    return problem


def _detail(problem: exceptions.APIException, words: str) -> exceptions.ErrorDetail:
    return exceptions.ErrorDetail(words, problem.default_code)


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
    response = JsonResponse(body, status=404, json_dumps_params={"ensure_ascii": False})
    answered: HttpResponse = _told(response, language)
    return answered
