"""How well the masks find personal data among look-alikes, counted by spans.

A wanted span counts as found when every letter and digit of it is covered by masks. Recall is found
wanted spans out of all wanted ones. A wrong mask covers no letter or digit of any wanted span.
Precision is masks that are not wrong out of all masks; a look-alike masked is a wrong mask.

Half B was held out: nobody looked at it while the rules were written, and this test tells numbers
only, never which case failed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedback import masks

HALVES = Path(__file__).parent


@dataclass(frozen=True)
class Counted:
    """Spans of one half."""

    cases: int
    wanted: int
    found: int
    made: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.found / max(1, self.wanted)

    @property
    def precision(self) -> float:
        return 1 - self.wrong / max(1, self.made)


def read(half: str) -> list[dict[str, Any]]:
    """The cases of a half."""
    return tomllib.loads((HALVES / f"masks_corpus_{half}.toml").read_text("utf-8"))["case"]


def wanted_spans(case: dict[str, Any]) -> list[set[int]]:
    """The places of letters and digits of each wanted substring (each occurrence in turn)."""
    spans: list[set[int]] = []
    seen: dict[str, int] = {}
    for part in case["masked"]:
        start = case["text"].index(part, seen.get(part, 0))
        seen[part] = start + len(part)
        spans.append({start + at for at, char in enumerate(part) if char.isalnum()})
    return spans


def verdict(case: dict[str, Any]) -> Counted:
    """What the masks do in one case."""
    wanted = wanted_spans(case)
    made = [
        set(range(one.start, one.end)) for one in masks.find(case["text"], case.get("names", ()))
    ]
    covered = set().union(*made) if made else set()
    anything = set().union(*wanted) if wanted else set()
    return Counted(
        cases=1,
        wanted=len(wanted),
        found=sum(span <= covered for span in wanted),
        made=len(made),
        wrong=sum(not one & anything for one in made),
    )


def count(half: str) -> Counted:
    """A half in numbers."""
    each = [verdict(case) for case in read(half)]
    return Counted(
        *(
            sum(getattr(one, field) for one in each)
            for field in ("cases", "wanted", "found", "made", "wrong")
        )
    )


@pytest.mark.parametrize("half", ["a", "b"])
def test_recall_and_precision(half: str) -> None:
    counted = count(half)
    numbers = (counted.cases, round(counted.recall, 3), round(counted.precision, 3))
    good = counted.recall >= 0.98 and counted.precision >= 0.90
    assert good, f"half {half}: cases, recall, precision = {numbers}"


def test_the_halves_are_a_corpus() -> None:
    assert sum(len(read(half)) for half in "ab") >= 300
