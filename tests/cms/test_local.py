"""The city's rules over the national rows: which holds on a day, what is announced, where seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms import local, record
from cms.formatting import fee_summary
from cms.local import announced, cases_on, channels_on, next_change, rules
from cms.models.local_rules import LOCAL_RULES, LocalRulesBlock
from cms.record import Channel, DocumentCase, DocumentItem, Fee, ProcessingTime
from tests.factories import make_procedure

NEW_YEAR = date(2027, 1, 1)
DECISION = "Nghị quyết 12/2026/NQ-HĐND"


def fee(amount: int, condition: str = "") -> Fee:
    return Fee(Decimal(amount), "VND", condition, "")


def way(kind: str = "direct", *fees: Fee, days: int = 7) -> Channel:
    return Channel(kind, ProcessingTime(Decimal(days), "working_day", ""), fees, "")


def rule(kind: str, **value: Any) -> dict[str, Any]:
    """A stored block; ``fee=10000`` is short for one fee in đồng."""
    if "fee" in value:
        one = {"amount": str(value.pop("fee")), "currency": "VND", "condition": "", "text": ""}
        value["fees"] = [{"type": "item", "value": one, "id": "f"}]
    return {"type": kind, "value": {"origin": "city", "decision": DECISION} | value}


def amounts(channels: tuple[Channel, ...]) -> dict[str, list[int]]:
    return {one.kind: [int(fee.amount or -1) for fee in one.fees] for one in channels}


NATIONAL = (way("direct", fee(20000)), way("online", fee(10000), days=5))


class TestChannels:
    def test_without_rules_the_record_stands(self) -> None:
        assert channels_on(NATIONAL, (), NEW_YEAR) == NATIONAL

    def test_both_days_are_inclusive(self) -> None:
        found = rules([rule("fees", fee=5, valid_from="2027-01-01", valid_until="2027-01-31")])
        days = [date(2026, 12, 31), NEW_YEAR, date(2027, 1, 31), date(2027, 2, 1)]
        direct = [amounts(channels_on(NATIONAL, found, day))["direct"] for day in days]
        assert direct == [[20000], [5], [5], [20000]]

    def test_every_channel_is_each_channel(self) -> None:
        found = rules([rule("fees", channel="", fee=5000)])
        assert amounts(channels_on(NATIONAL, found, NEW_YEAR)) == {
            "direct": [5000],
            "online": [5000],
        }

    def test_one_channel_leaves_the_others(self) -> None:
        found = rules([rule("fees", channel="online", fee=5000)])
        direct, online = channels_on(NATIONAL, found, NEW_YEAR)
        assert direct == NATIONAL[0]
        assert online.national_fees == NATIONAL[1].fees
        assert online.fees[0].source == record.Source("city", DECISION)
        assert online.time.source is None

    def test_a_channel_the_record_lacks_is_made(self) -> None:
        found = rules([rule("time", channel="postal", time_value="3", time_unit="day")])
        postal = channels_on(NATIONAL, found, NEW_YEAR)[-1]
        assert (postal.kind, postal.time.value, postal.fees) == ("postal", 3, ())
        (only,) = channels_on((), rules([rule("fees", fee=5)]), NEW_YEAR)
        assert only.kind == local.NO_CHANNEL

    def test_adding_keeps_what_holds(self) -> None:
        found = rules([rule("fees", channel="direct", adds=True, fee=700)])
        direct = channels_on(NATIONAL, found, NEW_YEAR)[0]
        assert [int(one.amount or 0) for one in direct.fees] == [20000, 700]
        assert direct.national_fees is None

    @pytest.mark.parametrize(
        ("stored", "wins"),
        [
            # The one that began last, wherever it stands in the list.
            ([("", "2026-06-01", 1), ("", "2026-01-01", 2)], 1),
            ([("", None, 1), ("", "2026-01-01", 2)], 2),
            ([("direct", "2026-01-01", 1), ("", "2026-06-01", 2)], 2),
            # The same day: the very channel, then the lower in the list.
            ([("direct", None, 1), ("", None, 2)], 1),
            ([("", None, 1), ("", None, 2)], 2),
        ],
    )
    def test_which_rule_wins(self, stored: list[Any], wins: int) -> None:
        found = rules([rule("fees", channel=c, valid_from=day, fee=n) for c, day, n in stored])
        assert amounts(channels_on(NATIONAL, found, NEW_YEAR))["direct"] == [wins]

    def test_a_dated_national_rule_is_the_national_value(self) -> None:
        found = rules(
            [
                rule("fees", origin="national", fee=30000, valid_from="2026-01-01"),
                rule("fees", fee=5000, valid_from="2026-06-01"),
            ]
        )
        direct = channels_on(NATIONAL, found, NEW_YEAR)[0]
        assert amounts((direct,)) == {"direct": [5000]}
        assert direct.national_fees is not None
        assert [int(one.amount or 0) for one in direct.national_fees] == [30000]

    def test_unreadable_rules_are_left_out(self) -> None:
        assert rules([rule("fees", fee=5, valid_from="mai"), {"type": "fees"}]) == ()
        assert rules(None) == ()


class TestPapers:
    CASES = (
        DocumentCase(
            "",
            (
                DocumentItem("Giấy khai sinh của cha", 1, 0, ()),
                DocumentItem("- Giấy khai sinh;\n(bản chụp cũng được)", 1, 0, ()),
                DocumentItem("Giấy khai sinh", 0, 0, (), heading=True),
            ),
        ),
    )

    def test_a_waived_paper_is_not_counted(self) -> None:
        found = rules([rule("waived_paper", paper="Giấy khai sinh", reason="Đã có trong CSDL")])
        (case,) = cases_on(self.CASES, found, NEW_YEAR)
        assert [item.waived is not None for item in case.items] == [False, True, False]
        assert (case.papers, self.CASES[0].papers) == (1, 2)
        assert case.items[1].waived == record.LocalText(
            "Đã có trong CSDL", record.Source("city", DECISION)
        )

    def test_a_name_of_no_paper_is_told_in_words(self) -> None:
        found = rules([rule("waived_paper", paper="Sổ hộ khẩu")])
        assert cases_on(self.CASES, found, NEW_YEAR) == self.CASES
        (lost,) = local.waived_elsewhere(self.CASES, found, NEW_YEAR)
        assert lost.text == "Sổ hộ khẩu"


class TestAnnounced:
    TODAY = date(2026, 11, 23)

    def test_a_fee_to_come(self) -> None:
        found = rules([rule("fees", channel="online", fee=5000, valid_from="2027-01-01")])
        (one,) = announced(NATIONAL, found, self.TODAY)
        assert (one.begins, one.part, one.channels) == (NEW_YEAR, "fees", ("online",))
        assert fee_summary([Channel("online", one.time, one.fees, "")]) == "5.000 đồng"
        assert announced(NATIONAL, found, NEW_YEAR) == ()

    def test_the_end_of_a_rule_announces_what_comes_back(self) -> None:
        found = rules([rule("time", channel="direct", time_value="2", time_unit="day",
                            valid_until="2026-12-31")])  # fmt: skip
        (one,) = announced(NATIONAL, found, self.TODAY)
        assert (one.begins, one.time, one.source) == (NEW_YEAR, NATIONAL[0].time, None)

    def test_a_covered_rule_announces_nothing(self) -> None:
        found = rules(
            [
                rule("fees", fee=5, valid_from="2026-12-01"),
                rule("fees", fee=6, valid_from="2027-01-01", valid_until="2026-12-01"),
                rule("fees", fee=5, valid_from="2027-02-01"),
            ]
        )
        assert [one.begins for one in announced(NATIONAL, found, self.TODAY)] == [date(2026, 12, 1)]

    def test_texts(self) -> None:
        found = rules(
            [
                rule("condition", text="Có hẹn trước", valid_from="2027-01-01"),
                rule("note", text="Tạm nộp ở tầng 2", valid_until="2026-12-31"),
            ]
        )
        said = {(one.part, one.text, one.ends) for one in announced(NATIONAL, found, self.TODAY)}
        assert said == {("condition", "Có hẹn trước", False), ("note", "Tạm nộp ở tầng 2", True)}


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
stored_rules = st.lists(
    st.builds(
        lambda kind, channel, since, until, number, adds, origin: rule(
            kind,
            channel=channel,
            valid_from=since and since.isoformat(),
            valid_until=until and until.isoformat(),
            origin=origin,
            **(
                {"fee": number, "adds": adds}
                if kind == "fees"
                else {"time_value": str(number), "time_unit": "day", "text": f"lời {number}"}
            ),
        ),
        st.sampled_from(["fees", "time", "note", "condition"]),
        st.sampled_from(["", "direct", "online", "postal"]),
        st.none() | days,
        st.none() | days,
        st.integers(1, 9),
        st.booleans(),
        st.sampled_from(["city", "national"]),
    ),
    max_size=6,
)


class TestProperties:
    @given(stored_rules, days)
    def test_nothing_changes_before_the_next_change(self, stored: Any, day: date) -> None:
        """What a page shows on a day is the same up to the day that next_change names."""
        found = rules(stored)
        switch = next_change(found, day) or day + timedelta(days=40)
        for later in (day + timedelta(days=1), switch - timedelta(days=1)):
            if day <= later < switch:
                assert channels_on(NATIONAL, found, later) == channels_on(NATIONAL, found, day)
                assert local.conditions_on(found, later) == local.conditions_on(found, day)

    @given(stored_rules, days)
    def test_announcements_are_the_future(self, stored: Any, day: date) -> None:
        """Reading the announcements one after the other gives the fees of any later day."""
        found = rules(stored)
        fees = {one.kind: local._value(one.fees) for one in channels_on(NATIONAL, found, day)}
        changes = announced(NATIONAL, found, day)
        assert [one.begins for one in changes] == sorted(one.begins for one in changes)
        for one in changes:
            assert one.begins > day
            if one.part == local.FEES:
                fees |= dict.fromkeys(one.channels, local._value(one.fees))
        end = channels_on(NATIONAL, found, date(2027, 1, 1))
        assert {one.kind: local._value(one.fees) for one in end if one.fees} == {
            kind: value for kind, value in fees.items() if value
        }

    @given(stored_rules, days)
    def test_no_national_channel_is_lost(self, stored: Any, day: date) -> None:
        """Rows of the record stay in their order; what a rule replaced is kept beside it."""
        found = channels_on(NATIONAL, rules(stored), day)
        assert [one.kind for one in found][:2] == ["direct", "online"]
        for row, national in zip(found, NATIONAL, strict=False):
            mine = [one.source for one in row.fees if one.source]
            assert row.fees[: len(national.fees)] == national.fees or mine
            assert row.note == national.note


def moment(text: str) -> Any:
    """The clock of the whole process at that moment, written in UTC."""
    now = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return mock.patch.object(timezone, "now", return_value=now)


def channel_block(kind: str, amount: str) -> dict[str, Any]:
    one = {"amount": amount, "currency": "VND", "condition": "", "text": "", "assumed": False}
    return {
        "type": "channel",
        "value": {
            "kind": kind,
            "time_value": "7",
            "time_unit": "working_day",
            "time_text": "",
            "fees": [{"type": "item", "value": one}],
            "note": "",
        },
    }


@pytest.mark.django_db
class TestEverywhere:
    def page(self, **values: Any) -> Any:
        return make_procedure(
            "1.004222",
            channels=[channel_block("direct", "20000")],
            local_rules=[rule("fees", fee=10000, valid_from="2027-01-01")],
            **values,
        )

    @pytest.mark.parametrize(
        ("clock", "fee_now"),
        [("2026-12-31T16:59:59", "20.000 đồng"), ("2026-12-31T17:00:00", "10.000 đồng")],
    )
    def test_midnight_in_hanoi(self, client: Any, clock: str, fee_now: str) -> None:
        """One second to midnight and midnight: page, list, JSON and the index's card."""
        page = self.page()
        from search.search_indexes import card_of

        with moment(clock):
            html = client.get("/thu-tuc/1.004222/").content.decode()
            assert f'<p class="tile-value">{fee_now}</p>' in html
            body = client.get("/api/v1/procedures/1.004222/").json()
            assert body["fee"] == fee_now
            listed = client.get("/api/v1/procedures/").json()["results"][0]
            assert listed["fee"] == fee_now
            field = client.get(f"/linh-vuc/{page.field.slug}/").content.decode()
            assert f"<dd>{fee_now}</dd>" in field
            assert card_of(page)["fee"] == fee_now

    def test_the_announcement(self, client: Any) -> None:
        self.page()
        with moment("2026-11-23T03:00:00"):
            html = client.get("/thu-tuc/1.004222/").content.decode()
            body = client.get("/api/v1/procedures/1.004222/").json()
        tile = html.split('<p class="tile-value">20.000 đồng</p>')[1].split("</div>")[0]
        assert "Từ 01/01/2027:" in tile
        assert "10.000 đồng" in tile
        assert DECISION in tile
        (change,) = body["announced"]
        assert change["begins"] == change["valid_from"] == "2027-01-01"
        assert (change["source"], change["decision"]) == ("city", DECISION)
        assert change["fees"][0]["amount"] == 10000
        assert body["channels"][0]["national"] is None

    def test_the_citys_fee_and_the_national_one(self, client: Any) -> None:
        self.page()
        with moment("2027-02-01T03:00:00"):
            html = client.get("/thu-tuc/1.004222/").content.decode()
            (channel,) = client.get("/api/v1/procedures/1.004222/").json()["channels"]
        assert "Thành phố quy định" in html
        assert "từ 01/01/2027" in html
        assert "Từ 01/01/2027:" not in html
        assert '<details class="national">' in html
        assert channel["fees"][0]["amount"] == 10000
        assert channel["fees"][0]["source"] == "city"
        assert channel["national"]["fees"][0]["amount"] == 20000
        assert channel["national"]["time"] is None

    def test_waived_papers_and_conditions(self, client: Any) -> None:
        item = {"name": "Sổ hộ khẩu", "originals": 1, "copies": 0, "forms": [], "heading": False}
        other = item | {"name": "Tờ khai"}
        items = [{"type": "item", "value": one} for one in (item, other)]
        make_procedure(
            "1.004222",
            cases=[{"type": "case", "value": {"name": "", "items": items}}],
            local_rules=[
                rule("waived_paper", paper="sổ hộ khẩu", reason="Tra trên CSDL dân cư"),
                rule("condition", text="Đặt hẹn trước"),
            ],
        )
        html = client.get("/thu-tuc/1.004222/").content.decode()
        assert html.count("data-tick>") == 1
        assert '<s class="paper-name" lang="vi">Sổ hộ khẩu</s>' in html
        assert "Thành phố không yêu cầu nộp" in html
        assert "1 giấy tờ" in html
        assert "Đặt hẹn trước" in html
        body = client.get("/api/v1/procedures/1.004222/").json()
        waived = [one["waived"] for one in body["documents"][0]["items"]]
        assert waived[0]["reason"] == "Tra trên CSDL dân cư"
        assert waived[1] is None
        assert body["local_conditions"][0]["text"] == "Đặt hẹn trước"

    def test_results_of_a_search_do_not_keep_yesterdays_fee(self) -> None:
        """The card was indexed before the switch and is asked after it."""
        from search.finder import Result
        from search.search_indexes import card_of
        from search.today import as_of_today

        page = self.page()
        with moment("2026-12-31T16:00:00"):
            card = card_of(page)
        result = Result.of(card)
        with moment("2026-12-31T17:00:00"):
            assert as_of_today([result])[0].fee == "10.000 đồng"
        assert (card["plain"], result.fee) == (False, "20.000 đồng")

    def test_a_plain_card_asks_nothing(self, django_assert_num_queries: Any) -> None:
        from search.finder import Result
        from search.search_indexes import card_of
        from search.today import as_of_today

        page = make_procedure("1.004223", channels=[channel_block("direct", "20000")])
        result = Result.of(card_of(page))
        with django_assert_num_queries(0):
            assert as_of_today([result]) == [result]


def cleaned(*stored: dict[str, Any], draft: bool = False) -> dict[str, str]:
    """Errors of the editor's form: "place.name" → words."""
    block = LocalRulesBlock(LOCAL_RULES)
    value = block.to_python([one | {"id": f"r{n}"} for n, one in enumerate(stored)])
    if draft:
        block.defer_required_validation()
    try:
        block.clean(value)
    except ValidationError as error:
        found = {}
        for place, inner in error.block_errors.items():
            for name, one in inner.block_errors.items():
                messages = getattr(one, "messages", None) or [str(one)]
                found[f"{place}.{name}"] = " ".join(map(str, messages))
        return found
    finally:
        # The blocks of LOCAL_RULES are the page's own.
        block.restore_deferred_validation()
    return {}


class TestEditor:
    def test_days_in_order(self) -> None:
        errors = cleaned(rule("fees", fee=5, valid_from="2027-01-02", valid_until="2027-01-01"))
        assert list(errors) == ["0.valid_until"]
        assert "02/01/2027" in errors["0.valid_until"]

    @pytest.mark.parametrize(
        ("stored", "place"),
        [
            (rule("fees", fees=[]), "0.fees"),
            (rule("fees", fee=0), "0.fees"),
            (rule("time"), "0.time_value"),
            (rule("time", time_value="3"), "0.time_unit"),
        ],
    )
    def test_a_rule_says_something(self, stored: Any, place: str) -> None:
        assert list(cleaned(stored)) == [place]

    def test_overlapping_days(self) -> None:
        first = rule("fees", channel="direct", fee=5, valid_until="2027-01-01")
        second = rule("fees", channel="direct", fee=6, valid_from="2027-01-01")
        errors = cleaned(first, second)
        assert list(errors) == ["1.valid_from"]
        assert "quy định thứ 1" in errors["1.valid_from"]
        assert cleaned(first, second, draft=True) == {}
        second["value"]["valid_from"] = "2027-01-02"
        assert cleaned(first, second) == {}

    def test_what_does_not_collide(self) -> None:
        assert not cleaned(
            rule("fees", channel="direct", fee=5),
            rule("fees", channel="online", fee=6),
            rule("fees", channel="direct", fee=7, adds=True),
            rule("fees", channel="direct", fee=8, origin="national"),
            rule("note", text="Một"),
            rule("note", text="Hai"),
        )
