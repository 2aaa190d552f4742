"""What a correction changed: an edition of a month beside the one before it.

Made of published figures and published lines alone, so it tells nothing that the two editions do
not tell a reader who lays them side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.models import Snapshot, SnapshotScore
from feedback.scoring import HIDDEN
from feedback.snapshots import csv_of

#: Differences below this many points come from peers' figures and are not worth a row.
SMALLEST = 0.05
#: What is compared, in the order of the JSON body; the rest follows from these.
COMPARED = ("status", "n", "n_eff", "score", "interval", "tier", "response_rate", "quarantined")


@dataclass(frozen=True)
class Change:
    """One counter in two editions of a month; an empty body is a hidden counter's."""

    score: SnapshotScore
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    #: Whether its own published answers differ, or only its peers'.
    own: bool

    @property
    def names(self) -> list[str]:
        """Which figures of attitude differ."""
        return [name for name in COMPARED if self.before.get(name) != self.after.get(name)]

    @property
    def moved(self) -> float:
        """How far the score moved, in points; 100 when it came or went."""
        if "score" not in self.before or "score" not in self.after:
            return 100.0
        return abs(float(self.after["score"]) - float(self.before["score"]))


@dataclass(frozen=True)
class Correction:
    """An edition, the one before it, and the counters that differ: those by their own first."""

    before: Snapshot
    after: Snapshot
    changes: list[Change]
    #: Counters of which only the peers' figures moved, by less than SMALLEST.
    barely: int


def correction(month: Any, number: int) -> Correction | None:
    """The edition with that number (2 or more) beside its predecessor; None when there is none.

    Four queries. ``month`` is the first day of it.
    """
    pair = list(Snapshot.objects.filter(month=month, number__in=(number - 1, number)))
    if len(pair) < 2:
        return None
    before, after = sorted(pair, key=lambda snapshot: snapshot.number)
    old, new = _shown(before), _shown(after)
    lines = _lines(before), _lines(after)
    changes, barely = [], 0
    for counter in old.keys() | new.keys():
        score = new.get(counter) or old[counter]
        was: Mapping[str, Any] = old[counter].figures if counter in old else {}
        now: Mapping[str, Any] = new[counter].figures if counter in new else {}
        if was == now:
            continue
        code = score.counter.code
        own = lines[0].get(code) != lines[1].get(code)
        change = Change(score, was, now, own)
        other = change.names and set(change.names) - {"score", "interval"}
        if not own and not other and change.moved < SMALLEST:
            barely += 1
        else:
            changes.append(change)
    changes.sort(key=lambda one: (not one.own, -one.moved, one.score.counter.code))
    return Correction(before, after, changes, barely)


def _shown(snapshot: Snapshot) -> dict[int, SnapshotScore]:
    rows = snapshot.scores.exclude(status=HIDDEN).defer("distribution")
    return {row.counter_id: row for row in rows.select_related("counter__office")}


def _lines(snapshot: Snapshot) -> dict[str, list[str]]:
    """Counter's code → its lines of the open data."""
    found: dict[str, list[str]] = {}
    for line in csv_of(snapshot).decode().splitlines()[1:]:
        found.setdefault(line.split(",", 1)[0], []).append(line)
    return found
