"""The real processes, searched: what is published is found, what is taken off is gone, and many
who ask at once get the answers that each gets alone."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.services.test_processes import ROOT, Site

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("searching")]

#: Answers in a row that must agree: there are several web processes.
AGREEING = 6
#: Seconds after which something hangs.
HANGS = 10
AT_ONCE, QUESTIONS = 32, 200

DONE = ("nuôi ong", "xây nhà ở", "bán thuốc lá", "mở trường mầm non", "khai thác cát", "dạy nghề")
ACTS = ("Cấp phép", "Gia hạn giấy phép", "Thu hồi giấy phép", "Đăng ký", "Xác nhận", "Sửa đổi")

#: Makes the procedures, then publishes or takes off a page for every line.
EDITOR = f"""
import itertools, sys
from cms.models import Field, ProcedureIndexPage, ProcedurePage
field = Field.objects.named("Thử nghiệm")
home = ProcedureIndexPage.objects.get()
def make(code, title, **values):
    page = ProcedurePage(code=code, slug=code.replace(".", "-"), title=title, field=field, **values)
    home.add_child(instance=page)
    return page
names = [f"{{act}} {{what}}" for act, what in itertools.product({ACTS!r}, {DONE!r})]
for number, name in enumerate(names):
    make(f"9.80{{number:04d}}", name)
page = make("9.810000", "Cấp phép zxawoqze", live=False)
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "publish":
        page.save_revision().publish()
    else:
        page.unpublish()
    page.refresh_from_db()
    print("done", flush=True)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site."""
    found = Site(tmp_path_factory.mktemp("searching"))
    found.start()
    yield found
    assert found.process
    os.kill(found.process.pid, signal.SIGTERM)
    found.process.wait(30)


class Editor:
    """A process that changes pages as an editor does."""

    def __init__(self, site: Site) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", EDITOR],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._heard("ready")

    def tell(self, word: str) -> None:
        """``publish`` or ``unpublish``; returns when the database has it."""
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self._heard("done")

    def _heard(self, word: str) -> None:
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == word

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture(scope="module")
def editor(site: Site) -> Iterator[Editor]:
    """An editor, and procedures that are found."""
    found = Editor(site)
    site.wait(lambda: asked(site, "nuôi ong")["total"] >= len(ACTS), 60)
    site.wait(lambda: asked(site, "Sửa đổi dạy nghề")["results"][0]["code"] == "9.800035", 60)
    yield found
    found.close()


def asked(site: Site, text: str) -> dict[str, Any]:
    """The JSON of a question."""
    status, body = site.get(f"/api/v1/search/?q={urllib.parse.quote(text)}")
    assert status == 200, (text, status)
    found: dict[str, Any] = json.loads(body)
    return found


def shown(site: Site, code: str, text: str) -> set[str]:
    """Where a procedure shows."""
    query = urllib.parse.quote(text)
    suggestions = json.loads(site.get(f"/api/v1/suggest/?q={query}")[1])["suggestions"]
    places = {
        "page of results": f"/thu-tuc/{code}/" in site.get(f"/tim-kiem/?q={query}")[1],
        "JSON": any(one["code"] == code for one in asked(site, text)["results"]),
        "by its code": any(one["code"] == code for one in asked(site, code)["results"]),
        "suggestions": any(one["code"] == code for one in suggestions),
        "its own page": site.get(f"/thu-tuc/{code}/")[0] == 200,
    }
    return {place for place, there in places.items() if there}


def test_what_is_published_is_found_everywhere_and_what_is_taken_off_nowhere(site, editor):
    code, text = "9.810000", "cấp phép zxawoqze"
    assert shown(site, code, text) == set()
    for word, places in (("publish", 5), ("unpublish", 0), ("publish", 5), ("unpublish", 0)):
        editor.tell(word)
        site.wait(
            lambda wanted=places: all(
                len(shown(site, code, text)) == wanted for _ in range(AGREEING)
            ),
            HANGS,
        )


def sentences() -> list[str]:
    """Questions, all different: with and without marks, with slips, with question words."""
    asks = ("{}", "làm {} ở đâu", "{} mất bao nhiêu tiền", "tôi muốn {}", "{} cần giấy tờ gì")
    acts = ("cấp phép", "cap phep", "gia hạn", "gia han giay phep", "đăng ký", "dang ki", "xin")
    what = (*DONE, "nuoi ong", "xay nha", "nuoi onng", "thời tiết", "xqwzk")
    every = [
        ask.format(f"{act} {thing}") for ask, act, thing in itertools.product(asks, acts, what)
    ]
    return random.Random(4).sample(every, QUESTIONS)


def test_two_hundred_questions_at_once_are_answered_as_each_alone(site, editor):
    questions = sentences()
    assert len(set(questions)) == QUESTIONS
    alone = {text: asked(site, text) for text in questions}
    assert sum(bool(answer["total"]) for answer in alone.values()) > QUESTIONS / 2
    assert len({str(answer["results"]) for answer in alone.values()}) > QUESTIONS / 10
    random.Random(5).shuffle(questions)
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = list(people.map(lambda text: asked(site, text), questions))
    differing = [
        text for text, answer in zip(questions, answers, strict=True) if answer != alone[text]
    ]
    assert differing == []
