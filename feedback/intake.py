"""Taking a rating in: exactly once, in one transaction with its rollup.

On SQLite threads of a process that have a rating at the same moment commit as one: the first stores
those of all who wait, and each is answered when that is done. On PostgreSQL most ratings are one
statement (docs/decisions/0075-writers-queue.md).
"""

from __future__ import annotations

import datetime
import random
import time as clock
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import OperationalError, connection, transaction

from cms.models import Counter
from feedback.arrivals import Arrival, Levels, Submission, Trail
from feedback.storing import known_answer, store
from feedback.storing_at_once import is_plain, store_at_once
from feedback.together import Together

#: Ratings in one transaction of :func:`bulk_submit`.
BATCH = 500
#: A write that meets a lock is tried again this often, and never after so many seconds: the
#: database has already waited for its own timeout, and a citizen is waiting too.
RETRIES = 4
RETRY_SECONDS = 5.0

_TOGETHER = Together(transaction.atomic, store)


def submit_rating(
    *,
    submission: uuid.UUID,
    counter: Counter,
    channel: str,
    service_day: datetime.date,
    levels: Levels,
    comment: str = "",
    contact: str = "",
    drivers: int = 0,
    device_mark: bytes | None = None,
    display: tuple[int, int] | None = None,
    token: bytes = b"",
    trail: Trail | None = None,
    paper_batch: int | None = None,
) -> Submission:
    """Store a rating once, durably, and count it in the same transaction.

    The arguments are the fields of :class:`Arrival`. The same ``submission`` again gives REPEATED
    with the same follow-up code, or CONFLICT when the answers (or counter, receipt or not,
    comment) differ; it is known before its ``token`` is found spent. A token that another
    submission used gives SPENT. Raises ValueError for levels out of range and other arguments no
    form can send, and feedback.spending.CodeExpired; nothing is stored then.
    """
    arrival = Arrival(
        submission=submission,
        counter=counter,
        channel=channel,
        service_day=service_day,
        levels=levels,
        comment=comment,
        contact=contact,
        drivers=drivers,
        device_mark=device_mark,
        display=display,
        token=token,
        trail=trail,
        paper_batch=paper_batch,
    )
    arrival.check()
    done = _quickly(arrival)
    return _store_safely([arrival])[0] if done is None else done


def _quickly(arrival: Arrival) -> Submission | None:
    """The way that costs least on this database; None when it did not lead to an answer, and
    nothing is stored then."""
    if connection.vendor == "postgresql":
        # It writes side by side: waiting for each other only costs (measured).
        return _at_once(arrival) if is_plain(arrival) else None
    # Inside somebody else's transaction it is theirs to commit.
    return None if connection.in_atomic_block else _TOGETHER.do(arrival)


def _at_once(arrival: Arrival) -> Submission | None:
    try:
        return store_at_once(arrival) or known_answer(arrival)
    except OperationalError as error:
        if connection.in_atomic_block or not _is_lock(error):
            raise
        return None


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
                return store(arrivals)
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
