"""Completing what is typed, on an index in memory."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.language import Language, parse
from search.suggesting import beginning_with, complete, phrases
from tests.search.fakes import Names, weigher

NAMES = {
    "1.001193": "Đăng ký khai sinh",
    "1.004884": "Đăng ký lại khai sinh",
    "1.000656": "Đăng ký khai tử",
    "1.000894": "Đăng ký kết hôn",
}
LANGUAGE = "- xin\n? giấy khai sinh cho con\n? kết hôn\n1.000656 Khai tử\n  người nhà mất\n"


def suggested(text):
    segment = Names(NAMES)
    scores = complete(text, segment, weigher(segment, LANGUAGE))
    codes = list(NAMES)
    return [codes[number] for number in np.argsort(-scores, kind="stable") if scores[number] > 0]


def test_the_last_word_may_be_unfinished():
    assert suggested("khai si")[0] == "1.001193"
    assert {"1.001193", "1.000656", "1.000894"} <= set(suggested("dang ky k"))
    assert suggested("Kết h") == ["1.000894"]


def test_every_word_typed_must_be_there():
    assert suggested("khai sinh hôn") == []


def test_asking_words_need_not():
    assert suggested("xin khai t") == ["1.000656"]


def test_what_people_call_it():
    assert suggested("nguoi nha m") == ["1.000656"]


def test_codes():
    assert suggested("1.0011") == ["1.001193"]


def test_curated_phrases():
    language = Language(parse(LANGUAGE))
    assert phrases("khai s", language) == ["giấy khai sinh cho con"]
    assert phrases("ket", language) == ["kết hôn"]
    assert phrases("", language) == []


def test_beginnings_of_sorted_words():
    assert list(beginning_with(["a", "ab", "abc", "b"], "ab")) == ["ab", "abc"]


@given(st.text(max_size=40))
def test_anything_may_be_typed(text):
    suggested(text)
