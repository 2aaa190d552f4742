"""Ratings under load while processes die: every acknowledged one is there, once."""

from __future__ import annotations

import http.client
import os
import queue
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs

import pytest

from tests.services.servers import find_postgres, kill_postgres, postgres
from tests.services.test_processes import MAKE_COUNTER, Site

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("rating load")]

FORMS = 250
CITIZENS = 8
#: Seconds in which all ratings must have been taken, however slow the machine.
PATIENCE = 240
MAKE_FORMS = """
from urllib.parse import urlencode
from feedback.tokens import open_form
for number in range({number}):
    sent = dict(attitude=1 + number % 5, time=number % 6, clarity=5, fees=3)
    print("form", urlencode({{**sent, "token": open_form("TEST123").sign()}}))
"""


class Crowd:
    """Citizens who send prepared forms, each again and again until it is acknowledged."""

    def __init__(self, site: Site, forms: list[str]) -> None:
        self.site = site
        self.waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for form in forms:
            self.waiting.put(form)
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self.end = time.monotonic() + PATIENCE
        self.threads = [threading.Thread(target=self.citizen) for _ in range(CITIZENS)]

    def citizen(self) -> None:
        """Send until nothing is left."""
        while time.monotonic() < self.end:
            try:
                form = self.waiting.get_nowait()
            except queue.Empty:
                return
            status = send(self.site, form)[0]
            if status == 303:
                self.acknowledged.append(form)
                continue
            self.refused.append(status)
            self.waiting.put(form)
            time.sleep(0.05)

    def reach(self, number: int) -> None:
        """Wait until so many ratings were acknowledged."""
        self.site.wait(lambda: len(self.acknowledged) >= number, PATIENCE)


def send(site: Site, form: str) -> tuple[int, str]:
    """Status and body; status 0 when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/r/TEST123", form, head)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def prepared_forms(site: Site, number: int) -> list[str]:
    lines = site.manage("shell", "-v0", "-c", MAKE_FORMS.format(number=number)).splitlines()
    return [line.removeprefix("form ") for line in lines if line.startswith("form ")]


def kill_web(site: Site) -> None:
    os.kill(site.web_processes()[1], signal.SIGKILL)


def kill_master(site: Site) -> None:
    os.kill(site.web_processes()[0], signal.SIGKILL)


def kill_worker(site: Site) -> None:
    for pid in site.children(site.process.pid, "manage.py\0worker")[:1]:
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The running site with one counter, whose minute holds as many ratings as are sent here."""
    with ExitStack() as stack:
        site = Site(tmp_path_factory.mktemp(request.param))
        if request.param == "postgresql":
            if not find_postgres():
                pytest.skip("PostgreSQL is not installed")
            site.environment["DATABASE_URL"] = stack.enter_context(postgres(durable=True))
        site.manage("start", "--prepare-only")
        site.manage("shell", "-c", MAKE_COUNTER)
        site.start()
        yield site
        os.kill(site.process.pid, signal.SIGTERM)
        site.process.wait(30)


def test_every_acknowledged_rating_is_there_once_though_processes_are_killed(site: Site) -> None:
    kills: list[Callable[[Site], None]] = [kill_web, kill_worker, kill_master, kill_web]
    database = site.environment.get("DATABASE_URL", "")

    def kill_database(_: Site) -> None:
        start_again = kill_postgres(database)
        time.sleep(0.5)
        start_again()

    if database:
        kills.append(kill_database)
    (before, _) = site.events()
    crowd = Crowd(site, prepared_forms(site, FORMS))
    for thread in crowd.threads:
        thread.start()
    for number, kill in enumerate(kills, start=1):
        crowd.reach(number * FORMS // (len(kills) + 2))
        kill(site)
    for thread in crowd.threads:
        thread.join()
    assert len(set(crowd.acknowledged)) == FORMS
    # Broken connections, and the page that says "busy"; never a bare error.
    assert set(crowd.refused) <= {0, 503}
    # What was acknowledged was not sent again: a lost one would be missing here.
    assert site.events() == (before + FORMS, 0)
    assert {send(site, form)[0] for form in crowd.acknowledged[::20]} == {303}
    assert site.events() == (before + FORMS, 0)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)  # a PostgreSQL server's disk is its own
def test_a_full_disk_refuses_clearly_and_keeps_the_answers(site: Site) -> None:
    site.get("/")  # the settings of the city are written when a page first asks for them
    before = site.events()
    (form,) = prepared_forms(site, 1)
    processes = site.web_processes()
    limits = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes]
    for pid, (_, hard) in zip(processes, limits, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))  # no file may grow beyond it
    try:
        status, page = send(site, form)
    finally:
        for pid, limit in zip(processes, limits, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
    assert status == 503
    sent = parse_qs(form)
    assert sent["token"][0] in page
    for name in ("attitude", "clarity", "fees"):
        (answer,) = [tag for tag in page.split("<input")[1:] if f'name="{name}"' in tag
                     and f'value="{sent[name][0]}"' in tag.split(">")[0]]  # fmt: skip
        assert "checked" in answer.split(">")[0]
    assert site.events() == before
    assert send(site, form)[0] == 303
    assert site.events() == (before[0] + 1, 0)
