"""Published scores on any page; they read the snapshot, never the events."""

from __future__ import annotations

from typing import Any

from django import template

from cms.models import Counter, Office
from feedback import poster_codes
from feedback.models import Snapshot
from feedback.presentation import ITEM_WORDS, bars, composite_text, score_text, snapshot_text
from feedback.trend_chart import trend_of
from feedback.trends import counter_editions, office_editions

register = template.Library()


@register.inclusion_tag("feedback/_score.html")
def counter_score(counter: Counter) -> dict[str, Any]:
    """The published score of a counter: number, interval, peers, distribution, trend. One query,
    whatever was answered: the newest editions of the last months."""
    editions = counter_editions(counter)
    newest = editions[0] if editions else None
    figures = newest.figures if newest else {}
    by_item = figures.get("by_item", {})
    return {
        "snapshot": snapshot_text(newest, newest.ledger_head if newest else ""),
        "score": score_text(figures),
        "composite": composite_text(figures),
        "bars": bars(newest.distribution if newest else {}),
        "items": [(words, score_text(by_item.get(item, {}))) for item, words in ITEM_WORDS.items()],
        "trend": trend_of(editions),
        "counter": counter,
        "plot_id": f"diem-{counter.code}",
    }


@register.simple_tag
def office_scores(office: Office) -> dict[str, Any]:
    """The published scores of an office's open counters; one query. None are added up: an office
    has no score, its counters have. ``by_counter`` maps ids to score and trend."""
    editions = office_editions(office.pk)
    newest = max(
        (own[0] for own in editions.values()), key=lambda one: (one.month, one.number), default=None
    )
    return {
        "snapshot": snapshot_text(newest, newest.ledger_head if newest else ""),
        "by_counter": {
            counter: {"score": score_text(own[0].figures), "trend": trend_of(own)}
            for counter, own in editions.items()
            if newest and (own[0].month, own[0].number) == (newest.month, newest.number)
        },
    }


@register.simple_tag
def rating_code(counter: Counter) -> str:
    """The code of the counter's present rating address. One query."""
    return poster_codes.rating_code(counter)


@register.inclusion_tag("feedback/_city_score.html")
def city_score() -> dict[str, Any]:
    """The newest month's score of all shown counters together, for the home page. One query."""
    snapshot = Snapshot.objects.newest()
    figures = snapshot.figures if snapshot else {}
    return {
        "snapshot": snapshot_text(snapshot),
        "score": score_text(figures),
        "counters": figures.get("counters_shown", 0),
        "plot_id": "diem-thanh-pho",
    }


@register.filter
def of_counter(by_counter: dict[int, Any], counter: Counter) -> Any:
    """What a dictionary by counter id has for a counter."""
    return by_counter.get(counter.pk)
