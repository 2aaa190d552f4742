"""The public ledger of doubted answers: a chain of digests that anybody can check (rating.md §4).

A row says that on a day, for a reason, so many answers were put aside, or what was decided about
them. It names a case by number and neither a counter nor an office: with the counters' own
figures beside it, rows by counter would tell how much a hidden counter has. What one can work out
is how many answers are put aside at all hidden counters together, and never what they said.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from feedback.models import Case, LedgerEntry

#: What the first row has for the digest of the row before it.
START = "0" * 64
#: What a row may tell of.
EVENTS = (
    "quarantined",
    "opened",
    "contested",
    "release_proposed",
    "upheld",
    "released",
    "dismissed",
)


def text_of(number: int, day: datetime.date, content: Mapping[str, Any]) -> str:
    """The canonical text of a row: JSON with sorted keys, no spaces, marks as they are (UTF-8)."""
    row = {"number": number, "day": day.isoformat(), "content": content}
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(previous: str, text: str) -> str:
    """SHA-256 of the digest of the row before (64 hexadecimal digits) and the row's text."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


def write(*, case: Case, event: str, count: int, note: str = "") -> LedgerEntry:
    """Add a row about a case, inside the caller's transaction.

    ``count`` is the number of answers concerned, ``note`` the public words of a decision. Raises
    ValueError for an event the ledger does not know.
    """
    if event not in EVENTS:
        raise ValueError(f"unknown event {event!r}")
    with transaction.atomic():
        if connection.vendor == "postgresql":
            table = connection.ops.quote_name(LedgerEntry._meta.db_table)
            with connection.cursor() as cursor:
                # One writer at a time, or two rows would follow the same one; readers go on.
                cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        last = LedgerEntry.objects.order_by("-number").first()
        number, previous = (last.number + 1, last.digest) if last else (1, START)
        content: dict[str, Any] = {
            "event": event,
            "signal": case.signal,
            "case": case.pk,
            "count": count,
        }
        if note:
            content["note"] = note
        day = timezone.localdate()
        return LedgerEntry.objects.create(
            number=number,
            day=day,
            content=content,
            previous=previous,
            digest=digest_of(previous, text_of(number, day, content)),
        )


def head() -> str | None:
    """The digest of the last row: it stands for the whole ledger; None while it is empty."""
    return LedgerEntry.objects.order_by("-number").values_list("digest", flat=True).first()


@dataclass(frozen=True)
class Check:
    """What :func:`check` found; ``wrong`` is the number of the first bad row, None when none is."""

    rows: int
    head: str
    wrong: int | None

    @property
    def whole(self) -> bool:
        """Whether every row follows from the one before."""
        return self.wrong is None


def check(rows: Iterable[Mapping[str, Any]] | None = None) -> Check:
    """Recompute the chain: of the database, or of ``rows`` as :func:`lines` writes them."""
    previous, number = START, 0
    for row in stored() if rows is None else rows:
        number += 1
        day = datetime.date.fromisoformat(row["day"])
        good = (
            row["number"] == number
            and row["previous"] == previous
            and row["digest"] == digest_of(previous, text_of(number, day, row["content"]))
        )
        if not good:
            return Check(number, previous, number)
        previous = row["digest"]
    return Check(number, previous, None)


def stored() -> Iterator[dict[str, Any]]:
    """All rows in order as plain values."""
    for entry in LedgerEntry.objects.order_by("number").iterator(2000):
        yield {
            "number": entry.number,
            "day": entry.day.isoformat(),
            "content": entry.content,
            "previous": entry.previous,
            "digest": entry.digest,
        }


def lines() -> Iterator[str]:
    """The ledger as JSON lines, one row each."""
    for row in stored():
        yield json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


def sums() -> dict[str, dict[str, int]]:
    """Signal → event → number of answers, over the whole ledger."""
    found: dict[str, dict[str, int]] = {}
    for content in LedgerEntry.objects.order_by("number").values_list("content", flat=True):
        by_event = found.setdefault(content["signal"], {})
        by_event[content["event"]] = by_event.get(content["event"], 0) + content["count"]
    return found
