"""The queue between what editors publish and the one index writer, and what editors curate."""

from __future__ import annotations

from django.db import models

from search.models.comparison import IndexComparison
from search.models.evaluation import EvaluationQuestion, EvaluationRun
from search.models.language import LanguageEntry
from search.models.query_log import SearchedFor

__all__ = [
    "EvaluationQuestion",
    "EvaluationRun",
    "IndexComparison",
    "LanguageEntry",
    "PendingIndex",
    "SearchedFor",
]


class PendingIndex(models.Model):
    """A procedure whose index entry is out of date; the worker drains the queue.

    One row per page however often it changes; ``token`` changes with every new change, so the
    worker deletes only what it has really written. ``bulk`` rows (an import, a renamed field) let
    what an editor published go first.
    """

    page_id = models.PositiveBigIntegerField(unique=True)
    token = models.UUIDField()
    bulk = models.BooleanField(default=False)

    class Meta:
        verbose_name = "mục chờ đưa vào chỉ mục"
        verbose_name_plural = "mục chờ đưa vào chỉ mục"

    def __str__(self) -> str:
        return str(self.page_id)
