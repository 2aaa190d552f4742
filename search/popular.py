"""Questions that many ask, to be suggested while typing.

Read from the table of what is asked by the query log's own thread, never within a request; until
it has read them there are none.
"""

from __future__ import annotations

import datetime
import time
from bisect import bisect_left
from dataclasses import dataclass

from django.db.models import F, Sum
from django.utils import timezone

from search import vietnamese as vn
from search.curated import current_language
from search.masking import is_masked
from search.models.query_log import SearchedFor
from search.query_log import keeper
from search.question import understand

#: Asked so often in so many days, on so many different days, and a result was opened.
LEAST, DAYS, LEAST_DAYS = 5, 30, 2
#: So many are kept in a process.
MOST = 1000
#: Seconds until they are read anew.
FRESH = 300.0
#: Words of a question worth suggesting.
_WORDS_LEAST, _WORDS_MOST = 2, 12


@dataclass(frozen=True)
class Popular:
    """A question as it is kept (lower case), and how often it was asked in ``DAYS`` days."""

    text: str
    count: int


class _Kept:
    """This process's copy: folded text → question, in the order of the alphabet."""

    read_at = float("-inf")
    table: tuple[tuple[str, ...], tuple[Popular, ...]] = ((), ())


def popular(prefix: str, most: int = 3) -> list[Popular]:
    """The questions that begin with what was typed (marks do not matter), most asked first.

    From memory: no query. Only Vietnamese questions with results, nothing masked in them.
    """
    if time.monotonic() - _Kept.read_at > FRESH:
        keeper.aside(refresh)
    start = " ".join(vn.folded_words(prefix))
    if not start:
        return []
    folded, questions = _Kept.table
    at = bisect_left(folded, start)
    found = []
    while at < len(folded) and folded[at].startswith(start):
        found.append(questions[at])
        at += 1
    return sorted(found, key=lambda one: -one.count)[:most]


def refresh() -> None:
    """Read the questions anew (one query for them, one for their last results)."""
    _Kept.read_at = time.monotonic()
    since = timezone.localdate() - datetime.timedelta(days=DAYS - 1)
    rows = SearchedFor.objects.filter(day__gte=since, language="vi")
    # Somebody who asks on and on with one burst must not put words in everybody's list.
    asked = (
        rows.values("text")
        .annotate(n=Sum("count"), none=Sum("empty"), opened=Sum("clicks"))
        .filter(n__gte=LEAST, none__lt=F("n"), opened__gt=0)
        .order_by("-n", "text")
        .values_list("text", "n")[: MOST * 2]
    )
    counts = dict(asked)
    days: dict[str, set[datetime.date]] = {}
    last: dict[str, tuple[datetime.date, int]] = {}
    texts = list(counts)
    for start in range(0, len(texts), 500):
        some = rows.filter(text__in=texts[start : start + 500], count__gt=0).order_by("day")
        for text, day, total in some.values_list("text", "day", "last_total"):
            days.setdefault(text, set()).add(day)
            last[text] = (day, total)
    best: dict[str, Popular] = {}
    for text in texts:
        words = vn.folded_words(text)
        if (
            len(days.get(text, ())) < LEAST_DAYS
            or not last[text][1]
            or not _WORDS_LEAST <= len(words) <= _WORDS_MOST
            or not _fit(text)
        ):
            continue
        key = " ".join(words)
        there = best.get(key)
        # With and without marks it is one question: the spelling with marks is shown.
        shown = text if there is None or vn.fold(text) != text else there.text
        best[key] = Popular(shown, counts[text] + (there.count if there else 0))
    most = sorted(best.items(), key=lambda item: -item[1].count)[:MOST]
    most.sort()
    _Kept.table = tuple(key for key, _ in most), tuple(one for _, one in most)


def _fit(text: str) -> bool:
    """Whether everybody may read it: nothing masked, no code, not off topic by now."""
    if is_masked(text) or any(char.isdigit() for char in text):
        return False
    # Past the cache of understand(), which belongs to those who wait for an answer.
    return understand.__wrapped__(text, current_language()).off_topic < 0.5


def forget() -> None:
    """Begin anew (tests)."""
    _Kept.read_at, _Kept.table = float("-inf"), ((), ())
