"""Which place in the list of results was opened, and nothing of who opened it.

The links of a page of results carry a ``ping`` (HTML's own: the browser sends it beside the
click, no script, no waiting) with a signed token of the masked question and its day, and the
place. What is sent is counted for that question and day; address, cookies and body are not read.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from search.finder import PER_PAGE, Answer
from search.masking import kept_words
from search.models.query_log import PAGE
from search.query_log import TRIED, Tally, by_a_person, keeper

_SALT = "search.chosen"
#: Longest token that is looked at, and last place that counts.
_TOKEN, _LAST_PLACE = 1000, 200
#: Opened results a minute: of one question, and in all. Counted in the cache, of nobody.
PER_QUESTION_MINUTE, PER_MINUTE = 60, 3000


@dataclass(frozen=True)
class Pings:
    """Where the links of one page of results report to; ``places`` are those of the codes."""

    address: str
    places: Mapping[str, int]

    def of(self, code: str) -> str:
        """The address for the procedure's link; "" when it is none of the results."""
        place = self.places.get(code)
        return f"{self.address}{place}" if place else ""


def pings_of(request: HttpRequest, answer: Answer) -> Pings | None:
    """Pings for the results, or the guesses; None where places mean nothing (another order)."""
    text = kept_words(answer.question.text)
    shown = answer.results or answer.near
    if not text or answer.sort or not shown or TRIED in request.GET:
        return None
    language = (translation.get_language() or "vi")[:5]
    said = [timezone.localdate().isoformat(), text, language]
    token = signing.Signer(salt=_SALT).sign_object(said)
    first = (answer.page - 1) * PER_PAGE + 1 if answer.results else 1
    places = {result.code: first + number for number, result in enumerate(shown)}
    return Pings(f"{reverse('search_chosen')}?t={token}&n=", places)


@csrf_exempt
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """``POST /tim-kiem/chon/?t=…&n=…``: always 204, whatever was sent; the body is not read."""
    _count(request)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _count(request: HttpRequest) -> None:
    token, place = request.GET.get("t", ""), request.GET.get("n", "")
    if len(token) > _TOKEN or not (place.isascii() and place.isdigit() and len(place) < 4):
        return
    if not 1 <= int(place) <= _LAST_PLACE or not by_a_person(request):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return
    try:
        day, text, language = signing.Signer(salt=_SALT).unsign_object(token)
        asked = date.fromisoformat(day)
    except (signing.BadSignature, ValueError, TypeError):
        return
    # Past midnight the page of yesterday may still be open.
    if not timedelta() <= timezone.localdate() - asked <= timedelta(days=1):
        return
    if _too_many(text):
        return
    keeper.add((asked, text, language, PAGE), Tally(clicks=1, rank_sum=int(place)))


def _too_many(text: str) -> bool:
    """Whether this question, or all of them, was opened too often this minute.

    Without a cache nothing is counted: a click is worth less than a sound number.
    """
    window = int(time.time()) // 60
    mark = hashlib.sha256(text.encode()).hexdigest()[:24]
    try:
        for name, limit in ((mark, PER_QUESTION_MINUTE), ("all", PER_MINUTE)):
            key = f"limit:chosen:{name}:{window}"
            cache.add(key, 0, timeout=120)
            if cache.incr(key) > limit:
                return True
    except Exception:
        return True
    return False
