"""Open data in months: never finer than five, never losing or inventing an answer."""

from __future__ import annotations

import datetime
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.binning import binned, month_end

AS_OF = datetime.date(2026, 10, 31)


def d(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_a_small_month_goes_into_the_next():
    answers = {
        ("receipt", d("2026-07-03"), 5): 4,
        ("receipt", d("2026-08-20"), 1): 2,
        ("receipt", d("2026-10-02"), 3): 6,
    }
    assert binned(answers, AS_OF) == {
        ("receipt", d("2026-08-31"), 5): 4,
        ("receipt", d("2026-08-31"), 1): 2,
        ("receipt", d("2026-10-31"), 3): 6,
    }


def test_an_empty_month_between_does_not_close_a_bin():
    answers = {("poster", d("2026-05-03"), 5): 3, ("poster", d("2026-09-03"), 5): 3}
    assert binned(answers, AS_OF) == {("poster", d("2026-09-30"), 5): 6}


def test_a_remainder_waits_and_channels_do_not_help_each_other():
    answers = {
        ("receipt", d("2026-09-03"), 5): 5,
        ("receipt", d("2026-10-03"), 5): 4,
        ("display", d("2026-10-03"), 5): 4,
    }
    assert binned(answers, AS_OF) == {("receipt", d("2026-09-30"), 5): 5}
    later = binned({**answers, ("receipt", d("2026-11-30"), 2): 1}, d("2026-11-30"))
    assert later == {
        ("receipt", d("2026-09-30"), 5): 5,
        ("receipt", d("2026-11-30"), 5): 4,
        ("receipt", d("2026-11-30"), 2): 1,
    }


def test_level_0_and_later_days_are_left_out():
    answers = {("receipt", d("2026-10-03"), 0): 50, ("receipt", d("2026-11-01"), 5): 50}
    assert binned(answers, AS_OF) == {}


def test_twelve_months_exactly():
    answers = {("receipt", d("2025-10-31"), 5): 9, ("receipt", d("2025-11-01"), 4): 9}
    assert binned(answers, AS_OF) == {("receipt", d("2025-11-30"), 4): 9}
    # After a leap day the window still begins with a whole month.
    assert month_end(d("2028-02-03")) == d("2028-02-29")
    leap = binned({("receipt", d("2027-03-01"), 4): 9}, d("2028-02-29"))
    assert leap == {("receipt", d("2027-03-31"), 4): 9}


def test_an_answer_that_waited_a_year_is_dropped():
    answers = {("receipt", d("2025-09-30"), 1): 4, ("receipt", d("2026-09-01"), 5): 5}
    assert binned(answers, AS_OF) == {("receipt", d("2026-09-30"), 5): 5}
    answers = {("receipt", d("2025-10-01"), 1): 4, ("receipt", d("2026-09-01"), 5): 5}
    assert sum(binned(answers, AS_OF).values()) == 9


def test_only_whole_months():
    with pytest.raises(ValueError, match="last day"):
        binned({}, d("2026-10-30"))


days = st.integers(0, 900).map(lambda age: AS_OF - datetime.timedelta(days=age))
tables = st.dictionaries(
    st.tuples(st.sampled_from(["receipt", "display", "poster"]), days, st.integers(0, 5)),
    st.integers(0, 8),
    max_size=40,
)


@settings(deadline=None)
@given(tables)
def test_bins_have_five_or_more_on_month_ends_of_the_year(answers):
    totals: dict[tuple[str, datetime.date], int] = defaultdict(int)
    for (channel, day, level), number in binned(answers, AS_OF).items():
        assert number > 0
        assert 1 <= level <= 5
        totals[channel, day] += number
    for (_, day), number in totals.items():
        assert number >= 5
        assert day == month_end(day)
        assert 0 <= (AS_OF - day).days < 365


@settings(deadline=None)
@given(tables)
def test_nothing_is_invented_and_only_little_waits(answers):
    out = binned(answers, AS_OF)
    for channel in ("receipt", "display", "poster"):
        given_year = sum(
            n
            for (c, day, level), n in answers.items()
            if c == channel and level and (AS_OF - day).days < 365
        )
        published = sum(n for (c, _, _), n in out.items() if c == channel)
        assert given_year - 4 <= published <= given_year + 4


@settings(deadline=None)
@given(tables)
def test_closed_bins_stay_as_they_are_in_later_snapshots(answers):
    # So the difference of two snapshots is whole bins: five answers or more.
    september = d("2026-09-30")
    before = binned(answers, september)
    after = binned(answers, AS_OF)
    oldest_kept = d("2025-11-01")
    assert {k: n for k, n in before.items() if k[1] >= oldest_kept} == {
        k: n for k, n in after.items() if k[1] <= september
    }


@settings(deadline=None)
@given(tables, st.randoms())
def test_order_does_not_matter(answers, source):
    shuffled = list(answers.items())
    source.shuffle(shuffled)
    assert binned(dict(shuffled), AS_OF) == binned(answers, AS_OF)
