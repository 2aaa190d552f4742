"""The signals: what they find, and what never makes them find something else."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.trust_bench import Seen, measure, most_moved, wrong_with
from bench.trust_world import read_seeds, read_worlds
from feedback.trust import signals
from feedback.trust.expected import PastDay, city_factor, level_shares, usual_day
from feedback.trust.signals import Month, Usual
from feedback.trust.texts import same_texts

windows = st.dictionaries(st.integers(0, 143), st.integers(1, 30), max_size=40)
usuals = st.builds(
    Usual,
    tickets=st.none() | st.floats(1, 300),
    answers=st.floats(0, 100),
    windows=st.integers(1, 60),
)


@given(number=st.integers(0, 60), mean=st.floats(0.01, 50))
def test_tails_are_those_of_the_book(number, mean):
    below = math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(number))
    assert signals.poisson_tail(number, mean) == pytest.approx(1 - below, abs=1e-9)


@given(number=st.integers(0, 40), mean=st.floats(0.01, 30))
def test_more_answers_are_never_likelier(number, mean):
    assert signals.poisson_tail(number + 1, mean) <= signals.poisson_tail(number, mean) + 1e-12
    assert signals.poisson_tail(number, mean) <= signals.poisson_tail(number, mean * 1.5) + 1e-12


@given(counts=windows, usual=usuals)
def test_a_burst_is_made_of_windows_that_have_answers(counts, usual):
    found = signals.bursts(counts, usual)
    assert found <= set(counts)
    assert not found or sum(counts[window] for window in found) >= signals.BURST_LEAST


@given(counts=windows, usual=usuals)
def test_order_of_arrival_does_not_matter(counts, usual):
    backwards = dict(reversed(counts.items()))
    assert signals.bursts(counts, usual) == signals.bursts(backwards, usual)


@given(start=st.integers(45, 90), split=st.integers(0, 8), others=st.integers(0, 7))
def test_eight_in_ten_minutes_are_found_wherever_a_window_begins(start, split, others):
    counts = {start: split, start + 1: 8 - split}
    for number in range(others):
        counts.setdefault(100 + 3 * number, 1)
    counts = {window: number for window, number in counts.items() if number}
    found = signals.bursts(counts, Usual(150.0, 7.5, 45))
    assert {window for window in (start, start + 1) if counts.get(window)} <= found
    assert not {window for window in counts if window >= 100} & found


@given(before=st.integers(0, 8), between=st.integers(0, 3))
def test_a_burst_that_crosses_the_break_is_one(before, between):
    counts = {68: before, 74: between, 81: 8 - min(before, 8)}
    counts = {window: number for window, number in counts.items() if number}
    usual = Usual(60.0, 3.0, 45, pauses=((68, 81),))
    assert signals.bursts(counts, usual) == set(counts)


def test_eight_fives_stand_out_where_eight_answers_do_not():
    quiet = dict.fromkeys(range(48, 69, 2), 1)
    usual = Usual(150.0, 17.0, 45, shares=level_shares({1: 60, 2: 90, 3: 120, 4: 120, 5: 90}))
    fives = {90: 5, 91: 3}
    assert signals.bursts({**quiet, **fives}, usual) == set()
    assert signals.level_bursts({3: quiet, 5: fives}, usual) == {(90, 5), (91, 5)}
    assert signals.level_bursts({3: quiet, 5: {90: 4}, 4: {91: 4}}, usual) == set()


@given(counts=st.dictionaries(st.integers(1, 5), windows, max_size=5), usual=usuals)
def test_a_burst_of_a_level_is_made_of_its_answers(counts, usual):
    for window, level in signals.level_bursts(counts, usual):
        assert counts[level][window]


@given(served=st.integers(10, 100), printed=st.integers(0, 1000))
def test_slips_that_are_printed_do_not_make_people(served, printed):
    past = [PastDay(served, 3)] * 20
    assert usual_day(past, tickets=served + printed).tickets <= 2 * served


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_stuffing_at_many_counters_does_not_become_usual(share):
    months = {}
    for number in range(60):
        poster = {2: 6, 3: 20 + number % 3, 4: 20, 5: 10}
        if number < 60 * share:
            poster[5] += 60
        months[number] = Month(poster, {2: 12, 3: 40, 4: 40 + number % 5, 5: 20})
    doubtful = {n for n, gap in signals.divergences(months).items() if gap.doubtful}
    assert doubtful == set(range(int(60 * share)))


def test_intervals_are_wilsons():
    low, high = Seen(0, 960).interval()
    assert (low, high) == (0, pytest.approx(0.0028, abs=1e-4))
    assert Seen(17, 20).interval() == pytest.approx((0.678, 0.938), abs=1e-3)


def test_no_seed_is_both_tuned_by_and_reported():
    seeds = read_seeds()
    assert all(seeds.values())
    assert not set(seeds["tuning"]) & set(seeds["held_out"])


@given(served=st.integers(1, 300))
def test_as_many_answers_as_tickets_are_never_in_excess(served):
    assert not signals.excess(served, Usual(float(served), 2.0, 45))
    assert signals.excess(2 * served + 5, Usual(float(served), 2.0, 45))


def test_a_failing_queue_machine_makes_nobody_suspicious():
    past = [PastDay(60, 4)] * 20
    usual = usual_day(past, tickets=None)
    assert usual.tickets == 60
    assert not signals.excess(40, usual)


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 20)), max_size=7))
def test_few_counters_tell_nothing_about_the_city(days):
    assert city_factor(days) == 1.0


def test_five_counters_in_half_an_hour_are_one_device_and_four_are_not():
    five = [("b", counter, 60 + counter // 2) for counter in range(5)]
    assert signals.devices(five) == {"b"}
    assert signals.devices(five[:4]) == set()
    assert signals.devices([("b", n, 60 + 4 * n) for n in range(8)]) == set()


@given(
    poster=st.lists(st.integers(0, 30), min_size=5, max_size=5),
    receipt=st.lists(st.integers(0, 30), min_size=5, max_size=5),
)
def test_counters_that_are_all_alike_are_never_doubted(poster, receipt):
    levels = dict(enumerate(poster, 1)), dict(enumerate(receipt, 1))
    found = signals.divergences({n: Month(*levels) for n in range(12)})
    assert not any(gap.doubtful for gap in found.values())


def test_words_in_common_make_a_group_and_short_ones_do_not():
    long = ["can", "bo", "quay", "nay", "rat", "nhiet", "tinh", "va", "chu", "dao"]
    texts: dict[Hashable, list[str]] = {n: [*long, str(n)] for n in range(3)}
    texts.update({n: ["tot", "lam"] for n in range(3, 9)})
    assert same_texts(texts) == [{0, 1, 2}]


SMALL: dict[str, Any] = {"counters": 64, "cities": 1, "past": 10, "days": 15}
WORLDS = {name: (kind, facts) for kind, name, facts in read_worlds(**SMALL)}


@pytest.mark.parametrize(
    "name",
    [
        "harsh",
        "campaign_here",
        "queue_fails",
        "burst_fives",
        "burst_lunch",
        "one_browser",
        "thin_ones",
    ],
)
def test_small_worlds_keep_the_promises(name):
    kind, facts = WORLDS[name]
    assert wrong_with(facts, measure(kind, name, facts, [1])) == ""


def test_no_number_of_poster_answers_moves_a_score_by_more_than_its_bound():
    worst, _ = most_moved(counters=30)
    assert worst <= 1
