"""What may become of a comment's text: covered more, or uncovered as it was; never reworded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.comment_masking import COVERED, covers_only, from_original, tidy

words = st.text(alphabet="ab ạđ\n.[]…", max_size=40)


@pytest.mark.parametrize(
    ("old", "new", "fits"),
    [
        ("gọi Tư ở tổ 5", "gọi […] ở tổ 5", True),
        ("gọi Tư ở tổ 5", "[…] ở tổ 5", True),
        ("gọi Tư ở tổ 5", "gọi Tư […]", True),
        ("gọi Tư ở tổ 5", "[…]", True),
        ("gọi Tư ở tổ 5", "[…] ở […]", True),
        ("gọi Tư ở tổ 5", "gọi Tư ở tổ 5", True),
        ("gọi Tư ở tổ 5", "gọi Năm ở tổ 5", False),
        ("gọi Tư ở tổ 5", "gọi Tư", False),
        ("gọi Tư ở tổ 5", "tổ 5 […] gọi", False),
        ("aba", "ab[…]ba", False),
        ("chờ lâu quá", "chờ không lâu quá", False),
    ],
)
def test_only_covering_fits(old, new, fits):
    assert covers_only(old, new) is fits


@pytest.mark.parametrize("typed", ["[...]", "[…]", "[ .. ]", "[xxx]", "[***]"])
def test_covers_are_typed_in_many_ways(typed):
    assert tidy(f"gọi {typed} nhé\r\n") == "gọi […] nhé"


@given(st.lists(st.tuples(words, st.booleans()), max_size=6))
def test_covering_any_parts_fits_the_old_text(parts):
    old = "".join(text for text, _ in parts)
    new = "".join(COVERED if covered else text for text, covered in parts)
    assert covers_only(old, new) or COVERED in old


@given(words, words)
def test_a_text_that_fits_holds_no_letter_of_its_own(old, new):
    if covers_only(old, new):
        rest = iter(old)
        assert all(letter in rest for letter in new.replace(COVERED, ""))


def test_what_the_rules_covered_is_uncovered_only_as_it_was():
    original = "gọi 0912345678, tổ 5"
    assert from_original(original, "gọi [số điện thoại], tổ 5")
    assert from_original(original, "gọi [số điện thoại], […]")
    assert from_original(original, original)
    assert not from_original(original, "gọi 0912345679, tổ 5")
