"""The order of the Vietnamese alphabet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cms.alphabet import alphabetical


def test_letters_with_marks_stand_after_the_plain_ones() -> None:
    given = ["Đường bộ", "Giảm nghèo", "Đất đai", "Chứng thực", "Cấp căn cước", "Ưu đãi", "Hộ tịch"]
    assert sorted(given, key=alphabetical) == [
        "Cấp căn cước",
        "Chứng thực",
        "Đất đai",
        "Đường bộ",
        "Giảm nghèo",
        "Hộ tịch",
        "Ưu đãi",
    ]


def test_tones_decide_only_between_equals() -> None:
    assert sorted(["má", "ma túy", "mả", "ma", "mà"], key=alphabetical) == [
        "ma",
        "mà",
        "mả",
        "má",
        "ma túy",
    ]


@given(st.text(), st.text())
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert (alphabetical(one) <= alphabetical(other)) or (alphabetical(other) < alphabetical(one))
