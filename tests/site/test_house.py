"""The rules of the house: import directions, one Whoosh, lock files that name no host."""

from __future__ import annotations

import ast
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "cms": {"search", "feedback", "portal"},
    "search": {"feedback", "portal"},
    "feedback": {"search", "portal"},
}


def imported_names(path: Path) -> set[str]:
    """Top-level packages a module imports anywhere, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room: str) -> None:
    offences = [
        f"{path.relative_to(ROOT)} imports {sorted(forbidden)}"
        for path in (ROOT / room).rglob("*.py")
        if (forbidden := imported_names(path) & ROOMS[room])
    ]
    assert not offences


@pytest.mark.parametrize(
    "module",
    [
        "search/vietnamese.py",
        "search/evaluation.py",
        "feedback/scoring.py",
        "feedback/binning.py",
        "cms/record.py",
        "cms/text.py",
        "cms/formatting.py",
        "cms/hours.py",
        "cms/calendar.py",
        "cms/process.py",
    ],
)
def test_pure_modules_do_not_know_django(module: str) -> None:
    assert not imported_names(ROOT / module) & {"django", "wagtail", "haystack", "rest_framework"}


def test_site_is_a_folder_not_a_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()


def test_exactly_one_whoosh_is_installed() -> None:
    owners = {
        (distribution.metadata["Name"] or "").lower()
        for distribution in distributions()
        if (distribution.metadata["Name"] or "").lower() in {"whoosh", "whoosh-reloaded", "whoosh3"}
    }
    assert owners == {"whoosh"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_are_hashed_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^\n]*", text, re.MULTILINE | re.IGNORECASE)
    assert pins
    assert all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
