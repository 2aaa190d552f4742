"""The real processes: started by the command, killed with -9, stopped with Ctrl-C."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("processes")]

MAKE_COUNTER = """
from cms.models import *
office = Office(title="Chi nhánh thử", slug="chi-nhanh-thu", address="1 Phố Thử")
OfficeIndexPage.objects.get().add_child(instance=office)
Counter.objects.create(office=office, code="TEST123", name="Quầy 1",
                       main_field=Field.objects.named("Hộ tịch"))
"""


class Site:
    """A started site with one counter, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        clean = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "SEARCH_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        }
        self.environment = {
            **clean,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "SECRET_KEY": "processes-processes-processes-processes",
            "ADMIN_PASSWORD": "thử-một-mật-khẩu",
            "DEMO": "0",
        }

    def manage(self, *arguments: str) -> str:
        """Run a command to its end; gives stdout."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def start(self) -> subprocess.Popen[bytes]:
        """Start the site in a process group of its own and wait until it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )
        self.wait(lambda: self.get("/readyz")[0] == 200, 90)
        return self.process

    def runs(self) -> bool:
        """Whether the supervisor lives."""
        return self.process is not None and self.process.poll() is None

    def wait(self, condition: object, seconds: float) -> None:
        """Poll until the condition holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():  # type: ignore[operator]
                    return
            except OSError:
                pass
            time.sleep(0.2)
        pytest.fail("the site did not come to the expected state in time")

    def get(self, path: str) -> tuple[int, str]:
        """Status and body."""
        try:
            with urllib.request.urlopen(
                f"http://localhost:{self.port}{path}", timeout=15
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def form(self) -> dict[str, str]:
        """Open the rating form; gives its hidden fields."""
        _, page = self.get("/r/TEST123")
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
        return {
            re.search(r'name="([^"]+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
            for tag in hidden
        }

    def send(self, fields: dict[str, str]) -> int:
        """Post a rating; gives the status without following the redirect."""
        request = urllib.request.Request(
            f"http://localhost:{self.port}/r/TEST123",
            urllib.parse.urlencode(fields).encode(),
            method="POST",
        )
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def children(self, of: int, name: str) -> list[int]:
        """Process ids below ``of`` whose command line holds ``name``."""
        found = []
        for child in _children(of):
            with contextlib.suppress(OSError):
                if name in Path(f"/proc/{child}/cmdline").read_bytes().decode():
                    found.append(child)
            found += self.children(child, name)
        return found

    def web_processes(self) -> list[int]:
        """gunicorn's master, then its workers, once there is one of each."""
        self.wait(lambda: len(self.children(self.process.pid, "gunicorn")) > 1, 30)
        return self.children(self.process.pid, "gunicorn")

    def events(self) -> tuple[int, int]:
        """(events, differences) as recount_ratings counts them."""
        last = self.manage("recount_ratings").strip().splitlines()[-1]
        numbers = re.fullmatch(r"events: (\d+), rollups: \d+, differences: (\d+)", last)
        assert numbers, last
        return int(numbers[1]), int(numbers[2])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _children(of: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{of}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread that ended between the two looks
            found += [int(number) for number in path.read_text().split()]
    return found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("start", "--prepare-only")
    site.manage("shell", "-c", MAKE_COUNTER)
    yield site
    if site.runs():
        os.kill(site.process.pid, signal.SIGTERM)
        site.process.wait(30)


@pytest.fixture
def site(prepared: Site) -> Site:
    """The running site, whichever test came before."""
    if not prepared.runs():
        prepared.start()
    return prepared


def test_ratings_are_kept_once_though_a_web_process_is_killed(site: Site) -> None:
    acknowledged: list[dict[str, str]] = []
    stop = threading.Event()

    def citizen() -> None:
        while not stop.is_set():
            try:
                fields = {**site.form(), "attitude": "4", "time": "0", "clarity": "5", "fees": "3"}
                if site.send(fields) == 303:
                    acknowledged.append(fields)
            except (OSError, TypeError, http.client.HTTPException):
                continue  # a connection that died with its process; the citizen tries again

    threads = [threading.Thread(target=citizen) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 5):
            site.wait(lambda wanted=10 * number: len(acknowledged) >= wanted, 60)
            if number < 4:
                os.kill(site.web_processes()[1], signal.SIGKILL)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    site.wait(lambda: site.get("/readyz")[0] == 200, 30)
    events, differences = site.events()
    assert events >= len(acknowledged)
    assert differences == 0
    # A lost one would be stored anew when it is sent again; none is.
    assert {site.send(fields) for fields in acknowledged} == {303}
    assert site.events() == (events, 0)


def test_a_killed_worker_and_a_killed_master_come_back(site: Site) -> None:
    (worker,) = site.children(site.process.pid, "manage.py\0worker")
    os.kill(worker, signal.SIGKILL)
    site.wait(
        lambda: (now := site.children(site.process.pid, "manage.py\0worker")) and now != [worker],
        30,
    )
    master = site.web_processes()[0]
    os.kill(master, signal.SIGKILL)
    site.wait(
        lambda: master not in _children(site.process.pid) and site.get("/healthz")[0] == 200, 60
    )


def test_a_second_start_on_the_same_folder_is_refused(site: Site) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert "already being served" in second.stderr
    assert "Traceback" not in second.stderr


def test_ctrl_c_ends_everything_and_the_next_start_changes_nothing(site: Site) -> None:
    below = site.children(site.process.pid, "")
    os.kill(site.process.pid, signal.SIGINT)
    assert site.process.wait(30) == 0
    site.wait(lambda: not [pid for pid in below if Path(f"/proc/{pid}").exists()], 10)
    before = site.events()
    site.start()
    assert site.events() == before
    os.kill(site.process.pid, signal.SIGTERM)
    assert site.process.wait(30) == 0
