"""Web servers for benchmarks: gunicorn as the product starts it, and a load tool."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Connections kept open at once; four per web process.
CONNECTIONS = 8


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that works in ``folder`` with the defaults of the product."""
    left_out = ("DATABASE_URL", "SEARCH_URL", "REDIS_URL", "PUBLIC_URL", "PORT", "WORKERS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **kept,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "bench-only-bench-only-bench-only-bench",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "site"))),
        **more,
    }


def manage(env: dict[str, str], *words: str) -> str:
    """Run a management command to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=env,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(env: dict[str, str], application: str, workers: int = 2) -> Iterator[int]:
    """gunicorn with as many processes and threads as the product; gives its port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "error"], env=env, cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def requests_per_second(port: int, path: str, seconds: int = 5) -> float:
    """How many answers 200 a second, over kept connections; warms up first.

    Raises RuntimeError when any answer is not 200.
    """
    _check(port, path)
    tool = shutil.which("wrk")
    address = f"http://127.0.0.1:{port}{path}"
    if not tool:
        return _own_load(port, path, seconds)
    command = [tool, "-t2", f"-c{CONNECTIONS}", "-H", "Accept-Encoding: gzip"]
    for length in (1, seconds):
        done = subprocess.run(
            [*command, f"-d{length}s", address], check=True, capture_output=True, text=True
        )
    if "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])


def _check(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")


def _own_load(port: int, path: str, seconds: int) -> float:
    """The same with threads of this process, where no load tool is installed: it takes part of
    the processor, so fast answers look slower than they are."""
    counts = [0] * CONNECTIONS
    end = time.monotonic() + seconds

    def ask(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
