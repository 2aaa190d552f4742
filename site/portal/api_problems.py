"""What JSON says when something is missing: a Vietnamese sentence, never the name of a model."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import exception_handler

MISSING = "Không có dữ liệu ở địa chỉ này."


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a problem a view raised; None leaves it to Django.

    A 404 of a look-up says what the view declares in ``missing``; one that a view words itself
    (``NotFound``) stays as it is.
    """
    if isinstance(problem, Http404):
        problem = NotFound(getattr(context.get("view"), "missing", MISSING))
    return exception_handler(problem, context)
