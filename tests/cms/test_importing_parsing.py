"""One record → values: the eight known defects, each on an example of our own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms import record
from cms.formatting import fee_summary, fee_text, time_summary
from cms.importing.parsing import parse
from cms.importing.reading import Rejected


def raw(**values: Any) -> dict[str, Any]:
    """A small record of invented content."""
    return {
        "code": "1.234567",
        "name": "Đăng ký ví dụ",
        "field": "Hộ tịch",
        "procedure_type": "TTHC mẫu",
        "level": ["Cấp xã"],
        "level_source": "portal_html",
        "audience": ["Công dân Việt Nam"],
        "steps": "Bước 1: Nộp.\nBước 2: Nhận.",
        "source_url": "https://example.org/tthc/1",
        **values,
    }


def with_fee(**fee: Any) -> dict[str, Any]:
    words = fee.pop("whole", "x")
    return raw(channels=[{"channel": "Trực tiếp", "fees": [fee], "fee": words}])


def kinds(found: dict[str, Any]) -> set[str]:
    return {note.kind for note in parse(found).notes}


def channels(found: dict[str, Any]) -> tuple[record.Channel, ...]:
    return record.channels(parse(found).values["channels"])


def only_fee(found: dict[str, Any]) -> record.Fee:
    return channels(found)[0].fees[0]


def test_a_plain_record():
    parsed = parse(raw())
    assert parsed.code == "1.234567"
    assert parsed.values["title"] == "Đăng ký ví dụ"
    assert parsed.values["full_name"] == ""
    assert parsed.values["levels"] == ["commune"]
    assert parsed.notes == ()
    assert record.steps(parsed.values["steps"]) == ("Bước 1: Nộp.", "Bước 2: Nhận.")


def test_the_same_record_gives_the_same_bytes():
    first, second = (parse(json.loads(json.dumps(raw()))) for _ in range(2))
    assert first == second
    assert parse(raw(result="Khác")).digest != first.digest
    assert parse(raw(name="Khác")).digest != first.digest


def test_a_field_spelled_otherwise_is_the_same_field():
    assert parse(raw(field="hộ  tịch")).digest == parse(raw()).digest


def test_block_ids_are_unique_within_a_record():
    parsed = parse(
        raw(
            channels=[
                {"channel": name, "fees": [{"amount": 1000, "currency": "VND"}] * 2, "fee": "x"}
                for name in ("Trực tiếp", "Trực tuyến")
            ],
            documents=[
                {"name": "A", "originals": 1, "copies": 0, "form": ["m", "n"], "group": group}
                for group in ("I", "II", "I")
            ],
        )
    )

    def ids(found: Any) -> list[str]:
        if isinstance(found, dict):
            own = [found["id"]] if "id" in found else []
            return own + [one for value in found.values() for one in ids(value)]
        return [one for value in found for one in ids(value)] if isinstance(found, list) else []

    found = ids(parsed.values)
    assert len(found) == len(set(found)) == 20


# 1: levels
def test_lowest_level_only():
    found = raw(level_source="lowest_level_only")
    assert parse(found).values["levels_incomplete"] is True
    assert "levels_incomplete" in kinds(found)
    assert parse(raw()).values["levels_incomplete"] is False


def test_levels_keep_their_order_and_unknown_ones_are_told():
    found = raw(level=["Cấp xã", "Cấp bộ", "Cấp huyện"])
    assert parse(found).values["levels"] == ["ministry", "commune"]
    assert "level_unknown" in kinds(found)


# 2: currency and wrong amounts
def test_an_assumed_currency_is_marked():
    found = with_fee(amount=20000, currency="VND", currency_source="crawler_default")
    assert only_fee(found).assumed is True
    assert "currency_assumed" in kinds(found)


def test_no_currency_stays_none():
    found = with_fee(amount=5, note="Gia hạn", whole="5 (Gia hạn)")
    fee = only_fee(found)
    assert (fee.currency, fee.text) == ("", "5")
    assert fee_text(fee) == "5 (chưa rõ đơn vị tiền): Gia hạn"
    assert "currency_missing" in kinds(found)


def test_an_amount_too_small_is_shown_as_the_source_has_it():
    found = with_fee(
        amount=20,
        currency="VND",
        currency_source="portal_html",
        note="20.000 vnđ/tờ khai",
        whole="20 VNĐ (20.000 vnđ/tờ khai)",
    )
    assert fee_text(only_fee(found)) == "Nguồn ghi “20 VNĐ”, cần xem lại: 20.000 vnđ/tờ khai"
    assert "amount_doubtful" in kinds(found)


def test_dollars():
    fee = only_fee(with_fee(amount=165, currency="USD", note="Thẻ", whole="165 USD (Thẻ)"))
    assert fee_text(fee) == "165 USD: Thẻ"


# 3: zero
@pytest.mark.parametrize(
    ("note", "kind", "shown"),
    [
        (None, None, "0 đồng (nguồn không ghi điều kiện)"),
        ("Theo quy định của tỉnh", "zero_with_note", "Theo quy định của tỉnh"),
        ("Cấp mới: 25.000 đồng/giấy", "zero_names_sum", "Cấp mới: 25.000 đồng/giấy"),
        ("Không thu phí", "zero_with_note", "Miễn phí"),
    ],
)
def test_zero_is_never_free_by_itself(note, kind, shown):
    fee = {"amount": 0} | ({"note": note} if note else {})
    found = with_fee(**fee, whole="Miễn phí")
    assert fee_summary(channels(found)) == shown
    assert kinds(found) == ({kind} if kind else set())


def test_a_fee_that_is_only_words():
    found = with_fee(note="Bằng 50% mức thu")
    assert fee_text(only_fee(found)) == "Bằng 50% mức thu"


@pytest.mark.parametrize("amount", [-5, "abc", True, 10**15, float("nan"), [1]])
def test_an_amount_that_is_none_keeps_its_words(amount):
    fee = only_fee(with_fee(amount=amount, note="ghi chú"))
    assert fee.amount is None
    assert "ghi chú" in fee.text


def test_a_strange_currency_is_kept_in_words():
    found = with_fee(amount=7, currency="KIP", note="mỗi tờ")
    assert fee_text(only_fee(found)) == "7 KIP: mỗi tờ"
    assert "currency_unknown" in kinds(found)


# 4: time
def test_a_number_without_unit():
    found = raw(channels=[{"channel": "Trực tiếp", "time_value": 1, "time_limit": "1"}])
    assert time_summary(channels(found)) == "1 — đơn vị chưa rõ"
    assert "time_without_unit" in kinds(found)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (7, "ngày làm việc", "7 ngày làm việc"),
        (1.5, "ngày làm việc", "1,5 ngày làm việc"),
        (2, "giờ", "2 giờ"),
        (30, "Ngày", "30 ngày"),
        (6, "tháng", "6 tháng"),
        (1, "năm", "1 năm"),
        (2, "tuần", "2 tuần"),
    ],
)
def test_units(value, unit, shown):
    row = {"channel": "Trực tuyến", "time_value": value, "time_unit": unit}
    assert time_summary(channels(raw(channels=[row]))) == shown


def test_a_time_in_words():
    row = {"channel": "Trực tuyến", "time_limit": "Không quy định"}
    assert time_summary(channels(raw(channels=[row]))) == "Không quy định"


# 5: rows without copies
@pytest.mark.parametrize(
    ("row", "heading"),
    [
        ({"name": "Hồ sơ gồm:"}, True),
        ({"name": "Lưu ý: mang bản gốc"}, True),
        ({"name": "Mang bản gốc", "group": "* Lưu ý:"}, True),
        ({"name": "Đơn đề nghị"}, False),
        ({"name": "Trường hợp đặc biệt", "form": ["Mẫu 1"]}, False),
        ({"name": "Lưu ý", "originals": 1}, False),
    ],
)
def test_rows_without_copies(row, heading):
    found = raw(documents=[{"originals": 0, "copies": 0, **row}])
    item = record.cases(parse(found).values["cases"])[0].items[0]
    assert item.heading is heading
    assert item.name == row["name"]


def test_cases_keep_the_order_of_the_source():
    rows = [("A", 1), ("A", 2), (None, 3), ("A", 4)]
    found = raw(
        documents=[
            {"name": str(n), "originals": 1, "copies": 0} | ({"group": group} if group else {})
            for group, n in rows
        ]
    )
    cases = record.cases(parse(found).values["cases"])
    assert [(case.name, [item.name for item in case.items]) for case in cases] == [
        ("A", ["1", "2"]),
        ("", ["3"]),
        ("A", ["4"]),
    ]


# 6: names and codes
def test_a_long_name_is_kept_whole_beside_a_short_title():
    name = "Cấp giấy phép " + "rất dài " * 60
    values = parse(raw(name=name)).values
    assert len(values["title"]) <= 255
    assert values["title"].endswith("…")
    assert values["full_name"] == name.strip()
    assert "name_shortened" in kinds(raw(name=name))


def test_a_name_in_capitals():
    found = raw(name="NHẬN HỒ SƠ", steps="Bước 1: nhận hồ sơ.")
    assert parse(found).values["title"] == "Nhận hồ sơ"
    assert "NHẬN HỒ SƠ" in parse(found).notes[0].text
    assert parse(raw(name="CẤP THẺ ABTC")).values["title"] == "CẤP THẺ ABTC"


@pytest.mark.parametrize("code", ["1.0133611", "2.009182739", "QT-01"])
def test_other_codes_are_kept_with_a_warning(code):
    assert parse(raw(code=code)).code == code
    assert "code_malformed" in kinds(raw(code=code))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1.014955-Xoa", "xoá"),
        ("1.014955-XÓA", "xoá"),
        ("", "Thiếu mã"),
        (None, "Thiếu mã"),
        ("1/2", "không dùng được"),
        ("1" * 33, "không dùng được"),
        ("../admin", "không dùng được"),
    ],
)
def test_codes_that_are_rejected(code, reason):
    with pytest.raises(Rejected, match=reason):
        parse(raw(code=code))


# 7: steps
def test_steps_that_stop_in_mid_sentence():
    assert "steps_cut_off" in kinds(raw(steps="Cán bộ chuyển hồ sơ đến"))
    assert "steps_no_full_stop" in kinds(raw(steps="Cán bộ trả kết quả"))
    assert kinds(raw(steps="Cán bộ trả kết quả.")) == set()


def test_equal_steps_have_equal_keys():
    assert parse(raw(code="1.000001")).steps_key == parse(raw(code="1.000002")).steps_key != ""
    assert parse(raw(steps="")).steps_key == ""


# 8 and more: flattened tables, long texts, lists as text, addresses
def test_flattened_tables_are_kept_word_for_word():
    found = raw(
        channels_text="Trực tiếp5 Ngày làm việcMiễn phí",
        documents_text="Đơn1 bản chính",
        legal_basis_text="Luật mẫu1/2020/QH14",
    )
    values = parse(found).values
    channel = record.channels(values["channels"])[0]
    assert (channel.kind, channel.note) == ("other", "Trực tiếp5 Ngày làm việcMiễn phí")
    assert channel.time.value is None
    assert fee_summary([channel]) == time_summary([channel]) == "Xem mô tả"
    item = record.cases(values["cases"])[0].items[0]
    assert (item.name, item.heading) == ("Đơn1 bản chính", True)
    assert record.legal_bases(values["legal_basis"])[0].name == "Luật mẫu1/2020/QH14"
    assert "tables_flattened" in kinds(found)


def test_an_unknown_channel_is_not_guessed():
    channel = channels(raw(channels=[{"channel": "Qua fax", "note": "gọi trước"}]))[0]
    assert channel.kind == "other"
    assert channel.note == "Hình thức: Qua fax\ngọi trước"


def test_keywords_written_as_a_python_list():
    found = raw(keywords="['khai sinh', 'hộ tịch']", life_events=["Có con nhỏ"])
    assert parse(found).values["keywords"] == "khai sinh, hộ tịch, Có con nhỏ"
    assert "list_as_text" in kinds(found)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "không có", "http://", "https://a b/"])
def test_addresses_that_are_none_are_left_out(url):
    assert parse(raw(source_url=url)).values["source_url"] == ""
    assert "source_url_invalid" in kinds(raw(source_url=url))


def test_a_very_long_record_is_kept_whole():
    steps = "\n".join(f"Bước {n}: {'chữ ' * 50}." for n in range(1, 700))
    assert len(steps) > 142_000
    assert len(parse(raw(steps=steps)).values["steps"]) == 699


@pytest.mark.parametrize(
    "found",
    [
        [],
        "x",
        None,
        7,
        {},
        {"code": "1.000001"},
        raw(name=""),
        raw(field=None),
        raw(channels="x"),
        raw(channels=[1]),
        raw(documents={"a": 1}),
        raw(decision_number="9" * 256),
        raw(name={"a": 1}),
        raw(name=["Đăng ký"]),
        raw(name=True),
        raw(name="\u200b"),
        raw(field="!!!"),
        raw(field={"name": "Hộ tịch"}),
        raw(agency={"a": 1}),
        raw(steps={"a": 1}),
        raw(steps=[{"a": 1}]),
    ],
)
def test_what_cannot_be_kept_is_rejected_with_a_reason(found):
    with pytest.raises(Rejected, match=r"\w"):
        parse(found)


def test_very_long_numbers_and_codes_take_no_quadratic_time():
    # Hours, were every digit a new start; with a linear reading a few milliseconds.
    found = with_fee(amount=0, currency="VND", note="1" * 1_000_000)
    assert "zero_with_note" in kinds(found)
    with pytest.raises(Rejected):
        parse(raw(code="-" * 1_000_000))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
rows = st.lists(
    st.dictionaries(
        st.sampled_from(
            re.findall(
                r"\w+",
                "channel time_value time_unit time_limit fees fee note name group originals copies "
                "form number amount currency",
            )
        ),
        anything,
    ),
    max_size=3,
)
NAMES = [
    "name", "field", "level", "audience", "steps", "keywords", "source_url", "life_events",
    "channels_text", "level_source", "decision_number", "result",
]  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(NAMES), anything),
    st.dictionaries(st.sampled_from(["channels", "documents", "legal_basis"]), rows),
)
def test_any_json_is_parsed_or_rejected(values, tables):
    try:
        parsed = parse(raw(**values, **tables))
    except Rejected:
        return
    json.dumps(parsed.values, allow_nan=False).encode()
    assert record.channels(parsed.values["channels"]) is not None
    assert record.cases(parsed.values["cases"]) is not None
