"""Which results are cases to choose from, and what tells them apart."""

import pytest

from search.siblings import Candidate, siblings


def found(*names, scores=(1.0, 0.97, 0.95, 0.93, 0.9), **values):
    return [
        Candidate(f"1.{number:06d}", name, score, **{k: v[number] for k, v in values.items()})
        for number, (name, score) in enumerate(zip(names, scores, strict=False))
    ]


COMPANIES = (
    "Đăng ký thành lập công ty TNHH một thành viên",
    "Đăng ký thành lập công ty cổ phần",
    "Đăng ký thành lập công ty hợp danh",
)
COMPANY = ["thanh", "lap", "cong", "ty"]


def test_the_ends_of_the_names_tell_cases_apart():
    assert [one.short for one in siblings(found(*COMPANIES), COMPANY)] == [
        "TNHH một thành viên",
        "Cổ phần",
        "Hợp danh",
    ]


def test_four_at_most():
    names = [f"{COMPANIES[0]} loại {n}" for n in "abcde"]
    assert len(siblings(found(*names), COMPANY)) == 4


def test_a_clear_winner_is_no_choice():
    assert siblings(found(*COMPANIES, scores=(1.0, 0.6, 0.5)), COMPANY) == []


def test_a_name_that_says_just_what_was_asked_is_no_choice():
    names = ("Thủ tục đăng ký khai sinh", "Thủ tục đăng ký khai sinh lưu động")
    assert siblings(found(*names), ["dang", "ky", "khai", "sinh"]) == []


def test_other_matters_with_like_scores_are_no_cases():
    names = ("Cấp giấy phép xây dựng", "Hỗ trợ chi phí mai táng")
    assert siblings(found(*names), ["giay", "phep", "xay"]) == []


@pytest.mark.parametrize("score", [1e3, 1e6])
def test_a_code_or_a_best_bet_decides(score):
    assert siblings(found(*COMPANIES, scores=(score, score, score)), COMPANY) == []


def test_one_procedure_under_two_codes_is_one():
    names = ("Tách thửa, hợp thửa đất", "Tách thửa hoặc hợp thửa đất.")
    levels = (("commune",), ("province", "commune"))
    assert siblings(found(*names, levels=levels), ["tach", "thua"]) == []


def test_the_level_tells_apart_what_has_the_same_name():
    names = ("Trình báo mất hộ chiếu (cấp xã)", "Trình báo mất hộ chiếu (cấp tỉnh)")
    cases = siblings(found(*names, levels=(("commune",), ("province",))), ["ho", "chieu"])
    assert [one.levels for one in cases] == [("commune",), ("province",)]


def test_everyday_names_stand_for_names_that_have_nothing_in_common():
    names = ("Hưởng trợ cấp khi người có công từ trần", "Chế độ với lực lượng chữa cháy")
    called = ("mai táng phí thương binh", "mai táng phí người chữa cháy")
    cases = siblings(found(*names, called=called), ["mai", "tang", "phi"])
    assert [one.short for one in cases] == [
        "Mai táng phí thương binh",
        "Mai táng phí người chữa cháy",
    ]
    assert cases[0].differs == ()


def test_words_within_a_name_are_marked_in_the_whole_name():
    names = ("Cấp lại thẻ căn cước", "Cấp đổi thẻ căn cước")
    cases = siblings(found(*names), ["can", "cuoc"])
    assert [(one.short, one.differs) for one in cases] == [("", ("lai",)), ("", ("doi",))]


def test_nothing_found():
    assert siblings([], ["a"]) == []
