"""``make test``: the whole suite, with what this machine has.

The suite runs on SQLite first; the same tests run on PostgreSQL when it is installed. What needs
a program that is missing is skipped with a line that names it; ``REQUIRE_ALL=1`` makes a skip a
failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext

from tests.services.servers import find_postgres, find_redis, postgres, redis

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def _pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-n", "auto", *arguments]
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
    arguments = sys.argv[1:]
    cache: AbstractContextManager[str] = redis() if find_redis() else nullcontext("")
    with cache as redis_url:
        _say("== the suite on SQLite")
        code = _pytest(*arguments, TEST_DATABASE_URL="", TEST_REDIS_URL=redis_url)
        if code or not find_postgres():
            return code
        _say("== the same tests on PostgreSQL (what drives Chromium or whole processes ran above)")
        with postgres() as url:
            return _pytest(
                *arguments,
                "-m",
                "not browser and not services",
                TEST_DATABASE_URL=url,
                TEST_REDIS_URL=redis_url,
            )


if __name__ == "__main__":
    sys.exit(main())
