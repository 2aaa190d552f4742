"""Headers of answers that nobody may keep, or tell the next page about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

_NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


def never_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Django's ``never_cache`` for a view that says nothing about keeping itself.

    The header is always the same here; Django's, which joins its own to what is there, takes as
    long as finding the counter of a code (docs/decisions/0075-writers-queue.md).
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = _NEVER
        response.headers["Expires"] = "0"
        return response

    return answered


def no_referrer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The next page is not told this address: together, the address of the form (its one-time
    code) and that of the thanks (its rating) would stand in one line of a proxy's log."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return told
