"""Generated counters, their tickets and answers, honest and stuffed (bench/trust_worlds.toml).

Only the making of a world is here; what is judged, and how, is the product's own
(feedback.trust).
"""

from __future__ import annotations

import bisect
import itertools
import math
import random
import tomllib
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("trust_worlds.toml")
#: The office's windows: 7:30–11:30 and 13:30–17:00; mornings are busier.
OPEN_WINDOWS = (*range(45, 69), *range(81, 102))
#: (last window before, first after) the break.
PAUSES = ((68, 81),)
_BUSY = list(itertools.accumulate(1.6 if 48 <= window < 60 else 0.8 for window in OPEN_WINDOWS))
#: Counters of an office.
OFFICE = 8
#: Standard deviation of one person's level.
SPREAD = 1.1


@dataclass(slots=True)
class Answer:
    """An answer with a trace: level, window, browser (a kiosk has one per answer), stuffed."""

    level: int
    window: int
    browser: int
    stuffed: bool = False


@dataclass(slots=True)
class Day:
    """One day of a counter: tickets on record (None: no numbers known), and answers.

    ``receipts`` are answers by one-time codes, stuffed ones included; ``levels`` what they said,
    known of days of the judged month only; ``slips`` the levels of the stuffed ones.
    """

    tickets: int | None
    posters: list[Answer] = field(default_factory=list)
    displays: list[Answer] = field(default_factory=list)
    receipts: int = 0
    levels: Tally[int] = field(default_factory=Tally)
    slips: Tally[int] = field(default_factory=Tally)

    @property
    def stuffed(self) -> int:
        """Stuffed answers of every channel."""
        traced = sum(answer.stuffed for answer in (*self.posters, *self.displays))
        return traced + sum(self.slips.values())


@dataclass(slots=True)
class Counter:
    """A counter with its past and the month that is judged."""

    attacked: bool
    days: list[Day]
    past: int  #: so many of the days come before the month

    @property
    def month(self) -> list[Day]:
        """The judged days."""
        return self.days[self.past :]


@dataclass(frozen=True)
class World:
    """A world's name, its kind (honest or attack), its parameters and its counters."""

    name: str
    kind: str
    facts: dict[str, Any]
    counters: list[Counter]


def read_seeds(path: Path = FILE) -> dict[str, list[int]]:
    """``tuning`` seeds chose the constants; ``held_out`` ones are reported."""
    with path.open("rb") as file:
        seeds: dict[str, list[int]] = tomllib.load(file)["seeds"]
    return seeds


def read_worlds(path: Path = FILE, **changes: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, name, parameters) of every world of the file; ``changes`` go over the common ones."""
    with path.open("rb") as file:
        read = tomllib.load(file)
    return [
        (kind, name, {**read["common"], **facts, **changes})
        for kind in ("honest", "attack", "clever")
        for name, facts in read[kind].items()
    ]


def make_world(kind: str, name: str, facts: dict[str, Any], *, seed: int) -> World:
    """The counters of a world; the same name, parameters and seed give the same world."""
    source = random.Random(f"{seed} {name}")
    drawn = {key: source.uniform(*ends) for key, ends in facts.get("drawn", {}).items()}
    facts = {**facts, **drawn}
    counters = [_Maker(source, index, kind, facts).counter() for index in range(facts["counters"])]
    _share_browsers(source, counters, facts)
    return World(name, kind, facts, counters)


class _Maker:
    """Makes one counter: what it is like, then day by day."""

    def __init__(self, source: random.Random, index: int, kind: str, facts: dict[str, Any]) -> None:
        self.source, self.index, self.facts = source, index, facts
        low, high = facts["tickets"]
        self.usual = low + (high - low) * (index % 20) / 19
        quality = source.uniform(*facts["quality"])
        # Levels are 25 points apart.
        bias = (facts["bias"] + source.gauss(0, facts["bias_spread"])) / 25
        self.honest, self.by_poster = _level_weights(quality), _level_weights(quality + bias)
        # Some counters' people answer more than others', on every way.
        eager = math.exp(source.gauss(0, facts["response_spread"]))
        self.responses = {
            way: min(0.9, eager * facts[way]) for way in ("receipt", "poster", "display")
        }
        self.asks = source.random() < facts["campaign_share"]
        self.attacked = kind != "honest" and source.random() < facts["attacked"]

    def counter(self) -> Counter:
        """The counter with all its days."""
        facts = self.facts
        counter = Counter(self.attacked, [], facts["past"])
        for number in range(facts["past"] + facts["days"]):
            day = self._day(number)
            started = number >= facts["past"] * (1 - facts["early"])
            due = (number - self.index) % facts["every"] == 0
            if self.attacked and started and due and "browser" not in facts:
                self._stuff(day, ramp=number / (facts["past"] + facts["days"]))
            if number < facts["past"]:
                day.levels.clear()
            counter.days.append(day)
        return counter

    def _day(self, number: int) -> Day:
        """An honest day."""
        facts, source = self.facts, self.source
        served = max(1, round(source.gauss(self.usual, 0.15 * self.usual)))
        asked = self.asks and number >= facts["past"] + 5
        fails = source.random() < facts["queue_fails"]
        day = Day(None if facts["no_tickets"] else 0 if fails else served)
        jam = source.randrange(len(OPEN_WINDOWS) - 6) if fails else None
        lifted = {"poster": facts["campaign"], "receipt": facts["campaign_receipt"]}
        shares = {**self.responses, **lifted} if asked else self.responses
        for window in self._windows(served, shares["poster"], jam):
            day.posters.append(self._answer(self.by_poster, window))
        for window in self._windows(served, shares["display"], jam):
            day.displays.append(self._answer(self.honest, window))
        day.receipts = _successes(source, served, shares["receipt"])
        if number >= facts["past"]:
            levels = source.choices((1, 2, 3, 4, 5), cum_weights=self.honest, k=day.receipts)
            day.levels.update(levels)
        return day

    def _windows(self, served: int, share: float, jam: int | None) -> Iterator[int]:
        """When those answer who do: in the window they are served in or in the next."""
        answers = _successes(self.source, served, share)
        for _ in range(answers):
            place = bisect.bisect(_BUSY, self.source.random() * _BUSY[-1])
            if jam is not None and jam <= place < jam + 6:
                place = jam + 4 + place % 2  # an hour's people in its last twenty minutes
            if self.source.random() < 0.5:
                place += 1
            yield OPEN_WINDOWS[min(place, len(OPEN_WINDOWS) - 1)]

    def _answer(self, weights: list[float], window: int, *, stuffed: bool = False) -> Answer:
        source = self.source
        level = 1 + bisect.bisect(weights, source.random())
        return Answer(level, window, source.getrandbits(62), stuffed)

    def _stuff(self, day: Day, *, ramp: float) -> None:
        """One day's stuffed answers; level 0 imitates the honest ones."""
        facts, source = self.facts, self.source
        number = facts.get("burst") or facts["spread"]
        if facts["early"]:  # begins before the month, little at first
            number = max(1, round(number * ramp))
        weights = [float(level >= facts["level"]) for level in (1, 2, 3, 4, 5)]
        weights = weights if facts["level"] else self.honest
        if day.tickets is not None:
            day.tickets += facts["roll"]
        if facts["way"] == "receipt":
            levels = source.choices((1, 2, 3, 4, 5), cum_weights=weights, k=number)
            day.slips.update(levels)
            day.levels.update(levels)
            day.receipts += number
            return
        kept = day.displays if facts["way"] == "display" else day.posters
        # A burst begins at any minute, so it falls into two windows more often than into one.
        start, offset = source.choice(OPEN_WINDOWS), source.random()
        for _ in range(number):
            if "burst" not in facts:
                window = source.choice(OPEN_WINDOWS)
            elif facts["lunch"]:  # five minutes before the break and five after it
                late = int(source.random() < 0.5)
                window = PAUSES[0][late]
            else:
                window = start + (offset + source.random() >= 1)
            kept.append(self._answer(weights, window, stuffed=True))


def _level_weights(quality: float) -> list[float]:
    """Cumulated shares of levels 1–5: a normal around the quality, cut into levels."""
    below = (math.erf((edge - quality) / SPREAD / math.sqrt(2)) for edge in (1.5, 2.5, 3.5, 4.5))
    return [*(0.5 + 0.5 * one for one in below), 1.0]


def _successes(source: random.Random, trials: int, share: float) -> int:
    """A binomial number: jumps from one success to the next."""
    if share <= 0:
        return 0
    found, place, scale = 0, -1, math.log1p(-share)
    while True:
        place += 1 + int(math.log(1.0 - source.random()) / scale)
        if place >= trials:
            return found
        found += 1


def _share_browsers(source: random.Random, counters: list[Counter], facts: dict[str, Any]) -> None:
    """Some people rate several counters of an office; one stuffer goes through all of them."""
    for first in range(0, len(counters), OFFICE):
        office = counters[first : first + OFFICE]
        for number in range(len(office[0].days)):
            at: list[list[Answer]] = [counter.days[number].posters for counter in office]
            used: dict[int, list[int]] = {}  # browser → windows; nobody is at two counters at once
            for answers in at:
                mine: set[int] = set()
                for answer in answers:
                    if answer.stuffed:
                        continue
                    if used and source.random() < facts["other_counter"]:
                        # A dozen tries find somebody who was elsewhere then, or she came alone.
                        for browser in source.choices(list(used), k=min(12, len(used))):
                            if browser not in mine and answer.window not in used[browser]:
                                answer.browser = browser
                                break
                    mine.add(answer.browser)
                for answer in answers:
                    if not answer.stuffed:
                        used.setdefault(answer.browser, []).append(answer.window)
            if "browser" in facts and number >= facts["past"] and number % facts["every"] == 0:
                one, start = source.getrandbits(62), source.choice(OPEN_WINDOWS)
                for answers in at:  # through all of them in half an hour
                    window = start + source.randrange(3)
                    answers.append(Answer(facts["level"], window, one, stuffed=True))
