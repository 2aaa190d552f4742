"""The intervals of the score where the truth is known: a small run of bench/score_bench.py."""

from __future__ import annotations

import pytest

from bench.score_bench import WORLDS, run


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_intervals_and_tiers_hold(world):
    result = run(world, seed=7, counters=800)
    assert result.coverage >= (0.87 if world.holds else 0.85)
    assert result.wrong_side <= 0.03
    assert result.error <= 1.1 * result.naive_error
    assert result.satisfied_error < result.wilson_error
