"""Tables of people that meet given totals: iterative proportional fitting and exact whole-number rounding.

Fitting: Deming and Stephan (1940). Controlled rounding: Cox (1987), "A constructive procedure for unbiased
controlled rounding"; here the rounding nearest to the table, found as a transport problem by shortest
augmenting paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_UNIT = 1 << 28  # one person in fixed-point sums: 8.1 billion people still fit in int64
_COST_UNIT = float(1 << 40)
_UNREACHED = np.int64(1) << np.int64(60)
_SNAP_PEOPLE = 1e-7  # entries this near to a whole number count as whole


@dataclass(frozen=True)
class Marginal:
    """Totals that a table must have when summed over every axis but `axes`."""

    axes: tuple[int, ...]
    totals: FloatArray
    name: str = ""

    def label(self) -> str:
        return self.name or f"axes {self.axes}"


@dataclass(frozen=True)
class MarginalResidual:
    """How far a fitted table is from one marginal."""

    name: str
    max_relative: float
    max_absolute: float


@dataclass(frozen=True)
class Fit:
    """A fitted table with what is left over at each marginal."""

    table: FloatArray
    residuals: tuple[MarginalResidual, ...]
    iterations: int


def ipf(
    seed: ArrayLike,
    marginals: Sequence[Marginal | tuple[tuple[int, ...], ArrayLike]],
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 2000,
    strict: bool = True,
) -> Fit:
    """Scale `seed` until it meets every marginal; cells that are 0 in the seed stay 0.

    Stops when the largest difference of every marginal is below `tolerance` times the total of all people.
    The marginals are met in the order given, so the last is met exactly even when `strict` is False and the
    others cannot be. With `strict`, a table that cannot reach its marginals raises ValueError.
    """
    table = np.array(seed, dtype=np.float64)
    if table.size == 0 or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("seed: needs at least one cell, each finite and not negative")
    wanted = [_checked(table, item) for item in marginals]
    if not wanted:
        raise ValueError("marginals: at least one is needed")
    grand = _check_consistent(wanted)
    rest = [tuple(a for a in range(table.ndim) if a not in m.axes) for m in wanted]
    shapes = [tuple(n if a in m.axes else 1 for a, n in enumerate(table.shape)) for m in wanted]
    for marginal, others in zip(wanted, rest, strict=True):
        _check_reachable(table, marginal, others)

    iterations = 0
    previous = np.inf
    for iterations in range(1, max_iterations + 1):
        worst = 0.0
        for marginal, others, shape in zip(wanted, rest, shapes, strict=True):
            sums = table.sum(axis=others)
            worst = max(worst, float(np.abs(sums - marginal.totals).max()))
            factor = np.divide(marginal.totals, sums, out=np.zeros_like(sums), where=sums > 0)
            table *= factor.reshape(shape)
        if worst <= tolerance * grand:
            break
        if iterations % 200 == 0:  # an unreachable table settles into a cycle: stop there
            if not strict and worst > 0.999 * previous:
                break
            previous = worst

    residuals = tuple(_residual(table, m, others) for m, others in zip(wanted, rest, strict=True))
    if strict:
        for residual in residuals:
            if residual.max_absolute > max(10 * tolerance, 1e-12) * grand:
                raise ValueError(
                    f"marginal {residual.name}: not reached after {iterations} iterations; still "
                    f"{residual.max_absolute:g} away: the cells that may not be 0 cannot hold these totals"
                )
    return Fit(table, residuals, iterations)


def _checked(table: FloatArray, item: Marginal | tuple[tuple[int, ...], ArrayLike]) -> Marginal:
    marginal = item if isinstance(item, Marginal) else Marginal(tuple(item[0]), np.asarray(item[1], float))
    totals = np.asarray(marginal.totals, dtype=np.float64)
    axes = tuple(marginal.axes)
    if list(axes) != sorted(set(axes)) or any(a < 0 or a >= table.ndim for a in axes):
        raise ValueError(f"marginal {marginal.label()}: axes must be rising and below {table.ndim}")
    shape = tuple(table.shape[a] for a in axes)
    if totals.shape != shape:
        raise ValueError(f"marginal {marginal.label()}: has shape {totals.shape}, the table has {shape}")
    if not np.isfinite(totals).all() or (totals < 0).any():
        raise ValueError(f"marginal {marginal.label()}: totals must be finite and not negative")
    return Marginal(axes, totals, marginal.label())


def _check_consistent(marginals: list[Marginal]) -> float:
    """Marginals must agree on every axis that they share; returns the total of all people."""
    first = marginals[0]
    grand = float(first.totals.sum())
    for i, a in enumerate(marginals):
        for b in marginals[i + 1 :]:
            shared = tuple(x for x in a.axes if x in b.axes)
            sums = [m.totals.sum(axis=tuple(k for k, x in enumerate(m.axes) if x not in shared)) for m in (a, b)]
            apart = np.abs(sums[0] - sums[1])
            if float(np.max(apart)) > 1e-9 * max(grand, 1.0):
                where = "" if not shared else f" at {np.unravel_index(int(np.argmax(apart)), apart.shape)}"
                raise ValueError(
                    f"marginals {a.name} and {b.name} are inconsistent{where}: totals differ by "
                    f"{float(np.max(apart)):g}"
                )
    return grand


def _check_reachable(table: FloatArray, marginal: Marginal, others: tuple[int, ...]) -> None:
    bad = (marginal.totals > 0) & (table.sum(axis=others) == 0)
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"marginal {marginal.name}: total {marginal.totals[at]:g} at {at} is unreachable, every cell behind it is 0"
        )


def _residual(table: FloatArray, marginal: Marginal, others: tuple[int, ...]) -> MarginalResidual:
    apart = np.abs(table.sum(axis=others) - marginal.totals)
    relative = np.divide(apart, marginal.totals, out=np.zeros_like(apart), where=marginal.totals > 0)
    return MarginalResidual(marginal.name, float(relative.max()), float(apart.max()))


def controlled_rounding(matrix: ArrayLike, row_totals: ArrayLike, column_totals: ArrayLike) -> IntArray:
    """The whole-number table nearest to `matrix` that has exactly these row and column totals.

    Every entry is the floor or the ceiling of the given one. Such a table always exists when the matrix has
    these totals itself (to less than half a person in all): the conditions for a flow are inequalities
    between whole numbers. Nearest: least sum of absolute changes. One side should be short (below 100).
    """
    x = np.array(matrix, dtype=np.float64)
    rows, columns = _whole("row_totals", row_totals), _whole("column_totals", column_totals)
    if x.ndim != 2 or x.shape != (len(rows), len(columns)) or not np.isfinite(x).all():
        raise ValueError(f"matrix {x.shape}: must be finite and fit totals ({len(rows)}, {len(columns)})")
    if rows.sum() != columns.sum():
        raise ValueError(f"row totals sum to {rows.sum()}, column totals to {columns.sum()}")
    away = max(float(np.abs(x.sum(axis=1) - rows).sum()), float(np.abs(x.sum(axis=0) - columns).sum()))
    if away >= 0.5:
        raise ValueError(f"the matrix does not have these totals: {away:g} away in all")
    if x.shape[1] > x.shape[0]:
        return controlled_rounding(x.T, columns, rows).T.copy()

    near = np.rint(x)
    x = np.where(np.abs(x - near) <= _SNAP_PEOPLE, near, x)
    base = np.floor(x)
    gain = np.rint((x - base) * _COST_UNIT).astype(np.int64)  # what rounding this entry up is worth
    free = gain > 0
    base = base.astype(np.int64)
    row_need = rows - base.sum(axis=1)

    rank = np.argsort(np.argsort(-gain, axis=1, kind="stable"), axis=1, kind="stable")
    up = free & (rank < row_need[:, None])
    excess = up.sum(axis=0) - (columns - base.sum(axis=0))
    while (excess > 0).any():
        _augment(up, free, gain, excess)
    if (up.sum(axis=1) != row_need).any() or excess.any():
        raise ValueError("no whole-number table within floor and ceiling has these totals")
    return base + up


def _augment(up: NDArray[np.bool_], free: NDArray[np.bool_], gain: IntArray, excess: IntArray) -> None:
    """Move one unit from a column with too many to one with too few, along the cheapest chain of rows."""
    n = len(excess)
    step = np.where(up[:, :, None] & (free & ~up)[:, None, :], gain[:, :, None] - gain[:, None, :], _UNREACHED)
    via = step.argmin(axis=0)
    cost = step.min(axis=0)
    distance = np.where(excess > 0, np.int64(0), _UNREACHED)
    before = np.full(n, -1)
    for _ in range(n):
        offer = np.where(cost < _UNREACHED, distance[:, None] + cost, _UNREACHED)
        best = offer.min(axis=0)
        better = (best < distance) & (best < _UNREACHED // 2)
        if not better.any():
            break
        distance = np.where(better, best, distance)
        before = np.where(better, offer.argmin(axis=0), before)
    short = np.where(excess < 0, distance, _UNREACHED)
    end = int(short.argmin())
    if short[end] >= _UNREACHED // 2:
        raise ValueError("no whole-number table within floor and ceiling has these totals")
    k = end
    while before[k] >= 0:
        j = int(before[k])
        i = int(via[j, k])
        up[i, j], up[i, k] = False, True
        k = j
    excess[end] += 1
    excess[k] -= 1


def carried_rounding(weights: ArrayLike, totals: ArrayLike) -> IntArray:
    """Split each row's whole total over the columns in proportion to its weights, carrying remainders on.

    Row totals are exact and a weight of 0 stays 0. Remainders are carried down the rows column by column
    (systematic rounding, nested: each column takes its part of what the columns before it left), so any run
    of rows has close to its proportional number in each column and small cells are not lost. No chance is
    involved; sums are kept in fixed point, so the result does not depend on the machine.
    """
    w = np.asarray(weights, dtype=np.float64)
    left = _whole("totals", totals).copy()
    if w.ndim != 2 or len(w) != len(left):
        raise ValueError(f"weights {w.shape}: needs one row for each of {len(left)} totals")
    if not np.isfinite(w).all() or (w < 0).any() or (left < 0).any():
        raise ValueError("weights and totals must be finite and not negative")
    remaining = np.cumsum(w[:, ::-1], axis=1)[:, ::-1]
    if ((remaining[:, :1].sum(axis=1) == 0) & (left > 0)).any():
        raise ValueError("a row with people has no weight")
    out = np.zeros(w.shape, dtype=np.int64)
    for k in range(w.shape[1]):
        share = np.divide(w[:, k], remaining[:, k], out=np.zeros(len(w)), where=remaining[:, k] > 0)
        fixed = np.minimum(np.rint(share * left * _UNIT).astype(np.int64), left * _UNIT)
        reached = (np.cumsum(fixed) + _UNIT // 2) // _UNIT
        out[:, k] = np.diff(reached, prepend=0)
        left -= out[:, k]
    return out


def _whole(name: str, values: ArrayLike) -> IntArray:
    array = np.asarray(values)
    if array.ndim != 1 or not np.isfinite(array.astype(np.float64)).all() or (array != np.rint(array)).any():
        raise ValueError(f"{name}: must be a list of whole numbers")
    return array.astype(np.int64)
