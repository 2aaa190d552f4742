"""Texts of the import: made safe and split without losing a word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.importing.texts import (
    clean,
    cut_off,
    ends_openly,
    in_capitals,
    one_line,
    shorten,
    split_steps,
    strings,
    unshout,
)

any_text = st.text(max_size=300)
lines = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Bước 1: Nộp",
                "- Bước 2: Nhận",
                "* Lưu ý:",
                "- một",
                "+ hai",
                "a) ba",
                "1. Bốn",
                "Năm.",
            ]
        ),
        st.text(alphabet="aăđ Ơ.;:-*+\t1)", max_size=20),
    ),
    max_size=12,
)


@given(lines.map("\n".join))
def test_steps_joined_are_the_text(text):
    assert "".join("".join(split_steps(text)).split()) == "".join(text.split())


@given(lines.map("\n".join))
def test_no_step_is_empty(text):
    assert all(step.strip() for step in split_steps(text))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", []),
        ("Nộp hồ sơ.", ["Nộp hồ sơ."]),
        (
            "Chuẩn bị:\nBước 1: Nộp\n- kèm giấy\nBước 2: Nhận",
            ["Chuẩn bị:", "Bước 1: Nộp\n- kèm giấy", "Bước 2: Nhận"],
        ),
        ("- Bước 1. Nộp\n- Bước 2. Nhận", ["- Bước 1. Nộp", "- Bước 2. Nhận"]),
        ("a) Nộp:\nGửi đơn.\nb) Giải quyết:\nXem.", ["a) Nộp:\nGửi đơn.", "b) Giải quyết:\nXem."]),
        ("- Nộp\n+ tại quầy\n- Nhận", ["- Nộp\n+ tại quầy", "- Nhận"]),
        (
            "- Nộp\n- Nhận\n* Lưu ý:\n- mang giấy\n- đến sớm",
            ["- Nộp", "- Nhận", "* Lưu ý:\n- mang giấy\n- đến sớm"],
        ),
        ("Nộp hồ sơ.\nNhận kết quả.", ["Nộp hồ sơ.", "Nhận kết quả."]),
        ("trả cho tổ\nchức, cá nhân", ["trả cho tổ\nchức, cá nhân"]),
    ],
)
def test_where_steps_are_cut(text, steps):
    assert split_steps(text) == steps


@given(any_text)
def test_clean_text_is_nfc_and_storable(text):
    done = clean(text)
    assert done == unicodedata.normalize("NFC", done)
    assert "\x00" not in done
    assert "\r" not in done
    done.encode("utf-8")
    assert clean(done) == done


def test_clean_keeps_what_can_be_read():
    assert clean("a\r\nb\u2028c\x00\ud800\tđ") == "a\nb\nc\tđ"
    assert clean(unicodedata.normalize("NFD", "Tiếng Việt")) == "Tiếng Việt"
    assert clean(None) == ""
    assert clean(12) == "12"
    assert one_line(" hai \n dòng ") == "hai dòng"


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (["a", "b", "a", ""], ["a", "b"]),
        ("['khai sinh', 'hộ tịch']", ["khai sinh", "hộ tịch"]),
        ("khai sinh", ["khai sinh"]),
        ("[__import__('os').getcwd()]", ["[__import__('os').getcwd()]"]),
        ("[" * 5000 + "]" * 5000, ["[" * 5000 + "]" * 5000]),
        ("[]", []),
        (None, []),
        (7, ["7"]),
        ([["a"], None], ["['a']"]),
    ],
)
def test_lists_also_when_written_as_text(found, texts):
    assert strings(found) == texts


@given(st.text(min_size=1, max_size=2000).map(one_line))
def test_a_title_fits_and_starts_like_the_name(name):
    title = shorten(name)
    assert len(title) <= 255
    assert title == name or (title.endswith("…") and name.startswith(title[:-1]))


@pytest.mark.parametrize(
    ("text", "open_end"),
    [
        ("Cán bộ chuyển hồ sơ đến", True),
        ("lập danh sách,", True),
        ("và nêu rõ lý do", False),
        ("Trả kết quả.", False),
        ("", False),
    ],
)
def test_texts_cut_off(text, open_end):
    assert cut_off(text) is open_end


def test_texts_without_a_closing_mark():
    assert ends_openly("nêu rõ lý do")
    assert not ends_openly("nêu rõ lý do.")
    assert not ends_openly("")


def test_capitals():
    assert in_capitals("THÀNH LẬP HỘI (CẤP TỈNH)")
    assert not in_capitals("Thành lập hội")
    assert not in_capitals("1.")


@pytest.mark.parametrize(
    ("context", "name", "sentence"),
    [
        ("việc thành lập hội tại tỉnh", "THÀNH LẬP HỘI", "Thành lập hội"),
        ("người vào Việt Nam", "NGƯỜI VÀO VIỆT NAM", "Người vào Việt Nam"),
        ("lao động nam, nữ vào Việt Nam", "LAO ĐỘNG VÀO VIỆT NAM", "Lao động vào Việt Nam"),
        ("thủ tục của hội", "THỦ TỤC ATTP", None),
        ("Thủ tục ABTC cấp cho hội", "CẤP THỦ TỤC ABTC", None),
    ],
)
def test_a_name_is_lowered_only_when_its_own_texts_show_how(context, name, sentence):
    assert unshout(name, context) == sentence
