"""docs/recompute_scores.py, the strangers' script, on what this city publishes."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from feedback.models import SnapshotScore
from feedback.snapshots import publish_month
from tests.feedback.city import MONTH, make_city
from tests.shared import shared_rows

PATH = Path(__file__).parents[2] / "docs" / "recompute_scores.py"


@shared_rows
def told_city() -> Any:
    make_city()
    return publish_month(month=MONTH).snapshot


@pytest.fixture
def run(told_city, client, monkeypatch, capsys):
    """Run it as a stranger would; gives exit code and what it printed."""
    spec = importlib.util.spec_from_file_location("recompute_scores", PATH)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def fetch(base: str, path: str, **query: Any) -> bytes:
        answer = client.get(f"{path}?{urlencode({k: v for k, v in query.items() if v})}")
        assert answer.status_code == 200
        return answer.content

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(script, "fetch", fetch)
        monkeypatch.setattr(sys, "argv", ["recompute_scores.py", "https://x.example", *arguments])
        return script.main(), capsys.readouterr().out

    return call


def test_every_figure_agrees(run, told_city):
    code, out = run()
    assert code == 0, out
    shown = told_city.scores.exclude(status="hidden").count()
    assert f": {shown} counters, " in out
    assert run("--month", f"{told_city.month:%Y-%m}", "--number", "1")[0] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("score", 71.5), ("m", 21.0), ("prior", [0.2] * 5), ("tier", "không rõ"), ("n", 1)],
)
def test_a_wrong_figure_is_told(run, told_city, name, value):
    score = told_city.scores.filter(status="published").order_by("pk").first()
    assert score.figures[name] != value
    SnapshotScore.objects.filter(pk=score.pk).update(figures={**score.figures, name: value})
    code, out = run()
    assert code == 1
    assert f"DIFFERS {score.counter.code} attitude {name}" in out


def test_hidden_counters_are_not_named(told_city, client):
    hidden = told_city.scores.filter(status="hidden")
    assert hidden.exists()
    text = client.get("/api/v1/open/scores.json").content.decode()
    for score in hidden:
        assert score.counter.code not in text
        assert score.counter.name not in text


def test_the_script_is_where_the_page_of_open_data_says(client, db):
    page = client.get("/du-lieu-mo/").content.decode()
    assert "/du-lieu-mo/recompute_scores.py" in page
    answer = client.get("/du-lieu-mo/recompute_scores.py")
    assert b"".join(answer.streaming_content) == PATH.read_bytes()
