"""Score v1 against the worked example of the method, and what must hold for any answers."""

from __future__ import annotations

import datetime
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.scoring import (
    FEW,
    HIDDEN,
    HIGHER,
    LOWER,
    METHOD,
    PUBLISHED,
    SIMILAR,
    Peers,
    Score,
    Summary,
    composite_of,
    interval,
    mean,
    pooled,
    posterior,
    score_of,
    strength,
    summarise,
)

AS_OF = datetime.date(2026, 10, 31)
PRIOR = (0.03, 0.05, 0.12, 0.35, 0.45)


def day(age: int) -> datetime.date:
    return AS_OF - datetime.timedelta(days=age)


def answers(*groups: tuple[str, int, tuple[int, ...]]):
    return {
        (channel, day(age), level): number
        for channel, age, numbers in groups
        for level, number in enumerate(numbers, 1)
    }


A = answers(("poster", 5, (0, 0, 0, 0, 6)))
B = answers(("receipt", 10, (0, 1, 2, 9, 12)), ("receipt", 40, (0, 0, 3, 8, 13)))
C = answers(
    ("receipt", 10, (4, 6, 16, 34, 30)),
    ("display", 30, (3, 5, 12, 26, 24)),
    ("poster", 20, (2, 2, 4, 6, 6)),
)
D = answers(("receipt", 15, (8, 12, 14, 16, 10)))
STUFFED = {**D, ("poster", day(3), 5): 60}
E = answers(("receipt", 7, (3, 2, 1, 1, 1)))


@pytest.mark.parametrize(
    ("given", "n_eff", "score", "low", "high", "status", "tier"),
    [
        (A, 1.7, 80.2, 71.6, 88.8, HIDDEN, None),
        (B, 39.9, 82.3, 77.8, 86.9, PUBLISHED, SIMILAR),
        (C, 127.4, 72.9, 69.2, 76.6, PUBLISHED, LOWER),
        (D, 53.5, 60.2, 54.0, 66.4, PUBLISHED, LOWER),
        (STUFFED, 66.8, 66.3, 60.5, 72.1, PUBLISHED, LOWER),
        (E, 7.6, 66.4, 55.8, 77.0, HIDDEN, None),
    ],
    ids=["A", "B", "C", "D", "D+60", "E"],
)
def test_worked_example(given, n_eff, score, low, high, status, tier):
    result = score_of(summarise(given, AS_OF), PRIOR, 20)
    assert round(result.n_eff, 1) == n_eff
    assert round(result.score, 1) == score
    assert (round(result.low, 1), round(result.high, 1)) == (low, high)
    assert round(result.peer_mean, 1) == 78.5
    assert (result.status, result.tier) == (status, tier)


def test_b_in_full():
    assert round(2 ** (-10 / 90), 4) == 0.9259
    assert round(2 ** (-40 / 90), 4) == 0.7349
    summary = summarise(B, AS_OF)
    assert [round(w, 3) for w in summary.weights] == [0, 0.926, 4.056, 14.212, 20.664]
    assert round(summary.n_eff, 3) == 39.858
    alpha = [20 * p + w for p, w in zip(PRIOR, summary.weights, strict=True)]
    assert [round(a, 3) for a in alpha] == [0.6, 1.926, 6.456, 21.212, 29.664]
    assert round(sum(alpha), 3) == 59.858
    score, sd, satisfied = posterior(summary, PRIOR, 20)
    assert (round(score, 3), round(sd, 3)) == (82.332, 2.750)
    assert satisfied == pytest.approx((21.212 + 29.664) / 59.858, abs=1e-4)


def test_b_agrees_with_draws_from_the_dirichlet():
    summary = summarise(B, AS_OF)
    alpha = [20 * p + w for p, w in zip(PRIOR, summary.weights, strict=True)]
    source = random.Random(1)
    draws = []
    for _ in range(20_000):
        gammas = [source.gammavariate(a, 1) for a in alpha]
        total = sum(gammas)
        draws.append(sum(25 * k * g for k, g in enumerate(gammas)) / total)
    centre = sum(draws) / len(draws)
    spread = math.sqrt(sum((x - centre) ** 2 for x in draws) / len(draws))
    assert centre == pytest.approx(82.332, abs=0.1)
    assert spread == pytest.approx(2.750, abs=0.08)


def test_naive_mean_jumps_where_the_score_does_not():
    def naive(given):
        total = sum(given.values())
        return sum(25 * (level - 1) * n for (_, _, level), n in given.items()) / total

    assert (round(naive(D), 1), round(naive(STUFFED), 1)) == (53.3, 76.7)


def test_window_level_0_and_future_days_are_in_no_score():
    base = summarise(B, AS_OF)
    noise = {
        ("receipt", day(366), 1): 50,
        ("receipt", day(-1), 1): 50,
        ("receipt", day(3), 0): 50,
    }
    assert summarise({**B, **noise}, AS_OF) == base
    assert summarise({("receipt", day(365), 5): 1}, AS_OF).n == 1
    with pytest.raises(KeyError):
        summarise({("telephone", day(1), 5): 1}, AS_OF)


def test_few_and_poster_only():
    few = score_of(summarise(answers(("receipt", 5, (0, 1, 2, 9, 12))), AS_OF), PRIOR, 20)
    assert (few.status, few.tier) == (FEW, None)
    crowd = summarise(answers(("poster", 1, (0, 0, 0, 0, 900))), AS_OF)
    assert crowd.n_eff == pytest.approx(5)
    posters = score_of(crowd, PRIOR, 20)
    assert (posters.n, posters.status, posters.tier) == (900, FEW, None)


def test_higher():
    result = score_of(summarise(answers(("receipt", 1, (0, 0, 0, 0, 90))), AS_OF), PRIOR, 20)
    assert result.tier == HIGHER


def flat(n: int, *weights: float) -> Summary:
    return Summary(n=n, weights=weights, verified=sum(weights), poster_only=False)


def test_prior_leaves_one_out_then_widens():
    fields = {1: 7, 2: 7, 3: 8, 4: 8}
    shown = {
        1: flat(500, 1, 0, 0, 0, 0),
        2: flat(200, 0, 1, 0, 0, 3),
        3: flat(150, 0, 0, 2, 0, 0),
    }
    own = Peers(fields, shown).prior(1)
    assert (own.source, own.shares) == ("field", (0, 0.25, 0, 0, 0.75))
    # The hidden counter 4: 150 answers in its field are too few, so the city.
    city = Peers(fields, shown).prior(4)
    assert city.source == "city"
    assert city.shares == pytest.approx((1 / 7, 1 / 7, 2 / 7, 0, 3 / 7))
    # 199 answers of others are too few even in the city; a counter's own do not help it.
    lonely = Peers({1: 7, 2: 7}, {1: shown[1], 2: flat(199, 0, 0, 0, 0, 9)}).prior(1)
    assert (lonely.source, lonely.shares) == ("default", (0.05, 0.10, 0.20, 0.35, 0.30))


@given(
    st.lists(
        st.tuples(st.integers(60, 400), st.tuples(*[st.floats(0, 1e3)] * 5)),
        min_size=2,
        max_size=8,
    )
)
def test_leaving_one_out_is_adding_up_the_others(parts):
    shown = {number: flat(n, *weights) for number, (n, weights) in enumerate(parts)}
    fields = dict.fromkeys(shown, 7)
    others = pooled(summary for number, summary in shown.items() if number)
    wanted = (
        others.shares() if others.n >= 200 and others.n_eff > 0 else (0.05, 0.10, 0.20, 0.35, 0.30)
    )
    assert Peers(fields, shown).prior(0).shares == wanted


def test_strength():
    alike = [flat(50, 1, 3, 6, 20, 20)] * 8
    assert strength(alike) == 60
    assert strength(alike[:7]) == 20
    assert strength([*alike[:7], flat(6, 0, 0, 0, 2, 2.9)]) == 20  # n_eff < 5 tells nothing
    apart = [flat(50, 25, 20, 5, 0, 0), flat(50, 0, 0, 5, 20, 25)] * 4
    assert strength(apart) == 8


def test_strength_by_hand():
    # Half the counters have 4 of 10 at level 5 and 6 at level 1, half the other way round.
    # x̄ᵢ = 40 or 60, s² = 2400, W = 10, K = 8: within = 80·2400/72; x̄ = 50;
    # between = (80·100 − 7·within)/(80 − 10) < 0 → 60. With W = 100: within = 800·2400/792,
    # between = (800·100 − 7·within)/700, m = within/between.
    def city(w):
        return [flat(w, 0.6 * w, 0, 0, 0, 0.4 * w), flat(w, 0.4 * w, 0, 0, 0, 0.6 * w)] * 4

    assert strength(city(10)) == 60
    within = 800 * 2400 / 792
    between = (80_000 - 7 * within) / 700
    assert strength(city(100)) == pytest.approx(within / between)
    assert 8 < strength(city(100)) < 60


def test_composite_needs_all_four():
    parts = {
        name: score_of(summarise(B, AS_OF), PRIOR, 20)
        for name in ("attitude", "time", "clarity", "fees")
    }
    whole = composite_of(parts)
    assert whole is not None
    assert whole.score == pytest.approx(parts["time"].score)
    assert whole.sd == pytest.approx(parts["time"].sd)
    assert composite_of({**parts, "fees": score_of(summarise(E, AS_OF), PRIOR, 20)}) is None
    assert composite_of({"attitude": parts["attitude"]}) is None
    other = score_of(summarise(D, AS_OF), PRIOR, 20)
    mixed = composite_of({**parts, "fees": other})
    assert mixed is not None
    assert mixed.score == pytest.approx(0.85 * parts["time"].score + 0.15 * other.score)
    assert mixed.sd == pytest.approx(0.85 * parts["time"].sd + 0.15 * other.sd)


# What holds for any answers.

keys = st.tuples(
    st.sampled_from(["receipt", "display", "poster"]),
    st.integers(0, 400).map(day),
    st.integers(0, 5),
)
tables = st.dictionaries(keys, st.integers(0, 200), max_size=25)
priors = st.tuples(*[st.floats(0.01, 1)] * 5).map(lambda p: tuple(x / sum(p) for x in p))
strengths = st.floats(8, 60)


def of(given, prior, m) -> Score:
    return score_of(summarise(given, AS_OF), prior, m)


@settings(deadline=None)
@given(tables, st.randoms(), priors, strengths)
def test_order_never_matters(given, source, prior, m):
    shuffled = list(given.items())
    source.shuffle(shuffled)
    assert of(dict(shuffled), prior, m) == of(given, prior, m)


@settings(deadline=None)
@given(tables, priors, strengths)
def test_bounds(given, prior, m):
    result = of(given, prior, m)
    assert 0 <= result.low <= result.score <= result.high <= 100
    assert 0 <= result.satisfied <= 1 + 1e-12
    assert result.n_eff <= result.n + 1e-9
    assert (result.status == HIDDEN) == (result.n < 10)
    assert result.tier is None or result.n_eff >= 35


@settings(deadline=None)
@given(tables, keys, priors, strengths)
def test_a_better_answer_instead_never_lowers(given, key, prior, m):
    channel, when, level = key
    level = max(level, 1)
    worse = {**given, (channel, when, level): given.get((channel, when, level), 0) + 1}
    for better in range(level + 1, 6):
        other = {**given, (channel, when, better): given.get((channel, when, better), 0) + 1}
        assert of(other, prior, m).score >= of(worse, prior, m).score - 1e-9


def capped(given) -> bool:
    summary = summarise(given, AS_OF)
    posters = summarise({k: n for k, n in given.items() if k[0] == "poster"}, AS_OF)
    raw = sum(
        0.3 * 2 ** (-(AS_OF - when).days / 90) * n
        for (channel, when, level), n in given.items()
        if channel == "poster" and level and (AS_OF - when).days <= 365
    )
    assert posters.n_eff <= 5 + 1e-9
    return raw > max(5, 0.25 * summary.verified) - 1e-9


@settings(deadline=None)
@given(tables, keys, priors, strengths)
def test_an_added_five_never_lowers_while_the_cap_does_not_bind(given, key, prior, m):
    channel, when, _ = key
    more = {**given, (channel, when, 5): given.get((channel, when, 5), 0) + 1}
    if capped(given) or capped(more):
        return
    assert of(more, prior, m).score >= of(given, prior, m).score - 1e-9


@settings(deadline=None)
@given(tables, strengths)
def test_posters_never_weigh_more_than_their_share(given, m):
    summary = summarise(given, AS_OF)
    cap = max(5, 0.25 * summary.verified)
    posters = summary.n_eff - summary.verified
    assert posters <= cap + 1e-9
    assert posters / (m + summary.n_eff) <= cap / (m + summary.verified + cap) + 1e-9
    assert cap / (20 + summary.verified + cap) <= 0.2 + 1e-9


@settings(deadline=None)
@given(st.lists(tables, max_size=12))
def test_strength_stays_in_its_bounds(given):
    shown = [summarise(table, AS_OF) for table in given]
    assert 8 <= strength(shown) <= 60
    assert pooled(shown).n == sum(summary.n for summary in shown)


def test_mean_and_interval():
    assert round(mean(PRIOR), 1) == 78.5
    assert interval(99, 5) == (99 - METHOD.z * 5, 100)
    assert interval(1, 5)[0] == 0
