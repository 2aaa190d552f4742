"""The internal process: lanes of agencies, sums, and what disagrees with the published limit."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.process import (
    HOURS_A_WORKING_DAY,
    compare,
    notes,
    problems,
    process_of,
    process_problems,
)
from cms.record import Channel, ProcessingTime


def row(agency: str, hours: str | None = "4", name: str = "Thẩm định", **more: Any) -> dict:
    value = {"name": name, "work": "", "agency": agency, "unit": "", "hours": hours, **more}
    return {"type": "step", "value": value}


def way(value: str | None, unit: str, kind: str = "direct") -> Channel:
    return Channel(kind, ProcessingTime(Decimal(value) if value else None, unit, ""), (), "")


CENTRE, OFFICE, TAX = "Trung tâm", "Văn phòng đăng ký đất đai", "Thuế cơ sở"
JOINT = process_of(
    [row(CENTRE), row(OFFICE, "40"), row(TAX, "24"), row(OFFICE, "8"), row(CENTRE, "4")]
)


def test_lanes_in_the_order_the_dossier_meets_them() -> None:
    assert [(lane.agency, lane.hours_text) for lane in JOINT.lanes] == [
        (CENTRE, "8"),
        (OFFICE, "48"),
        (TAX, "24"),
    ]
    assert [number for number, _step in JOINT.lanes[1].steps] == [2, 4]
    assert [(row.number, row.lane, row.enters) for row in JOINT.placed] == [
        (1, 1, False),
        (2, 2, True),
        (3, 3, True),
        (4, 2, True),
        (5, 1, True),
    ]
    assert JOINT.is_joint
    assert (JOINT.hours, JOINT.days_text) == (80, "10")


def test_one_agency_is_no_joint_process_however_it_is_typed() -> None:
    process = process_of([row("UBND phường"), row("  ubnd  Phường ", "2,5"), row("UBND phường")])
    assert not process.is_joint
    assert process.without_hours == (2,)
    assert process.lanes[0].incomplete
    assert process.hours == 8


@pytest.mark.parametrize("raw", [None, [], [{"type": "step"}], [row("", None, "")]])
def test_nothing_typed_is_no_process(raw: Any) -> None:
    process = process_of(raw)
    assert process.steps == ()
    assert problems(process, [way("10", "working_day")]) == []
    assert notes(process, [way("10", "day")]) == []


def test_sum_and_limit_agree() -> None:
    channels = [way("10", "working_day"), way("80", "hour", "online")]
    assert problems(JOINT, channels) == []
    assert [one.difference for one in compare(JOINT, channels)] == [0, 0]


def test_more_than_the_limit_and_less_are_both_said() -> None:
    channels = [
        way("9", "working_day"),
        way("9", "working_day", "online"),
        way("15", "working_day", "postal"),
    ]
    over, under = problems(JOINT, channels)
    assert "80 giờ làm việc, vượt thời hạn công bố 9 ngày làm việc" in over
    assert "72 giờ; Trực tiếp, Trực tuyến" in over
    assert over.endswith("8 giờ.")
    assert "ít hơn thời hạn công bố 15 ngày làm việc" in under
    assert under.endswith("40 giờ.")


def test_days_with_days_off_do_not_compare_and_say_so() -> None:
    channels = [way("10", "day"), way("1", "month", "online"), way("5", "", "postal")]
    assert problems(JOINT, channels) == []
    said = notes(JOINT, channels)
    assert len(said) == 2
    assert "10 ngày tính cả ngày nghỉ" in said[0]


def test_missing_hours_are_said_and_hide_no_excess() -> None:
    process = process_of([row(CENTRE, "100"), row(OFFICE, None), row("", "1")])
    said = problems(process, [way("10", "working_day"), way("90", "working_day", "online")])
    assert said[0] == "Quy trình nội bộ chưa ghi số giờ ở bước 2."
    assert said[1] == "Quy trình nội bộ chưa ghi cơ quan ở bước 3."
    assert len(said) == 3
    assert "vượt" in said[2]


def test_of_a_page_with_the_limits_of_today() -> None:
    page = SimpleNamespace(
        internal_process=SimpleNamespace(raw_data=[row(CENTRE, "8")]),
        channel_rows=(way("2", "working_day"),),
    )
    assert "ít hơn" in process_problems(page)[0]
    page.channels_today = (way("1", "working_day"),)
    assert process_problems(page) == []


agencies = st.sampled_from([CENTRE, OFFICE, TAX, "Sở Xây dựng"])
hours = st.one_of(st.none(), st.decimals(min_value=0, max_value=500, places=2).map(str))


@settings(deadline=None)
@given(st.lists(st.tuples(agencies, hours), max_size=12), st.integers(1, 60))
def test_lanes_lose_no_step_and_no_hour(rows: list[tuple[str, str | None]], days: int) -> None:
    process = process_of([row(agency, time) for agency, time in rows])
    numbers = sorted(number for lane in process.lanes for number, _step in lane.steps)
    assert numbers == list(range(1, len(rows) + 1))
    assert sum(lane.hours for lane in process.lanes) == process.hours
    for placed in process.placed:
        assert process.lanes[placed.lane - 1].agency == placed.step.agency
    for one in compare(process, [way(str(days), "working_day")]):
        assert one.difference == process.hours - days * HOURS_A_WORKING_DAY
