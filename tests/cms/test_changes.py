"""Two snapshots → what changed: examples in words, and properties over arbitrary snapshots."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cms.change_gist import brief, from_brief
from cms.change_words import lines_of, texts_of
from cms.changes import MOVED, SECTIONS, Change, compare
from cms.word_diff import folded, word_diff

WORDS = st.sampled_from(["đơn", "tờ khai", "bản sao", "nộp", "hồ sơ", "lệ phí", "người", "7", "x"])
TEXT = st.lists(WORDS, max_size=8).map(" ".join)
AMOUNT = st.sampled_from([None, "0", "10000", "20000", "1.5"])
FEE = st.fixed_dictionaries(
    {
        "amount": AMOUNT,
        "currency": st.sampled_from(["VND", "USD", ""]),
        "condition": TEXT,
        "text": TEXT,
        "assumed": st.booleans(),
    }
)
CHANNEL = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["direct", "online", "postal"]),
        "time": st.fixed_dictionaries(
            {
                "value": AMOUNT,
                "unit": st.sampled_from(["day", "working_day", ""]),
                "text": TEXT,
            }
        ),
        "fees": st.lists(FEE, max_size=3),
        "note": TEXT,
    }
)
CASE = st.fixed_dictionaries(
    {
        "name": TEXT,
        "items": st.lists(
            st.fixed_dictionaries(
                {
                    "name": TEXT,
                    "originals": st.integers(0, 2),
                    "copies": st.integers(0, 2),
                    "forms": st.lists(TEXT, max_size=2),
                    "heading": st.booleans(),
                }
            ),
            max_size=4,
        ),
    }
)
RULE = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("fees"),
            "value": st.fixed_dictionaries(
                {
                    "channel": st.sampled_from(["direct", "online"]),
                    "fees": st.lists(FEE, max_size=2),
                }
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("condition"),
            "value": st.fixed_dictionaries({"text": TEXT, "valid_from": st.just("2027-01-01")}),
        }
    ),
)
LAW = st.fixed_dictionaries({"name": TEXT, "number": st.sampled_from(["", "1/2020", "2/2021"])})
SNAPSHOT = st.fixed_dictionaries(
    {
        "name": TEXT,
        "decision_number": TEXT,
        "requirements": TEXT,
        "levels": st.lists(st.sampled_from(["province", "commune"]), max_size=2, unique=True),
        "levels_incomplete": st.booleans(),
        "standing": st.sampled_from(["active", "paused", "abolished"]),
        "standing_from": st.sampled_from(["", "2026-11-01"]),
        "steps": st.lists(TEXT, max_size=5),
        "channels": st.lists(CHANNEL, max_size=3),
        "cases": st.lists(CASE, max_size=3),
        "local_rules": st.lists(RULE, max_size=3),
        "legal_basis": st.lists(LAW, max_size=3),
    }
)


def channel(**values: Any) -> dict[str, Any]:
    return {
        "kind": "direct",
        "time": {"value": "7", "unit": "working_day", "text": ""},
        "fees": [],
        "note": "",
        **values,
    }


def fee(amount: str | None = "20000", **values: Any) -> dict[str, Any]:
    return {
        "amount": amount,
        "currency": "VND",
        "condition": "",
        "text": "",
        "assumed": False,
        **values,
    }


def paper(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "originals": 1, "copies": 0, "forms": [], "heading": False, **values}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return texts_of(compare(old, new))


def spelled(row: Any) -> str:
    return json.dumps(row, sort_keys=True, default=str)


class TestProperties:
    @given(SNAPSHOT)
    def test_equal_snapshots_have_no_change(self, snapshot: dict[str, Any]) -> None:
        assert compare(snapshot, copy.deepcopy(snapshot)) == []

    @given(SNAPSHOT, SNAPSHOT)
    def test_every_section_that_differs_is_told_and_no_other(
        self, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        differing = {key for key in old if old[key] != new[key]}
        assert {change.section for change in compare(old, new)} == differing

    @given(SNAPSHOT, SNAPSHOT)
    def test_rows_add_up(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Old rows, less what went, plus what came, are the new rows: none is passed over."""
        for section in ("steps", "legal_basis", "local_rules"):
            # Sorted keys: the same row read twice may list them in another order.
            rows = Counter(map(spelled, old[section]))
            for change in compare(old, new):
                if change.section == section and change.kind != MOVED:
                    rows.subtract([spelled(change.old)] if change.old is not None else [])
                    rows.update([spelled(change.new)] if change.new is not None else [])
            assert +rows == Counter(map(spelled, new[section]))
            assert not -rows

    @given(CHANNEL, st.lists(FEE, max_size=3))
    def test_fees_add_up(self, before: dict[str, Any], fees: list[dict[str, Any]]) -> None:
        after = {**before, "fees": fees}
        rows = Counter(map(repr, before["fees"]))
        for change in compare({"channels": [before]}, {"channels": [after]}):
            assert change.where == (before["kind"],)
            if change.kind != MOVED:
                rows.subtract([repr(change.old)] if change.old is not None else [])
                rows.update([repr(change.new)] if change.new is not None else [])
        assert +rows == Counter(map(repr, fees))

    @given(SNAPSHOT, SNAPSHOT)
    @settings(max_examples=settings.default.max_examples * 3 // 5)
    def test_every_change_has_words_also_cut_short(
        self, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        changes = compare(old, new)
        for change in changes:
            assert all(line.text.strip() for line in lines_of([change]))
            assert lines_of([change])
        short = from_brief(brief(changes, most=5, length=30))
        assert len(short) == min(5, len(changes))
        assert [one.section for one in short] == [one.section for one in changes[:5]]
        assert len(texts_of(short)) >= bool(short)

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_word_diff_keeps_both_texts(self, old: str, new: str) -> None:
        pieces = word_diff(old, new)
        assert "".join(piece.text for piece in pieces if piece.op != "ins") == old
        assert "".join(piece.text for piece in pieces if piece.op != "del") == new
        assert all(piece.text for piece in pieces)

    @given(TEXT, TEXT)
    def test_folding_drops_no_changed_word(self, old: str, new: str) -> None:
        pieces = word_diff(old, new)
        kept = [piece for piece in folded(pieces, 10) if piece.op in ("del", "ins")]
        assert kept == [piece for piece in pieces if piece.op in ("del", "ins")]

    def test_sections_cover_the_snapshot(self) -> None:
        from cms import snapshots

        parts = {*snapshots.TEXTS, *snapshots.DATES, "levels", "audience", "name", "field"}
        parts |= {"levels_incomplete", "replaced_by", "steps", "channels", "cases", "legal_basis"}
        parts |= {"local_rules", "internal_process", "form_files"}
        assert set(SECTIONS) == parts


class TestWords:
    def test_fee_of_one_channel(self) -> None:
        old = {"channels": [channel(fees=[fee("20000")])]}
        new = {"channels": [channel(fees=[fee("10000")])]}
        assert told(old, new) == ["Lệ phí trực tiếp: 20.000 → 10.000 đồng"]

    def test_the_same_fee_of_two_channels_is_one_line(self) -> None:
        kinds = ("direct", "online")
        old = {"channels": [channel(kind=kind, fees=[fee("20000")]) for kind in kinds]}
        new = {"channels": [channel(kind=kind, fees=[fee("10000")]) for kind in kinds]}
        assert told(old, new) == ["Lệ phí trực tiếp, trực tuyến: 20.000 → 10.000 đồng"]

    def test_fee_with_a_condition_and_a_foreign_one(self) -> None:
        old = {
            "channels": [
                channel(fees=[fee("20000", condition="Cấp mới"), fee("5", currency="USD")])
            ]
        }
        new = {
            "channels": [
                channel(fees=[fee("30000", condition="Cấp mới"), fee("6", currency="USD")])
            ]
        }
        assert told(old, new) == [
            "Lệ phí trực tiếp (Cấp mới): 20.000 → 30.000 đồng",
            "Lệ phí trực tiếp: 5 USD → 6 USD",
        ]

    def test_fee_added_and_time_changed(self) -> None:
        old = {"channels": [channel(kind="online")]}
        time = {"value": "5", "unit": "working_day", "text": ""}
        new = {"channels": [channel(kind="online", time=time, fees=[fee()])]}
        assert told(old, new) == [
            "Thời hạn trực tuyến: 7 ngày làm việc → 5 ngày làm việc",
            "Thêm lệ phí trực tuyến: 20.000 đồng",
        ]

    def test_only_the_guess_about_the_currency(self) -> None:
        old = {"channels": [channel(fees=[fee(assumed=True)])]}
        new = {"channels": [channel(fees=[fee(assumed=False)])]}
        assert told(old, new) == ["Đơn vị tiền của lệ phí trực tiếp: do máy đoán → theo văn bản"]

    def test_channels_come_and_go(self) -> None:
        old = {"channels": [channel(kind="postal", fees=[fee()])]}
        new = {"channels": [channel(kind="online")]}
        assert told(old, new) == [
            "Bỏ hình thức nộp bưu chính: 7 ngày làm việc; 20.000 đồng",
            "Thêm hình thức nộp trực tuyến: 7 ngày làm việc",
        ]

    def test_papers(self) -> None:
        case = {"name": "", "items": [paper("Tờ khai"), paper("Giấy chứng sinh")]}
        other = {"name": "", "items": [paper("Tờ khai", copies=2), paper("Hộ chiếu")]}
        assert told({"cases": [case]}, {"cases": [other]}) == [
            "Giấy tờ “Tờ khai”: 1 bản chính → 1 bản chính, 2 bản sao",
            "Bỏ giấy tờ: Giấy chứng sinh (1 bản chính)",
            "Thêm giấy tờ: Hộ chiếu (1 bản chính)",
        ]

    def test_papers_of_a_named_case(self) -> None:
        case = {"name": "* Cấp mới:", "items": []}
        other = {"name": "* Cấp mới:", "items": [paper("Tờ khai", forms=["Mẫu 01"])]}
        assert told({"cases": [case]}, {"cases": [other]}) == [
            "Thêm giấy tờ (Cấp mới): Tờ khai (1 bản chính); Mẫu 01"
        ]

    def test_steps_are_numbered_as_on_the_page(self) -> None:
        old = ["Nộp hồ sơ.", "Lưu ý: mang theo bản chính.", "Nhận kết quả."]
        assert told({"steps": old}, {"steps": old[:2]}) == ["Bỏ bước 2: Nhận kết quả."]
        assert told({"steps": old}, {"steps": [*old, "Trả phí."]}) == ["Thêm bước 3: Trả phí."]
        assert told({"steps": old}, {"steps": [old[2], *old[:2]]}) == ["Đổi thứ tự các bước"]

    def test_a_step_that_was_edited_shows_its_words(self) -> None:
        long = "Người có yêu cầu nộp hồ sơ trực tiếp tại bộ phận một cửa của xã, phường nơi cư trú"
        (line,) = lines_of(compare({"steps": [long]}, {"steps": [long.replace("xã,", "đặc khu,")]}))
        assert line.head == "Bước 1"
        marked = {piece.op: piece.text.strip() for piece in line.pieces if piece.op != "same"}
        assert marked == {"del": "xã", "ins": "đặc khu"}
        assert line.text == "Bước 1: đã sửa"

    def test_standing_and_successor(self) -> None:
        old = {"standing": "active", "standing_from": "", "replaced_by": ""}
        new = {"standing": "abolished", "standing_from": "2027-01-01", "replaced_by": "1.000002"}
        assert told(old, new) == [
            "Tình trạng: Đang thực hiện → Đã bãi bỏ",
            "Thêm tạm dừng, bãi bỏ từ ngày: 01/01/2027",
            "Thêm thủ tục thay thế: 1.000002",
        ]

    def test_rules_of_the_city(self) -> None:
        rule = {
            "type": "fees",
            "value": {
                "channel": "direct",
                "valid_from": "2027-01-01",
                "decision": "12/NQ-HĐND",
                "origin": "city",
                "fees": [{"amount": "5000", "currency": "VND"}],
            },
        }
        words = (
            "Phí, lệ phí trực tiếp: 5.000 đồng – từ 01/01/2027, theo 12/NQ-HĐND, "
            "quy định của thành phố"
        )
        assert told({"local_rules": []}, {"local_rules": [rule]}) == [
            f"Thêm quy định áp dụng tại thành phố: {words}"
        ]
        assert told({"local_rules": [rule]}, {"local_rules": []}) == [
            f"Bỏ quy định áp dụng tại thành phố: {words}"
        ]
        later = copy.deepcopy(rule)
        later["value"]["fees"][0]["amount"] = "6000"
        (change,) = compare({"local_rules": [rule]}, {"local_rules": [later]})
        assert change.kind == "changed"

    def test_a_file_is_told_without_its_digest(self) -> None:
        def told_of(**values: Any) -> list[str]:
            file = {"name": "Tờ khai", "document": 1, "file": "mau-ct01.pdf"}
            old = {**file, "size": 45000, "sha1": "d4a5403b" * 5}
            rows = {"form_files": [old]}, {"form_files": [{**old, **values}]}
            found = told(*rows)
            assert found == texts_of(from_brief(brief(compare(*rows))))
            return found

        other = {"sha1": "0a1b2c3d" * 5}
        assert told_of(**other) == ["Nội dung tệp “Tờ khai” thay đổi"]
        assert told_of(**other, size=1_200_000) == [
            "Nội dung tệp “Tờ khai” thay đổi: 45 kB → 1,2 MB"
        ]
        assert told_of(document=2) == ["Tải lại tệp “Tờ khai”, nội dung không đổi"]
        assert told_of(name="Tờ khai CT01", **other) == [
            "Tệp mẫu đơn: Tờ khai (mau-ct01.pdf, 45 kB) → Tờ khai CT01 (mau-ct01.pdf, 45 kB)"
        ]
        file = {"name": "Tờ khai", "file": "a.pdf", "size": 2000, "sha1": "ab" * 20, "document": 3}
        assert told({"form_files": []}, {"form_files": [file]}) == [
            "Thêm tệp mẫu đơn: Tờ khai (a.pdf, 2 kB)"
        ]

    def test_laws_with_other_numbers_are_other_laws(self) -> None:
        old = {"legal_basis": [{"name": "Luật Cư trú", "number": "68/2020"}]}
        new = {"legal_basis": [{"name": "Luật Cư trú", "number": "70/2026"}]}
        assert told(old, new) == [
            "Bỏ căn cứ pháp lý: 68/2020: Luật Cư trú",
            "Thêm căn cứ pháp lý: 70/2026: Luật Cư trú",
        ]

    def test_long_texts_stay_quick(self) -> None:
        old = "\n".join(f"Điểm {n}: hồ sơ gồm đơn và bản sao số {n}." for n in range(4000))
        pieces = word_diff(old, old.replace("số 2000.", "số hai nghìn."))
        assert "".join(piece.text for piece in pieces if piece.op != "ins") == old
        changed = [piece for piece in pieces if piece.op == "del"]
        assert sum(len(piece.text) for piece in changed) < 100

    def test_gist_of_a_long_text_shows_the_place(self) -> None:
        old = "mở đầu " * 100 + "cũ " + "kết " * 100
        (row,) = brief([Change("requirements", "changed", old=old, new=old.replace("cũ", "mới"))])
        assert "cũ" in row["old"]
        assert "mới" in row["new"]
        assert len(row["old"]) <= 160
