"""Order statistics of resistances, and frailty given a hit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit
from scipy import stats

from groundswell.engine.crowd import Crowd
from groundswell.engine.rates import Rates
from groundswell.engine.resistance import frailty_given_hit, next_log_survival, resistance
from groundswell.engine.roster import make_roster


@njit
def ranks(seed, group, size, shape, count):
    out, log_survival = np.empty(count), 0.0
    for rank in range(count):
        log_survival = next_log_survival(log_survival, rank, size, seed, group)
        out[rank] = resistance(log_survival, shape)
    return out


@pytest.mark.parametrize(("size", "looked_at"), [(1, (0,)), (2, (0, 1)), (50, (0, 1, 24, 49))])
@pytest.mark.parametrize("shape", [0.7, 2.0])
def test_order_statistics_against_sorted_draws(size, looked_at, shape):
    groups, rng = 3000, np.random.default_rng(4)
    ours = np.array([ranks(1, g, size, shape, size) for g in range(groups)])
    assert np.all(np.diff(ours, axis=1) > 0)
    frailty = rng.gamma(shape, 1 / shape, (groups, size))
    theirs = np.sort(rng.exponential(size=(groups, size)) / frailty, axis=1)
    for rank in looked_at:
        assert stats.ks_2samp(ours[:, rank], theirs[:, rank]).pvalue > 0.001


@pytest.mark.parametrize("rank", [0, 1, 4])
def test_first_of_a_million(rank):
    """P(R <= r) = 1 - (1 + r/k)**-k maps the rank-th resistance to a beta(rank + 1, n - rank) variable."""
    n, shape = 1_000_000, 2.0
    smallest = np.array([ranks(1, g, n, shape, rank + 1)[rank] for g in range(3000)])
    share = -np.expm1(-shape * np.log1p(smallest / shape))
    assert stats.kstest(share, "beta", (rank + 1, n - rank)).pvalue > 0.001


def test_first_of_a_million_keeps_its_digits():
    """At resistances near 1e-9 a plain exp - 1 would be wrong in the seventh digit."""
    assert resistance(-1e-12, 2.0) == pytest.approx(1e-12, rel=1e-9)


def test_used_up_group_has_no_next():
    assert next_log_survival(-1.0, 3, 3, 1, 0) == -math.inf
    assert resistance(-math.inf, 2.0) == math.inf
    assert next_log_survival(0.0, 0, 0, 1, 0) == -math.inf  # a group without members


@pytest.mark.parametrize("by_group", [True, False])
def test_frailty_given_a_hit(by_group):
    """z | R = r ~ gamma(k + 1, rate k + r); z | R > r ~ gamma(k, rate k + r)."""
    k, clock = 2.0, 1.5
    z = np.array([frailty_given_hit(3, i, k, clock, by_group) for i in range(20_000)])
    assert stats.kstest(z * (k + clock), "gamma", (k + by_group,)).pvalue > 0.001


def run_of_one_group(size, hazards, seed=1, shape=2.0):
    """Joins by step of one group under the given hazards; nobody comes back."""
    rates = Rates.neutral(1, 1)
    rates.leave, rates.rest_h = 0.0, 1e6
    crowd = Crowd(make_roster(np.zeros(1, int), np.array([size])), seed, shape, len(hazards), ties=False)
    joins = []
    for t, hazard in enumerate(hazards):
        rates.join[:] = hazard
        joins.append(int(crowd.advance(t, rates).joined.sum()))
    return np.array(joins), crowd


def test_group_of_one_joins_once():
    joins, _ = run_of_one_group(1, np.full(200, 1.0))
    assert joins.sum() == 1


def test_group_is_used_up_and_no_further():
    joins, crowd = run_of_one_group(300, np.concatenate([np.full(50, 0.5), np.full(20, 1e9)]))
    assert joins.sum() == 300
    assert crowd.counts.on_street.sum() == 300
    assert sorted(crowd.records()["id"]) == list(range(300))


def test_long_quiet_then_a_large_hazard():
    joins, _ = run_of_one_group(1_000_000, np.concatenate([np.zeros(400), [0.01]]))
    assert joins[:400].sum() == 0
    expected = 1e6 * -np.expm1(-2.0 * np.log1p(0.01 / 2.0))
    assert abs(joins[400] - expected) < 5 * math.sqrt(expected)
