"""Effects of pairs against published and hand-worked intervals, and what follows from them for a claim."""

from __future__ import annotations

import math

import numpy as np
import pytest

from groundswell.study.pairs.effects import (
    CANNOT_TELL,
    DEPENDS,
    NOT_SUPPORTED,
    SUPPORTED,
    Effect,
    effect_of,
    judge,
    over_accounts,
    paired_means,
    paired_shares,
    verdict_over,
)


def yes_and_no(both: int, only_with: int, only_without: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    without = np.repeat([True, False, True, False], (both, only_with, only_without, neither))
    with_ = np.repeat([True, True, False, False], (both, only_with, only_without, neither))
    return without, with_


def test_paired_shares_have_the_published_interval():
    """Newcombe (1998), method 10: 36 pairs agree on yes, 12 and 2 differ; 0.2 with 0.0569 to 0.3404."""
    low, high = paired_shares(*yes_and_no(36, 12, 2, 0))
    assert (round(low, 4), round(high, 4)) == (0.0569, 0.3404)


@pytest.mark.parametrize("counts", [(3, 5, 1, 11), (0, 4, 0, 9), (7, 0, 0, 7)])
def test_shares_change_sides_with_the_arms(counts):
    without, with_ = yes_and_no(*counts)
    low, high = paired_shares(without, with_)
    other = paired_shares(with_, without)
    assert other == pytest.approx((-high, -low))
    assert low <= (counts[1] - counts[2]) / sum(counts) <= high


def test_paired_means_by_hand():
    """Differences 1, 2, 3: mean 2, standard deviation 1, t of 2 degrees of freedom 4.30265."""
    low, high = paired_means(np.zeros(3), np.array([1.0, 2.0, 3.0]))
    assert (low, high) == pytest.approx((2 - 4.30265 / math.sqrt(3), 2 + 4.30265 / math.sqrt(3)), abs=1e-5)


def test_a_single_pair_has_no_limits():
    assert paired_means(np.zeros(1), np.ones(1)) == (-math.inf, math.inf)


def test_never_counts_as_the_end_and_is_told():
    e = effect_of(np.array([10.0, np.inf]), np.array([30.0, np.inf]), "hour", limit=100.0)
    assert (e.without, e.with_, e.effect, e.never, e.occurs) == (55.0, 65.0, 10.0, (0.5, 0.5), True)
    assert not effect_of(np.full(3, np.inf), np.full(3, np.inf), "hour", limit=100.0).occurs


def test_what_cannot_be_said_is_left_out():
    e = effect_of(np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, 4.0]), "number")
    assert (e.n, e.left_out, e.effect) == (2, 1, 1.0)
    assert judge(effect_of(np.array([np.nan]), np.array([1.0]), "number"), "rises", 1.0).verdict == CANNOT_TELL


def effect(value: float, half: float, n: int = 10, without: float = 100.0) -> Effect:
    return Effect(value, value - half, value + half, without, without + value, n)


def test_one_account_keeps_its_interval_and_two_alike_narrow_it():
    one = effect(4.0, 2.0)
    assert over_accounts({"a": one}, {"a": 0.3}) == one
    two = over_accounts({"a": one, "b": one}, {"a": 0.2, "b": 0.2})
    assert (two.effect, two.high - two.effect) == pytest.approx((4.0, math.sqrt(2.0)))
    weighted = over_accounts({"a": effect(4.0, 2.0), "b": effect(0.0, 0.0)}, {"a": 3.0, "b": 1.0})
    assert (weighted.effect, weighted.low) == pytest.approx((3.0, 1.5))


@pytest.mark.parametrize(
    ("value", "half", "expect", "verdict"),
    [
        (5, 1, "rises", SUPPORTED), (5, 4.5, "rises", CANNOT_TELL), (0, 0.5, "rises", NOT_SUPPORTED),
        (-5, 1, "rises", NOT_SUPPORTED), (-5, 1, "falls", SUPPORTED), (0, 0.5, "stays", SUPPORTED),
        (0, 2, "stays", CANNOT_TELL), (5, 1, "stays", NOT_SUPPORTED), (-5, 1, "not rises", SUPPORTED),
        (5, 1, "not rises", NOT_SUPPORTED), (5, 1, "not falls", SUPPORTED), (-5, 1, "not falls", NOT_SUPPORTED),
    ],
)  # fmt: skip
def test_a_verdict_compares_the_interval_with_the_smallest_effect(value, half, expect, verdict):
    assert judge(effect(value, half), expect, 1.0).verdict == verdict


def test_the_edge_itself_counts():
    assert judge(effect(2, 1), "rises", 1.0).verdict == SUPPORTED
    assert judge(effect(0.5, 0.5), "rises", 1.0).verdict == CANNOT_TELL


def test_an_outcome_that_never_occurs_tells_nothing():
    e = effect_of(np.zeros(30), np.zeros(30), "yes")
    found = judge(e, "rises", 0.1)
    assert found.verdict == CANNOT_TELL and "never occurs" in found.why


def test_what_hardly_ever_comes_tells_nothing():
    rarely = effect_of(np.array([50.0, np.inf, np.inf]), np.array([50.0, np.inf, np.inf]), "hour", limit=100.0)
    assert "more than half" in judge(rarely, "falls", 12.0).why
    often = effect_of(np.array([50.0, 40.0, np.inf]), np.array([20.0, 10.0, 70.0]), "hour", limit=100.0)
    assert judge(often, "falls", 12.0).verdict == SUPPORTED


@pytest.mark.parametrize("expect", ["falls", "not falls"])
def test_what_is_too_small_to_fall_tells_nothing(expect):
    found = judge(effect(-0.2, 0.1, without=0.2), expect, 10.0)
    assert found.verdict == CANNOT_TELL and "too little to fall by 10" in found.why
    assert judge(effect(-0.2, 0.1, without=10.0), expect, 10.0).verdict != CANNOT_TELL


def test_too_few_pairs_are_told_with_how_many_would_do():
    found = judge(effect(2.0, 4.0, n=5), "rises", 1.0)
    assert found.verdict == CANNOT_TELL and "about 88 " in found.why  # 5 * (4 / 1)**2, and a tenth more


def test_accounts_that_disagree_make_it_depend_on_the_account():
    effects = {"a": effect(5, 1), "b": effect(-5, 1), "c": effect(5, 1)}
    even = dict.fromkeys(effects, 1 / 3)
    found = verdict_over(effects, even, "rises", 1.0)
    assert found.verdict == DEPENDS and found.why == "supported under a, c; not supported under b"
    assert verdict_over(effects, {"a": 0.5, "b": 0.0, "c": 0.5}, "rises", 1.0).verdict == SUPPORTED
    assert verdict_over(effects, even, "rises", 1.0, "it cannot fall").why == "it cannot fall"
