"""``make test``: the whole suite, with what this machine has.

The suite runs on SQLite first; the same tests run on PostgreSQL (with Redis) where installed.
What needs a program that is missing is skipped with a line that names it; ``REQUIRE_ALL=1`` makes
a skip a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext

from tests.services.servers import find_postgres, find_redis, postgres, redis

Server = AbstractContextManager[str]
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def _pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadgroup"]
    command += arguments
    return subprocess.call(command, env={**os.environ, **environment})


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run everything; the exit code is the first failure's."""
    missing = []
    if not shutil.which("chromium"):
        missing.append("Chromium (browser tests)")
    if not find_postgres():
        missing.append("PostgreSQL (the suite on PostgreSQL)")
    if not find_redis():
        missing.append("Redis (cache and limits on Redis)")
    for name in missing:
        _say(f"{'missing' if REQUIRE_ALL else 'skipped'}: {name} is not installed")
    if missing and REQUIRE_ALL:
        _say("REQUIRE_ALL=1: a skip is a failure")
        return 1
    none = nullcontext("")
    runs: list[tuple[str, str, Server, Server]] = [
        ("the suite on SQLite", "not browser and not services and not walks", none, none),
        ("Chromium, whole processes, whole site", "browser or services or walks", none, none),
    ]
    if find_postgres():
        cache = redis() if find_redis() else none
        title = "the suite on PostgreSQL" + (" and Redis" if find_redis() else "")
        runs.append((title, "not browser and not services", postgres(), cache))
    for title, marks, database, cache in runs:
        _say(f"== {title}")
        with database as database_url, cache as redis_url:
            code = _pytest(
                "-m",
                marks,
                *sys.argv[1:],
                TEST_DATABASE_URL=database_url,
                TEST_REDIS_URL=redis_url,
            )
        # 5: nothing selected, as when one test is asked for by name
        if code not in (0, 5):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
