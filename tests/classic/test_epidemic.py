"""Published laws of the size of an epidemic, met by the engine's own resistances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chisquare

from groundswell.classic import final_size_law, sellke_final_size

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
