"""Slips put right, on an index in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import Speller, one_slip, sound_alikes, typed_keys
from tests.search.fakes import Names, weigher

NAMES = Names(
    {
        f"1.0000{number:02d}": name
        for number, name in enumerate(
            [
                "Đăng ký khai sinh",
                "Đăng ký lại khai sinh",
                "Đăng ký kết hôn",
                "Đăng ký thường trú",
                "Xóa đăng ký thường trú",
                "Chứng thực bản sao từ bản chính",
                "Chứng thực chữ ký",
                "Cấp phiếu lý lịch tư pháp",
                "Cấp lại phiếu lý lịch tư pháp",
                "Cấp giấy phép xây dựng nhà ở",
                "Cấp lại giấy phép xây dựng",
            ]
        )
    }
)
LANGUAGE = """
- tôi
- làm
sổ đỏ > giấy chứng nhận
en birth > khai sinh
en register
1.000000 Đăng ký khai sinh
  làm lại giấy khai sinh
  con mới sinh
"""
SPELLER = Speller(weigher(NAMES, LANGUAGE))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dang kys khai sinh", "dang ky khai sinh"),  # Telex, switched off
        ("dawng ky khai sinh", "dang ky khai sinh"),
        ("d9a8ng ky1 khai sinh", "dang ky khai sinh"),  # VNI
        ("dangkykhaisinh", "dang ky khai sinh"),
        ("đăng ký khai sihn", "đăng ký khai sinh"),
        ("đăng ký khai xinh", "đăng ký khai sinh"),
        ("trứng thực bản sao", "chứng thực bản sao"),
        ("đăng ký thường chú", "đăng ký thường trú"),
        ("li lich tu phap", "ly lich tu phap"),
        ("xổ đỏ", "sổ đỏ"),
        ("đăng ký khai si", "đăng ký khai sinh"),  # the last word is unfinished
    ],
)
def test_what_was_meant(typed, meant):
    assert SPELLER.corrected(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "đăng ký khai sinh",
        "dang ky ket hon",
        "ĐĂNG KÝ KẾT HÔN",
        "sổ đỏ",
        "1.001193",
        "register birth",
        "asdf qwer",
        "",
    ],
)
def test_what_is_right_or_hopeless_stays(typed):
    assert SPELLER.corrected(typed) is None


@given(st.text(max_size=80))
def test_a_correction_is_not_corrected_again_for_ever(text):
    once = SPELLER.corrected(text)
    twice = SPELLER.corrected(once) if once else None
    assert twice is None or SPELLER.corrected(twice) in (None, once) or len(twice) <= 200


def test_variants():
    assert "giay" in set(sound_alikes("day"))
    assert "chung" in set(sound_alikes("trung"))
    assert "sinh" in set(one_slip("sihn"))
    assert list(typed_keys("d9a8ng")) == ["dang"]
    assert "ky" in set(typed_keys("kys"))
    assert not list(typed_keys("01"))
