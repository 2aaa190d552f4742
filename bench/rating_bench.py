"""How many ratings a second come in, and that each is there once, beside a bare Django view.

Run as ``python -m bench.rating_bench``, or with ``sqlite`` or ``postgresql`` as its argument. Both
sites are served at once by the same gunicorn with as many processes, and asked in turn by the
same tool; the peer (bench/bare_event) inserts one row with four answers through the ORM, with no
middleware, form, token, limit or count. Forms are the product's own, made and signed beforehand;
every tenth request sends one of the last forms once more.
"""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.load import Request, Run, at_full_speed, at_steady_rate
from bench.serving import environment, manage, server
from tests.services.servers import find_postgres, postgres

FULL = os.environ.get("BENCH") == "full"
#: Rounds; in each both sites are asked for so many seconds.
ROUNDS, SECONDS = (6, 5.0) if FULL else (3, 3.0)
STEADY_SECONDS = 30.0 if FULL else 8.0
STEADY_RATE = 200
#: Kept connections at full speed: four for each thread that answers.
CONNECTIONS = 32
COUNTERS = 100
REPLAYS = 0.1
#: The bounds of the product: share of the peer, milliseconds at the steady rate.
RATIO, P99, LONGEST = 0.5, 250, 2000

_MAKE_COUNTERS = f"""
from cms.models import *
office = Office(title="Chi nhánh thử", slug="chi-nhanh-thu", address="1 Phố Thử")
OfficeIndexPage.objects.get().add_child(instance=office)
field = Field.objects.named("Hộ tịch")
from feedback.poster_codes import current_of
for number in range({COUNTERS}):
    Counter.objects.create(office=office, name=f"Quầy {{number}}", main_field=field)
current_of(Counter.objects.all())  # printed
"""
#: One line a form: counter, submission, cookie, body.
_MAKE_FORMS = """
import random, secrets, sys
from urllib.parse import urlencode
from cms.models import Counter
from feedback.tokens import open_form
codes = list(Counter.objects.values_list("code", flat=True))
for number in range({forms}):
    token = open_form(codes[number % len(codes)])
    sent = {{name: random.choice("1234555") for name in ("attitude", "time", "clarity", "fees")}}
    sent["comment"] = "Cán bộ hướng dẫn rõ ràng." if number % 10 == 0 else ""
    sent["token"] = token.sign()
    print(token.code, token.submission.hex, secrets.token_urlsafe(16), urlencode(sent))
"""
#: rows, rows without a form that was sent, forms acknowledged but not there, wrong counts,
#: counted answers about attitude that no row explains.
_LOOK = """
from django.db.models import Sum
from feedback.models import Rating, Rollup
from feedback.recounting import recount
sent, kept = ({{line.strip() for line in open(path)}} for path in ({sent!r}, {kept!r}))
there = {{pk.hex for pk in Rating.objects.values_list("pk", flat=True)}}
rows = Rating.objects.count()
counted = Rollup.objects.filter(item="attitude").aggregate(n=Sum("count"))["n"] or 0
print(rows, len(there - sent), len(kept - there), recount().different, counted - rows)
"""


class Forms:
    """Prepared forms as requests, in order, every tenth one of the last forty over again."""

    def __init__(self, lines: list[str]) -> None:
        self.names: list[str] = []
        self.requests: list[bytes] = []
        for line in lines:
            code, name, cookie, body = line.split(" ")
            self.names.append(name)
            self.requests.append(
                f"POST /r/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: bck_r={cookie}\r\n"
                "Accept-Language: vi\r\nAccept-Encoding: gzip\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
            )
        self.used = 0
        self.choice = random.Random(5)

    def __iter__(self) -> Iterator[Request]:
        """Goes on where the last one ended."""
        while True:
            number = self.used
            if number and self.choice.random() < REPLAYS:
                number = max(0, number - self.choice.randint(1, 40))
            else:
                self.used += 1
            if self.used > len(self.requests):
                raise RuntimeError("more forms are needed")
            yield number, self.requests[number]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def _sites(database: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The environments of the product and of the peer, each with an empty database of its own."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bck-bench-")))
        urls = [f"sqlite:///{folder / 'db.sqlite3'}"] * 2
        if database == "postgresql":
            address = stack.enter_context(postgres(durable=True))
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CREATE DATABASE bare")
            urls = [address, f"{address.rpartition('/')[0]}/bare"]
        ours = environment(folder, DATABASE_URL=urls[0], DEMO="0")
        bare = environment(
            folder, DATABASE_URL=urls[1], DJANGO_SETTINGS_MODULE="bench.bare_event.settings"
        )
        manage(ours, "start", "--prepare-only")
        manage(bare, "migrate", "--run-syncdb", "-v0")
        if database == "sqlite":
            with contextlib.closing(sqlite3.connect(folder / "db.sqlite3-bare")) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        manage(ours, "shell", "-v0", "-c", _MAKE_COUNTERS)
        yield ours, bare


def _row(name: str, run: Run) -> None:
    times = "".join(f"{run.percentile(share):>10.1f}" for share in (0.5, 0.99, 1.0))
    _say(f"{name:34}{run.rate:>10.0f}{times}   {dict(run.statuses)}")


def _measure(database: str) -> bool:
    """One table; False when a bound was missed."""
    with _sites(database) as (ours, bare), contextlib.ExitStack() as stack:
        number = int(2500 * (ROUNDS + 1) * SECONDS + STEADY_RATE * STEADY_SECONDS)
        made = manage(ours, "shell", "-v0", "-c", _MAKE_FORMS.format(forms=number))
        forms, others = (Forms(made.splitlines()) for _ in range(2))
        peer = stack.enter_context(server(bare, "django.core.wsgi:get_wsgi_application()"))
        port = stack.enter_context(server(ours, "portal.wsgi:application"))
        speed = {"connections": CONNECTIONS}
        sent = at_full_speed(port, iter(forms), seconds=1, **speed)
        at_full_speed(peer, iter(others), seconds=1, **speed)
        steady = at_steady_rate(port, iter(forms), seconds=STEADY_SECONDS, rate=STEADY_RATE)
        full, theirs = Run(), Run()
        before = time.process_time()
        for _ in range(ROUNDS):
            theirs += at_full_speed(peer, iter(others), seconds=SECONDS, **speed)
            full += at_full_speed(port, iter(forms), seconds=SECONDS, **speed)
        tool = (time.process_time() - before) / (2 * ROUNDS * SECONDS)
        _say(
            f"\nRatings on {database}, two processes, {CONNECTIONS} connections"
            f" (load average {os.getloadavg()[0]:.1f}, the tool takes {tool:.0%} of a core)"
        )
        _say(f"{'':34}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}{'longest':>10}   answers")
        _row("bare view, one row", theirs)
        _row("our rating, one in ten twice", full)
        _row(f"our rating, steady {STEADY_RATE} a second", steady)
        ratio = full.rate / theirs.rate
        _say(f"{'ratio ours / bare':34}{ratio:>10.2f}")
        whole = _whole(ours, forms, sent + steady + full)
    slow = steady.percentile(0.99) > P99 or steady.percentile(1.0) > LONGEST
    return whole and ratio >= RATIO and not slow


def _whole(env: dict[str, str], forms: Forms, run: Run) -> bool:
    """Whether every acknowledged rating is there, once, and counted once."""
    paths = [Path(env["DATA_DIR"]) / name for name in ("sent", "kept")]
    kept = run.numbers(303)
    for path, numbers in zip(paths, (range(forms.used), kept), strict=True):
        path.write_text("".join(f"{forms.names[number]}\n" for number in numbers))
    look = _LOOK.format(sent=str(paths[0]), kept=str(paths[1]))
    rows, foreign, lost, wrong, twice = map(int, manage(env, "shell", "-v0", "-c", look).split())
    _say(
        f"{len(run.answers)} sent, {len(kept)} forms acknowledged, {rows} rows: {lost} lost, "
        f"{foreign + twice} too many, {wrong} counts differ"
    )
    return not (lost or foreign or twice or wrong or set(run.statuses) - {303})


def main() -> int:
    """Print a table for each database; 1 when a bound was missed."""
    named = [name for name in sys.argv[1:] if name in {"sqlite", "postgresql"}]
    wanted = named or ["sqlite", "postgresql"]
    if "postgresql" in wanted and not find_postgres():
        _say("rating_bench: PostgreSQL is not installed; left out")
        wanted.remove("postgresql")
    kept = [_measure(database) for database in wanted]  # every table, also after a bad one
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
