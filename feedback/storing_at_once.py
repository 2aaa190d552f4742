"""A plain rating in one statement, on PostgreSQL: its event, its mark, its trace and its counts.

Most ratings are like that: a poster's, without a comment. Sent one by one, their statements with
BEGIN and COMMIT cost three times the processor time of what they do (docs/decisions/0075). What
they mean is decided in feedback/storing.py; a test holds the two against each other.
"""

from __future__ import annotations

from collections import Counter as Tally
from functools import lru_cache

from feedback.arrivals import Arrival, Outcome, Submission
from feedback.devices import MARK, forget_device
from feedback.models import Rating
from feedback.models.ratings import Channel, Reason, Standing
from feedback.rollups import COUNTS, UNIQUE
from feedback.sql import run_often
from feedback.storing import EVENT, event_row, keys_of
from feedback.traces import TRACE, trace_row

_COUNTED = f"SELECT 1 FROM event WHERE standing = '{Standing.COUNTED.value}'"  # noqa: S608


def is_plain(arrival: Arrival) -> bool:
    """Whether one statement does for this rating."""
    return (
        arrival.channel == Channel.POSTER
        and arrival.trail is not None
        and arrival.device_mark is not None
        and not arrival.text
    )


def store_at_once(arrival: Arrival) -> Submission | None:
    """Store a plain rating, durably when the caller has no transaction open.

    None when its submission was there before: nothing is stored then.
    """
    if arrival.trail is None:
        raise ValueError("only a plain rating is stored at once")
    keys = keys_of(
        arrival.counter.pk, str(arrival.channel), arrival.service_day, arrival.levels.each
    )
    event = event_row(arrival)
    parameters = [
        *MARK.prepared((arrival.service_day, arrival.device_mark)),
        arrival.submission,
        *(
            value
            for name, value in zip(EVENT.names, EVENT.prepared(event), strict=True)
            if name not in ("standing", "reason")
        ),
        *TRACE.prepared(trace_row(arrival.submission, arrival.trail)),
    ]
    for key, number in sorted(Tally(keys).items()):
        parameters += COUNTS.prepared((*key, number))
    standing, marked = run_often(_statement(len(keys)), parameters)
    if standing is None:
        # The same form at this very moment, from a browser with another mark.
        if marked and arrival.device_mark is not None:
            forget_device(day=arrival.service_day, mark=arrival.device_mark)
        return None
    counted = standing == Standing.COUNTED
    return Submission(Outcome.ACCEPTED if counted else Outcome.DUPLICATE)


@lru_cache(maxsize=8)
def _statement(counts: int) -> str:
    """Each part sees what those it names have done; who loses against the same submission finds
    no event, and what hangs on the event is not written."""
    rating = Rating._meta.db_table
    new = f"WHERE NOT EXISTS (SELECT 1 FROM {rating} WHERE id = %s)"  # noqa: S608
    first = "EXISTS (SELECT 1 FROM mark)"
    event = EVENT.typed(
        standing=_case(first, Standing.COUNTED.value, Standing.DUPLICATE.value),
        reason=_case(first, Reason.NONE.value, Reason.BROWSER.value),
    )
    rows = " UNION ALL ".join([COUNTS.typed()] * counts)
    there = "WHERE EXISTS (SELECT 1 FROM event)"
    return (
        f"WITH mark AS ({MARK.into()} {MARK.typed()} {new} ON CONFLICT DO NOTHING RETURNING 1), "  # noqa: S608
        f"event AS ({EVENT.into()} {event} ON CONFLICT DO NOTHING RETURNING standing), "
        f"trace AS ({TRACE.into()} {TRACE.typed()} {there} ON CONFLICT DO NOTHING), "
        f"counts AS ({COUNTS.into()} SELECT * FROM ({rows}) AS added WHERE EXISTS ({_COUNTED}) "
        f"{COUNTS.adding(unique=UNIQUE, add='count')}) "
        f"SELECT (SELECT standing FROM event), {first}"
    )


def _case(condition: str, yes: str, no: str) -> str:
    return f"CASE WHEN {condition} THEN '{yes}' ELSE '{no}' END"
