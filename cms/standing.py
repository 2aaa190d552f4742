"""Whether citizens can use a procedure on a day: active, paused, abolished. Pure.

A pause ends by itself after its last day; a pause or an abolition of a day to come is announced
and changes nothing before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ACTIVE, PAUSED, ABOLISHED = "active", "paused", "abolished"


@dataclass(frozen=True)
class StandingNow:
    """The standing on a day. ``state`` holds now; ``coming`` is what begins on ``since``, which
    is then still ahead. ``until`` is the last day of a pause, None when nobody knows it."""

    state: str = ACTIVE
    coming: str = ""
    reason: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether dossiers are taken."""
        return self.state == ACTIVE

    @property
    def says_something(self) -> bool:
        """Whether citizens have anything to be told."""
        return bool(self.coming) or not self.is_open


def standing_on(
    standing: str, reason: str, since: date | None, until: date | None, day: date
) -> StandingNow:
    """The stored standing of a page as it is on that day."""
    if standing not in (PAUSED, ABOLISHED):
        return StandingNow()
    if standing == ABOLISHED:
        until = None
    if until is not None and until < day:
        return StandingNow()
    if since is not None and since > day:
        return StandingNow(ACTIVE, standing, reason.strip(), since, until)
    return StandingNow(standing, "", reason.strip(), since, until)


def next_change(standing: str, since: date | None, until: date | None, day: date) -> date | None:
    """The next day after ``day`` on which the standing switches; None when it never will."""
    if standing not in (PAUSED, ABOLISHED):
        return None
    days = [since]
    if standing == PAUSED and until is not None and until < date.max:
        days.append(until + timedelta(days=1))
    return min((one for one in days if one and one > day), default=None)
