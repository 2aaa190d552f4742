"""Whole pages, compressed, kept until what they show changes or the clock moves them on.

It stands outside GZip, sessions and locale, so a hit costs one query for the stamps of the
page's tags (cms/caching.py) and nothing else. Every process may keep its own copies: whether a
copy is fresh is asked of the database, never of another process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control

from cms.caching import ANYTHING, OFFICES, stamps
from cms.models import Office
from cms.picking import picked
from cms.presentation import OFFICE_COOKIE

#: Longer queries than this are somebody's tracking, not a page.
LONGEST_QUERY = 200
#: Seconds a copy nobody could have purged may stay; the clock's own changes come sooner.
LONGEST_LIFE = 24 * 3600
_OFFICES_KEY = "known-offices"


@dataclass(frozen=True)
class Kept:
    """A finished answer: headers and body as they left, and until when, for which stamps."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    expires: datetime
    tags: tuple[str, ...]
    stamps: dict[str, int]


@dataclass(frozen=True)
class KnownOffices:
    """The slugs of the live offices, as they were at that stamp of the list of offices."""

    slugs: frozenset[str]
    stamp: int | None


class PageCacheMiddleware:
    """Serves kept pages; keeps those whose view asked for it with ``cached_page``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The kept page, or a fresh one."""
        if not _may_be_kept(request):
            return self.get_response(request)
        office = request.COOKIES.get(OFFICE_COOKIE, "").strip()
        known: KnownOffices | None = caches["pages"].get(_OFFICES_KEY) if office else None
        # Whoever brings an office that is none reads what everybody reads.
        stranger = known if known and office not in known.slugs else None
        kept: Kept | None = caches["pages"].get(_key(request, "" if stranger else office))
        asked = {*(kept.tags if kept else ()), *([OFFICES] if stranger else ())}
        now = stamps(asked) if asked else {}
        if stranger and now.get(OFFICES) != stranger.stamp:
            caches["pages"].delete(_OFFICES_KEY)  # by now it may be one
            kept = None
        elif stranger:
            del request.COOKIES[OFFICE_COOKIE]
            office = ""
        if kept and kept.expires > timezone.now() and _of(now, kept.tags) == kept.stamps:
            return self._answer(request, kept)
        response = self.get_response(request)
        kept = _keep(request, response)
        if kept is None:
            return response
        if office and picked(request) is None:
            _learn_offices()
            return response
        life = (kept.expires - timezone.now()).total_seconds()
        caches["pages"].set(_key(request, office), kept, max(1, min(LONGEST_LIFE, life)))
        return self._answer(request, kept)

    @staticmethod
    def _answer(request: HttpRequest, kept: Kept) -> HttpResponseBase:
        response = HttpResponse(kept.body)
        for name, value in kept.headers:
            response[name] = value
        response["ETag"] = kept.etag
        answer = get_conditional_response(request, etag=kept.etag, response=response)
        return answer or response


def _may_be_kept(request: HttpRequest) -> bool:
    """Whether the address may be that of a kept page."""
    query = request.META.get("QUERY_STRING", "")
    if request.method != "GET" or len(query) > LONGEST_QUERY:
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _key(request: HttpRequest, office: str) -> str:
    """Address, picked office and encoding. The language is part of the address."""
    query = request.META.get("QUERY_STRING", "")
    gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    parts = "\n".join((request.path, query, office, str(gzip)))
    return hashlib.sha256(parts.encode()).hexdigest()


def _of(found: dict[str, int], tags: Iterable[str]) -> dict[str, int]:
    return {tag: found[tag] for tag in tags if tag in found}


def _learn_offices() -> None:
    """Remember which offices there are: somebody brought one that is none (two queries)."""
    stamp = stamps([OFFICES]).get(OFFICES)
    slugs = frozenset(Office.objects.live().values_list("slug", flat=True))
    caches["pages"].set(_OFFICES_KEY, KnownOffices(slugs, stamp), LONGEST_LIFE)


def _one_spelling(request: Any) -> bool:
    """Whether this is the one way to write the address of what it shows.

    Made-up spellings (a page past the last, 01 for 1, another case) show what is kept already;
    each of them kept too would push out what people read.
    """
    asked = request.GET
    if set(asked) - request.page_params or any(len(asked.getlist(one)) > 1 for one in asked):
        return False
    answers: dict[str, str] = getattr(request, "page_answers", {})
    if any(answers.get(name) != value for name, value in asked.items()):
        return False
    if urlencode(sorted(asked.items())) != request.META.get("QUERY_STRING", ""):
        return False
    match = request.resolver_match
    kwargs = {**match.kwargs, **getattr(request, "page_names", {})}
    with translation.override(request.LANGUAGE_CODE):
        return bool(reverse(match.view_name, args=match.args, kwargs=kwargs) == request.path)


def _keep(request: Any, response: HttpResponseBase) -> Kept | None:
    """The answer as something to keep; None when it is no page to keep or is stale already."""
    if (
        not isinstance(response, HttpResponse)
        or response.status_code != 200
        or response.cookies
        or not hasattr(request, "page_began")
        or not _one_spelling(request)
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
