"""The Whoosh field types of our index; the backend maps haystack fields onto them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from whoosh import fields, formats
from whoosh.analysis import Token

from search import vietnamese as vn
from search.queries import QuestionQuery
from search.scoring import Weigher

#: Changes whenever an index built before must not be read any more.
VERSION = "4"


def _split(value: str) -> list[str]:
    return value.split()


class FoldingAnalyzer:
    """Syllables without marks, for what people type; stored text is folded before it comes."""

    def __call__(self, value: str, mode: str = "", **_: Any) -> Iterator[Token]:
        """Tokens of ``value`` with positions."""
        token = Token()
        for position, word in enumerate(vn.folded_words(value)):
            token.text = word
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class MarkedAnalyzer(FoldingAnalyzer):
    """Syllables with their marks."""

    def __call__(self, value: str, mode: str = "", **_: Any) -> Iterator[Token]:
        """Tokens of ``value`` with positions."""
        token = Token()
        for position, found in enumerate(vn.tokens(value)):
            token.text = found.text
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token


class Words(fields.FieldType):
    """A set of words: which ones a document has, not where and how often.

    The value is text whose words are already in the index's spelling, with spaces between.
    Skipping Whoosh's analysis at index time makes a build several times faster.
    """

    unique = False
    sortable_typecode = None

    def __init__(self, analyzer: Any = None) -> None:
        self.analyzer = analyzer or FoldingAnalyzer()
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.vector = None

    def index(self, value: str, **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Postings of one document: ``(word, frequency, weight, value)``."""
        return [(word.encode(), 1, 1.0, b"") for word in sorted(set(value.split()))]


class QuestionField(fields.FieldType):
    """A field without content: ``question:'…'`` in a query string becomes a QuestionQuery."""

    def __init__(self, mode: str, weigher: Callable[[], Weigher]) -> None:
        self.analyzer = None
        self.format = formats.Existence()
        self.scorable = False
        self.stored = False
        self.vector = None
        self.mode = mode
        self.weigher = weigher

    def __getstate__(self) -> dict[str, Any]:
        """The schema is written with the index; who weighs words belongs to the process."""
        return {**self.__dict__, "weigher": None}

    def index(self, value: str, **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Nothing is ever indexed here."""
        return []

    def self_parsing(self) -> bool:
        """Whoosh's parser hands the quoted text to :meth:`parse_query`."""
        return True

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Any:
        """The scoring query of a citizen's sentence (as search/inputs.py writes it)."""
        levels, _, text = qstring.rpartition("/")
        served = tuple(level for level in levels.split("+") if level)
        return QuestionQuery(text, self.weigher, mode=self.mode, levels=served, boost=boost)
