"""Proper scores by hand and against published closed forms; the truth scores best in expectation."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import norm

from groundswell.record.proper import brier, crps, distance_to


def test_crps_of_small_sets_by_hand() -> None:
    assert crps([3.0], 5.0, 5.0) == pytest.approx(2.0)  # one run is a point
    assert crps([0.0, 2.0], 1.0, 1.0) == pytest.approx(1 - 2 / 2)  # fair: the mean distance less half the mean spread
    assert crps([0.0, 2.0, 7.0], 4.0, 4.0) == pytest.approx((4 + 2 + 3) / 3 - (2 + 7 + 5) / 6)
    assert crps([4.0, 4.0, 4.0], 4.0, 4.0) == 0.0


def test_brier_of_small_sets_by_hand() -> None:
    assert brier(np.array([1.0]), 0.0) == 1.0
    assert brier(np.array([1, 1, 0, 0]), 1.0) == pytest.approx(0.25 - 0.25 / 3)
    assert brier(np.array([1, 1, 1]), 1.0) == 0.0


@pytest.mark.parametrize("y", [-1.0, 0.0, 0.4, 2.5])
def test_crps_of_many_runs_is_that_of_the_normal_distribution(y: float) -> None:
    n = 20_000
    closed = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)  # Gneiting & Raftery 2007, equation 22
    assert crps(norm.ppf((np.arange(n) + 0.5) / n), y, y) == pytest.approx(closed, abs=1e-3)


def test_the_distance_to_an_interval_is_the_mean_over_it() -> None:
    fine = np.linspace(2, 6, 40_001)
    for x in (-1.0, 2.0, 3.0, 5.5, 6.0, 9.0):
        assert distance_to(np.array([x]), 2, 6)[0] == pytest.approx(np.abs(x - fine).mean(), abs=1e-4)
    assert distance_to(np.array([3.0, 0.0]), 2, 4, whole=True) == pytest.approx([2 / 3, 3.0])


def expected(forecast, truth) -> float:
    """Expected fair CRPS of two runs from `forecast` where the truth (low, high) has the chances of `truth`."""
    total = 0.0
    for (x1, p1), (x2, p2) in product(forecast.items(), repeat=2):
        total += sum(p1 * p2 * q * crps([x1, x2], *y, whole=True) for y, q in truth.items())
    return total


def test_the_truth_scores_best_in_expectation() -> None:
    truth = {0.0: 0.2, 1.0: 0.5, 4.0: 0.3}
    best = expected(truth, {(y, y): q for y, q in truth.items()})
    for other in ({1.0: 1.0}, {0.0: 0.3, 1.0: 0.4, 4.0: 0.3}, {0.0: 0.5, 4.0: 0.5}, {1.0: 0.5, 2.0: 0.5}):
        assert expected(other, {(y, y): q for y, q in truth.items()}) > best + 1e-6


def test_of_what_is_said_in_intervals_the_truth_spread_over_them_scores_best() -> None:
    said = {(0.0, 1.0): 0.4, (2.0, 3.0): 0.6}
    best = expected({0.0: 0.2, 1.0: 0.2, 2.0: 0.3, 3.0: 0.3}, said)
    for other in ({0.0: 0.4, 3.0: 0.6}, {1.0: 0.4, 2.0: 0.6}, {2.0: 1.0}, {0.0: 0.25, 1.0: 0.25, 2.0: 0.25, 3.0: 0.25}):
        assert expected(other, said) > best + 1e-6


def test_the_expectation_of_fair_brier_does_not_depend_on_the_number_of_runs() -> None:
    def mean(p: float, n: int, q: float) -> float:
        runs = product((0, 1), repeat=n)
        weighted = ((np.prod([p if s else 1 - p for s in one]), np.array(one)) for one in runs)
        return float(sum(w * (q * brier(one, 1.0) + (1 - q) * brier(one, 0.0)) for w, one in weighted))

    assert mean(0.3, 2, 0.7) == pytest.approx(mean(0.3, 5, 0.7)) == pytest.approx(0.7 * 0.49 + 0.3 * 0.09)
    assert mean(0.7, 3, 0.7) < min(mean(0.5, 3, 0.7), mean(0.8, 3, 0.7), mean(0.0, 3, 0.7))
