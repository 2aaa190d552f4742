"""Fees and times as text: what the source says, and never "free" from a 0."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.formatting import (
    FREE,
    amount_text,
    fee_amount_text,
    fee_summary,
    fee_text,
    number_text,
    states_free,
    time_summary,
    time_text,
)
from cms.record import TIME_UNITS, Channel, Fee, ProcessingTime

NO_TIME = ProcessingTime(None, "", "")


def fee(amount=None, currency="VND", condition="", text="", assumed=False) -> Fee:
    return Fee(None if amount is None else Decimal(amount), currency, condition, text, assumed)


def channel(*fees: Fee, time: ProcessingTime = NO_TIME) -> Channel:
    return Channel("direct", time, fees, "")


def days(value, unit="working_day", text="") -> ProcessingTime:
    return ProcessingTime(None if value is None else Decimal(value), unit, text)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("10000", "VND", "10.000 đồng"),
        ("1234567.50", "VND", "1.234.567,5 đồng"),
        ("5", "USD", "5 USD"),
        ("20", "", "20 (chưa rõ đơn vị tiền)"),
        ("1E+3", "VND", "1.000 đồng"),
        ("100", "EUR", "100 euro"),
    ],
)
def test_amounts(amount, currency, shown):
    assert amount_text(Decimal(amount), currency) == shown


@pytest.mark.parametrize(
    "words",
    [
        "Miễn phí",
        "miễn phí.",
        "Không thu phí",
        "Không thu phí, lệ phí.",
        "Lệ phí: không thu",
        "Không quy định thu phí",
        "Miễn lệ phí",
        "- Không phải nộp lệ phí",
    ],
)
def test_words_that_say_free(words):
    assert states_free(words)
    assert fee_text(fee("0", condition=words)) == FREE


@pytest.mark.parametrize(
    "words",
    [
        "Miễn phí cho người thuộc hộ nghèo",
        "Miễn phí: 0 đồng nếu nộp trực tuyến, 20.000 đồng nếu nộp trực tiếp",
        "Không có",
        "Không quy định",
        "Theo quy định của Bộ Tài chính",
        "Lệ phí cấp giấy chứng nhận: 25.000 đồng/giấy",
        "",
    ],
)
def test_words_that_do_not_say_free(words):
    assert not states_free(words)
    assert fee_text(fee("0", condition=words)) != FREE


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (fee("0"), "0 đồng (nguồn không ghi điều kiện)"),
        (fee("0", condition="Không có"), "Không có"),
        (fee("0", condition="x" * 81), "0 đồng theo nguồn, xem điều kiện: " + "x" * 81),
        (fee("20000", condition="Nộp trực tiếp"), "20.000 đồng: Nộp trực tiếp"),
        (fee(None, "", text="Bằng 50% mức thu"), "Bằng 50% mức thu"),
        (fee(None, ""), "Chưa công bố"),
        (
            fee("20", condition="20.000 vnđ /tờ khai", text="20 VNĐ"),
            "Nguồn ghi “20 VNĐ”, cần xem lại: 20.000 vnđ /tờ khai",
        ),
        (fee(None, "", text="Miễn phí"), FREE),
        (fee("5000", text="Miễn phí"), "5.000 đồng"),
    ],
)
def test_one_fee(one, shown):
    assert fee_text(one) == shown


@pytest.mark.parametrize(
    ("channels", "shown"),
    [
        ([], "Chưa công bố"),
        ([channel()], "Chưa công bố"),
        ([channel(fee("10000")), channel(fee("20000"))], "10.000 – 20.000 đồng"),
        ([channel(fee("20000")), channel(fee("20000"))], "20.000 đồng"),
        ([channel(fee("5", "USD"), fee("165", "USD"))], "5 – 165 USD"),
        ([channel(fee("5", ""), fee("25", ""))], "5 – 25 (chưa rõ đơn vị tiền)"),
        ([channel(fee("5", "USD"), fee("20000"))], "5 USD; 20.000 đồng"),
        ([channel(fee("0")), channel(fee("0"))], "0 đồng (nguồn không ghi điều kiện)"),
        ([channel(fee("0", condition="x" * 200))], "0 đồng theo nguồn, xem điều kiện"),
        ([channel(fee("0", condition="Không thu phí"))], "Miễn phí"),
        (
            [channel(fee("0", condition="Không thu phí")), channel(fee("20000"))],
            "Miễn phí hoặc 20.000 đồng",
        ),
        ([channel(fee("0")), channel(fee("20000"))], "20.000 đồng, xem điều kiện"),
        ([channel(fee(None, "", text="y" * 300))], "Xem điều kiện"),
        (
            [channel(fee("0", condition="Không thu phí")), channel(fee("0"))],
            "Xem điều kiện",
        ),
    ],
)
def test_summary_of_fees(channels, shown):
    assert fee_summary(channels) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (days("7"), "7 ngày làm việc"),
        (days("1.5"), "1,5 ngày làm việc"),
        (days("1", ""), "1 — đơn vị chưa rõ"),
        (days("0", ""), "0 — đơn vị chưa rõ"),
        (days(None, "", "Không quy định"), "Không quy định"),
        (days(None, ""), "Chưa công bố"),
    ],
)
def test_times(time, shown):
    assert time_text(time) == shown


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ([], "Chưa công bố"),
        ([days("7"), days("7")], "7 ngày làm việc"),
        ([days("5"), days("3")], "3 – 5 ngày làm việc"),
        ([days("1", ""), days("2", "")], "1 – 2 — đơn vị chưa rõ"),
        ([days("5"), days("5", "day")], "5 ngày làm việc hoặc 5 ngày"),
        ([days("5"), days(None, "")], "5 ngày làm việc"),
        ([days(None, "", "z" * 200)], "Xem chi tiết"),
        ([days("5"), days("5", "day"), days("2", "month")], "Tuỳ hình thức nộp"),
    ],
)
def test_summary_of_times(times, shown):
    assert time_summary([channel(time=time) for time in times]) == shown


amounts = st.one_of(
    st.none(),
    st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False),
)
fees = st.builds(
    Fee,
    amount=amounts,
    currency=st.sampled_from(["", "VND", "USD"]),
    condition=st.one_of(st.just(""), st.text(max_size=200)),
    text=st.text(max_size=40),
    assumed=st.booleans(),
)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_number_can_be_read_back(value):
    assert Decimal(number_text(value).replace(".", "").replace(",", ".")) == value


@given(st.lists(fees, min_size=1, max_size=5))
def test_free_only_when_words_say_so(values):
    bare = [Fee(one.amount, one.currency, "", "", one.assumed) for one in values]
    assert FREE not in fee_summary([channel(*bare)])
    assert all(FREE not in fee_amount_text(one) for one in bare)


@given(fees)
def test_no_condition_is_lost(one):
    words = " ".join(one.condition.split())
    assert fee_text(one) == FREE or words in fee_text(one)


@given(st.lists(fees, max_size=6))
def test_summaries_are_never_empty_or_long(values):
    text = fee_summary([channel(*values)])
    assert text
    assert "\n" not in text
    assert len(text) < 200


@given(st.builds(ProcessingTime, amounts, st.sampled_from(["", *TIME_UNITS]), st.text(max_size=50)))
def test_a_time_without_unit_says_so(time):
    shown = time_text(time)
    assert shown
    assert (time.value is None or bool(time.unit)) or "chưa rõ" in shown
