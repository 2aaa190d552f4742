"""Django's middleware, where a sent rating passes it by or where the address alone decides.

A sent rating acts in nobody's name: it has no session, no user and no notices to show (see
docs/decisions/0031-form-token-not-session.md), and making them ready for it is a tenth of what
taking it in costs (docs/decisions/0075-writers-queue.md). The CSRF rule is not passed by: its view
says itself that it is exempt.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

#: Where ratings are sent to, in both languages and as printed codes spell it.
RATING_PREFIXES = ("/r/", "/R/", "/en/r/", "/en/R/")
#: No language of the site has a longer code; longer names of a directory need no look.
_LONGEST_CODE = 12


def sends_rating(request: HttpRequest) -> bool:
    """Whether a rating form is being sent: nothing that answers it asks who the sender is."""
    return request.method == "POST" and request.path_info.startswith(RATING_PREFIXES)


class Sessions(SessionMiddleware):
    """Django's, but not for sent ratings."""

    def __call__(self, request: HttpRequest) -> Any:
        """The answer; a rating's request gets no ``session``."""
        return self.get_response(request) if sends_rating(request) else super().__call__(request)


class Users(AuthenticationMiddleware):
    """Django's, but not for sent ratings; templates see an anonymous user there."""

    def __call__(self, request: HttpRequest) -> Any:
        """The answer; a rating's request gets no ``user``."""
        return self.get_response(request) if sends_rating(request) else super().__call__(request)


class Messages(MessageMiddleware):
    """Django's, but not for sent ratings; templates see no notices there."""

    def __call__(self, request: HttpRequest) -> Any:
        """The answer; a rating's request gets no notices."""
        return self.get_response(request) if sends_rating(request) else super().__call__(request)


class Language(LocaleMiddleware):
    """Django's for addresses that name every language but the first, and nothing else.

    There Django too goes by the address alone, after it has asked the cookie and the browser.
    """

    def process_request(self, request: Any) -> None:
        """The language of the address, Vietnamese where it names none."""
        request.LANGUAGE_CODE = _named(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(request.LANGUAGE_CODE)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer with its language; "see other" has no text that could be in one."""
        if response.status_code == 303:
            return response
        if not _named(request.path_info):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def _named(path: str) -> str | None:
    """The language that a path names first; None for none."""
    first = path[1 : _LONGEST_CODE + 2].partition("/")[0]
    return _language_of(first) if len(first) <= _LONGEST_CODE else None


@lru_cache(maxsize=1024)
def _language_of(directory: str) -> str | None:
    """Django does not remember what is no language, and so looks at every "r" again."""
    return translation.get_language_from_path(f"/{directory}/")
