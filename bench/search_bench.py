"""Search against its peers: same records, same questions, one run, result caches off.

Run as ``python -m bench.search_bench``. Every peer is built and asked in a process of its own,
one after the other, so that memory and time are its own; ours goes through haystack as the site
does (corrections, results, exact count, counts of the filters). Everything lives in a temporary
folder. The exit code is 1 when a promise is not kept, 2 when the data is missing.
"""

from __future__ import annotations

import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zlib
from pathlib import Path
from typing import Any

from bench.search_peers import ASKED_LESS, SEARCHES, SUGGESTIONS, Ask
from bench.serving import environment, manage, server

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BENCH_DATA", ROOT.parent / "shared" / "data"))
KINDS = ROOT / "search" / "language" / "questions.jsonl"
#: Promises: relevance at least, times as parts of a peer's 95th percentile at most.
HIT3, HIT1, MRR = 0.90, 0.75, 0.82
PART_OF_STOCK, PART_OF_POSTGRESQL, TIMES_AT_50K, SUGGEST_MS = 0.25, 1.0, 4.0, 5.0


def _questions() -> list[dict[str, Any]]:
    """Distinct questions with their right codes and the half they belong to."""
    found = {}
    for line in (DATA / "queries-dev.jsonl").read_text().splitlines():
        if line.strip():
            row = json.loads(line)
            half = "AB"[zlib.crc32(row["id"].encode()) % 2]
            found[row["query"]] = {
                "query": row["query"],
                "codes": row["expected_codes"],
                "kind": f"real questions, half {half}",
            }
    return list(found.values())


def _kinds() -> list[dict[str, Any]]:
    return [json.loads(line) for line in KINDS.read_text().splitlines() if line.strip()]


def _beginnings() -> list[dict[str, Any]]:
    """What stands in the search box while the questions are typed, from the second letter on."""
    typed = {row["query"][:length]: None for row in _questions()[::4] for length in range(2, 20, 3)}
    return [{"query": text, "codes": []} for text in typed]


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def _asked(ask: Ask, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for question in questions:
        started = time.perf_counter()
        found = ask(question["query"])
        seconds = time.perf_counter() - started
        right = set(question["codes"])
        rank = next((place for place, code in enumerate(found[:10], 1) if code in right), 0)
        # What must find nothing is right when it finds nothing.
        rows.append({"s": seconds, "rank": rank if right else int(not found)})
    return rows


def _child(name: str, folder: Path) -> None:
    """Build one peer, ask it everything and print what was measured as JSON."""
    import django

    django.setup()
    make = {**SEARCHES, **SUGGESTIONS}[name]
    questions = _beginnings() if name in SUGGESTIONS else _questions()
    before = _memory()
    started = time.perf_counter()
    peer = make(folder)
    build = time.perf_counter() - started
    for text in ("giấy phép", "dang ky", "giay"):
        peer.ask(text)  # opens files and imports what is imported late
    answer: dict[str, Any] = {"build": build, "size": peer.size}
    answer["asked"] = _asked(peer.ask, questions[: ASKED_LESS.get(name)])
    if name == "ours":
        answer["kinds"] = _asked(peer.ask, _kinds())
    answer["memory"] = _memory() - before
    peer.close.close()
    print(json.dumps(answer))


def _measured(name: str, env: dict[str, str], folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.search_bench", name, str(folder)]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _over_http(env: dict[str, str]) -> list[float]:
    """Seconds of each question over HTTP, as JSON, one after the other."""
    seconds = []
    with server(env, "portal.wsgi:application") as port:
        for warm, questions in ((True, _questions()[:20]), (False, _questions()[20:])):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for question in questions:
                address = f"/api/v1/search/?q={urllib.parse.quote(question['query'])}"
                started = time.perf_counter()
                connection.request("GET", address)
                connection.getresponse().read()
                if not warm:
                    seconds.append(time.perf_counter() - started)
            connection.close()
    return seconds


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def _relevance(rows: list[dict[str, Any]]) -> tuple[float, float, float]:
    ranks = [row["rank"] for row in rows]
    count = len(ranks)
    return (
        sum(rank == 1 for rank in ranks) / count,
        sum(1 <= rank <= 3 for rank in ranks) / count,
        sum(1 / rank for rank in ranks if rank) / count,
    )


def _cell(value: float | None, width: int = 9) -> str:
    return f"{'–':>{width}}" if value is None else f"{value:{width}.1f}"


def _line(name: str, answer: dict[str, Any], *, relevance: bool = True) -> str:
    seconds = [row["s"] for row in answer["asked"]]
    cells = [answer.get("build"), answer.get("size"), answer.get("memory")]
    times = [statistics.median(seconds) * 1000, _p95(seconds)]
    text = f"{name:<27}" + "".join(_cell(value) for value in (*cells, *times))
    if relevance:
        text += "".join(f"{value:8.3f}" for value in _relevance(answer["asked"]))
    return text


def _by_kind(questions: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for question, row in zip(questions, rows, strict=True):
        kinds.setdefault(question["kind"], []).append(row)
    for kind, some in kinds.items():
        values = "".join(f"{value:8.3f}" for value in _relevance(some))
        print(f"{kind:<27}{len(some):>5}{values}")


def _kept(name: str, value: float, most: float, *, at_least: bool = False) -> bool:
    good = value >= most if at_least else value <= most
    bound = f"{'at least' if at_least else 'at most'} {most:g}"
    print(f"search: {name} = {value:.3f} (promise: {bound}): {'kept' if good else 'NOT kept'}")
    return good


def main() -> int:
    """Print the tables; 0 when ours keeps every promise, 1 when not, 2 when the data is missing."""
    records, asked = DATA / "procedures.jsonl.gz", DATA / "queries-dev.jsonl"
    missing = [path.name for path in (records, asked) if not path.is_file()]
    if missing:
        print(f"search: skipped, missing in {os.path.relpath(DATA, ROOT)}: {', '.join(missing)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="bck-bench-") as name:
        folder = Path(name)
        env = environment(folder)
        manage(env, "migrate", "-v0")
        manage(env, "collectstatic", "--noinput", "-v0")
        # Some records of the real file are rejected, which is an exit code of 1.
        command = [sys.executable, "-m", "django", "import_procedures", str(records), "--publish"]
        subprocess.run(command, env=env, cwd=ROOT, capture_output=True)
        return _tables(env, folder)


def _tables(env: dict[str, str], folder: Path) -> int:
    head = ("build s", "MB", "RAM MB", "p50 ms", "p95 ms")
    print(f"{'':<27}" + "".join(f"{word:>9}" for word in head) + "   hit@1   hit@3     MRR")
    found = {}
    for name in SEARCHES:
        found[name] = _measured(name, env, folder)
        print(_line(name, found[name]), flush=True)
        if name == "ours":
            over_http = [{"s": seconds} for seconds in _over_http(env)]
            print(_line("ours over HTTP", {"asked": over_http}, relevance=False), flush=True)
    print(f"\n{'suggestions':<27}" + "".join(f"{word:>9}" for word in head))
    for name in SUGGESTIONS:
        found[name] = _measured(name, env, folder)
        print(_line(name, found[name], relevance=False), flush=True)
    print(f"\n{'relevance by kind':<27}{'n':>5}   hit@1   hit@3     MRR")
    _by_kind(_questions(), found["ours"]["asked"])
    _by_kind(_kinds(), found["ours"]["kinds"])
    print()
    p95 = {name: _p95([row["s"] for row in one["asked"]]) for name, one in found.items()}
    hit1, hit3, mrr = _relevance(found["ours"]["asked"])
    stock = min(p95["stock haystack, all words"], p95["stock haystack, any word"])
    suggest = p95["our suggestions"]
    kept = [
        _kept("hit@3", hit3, HIT3, at_least=True),
        _kept("hit@1", hit1, HIT1, at_least=True),
        _kept("MRR", mrr, MRR, at_least=True),
        _kept("p95 ours / stock haystack", p95["ours"] / stock, PART_OF_STOCK),
        _kept("p95 ours / PostgreSQL", p95["ours"] / p95["PostgreSQL, folded"], PART_OF_POSTGRESQL),
        _kept("p95 at 50,000 / p95", p95["ours, 50,000 records"] / p95["ours"], TIMES_AT_50K),
        _kept("p95 of suggestions, ms", suggest, SUGGEST_MS),
        _kept("p95 suggestions / FTS5", suggest / p95["SQLite FTS5, beginnings"], 1.0),
    ]
    print(f"search: p95 ours / SQLite FTS5 = {p95['ours'] / p95['SQLite FTS5, folded']:.3f}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _child(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
