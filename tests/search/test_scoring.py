"""Which procedure answers best, on an index in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.question import understand
from search.scoring import answers, score
from tests.search.fakes import Names, weigher

NAMES = {
    "1.001193": "Đăng ký khai sinh",
    "2.000528": "Đăng ký khai sinh có yếu tố nước ngoài",
    "1.004884": "Đăng ký lại khai sinh",
    "1.000656": "Đăng ký khai tử",
    "1.000894": "Đăng ký kết hôn",
    "1.012784": "Tách thửa hoặc hợp thửa đất",
    "1.000001": "Cấp phép bán hàng",
    "1.000002": "Cấp phép bàn hàng",
}
LANGUAGE = """
- tôi
- muốn
^ nước ngoài
x giá vàng
sổ đỏ > thửa đất
! đổi thẻ > 1.000894
1.001193 Đăng ký khai sinh
  con mới đẻ
1.000656 Đăng ký khai tử
  người nhà qua đời
9.999999 không có ở đây
  con mới đẻ
"""


def ask(text, levels=(), guess=False, **more):
    segment = Names(NAMES, {"1.000656": "commune", "1.000894": "province"})
    with_words = weigher(segment, LANGUAGE)
    question = understand(text, with_words.language)
    scored = score(question, segment, with_words, levels=levels, guess=guess)
    (scores,) = answers(question, [scored], guess=guess)
    order = np.argsort(-scores, kind="stable")
    codes = list(NAMES)
    return [codes[number] for number in order if scores[number] > 0]


def test_the_name_that_says_nothing_else_comes_first():
    assert ask("dang ky khai sinh")[0] == "1.001193"


def test_a_special_case_comes_first_when_it_is_asked():
    assert ask("khai sinh nước ngoài")[0] == "2.000528"
    assert ask("tôi muốn khai sinh").index("1.001193") == 0


def test_right_marks_come_first():
    assert ask("bán hàng")[0] == "1.000001"
    assert ask("bàn hàng")[0] == "1.000002"


def test_what_people_call_it():
    assert ask("con mới đẻ")[0] == "1.001193"
    assert ask("người nhà tôi qua đời")[0] == "1.000656"


def test_a_synonym_is_another_reading():
    assert ask("sổ đỏ")[0] == "1.012784"


def test_best_bet():
    assert ask("đổi thẻ")[0] == "1.000894"


@pytest.mark.parametrize(("level", "code"), [("commune", "1.000656"), ("province", "1.000894")])
def test_the_offices_level_comes_first(level, code):
    assert ask("đăng ký", levels=[level])[0] == code


@pytest.mark.parametrize("text", ["lời bài hát", "asdf", "xyz qwe rty"])
def test_nonsense_finds_nothing(text):
    assert ask(text) == []


def test_a_guess_takes_what_has_a_word_in_common():
    assert ask("xyz qwe rty asd khai", guess=True)


@given(st.text(alphabet="đăng kýhaisn tửbáoêô 019.-", max_size=60))
def test_scores_are_finite_and_not_negative(text):
    segment = Names(NAMES)
    with_words = weigher(segment, LANGUAGE)
    scored = score(understand(text, with_words.language), segment, with_words)
    assert np.isfinite(scored.scores).all()
    assert (scored.scores >= 0).all()
