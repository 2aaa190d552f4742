"""What a sentence asks."""

import pytest

from search.language import Language, parse
from search.question import understand

LANGUAGE = Language(
    parse(
        """
- tôi
- muốn
- xin
- bao nhiêu tiền
~ nhà
đk := đăng ký
sổ đỏ > giấy chứng nhận quyền sử dụng đất | giấy chứng nhận đã cấp
cưới > kết hôn
bhyt = bảo hiểm y tế
en i
en how to
en register
en birth > khai sinh
en marriage > kết hôn
! đổi thẻ > 1.001194
"""
    )
)


def read(text):
    return understand(text, LANGUAGE)


def words(text, reading=0):
    return [word for word, _ in read(text).readings[reading].words]


def test_question_words_are_dropped_and_named():
    question = read("tôi muốn đăng ký khai sinh")
    assert question.words == ("dang", "ky", "khai", "sinh")
    assert question.dropped == ("tôi", "muốn")
    assert question.understood == "đăng ký khai sinh"


def test_only_question_words_are_searched_all_the_same():
    assert read("tôi muốn").words == ("toi", "muon")


def test_words_that_say_little_count_little():
    assert dict(read("xây nhà").readings[0].words) == {"xay": 1.0, "nha": 0.3}


def test_abbreviations_are_written_out():
    assert words("đk khai sinh") == ["dang", "ky", "khai", "sinh"]
    assert words("dk khai sinh") == ["dang", "ky", "khai", "sinh"]  # typed without marks
    assert words("đkhai") == ["dkhai"]


def test_a_phrase_with_several_meanings_has_several_readings():
    question = read("mất sổ đỏ")
    assert question.readings[0].words[0][0] == "mat"
    assert {"giay", "dat"} <= set(words("mất sổ đỏ", 1))
    assert {"da", "cap"} <= set(words("mất sổ đỏ", 2))
    assert question.meant == (("sổ đỏ", "giấy chứng nhận quyền sử dụng đất"),)


@pytest.mark.parametrize("said", ["cưới", "cuoi", "CƯỚI"])
def test_a_synonym_with_right_marks_or_none(said):
    assert "ket" in words(said, 1)


def test_other_marks_are_another_word():
    assert len(read("cuối").readings) == 1


def test_both_ways():
    assert "bao" in words("bhyt", 1)
    assert "bhyt" in words("bảo hiểm y tế", 1)


def test_english_is_translated():
    question = read("how to register birth")
    assert question.english
    assert question.understood == "khai sinh"


def test_vietnamese_that_looks_english_is_not_translated():
    assert not read("can to do").english


def test_what_is_asked_is_recognised_without_marks():
    assert read("nhap ho khau mat bao nhieu tien").asked == ("fee",)
    assert set(read("mấy ngày xong, nộp ở đâu").asked) == {"time", "place"}


def test_best_bets():
    assert read("xin đổi thẻ").best_bets == ("1.001194",)


def test_code_and_emptiness():
    assert read("1001193").code == "1.001193"
    assert read("?!").empty
    assert read("").empty
