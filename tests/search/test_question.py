"""Reading a sentence: what counts, what is only asking."""

from search.question import understand


def test_question_words_are_dropped_and_named():
    question = understand("tôi muốn đăng ký khai sinh thì cần giấy tờ gì")
    assert question.words == ("dang", "ky", "khai", "sinh")
    assert "muốn" in question.dropped
    assert question.asked == ("papers",)
    assert question.understood == "đăng ký khai sinh"


def test_only_question_words_are_searched_all_the_same():
    assert understand("làm lại giấy tờ").words == ("lam", "lai", "giay", "to")


def test_what_is_asked_is_recognised_without_marks():
    assert understand("nhap ho khau mat bao nhieu tien").asked == ("fee",)


def test_code_and_emptiness():
    assert understand("1001193").code == "1.001193"
    assert understand("*?!").empty
    assert understand("").empty
