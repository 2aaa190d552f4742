"""A generated world, judged as the worker judges: the product's own signals, day by day."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bench.trust_world import OPEN_WINDOWS, PAUSES, Answer, Day, World
from feedback.trust.expected import HISTORY_DAYS, PastDay, city_factor, level_shares, usual_day
from feedback.trust.signals import (
    BURST_LEAST,
    Month,
    Usual,
    bursts,
    devices,
    divergences,
    excess,
    level_bursts,
    surge,
)


@dataclass
class Judged:
    """What the signals said about a world; answers are keyed by identity."""

    aside: dict[int, dict[str, list[Answer]]] = field(default_factory=lambda: defaultdict(dict))
    doubtful: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)  #: everything put aside, of the past too

    def kept(self, day: Day) -> list[Answer]:
        """The day's poster answers that count."""
        if not self.gone:
            return day.posters
        return [answer for answer in day.posters if id(answer) not in self.gone]


def judge(world: World) -> Judged:
    """Day by day as the worker does it, then the month."""
    judged = Judged()
    usual_month = [0.0] * len(world.counters)
    pasts: list[list[PastDay]] = [[] for _ in world.counters]
    levels: list[list[list[int]]] = [[] for _ in world.counters]
    recent: list[Tally[int]] = [Tally() for _ in world.counters]  # of the last weeks
    blind_city = bool(world.facts["no_tickets"])
    for number in range(len(world.counters[0].days)):
        in_month = number >= world.counters[0].past
        today = [counter.days[number] for counter in world.counters]
        repeated = devices(
            (a.browser, c, a.window) for c, day in enumerate(today) for a in day.posters
        )
        many = [index for index, day in enumerate(today) if len(day.posters) >= BURST_LEAST]
        first = number == world.counters[0].past
        wanted = range(len(today)) if blind_city or first else many
        usuals = {index: _usual(pasts[index], today[index]) for index in wanted}
        if first:
            days = len(world.counters[0].month)
            usual_month = [usuals[index].answers * days for index in range(len(today))]
        factor = city_factor(
            (len(today[index].posters), usual.answers)
            for index, usual in usuals.items()
            if usual.tickets is None
        )
        found: defaultdict[int, dict[str, list[Answer]]] = defaultdict(dict)
        for index in many:
            usual, posters = usuals[index], today[index].posters
            if usual.tickets is None:
                usual = replace(usual, answers=usual.answers * max(factor, 1.0))
            windows = bursts(Tally(a.window for a in posters), usual)
            by_level: defaultdict[int, Tally[int]] = defaultdict(Tally)
            for answer in posters:
                by_level[answer.level][answer.window] += 1
            usual = replace(usual, shares=level_shares(recent[index]))
            same = level_bursts(by_level, usual)
            found[index]["burst"] = [
                a for a in posters if a.window in windows or (a.window, a.level) in same
            ]
            found[index]["excess"] = posters if excess(len(posters), usual) else []
        if repeated:
            for index, day in enumerate(today):
                found[index]["device"] = [a for a in day.posters if a.browser in repeated]
        for index, signals in found.items():
            for signal, answers in signals.items():
                judged.gone.update(map(id, answers))
                if answers and in_month:
                    judged.aside[index].setdefault(signal, []).extend(answers)
        for index, day in enumerate(today):
            kept = judged.kept(day)
            pasts[index].append(PastDay(day.tickets, len(kept)))
            levels[index].append([answer.level for answer in kept])
            recent[index].update(levels[index][-1])
            if len(levels[index]) > HISTORY_DAYS:
                recent[index].subtract(levels[index][-HISTORY_DAYS - 1])
    judged.doubtful = _month(world, judged, usual_month)
    if world.facts["verified"]:
        for way in ("receipts", "displays"):
            judged.doubtful |= _surges(world, way)
    return judged


def _usual(past: list[PastDay], day: Day) -> Usual:
    return usual_day(
        past[-HISTORY_DAYS:], tickets=day.tickets, windows=len(OPEN_WINDOWS), pauses=PAUSES
    )


def _month(world: World, judged: Judged, usual: list[float]) -> set[int]:
    """Counters with a case at the end of the month."""
    months = {}
    for index, counter in enumerate(world.counters):
        kept = [judged.kept(day) for day in counter.month]
        months[index] = Month(
            poster=Tally(answer.level for answers in kept for answer in answers),
            receipt=Tally(level for day in counter.month for level in day.levels.elements()),
            daily=[len(answers) for answers in kept],
            usual=usual[index],
        )
    screens = {
        index: Month(
            Tally(answer.level for day in counter.month for answer in day.displays),
            months[index].receipt,
        )
        for index, counter in enumerate(world.counters)
    }
    return {
        index
        for compared in (months, screens)
        for index, gap in divergences(compared).items()
        if gap.doubtful
    }


def _surges(world: World, way: str) -> set[int]:
    """Counters with a case about one-time codes, or about a screen's codes, on any day."""
    found: set[int] = set()
    totals = [[_number(day, way) for day in counter.days] for counter in world.counters]
    for number in range(world.counters[0].past, len(totals[0])):
        usuals = {}
        for index, counter in enumerate(world.counters):
            if totals[index][number]:
                before = slice(max(0, number - HISTORY_DAYS), number)
                days = zip(counter.days[before], totals[index][before], strict=True)
                past = [PastDay(day.tickets, answers) for day, answers in days]
                usuals[index] = _usual(past, counter.days[number])
        lift = max(1.0, city_factor((totals[i][number], u.answers) for i, u in usuals.items()))
        for index, usual in usuals.items():
            day = world.counters[index].days[number]
            windows = Tally(answer.window for answer in day.displays) if way == "displays" else {}
            if surge(totals[index][number], replace(usual, answers=usual.answers * lift)) or (
                windows and bursts(windows, usual)
            ):
                found.add(index)
    return found


def _number(day: Day, way: str) -> int:
    return day.receipts if way == "receipts" else len(day.displays)
