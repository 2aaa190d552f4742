"""The whole table of messy values: parsed or kept verbatim, never guessed (docs/import.md)."""

from __future__ import annotations

from typing import Any

import pytest

from cms import record
from cms.formatting import FREE, fee_summary, fee_text, fees_text, time_text
from cms.importing.channels import channels_of
from cms.importing.reading import Reading
from cms.importing.word_export import _fees, _time


def read(row: dict[str, Any]) -> record.Channel:
    (channel,) = record.channels(
        channels_of({"channels": [{"channel": "Trực tiếp", **row}]}, Reading("1.000001"))
    )
    return channel


@pytest.mark.parametrize(
    ("fee", "shown"),
    [
        ({"amount": 0, "currency": None}, "0 đồng (nguồn không ghi điều kiện)"),
        ({"amount": 0, "currency": "VND"}, "0 đồng (nguồn không ghi điều kiện)"),
        ({"amount": "0", "currency": "Đồng"}, "0 đồng (nguồn không ghi điều kiện)"),
        ({"amount": 0, "currency": "USD"}, "0 USD (nguồn không ghi điều kiện)"),
        (
            {"amount": 0, "currency": "USD", "note": "x" * 90},
            "0 USD theo nguồn, xem điều kiện: " + "x" * 90,
        ),
        ({"amount": 0, "currency": None, "note": "Không"}, "Không"),
        ({"amount": 0, "currency": None, "note": "Bằng 50% mức thu"}, "Bằng 50% mức thu"),
        ({"amount": 0, "note": "25.000 đồng/giấy"}, "25.000 đồng/giấy"),
        ({"amount": "Không", "currency": "Đồng"}, "Không Đồng"),
        ({"amount": "o", "currency": "Đồng"}, "o Đồng"),
        ({"amount": 50, "currency": "%", "note": "mức thu"}, "50 %: mức thu"),
        ({"amount": 5, "currency": "USD"}, "5 USD"),
        ({"amount": 100, "currency": "EUR"}, "100 euro"),
        ({"amount": 30, "currency": "SGD"}, "30 SGD"),
        ({"amount": 20, "currency": None}, "20 (chưa rõ đơn vị tiền)"),
        ({"amount": 10000, "currency": "vnđ"}, "10.000 đồng"),
        # Ten thousand or ten? The words stand.
        ({"amount": "10.000", "currency": "Đồng"}, "10.000 Đồng"),
        ({"amount": "1,500", "currency": "USD"}, "1,500 USD"),
        ({"amount": -5, "currency": "VND"}, "-5 VND"),
        ({"note": "Theo quy định"}, "Theo quy định"),
    ],
)
def test_fees(fee: dict[str, Any], shown: str) -> None:
    channel = read({"fees": [fee]})
    assert [fee_text(one) for one in channel.fees] == [shown]
    assert FREE not in fee_summary([channel])


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("0 Đồng", "0 đồng (nguồn không ghi điều kiện)"),
        ("Không Đồng", "Không Đồng"),
        ("o Đồng", "o Đồng"),
        ("", "Chưa công bố"),
        ("5 USD", "5 USD"),
        ("Bằng 50% mức thu lệ phí", "Bằng 50% mức thu lệ phí"),
        ("10.000 Đồng", "10.000 đồng"),
        ("1.500.000 đồng/lần", "1.500.000 đồng/lần"),
        ("20.000 - 50.000 đồng", "20.000 - 50.000 đồng"),
        ("Phí: 50000 Đồng (Bằng 50% mức thu)", "50.000 đồng: Bằng 50% mức thu"),
    ],
)
def test_fees_of_the_word_file(words: str, shown: str) -> None:
    channel = read(_fees(words))
    assert fees_text(channel.fees) == shown
    assert FREE not in fee_summary([channel])


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("01 Giờ", "1 giờ"),
        ("7", "7 — đơn vị chưa rõ"),
        ("07 Ngày làm việc", "7 ngày làm việc"),
        ("30 Ngày", "30 ngày"),
        ("1,5 Ngày làm việc", "1,5 ngày làm việc"),
        ("02 Tuần", "02 Tuần"),
        ("Trong ngày", "Trong ngày"),
        ("Không quy định", "Không quy định"),
        ("", "Chưa công bố"),
    ],
)
def test_times(words: str, shown: str) -> None:
    channel = read(_time(words))
    assert time_text(channel.time) == shown
    assert channel.time.text == words


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"time_value": 2, "time_unit": "Tuần", "time_limit": "2 tuần"}, "2 tuần"),
        ({"time_value": 0, "time_limit": "0"}, "0 — đơn vị chưa rõ"),
        ({"time_value": "1.500", "time_unit": "Ngày"}, "1.500"),
    ],
)
def test_times_of_a_record(row: dict[str, Any], shown: str) -> None:
    assert time_text(read(row).time) == shown
