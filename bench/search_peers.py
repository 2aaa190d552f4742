"""What our search is measured against: each peer over the same published procedures.

A peer is built from the pages of the database in ``DATA_DIR`` and asked the same sentences; it
gives the codes of its first ten results, and counts all of them as a page of results needs.
Peers get the text folded (no marks) where that helps them; how each is asked is how its own
documentation begins.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Ask = Callable[[str], list[str]]


@dataclass
class Peer:
    """A built peer; ``size`` in MB (None when it cannot be told)."""

    ask: Ask
    size: float | None = None
    close: ExitStack = field(default_factory=ExitStack)


def megabytes(path: Path) -> float:
    """Size of all files below a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def _pages() -> Iterator[Any]:
    from cms.models import ProcedurePage

    pages = ProcedurePage.objects.live().select_related("field").order_by("code")
    yield from pages.iterator(chunk_size=200)


def _body(page: Any) -> str:
    papers = [item.name for case in page.case_rows for item in case.items]
    return "\n".join([*page.step_rows, *papers, page.result])


def _words(text: str) -> list[str]:
    from search import vietnamese as vn

    return vn.folded_words(text)


def _build_aside() -> None:
    """As the worker does: what a build needs in memory is not what a web process needs."""
    command = [sys.executable, "-m", "django", "rebuild_index", "--noinput", "-v0"]
    subprocess.run(command, check=True, capture_output=True)


def ours(folder: Path) -> Peer:
    """The product: results, exact count, counts of every filter, corrections, guesses."""
    from search import worker
    from search.finder import find

    _build_aside()
    return Peer(
        lambda text: [result.code for result in find(text).results],
        megabytes(folder / "index" / worker.backend().store.current()),
    )


def ours_50k(folder: Path) -> Peer:
    """The product over fifty thousand records, made by varying the real ones."""
    import random

    from haystack import connections

    from cms.models import ProcedurePage
    from search import worker
    from search.finder import find

    backend = worker.backend()
    index = connections["default"].get_unified_index().get_index(ProcedurePage)
    dice = random.Random(7)
    documents = list(backend.documents(index, _pages()))
    every = sorted({word for document in documents for word in document["name"].split()})
    with backend.store.building(backend.schema) as writer:
        for number in range(50_000):
            document = dict(documents[number % len(documents)])
            if number >= len(documents):
                document["code"] = f"{8 + number % 2}.{number:06d}"
                document["id"] = f"cms.procedurepage.{10**7 + number}"
                document["django_id"] = str(10**7 + number)
                for name in ("name", "text"):
                    words = document[name].split()
                    varied = (dice.choice(every) if dice.random() < 0.3 else w for w in words)
                    document[name] = " ".join(dict.fromkeys(varied))
            writer.add_document(**document)
    return Peer(
        lambda text: [result.code for result in find(text).results],
        megabytes(folder / "index" / backend.store.current()),
    )


def _stock(folder: Path) -> tuple[Any, float]:
    from haystack import connections, indexes
    from haystack.utils.loading import UnifiedIndex

    from cms.models import ProcedurePage

    class PlainIndex(indexes.SearchIndex, indexes.Indexable):
        text = indexes.CharField(document=True)
        code = indexes.CharField(indexed=False)
        field = indexes.CharField(faceted=True)

        def get_model(self) -> Any:
            return ProcedurePage

        def prepare(self, obj: Any) -> dict[str, Any]:
            data: dict[str, Any] = super().prepare(obj)
            data["text"] = f"{obj.title}\n{_body(obj)}"
            data["code"] = obj.code
            data["field"] = data["field_exact"] = obj.field.slug
            return data

    connections.connections_info["stock"] = {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(folder / "stock"),
    }
    unified = UnifiedIndex()
    unified.build(indexes=[PlainIndex()])
    connections["stock"]._index = unified
    backend = connections["stock"].get_backend()
    backend.update(unified.get_index(ProcedurePage), list(_pages()))

    def answer(found: Any) -> list[str]:
        found = found.facet("field")
        hits = found[:10]
        found.count()
        found.facet_counts()
        return [hit.code for hit in hits]

    return answer, megabytes(folder / "stock")


def stock_all_words(folder: Path) -> Peer:
    """haystack's own Whoosh backend, as its search form asks it: all words."""
    from haystack.query import SearchQuerySet

    answer, size = _stock(folder)
    return Peer(lambda text: answer(SearchQuerySet(using="stock").auto_query(text)), size)


def stock_any_word(folder: Path) -> Peer:
    """haystack's own Whoosh backend, any word."""
    from haystack.query import SearchQuerySet

    answer, size = _stock(folder)

    def ask(text: str) -> list[str]:
        found = SearchQuerySet(using="stock")
        for word in re.findall(r"\w+", text):
            if len(word) > 1:
                found = found.filter_or(content=word)
        return answer(found)

    return Peer(ask, size)


def wagtail(folder: Path) -> Peer:
    """Wagtail's database search over title and code, as the editor's list uses it."""
    from cms.models import ProcedurePage

    def ask(text: str) -> list[str]:
        found = ProcedurePage.objects.live().search(text, operator="or")
        codes = [page.code for page in found[:10]]
        found.count()
        return codes

    return Peer(ask)


def fts5(folder: Path) -> Peer:
    """SQLite FTS5 over folded name and text, in a file."""
    path = folder / "fts5.sqlite3"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE p USING fts5(code UNINDEXED, name, body, prefix='2 3')")
    rows = ((p.code, " ".join(_words(p.title)), " ".join(_words(_body(p)))) for p in _pages())
    database.executemany("INSERT INTO p VALUES (?, ?, ?)", rows)
    database.commit()

    def ask(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in _words(text))
        if not words:
            return []
        found = database.execute(
            "SELECT code FROM p WHERE p MATCH ? ORDER BY bm25(p, 0, 5, 1) LIMIT 10", (words,)
        ).fetchall()
        database.execute("SELECT count(*) FROM p WHERE p MATCH ?", (words,)).fetchone()
        return [code for (code,) in found]

    return Peer(ask, path.stat().st_size / 1e6)


def fts5_beginnings(folder: Path) -> Peer:
    """SQLite FTS5, names that have all words typed, the last one as a beginning."""
    peer = fts5(folder)
    database = sqlite3.connect(folder / "fts5.sqlite3")

    def ask(text: str) -> list[str]:
        words = _words(text)
        if not words:
            return []
        match = " ".join(f'name:"{word}"' for word in words[:-1]) + f' name:"{words[-1]}"*'
        found = database.execute(
            "SELECT code FROM p WHERE p MATCH ? ORDER BY rank LIMIT 8", (match,)
        )
        return [code for (code,) in found.fetchall()]

    return Peer(ask, peer.size)


def our_suggestions(folder: Path) -> Peer:
    """What the product suggests while one types."""
    from search.finder import suggest

    _build_aside()
    return Peer(lambda text: [one.code for one in suggest(text)])


def postgresql(folder: Path) -> Peer:
    """PostgreSQL full text: folded words with weights, ts_rank, GIN."""
    import psycopg

    from tests.services.servers import postgres

    close = ExitStack()
    address = close.enter_context(postgres())
    database = close.enter_context(psycopg.connect(address, autocommit=True))
    database.execute("CREATE TABLE p (code text, words tsvector)")
    with database.cursor().copy("COPY p (code, words) FROM STDIN") as copy:
        copy.set_types(["text", "text"])
        for page in _pages():
            name = [f"'{word}':{place}A" for place, word in enumerate(_words(page.title), 1)]
            seen = dict.fromkeys(_words(_body(page)))
            body = [
                f"'{word}':{min(place, 16000)}" for place, word in enumerate(seen, len(name) + 1)
            ]
            copy.write_row((page.code, " ".join([*name, *body])))
    database.execute("CREATE INDEX ON p USING gin (words)")
    database.execute("VACUUM ANALYZE p")
    (size,) = database.execute("SELECT pg_total_relation_size('p')").fetchone()  # type: ignore[misc]

    def ask(text: str) -> list[str]:
        words = " | ".join(f"'{word}'" for word in _words(text))
        if not words:
            return []
        found = database.execute(
            "SELECT code, count(*) OVER () FROM p, to_tsquery('simple', %s) q WHERE words @@ q "
            "ORDER BY ts_rank(words, q) DESC LIMIT 10",
            (words,),
        ).fetchall()
        return [code for code, _ in found]

    return Peer(ask, size / 1e6, close)


def tantivy(folder: Path) -> Peer:
    """Tantivy over folded name and text."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("code", stored=True)
    for name in ("name", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    path = folder / "tantivy"
    path.mkdir(exist_ok=True)
    index = library.Index(builder.build(), path=str(path))
    writer = index.writer()
    for page in _pages():
        name, body = " ".join(_words(page.title)), " ".join(_words(_body(page)))
        writer.add_document(library.Document(code=page.code, name=name, body=body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> list[str]:
        words = " ".join(_words(text))
        if not words:
            return []
        query = index.parse_query(words, ["name", "body"], field_boosts={"name": 5.0})
        found = searcher.search(query, 10, count=True)
        return [searcher.doc(address)["code"][0] for _, address in found.hits]

    return Peer(ask, megabytes(path))


#: Name in the table → how to build it, in the order of the table.
SEARCHES: dict[str, Callable[[Path], Peer]] = {
    "ours": ours,
    "ours, 50,000 records": ours_50k,
    "stock haystack, all words": stock_all_words,
    "stock haystack, any word": stock_any_word,
    "Wagtail's database search": wagtail,
    "SQLite FTS5, folded": fts5,
    "PostgreSQL, folded": postgresql,
    "Tantivy, folded": tantivy,
}
SUGGESTIONS: dict[str, Callable[[Path], Peer]] = {
    "our suggestions": our_suggestions,
    "SQLite FTS5, beginnings": fts5_beginnings,
}
#: A slow peer is asked fewer questions.
ASKED_LESS = {"Wagtail's database search": 40}
