"""Published results of threshold and epidemic models, met by this project's own draws and resistances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from groundswell.classic import (
    expected_equilibrium,
    final_size_law,
    granovetter,
    normal_thresholds,
    sellke_final_size,
)

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


# -- Sellke (1983), Ball (1986) ------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["fixed", "exponential"])
def test_the_law_of_the_smallest_groups_by_hand(period):
    # One person at home and one active: they hold out with exp(-c), or 1 / (1 + c) when the period is
    # exponential.
    hold = math.exp(-0.8) if period == "fixed" else 1 / 1.8
    np.testing.assert_allclose(final_size_law(1, 1, 0.8, period), [hold, 1 - hold], rtol=1e-12)
    # Two at home, one active, c / 2 = 0.4 on each. P_0: both hold out. P_1: just one is moved and the other
    # holds out against both active people; P_2 is the rest.
    if period == "fixed":
        q = math.exp(-0.4)
        p0, p1 = q**2, 2 * (1 - q) * q * q
    # exactly one by the first: 2 * (1 / 1.4 - 1 / 1.8) counts those who hold out against the first alone
    else:
        p0 = 1 / 1.8
        p1 = 2 * (1 / 1.4**2 - 1 / (1.8 * 1.4))
    np.testing.assert_allclose(final_size_law(2, 1, 0.8, period), [p0, p1, 1 - p0 - p1], rtol=1e-12)


@pytest.mark.parametrize(
    ("people", "initial", "contacts", "period", "shape"),
    [(60, 1, 1.5, "exponential", math.inf), (60, 2, 0.7, "fixed", math.inf), (40, 1, 3.0, "fixed", 0.5)],
)
def test_the_law_is_a_law(people, initial, contacts, period, shape):
    law = final_size_law(people, initial, contacts, period, shape)
    assert len(law) == people + 1
    assert (law >= 0).all()
    assert law.sum() == pytest.approx(1.0, abs=1e-12)
    more = final_size_law(people, initial, contacts * 1.3, period, shape)
    assert (np.cumsum(more) <= np.cumsum(law) + 1e-12).all()  # more contacts, larger sizes


def test_unlike_people_make_smaller_waves_and_nearly_alike_ones_the_same():
    sizes = np.arange(41)
    mean = {k: float(final_size_law(40, 1, 2.0, "fixed", k) @ sizes) for k in (0.5, 2.0, 1e7, math.inf)}
    assert mean[0.5] < mean[2.0] < mean[math.inf]
    assert mean[1e7] == pytest.approx(mean[math.inf], rel=1e-5)


CASES = [
    (30, 1, 1.5, "exponential", math.inf),
    (30, 1, 1.5, "fixed", math.inf),
    (30, 2, 1.5, "fixed", 2.0),  # the frailty of the engine
    (25, 3, 0.8, "fixed", 0.5),
    (12, 1, 4.0, "exponential", math.inf),
]


@pytest.mark.statistical
@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(map(str, c)))
def test_sizes_drawn_by_the_engines_resistances_follow_the_exact_law(case):
    people, initial, contacts, period, shape = case
    law = final_size_law(people, initial, contacts, period, shape)
    draws = 6000
    drawn = [sellke_final_size(people, initial, contacts, 11, group, period, shape) for group in range(draws)]
    observed = np.bincount(drawn, minlength=people + 1)
    bins, expected, run = [], [], [0, 0.0]
    for count, p in zip(observed, law, strict=True):  # neighbouring sizes together, until ten are expected
        run = [run[0] + count, run[1] + draws * p]
        if run[1] >= 10:
            bins.append(run[0])
            expected.append(run[1])
            run = [0, 0.0]
    bins[-1] += run[0]
    expected[-1] += run[1]
    assert chisquare(bins, np.array(expected) * sum(bins) / sum(expected)).pvalue > 0.001


def test_wrong_arguments_are_told():
    for wrong in (
        (0, 1, 1.0),
        (5, -1, 1.0),
        (5, 1, -1.0),
        (5, 1, math.inf),
        (5, 1, 1.0, "long"),
        (5, 1, 1.0, "fixed", 0.0),
    ):
        with pytest.raises(ValueError, match="allowed"):
            final_size_law(*wrong)
    with pytest.raises(ValueError, match="fixed"):
        final_size_law(5, 1, 1.0, "exponential", 2.0)
    assert sellke_final_size(5, 0, 2.0, 1) == 0
    assert sellke_final_size(5, 1, 0.0, 1) == 0
