"""The documentation: every link leads somewhere, every picture is made and shown, none is heavy."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = ROOT / "docs" / "pictures"
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def _anchor(heading: str) -> str:
    """As GitHub names a heading: small letters, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    broken = []
    for link in _LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            broken.append(link)
        elif anchor:
            headings = _HEADING.findall(target.read_text(encoding="utf-8"))
            if anchor not in map(_anchor, headings):
                broken.append(link)
    assert broken == []


def test_every_picture_is_shown_and_made_by_the_script() -> None:
    shown = {
        Path(link).name
        for page in PAGES
        for link in _LINK.findall(page.read_text(encoding="utf-8"))
        if link.endswith(".png")
    }
    script = (ROOT / "docs" / "make_pictures.py").read_text(encoding="utf-8")
    made = {f"{name}.png" for name in re.findall(r'keep\("([\w-]+)"', script)}
    assert {path.name for path in PICTURES.glob("*.png")} == shown == made


def test_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 2_000_000


def test_without_chromium_one_line_says_so() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_pictures.py")],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Chromium" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
