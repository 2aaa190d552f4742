"""What to do on Monday: at most three sentences, the most urgent first."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from feedback.advice import MOST, CounterFacts, advice

SEPTEMBER = datetime.date(2026, 9, 1)
FINE = CounterFacts("Quầy 1", status="published", tier="tương đương")
BELOW = CounterFacts(
    "Quầy 2",
    status="published",
    tier="thấp hơn",
    below_since=SEPTEMBER,
    driver=("waiting", "Chờ đợi", 0.45),
    weakest=("time", "Thời gian"),
)


def test_below_since_when_and_why():
    (sentence,) = advice([FINE, BELOW])
    assert sentence.startswith("Quầy 2 thấp hơn các quầy cùng lĩnh vực từ tháng 9/2026; ")
    assert "nhắc nhiều nhất: chờ đợi (45 %)" in sentence
    assert "giờ đông khách" in sentence


def test_without_drivers_the_weakest_item_is_named():
    (sentence,) = advice([replace(BELOW, driver=None)])
    assert "yếu nhất so với nhóm: thời gian" in sentence


def test_the_furthest_below_leads_and_the_others_are_named():
    others = [replace(BELOW, name=f"Quầy {n}", gap=-3.0) for n in (10, 3, 4, 5)]
    (sentence,) = advice([*others, replace(BELOW, gap=-8.0)])
    assert sentence.startswith("Quầy 2 ")
    assert sentence.endswith("Cùng thấp hơn nhóm: Quầy 3, Quầy 4 và 2 quầy khác.")


def test_a_run_that_reaches_the_first_month_may_be_longer():
    (sentence,) = advice([replace(BELOW, since_first=True)])
    assert "cùng lĩnh vực ít nhất từ tháng 9/2026;" in sentence


def test_overdue_comes_first():
    found = advice([replace(BELOW, comments_overdue=2, comments_waiting=3), FINE])
    assert found[0].startswith("2 góp ý đã quá hạn trả lời, ở Quầy 2")
    assert found[1].startswith("Quầy 2 thấp hơn")
    assert not any("chờ trả lời, chưa" in one for one in found)


def test_a_fall_within_the_interval_is_no_news():
    assert "giảm" not in advice([replace(FINE, change=-5.0)])[0]
    found = advice([replace(FINE, change=-6.2, left_interval=True)])
    assert found == [
        "Quầy 1 giảm 6,2 điểm so với tháng trước, ra ngoài khoảng dao động cũ: hỏi vì sao."
    ]


def test_nothing_urgent_and_nothing_known():
    assert advice([FINE]) == ["Không quầy nào thấp hơn nhóm và không có việc tồn: không có gì gấp."]
    assert "Chưa quầy nào đủ 10 đánh giá" in advice([CounterFacts("Quầy 1")])[0]
    assert "Chưa quầy nào đủ 10 đánh giá" in advice([])[0]


def test_what_is_kept_from_the_reader_is_not_called_thin():
    found = advice([FINE, CounterFacts("Quầy 9", status="withheld")])
    assert not any("Quầy 9" in one for one in found)


def test_good_counters_are_named_last():
    found = advice([replace(FINE, name="Quầy 4", tier="cao hơn"), BELOW])
    assert found[-1].startswith("Quầy 4 cao hơn nhóm")


facts = st.builds(
    CounterFacts,
    name=st.integers(1, 60).map(lambda n: f"Quầy {n}"),
    status=st.sampled_from(["published", "few", "hidden", "withheld"]),
    tier=st.sampled_from([None, "cao hơn", "tương đương", "thấp hơn"]),
    below_since=st.none() | st.just(SEPTEMBER),
    since_first=st.booleans(),
    gap=st.none() | st.floats(-40, 40),
    change=st.none() | st.floats(-40, 40),
    left_interval=st.booleans(),
    weakest=st.none() | st.just(("fees", "Phí, lệ phí đúng quy định")),
    driver=st.none() | st.just(("papers", "Giấy tờ phải nộp", 0.3)),
    response_rate=st.none() | st.floats(0, 1),
    comments_waiting=st.integers(0, 9),
    comments_overdue=st.integers(0, 9),
    open_cases=st.integers(0, 3),
)


@given(counters=st.lists(facts, max_size=45, unique_by=lambda one: one.name), data=st.data())
def test_one_to_three_short_sentences_in_any_order(counters, data):
    found = advice(counters)
    assert 1 <= len(found) <= MOST
    assert len(set(found)) == len(found)
    assert all(one.endswith(".") and len(one) <= 330 for one in found)
    assert advice(data.draw(st.permutations(counters))) == found
