"""A rating as it arrives, checked before anything is written; and what becomes of it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from enum import Enum

from django.utils.crypto import salted_hmac

from cms.models import Counter
from feedback.drivers import ALL_DRIVERS
from feedback.models.ratings import ITEMS, Channel

#: Characters a comment may have; forms should refuse longer ones with a message of their own.
COMMENT_LIMIT = 10_000


@dataclass(frozen=True)
class Levels:
    """The answers: attitude 1–5; the others 1–5, 0 ("chưa biết") or None (not answered)."""

    attitude: int
    time: int | None = None
    clarity: int | None = None
    fees: int | None = None

    @property
    def each(self) -> tuple[int | None, ...]:
        """The levels in the order of ITEMS."""
        return self.attitude, self.time, self.clarity, self.fees

    def check(self) -> None:
        """Raise ValueError naming the first item whose level is out of range."""
        for item, level in zip(ITEMS, self.each, strict=True):
            if level is None and item != "attitude":
                continue
            lowest = 1 if item == "attitude" else 0
            # type(): True is an int for isinstance, and would be stored as level 1.
            if type(level) is not int or not lowest <= level <= 5:
                raise ValueError(f"{item} must be a whole number {lowest}–5, not {level!r}")


class Outcome(Enum):
    """What became of a submission."""

    ACCEPTED = "accepted"  # stored and counted
    DUPLICATE = "duplicate"  # stored at weight 0: this browser rated this counter today
    REPEATED = "repeated"  # the same submission again: nothing new stored
    CONFLICT = "conflict"  # the same submission UUID with other answers
    SPENT = "spent"  # the one-time code was used by another submission: nothing stored


@dataclass(frozen=True)
class Submission:
    """Result of :func:`submit_rating`; ``follow_up`` is "" when there was no comment."""

    outcome: Outcome
    follow_up: str = ""


@dataclass(frozen=True)
class Trail:
    """How a poster or display rating came.

    ``day`` and ``window`` (of ten minutes, 0–143) are of the **arrival** in local time (for a
    kiosk that was cut off: of the moment it says the answer was given), not the service day;
    ``seconds`` between opening and sending, None when not known; ``network`` and ``browser``
    16-byte marks (feedback.traces). ``browser`` is None for a kiosk: there each reset is a person
    of its own.
    """

    day: datetime.date
    window: int
    seconds: int | None = None
    network: bytes | None = None
    browser: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One rating as it arrives.

    ``channel`` is a feedback.models.ratings.Channel value; ``drivers`` the bits of
    feedback.drivers; ``contact`` how the writer of the comment wants to be reached, consented to
    on the service day. ``device_mark`` (poster) is the 16-byte HMAC of the browser's cookie,
    counter and day (feedback.devices); ``display`` the screen and the step its code belonged to;
    ``trail`` how a poster or display rating came. ``token`` (receipt) is the sealed one-time
    code, 16 bytes: a rating by a receipt leaves no mark and no trail. ``paper_batch`` is the
    bundle of paper slips it was typed in with.
    """

    submission: uuid.UUID
    counter: Counter
    channel: str
    service_day: datetime.date
    levels: Levels
    comment: str = ""
    contact: str = ""
    drivers: int = 0
    device_mark: bytes | None = None
    display: tuple[int, int] | None = None
    token: bytes = b""
    trail: Trail | None = None
    paper_batch: int | None = None

    def check(self) -> None:
        """Raise ValueError for anything that must not reach the database."""
        self.levels.check()
        if self.channel not in Channel.values:
            raise ValueError(f"unknown channel {self.channel!r}")
        if type(self.service_day) is not datetime.date:
            raise ValueError("service_day must be a date without a time")
        if len(self.comment) > COMMENT_LIMIT:
            raise ValueError(f"a comment has at most {COMMENT_LIMIT} characters")
        if type(self.drivers) is not int or not 0 <= self.drivers <= ALL_DRIVERS:
            raise ValueError(f"drivers must be bits of {ALL_DRIVERS}, not {self.drivers!r}")
        self._check_way()

    def _check_way(self) -> None:
        """What belongs to one channel came by no other."""
        if self.device_mark is not None:
            if self.channel != Channel.POSTER:
                raise ValueError("a device mark belongs to poster ratings only")
            if len(self.device_mark) != 16:
                raise ValueError("a device mark has 16 bytes")
        if self.display is not None and self.channel != Channel.DISPLAY:
            raise ValueError("a step of a screen belongs to display ratings only")
        if self.token and (self.channel != Channel.RECEIPT or len(self.token) != 16):
            raise ValueError("a one-time code has 16 bytes and belongs to receipt ratings only")
        if self.trail is not None and self.channel == Channel.RECEIPT:
            raise ValueError("a receipt rating leaves no trail")

    @property
    def text(self) -> str:
        """The comment as stored: line ends of one kind, nothing the databases refuse."""
        text = self.comment.replace("\r\n", "\n").replace("\x00", "").strip()
        return text.encode("utf-8", "replace").decode("utf-8")

    @property
    def digest(self) -> bytes:
        """Tells the same submission sent again from one with other answers; keyed, so that it
        does not help to guess a comment after the comment has expired. Of the one-time code it
        knows nothing; and a display's form that is sent again later counts as a poster's, so
        these two are one here."""
        way = "receipt" if self.channel == Channel.RECEIPT else "counter"
        answers = (self.counter.pk, way, *self.levels.each, self.drivers, self.text)
        return salted_hmac("feedback.intake", repr(answers), algorithm="sha256").digest()[:16]
