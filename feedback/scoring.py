"""Score v1: a counter's attitude (and three more items) from its answers (rating.md §3).

Pure: no Django, no clock, no database. What comes in is already counted —
``{(channel, day, level): answers}`` — so the cost grows with days and channels, not with answers.
Scores, means and intervals are 0–100, shares 0–1; nothing is rounded here.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

#: Answers of one item of one counter: (channel, day, level) → number. Levels outside 1–5
#: (0 is "chưa biết") and days outside the window are in no score.
Answers = Mapping[tuple[str, datetime.date, int], int]
Shares = tuple[float, float, float, float, float]

LEVELS = (1, 2, 3, 4, 5)
HIGHER, SIMILAR, LOWER = "cao hơn", "tương đương", "thấp hơn"
PUBLISHED, FEW, HIDDEN = "published", "few", "hidden"


@dataclass(frozen=True)
class Method:
    """Every constant of the score. Changing one is a new version with a new name."""

    version: str = "v1.0"
    #: What an answer is worth by how it came; the poster total is capped besides.
    channel_weights: Mapping[str, float] = field(
        default_factory=lambda: {"receipt": 1.0, "display": 0.7, "poster": 0.3}
    )
    poster_channel: str = "poster"
    poster_cap: float = 5.0
    poster_share: float = 0.25
    half_life_days: float = 90.0
    window_days: int = 365
    #: The points of levels 1–5.
    values: Shares = (0.0, 25.0, 50.0, 75.0, 100.0)
    #: Prior when even the whole city has too few answers.
    default_prior: Shares = (0.05, 0.10, 0.20, 0.35, 0.30)
    prior_answers: int = 200
    default_strength: float = 20.0
    strength_low: float = 8.0
    strength_high: float = 60.0
    #: Counters that tell about the strength: from this n_eff, and at least so many of them.
    strength_n_eff: float = 5.0
    strength_counters: int = 8
    #: Normal quantile of the 90 % interval.
    z: float = 1.645
    shown_answers: int = 10
    few_n_eff: float = 35.0
    item_weights: Mapping[str, float] = field(
        default_factory=lambda: {"attitude": 0.40, "time": 0.25, "clarity": 0.20, "fees": 0.15}
    )


METHOD = Method()


@dataclass(frozen=True)
class Summary:
    """Answers of one item after decay and cap: all that a score needs of them."""

    n: int  #: unweighted answers that count
    weights: Shares  #: decayed, capped weight per level 1–5
    verified: float  #: weight of receipt and display, W_v
    poster_only: bool

    @property
    def n_eff(self) -> float:
        """Sum of the weights after the cap."""
        return math.fsum(self.weights)

    def shares(self) -> Shares:
        """Weighted share of each level, p; all 0 without answers."""
        total = self.n_eff
        return _five(weight / total for weight in self.weights) if total else (0.0,) * 5


@dataclass(frozen=True)
class Prior:
    """What similar counters get, and where it is from: ``field``, ``city`` or ``default``."""

    shares: Shares
    source: str


@dataclass(frozen=True)
class Score:
    """One item of one counter. ``tier`` is None when hidden, few, or from posters alone."""

    status: str
    n: int
    n_eff: float
    score: float
    sd: float
    low: float
    high: float
    satisfied: float
    peer_mean: float
    tier: str | None
    prior: Shares
    m: float


@dataclass(frozen=True)
class Composite:
    """The four items together; the interval is the widest that any correlation allows."""

    score: float
    sd: float
    low: float
    high: float


def _five(numbers: Iterable[float]) -> Shares:
    one, two, three, four, five = numbers
    return (one, two, three, four, five)


def counts(day: datetime.date, as_of: datetime.date, method: Method = METHOD) -> bool:
    """Whether an answer of that day is in the window of ``as_of``."""
    return 0 <= (as_of - day).days <= method.window_days


def summarise(answers: Answers, as_of: datetime.date, method: Method = METHOD) -> Summary:
    """Decay, weigh and cap the answers of one item (rating.md §3.1–3.3).

    Raises KeyError for a channel without a weight.
    """
    n = 0
    terms: dict[tuple[bool, int], list[float]] = {
        (poster, level): [] for poster in (False, True) for level in LEVELS
    }
    for (channel, day, level), number in answers.items():
        if level not in LEVELS or number <= 0 or not counts(day, as_of, method):
            continue
        age = (as_of - day).days
        weight = method.channel_weights[channel] * 2.0 ** (-age / method.half_life_days)
        terms[channel == method.poster_channel, level].append(number * weight)
        n += number
    # fsum is exact before it rounds once, so the order of the answers cannot matter.
    verified = [math.fsum(terms[False, level]) for level in LEVELS]
    posters = [math.fsum(terms[True, level]) for level in LEVELS]
    verified_total, poster_total = math.fsum(verified), math.fsum(posters)
    cap = max(method.poster_cap, method.poster_share * verified_total)
    scale = cap / poster_total if poster_total > cap else 1.0
    return Summary(
        n=n,
        weights=_five(v + scale * p for v, p in zip(verified, posters, strict=True)),
        verified=verified_total,
        poster_only=verified_total == 0 and poster_total > 0,
    )


def mean(shares: Shares, method: Method = METHOD) -> float:
    """Σ vπ: the points that shares of levels are worth, 0–100."""
    return math.fsum(v * share for v, share in zip(method.values, shares, strict=True))


def pooled(summaries: Iterable[Summary]) -> Summary:
    """Several counters as one: weights and answers added up."""
    parts = list(summaries)
    return Summary(
        n=sum(part.n for part in parts),
        weights=_five(math.fsum(column) for column in zip(*(p.weights for p in parts), strict=True))
        if parts
        else (0.0,) * 5,
        verified=math.fsum(part.verified for part in parts),
        poster_only=bool(parts) and all(part.poster_only for part in parts),
    )


class Peers:
    """The counters shown in a snapshot as pools from which each can be left out (§3.4).

    The pools are exact sums (floats are fractions), so taking a counter out gives to the digit
    what adding up the others would, and a city of thousands costs no more than its counters.
    """

    def __init__(
        self,
        main_fields: Mapping[int, int],
        shown: Mapping[int, Summary],
        method: Method = METHOD,
    ) -> None:
        """``main_fields`` maps counters to fields, ``shown`` the shown counters to summaries."""
        self._fields, self._shown, self._method = main_fields, shown, method
        self._city = _Pool()
        self._by_field: dict[int, _Pool] = {}
        for counter, summary in shown.items():
            self._city.add(summary)
            self._by_field.setdefault(main_fields[counter], _Pool()).add(summary)

    def prior(self, counter: int) -> Prior:
        """Prior π of a counter: its field without itself, else the city, else the default.

        The city, too, is taken without this counter: nobody is their own peer.
        """
        own = self._shown.get(counter)
        alike = self._by_field.get(self._fields[counter], _Pool())
        for source, pool in (("field", alike), ("city", self._city)):
            shares = pool.shares_without(own, self._method.prior_answers)
            if shares is not None:
                return Prior(shares, source)
        return Prior(self._method.default_prior, "default")


class _Pool:
    """Summaries added up exactly."""

    def __init__(self) -> None:
        self.n = 0
        self.weights = [Fraction(0)] * 5

    def add(self, summary: Summary) -> None:
        self.n += summary.n
        self.weights = [
            total + Fraction(weight)
            for total, weight in zip(self.weights, summary.weights, strict=True)
        ]

    def shares_without(self, own: Summary | None, answers: int) -> Shares | None:
        """Shares of the pool without one member; None with fewer than so many answers."""
        if self.n - (own.n if own else 0) < answers:
            return None
        left = self.weights
        if own is not None:
            left = [a - Fraction(b) for a, b in zip(left, own.weights, strict=True)]
        weights = [float(weight) for weight in left]
        total = math.fsum(weights)
        return _five(weight / total for weight in weights) if total > 0 else None


def strength(shown: Iterable[Summary], method: Method = METHOD) -> float:
    """Strength m of the prior: how many answers a peer's word is worth (§3.5), 8–60.

    The ratio of the spread within counters to the spread between them, by moments.
    """
    sample = [summary for summary in shown if summary.n_eff >= method.strength_n_eff]
    if len(sample) < method.strength_counters:
        return method.default_strength
    weights = [summary.n_eff for summary in sample]
    means = [mean(summary.shares(), method) for summary in sample]
    variances = [
        math.fsum(
            share * (v - centre) ** 2
            for v, share in zip(method.values, summary.shares(), strict=True)
        )
        for summary, centre in zip(sample, means, strict=True)
    ]
    total = math.fsum(weights)
    centre = math.fsum(w * x for w, x in zip(weights, means, strict=True)) / total
    within = math.fsum(w * s for w, s in zip(weights, variances, strict=True)) / (
        total - len(sample)
    )
    between = (
        math.fsum(w * (x - centre) ** 2 for w, x in zip(weights, means, strict=True))
        - (len(sample) - 1) * within
    ) / (total - math.fsum(w * w for w in weights) / total)
    if between <= 0:
        return method.strength_high
    return min(max(within / between, method.strength_low), method.strength_high)


def posterior(
    summary: Summary, prior: Shares, m: float, method: Method = METHOD
) -> tuple[float, float, float]:
    """Score 0–100, its standard deviation, and the share satisfied (levels 4 and 5), §3.6."""
    alpha = [m * share + weight for share, weight in zip(prior, summary.weights, strict=True)]
    total = math.fsum(alpha)
    score = math.fsum(v * a for v, a in zip(method.values, alpha, strict=True)) / total
    square = math.fsum(v * v * a for v, a in zip(method.values, alpha, strict=True)) / total
    deviation = math.sqrt(max(0.0, square - score**2) / (total + 1))
    return min(max(score, 0.0), 100.0), deviation, (alpha[3] + alpha[4]) / total


def interval(score: float, sd: float, method: Method = METHOD) -> tuple[float, float]:
    """The 90 % interval, clipped to 0–100."""
    return max(0.0, score - method.z * sd), min(100.0, score + method.z * sd)


def is_shown(n: int, method: Method = METHOD) -> bool:
    """Whether so many answers may be published at all (§3.8)."""
    return n >= method.shown_answers


def score_of(summary: Summary, prior: Shares, m: float, method: Method = METHOD) -> Score:
    """Score, interval, status and tier of one item (§3.6 and §3.8)."""
    score, sd, satisfied = posterior(summary, prior, m, method)
    low, high = interval(score, sd, method)
    peer_mean = mean(prior, method)
    status = PUBLISHED
    if not is_shown(summary.n, method):
        status = HIDDEN
    elif summary.n_eff < method.few_n_eff:
        status = FEW
    tier = None
    if status == PUBLISHED and not summary.poster_only:
        tier = HIGHER if low > peer_mean else LOWER if high < peer_mean else SIMILAR
    return Score(
        status=status,
        n=summary.n,
        n_eff=summary.n_eff,
        score=score,
        sd=sd,
        low=low,
        high=high,
        satisfied=satisfied,
        peer_mean=peer_mean,
        tier=tier,
        prior=prior,
        m=m,
    )


def composite_of(items: Mapping[str, Score], method: Method = METHOD) -> Composite | None:
    """The weighted composite (§3.7); None unless all four items are shown."""
    if any(name not in items or items[name].status == HIDDEN for name in method.item_weights):
        return None
    weights = method.item_weights
    score = math.fsum(weight * items[name].score for name, weight in weights.items())
    sd = math.fsum(weight * items[name].sd for name, weight in weights.items())
    return Composite(score, sd, *interval(score, sd, method))
