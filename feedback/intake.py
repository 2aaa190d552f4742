"""Taking a rating in: exactly once, in one transaction with its rollup."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from enum import Enum

from cms.models import Counter


@dataclass(frozen=True)
class Levels:
    """The answers: attitude 1–5; the others 1–5, 0 ("chưa biết") or None (not answered)."""

    attitude: int
    time: int | None = None
    clarity: int | None = None
    fees: int | None = None


class Outcome(Enum):
    """What became of a submission."""

    ACCEPTED = "accepted"  # stored and counted
    DUPLICATE = "duplicate"  # stored at weight 0: this browser rated this counter today
    REPEATED = "repeated"  # the same submission again: nothing new stored
    CONFLICT = "conflict"  # the same submission UUID with other answers


@dataclass(frozen=True)
class Submission:
    """Result of :func:`submit_rating`; ``follow_up`` is "" when there was no comment."""

    outcome: Outcome
    follow_up: str = ""


def submit_rating(
    *,
    submission: uuid.UUID,
    counter: Counter,
    channel: str,
    service_day: datetime.date,
    levels: Levels,
    comment: str = "",
    device_mark: bytes | None = None,
) -> Submission:
    """Store a rating once.

    ``channel`` is a feedback.models.ratings.Channel value; ``device_mark`` the 16-byte HMAC of
    the browser's cookie, counter and day (poster only). Raises ValueError for levels out of range.
    """
    raise NotImplementedError
