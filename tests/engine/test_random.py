"""Keyed random numbers: published vectors, independence of purposes, permutations, moments."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from groundswell.engine import purposes
from groundswell.engine.home import SPELL
from groundswell.engine.purposes import purpose
from groundswell.engine.random import (
    FRAILTY,
    binomial,
    exponential,
    gamma,
    many_uniforms,
    permute,
    philox4x32,
    uniform,
    uniforms,
)
from groundswell.engine.roster import UNIT

ONES = 0xFFFFFFFF
# Random123 1.14 (Salmon and others 2011), file kat_vectors, philox4x32 with 10 rounds: counter, key, result.
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_published_vectors(counter, key, words):
    assert tuple(philox4x32(*(np.uint64(x) for x in counter + key))) == words


def test_uniforms_use_the_words_of_the_generator():
    seed, subject, spell = 0x1122334455667788, 0x99AABBCCDD, 0x12345678
    counter = (subject & ONES, subject >> 32, spell, SPELL)
    a, b, c, d = (int(x) for x in philox4x32(*(np.uint64(x) for x in (*counter, seed & ONES, seed >> 32))))
    assert uniforms(seed, SPELL, subject, spell) == (
        ((a << 32 | b) >> 11) * 2.0**-53 + 2.0**-54,
        ((c << 32 | d) >> 11) * 2.0**-53 + 2.0**-54,
    )


@njit
def draws(seed, purpose, n):
    out = np.empty((n, 2))
    for i in range(n):
        out[i] = uniforms(seed, purpose, i, 3)
    return out


@njit
def frailties(seed, shape, n):
    out = np.empty(n)
    for i in range(n):
        out[i] = gamma(seed, i, shape)
    return out


def test_uniforms_are_uniform_and_open():
    u = draws(7, UNIT, 100_000)
    assert u.min() > 0.0 and u.max() < 1.0
    for column in u.T:
        assert stats.kstest(column, "uniform").pvalue > 0.001


def test_many_uniforms_are_the_same_as_one_by_one():
    keys = [5, 2**40, 0, 7]
    assert uniform(7, UNIT, keys, 3).tolist() == [uniforms(7, UNIT, k, 3)[0] for k in keys]
    assert uniform(7, UNIT, [], 3).shape == (0,)


def test_keys_are_independent():
    """Other purpose, other seed, next seed under the next purpose, the other of the pair: no correlation."""
    n = 100_000
    base = draws(7, UNIT, n)
    others = [draws(7, UNIT + 1, n)[:, 0], draws(8, UNIT, n)[:, 0], draws(8, UNIT - 1, n)[:, 0], base[:, 1]]
    others.append(np.roll(base[:, 0], 1))  # the next person
    for other in others:
        assert abs(np.corrcoef(base[:, 0], other)[0, 1]) < 4.5 / math.sqrt(n)


def test_a_purpose_is_keyed_by_its_name_alone():
    assert purpose("abc") == 0xBA7816BF  # the first word of SHA-256("abc"), FIPS 180-4
    assert purpose("abc") == purpose("abc")


def test_two_purposes_never_share_a_key(monkeypatch):
    monkeypatch.setattr(purposes, "_declared", {0xBA7816BF: ("cba", "elsewhere")})
    with pytest.raises(ValueError, match="purpose 'abc' has the key of 'cba' of elsewhere .0xba7816bf."):
        purpose("abc")
    with pytest.raises(ValueError, match="'frailty' is declared by groundswell.engine.random already; import it"):
        monkeypatch.undo()
        purpose("frailty")


def test_exponential_is_minus_log_of_the_uniform():
    assert exponential(1, SPELL, 2, 3) == -math.log(uniforms(1, SPELL, 2, 3)[0])


@settings(deadline=None)
@given(
    n=st.integers(1, 3000),
    seed=st.integers(0, 2**40),
    subject=st.integers(0, 2**62),
    purpose=st.integers(0, 2**32 - 1),
)
def test_permutation_is_a_bijection_with_its_inverse(n, seed, subject, purpose):
    image = [permute(x, n, seed, purpose, subject, False) for x in range(n)]
    assert sorted(image) == list(range(n))
    assert [permute(y, n, seed, purpose, subject, True) for y in image] == list(range(n))


@settings(deadline=None)
@given(n=st.integers(1, 2**45), data=st.data())
def test_permutation_of_large_sets_inverts(n, data):
    x = data.draw(st.integers(0, n - 1))
    y = permute(x, n, 5, UNIT, 9, False)
    assert 0 <= y < n
    assert permute(y, n, 5, UNIT, 9, True) == x


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_every_permutation_of_a_few_is_as_likely(n):
    tries = 200 * math.factorial(n)
    seen = Counter(tuple(permute(i, n, 9, UNIT, k, False) for i in range(n)) for k in range(tries))
    assert len(seen) == math.factorial(n)
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


@pytest.mark.parametrize("n", [255, 256, 1000])
def test_first_and_second_place_are_even_and_unrelated(n):
    pairs = np.array([[permute(i, n, 9, UNIT, k, False) for i in (0, 1)] for k in range(20_000)]) * 8 // n
    table = np.zeros((8, 8))
    np.add.at(table, tuple(pairs.T), 1)
    assert stats.chisquare(table.sum(axis=0)).pvalue > 0.001
    assert stats.chi2_contingency(table).pvalue > 0.001


@pytest.mark.parametrize("shape", [0.3, 1.0, 2.0, 50.0])
def test_gamma_has_its_law(shape):
    z = frailties(11, shape, 50_000)
    assert stats.kstest(z, "gamma", (shape,)).pvalue > 0.001
    assert z.mean() == pytest.approx(shape, rel=5 / math.sqrt(50_000 * shape))


def test_frailty_purpose_is_apart_from_spells():
    assert FRAILTY != SPELL
    assert uniforms(1, FRAILTY, 5, 2) != uniforms(1, SPELL, 5, 2)


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.3), (5, 0.5), (50, 0.001), (1000, 0.01), (35_000, 0.01), (10**6, 0.5), (10**7, 1e-7)]
)
def test_binomial_is_the_inverse_of_its_distribution(n, p):
    """At every uniform the published quantile, and so the law itself: chi-square over the likely values."""
    keys = np.arange(20_000)
    k = binomial(7, UNIT, keys, 5, np.full(len(keys), n), p)
    u = np.array([uniforms(7, UNIT, i, 5)[0] for i in keys])
    np.testing.assert_array_equal(k, stats.binom.ppf(u, n, p))
    edges = np.unique(stats.binom.ppf(np.linspace(0.05, 0.95, 12), n, p))
    cells = np.diff(np.concatenate([[0.0], stats.binom.cdf(edges, n, p), [1.0]]))
    seen = np.bincount(np.searchsorted(edges, k), minlength=len(cells))
    kept = cells * len(keys) > 5
    chance = np.append(cells[kept], cells[~kept].sum() + 1e-12)
    count = np.append(seen[kept], seen[~kept].sum())
    assert stats.chisquare(count, chance / chance.sum() * len(keys)).pvalue > 0.001


def test_binomial_at_its_ends_and_by_key():
    assert binomial(1, UNIT, np.arange(5), 0, np.array([0, 7, 7, 7, -3]), np.array([0.5, 0, 1, 2, 0.5])).tolist() == [
        0, 0, 7, 7, 0,
    ]  # fmt: skip
    assert (binomial(1, UNIT, np.arange(3), 0, np.full(3, 10), 1e-300) == 0).all()
    assert (binomial(1, UNIT, np.arange(3), 0, np.full(3, 10), 1 - 1e-12) == 10).all()
    assert binomial(1, UNIT, 4, 2, 100, 0.5).shape == ()
    many = binomial(1, UNIT, np.arange(10).reshape(5, 2), 2, np.full((5, 2), 100), 0.5)
    assert many[2, 0] == binomial(1, UNIT, 4, 2, 100, 0.5)


@settings(deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 2000), st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_more_tries_or_a_larger_chance_never_give_fewer(subject, n, more, p, q):
    p, q = sorted((p, q))
    low, more_tries = binomial(3, UNIT, subject, 1, n, p), binomial(3, UNIT, subject, 1, n + more, p)
    assert 0 <= low <= more_tries <= n + more
    assert low <= binomial(3, UNIT, subject, 1, n, q) <= n


@njit
def _all_at_once(seed, purpose, subject, spell, out):
    many_uniforms(seed, purpose, subject, spell, len(subject), out, 1)


def test_many_at_once_are_the_same_as_one_by_one():
    seed, draw = 2**62 + 5, np.random.default_rng(1)
    subject, spell = draw.integers(0, 2**62, 37), draw.integers(0, 2**32, 37)
    out = np.zeros((4, 37))
    _all_at_once(seed, SPELL, subject, spell, out)
    assert [tuple(x) for x in out[1:3].T] == [uniforms(seed, SPELL, a, b) for a, b in zip(subject, spell, strict=True)]
    assert not out[[0, 3]].any()
