"""What a page needs before it may go live: each requirement met and not met, on plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.jargon import JARGON, unexplained
from cms.record import Channel, DocumentCase, DocumentItem, Fee, ProcessingTime
from cms.requirements import NOT_REGULATED, REQUIREMENTS, Facts, unmet

TODAY = date(2026, 11, 23)
TIME = ProcessingTime(Decimal(3), "working_day", "")
NO_TIME = ProcessingTime(None, "", "")
FEE = Fee(Decimal(8000), "VND", "", "")
COMPLETE = Facts(
    today=TODAY,
    name="Đăng ký khai sinh",
    decision_number="1872/QĐ-BTP",
    steps=("Nộp hồ sơ.",),
    cases=(DocumentCase("", (DocumentItem("Tờ khai", 1, 0, ("Mẫu số 01",)),)),),
    channels=(Channel("direct", TIME, (FEE,), ""), Channel("online", TIME, (FEE,), "")),
    form_files=("Mẫu số 01",),
    review_due=date(2027, 1, 1),
)


def _channel(**values) -> tuple[Channel, ...]:
    return (COMPLETE.channels[0], replace(COMPLETE.channels[1], **values))


def test_a_complete_page_lacks_nothing():
    assert unmet(COMPLETE) == {}


def test_an_empty_page_lacks_the_four_facts_and_the_decision():
    assert set(unmet(Facts(today=TODAY))) == {"steps", "papers", "channels", "decision"}


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"steps": ()}, "steps"),
        ({"steps": (" ", "")}, "steps"),
        ({"cases": ()}, "papers"),
        ({"cases": (DocumentCase("", (DocumentItem("Ghi chú", 0, 0, (), True),)),)}, "papers"),
        ({"cases": (*COMPLETE.cases, DocumentCase("Uỷ quyền", ()))}, "papers"),
        ({"channels": ()}, "channels"),
        ({"channels": _channel(time=NO_TIME)}, "times"),
        ({"channels": _channel(time=ProcessingTime(Decimal(3), "", ""))}, "times"),
        ({"channels": _channel(fees=())}, "fees"),
        ({"channels": _channel(fees=(Fee(None, "VND", " ", ""),))}, "fees"),
        ({"channels": _channel(fees=(Fee(Decimal(5), "", "", ""),))}, "fees"),
        ({"form_files": ()}, "forms"),
        ({"decision_number": "  "}, "decision"),
        ({"review_due": date(2026, 11, 22)}, "review"),
        ({"name": "Cấp trích lục khai tử"}, "plain"),
        ({"standing": "paused", "standing_reason": "Bão", "standing_from": TODAY}, "standing"),
        ({"standing": "abolished", "standing_from": TODAY}, "standing"),
    ],
)
def test_one_gap_is_one_line(values, wanted):
    assert list(unmet(replace(COMPLETE, **values))) == [wanted]


@pytest.mark.parametrize(
    "values",
    [
        {"channels": _channel(time=ProcessingTime(None, "", "Trong ngày"))},
        {"channels": _channel(fees=(Fee(None, "", "", NOT_REGULATED),))},
        {"channels": _channel(fees=(Fee(None, "", "Miễn cho trẻ em", ""),))},
        {"channels": _channel(fees=(Fee(Decimal(0), "VND", "", ""),))},
        {"channels": _channel(fees=()), "local_fees": frozenset({"online"})},
        {"channels": _channel(fees=()), "local_fees": frozenset({""})},
        {"channels": _channel(time=NO_TIME), "local_times": frozenset({"online"})},
        {"form_files": ("mẫu  SỐ 01",)},
        {"review_due": TODAY},
        {"review_due": None},
        {"name": "Cấp trích lục khai tử", "plain_name": "bản sao giấy khai tử"},
        {"name": "Cấp trích lục (bản sao) khai tử"},
        {
            "standing": "paused",
            "standing_reason": "Bão",
            "standing_from": TODAY,
            "standing_until": TODAY,
        },
        {"standing": "abolished", "standing_reason": "QĐ 5", "standing_from": TODAY},
    ],
)
def test_what_counts_as_said(values):
    assert unmet(replace(COMPLETE, **values)) == {}


def test_the_gap_names_the_channel_and_the_form():
    facts = replace(COMPLETE, channels=_channel(fees=(), time=NO_TIME), form_files=())
    said = unmet(facts)
    assert "Trực tuyến" in said["times"]
    assert "Trực tiếp" not in said["times"]
    assert "Trực tuyến" in said["fees"]
    assert "Mẫu số 01" in said["forms"]


def test_a_rule_for_another_channel_does_not_help():
    facts = replace(COMPLETE, channels=_channel(fees=()), local_fees=frozenset({"postal"}))
    assert list(unmet(facts)) == ["fees"]


def test_every_requirement_leads_to_a_field_of_the_editor():
    from cms.models import ProcedurePage

    names = {one.name for one in ProcedurePage._meta.get_fields()}
    assert {one.field for one in REQUIREMENTS} <= names
    assert len({one.id for one in REQUIREMENTS}) == len(REQUIREMENTS)


class TestJargon:
    """Terms of the administration in a name."""

    def test_the_list_is_long_enough_to_mean_something(self):
        assert len(JARGON) >= 40
        assert all(term == term.lower().strip() and twin for term, twin in JARGON.items())

    def test_every_term_is_found_in_any_case_and_normal_form(self):
        import unicodedata

        for term in JARGON:
            text = unicodedata.normalize("NFD", f"Thủ tục {term.capitalize()} tại xã")
            assert term in unexplained(text) or any(
                term in longer for longer in unexplained(text)
            ), term

    def test_parts_of_words_are_not_terms(self):
        assert unexplained("Thủ tục thu hồi") == ["thu hồi"]
        assert unexplained("gia hạng") == []

    @given(st.text())
    def test_no_text_breaks_it(self, text):
        assert set(unexplained(text)) <= set(JARGON)
