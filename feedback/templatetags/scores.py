"""Published scores on any page; they read the snapshot, never the events."""

from __future__ import annotations

from typing import Any

from django import template

from cms.models import Counter
from feedback.models import Snapshot, SnapshotScore
from feedback.presentation import ITEM_WORDS, bars, score_text, snapshot_text

register = template.Library()


@register.inclusion_tag("feedback/_score.html")
def counter_score(counter: Counter) -> dict[str, Any]:
    """The published score of a counter: number, interval, peers, distribution. Two queries."""
    snapshot = Snapshot.objects.newest()
    score = SnapshotScore.objects.filter(snapshot=snapshot, counter=counter).first()
    figures = score.figures if score else {}
    by_item = figures.get("by_item", {})
    return {
        "snapshot": snapshot_text(snapshot),
        "score": score_text(figures),
        "bars": bars(score.distribution if score else {}),
        "items": [(words, score_text(by_item.get(item, {}))) for item, words in ITEM_WORDS.items()],
        "counter": counter,
        "plot_id": f"diem-{counter.code}",
    }


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
