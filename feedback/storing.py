"""Checked ratings into the database, inside the caller's transaction: as sets, not one by one.

Several ratings come together when threads commit as one (feedback/intake.py), from a kiosk that was
cut off, from typed paper slips. Whatever the number, each table is written by one statement.
"""

from __future__ import annotations

import datetime
import secrets
from collections import Counter as Tally
from collections.abc import Iterator, Sequence

from cms.models.counters import CODE_ALPHABET
from feedback.arrivals import Arrival, Outcome, Submission
from feedback.contacts import keep_contact
from feedback.devices import remember_device, remember_devices, step_marks
from feedback.models import Comment, Rating
from feedback.models.ratings import ITEMS, Reason, Standing
from feedback.rollups import RollupKey, add_to_rollups
from feedback.spending import spend, unspend
from feedback.sql import Insertion, insert_once
from feedback.traces import note_arrivals

#: Ratings of one statement: twelve values each, and old SQLite builds allow 999.
WAVE = 80
EVENT = Insertion(
    Rating,
    *("id", "counter", "channel", "service_day", *ITEMS),
    *("drivers", "standing", "reason", "paper_batch", "answers_digest"),
)
Placed = tuple[int, Arrival]


def store(arrivals: Sequence[Arrival]) -> list[Submission]:
    """Write the ratings and what belongs to them as if they came one after the other.

    Counts come last and sorted: every transaction takes the contended rows in one order, so two
    of them never wait for each other in a circle, and holds them for the shortest time. Raises
    feedback.spending.CodeExpired; the caller rolls back.
    """
    counts: Tally[RollupKey] = Tally()
    results: dict[int, Submission] = {}
    for wave in _waves(arrivals):
        _store_wave(wave, counts, results)
    add_to_rollups(counts)
    return [results[place] for place in range(len(arrivals))]


def _waves(arrivals: Sequence[Arrival]) -> Iterator[list[Placed]]:
    """Parts in which no submission and no one-time code stands twice: of such two the second
    must find what the first has written."""
    wave: list[Placed] = []
    seen: set[object] = set()
    for place, arrival in enumerate(arrivals):
        names = {arrival.submission, arrival.token} - {b""}
        if len(wave) == WAVE or names & seen:
            yield wave
            wave, seen = [], set()
        wave.append((place, arrival))
        seen |= names
    if wave:
        yield wave


def _store_wave(
    wave: list[Placed], counts: Tally[RollupKey], results: dict[int, Submission]
) -> None:
    # Spending comes first, and waits for whoever is spending the same code at this moment: then
    # either that one was this very submission, or nothing of this one is stored.
    unspent = []
    for place, arrival in wave:
        if arrival.token and not spend(arrival.token):
            results[place] = known_answer(arrival) or Submission(Outcome.SPENT)
        else:
            unspent.append((place, arrival))
    went_in = EVENT.each_once([event_row(arrival) for _, arrival in unspent], key=("id",))
    fresh = []
    for one, new in zip(unspent, went_in, strict=True):
        if new:
            fresh.append(one)
        else:
            results[one[0]] = _again(one[1])
    reasons = _duplicates(fresh)
    for place, arrival in fresh:
        outcome = Outcome.ACCEPTED
        if reason := reasons.get(place):
            stored = Rating.objects.filter(pk=arrival.submission)
            stored.update(standing=Standing.DUPLICATE, reason=reason)
            outcome = Outcome.DUPLICATE
        else:
            levels = arrival.levels.each
            channel = str(arrival.channel)
            counts.update(keys_of(arrival.counter.pk, channel, arrival.service_day, levels))
        results[place] = Submission(outcome, _keep_comment(arrival))
    note_arrivals([(one.submission, one.trail) for _, one in fresh if one.trail is not None])


def event_row(arrival: Arrival) -> tuple[object, ...]:
    """The values of EVENT, of a rating that counts."""
    return (
        arrival.submission,
        arrival.counter.pk,
        str(arrival.channel),
        arrival.service_day,
        *arrival.levels.each,
        arrival.drivers,
        Standing.COUNTED.value,
        Reason.NONE.value,
        arrival.paper_batch,
        arrival.digest,
    )


def _again(arrival: Arrival) -> Submission:
    """The answer to a submission whose event was there before this transaction wrote it."""
    if arrival.token:  # that submission came by another code: this one was not used
        unspend(arrival.token)
    known = known_answer(arrival)
    if known is None:
        raise AssertionError("an event is there or is not")
    return known


def _duplicates(fresh: list[Placed]) -> dict[int, Reason]:
    """Why a rating does not count, of those whose browser or whose screen's step was here."""
    reasons = {}
    marked = [
        (place, arrival.service_day, arrival.device_mark)
        for place, arrival in fresh
        if arrival.device_mark is not None
    ]
    first = remember_devices([(day, mark) for _, day, mark in marked])
    for (place, _, _), new in zip(marked, first, strict=True):
        if not new:
            reasons[place] = Reason.BROWSER
    for place, arrival in fresh:
        if arrival.display is not None:
            device, step = arrival.display
            # One of three places of the step, taken as a browser's mark is: first come, first in.
            marks = step_marks(device=device, step=step, day=arrival.service_day)
            if not any(remember_device(day=arrival.service_day, mark=mark) for mark in marks):
                reasons[place] = Reason.STEP
    return reasons


def known_answer(arrival: Arrival) -> Submission | None:
    """The answer to a submission whose event is already there; None when it is not."""
    stored = Rating.objects.values_list("answers_digest", "comment__follow_up")
    found = stored.filter(pk=arrival.submission).first()
    if found is None:
        return None
    digest, follow_up = found
    if bytes(digest) != arrival.digest:
        return Submission(Outcome.CONFLICT)
    return Submission(Outcome.REPEATED, follow_up or "")


def _keep_comment(arrival: Arrival) -> str:
    """Hold the comment and return its follow-up code; "" without a comment."""
    text = arrival.text
    if not text:
        return ""
    while True:
        code = new_follow_up_code()
        comment = Comment(
            rating_id=arrival.submission,
            counter_id=arrival.counter.pk,
            follow_up=code,
            text=text,
            received_on=arrival.service_day,
        )
        if insert_once(comment):  # a code that is taken is simply drawn again
            break
    if arrival.contact:
        keep_contact(comment, arrival.contact, arrival.service_day)
    return code


def new_follow_up_code() -> str:
    """12 characters of Crockford Base32: 60 random bits, nothing to guess from."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))


def rollup_keys(rating: Rating) -> list[RollupKey]:
    """Where a stored rating is counted: one key per answered item, level 0 included."""
    levels = tuple(getattr(rating, item) for item in ITEMS)
    return keys_of(rating.counter_id, rating.channel, rating.service_day, levels)


def keys_of(
    counter: int, channel: str, day: datetime.date, levels: tuple[int | None, ...]
) -> list[RollupKey]:
    """The counts of one rating: a key per answered item, level 0 included; levels as in ITEMS."""
    return [
        RollupKey(counter, item, channel, day, level)
        for item, level in zip(ITEMS, levels, strict=True)
        if level is not None
    ]
