"""What stuffing is worth: points of a month's score that a counter gains by it, and the bound."""

from __future__ import annotations

import datetime
from collections import Counter as Tally
from dataclasses import dataclass

from bench.trust_judge import Judged
from bench.trust_world import Counter
from feedback.scoring import METHOD, posterior, summarise

#: All answers of the month are taken as of one day: nothing decays within it.
_DAY = datetime.date(2026, 6, 30)


@dataclass(frozen=True)
class Gain:
    """Sums over attacked counter-months: their number, stuffed answers, points, bounds."""

    months: int = 0
    fakes: int = 0
    points: float = 0.0
    unnoticed: int = 0  #: months in which nobody is asked to look
    unnoticed_points: float = 0.0
    bound: float = 0.0  #: of poster answers; 0 for other ways

    def __add__(self, other: Gain) -> Gain:
        return Gain(
            self.months + other.months,
            self.fakes + other.fakes,
            self.points + other.points,
            self.unnoticed + other.unnoticed,
            self.unnoticed_points + other.unnoticed_points,
            self.bound + other.bound,
        )

    def __str__(self) -> str:
        """A month's stuffed answers, points and points per 100, unnoticed points, bound."""
        if not self.months:
            return ""
        fakes, points = self.fakes / self.months, self.points / self.months
        quiet = f"{self.unnoticed_points / self.unnoticed:+.1f}" if self.unnoticed else "–"
        bound = f"{self.bound / self.months:.1f}" if self.bound else "none"
        return (
            f"{fakes:8.0f}{points:+9.1f}{100 * points / fakes:+12.2f}"
            f"{100 * self.unnoticed / self.months:10.0f} %{quiet:>10}{bound:>8}"
        )


NOTHING = Gain()


def gain_of(counter: Counter, judged: Judged, *, noticed: bool) -> Gain:
    """One attacked counter's month, with what is left of the stuffing after quarantine.

    The bound is 100·P/(m + W_v + P), P = max(5, 25 % of W_v): rating.md §3.
    """
    honest: Tally[tuple[str, datetime.date, int]] = Tally()
    counted: Tally[tuple[str, datetime.date, int]] = Tally()
    for day in counter.month:
        for level, number in day.levels.items():
            counted["receipt", _DAY, level] += number
            honest["receipt", _DAY, level] += number - day.slips[level]
        for channel, answers in (("poster", day.posters), ("display", day.displays)):
            for answer in answers:
                honest[channel, _DAY, answer.level] += not answer.stuffed
                counted[channel, _DAY, answer.level] += id(answer) not in judged.gone
    verified = summarise(honest, _DAY).verified
    cap = max(METHOD.poster_cap, METHOD.poster_share * verified)
    by_poster = any(answer.stuffed for day in counter.month for answer in day.posters)
    points = _score(counted) - _score(honest)
    return Gain(
        months=1,
        fakes=sum(day.stuffed for day in counter.month),
        points=points,
        unnoticed=int(not noticed),
        unnoticed_points=0.0 if noticed else points,
        bound=100 * cap / (METHOD.default_strength + verified + cap) if by_poster else 0.0,
    )


def _score(answers: Tally[tuple[str, datetime.date, int]]) -> float:
    score, *_ = posterior(summarise(answers, _DAY), METHOD.default_prior, METHOD.default_strength)
    return score
