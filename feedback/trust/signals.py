"""The signals, each a pure function of figures (rating.md §4).

No Django, no clock, no database: the worker's round and the simulator in bench/ judge by the same
functions. Burst, excess and device put poster answers aside at once; the others open a case for a
person. Constants are chosen in docs/decisions/0074-quarantine.md, from the simulator's worlds.
"""

from __future__ import annotations

import math
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

#: Probability that a window of an honest counter is taken for a burst, were all its windows as busy
#: as the busiest. A counter has about 2,000 windows and pairs of them a month, nearly all of them
#: much quieter, so that far less than 1 in 100 months is touched.
BURST_ALPHA = 5e-5
#: Fewer answers in a window are never a burst, whatever was expected.
BURST_LEAST = 6
#: How much busier the busiest ten minutes are than the day's mean.
PEAK = 2.0
#: … and so many times more when a queue machine failed.
FAILED_PEAK = 2.0
#: A day with so many times the usual answers is a campaign; what it shows of itself is taken so
#: many times, because a single day shows it roughly.
CAMPAIGN = 1.5
CAMPAIGN_MARGIN = 1.3
#: More answers than this many per ticket, and so many more, are in excess of the tickets.
EXCESS_RATIO = 1.1
EXCESS_SLACK = 3
#: Where no tickets are known: Poisson tail over so many times what was usual.
EXCESS_ALPHA = 1e-6
EXCESS_HISTORY = 3.0
#: One-time codes and screens: over so many times what was usual (a case, so less than above).
SURGE_HISTORY = 1.5
#: Counters that one browser may rate within forty minutes (windows): reception, cashier, results,
#: and one more. Nobody is served at five in that time.
DEVICE_COUNTERS = 4
DEVICE_WINDOWS = 4
#: Divergence: so many standard errors from the gap that peers have.
DIVERGENCE_Z = 2.5
#: … or so many, when the days with most poster answers are unlike the counter's own.
DIVERGENCE_CROWDED_Z = 1.5
CROWDED_ALPHA = 1e-3
#: Answers of each channel, and counters with a gap, below which nothing is compared.
DIVERGENCE_LEAST = 8
DIVERGENCE_PEERS = 8
#: Spread between counters (points) supposed where there are too few to tell.
DIVERGENCE_SPREAD = 6.0
#: Counters within so many standard deviations of the densest half are peers.
NEAR = 2.5
#: A 1-in-100 answer is faster than three seconds, a 1-in-10 arrives out of hours (rated at home).
FAST_SECONDS = 3
FAST_SHARE = 0.01
AFTER_HOURS_SHARE = 0.10
SHARE_ALPHA = 1e-4
SHARE_LEAST = 4


def poisson_tail(number: int, mean: float) -> float:
    """P(X ≥ number) for a Poisson variable, 0–1. Summed from the small end: exact in the tail."""
    if number <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if number <= mean:  # the tail is most of it: take the head away instead
        head = math.fsum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(number)
        )
        return min(1.0, max(0.0, 1.0 - head))
    term = math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
    total, k = 0.0, number
    while term > total * 1e-17:
        total += term
        k += 1
        term *= mean / k
    return min(1.0, total)


def binomial_tail(number: int, trials: int, share: float) -> float:
    """P(X ≥ number) of ``trials`` with probability ``share`` each."""
    if number <= 0:
        return 1.0
    return min(
        1.0,
        math.fsum(
            math.comb(trials, k) * share**k * (1 - share) ** (trials - k)
            for k in range(number, trials + 1)
        ),
    )


@dataclass(frozen=True)
class Usual:
    """What a counter's tickets and history make one expect of a day (feedback/trust/expected.py).

    ``tickets``: served that day or, if more, usually; None where none are ever known.
    ``answers``: poster answers of a usual day. ``windows``: open ten-minute windows of the day.
    ``pauses``: (last window before, first window after) each break of the day. ``failed``: tickets
    are usually known, but none of this day are. ``shares``: level 1–5 → its share (0–1) of the
    poster answers of a usual day; 1 where it is not known.
    """

    tickets: float | None
    answers: float
    windows: int
    pauses: tuple[tuple[int, int], ...] = ()
    failed: bool = False
    shares: Mapping[int, float] = field(default_factory=dict)


def expected_in_window(counts: Mapping[int, int], usual: Usual) -> float:
    """Poster answers that the busiest ten minutes of the day may have.

    What is usual at the counter, or what the same day shows (a campaign that asks everybody to
    rate lifts the whole day; a burst does not), and never more than people were served. Where the
    day's tickets are missing, people may have waited for the machine and come all at once.
    """
    windows = max(usual.windows, 1)
    rate, today = usual.answers / windows, _today(counts, windows)
    if today > CAMPAIGN * rate:
        today *= CAMPAIGN_MARGIN
    jam = FAILED_PEAK if usual.failed else 1.0
    rate = max(rate, jam * today)
    if usual.tickets is not None:
        rate = min(rate, jam * usual.tickets / windows)
    return PEAK * rate


def _today(counts: Mapping[int, int], windows: int) -> float:
    """Answers in a window of this day, by what a burst cannot lift.

    A burst fills few windows: the share of windows that are *not empty* tells the rate of a
    Poisson variable on quiet days; the quieter four fifths of the windows do on full ones.
    """
    filled = sorted((number for number in counts.values() if number), reverse=True)
    # Two windows are given away: those of the burst that is looked for.
    share = min(max(len(filled) - 2, 0) / windows, 0.8)
    quiet = filled[windows // 5 :]
    # Cutting off the busiest fifth takes away about a third of an even day: given back, times 1.5.
    return max(-math.log1p(-share), 1.5 * sum(quiet) / max(windows - windows // 5, 1))


def bursts(counts: Mapping[int, int], usual: Usual) -> set[int]:
    """Windows whose poster answers are a burst: alone, or together with the next one.

    ``counts``: window (0–143) → poster answers of one counter on one day, those put aside earlier
    included. Pairs are looked at because ten minutes do not start when a window does; the next
    window after the last one before a break is the first one after it, and what came in between
    belongs to them.
    """
    if sum(counts.values()) < BURST_LEAST:
        return set()
    return _runs(counts, expected_in_window(counts, usual), usual.pauses)


def level_bursts(counts: Mapping[int, Mapping[int, int]], usual: Usual) -> set[tuple[int, int]]:
    """(window, level) of bursts of one level, where many answers in ten minutes are usual.

    ``counts``: level 1–5 → window → poster answers. Eight fives stand out among the fives of a
    busy counter when eight answers do not among all of them.
    """
    if max((sum(of_level.values()) for of_level in counts.values()), default=0) < BURST_LEAST:
        return set()
    together: Tally[int] = Tally()
    for of_level in counts.values():
        together.update(of_level)
    expected = expected_in_window(together, usual)
    return {
        (window, level)
        for level, of_level in counts.items()
        if sum(of_level.values()) >= BURST_LEAST
        for window in _runs(of_level, usual.shares.get(level, 1.0) * expected, usual.pauses)
    }


def _runs(
    counts: Mapping[int, int], expected: float, pauses: Sequence[tuple[int, int]]
) -> set[int]:
    """Windows with far more answers than expected in each, alone or with the next one."""
    runs = {first: number + counts.get(first + 1, 0) for first, number in counts.items()}
    across = [sum(counts.get(one, 0) for one in range(a, b + 1)) for a, b in pauses]
    # More answers are never likelier: when the fullest are no burst, nothing is.
    if not (
        _is_burst(max(counts.values(), default=0), expected)
        or _is_burst(max([*runs.values(), *across], default=0), 2 * expected)
    ):
        return set()
    found = {window for window, number in counts.items() if _is_burst(number, expected)}
    for first, last in [*((window, window + 1) for window in counts), *pauses]:
        run = {one for one in range(first, last + 1) if counts.get(one)}
        if len(run) > 1 and _is_burst(sum(counts[one] for one in run), 2 * expected):
            found |= run
    return found


def _is_burst(number: int, expected: float) -> bool:
    if number < max(BURST_LEAST, expected):
        return False
    return poisson_tail(number, expected) < BURST_ALPHA


def excess(answers: int, usual: Usual) -> bool:
    """Whether a day's poster answers are more than its tickets can explain.

    Which of them are too many cannot be told, so all poster answers of the day are put aside.
    """
    if usual.tickets is not None:
        return answers > EXCESS_RATIO * usual.tickets + EXCESS_SLACK
    expected = EXCESS_HISTORY * max(usual.answers, 1.0)
    return answers >= BURST_LEAST and poisson_tail(answers, expected) < EXCESS_ALPHA


def surge(answers: int, usual: Usual) -> bool:
    """Whether one-time codes or a screen's codes were used far more often than is usual.

    For a person to look at: such answers are never put aside by themselves. ``usual.answers`` are
    those of the same channel.
    """
    expected = SURGE_HISTORY * max(usual.answers, 1.0)
    return answers >= BURST_LEAST and poisson_tail(answers, expected) < EXCESS_ALPHA


def devices(seen: Iterable[tuple[Hashable, Hashable, int]]) -> set[Hashable]:
    """Browsers that rated more counters within forty minutes than a person is served at.

    ``seen``: (browser, counter, window) of one day's answers, without kiosks. At one counter a
    browser counts once a day anyway. A network alone is never a reason: offices share one.
    """
    rows = list(seen)
    often = {browser for browser, n in Tally(r[0] for r in rows).items() if n > DEVICE_COUNTERS}
    visits: defaultdict[Hashable, dict[Hashable, int]] = defaultdict(dict)
    for browser, counter, window in rows:
        if browser in often:
            visits[browser].setdefault(counter, window)
    found = set()
    for browser, at in visits.items():
        windows = sorted(at.values())
        if any(
            last - first < DEVICE_WINDOWS
            for first, last in zip(windows, windows[DEVICE_COUNTERS:], strict=False)
        ):
            found.add(browser)
    return found


@dataclass(frozen=True)
class Month:
    """Attitude answers of one counter in a month, and how its poster answers crowd.

    ``daily``: poster answers of each day it was open. ``usual``: poster answers of a usual month
    (from its past; 0 where there is none).
    """

    poster: Mapping[int, int]  #: level 1–5 → number
    receipt: Mapping[int, int]
    daily: Sequence[int] = ()
    usual: float = 0.0


#: What poster and receipt answers are compared by: the mean in points, and the share (0–100) of
#: fives and of ones, in which stuffing shows where the mean has little room left.
POINTS = {
    "mean": (0.0, 25.0, 50.0, 75.0, 100.0),
    "fives": (0.0, 0.0, 0.0, 0.0, 100.0),
    "ones": (100.0, 0.0, 0.0, 0.0, 0.0),
}


@dataclass(frozen=True)
class Divergence:
    """The comparison that stands out most: poster minus receipt, what peers have, how far off."""

    by: str  #: mean, fives or ones
    gap: float
    peer_gap: float
    spread: float
    z: float
    crowded: bool

    @property
    def doubtful(self) -> bool:
        """Whether a person should look."""
        return abs(self.z) > (DIVERGENCE_CROWDED_Z if self.crowded else DIVERGENCE_Z)


def divergences(months: Mapping[int, Month]) -> dict[int, Divergence]:
    """The gap of every counter with enough answers, against the gaps of the others.

    Honest poster raters may be harsher or kinder than receipt raters, and differently so from
    counter to counter: the median gap is taken off, and the spread between counters (MAD, less
    what chance adds) goes into the error beside the counter's own.
    """
    enough = {
        counter: month
        for counter, month in months.items()
        if min(sum(month.poster.values()), sum(month.receipt.values())) >= DIVERGENCE_LEAST
    }
    ratios = [sum(m.poster.values()) / m.usual for m in enough.values() if m.usual > 0]
    lift = median(ratios) if len(ratios) >= DIVERGENCE_PEERS else 1.0
    found: dict[int, Divergence] = {}
    for by, points in POINTS.items():
        gaps = {}
        for counter, month in enough.items():
            poster, of_poster = _mean_error(month.poster, points)
            receipt, of_receipt = _mean_error(month.receipt, points)
            gaps[counter] = (poster - receipt, of_poster + of_receipt)
        # Among hundreds, one more or less moves no median; leaving each out would take K² steps.
        together = _peers(list(gaps.values())) if len(gaps) > 150 else None
        for counter, (gap, square) in gaps.items():
            peer_gap, spread = together or _peers([gaps[one] for one in gaps if one != counter])
            z = (gap - peer_gap) / math.sqrt(square + spread**2)
            if by != "mean" and z < max(abs(found[counter].z), 0):
                continue  # too few fives or ones is no stuffing
            is_crowded = crowded(enough[counter], lift=lift)
            found[counter] = Divergence(by, gap, peer_gap, spread, z, is_crowded)
    return found


def _mean_error(levels: Mapping[int, int], points: Sequence[float]) -> tuple[float, float]:
    """Mean in points and its squared error; two more answers in between keep it off zero."""
    number = sum(levels.values())
    mean = sum(points[level - 1] * n for level, n in levels.items()) / number
    square = sum((points[level - 1] - mean) ** 2 * n for level, n in levels.items()) + 2 * 25**2
    return mean, square / (number + 1) / number


def _peers(others: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Usual gap of other counters, and the spread between counters beyond chance.

    Stuffing moves gaps to one side, and with it the median of all, when it is done at many
    counters: so the densest half tells first where honest counters are, and the median and the
    spread are taken of those near it.
    """
    if len(others) < DIVERGENCE_PEERS:
        return 0.0, DIVERGENCE_SPREAD
    gaps = sorted(gap for gap, _ in others)
    half = len(gaps) // 2 + 1
    start = min(range(len(gaps) - half + 1), key=lambda one: gaps[one + half - 1] - gaps[one])
    densest = gaps[start : start + half]
    centre, reach = median(densest), NEAR * 1.4826 * (densest[-1] - densest[0]) / 2
    near = [(gap, square) for gap, square in others if abs(gap - centre) <= reach] or list(others)
    centre = median(gap for gap, _ in near)
    deviation = 1.4826 * median(abs(gap - centre) for gap, _ in near)
    by_chance = median(square for _, square in near)
    return centre, math.sqrt(max(deviation**2 - by_chance, 0.0))


def crowded(month: Month, *, lift: float = 1.0) -> bool:
    """Whether the month or some of its days have far more poster answers than is usual.

    ``lift`` is how many times its usual answers the median counter had: a campaign in the whole
    city crowds no counter.
    """
    number = sum(month.poster.values())
    usual = 1.2 * max(lift, 1.0) * month.usual
    if 0 < usual < number and poisson_tail(number, usual) < CROWDED_ALPHA:
        return True
    if not month.daily:
        return False
    usual = 1.2 * max(median(month.daily), 0.5)
    most = max(month.daily)
    if most < max(BURST_LEAST, usual):
        return False
    return poisson_tail(most, usual) < CROWDED_ALPHA / len(month.daily)


def too_many(number: int, of: int, share: float) -> bool:
    """Whether ``number`` of ``of`` answers are more than an honest ``share`` explains.

    For answers faster than three seconds and for answers out of hours, day by day.
    """
    return number >= SHARE_LEAST and binomial_tail(number, of, share) < SHARE_ALPHA
