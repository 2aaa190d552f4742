"""Search against its peers: same records, same questions, same process, result caches off.

Run as ``python -m bench.search_bench``. Ours goes through haystack as the site does (results,
exact count, filters' counts). Stock is haystack's own Whoosh backend as its tutorial sets it up:
one document field with name and text. Wagtail's database search and SQLite FTS5 over folded text
are there for orientation. Everything lives in a temporary folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BENCH_DATA", ROOT.parent / "shared" / "data"))
#: The promise: our 95th percentile is at most this part of stock's.
WANTED = 0.5


def _setup(folder: str) -> None:
    os.environ.update(
        DATA_DIR=folder,
        DJANGO_SETTINGS_MODULE="portal.settings",
        SECRET_KEY="bench-only-bench-only-bench-only-bench",
    )
    for name in ("DATABASE_URL", "SEARCH_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    for path in (ROOT, ROOT / "site"):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    import django

    django.setup()


def _size(path: Path) -> float:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def _measure(
    ask: Callable[[str], list[str]], questions: list[dict[str, Any]]
) -> tuple[list[float], float, float, float]:
    """Seconds of each question, then hit@1, hit@3 and the mean reciprocal rank (first ten)."""
    seconds, first, three, reciprocal = [], 0, 0, 0.0
    for question in questions:
        started = time.perf_counter()
        found = ask(question["query"])
        seconds.append(time.perf_counter() - started)
        right = set(question["expected_codes"])
        rank = next((place for place, code in enumerate(found[:10]) if code in right), None)
        if rank is not None:
            first += rank == 0
            three += rank < 3
            reciprocal += 1 / (rank + 1)
    count = len(questions)
    return seconds, first / count, three / count, reciprocal / count


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


Ask = Callable[[str], list[str]]


def _stock(folder: Path) -> tuple[Ask, Ask, float, float]:
    """haystack's own backend over name and text: how to ask it, build seconds, size in MB.

    Two ways to ask: as haystack's search form does (``auto_query``: all words), and any word.
    """
    from haystack import connections, indexes
    from haystack.query import SearchQuerySet
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
            papers = [item.name for case in obj.case_rows for item in case.items]
            data["text"] = "\n".join([obj.title, *obj.step_rows, *papers, obj.result])
            data["code"] = obj.code
            data["field"] = data["field_exact"] = obj.field.slug
            return data

    connections.connections_info["stock"] = {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(folder),
    }
    unified = UnifiedIndex()
    unified.build(indexes=[PlainIndex()])
    connections["stock"]._index = unified
    backend = connections["stock"].get_backend()
    pages = list(ProcedurePage.objects.live().select_related("field"))
    started = time.perf_counter()
    backend.update(unified.get_index(ProcedurePage), pages)
    build = time.perf_counter() - started

    def all_words(text: str) -> list[str]:
        return answer(SearchQuerySet(using="stock").auto_query(text))

    def any_word(text: str) -> list[str]:
        words = [word for word in re.findall(r"\w+", text) if len(word) > 1]
        found = SearchQuerySet(using="stock")
        for word in words:
            found = found.filter_or(content=word)
        return answer(found)

    def answer(found: Any) -> list[str]:
        found = found.facet("field")
        hits = found[:10]
        found.count()
        found.facet_counts()
        return [hit.code for hit in hits]

    return all_words, any_word, build, _size(folder)


def _fts5() -> tuple[Callable[[str], list[str]], float]:
    """SQLite FTS5 over folded names and texts."""
    from cms.models import ProcedurePage
    from search import vietnamese as vn

    database = sqlite3.connect(":memory:")
    started = time.perf_counter()
    database.execute("CREATE VIRTUAL TABLE p USING fts5(code UNINDEXED, name, body)")
    for page in ProcedurePage.objects.live().iterator(chunk_size=200):
        papers = [item.name for case in page.case_rows for item in case.items]
        body = "\n".join([*page.step_rows, *papers, page.result])
        database.execute(
            "INSERT INTO p VALUES (?, ?, ?)", (page.code, vn.fold(page.title), vn.fold(body))
        )
    build = time.perf_counter() - started

    def ask(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in vn.folded_words(text))
        rows = database.execute(
            "SELECT code FROM p WHERE p MATCH ? ORDER BY bm25(p, 0, 5, 1) LIMIT 10", (words,)
        ).fetchall()
        database.execute("SELECT count(*) FROM p WHERE p MATCH ?", (words,)).fetchone()
        return [code for (code,) in rows]

    return ask, build


def _wagtail() -> Callable[[str], list[str]]:
    """Wagtail's own search over title and code, as the editor's list uses it."""
    from cms.models import ProcedurePage

    def ask(text: str) -> list[str]:
        found = ProcedurePage.objects.live().search(text, operator="or")
        codes = [page.code for page in found[:10]]
        found.count()
        return codes

    return ask


def _cell(value: float | None, width: int) -> str:
    """A number with one decimal; a dash for what was not measured."""
    return f"{'–':>{width}}" if value is None else f"{value:{width}.1f}"


def _line(
    name: str,
    seconds: list[float],
    rest: tuple[float, ...],
    build: float | None,
    size: float | None,
) -> str:
    return (
        f"{name:<26} {_cell(build, 8)} {_cell(size, 9)} {statistics.median(seconds) * 1000:9.1f} "
        f"{_p95(seconds) * 1000:9.1f} " + " ".join(f"{value:7.3f}" for value in rest)
    )


def main() -> int:
    """Print the table; 0 when ours keeps the promise, 1 when not, 2 when the data is missing."""
    records, asked = DATA / "procedures.jsonl.gz", DATA / "queries-dev.jsonl"
    missing = [path.name for path in (records, asked) if not path.is_file()]
    if missing:
        print(f"search: skipped, missing in {os.path.relpath(DATA, ROOT)}: {', '.join(missing)}")
        return 2
    rows = [json.loads(line) for line in asked.read_text().splitlines() if line.strip()]
    questions = list({row["query"]: row for row in rows}.values())
    folder = tempfile.mkdtemp(prefix="bck-bench-")
    try:
        _setup(folder)
        from django.core.management import call_command

        from search import worker
        from search.finder import find

        call_command("migrate", verbosity=0)
        # Some records of the real file are rejected, which is an exit code of 1.
        with (
            Path(os.devnull).open("w") as quiet,
            contextlib.redirect_stderr(quiet),
            contextlib.suppress(SystemExit),
        ):
            call_command(
                "import_procedures", str(records), publish=True, stdout=quiet, stderr=quiet
            )
        started = time.perf_counter()
        count = worker.build()
        build = time.perf_counter() - started
        size = _size(Path(folder) / "index" / worker.backend().store.current())
        stock, stock_any, stock_build, stock_size = _stock(Path(folder) / "stock")
        fts, fts_build = _fts5()

        def ours(text: str) -> list[str]:
            return [result.code for result in find(text).results]

        print(f"search: {count} procedures, {len(questions)} distinct questions, one process")
        print(
            f"{'':<26} {'build s':>8} {'index MB':>9} {'p50 ms':>9} {'p95 ms':>9} "
            f"{'hit@1':>7} {'hit@3':>7} {'MRR':>7}"
        )
        for ask in (ours, stock, stock_any, fts):
            ask("giấy phép")  # opens files and imports what is imported late
        ours_seconds, *ours_rest = _measure(ours, questions)
        stock_seconds, *stock_rest = _measure(stock, questions)
        any_seconds, *any_rest = _measure(stock_any, questions)
        fts_seconds, *fts_rest = _measure(fts, questions)
        print(_line("ours", ours_seconds, tuple(ours_rest), build, size))
        for name, seconds, rest in (
            ("stock haystack, all words", stock_seconds, stock_rest),
            ("stock haystack, any word", any_seconds, any_rest),
        ):
            print(_line(name, seconds, tuple(rest), stock_build, stock_size))
        print(_line("SQLite FTS5, folded", fts_seconds, tuple(fts_rest), fts_build, None))
        if os.environ.get("BENCH") == "full":
            seconds, *rest = _measure(_wagtail(), questions[:40])
            print(_line("Wagtail db (40 asked)", seconds, tuple(rest), None, None))
        ratio = _p95(ours_seconds) / min(_p95(stock_seconds), _p95(any_seconds))
        verdict = "kept" if ratio <= WANTED else "NOT kept"
        print(f"search: p95 ours/faster stock = {ratio:.3f} (promise: at most {WANTED}): {verdict}")
        return 0 if ratio <= WANTED else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
