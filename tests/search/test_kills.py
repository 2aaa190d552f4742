"""Whoever writes the index may be killed at any moment: it answers on, and loses nothing.

Processes that build generations, swap them and write changes are killed with -9 at random, over a
database in a file of their own. After every kill the live index answers; at the end everything
published is found, nothing else is, and nothing is left lying about. The seed is printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.processes, pytest.mark.sqlite, pytest.mark.xdist_group("kills")]

#: ``KILLS=500`` looks harder; ``KILL_SEED`` repeats a run.
KILLS = int(os.environ.get("KILLS", "20"))
PAGES = 60

MAKE = f"""
from cms.models import *
field = Field.objects.named("Thử nghiệm")
home = ProcedureIndexPage.objects.get()
for n in range({PAGES}):
    page = ProcedurePage(code=f"9.7{{n:05d}}", slug=f"9-7{{n:05d}}", field=field,
                         title=f"Cấp phép nuôi ong số {{n}}", description="mật ong rừng " * 40)
    home.add_child(instance=page)
from search import worker
worker.build()
"""

#: One line of JSON a question: changes a few pages, asks, or brings everything in order.
CONTROL = """
import json, random, sys, time
from cms.models import ProcedurePage
from search import worker
from search.finder import find, suggest
from search.models import PendingIndex
from search.signals import queue

def change(seed):
    rng = random.Random(seed)
    pages = list(ProcedurePage.objects.order_by("code"))
    for page in rng.sample(pages, 4):
        page.live = not page.live if rng.random() < 0.5 else page.live
        page.title = page.title.split(" lần ")[0] + f" lần {seed}"
        ProcedurePage.objects.filter(pk=page.pk).update(live=page.live, title=page.title)
        queue([page.pk], bulk=rng.random() < 0.5)
    return {}

def ask(_):
    found = find("nuôi ong")
    assert worker.index_ready()
    suggest("nuôi o")
    return {"total": found.total}

def settle(_):
    end = time.monotonic() + 60
    while PendingIndex.objects.exists() and time.monotonic() < end:
        worker.drop_unpublished()
        worker.drain(rebuild=False)
    store = worker.backend().store
    store.tidy()
    live = set(ProcedurePage.objects.live().values_list("title", flat=True))
    with store.reading() as searcher:
        cards = [json.loads(row["card"]) for row in searcher.reader().all_stored_fields()]
    from search import sums
    folder = store.path / store.current()
    used = {path.name for path in sums.used_files(folder)} | {"sums"}
    return {
        "waiting": PendingIndex.objects.count(),
        "missing": sorted(live - {card["name"] for card in cards}),
        "too many": sorted({card["name"] for card in cards} - live),
        "twice": len(cards) - len({card["code"] for card in cards}),
        "found": find("nuôi ong").total, "live": len(live),
        "intact": sums.intact(folder),
        "left": sorted(path.name for path in store.path.glob("g-*") if path != folder),
        "left inside": sorted(path.name for path in folder.iterdir()
                              if path.name not in used and not path.name.endswith("WRITELOCK")),
    }

print("ready", flush=True)
for line in sys.stdin:
    name, number = line.split()
    print(json.dumps(globals()[name](int(number))), flush=True)
"""


class Site:
    """A database and an index in a folder, and processes over them."""

    def __init__(self, folder: Path) -> None:
        clean = {
            name: value
            for name, value in os.environ.items()
            if name
            not in {"DATABASE_URL", "TEST_DATABASE_URL", "SEARCH_URL", "DJANGO_SETTINGS_MODULE"}
        }
        self.environment = {
            **clean,
            "DATA_DIR": str(folder),
            "PUBLIC_URL": "http://localhost:8999",
            "SECRET_KEY": "kills-kills-kills-kills-kills-kills-kills",
            "DEMO": "0",
        }
        self._control: subprocess.Popen[str] | None = None

    def manage(self, *arguments: str) -> None:
        """Run a command to its end."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def process(self, code: str, **environment: str) -> subprocess.Popen[str]:
        """A process in the site's shell, once it has begun."""
        started = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert started.stdout
        assert started.stdout.readline().strip() == "ready"
        return started

    def tell(self, name: str, number: int = 0) -> dict[str, object]:
        """One line to the controlling process, one back."""
        if self._control is None:
            self._control = self.process(CONTROL)
        assert self._control.stdin
        assert self._control.stdout
        self._control.stdin.write(f"{name} {number}\n")
        self._control.stdin.flush()
        line = self._control.stdout.readline()
        assert line, f"the controlling process ended at {name}"
        found: dict[str, object] = json.loads(line)
        return found

    def close(self) -> None:
        """End the controlling process."""
        if self._control is not None:
            self._control.kill()
            self._control.wait()


#: Loading the site takes seconds, a fork none: the nursery forks a writer for every kill, tells
#: its number, and goes on when it has been killed.
CHURN = """
import os, sys
from django.db import connections as databases
from search import worker
worker.backend()
worker._index()
databases.close_all()
print("ready", flush=True)
for line in sys.stdin:
    role = line.strip()
    child = os.fork()
    if child == 0:
        os.environ["ROLE"] = role
        sys.stdout = sys.stderr
        exec(open("tests/search/churning.py").read(), {"__name__": "churning"})
        os._exit(3)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    found = Site(tmp_path)
    found.manage("migrate", "--verbosity=0")
    found.manage("shell", "--no-imports", "-c", MAKE)
    yield found
    found.close()


def test_kills_at_any_moment_of_build_update_and_swap(site: Site) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"KILL_SEED={seed}")  # noqa: T201 - pytest shows it with a failure
    rng = random.Random(seed)
    nurseries = {role: site.process(CHURN) for role in ("build", "drain")}
    try:
        running = {role: _fork(nursery, role) for role, nursery in nurseries.items()}
        for kill in range(KILLS):
            site.tell("change", seed + kill)
            time.sleep(rng.choice([0.0, 0.01, 0.05, 0.1, 0.2, 0.3]) + rng.random() * 0.05)
            role = rng.choice(["build", "drain"])
            os.kill(running[role], signal.SIGKILL)
            nursery = nurseries[role]
            assert nursery.stdout
            assert nursery.stdout.readline().strip() == str(-signal.SIGKILL)
            answer = site.tell("ask")
            assert answer["total"], f"kill {kill}: the index has lost everything"
            running[role] = _fork(nursery, role)
            if kill % 10 == 9:
                for pid, one in zip(running.values(), nurseries.values(), strict=True):
                    os.kill(pid, signal.SIGKILL)
                    assert one.stdout
                    one.stdout.readline()
                _in_order(site.tell("settle"))
                running = {role: _fork(one, role) for role, one in nurseries.items()}
    finally:
        for pid in running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for nursery in nurseries.values():
            nursery.kill()
            nursery.wait()
    _in_order(site.tell("settle"))


def _fork(nursery: subprocess.Popen[str], role: str) -> int:
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{role}\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def _in_order(state: dict[str, object]) -> None:
    assert state.pop("found") == state.pop("live")
    assert state == {
        "waiting": 0,
        "missing": [],
        "too many": [],
        "twice": 0,
        "intact": True,
        "left": [],
        "left inside": [],
    }
