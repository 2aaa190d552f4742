"""How good answers are, measured by questions whose right answers are known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Results that are looked at.
DEPTH = 10
#: Questions of no kind.
OTHER = "khác"


@dataclass(frozen=True)
class Asked:
    """A question, the codes that answer it (none: nothing may be found) and its kind."""

    query: str
    right: frozenset[str]
    kind: str = ""


@dataclass(frozen=True)
class Outcome:
    """What the search answered: the first codes, in order."""

    asked: Asked
    first: tuple[str, ...]

    @property
    def rank(self) -> int:
        """Place of the first right answer, from 1; 0 when there is none within DEPTH.

        Where nothing may be found, finding nothing is right.
        """
        if not self.asked.right:
            return 0 if self.first else 1
        places = (n for n, code in enumerate(self.first[:DEPTH], 1) if code in self.asked.right)
        return next(places, 0)


@dataclass(frozen=True)
class Measures:
    """Of ``n`` questions: shares (0 to 1) right at once and within three; mean reciprocal rank."""

    n: int
    hit1: float
    hit3: float
    mrr: float


def measure(outcomes: Iterable[Outcome]) -> Measures:
    """The measures; zeros for no question."""
    ranks = [one.rank for one in outcomes]
    n = len(ranks)
    if not n:
        return Measures(0, 0.0, 0.0, 0.0)
    return Measures(
        n,
        sum(rank == 1 for rank in ranks) / n,
        sum(1 <= rank <= 3 for rank in ranks) / n,
        sum(1 / rank for rank in ranks if rank) / n,
    )


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, Measures]:
    """Measures of each kind, in order of the kinds' names."""
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault(one.asked.kind or OTHER, []).append(one)
    return {kind: measure(groups[kind]) for kind in sorted(groups)}


def failed(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those without a right answer among the first three."""
    return [one for one in outcomes if not 1 <= one.rank <= 3]


@dataclass(frozen=True)
class Change:
    """A question whose first three results change."""

    asked: Asked
    before: tuple[str, ...]
    after: tuple[str, ...]
    rank_before: int
    rank_after: int

    @property
    def better(self) -> bool:
        """A right answer is further up."""
        return _worth(self.rank_after) > _worth(self.rank_before)

    @property
    def worse(self) -> bool:
        """A right answer is further down, or gone."""
        return _worth(self.rank_after) < _worth(self.rank_before)


def _worth(rank: int) -> float:
    return 1 / rank if rank else 0.0


def changes(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Change]:
    """Where the first three differ, the worse first; both lists are of the same questions."""
    found = [
        Change(old.asked, old.first[:3], new.first[:3], old.rank, new.rank)
        for old, new in zip(before, after, strict=True)
        if old.first[:3] != new.first[:3]
    ]
    return sorted(found, key=lambda one: (not one.worse, not one.better, one.asked.query))
