"""The curated language: its format, its phrases, what the product ships."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import vietnamese as vn
from search.language import (
    HIDDEN,
    KINDS,
    Entry,
    Language,
    LanguageError,
    dump,
    parse,
    shipped,
)

QUESTIONS = Path(__file__).resolve().parents[3] / "shared" / "data" / "queries-dev.jsonl"

FILE = """# một lời ghi
cccd := căn cước công dân
sổ đỏ > giấy chứng nhận quyền sử dụng đất | giấy chứng nhận đã cấp
bhyt = bảo hiểm y tế
- cho mình hỏi
~ nhà
^ nước ngoài
x giá vàng
en birth certificate > giấy khai sinh
en please
! đổi thẻ > 1.001194 | 2.001195
? giấy khai sinh cho con
1.001193 Đăng ký khai sinh
  con mới đẻ
  làm giấy cho em bé
"""


def test_every_kind_is_read():
    assert {entry.kind for entry in parse(FILE)} == set(KINDS)
    hidden = next(entry for entry in parse(FILE) if entry.kind == HIDDEN)
    assert hidden == Entry(
        HIDDEN, "1.001193", ("con mới đẻ", "làm giấy cho em bé"), "Đăng ký khai sinh"
    )


def test_what_is_written_is_read_back():
    entries = parse(FILE)
    assert parse(dump(entries)) == entries


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("bhyt = bảo hiểm y tế\nkhông có dấu gì", 2),
        ("  thụt vào trước khi có mã", 1),
        ("sổ đỏ >", 1),
        ("> giấy", 1),
        ("! đổi thẻ > không phải mã", 1),
        ("- ???", 1),
        ("a := " + "dài " * 60, 1),
        ("x" * 2000, 1),
    ],
)
def test_a_bad_line_is_named(text, line):
    with pytest.raises(LanguageError) as caught:
        parse(text)
    assert caught.value.line == line
    assert f"dòng {line}" in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        entries = parse(text)
    except LanguageError:
        return
    assert parse(dump(entries)) == entries
    Language(entries)


def test_the_longest_phrase_wins_and_marks_must_be_right():
    language = Language(parse("sổ > a\nsổ đỏ > b\ncưới > kết hôn"))
    spans = language.synonyms.spans(vn.tokens("mất sổ đỏ"))
    assert [(span.first, span.end, span.means) for span in spans] == [(1, 3, ("b",))]
    assert not language.synonyms.spans(vn.tokens("cuối"))
    assert language.synonyms.spans(vn.tokens("cuoi"))


def test_in_a_marked_sentence_a_bare_word_is_meant_as_it_is():
    language = Language(parse("- ông"))
    assert not language.ignored.spans(vn.tokens("nuôi ong"), strict=True)
    assert language.ignored.spans(vn.tokens("nuoi ong"), strict=True)


def test_both_ways_know_each_other():
    language = Language(parse("xe máy = xe gắn máy | honda"))
    (span,) = language.synonyms.spans(vn.tokens("honda"))
    assert span.means == ("xe máy", "xe gắn máy")


class TestShipped:
    def test_is_rich(self):
        entries = shipped()
        assert len(entries) > 2000
        assert {entry.kind for entry in entries} == set(KINDS)
        assert sum(len(entry.means) for entry in entries if entry.kind == HIDDEN) > 5000

    def test_says_nothing_twice(self):
        said = [
            (entry.kind, entry.said, entry.means) for entry in shipped() if entry.kind != HIDDEN
        ]
        assert len(said) == len(set(said))

    @pytest.mark.realdata
    def test_no_entry_is_a_question_of_the_evaluation(self):
        if not QUESTIONS.exists():
            pytest.skip("queries-dev.jsonl is not beside the repository")
        asked = {
            " ".join(vn.folded_words(json.loads(line)["query"]))
            for line in QUESTIONS.read_text().splitlines()
        }
        said = {
            " ".join(vn.folded_words(text))
            for entry in shipped()
            for text in (entry.said, *entry.means)
        }
        assert not asked & said
