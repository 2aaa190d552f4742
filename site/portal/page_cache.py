"""Whole pages, compressed, kept until what they show changes or the clock moves them on.

It stands outside GZip, sessions and locale, so a hit costs one query for the stamps of the
page's tags (cms/caching.py) and nothing else. Every process may keep its own copies: whether a
copy is fresh is asked of the database, never of another process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from cms.caching import ANYTHING, stamps
from cms.presentation import OFFICE_COOKIE

#: Longer queries than this are somebody's tracking, not a page.
LONGEST_QUERY = 200
#: Seconds a copy nobody could have purged may stay; the clock's own changes come sooner.
LONGEST_LIFE = 24 * 3600


@dataclass(frozen=True)
class Kept:
    """A finished answer: headers and body as they left, and until when, for which stamps."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    expires: datetime
    tags: tuple[str, ...]
    stamps: dict[str, int]


class PageCacheMiddleware:
    """Serves kept pages; keeps those whose view asked for it with ``cached_page``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The kept page, or a fresh one."""
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        kept: Kept | None = caches["pages"].get(key)
        if kept and kept.expires > timezone.now() and stamps(kept.tags) == kept.stamps:
            return self._answer(request, kept)
        response = self.get_response(request)
        kept = _keep(request, response)
        if kept is None:
            return response
        life = (kept.expires - timezone.now()).total_seconds()
        caches["pages"].set(key, kept, max(1, min(LONGEST_LIFE, life)))
        return self._answer(request, kept)

    @staticmethod
    def _key(request: HttpRequest) -> str | None:
        """Address, picked office and encoding; None when the answer can be no kept page.

        The language is part of the address.
        """
        query = request.META.get("QUERY_STRING", "")
        if request.method != "GET" or len(query) > LONGEST_QUERY:
            return None
        try:
            request.get_host()
        except DisallowedHost:
            return None
        office = request.COOKIES.get(OFFICE_COOKIE, "")
        gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        parts = "\n".join((request.path, query, office, str(gzip)))
        return hashlib.sha256(parts.encode()).hexdigest()

    @staticmethod
    def _answer(request: HttpRequest, kept: Kept) -> HttpResponseBase:
        response = HttpResponse(kept.body)
        for name, value in kept.headers:
            response[name] = value
        response["ETag"] = kept.etag
        answer = get_conditional_response(request, etag=kept.etag, response=response)
        return answer or response


def _keep(request: Any, response: HttpResponseBase) -> Kept | None:
    """The answer as something to keep; None when it is no page to keep or is stale already."""
    if (
        not isinstance(response, HttpResponse)
        or response.status_code != 200
        or response.cookies
        or not hasattr(request, "page_began")
        or set(request.GET) - request.page_params
    ):
        return None
    tags = tuple(sorted(request.page_tags))
    now = stamps([*tags, ANYTHING])
    anything = now.pop(ANYTHING, None)
    if anything != request.page_began:
        return None
    patch_cache_control(response, private=True, no_cache=True)
    body = response.content
    return Kept(
        headers=tuple(response.headers.items()),
        body=body,
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        expires=request.page_expires,
        tags=tags,
        stamps=now,
    )
