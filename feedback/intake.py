"""Taking a rating in: exactly once, in one transaction with its rollup."""

from __future__ import annotations

import datetime
import random
import secrets
import time as clock
import uuid
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from enum import Enum
from itertools import islice

from django.db import OperationalError, connection, transaction
from django.utils.crypto import salted_hmac

from cms.models import Counter
from cms.models.counters import CODE_ALPHABET
from feedback.devices import remember_device
from feedback.models import Comment, Rating
from feedback.models.ratings import ITEMS, Channel, Standing
from feedback.rollups import RollupKey, add_to_rollups
from feedback.sql import insert_once

#: Characters a comment may have; forms should refuse longer ones with a message of their own.
COMMENT_LIMIT = 10_000
#: Ratings in one transaction of :func:`bulk_submit`.
BATCH = 500
#: A write that meets a lock is tried again this often, and never after so many seconds: the
#: database has already waited for its own timeout, and a citizen is waiting too.
RETRIES = 4
RETRY_SECONDS = 5.0


@dataclass(frozen=True)
class Levels:
    """The answers: attitude 1–5; the others 1–5, 0 ("chưa biết") or None (not answered)."""

    attitude: int
    time: int | None = None
    clarity: int | None = None
    fees: int | None = None

    def check(self) -> None:
        """Raise ValueError naming the first item whose level is out of range."""
        for item, level in zip(ITEMS, astuple(self), strict=True):
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


@dataclass(frozen=True)
class Submission:
    """Result of :func:`submit_rating`; ``follow_up`` is "" when there was no comment."""

    outcome: Outcome
    follow_up: str = ""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One rating as it arrives; the fields are the arguments of :func:`submit_rating`."""

    submission: uuid.UUID
    counter: Counter
    channel: str
    service_day: datetime.date
    levels: Levels
    comment: str = ""
    device_mark: bytes | None = None

    def check(self) -> None:
        """Raise ValueError for anything that must not reach the database."""
        self.levels.check()
        if self.channel not in Channel.values:
            raise ValueError(f"unknown channel {self.channel!r}")
        if type(self.service_day) is not datetime.date:
            raise ValueError("service_day must be a date without a time")
        if len(self.comment) > COMMENT_LIMIT:
            raise ValueError(f"a comment has at most {COMMENT_LIMIT} characters")
        if self.device_mark is not None:
            if self.channel != Channel.POSTER:
                raise ValueError("a device mark belongs to poster ratings only")
            if len(self.device_mark) != 16:
                raise ValueError("a device mark has 16 bytes")

    @property
    def text(self) -> str:
        """The comment as stored: line ends of one kind, nothing the databases refuse."""
        text = self.comment.replace("\r\n", "\n").replace("\x00", "").strip()
        return text.encode("utf-8", "replace").decode("utf-8")

    @property
    def digest(self) -> bytes:
        """Tells the same submission sent again from one with other answers; keyed, so that it
        does not help to guess a comment after the comment has expired."""
        answers = (self.counter.pk, str(self.channel), *astuple(self.levels), self.text)
        return salted_hmac("feedback.intake", repr(answers), algorithm="sha256").digest()[:16]


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
    """Store a rating once, durably, and count it in the same transaction.

    ``channel`` is a feedback.models.ratings.Channel value; ``device_mark`` the 16-byte HMAC of
    the browser's cookie, counter and day (poster only, see feedback.devices). The same
    ``submission`` again gives REPEATED with the same follow-up code, or CONFLICT when the answers
    (or counter, channel, comment) differ. Raises ValueError for levels out of range and other
    arguments no form can send; nothing is stored then.
    """
    arrival = Arrival(
        submission=submission,
        counter=counter,
        channel=channel,
        service_day=service_day,
        levels=levels,
        comment=comment,
        device_mark=device_mark,
    )
    return _store_safely([arrival])[0]


def bulk_submit(arrivals: Iterable[Arrival], *, batch: int = BATCH) -> list[Submission]:
    """Store many ratings as :func:`submit_rating` would, ``batch`` to a transaction.

    Results come in the order of the arrivals. A wrong arrival raises ValueError; batches
    before its own stay stored, and sending everything again stores only what is missing.
    """
    results: list[Submission] = []
    source: Iterator[Arrival] = iter(arrivals)
    while group := list(islice(source, batch)):
        results.extend(_store_safely(group))
    return results


def _store_safely(arrivals: list[Arrival]) -> list[Submission]:
    """Check everything before the first write, then store; try again when a lock was in the way."""
    for arrival in arrivals:
        arrival.check()
    start = clock.monotonic()
    for attempt in range(RETRIES + 1):
        try:
            with transaction.atomic():
                return _store(arrivals)
        except OperationalError as error:
            # Inside somebody else's transaction only they can start again.
            last = attempt == RETRIES or clock.monotonic() - start > RETRY_SECONDS
            if last or connection.in_atomic_block or not _is_lock(error):
                raise
        clock.sleep(0.02 * 2**attempt * (1 + random.random()))  # noqa: S311  (jitter, no secret)
    raise AssertionError("the loop returns or raises")


def _is_lock(error: OperationalError) -> bool:
    """Whether trying again may help: SQLite's lock, PostgreSQL's deadlock and serialization."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in {"40001", "40P01"} or "locked" in str(error)


def _store(arrivals: list[Arrival]) -> list[Submission]:
    """Write events, device marks and comments one by one, then all counts in fixed order.

    Counts come last and sorted: every transaction takes the contended rows in one order, so two
    of them never wait for each other in a circle, and holds them for the shortest time.
    """
    counts: Tally[RollupKey] = Tally()
    results = []
    for arrival in arrivals:
        results.append(_store_one(arrival, counts))
    add_to_rollups(counts)
    return results


def _store_one(arrival: Arrival, counts: Tally[RollupKey]) -> Submission:
    levels = arrival.levels
    rating = Rating(
        id=arrival.submission,
        counter_id=arrival.counter.pk,
        channel=str(arrival.channel),
        service_day=arrival.service_day,
        attitude=levels.attitude,
        time=levels.time,
        clarity=levels.clarity,
        fees=levels.fees,
        standing=Standing.COUNTED,
        answers_digest=arrival.digest,
    )
    if not insert_once(rating):
        return _known(arrival)
    outcome = Outcome.ACCEPTED
    mark = arrival.device_mark
    if mark is not None and not remember_device(day=arrival.service_day, mark=mark):
        Rating.objects.filter(pk=rating.pk).update(standing=Standing.DUPLICATE)
        outcome = Outcome.DUPLICATE
    else:
        counts.update(rollup_keys(rating))
    return Submission(outcome, _keep_comment(rating, arrival.text))


def _known(arrival: Arrival) -> Submission:
    """The answer to a submission whose event is already there."""
    digest, follow_up = Rating.objects.values_list("answers_digest", "comment__follow_up").get(
        pk=arrival.submission
    )
    if bytes(digest) != arrival.digest:
        return Submission(Outcome.CONFLICT)
    return Submission(Outcome.REPEATED, follow_up or "")


def _keep_comment(rating: Rating, text: str) -> str:
    """Hold the comment and return its follow-up code; "" without a comment."""
    if not text:
        return ""
    while True:
        code = new_follow_up_code()
        comment = Comment(
            rating_id=rating.pk, follow_up=code, text=text, received_on=rating.service_day
        )
        if insert_once(comment):  # a code that is taken is simply drawn again
            return code


def new_follow_up_code() -> str:
    """12 characters of Crockford Base32: 60 random bits, nothing to guess from."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))


def rollup_keys(rating: Rating) -> list[RollupKey]:
    """Where a counted rating is counted: one key per answered item, level 0 included."""
    return [
        RollupKey(rating.counter_id, item, rating.channel, rating.service_day, level)
        for item in ITEMS
        if (level := getattr(rating, item)) is not None
    ]
