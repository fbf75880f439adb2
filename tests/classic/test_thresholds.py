"""Published results of threshold models, met by this project's own draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from groundswell.classic import critical_spread, expected_equilibrium, granovetter, normal_thresholds

# -- Granovetter (1978) --------------------------------------------------------------------------------------


def test_one_person_of_another_threshold_decides():
    """A hundred people with thresholds 0, 1, .. 99 all riot; without the threshold 1 a single one does."""
    crowd = list(range(100))
    everybody = granovetter(crowd)
    assert everybody.final == 100
    assert everybody.path == tuple(range(101))  # one by one
    crowd[1] = 2
    assert granovetter(crowd).final == 1
    assert granovetter(crowd).path == (0, 1)


def test_cascades_at_the_edges():
    assert granovetter([]).final == 0
    assert granovetter([1, 1, 1]).final == 0
    assert granovetter([0, 0, 0]).path == (0, 3)
    assert granovetter([0, 2, 2, math.inf]).final == 1
    assert granovetter([0, 1, 2, math.inf]).final == 3
    with pytest.raises(ValueError, match="nan"):
        granovetter([0, math.nan])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-2, 30), max_size=30), st.integers(0, 29))
def test_a_cascade_ends_at_the_smallest_fixed_point(thresholds, which):
    t = np.array(thresholds)
    got = granovetter(thresholds)
    fixed = [r for r in range(len(t) + 1) if (t <= r).sum() == r]
    assert got.final == min(fixed)
    assert list(got.path) == sorted(set(got.path))
    if which < len(thresholds):  # a lower threshold of one person never makes fewer act
        lower = [x - (i == which) for i, x in enumerate(thresholds)]
        assert granovetter(lower).final >= got.final


def test_the_equilibrium_jumps_at_a_spread_of_about_12_2():
    """Normal thresholds of mean 25 among 100: about 6 act up to a spread of 12.2, nearly all just above."""
    assert expected_equilibrium(100, 25, 5.0) < 0.01
    assert 5 < expected_equilibrium(100, 25, 12.2) < 6.5
    assert expected_equilibrium(100, 25, 12.25) > 99
    spreads = np.linspace(8, 12.2, 22)
    assert (np.diff([expected_equilibrium(100, 25, sd) for sd in spreads]) > 0).all()
    assert expected_equilibrium(100, 25, 60.0) < 85  # with a wide spread many never act
    with pytest.raises(ValueError, match="above 0"):
        expected_equilibrium(100, 25, 0.0)


@pytest.mark.parametrize(("people", "mean"), [(100, 25), (100, 40), (1000, 120)])
def test_the_jump_is_where_the_curve_touches_the_diagonal(people, mean):
    """Slope 1 and r = people * F(r) at once: with z = (r - mean) / sd, sd = people * phi(z), solved for z below 0."""

    def gap(z):
        return people * norm.cdf(z) - (mean + z * people * norm.pdf(z))

    touch = people * norm.pdf(brentq(gap, -6.0, -1e-9))
    assert critical_spread(people, mean) == pytest.approx(touch, abs=2e-6 * people)
    assert critical_spread(100, 25) == pytest.approx(12.222, abs=5e-4)
    for wrong in (0, 50, 70, math.nan):
        with pytest.raises(ValueError, match="below half"):
            critical_spread(100, wrong)


def test_drawn_crowds_follow_the_expected_equilibrium():
    n = 20_000  # the same thresholds as shares of a large crowd, where chance averages out
    for sd, expected in ((10.0, 0.00770), (16.0, 0.99999)):
        assert expected_equilibrium(100, 25, sd) / 100 == pytest.approx(expected, abs=2e-4)
        share = granovetter(normal_thresholds(n, 0.25 * n, sd / 100 * n, seed=7)).final / n
        assert share == pytest.approx(expected, abs=0.004)


@pytest.mark.statistical
def test_in_a_crowd_of_a_hundred_chance_blurs_the_jump():
    """Far below and above the critical spread nearly all crowds stay small or turn out; at it both happen."""

    def large(sd: float) -> float:
        sizes = [granovetter(normal_thresholds(100, 25, sd, 3, crowd)).final for crowd in range(300)]
        return float(np.mean(np.array(sizes) > 50))

    low, middle, high = large(7.0), large(12.2), large(20.0)
    assert low < 0.02
    assert 0.1 < middle < 0.9
    assert high > 0.95


def test_normal_thresholds_are_normal():
    x = normal_thresholds(40_001, 25.0, 10.0, seed=5)
    assert len(x) == 40_001
    assert x.mean() == pytest.approx(25.0, abs=4 * 10 / 200)
    assert x.std() == pytest.approx(10.0, rel=0.02)
    assert np.mean(x < 25 + 16.449) == pytest.approx(0.95, abs=0.005)
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 0.02
    assert (x != normal_thresholds(40_001, 25.0, 10.0, seed=5, crowd=1)).all()
