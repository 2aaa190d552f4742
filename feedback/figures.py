"""From counted answers to the JSON bodies of the score; pure, used live and for snapshots."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback.scoring import (
    HIDDEN,
    METHOD,
    Method,
    Peers,
    Prior,
    Score,
    Summary,
    composite_of,
    is_shown,
    pooled,
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


@dataclass
class Responses:
    """One-time codes given out in the window, and answers that came by one, by item."""

    minted: int = 0
    by_item: dict[str, int] = field(default_factory=dict)

    def rate(self, item: str) -> float | None:
        """Share 0–1 of the codes that brought an answer; None when none were given out.

        At most 1: an answer counts on the day its form was opened, which may lie in the window
        when its code's day does not.
        """
        return min(1.0, self.by_item.get(item, 0) / self.minted) if self.minted else None


@dataclass(frozen=True)
class CityFigures:
    """All figures of one day: bodies by counter, the city's, and which items are shown."""

    counters: dict[int, dict[str, Any]]
    city: dict[str, Any]
    shown: dict[str, set[int]]  #: item → counters whose answers may be published
    #: Bodies of the counters that only their office may read, against the peers that are shown.
    office_only: dict[int, dict[str, Any]] = field(default_factory=dict)


#: counter → item → what its answers come to.
Summaries = Mapping[int, Mapping[str, Summary]]


def figures_of(
    summaries: Summaries,
    main_fields: Mapping[int, int],
    uncounted: Mapping[int, Uncounted],
    as_of: datetime.date,
    method: Method = METHOD,
    *,
    responses: Mapping[int, Responses] | None = None,
    of_one: Collection[int] = (),
) -> CityFigures:
    """Figures of every counter in ``main_fields`` (counter → field), and of the city.

    Counters and items without answers may be missing in ``summaries``. A counter is shown when
    its attitude is; an item of a shown counter when it has enough answers itself. Pools, priors
    and strengths are made of what is shown and nothing else, so that nothing hidden can be got by
    subtraction. Counters ``of_one`` officer are hidden like any other hidden counter (rating.md
    §3.8).
    """
    items = list(method.item_weights)
    nothing = summarise({}, as_of, method)
    summaries = {
        counter: {item: summaries.get(counter, {}).get(item, nothing) for item in items}
        for counter in main_fields
    }
    enough = {c for c, parts in summaries.items() if is_shown(parts[MAIN_ITEM].n, method)}
    visible = enough.difference(of_one)
    shown = {
        item: {c: summaries[c][item] for c in visible if is_shown(summaries[c][item].n, method)}
        for item in items
    }
    peers = {item: Peers(main_fields, shown[item], method) for item in items}
    strengths = {item: strength(shown[item].values(), method) for item in items}
    responses = responses or {}
    bodies, office_only = {}, {}
    for counter, parts in summaries.items():
        nothing_wrong, none_given = Uncounted(), Responses()
        scored = {}
        for item in items if counter in enough else []:
            if is_shown(parts[item].n, method):
                prior = peers[item].prior(counter)
                scored[item] = (score_of(parts[item], prior.shares, strengths[item], method), prior)
        kept, given = uncounted.get(counter, nothing_wrong), responses.get(counter, none_given)
        body = _body(scored, kept, given, as_of, items, method)
        if counter in enough and counter not in visible:
            office_only[counter] = body
            body = hidden_body(as_of, method)
        bodies[counter] = body
    city = _city_body(shown, strengths, uncounted, responses, as_of, items, method)
    visible_items = {item: set(parts) for item, parts in shown.items()}
    return CityFigures(bodies, city, visible_items, office_only)


def hidden_body(as_of: datetime.date | None, method: Method = METHOD) -> dict[str, Any]:
    """What is told of a hidden counter or item: exactly this."""
    return {
        "status": HIDDEN,
        "method": method.version,
        "as_of": as_of.isoformat() if as_of else None,
    }


def _item_body(
    score: Score,
    prior: Prior,
    reasons: dict[str, int],
    responses: Responses,
    item: str,
    as_of: datetime.date,
    method: Method,
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
        "response_rate": responses.rate(item),
        "minted": responses.minted,
        "quarantined": sum(reasons.values()),
        "quarantined_why": reasons,
    }


def _body(
    scored: Mapping[str, tuple[Score, Prior]],
    uncounted: Uncounted,
    responses: Responses,
    as_of: datetime.date,
    items: list[str],
    method: Method,
) -> dict[str, Any]:
    if MAIN_ITEM not in scored:
        return hidden_body(as_of, method)
    bodies = {
        item: _item_body(*scored[item], uncounted.reasons(item), responses, item, as_of, method)
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
    responses: Mapping[int, Responses],
    as_of: datetime.date,
    items: list[str],
    method: Method,
) -> dict[str, Any]:
    """The shown counters as one. The city has no peers: the default prior, and no tier."""
    scored = {}
    together, given = Uncounted(), Responses()
    for counter in shown[MAIN_ITEM]:
        given.minted += responses.get(counter, Responses()).minted
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
            answered = responses.get(counter, Responses()).by_item.get(item, 0)
            given.by_item[item] = given.by_item.get(item, 0) + answered
        together.by_item[item] = sums
    body = _body(scored, together, given, as_of, items, method)
    if body["status"] != HIDDEN:
        for part in (body, *body["by_item"].values()):
            if part["status"] != HIDDEN:
                part.update(tier=None, peer_mean=None)
        body["counters_shown"] = len(shown[MAIN_ITEM])
    return body
