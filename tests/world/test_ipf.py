import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.world.ipf import carried_rounding, controlled_rounding, ipf


def test_fit_of_two_by_two_by_two_worked_by_hand() -> None:
    # n_ijk = a_ij b_ik c_jk with a = (1 2; 3 1), b = (1 1; 2 1), c = (1 3; 2 1): without a three-way
    # interaction, so it is the one table that the fit may return for its own two-way totals.
    by_hand = np.array([[[1, 3], [4, 2]], [[6, 9], [4, 1]]], dtype=float)
    fit = ipf(
        np.ones((2, 2, 2)),
        [((0, 1), [[4, 6], [15, 5]]), ((0, 2), [[5, 5], [10, 10]]), ((1, 2), [[7, 12], [8, 3]])],
        tolerance=1e-13,
    )
    np.testing.assert_allclose(fit.table, by_hand, atol=1e-9)
    assert all(r.max_absolute < 1e-9 and r.max_relative < 1e-9 for r in fit.residuals)


def test_fit_with_totals_of_single_axes_is_the_product_of_shares() -> None:
    fit = ipf(np.ones((2, 2, 2)), [((0,), [30, 70]), ((1,), [40, 60]), ((2,), [10, 90])])
    assert fit.table[0, 1, 1] == pytest.approx(100 * 0.3 * 0.6 * 0.9)
    assert fit.iterations <= 2


def test_fit_keeps_zeros_and_the_odds_ratio_of_the_seed() -> None:
    seed = np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 1.0]])
    fit = ipf(seed, [((0,), [5, 15]), ((1,), [8, 8, 4])]).table
    assert fit[0, 2] == 0
    assert fit[0, 0] * fit[1, 1] / (fit[0, 1] * fit[1, 0]) == pytest.approx(1 / 6)
    np.testing.assert_allclose(fit.sum(axis=1), [5, 15])


@pytest.mark.parametrize(
    ("seed", "marginals", "words"),
    [
        (np.ones((2, 2)), [((0,), [1, 2]), ((1,), [1, 3])], "inconsistent"),
        (np.ones((2, 2, 2)), [((0, 1), [[1, 1], [1, 1]]), ((1, 2), [[2, 1], [0, 1]])], "inconsistent at"),
        (np.array([[0.0, 0.0], [1, 1]]), [((0,), [1, 2]), ((1,), [1, 2])], "unreachable"),
        (np.array([[1.0, 0.0], [1, 1]]), [((0,), [3, 1]), ((1,), [2, 2])], "not reached"),
        (np.ones((2, 2)), [((0,), [1, 2, 3])], "shape"),
        (np.ones((2, 2)), [((1, 0), np.ones((2, 2)))], "axes"),
        (np.ones((2, 2)), [((0,), [-1, 2])], "not negative"),
        (-np.ones((2, 2)), [((0,), [1, 2])], "seed"),
    ],
)
def test_marginals_that_cannot_be_met_are_refused(seed, marginals, words) -> None:
    with pytest.raises(ValueError, match=words):
        ipf(seed, marginals)


def test_without_strict_the_last_marginal_is_met_and_the_rest_is_reported() -> None:
    fit = ipf([[1.0, 0.0], [1, 1]], [((0,), [3, 1]), ((1,), [2, 2])], strict=False)
    np.testing.assert_allclose(fit.table.sum(axis=0), [2, 2])
    assert fit.residuals[0].max_absolute == pytest.approx(1, abs=0.01)


def test_controlled_rounding_by_hand() -> None:
    # Each row alone would round column 0 up; one must give way, and the first loses least: .6 - .4.
    matrix = [[3.6, 0.4], [0.7, 2.3], [1.7, 5.3]]
    assert controlled_rounding(matrix, [4, 3, 7], [6, 8]).tolist() == [[3, 1], [1, 2], [2, 5]]


def test_controlled_rounding_leaves_whole_numbers_alone() -> None:
    matrix = [[3.0, 0.4, 0.6], [0.0, 2.6, 0.4]]
    assert controlled_rounding(matrix, [4, 3], [3, 3, 1]).tolist() == [[3, 0, 1], [0, 3, 0]]


def test_controlled_rounding_refuses_totals_that_the_matrix_does_not_have() -> None:
    with pytest.raises(ValueError, match="does not have"):
        controlled_rounding([[1.0, 1.0]], [3], [2, 1])
    with pytest.raises(ValueError, match="row totals sum to 3"):
        controlled_rounding([[1.0, 1.0]], [3], [1, 1])
    with pytest.raises(ValueError, match="whole numbers"):
        controlled_rounding([[1.0, 1.0]], [2], [1.5, 0.5])


def tables_with_whole_totals(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A random table with fractions whose totals are whole: a mixture of whole tables of the same totals."""
    first = rng.integers(0, 4, (rows, columns))
    mixed = np.zeros((rows, columns))
    for weight in rng.dirichlet(np.ones(4)):
        other = first.copy()
        for _ in range(6):
            i, k = rng.integers(0, rows, 2)
            j, m = rng.integers(0, columns, 2)
            other[i, j] += 1
            other[k, m] += 1
            other[i, m] -= 1
            other[k, j] -= 1
        mixed += weight * other
    return mixed


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 3), st.integers(2, 4))
def test_controlled_rounding_is_the_nearest_of_all_tables(seed: int, rows: int, columns: int) -> None:
    x = tables_with_whole_totals(np.random.default_rng(seed), rows, columns)
    row_totals, column_totals = np.rint(x.sum(axis=1)), np.rint(x.sum(axis=0))
    done = controlled_rounding(x, row_totals, column_totals)
    best = np.inf
    near = np.where(np.abs(x - np.rint(x)) < 1e-7, np.rint(x), x)
    free = np.argwhere(near != np.floor(near))
    for ups in itertools.product([0, 1], repeat=len(free)):
        table = np.floor(near)
        table[tuple(free.T)] += ups
        if (table.sum(axis=1) == row_totals).all() and (table.sum(axis=0) == column_totals).all():
            best = min(best, np.abs(table - near).sum())
    assert np.abs(done - near).sum() == pytest.approx(best, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 12))
def test_controlled_rounding_meets_totals_within_floor_and_ceiling(seed: int, rows: int, columns: int) -> None:
    x = tables_with_whole_totals(np.random.default_rng(seed), rows, columns)
    done = controlled_rounding(x, np.rint(x.sum(axis=1)), np.rint(x.sum(axis=0)))
    assert (done.sum(axis=1) == np.rint(x.sum(axis=1))).all()
    assert (done.sum(axis=0) == np.rint(x.sum(axis=0))).all()
    assert (np.abs(done - x) < 1).all()


def test_carried_rounding_by_hand() -> None:
    # 1 person a row at 1/2 : 1/4 : 1/4 - the carry gives each column its part of every four rows.
    done = carried_rounding(np.tile([0.5, 0.25, 0.25], (8, 1)), np.ones(8))
    assert done.sum(axis=1).tolist() == [1] * 8
    assert done.sum(axis=0).tolist() == [4, 2, 2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 300), st.integers(1, 8))
def test_carried_rounding_keeps_rows_zeros_and_shares(seed: int, rows: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(columns), rows)
    weights[:, 1:] *= rng.random((rows, columns - 1)) < 0.8
    weights /= weights.sum(axis=1, keepdims=True)
    totals = rng.integers(0, 5, rows)
    done = carried_rounding(weights, totals)
    assert (done.sum(axis=1) == totals).all()
    assert (done >= 0).all()
    assert (done[weights == 0] == 0).all()
    assert np.abs(done.sum(axis=0) - (weights * totals[:, None]).sum(axis=0)).max() < 1 + np.sqrt(rows)


def test_carried_rounding_refuses_people_without_weights() -> None:
    with pytest.raises(ValueError, match="no weight"):
        carried_rounding([[0.0, 0.0]], [1])
