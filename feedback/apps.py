"""What citizens say: ratings, trust, score, open data."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Django app of ratings and scores."""

    name = "feedback"
    verbose_name = "Đánh giá"
