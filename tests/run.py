"""``make test``: the whole suite, with what this machine has.

First the quick tests on SQLite; then what takes long (Chromium, whole processes, the whole site,
the real records, every random example); then everything but Chromium on PostgreSQL (with Redis)
where installed. What needs a program that is missing is skipped with a line that names it;
``REQUIRE_ALL=1`` makes a skip a failure.
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
UNKEPT = "PYTHONDONTWRITEBYTECODE"
#: Marks of what is apart from the quick tests; ``hypothesis`` is its own mark of its tests, which
#: run twice: a few random examples each time, and all of them.
LONG = "browser or services or walks or processes or realdata"
QUICK = ["-m", f"not ({LONG})", "--hypothesis-profile", "quick", "--dist", "worksteal"]
#: Not even imported for the quick tests.
QUICK += ["--ignore", "tests/browser", "--ignore", "tests/services"]


def _pytest(*arguments: str, **environment: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *arguments]
    # Compiled modules are kept, or each of the test processes would compile the tests again.
    inherited = {key: value for key, value in os.environ.items() if key != UNKEPT}
    return subprocess.call(command, env={**inherited, **environment})


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
    grouped = ["--dist", "loadgroup", "-m"]
    runs: list[tuple[str, list[str], Server, Server]] = [
        ("the quick tests on SQLite", QUICK, none, none),
        (
            "Chromium, whole processes, whole site, real records, all examples",
            [*grouped, f"{LONG} or hypothesis"],
            none,
            none,
        ),
    ]
    if find_postgres():
        cache = redis() if find_redis() else none
        title = "the suite on PostgreSQL" + (" and Redis" if find_redis() else "")
        runs.append((title, [*grouped, "not browser and not services"], postgres(), cache))
    for title, options, database, cache in runs:
        _say(f"== {title}")
        with database as database_url, cache as redis_url:
            code = _pytest(
                *options,
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
