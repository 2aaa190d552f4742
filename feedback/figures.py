"""From counted answers to the JSON bodies of the score; pure, used live and for snapshots."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedback.scoring import (
    FEW,
    HIDDEN,
    METHOD,
    Answers,
    Method,
    Prior,
    Score,
    Summary,
    composite_of,
    is_shown,
    pooled,
    prior_of,
    score_of,
    strength,
    summarise,
)

MAIN_ITEM = "attitude"


@dataclass
class Uncounted:
    """Ratings kept but not counted, by item and reason (a Standing value)."""

    by_item: dict[str, dict[str, int]] = field(default_factory=dict)

    def reasons(self, item: str) -> dict[str, int]:
        """Reason → number for one item, without zeros."""
        return {reason: n for reason, n in sorted(self.by_item.get(item, {}).items()) if n}


@dataclass(frozen=True)
class CityFigures:
    """All figures of one day: bodies by counter, the city's, and which items are shown."""

    counters: dict[int, dict[str, Any]]
    city: dict[str, Any]
    shown: dict[str, set[int]]  #: item → counters whose answers may be published


def figures_of(
    answers: Mapping[int, Mapping[str, Answers]],
    main_fields: Mapping[int, int],
    uncounted: Mapping[int, Uncounted],
    as_of: datetime.date,
    method: Method = METHOD,
) -> CityFigures:
    """Figures of every counter in ``main_fields`` (counter → field), and of the city.

    ``answers`` is counter → item → answers. A counter is shown when its attitude is; an item of a
    shown counter when it has enough answers itself. Pools, priors and strengths are made of what
    is shown and nothing else, so that nothing hidden can be got by subtraction.
    """
    items = list(method.item_weights)
    summaries = {
        counter: {
            item: summarise(answers.get(counter, {}).get(item, {}), as_of, method) for item in items
        }
        for counter in main_fields
    }
    visible = {c for c, parts in summaries.items() if is_shown(parts[MAIN_ITEM].n, method)}
    shown = {
        item: {c: summaries[c][item] for c in visible if is_shown(summaries[c][item].n, method)}
        for item in items
    }
    strengths = {item: strength(shown[item].values(), method) for item in items}
    bodies = {}
    for counter, parts in summaries.items():
        nothing_wrong = Uncounted()
        scored = {}
        for item in shown if counter in visible else []:
            if counter in shown[item]:
                prior = prior_of(counter, main_fields, shown[item], method)
                scored[item] = (score_of(parts[item], prior.shares, strengths[item], method), prior)
        bodies[counter] = _body(scored, uncounted.get(counter, nothing_wrong), as_of, items, method)
    city = _city_body(shown, strengths, uncounted, as_of, items, method)
    return CityFigures(bodies, city, {item: set(parts) for item, parts in shown.items()})


def hidden_body(as_of: datetime.date | None, method: Method = METHOD) -> dict[str, Any]:
    """What is told of a hidden counter or item: exactly this."""
    return {
        "status": HIDDEN,
        "method": method.version,
        "as_of": as_of.isoformat() if as_of else None,
    }


def _item_body(
    score: Score, prior: Prior, reasons: dict[str, int], as_of: datetime.date, method: Method
) -> dict[str, Any]:
    return {
        "status": score.status,
        "method": method.version,
        "as_of": as_of.isoformat(),
        "n": score.n,
        "n_eff": score.n_eff,
        "score": score.score,
        "interval": [score.low, score.high],
        "satisfied": score.satisfied,
        "peer_mean": score.peer_mean,
        "tier": score.tier,
        "prior": list(score.prior),
        "prior_source": prior.source,
        "m": score.m,
        "response_rate": None,  # needs the number of receipts given out
        "quarantined": sum(reasons.values()),
        "quarantined_why": reasons,
    }


def _body(
    scored: Mapping[str, tuple[Score, Prior]],
    uncounted: Uncounted,
    as_of: datetime.date,
    items: list[str],
    method: Method,
) -> dict[str, Any]:
    if MAIN_ITEM not in scored:
        return hidden_body(as_of, method)
    bodies = {
        item: _item_body(*scored[item], uncounted.reasons(item), as_of, method)
        if item in scored
        else hidden_body(as_of, method)
        for item in items
    }
    whole = composite_of({item: score for item, (score, _) in scored.items()}, method)
    return {
        **bodies.pop(MAIN_ITEM),
        "by_item": bodies,
        "composite": whole.score if whole else None,
        "composite_interval": [whole.low, whole.high] if whole else None,
    }


def _city_body(
    shown: Mapping[str, Mapping[int, Summary]],
    strengths: Mapping[str, float],
    uncounted: Mapping[int, Uncounted],
    as_of: datetime.date,
    items: list[str],
    method: Method,
) -> dict[str, Any]:
    """The shown counters as one. The city has no peers: the default prior, and no tier."""
    scored = {}
    together = Uncounted()
    for item in items:
        if not shown[item]:
            continue
        prior = Prior(method.default_prior, "default")
        scored[item] = (
            score_of(pooled(shown[item].values()), prior.shares, strengths[item], method),
            prior,
        )
        sums: dict[str, int] = {}
        for counter in shown[item]:
            for reason, n in uncounted.get(counter, Uncounted()).reasons(item).items():
                sums[reason] = sums.get(reason, 0) + n
        together.by_item[item] = sums
    body = _body(scored, together, as_of, items, method)
    if body["status"] != HIDDEN:
        for part in (body, *body["by_item"].values()):
            if part["status"] != HIDDEN:
                part.update(tier=None, peer_mean=None)
        body["counters_shown"] = len(shown[MAIN_ITEM])
    return body


def example_figures(levels: Sequence[int], *, day: datetime.date) -> dict[str, Any]:
    """The body for receipt answers of one day (numbers of levels 1–5), with the default prior.

    For the method page: it is never hidden, since the reader made the answers up.
    """
    answers = {("receipt", day, level): n for level, n in enumerate(levels, 1)}
    prior = Prior(METHOD.default_prior, "default")
    score = score_of(summarise(answers, day), prior.shares, METHOD.default_strength)
    body = _item_body(score, prior, {}, day, METHOD)
    if body["status"] == HIDDEN:
        body["status"] = FEW
    return body
