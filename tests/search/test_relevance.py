"""Real questions over the names of the real records, in memory: the bench in a few seconds.

The index has also texts and keywords; ``make bench`` measures with them.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from search import scoring
from search import vietnamese as vn
from search.language import Language, shipped
from search.question import understand
from search.scoring import Weigher
from search.search_indexes import name_words
from search.spelling import Speller
from tests.search.fakes import Names

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
KINDS = Path(scoring.__file__).parent / "language" / "questions.jsonl"

pytestmark = pytest.mark.realdata


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


@pytest.fixture(scope="module")
def ask():
    """Sentence → the codes of the first ten."""
    path = DATA / "procedures.jsonl.gz"
    if not path.exists():
        pytest.skip("procedures.jsonl.gz is not beside the repository")
    with gzip.open(path, "rt") as lines:
        records = [json.loads(line) for line in lines]
    records = [one for one in records if not one["code"].endswith("-Xoa")]
    names = {one["code"]: " ".join(name_words(one["name"])) for one in records}
    segment = Names(names)
    for number, one in enumerate(records):
        for token in vn.tokens(one["name"]):
            if token.marked:
                segment.lists["name_marked", token.text].append(number)
        local = "ubnd" in vn.fold(f"{one.get('decision_number')} {one.get('issuing_body')}")
        commune = any("xã" in level.lower() for level in one.get("level") or ())
        segment.prior[number] += 0.3 * commune + 0.25 * (not local)
    weigher = Weigher(segment.vocabulary(), Language(shipped()))
    speller = Speller(weigher)
    codes = np.array(list(names))

    def asked(text: str) -> list[str]:
        text = speller.corrected(vn.clean(text)) or text
        question = understand(text, weigher.language)
        if question.code:
            return [question.code]
        if question.off_topic == 1.0:
            return []
        scored = scoring.score(question, segment, weigher)
        (scores,) = scoring.answers(question, [scored])
        best = np.argsort(-scores, kind="stable")[:10]
        return [str(codes[number]) for number in best if scores[number] > 0]

    return asked


def hits(ask, questions: list[tuple[str, list[str]]]) -> tuple[float, float]:
    """How often a right one is first, and among three."""
    ranks = []
    for text, right in questions:
        found = ask(text)
        ranks.append(next((n for n, code in enumerate(found, 1) if code in right), 99))
    return (
        sum(rank == 1 for rank in ranks) / len(ranks),
        sum(rank <= 3 for rank in ranks) / len(ranks),
    )


@pytest.mark.parametrize("half", [0, 1], ids="AB")
def test_real_questions(ask, half):
    path = DATA / "queries-dev.jsonl"
    questions = [
        (one["query"], one["expected_codes"])
        for one in rows(path)
        if zlib.crc32(one["id"].encode()) % 2 == half
    ]
    first, three = hits(ask, questions)
    assert first >= 0.75
    assert three >= 0.90


@pytest.mark.parametrize("kind", sorted({one["kind"] for one in rows(KINDS)} - {"nonsense"}))
def test_every_kind_of_question(ask, kind):
    questions = [(one["query"], one["codes"]) for one in rows(KINDS) if one["kind"] == kind]
    assert hits(ask, questions)[1] >= 0.75


def test_nonsense_finds_nothing(ask):
    asked = [one["query"] for one in rows(KINDS) if one["kind"] == "nonsense"]
    assert sum(not ask(text) for text in asked) >= 0.9 * len(asked)
