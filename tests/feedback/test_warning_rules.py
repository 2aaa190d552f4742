"""The hint while a comment is typed: the browser's rules beside the masks that are put on later."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from feedback import masks
from feedback.mask_numbers import Kind
from tests.feedback.test_masks_corpus import read

SCRIPT = Path(__file__).parents[2] / "site" / "static" / "rate" / "rate.js"
#: What simple rules can tell; the rest needs words around it, or names.
SIMPLE = {Kind.PHONE, Kind.IDENTITY, Kind.EMAIL}


def rules() -> list[re.Pattern[str]]:
    """The patterns of the script; what they use means the same in both languages."""
    body = SCRIPT.read_text("utf-8").split("var PRIVATE = [")[1].split("\n  ];")[0]
    found = re.findall(r"^    /(.+)/(i?),?$", body, flags=re.MULTILINE)
    return [re.compile(one, re.ASCII | (re.IGNORECASE if flag else 0)) for one, flag in found]


RULES = rules()


def warns(text: str) -> bool:
    return any(rule.search(unicodedata.normalize("NFKC", text)) for rule in RULES)


def test_all_rules_are_read():
    assert len(RULES) == 7


@pytest.mark.parametrize(
    "text",
    [
        "Gọi em 0912345678 nhé",
        "số 0912 345 678",
        "số 0912.345.678",
        "số 09-12-34-56-78",
        "số 091 / 234 / 5678",
        "+84 912 345 678",
        "(+84) 91.234.5678",
        "0084912345678",
        "0９12345678",
        "máy bàn (024) 3812 3456",
        "cccd 001099012345",
        "cccd 0010 9901 2345",
        "cmnd 012345678",
        "cmnd 123 456 789",
        "a.b@example.vn",
        "xe 29A-123.45 bị xước",
        "hồ sơ H12.34.56-240101-0001",
    ],
)
def test_it_warns_where_the_masks_cover(text):
    assert warns(text)
    assert masks.find(text)


@pytest.mark.parametrize(
    "text",
    [
        "Phí 150.000.000 đồng là quá cao",
        "nộp 150.000 đ, trả lại 20.000 đ",
        "Đợi từ 8h30 đến 10h15 ngày 12/10/2026",
        "Nghị định 118/2025/NĐ-CP, thủ tục 1.001193",
        "Tổng đài 1900 1234",
        "Quầy 1, 2, 3, 4, 5 đều đông",
        "Hồ sơ 12 trang, 3 bản sao, chờ 45 phút",
    ],
)
def test_and_not_where_they_do_not(text):
    assert not warns(text)
    assert not masks.find(text)


def test_on_what_citizens_write():
    cases = [(case["text"], masks.kinds(case["text"], ())) for case in read("a")]
    simple = [text for text, kinds in cases if kinds & SIMPLE]
    clean = [text for text, kinds in cases if not kinds]
    assert len(simple) > 30
    assert len(clean) > 60
    missed = [text for text in simple if not warns(text)]
    alarmed = [text for text in clean if warns(text)]
    assert len(missed) <= 0.3 * len(simple), missed
    assert len(alarmed) <= 0.03 * len(clean), alarmed
