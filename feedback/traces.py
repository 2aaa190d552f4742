"""How poster and display ratings arrived: kept for 48 hours, for the signals alone (rating.md §4).

A trace is written in the transaction of its rating. It names no moment but a slot of ten minutes,
and neither an address nor a cookie but their HMACs under the day's salt, which is destroyed with
the traces. Receipt ratings leave none.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import uuid
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from feedback.arrivals import Trail
from feedback.devices import KEPT_DAYS, salt_of
from feedback.models import Trace
from feedback.network import network_mark
from feedback.sql import Insertion

#: Minutes of a window, and windows of a day.
WINDOW_MINUTES = 10
WINDOWS = 24 * 60 // WINDOW_MINUTES
#: Nobody fills a form for longer than its token lives.
MOST_SECONDS = 7 * 24 * 3600
TRACE = Insertion(Trace, "rating", "day", "window", "seconds", "network", "browser")


def window_of(moment: datetime.datetime) -> int:
    """The ten-minute slot (0–143) of a moment, in the time zone the moment is in."""
    return (moment.hour * 60 + moment.minute) // WINDOW_MINUTES


def note_arrivals(trails: Iterable[tuple[uuid.UUID, Trail]]) -> None:
    """Keep how poster or display ratings came, inside the caller's transaction.

    At most 100 at once. A rating that has its trace already keeps it. Raises ValueError for a
    window outside 0–143 and for marks of another length.
    """
    TRACE.each_once([trace_row(*one) for one in trails], key=("rating",))


def trace_row(rating: uuid.UUID, trail: Trail) -> tuple[object, ...]:
    """The values of TRACE. Raises ValueError as :func:`note_arrivals`."""
    if not 0 <= trail.window < WINDOWS:
        raise ValueError(f"window must be 0–{WINDOWS - 1}, not {trail.window!r}")
    for mark in (trail.network, trail.browser):
        if mark is not None and len(mark) != 16:
            raise ValueError("a mark has 16 bytes")
    seconds = trail.seconds
    if seconds is not None:
        seconds = min(max(seconds, 0), MOST_SECONDS)
    return rating, trail.day, trail.window, seconds, trail.network, trail.browser


def network_trace(
    request: HttpRequest, *, day: datetime.date, salt: bytes | None = None
) -> bytes | None:
    """The mark of the sender's network on the day of arrival; None when its salt is gone.

    ``salt`` is the day's, for a caller that has it already.
    """
    salt = salt or salt_of(day)
    return None if salt is None else bytes.fromhex(network_mark(request, salt=salt))


def browser_trace(*, cookie: str, day: datetime.date, salt: bytes | None = None) -> bytes | None:
    """The mark of a browser on a day, the same at every counter; None without a cookie or salt.

    Not the mark of feedback.devices, which differs from counter to counter.
    """
    salt = (salt or salt_of(day)) if cookie else None
    if salt is None:
        return None
    message = f"trace|{day.isoformat()}|{cookie}".encode()
    return hmac.new(salt, message, hashlib.sha256).digest()[:16]


def forget_old(today: datetime.date | None = None) -> int:
    """Delete traces older than 48 hours (today's and yesterday's stay); how many were deleted."""
    oldest = (today or timezone.localdate()) - datetime.timedelta(days=KEPT_DAYS)
    deleted, _ = Trace.objects.filter(day__lt=oldest).delete()
    return deleted
