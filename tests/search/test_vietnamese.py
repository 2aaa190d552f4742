"""Vietnamese text: one spelling for what people mean alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import vietnamese as vn

_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
syllables = st.builds(
    lambda text, tone, at: unicodedata.normalize(
        "NFC", text[: at % (len(text) + 1)] + tone + text[at % (len(text) + 1) :]
    ),
    st.text(_LETTERS, min_size=1, max_size=7),
    st.sampled_from(["", *vn.TONES]),
    st.integers(1, 7),
)
sentences = st.lists(syllables, max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("khoẻ", "khỏe"),
        ("qúy", "quý"),
        ("gìa", "già"),
        ("hoàn", "hoàn"),
        ("hòan", "hoàn"),
        ("gì", "gì"),
        ("giếng", "giếng"),
        ("đừơng", "đường"),
        ("ngoài", "ngoài"),
        ("của", "của"),
        ("tuyển", "tuyển"),
        ("abc", "abc"),
    ],
)
def test_tone_placement(typed, spelt):
    assert vn.place_tone(typed) == spelt


def test_old_and_new_placement_nfd_and_case_are_one_spelling():
    forms = ["Hoà giải", "hòa giải", unicodedata.normalize("NFD", "HOÀ GIẢI")]
    assert {vn.normal(form) for form in forms} == {"hòa giải"}


def test_d_with_stroke_folds():
    assert vn.fold("Đăng ký đất đai") == "dang ky dat dai"


@pytest.mark.parametrize("typed", ["1.001193", "1001193", "1,001193", "mã TTHC 1.001193?"])
def test_codes_in_any_spelling(typed):
    assert vn.code_in(typed) == "1.001193"


def test_malformed_and_deleted_codes_of_the_source_are_codes_too():
    assert vn.code_in("1.0133611") == "1.0133611"
    assert vn.code_in("1.014955-Xoa") == "1.014955-xoa"


@pytest.mark.parametrize("typed", ["0912345678", "10.000.000 đồng", "năm 2026", "12345678", ""])
def test_other_numbers_are_no_codes(typed):
    assert vn.code_in(typed) is None


def test_a_code_is_one_token_with_or_without_the_dot():
    assert vn.folded_words("mã 1.001193") == vn.folded_words("mã 1001193") == ["ma", "1.001193"]


def test_clean_makes_one_short_line():
    assert vn.clean("  khai\x00\n sinh\u200b ") == "khai sinh"
    assert len(vn.clean("a" * 100_000)) == 200


@given(sentences)
def test_nfc_and_nfd_give_the_same_tokens(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert [t.text for t in vn.tokens(decomposed)] == [t.text for t in vn.tokens(text)]


@given(sentences)
def test_normal_is_idempotent_and_keeps_the_letters(text):
    once = vn.normal(text)
    assert vn.normal(once) == once
    assert vn.fold(once) == vn.fold(text)


@given(st.one_of(sentences, st.text()))
def test_fast_folding_agrees_with_the_tokens(text):
    if text.isascii() or all(char in _LETTERS + " " for char in unicodedata.normalize("NFC", text)):
        assert vn.folded_words(text) == [token.folded for token in vn.tokens(text)]


@given(st.text())
def test_any_text_is_read_without_error(text):
    for token in vn.tokens(text):
        assert token.folded
    assert len(vn.clean(text)) <= 200
    for span in vn.spans(text):
        assert 0 <= span.start < span.end <= len(text)
