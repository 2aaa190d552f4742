"""Reading from the middle of a file, counting before reading, telling differences in words."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.importing.differences import MOST, SHOWN, differences
from cms.importing.parsing import parse
from cms.importing.reading_ahead import ReadingAhead, Source
from cms.importing.sources import GIVE_UP_AFTER, count, read
from cms.importing.spreadsheet import write_template
from tests.cms.test_importing_parsing import raw

GOOD = json.dumps(raw(), ensure_ascii=False).encode()
LINES = st.lists(
    st.sampled_from(
        [GOOD, b'{"code": 1}', b"", b"  ", "\u00a0".encode(), b"{", b"\xff\xfe", b"<p>"]
    ),
    max_size=GIVE_UP_AFTER + 15,
)


@given(lines=LINES, skip=st.integers(0, 40), packed=st.booleans(), cut=st.booleans())
def test_reading_on_gives_what_reading_through_would(tmp_path_factory, lines, skip, packed, cut):
    path = tmp_path_factory.mktemp("nguon") / "a.jsonl"
    data = b"\n".join(lines)
    if packed:
        data = gzip.compress(data)
        data = data[: len(data) * 2 // 3] if cut else data
    path.write_bytes(data)
    whole = list(read(path, name="a"))
    assert list(read(path, name="a", skip=skip)) == whole[skip:]
    assert (count(path) or 0) <= len(lines) + 1


def test_counting(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(GOOD + b"\n\n" + GOOD)
    assert count(path) == 2
    path.write_bytes(gzip.compress(GOOD + b"\n"))
    assert count(path) == 1
    write_template(path)
    assert count(path) is None
    assert count(tmp_path / "khong-co") == 0


@pytest.mark.parametrize("start", [(0, 0), (0, 2), (1, 0), (1, 1), (2, 0)])
def test_reading_ahead_from_a_place(tmp_path, start):
    sources = []
    for name in "ab":
        path = tmp_path / name
        path.write_bytes((GOOD + b"\n") * 3)
        sources.append(Source(path, f"{name}.jsonl"))
    reading = ReadingAhead(sources, file=start[0], row=start[1])
    found = []
    while not reading.finished:
        found += reading.take(2, 1.0)
    expected = [(0, n) for n in (1, 2, 3)] + [(1, n) for n in (1, 2, 3)]
    expected = [
        one for one in expected if one[0] > start[0] or (one[1] > start[1] and one[0] == start[0])
    ]
    assert [(number, row.line) for number, row in found] == expected
    assert {row.path for _, row in found} <= {"a.jsonl", "b.jsonl"}
    assert reading.total == 6


def test_reading_ahead_ends_when_nobody_wants_it(tmp_path):
    path = tmp_path / "a"
    path.write_bytes((GOOD + b"\n") * 1000)
    reading = ReadingAhead([Source(path, "a")])
    assert reading.take(1, 5.0)
    reading.close()
    reading._thread.join(10)
    assert not reading._thread.is_alive()
    assert reading.take(1, 0.1) == []


def values(**changes):
    return {**parse(raw(**changes)).values, "plain_name": ""}


def told(before, after):
    return {one["part"]: (one["before"], one["after"]) for one in differences(before, after)}


CHANNEL = {
    "channel": "Trực tiếp",
    "time_value": 7,
    "time_unit": "ngày làm việc",
    "time_limit": "7 ngày làm việc",
    "fees": [{"amount": 20000, "currency": "VND", "note": "bản"}],
}


def test_differences_in_words():
    paper = {"name": "Tờ khai", "originals": 1, "copies": 0, "form": ["Mẫu 1"]}
    before = values(
        channels=[CHANNEL], documents=[paper], level=["Cấp xã"], steps="Bước 1: Nộp.\nBước 2: Nhận."
    )
    after = values(
        name="Tên khác",
        level=["Cấp tỉnh", "Cấp xã"],
        channels=[{**CHANNEL, "time_value": 5, "time_limit": "5 ngày làm việc"}],
        documents=[{**paper, "copies": 2}, {"name": "Ảnh", "originals": 2, "copies": 0}],
        steps="Bước 1: Nộp.\nBước 2: Chờ.\nBước 3: Nhận.",
        legal_basis=[{"name": "Luật Hộ tịch", "number": "60/2014/QH13"}],
    )
    found = told(before, after)
    assert found["Tên thủ tục"][1] == "Tên khác"
    assert found["Cấp thực hiện"] == ("Cấp xã", "Cấp tỉnh, Cấp xã")
    assert found["Thời hạn (Trực tiếp)"] == ("7 ngày làm việc", "5 ngày làm việc")
    one, other = found["Giấy tờ “Tờ khai”"]
    assert one == "Tờ khai — 1 bản chính, 0 bản sao; mẫu: Mẫu 1"
    assert "2 bản sao" in other
    assert found["Giấy tờ “Ảnh”"] == ("", "Ảnh — 2 bản chính, 0 bản sao")
    assert found["Căn cứ pháp lý"] == ("", "60/2014/QH13 Luật Hộ tịch")
    assert any("Chờ" in after for _, after in found.values())
    assert "Phí, lệ phí (Trực tiếp)" not in found
    assert differences(before, before) == []


def test_a_channel_that_goes_is_told_whole():
    found = told(values(channels=[CHANNEL]), values(channels=[]))
    ((one, other),) = found.values()
    assert "7 ngày làm việc" in one
    assert "20.000 đồng" in one
    assert other == ""


def test_long_texts_show_where_they_differ():
    text = "Điều kiện chung. " * 100
    found = told(values(requirements=text + "Đủ 18 tuổi. " + text), values(requirements=text * 2))
    ((one, other),) = found.values()
    assert "Đủ 18 tuổi" in one
    assert one.startswith("…")
    assert one.endswith("…")
    assert len(one) <= SHOWN + 2
    assert "Đủ 18 tuổi" not in other


def test_very_many_differences_are_counted():
    before = values(steps="\n".join(f"Bước {n}: một {n}." for n in range(1, 80)))
    after = values(steps="\n".join(f"Bước {n}: hai {n}." for n in range(1, 80)))
    found = differences(before, after)
    assert len(found) == MOST
    assert "chỗ khác nữa" in found[-1]["part"]
