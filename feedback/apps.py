"""What citizens say: ratings, trust, score, open data."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class FeedbackConfig(AppConfig):
    """Django app of ratings and scores."""

    name = "feedback"
    verbose_name = "Đánh giá"

    def ready(self) -> None:
        """Pages that show published scores are stale when figures are published or removed."""
        snapshot = self.get_model("Snapshot")
        for signal in (post_save, post_delete):
            signal.connect(_scores_changed, sender=snapshot, dispatch_uid=f"scores-{id(signal)}")


def _scores_changed(**_: Any) -> None:
    from cms import caching

    caching.touch(caching.SCORES)
