"""Where a question was found, and the order of names."""

from search.collation import sort_key
from search.highlight import marked_up
from search.snippets import ALIAS, PAPER, Snippet, snippet


def test_nothing_is_said_when_the_name_says_it():
    assert snippet(["Đăng ký khai sinh"], ["con mới đẻ"], [], {"khai": "", "sinh": ""}) is None


def test_the_everyday_name_that_was_typed():
    aliases = ["giấy khai sinh cho cháu mới sinh ở nhà", "con mới đẻ", "mới chuyển nhà"]
    asked = {"con": "", "moi": "", "de": "đẻ"}
    assert snippet(["Đăng ký khai sinh"], aliases, [], asked) == Snippet(ALIAS, "con mới đẻ")


def test_marks_that_were_typed_must_be_the_right_ones():
    assert snippet(["Đăng ký"], ["con để"], [], {"con": "", "de": "đẻ"}) is None


def test_the_paper_with_most_of_the_words():
    papers = ["Tờ khai", "Giấy xác nhận tình trạng hôn nhân", "Giấy xác nhận khác"]
    asked = {"xac": "", "nhan": "", "hon": ""}
    assert snippet(["Đăng ký"], [], papers, asked) == Snippet(PAPER, papers[1])


def test_a_paper_says_nothing_where_the_name_has_most_of_the_question():
    asked = {"ket": "", "hon": "", "giay": ""}
    assert snippet(["Đăng ký kết hôn"], [], ["Giấy tờ"], asked) is None


def test_names_are_ordered_as_in_a_dictionary():
    names = ["2 việc", "An", "Áo", "Ăn", "Ân", "Dang", "Dàng", "Dang ca", "Dâng", "Đăng ký", "Ê"]
    assert sorted(set(names), key=sort_key) == names


def test_old_and_new_tone_placement_have_one_place():
    assert sort_key("hòa giải") == sort_key("Hoà giải")


def test_words_that_say_little_are_marked_beside_others_only():
    marked = marked_up("Đăng ký tạm trú, đang chờ", ["tam", "tru"], ["dang", "ky"])
    assert marked == "<mark>Đăng ký tạm trú</mark>, đang chờ"


def test_a_syllable_of_a_phrase_is_not_marked_alone():
    marked = marked_up("Hỗ trợ người hưởng trợ cấp", ["tro", "cap"])
    assert marked == "Hỗ trợ người hưởng <mark>trợ cấp</mark>"


def test_a_spelling_that_was_typed_must_be_right():
    words = {"thua": {"thửa"}, "dat": {"", "đất"}}
    marked = marked_up("Thửa, thừa kế, THUA, đạt", words)
    assert marked == "<mark>Thửa</mark>, thừa kế, <mark>THUA</mark>, <mark>đạt</mark>"
