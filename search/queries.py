"""Citizens' questions as Whoosh queries, so that they compose with everything else of Whoosh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.query import Query

from search import scoring
from search.curated import current_language
from search.question import understand
from search.scoring import Scores, Weigher
from search.segments import DecodedSegment, segments_of
from search.suggesting import complete

#: A known code answers alone.
CODE_SCORE = 1e6


class QuestionQuery(Query):
    """Documents that answer a sentence. ``mode`` as in search/fields.py."""

    def __init__(
        self,
        text: str,
        weigher: Callable[[], Weigher],
        *,
        mode: str = "question",
        levels: tuple[str, ...] = (),
        boost: float = 1.0,
    ) -> None:
        self.text = text
        self.weigher = weigher
        self.mode = mode
        self.levels = levels
        self.boost = boost
        self.error = None
        self._scored: list[tuple[Any, DecodedSegment, int, Scores]] | None = None

    def __repr__(self) -> str:
        return f"QuestionQuery({self.text!r}, mode={self.mode!r}, levels={self.levels!r})"

    def __str__(self) -> str:
        return f"{self.mode}:{self.text!r}"

    __unicode__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QuestionQuery) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def is_leaf(self) -> bool:
        """No queries below this one."""
        return True

    def field(self) -> None:
        """It asks several fields."""
        return

    def normalize(self) -> Any:
        """As it is."""
        return self

    def copy(self) -> QuestionQuery:
        """A query that has not been run."""
        return QuestionQuery(
            self.text, self.weigher, mode=self.mode, levels=self.levels, boost=self.boost
        )

    def estimate_size(self, ixreader: Any) -> int:
        """At most every document."""
        return int(ixreader.doc_count())

    def estimate_min_size(self, ixreader: Any) -> int:
        """Possibly none."""
        return 0

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        """Matching documents of one segment with their scores."""
        for reader, _, _, scores in self.scored(searcher.get_parent()):
            if reader is searcher.reader():
                ids = np.flatnonzero(scores)
                if len(ids):
                    return ListMatcher(ids.tolist(), scores[ids].tolist())
        return NullMatcher()

    def scored(self, searcher: Any) -> list[tuple[Any, DecodedSegment, int, Scores]]:
        """``(reader, segment, first document number, scores)`` of each segment; 0 is no hit."""
        if self._scored is None:
            self._scored = list(self._score(searcher))
        return self._scored

    def _score(self, searcher: Any) -> Any:
        weigher = self.weigher()
        segments = segments_of(searcher)
        if self.mode == "suggest":
            parts = [complete(self.text, segment, weigher) for _, segment, _ in segments]
        else:
            parts = self._answers(segments, weigher)
        for (reader, segment, base), scores in zip(segments, parts, strict=True):
            scores[~segment.alive] = 0.0
            yield reader, segment, base, scores

    def _answers(self, segments: list[Any], weigher: Weigher) -> list[Scores]:
        question = understand(self.text, weigher.language)
        if question.code:
            known = [_only(segment, question.code) for _, segment, _ in segments]
            if any(part.any() for part in known) or len(question.words) == 1:
                return known
        if question.off_topic == 1.0:
            return [np.zeros(segment.size) for _, segment, _ in segments]
        guess = self.mode == "guess"
        words = {word for reading in question.readings for word, _ in reading.words}
        for _, segment, _ in segments:
            segment.expect(words)
        parts = [
            scoring.score(question, segment, weigher, levels=self.levels, guess=guess)
            for _, segment, _ in segments
        ]
        return scoring.answers(question, parts, guess=guess)


def _only(segment: DecodedSegment, code: str) -> Scores:
    scores = np.zeros(segment.size)
    scores[segment.ids("code", code)] = CODE_SCORE
    return scores


__all__ = ["QuestionQuery", "current_language"]
