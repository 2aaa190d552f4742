"""5,000 counters and a million answers (ten with ``BENCH=full``): rollups, scores, score pages.

Run as ``python -m bench.counting_bench``. Answers are made in SQL in a database of its own
(SQLite). Timed: rebuilding the rollups (``recount_ratings``) against one plain ``GROUP BY`` over
the same events, and publishing a month. Then the page and the JSON of a score, whose queries and
rows must be the same with few answers as with all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.serving import environment, manage

ROOT = Path(__file__).resolve().parents[1]
COUNTERS = 5_000
ANSWERS = 10_000_000 if os.environ.get("BENCH") == "full" else 1_000_000
#: At least so much: rows a second of the rebuilding against those of the plain GROUP BY.
RATIO = 0.25


def main() -> int:
    """Make the city, time, print; 1 when a bound is missed (a page grew, recounting is slow)."""
    with tempfile.TemporaryDirectory(prefix="bench-counting-") as folder:
        env = environment(Path(folder))
        manage(env, "migrate", "-v0")
        manage(env, "collectstatic", "--noinput", "-v0")
        code = f"from bench.counting_bench import measure; raise SystemExit(measure({ANSWERS}))"
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=env
        )
        return done.returncode


def measure(answers: int) -> int:
    """In a Django process with an empty, migrated database: make, time and print."""
    from feedback.models import Snapshot, SnapshotScore
    from feedback.recounting import recount
    from feedback.snapshots import publish_month

    month = _make_city()
    _make_answers(month, 20_000)
    recount()
    publish_month(month=month)
    few = _page_cost()
    # The cost with many answers is taken with one edition again, as with few.
    SnapshotScore.objects.all().delete()
    Snapshot.objects.all().delete()
    started = time.perf_counter()
    _make_answers(month, answers - 20_000)
    made = time.perf_counter() - started
    plain = _timed(_plain_group_by)
    rebuilt = _timed(recount)
    published = _timed(lambda: publish_month(month=month))
    checked = _timed(recount)
    many = _page_cost()
    print(f"\nCounting: {COUNTERS:,} counters, {answers:,} answers (made in {made:.0f} s)")
    print(f"{'plain GROUP BY':34}{plain:8.1f} s {answers / plain:12,.0f} answers/s")
    print(
        f"{'rollups rebuilt from nothing':34}{rebuilt:8.1f} s {answers / rebuilt:12,.0f} answers/s"
        f"  ratio {plain / rebuilt:.2f}"
    )
    print(f"{'rollups checked, all right':34}{checked:8.1f} s {answers / checked:12,.0f} answers/s")
    print(f"{'a month published':34}{published:8.1f} s, peak memory {_peak():.0f} MB")
    good = plain / rebuilt >= RATIO
    if not good:
        print(f"rollups rebuilt slower than {RATIO} of the plain GROUP BY: BROKEN")
    for path, cost in many.items():
        same = cost == few[path]
        good = good and same
        print(
            f"{path:34}{cost[0]:4} queries, {cost[1]} rows read"
            f"{'' if same else f'  GREW from {few[path]}'}"
        )
    return int(not good)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _make_city() -> Any:
    from cms.models import Counter, Field, Office, OfficeIndexPage
    from feedback.snapshots import last_finished_month

    index = OfficeIndexPage.objects.get()
    fields = [Field.objects.named(f"Lĩnh vực {number}") for number in range(20)]
    counters = []
    for number in range(COUNTERS // 25):
        office = Office(title=f"Trung tâm {number}", address="1 Phố", levels=["commune"])
        index.add_child(instance=office)
        counters += [
            Counter(office=office, name=f"Quầy {n}", main_field=fields[(number + n) % 20])
            for n in range(25)
        ]
    Counter.objects.bulk_create(counters)
    return last_finished_month()


def _make_answers(month: Any, number: int) -> None:
    """Events of the year to the end of ``month``, as intake writes them, by one statement."""
    from django.db import connection

    first = connection.cursor()
    first.execute("SELECT min(id) FROM cms_counter")
    lowest = first.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
            INSERT INTO feedback_rating (id, counter_id, channel, service_day, attitude, time,
                clarity, fees, drivers, standing, reason, answers_digest)
            SELECT lower(hex(randomblob(16))), %s + abs(random()) %% %s,
                CASE abs(random()) %% 4 WHEN 0 THEN 'poster' WHEN 1 THEN 'display'
                    ELSE 'receipt' END,
                date(%s, '-' || (abs(random()) %% 330) || ' days'),
                5 - min(abs(random()) %% 7, abs(random()) %% 7, 4), 1 + abs(random()) %% 5,
                abs(random()) %% 6, abs(random()) %% 6, 0, 'counted', '', randomblob(16)
            FROM n
            """,
            [number, lowest, COUNTERS, month.isoformat()],
        )


def _plain_group_by() -> None:
    """The same counts for nobody: what the database needs at least."""
    from django.db import connection

    with connection.cursor() as cursor:
        for item in ("attitude", "time", "clarity", "fees"):
            cursor.execute(
                f"SELECT counter_id, channel, service_day, {item}, count(*) "
                "FROM feedback_rating WHERE standing = 'counted' GROUP BY 1, 2, 3, 4"
            )
            while cursor.fetchmany(10_000):
                pass


def _page_cost() -> dict[str, tuple[int, int]]:
    """Queries, and rows that came back, of a counter's page and its JSON."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client

    from feedback.models import SnapshotScore

    code = SnapshotScore.objects.order_by("counter_id").last().counter.code  # type: ignore[union-attr]
    costs = {}
    for name, path in (
        ("page of a counter", f"/quay/{code}/"),
        ("JSON of its score", f"/api/v1/counters/{code}/score/"),
    ):
        Client().get(path, headers={"host": "localhost"})
        caches["pages"].clear()
        statements: list[tuple[str, Any]] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append((sql, params))  # noqa: B023 (run at once)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            answer = Client().get(path, headers={"host": "localhost"})
        assert answer.status_code == 200, (path, answer.status_code)
        rows = 0
        for sql, params in statements:
            if sql.startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute(sql, params)
                    rows += len(cursor.fetchall())
        costs[name] = (len(statements), rows)
    return costs


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
