"""What citizens say: ratings, trust, score, open data."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class FeedbackConfig(AppConfig):
    """Django app of ratings and scores."""

    name = "feedback"
    verbose_name = "Đánh giá"

    def ready(self) -> None:
        """Pages that show published scores are stale when figures are published or removed; the
        job that prints a city's codes is known; an edited counter code is a new edition."""
        from cms import rating_links
        from feedback import poster_codes
        from feedback.printing import city

        city.register()
        rating_links.told_by(poster_codes.codes_in_place_of_own)
        snapshot = self.get_model("Snapshot")
        for signal in (post_save, post_delete):
            signal.connect(_scores_changed, sender=snapshot, dispatch_uid=f"scores-{id(signal)}")
        post_save.connect(_counter_saved, sender="cms.Counter", dispatch_uid="poster-codes")


def _scores_changed(**_: Any) -> None:
    from cms import caching

    caching.touch(caching.SCORES)


def _counter_saved(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    """An edited counter code is a new edition: what was printed with the old one says so."""
    from feedback import poster_codes

    if not created and not raw:
        poster_codes.follow_own_code(instance)
