"""The three-way merge: examples, and that nothing is lost in any order of edits and imports."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.local_conflicts import rule_clashes
from cms.merging import (
    Leaf,
    Open,
    blank,
    differences,
    find,
    join,
    label,
    merge,
    plain,
    reconcile,
    same,
    split,
    stored,
    take,
)

_serial = iter(range(10**9))


def block(value, kind="item"):
    """A stored block; every one has an id of its own, which must never count."""
    return {"type": kind, "value": value, "id": f"id-{next(_serial)}"}


def fee(amount, **values):
    return block({"amount": amount, "currency": "VND", "condition": "", "text": "", **values})


def channel(kind="direct", *, time="7", fees=("20000",), note=""):
    return block(
        {
            "kind": kind,
            "time_value": time,
            "time_unit": "day",
            "time_text": "",
            "fees": [fee(one) for one in fees],
            "note": note,
        },
        "channel",
    )


def paper(name, originals=1):
    return block({"name": name, "originals": originals, "copies": 0, "forms": [], "heading": False})


def case(name, *papers):
    return block({"name": name, "items": list(papers)}, "case")


def values(**changes):
    base = {
        **blank(),
        "title": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "result": "Giấy khai sinh",
        "steps": [block("Bước 1", "step")],
        "channels": [channel(), channel("online", time="3")],
        "cases": [case("", paper("Tờ khai"), paper("Giấy chứng sinh"))],
        "legal_basis": [block({"name": "Luật Hộ tịch", "number": "60/2014"}, "basis")],
    }
    return {**base, **changes}


def part(found, address):
    node = find(split(found), address)
    return None if node is None else plain(node.stored)


class TestExamples:
    """What an editor would expect."""

    def test_nothing_edited_takes_the_record_as_it_is(self):
        theirs = values(result="Bản mới", channels=[channel("online"), channel()])
        merged = merge(values(), values(), theirs)
        assert merged.clashes == ()
        assert {**merged.values} == {**blank(), **theirs}

    def test_different_parts_live_side_by_side(self):
        ours = values(channels=[channel(fees=("10000",)), channel("online", time="3")])
        theirs = values(
            result="Mới", channels=[channel(time="5"), channel("online", time="3", note="Nộp mạng")]
        )
        merged = merge(values(), ours, theirs)
        assert merged.clashes == ()
        assert part(merged.values, "result") == "Mới"
        assert part(merged.values, "channels/direct/time")["time_value"] == "5"
        assert part(merged.values, "channels/direct/fees") == part(ours, "channels/direct/fees")
        assert part(merged.values, "channels/online/note") == {"note": "Nộp mạng"}

    def test_the_same_part_changed_twice_stays_ours_and_is_told(self):
        ours = values(channels=[channel(fees=("10000",)), channel("online", time="3")])
        theirs = values(channels=[channel(fees=("15000",)), channel("online", time="3")])
        merged = merge(values(), ours, theirs)
        (clash,) = merged.clashes
        assert clash.part == "channels/direct/fees"
        assert differences(merged.values, ours) == []
        assert [plain(clash.base), plain(clash.ours), plain(clash.theirs)] == [
            part(one, clash.part) for one in (values(), ours, theirs)
        ]
        assert label(clash.part) == "phí, lệ phí (Trực tiếp)"

    def test_both_made_the_same_change(self):
        assert merge(values(), values(result="X"), values(result="X")).clashes == ()

    def test_ids_blanks_and_spellings_of_numbers_are_no_difference(self):
        direct = channel(time="7.00", fees=("20000.00",))
        other = values(channels=[direct, channel("online", time="3")])
        other["requirements"] = None
        assert differences(values(), other) == []

    def test_zero_is_not_nothing(self):
        one, other = (values(channels=[channel(fees=(amount,))]) for amount in ("0", None))
        assert differences(one, other) == ["channels/direct/fees"]

    def test_a_field_that_differs_in_case_only_is_the_same(self):
        assert differences(values(), values(field="HỘ  TỊCH")) == []

    def test_a_channel_that_goes_goes_unless_it_was_edited(self):
        theirs = values(channels=[channel()])
        merged = merge(values(), values(result="Ta"), theirs)
        assert merged.clashes == ()
        assert part(merged.values, "channels/online") is None
        edited = values(channels=[channel(), channel("online", time="9")])
        merged = merge(values(), edited, theirs)
        assert [one.part for one in merged.clashes] == ["channels/online"]
        assert merged.clashes[0].theirs is None
        assert part(merged.values, "channels/online/time")["time_value"] == "9"

    def test_a_channel_the_city_struck_out_stays_out(self):
        ours = values(channels=[channel()])
        assert merge(values(), ours, values(result="Mới")).clashes == ()
        theirs = values(channels=[channel(), channel("online", time="1")])
        merged = merge(values(), ours, theirs)
        assert [one.part for one in merged.clashes] == ["channels/online"]
        assert part(merged.values, "channels/online") is None

    def test_papers_are_merged_one_by_one_in_the_records_order(self):
        ours = values(
            cases=[case("", paper("Tờ khai", 2), paper("Giấy chứng sinh"), paper("CCCD"))]
        )
        theirs = values(
            cases=[case("", paper("Đơn"), paper("Tờ khai"), paper("Giấy chứng sinh", 3))]
        )
        merged = merge(values(), ours, theirs)
        assert merged.clashes == ()
        items = merged.values["cases"][0]["value"]["items"]
        assert [(one["value"]["name"], one["value"]["originals"]) for one in items] == [
            ("Đơn", 1),
            ("Tờ khai", 2),
            ("Giấy chứng sinh", 3),
            ("CCCD", 1),
        ]

    def test_a_corrected_paper_name_is_an_edit_of_that_paper(self):
        theirs = values(cases=[case("", paper("TỜ KHAI."), paper("Giấy chứng sinh"))])
        merged = merge(values(), values(result="Ta"), theirs)
        assert merged.clashes == ()
        assert merged.values["cases"][0]["value"]["items"][0]["value"]["name"] == "TỜ KHAI."

    def test_the_editors_order_stays(self):
        ours = values(cases=[case("", paper("Giấy chứng sinh"), paper("Tờ khai"))])
        theirs = values(
            cases=[case("", paper("Tờ khai"), paper("Giấy chứng sinh", 3), paper("Đơn"))]
        )
        items = merge(values(), ours, theirs).values["cases"][0]["value"]["items"]
        assert [one["value"]["name"] for one in items] == ["Giấy chứng sinh", "Đơn", "Tờ khai"]

    def test_a_page_no_import_touched_keeps_all_it_says(self):
        ours = {**blank(), "title": "Tên của ta", "field": "Hộ tịch"}
        merged = merge(blank(), ours, values())
        assert [one.part for one in merged.clashes] == ["name"]
        assert part(merged.values, "name") == {"title": "Tên của ta"}
        assert part(merged.values, "steps") == ["Bước 1"]

    def test_rows_of_one_name_are_told_apart(self):
        twice = values(channels=[channel(), channel(time="9")])
        theirs = values(channels=[channel(), channel(time="8")])
        assert differences(twice, theirs) == ["channels/direct-2/time"]
        assert label("channels/direct-2/time") == "thời hạn (Trực tiếp 2)"

    def test_a_long_or_slashed_name_makes_a_short_address(self):
        name = "Giấy a/b " * 40
        (address,) = differences(
            values(cases=[case(name, paper(name))]), values(cases=[case(name, paper(name, 2))])
        )
        assert len(address) < 255
        assert address.count("/") == 2
        assert label(address, paper(name)).startswith("giấy tờ “Giấy a/b")


class TestRules:
    """The city's rules beside a record that changes."""

    today = date(2026, 11, 23)

    def rule(self, kind, **value):
        return block(value, kind)

    def test_a_fee_rule_is_told_of_the_fee_of_its_channel_only(self):
        now = values(channels=[channel(fees=("15000",)), channel("online", time="9")])
        rules = [
            self.rule("fees", channel="direct"),
            self.rule("fees", channel="online"),
            self.rule("time", channel=""),
            self.rule("note", channel="direct"),
        ]
        found = rule_clashes(rules, values(), now, self.today)
        assert [one.part for one in found] == [
            f"local_rules/{rules[0]['id']}",
            f"local_rules/{rules[2]['id']}",
        ]
        assert list(found[0].theirs) == ["channels/direct/fees"]
        assert list(found[1].theirs) == ["channels/online/time"]

    def test_a_rule_that_has_ended_is_past(self):
        now = values(channels=[channel(fees=("15000",)), channel("online", time="3")])
        rules = [
            self.rule("fees", channel="", valid_until="2026-11-22"),
            self.rule("fees", channel="", valid_until="2026-11-23"),
        ]
        assert len(rule_clashes(rules, values(), now, self.today)) == 1

    @pytest.mark.parametrize("name", ["Tờ khai", "tờ  khai.", "Giấy khác"])
    def test_a_waived_paper_that_is_gone(self, name):
        now = values(cases=[case("", paper("Tờ khai mới"), paper("Giấy chứng sinh"))])
        found = rule_clashes([self.rule("waived_paper", paper=name)], values(), now, self.today)
        assert len(found) == (name != "Giấy khác")


# Any order of edits, imports and solutions -----------------------------------------------------

NAMES = ["Tờ khai", "Giấy chứng sinh", "Đơn"]
_amounts = st.sampled_from(["0", "10000", "20000", None])


def _channels(draw):
    kinds = draw(st.lists(st.sampled_from(["direct", "online", "postal"]), unique=True, max_size=3))
    return [
        channel(
            kind,
            time=draw(st.sampled_from(["1", "7", None])),
            fees=tuple(draw(st.lists(_amounts, max_size=2))),
            note=draw(st.sampled_from(["", "a"])),
        )
        for kind in kinds
    ]


def _cases(draw):
    return [
        case(
            name,
            *(
                paper(one, draw(st.integers(1, 3)))
                for one in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
            ),
        )
        for name in draw(st.lists(st.sampled_from(["", "Uỷ quyền"]), max_size=2, unique=True))
    ]


@st.composite
def procedures(draw):
    """Small procedures out of few words, so that edits and imports meet often."""
    return {
        **blank(),
        "title": draw(st.sampled_from(["A", "B", "C"])),
        "result": draw(st.sampled_from(["", "x", "y"])),
        "field": "Hộ tịch",
        "steps": [block(one, "step") for one in draw(st.lists(st.sampled_from("abc"), max_size=2))],
        "channels": _channels(draw),
        "cases": _cases(draw),
    }


def leaves(found, prefix=""):
    """Every part of a procedure that is a value: address → value."""
    node = split(found) if isinstance(found, dict) else found
    if isinstance(node, Leaf):
        return {prefix: repr(node.plain)}
    every = {}
    for key, child in node.children.items():
        every |= leaves(child, f"{prefix}/{key}".lstrip("/"))
    return every


def below(address, parts):
    return any(address == one or address.startswith(f"{one}/") for one in parts)


class City:
    """A page and its conflicts, driven as the import and the editor's screen drive them."""

    def __init__(self):
        self.page = blank()
        self.national = blank()
        self.open: dict[str, Open] = {}
        self.archive: list[Open] = []  # solved conflicts, replaced values of open ones

    def load(self, record):
        merged = merge(self.national, self.page, record)
        self.page = merged.values
        ledger = reconcile(list(self.open.values()), merged.clashes, self.page, record)
        for one in (*ledger.settled, *ledger.withdrawn):
            self.archive.append(self.open.pop(one))
        self.archive += [self.open[clash.part] for clash in ledger.changed]
        for clash in (*ledger.new, *ledger.changed):
            self.open[clash.part] = Open(clash.part, clash.base, clash.ours, clash.theirs)
        self.national = record
        return [*merged.clashes, *ledger.new, *ledger.changed]

    def solve(self, how):
        address = sorted(self.open)[0]
        one = self.open.pop(address)
        ours = stored(find(split(self.page), address))
        self.archive.append(Open(address, one.base, ours, one.theirs))
        if how == "take":
            self.page = take(self.page, self.national, address)
        return address


_actions = st.one_of(
    st.tuples(st.just("edit"), procedures()),
    st.tuples(st.just("load"), procedures()),
    st.tuples(st.just("load"), procedures()),
    st.tuples(st.sampled_from(["keep", "take"]), st.none()),
)


@settings(max_examples=3 * settings.default.max_examples)
@given(st.lists(_actions, max_size=8))
def test_nothing_is_lost_in_any_order(script):
    city = City()
    for action, value in script:
        before, base = leaves(city.page), leaves(city.national)
        if action == "edit":
            city.page = value
        elif action == "load":
            held = dict(city.open)
            city.load(value)
            _check_import(city, base, before, leaves(value), held)
            page, opened = copy.deepcopy(city.page), dict(city.open)
            assert city.load(value) == []
            assert (city.page, city.open) == (page, opened)
        elif city.open:
            mine = stored(find(split(city.page), sorted(city.open)[0]))
            address = city.solve(action)
            assert city.archive[-1].ours == mine, "what the city had is kept in the conflict"
            after, record = leaves(city.page), leaves(city.national)
            for one in {*before, *after}:
                if action == "take" and below(one, [address]):
                    assert after.get(one) == record.get(one)
                else:  # a blank part of a row that comes back says as little as none
                    nothing = (None, "''")
                    unchanged = after.get(one) == before.get(one) or (
                        after.get(one) in nothing and before.get(one) in nothing
                    )
                    assert unchanged or below(address, [one])


def _check_import(city, base, before, record, held):
    after = leaves(city.page)
    national = split(city.national)
    # The record says again what the editor had before her when she changed the part: her change
    # was an answer to just that, and the question is withdrawn (the conflict stays in the records).
    back = [
        address
        for address, conflict in held.items()
        if address not in city.open
        and plain(stored(find(national, address))) == plain(conflict.base)
    ]
    for one in {*base, *before, *record, *after}:
        old, mine, new, now = (each.get(one) for each in (base, before, record, after))
        asked = below(one, city.open)
        if mine != old:
            assert now == mine, "what the editor changed is on the page"
        elif new != old:
            answered = asked or below(one, back)
            assert now == new or answered, "what the record changed is on the page, or asked about"
        else:
            assert now == mine
        if now != new:
            assert asked or old == new or below(one, held), "nothing of the record goes silently"
    for address, conflict in city.open.items():
        said = find(national, address)
        assert plain(conflict.theirs) == plain(stored(said))
        if address in held:
            assert plain(conflict.base) == plain(held[address].base), "the first base stays"
    for address, conflict in held.items():
        kept = [one for one in (*city.archive, *city.open.values()) if one.part == address]
        assert any(plain(one.theirs) == plain(conflict.theirs) for one in kept)


@settings(max_examples=3 * settings.default.max_examples)
@given(procedures(), procedures(), procedures())
def test_merging_again_changes_nothing(base, ours, theirs):
    once = merge(base, ours, theirs).values
    again = merge(theirs, once, theirs)
    assert again.values == once
    assert again.clashes == ()
    assert merge(base, ours, base).values == join(split(ours))
    assert leaves(merge(base, base, theirs).values) == leaves(theirs)
    assert leaves(merge(base, ours, ours).values) == leaves(ours)


@settings(max_examples=3 * settings.default.max_examples)
@given(procedures(), procedures(), procedures())
def test_clashes_hold_all_three_texts(base, ours, theirs):
    merged = merge(base, ours, theirs)
    mine, new, old = split(ours), split(theirs), split(base)
    for clash in merged.clashes:
        assert same(find(split(merged.values), clash.part), find(mine, clash.part))
        assert not same(find(mine, clash.part), find(new, clash.part))
        assert not same(find(old, clash.part), find(new, clash.part))
        texts = [stored(find(one, clash.part)) for one in (old, mine, new)]
        assert [clash.base, clash.ours, clash.theirs] == texts


@settings(max_examples=2 * settings.default.max_examples)
@given(procedures())
def test_parts_make_the_whole_again(found):
    joined = join(split(found))
    for name, value in found.items():
        assert joined[name] == value


@settings(max_examples=2 * settings.default.max_examples)
@given(procedures(), procedures())
def test_taking_every_difference_gives_the_record(ours, theirs):
    found = ours
    for address in differences(ours, theirs):
        found = take(found, theirs, address)
    assert leaves(found) == leaves(theirs)
