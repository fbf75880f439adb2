"""Proper scores of a set of runs against what is said: CRPS for numbers and hours, Brier for what is so or not.

    CRPS(x; [l, h]) = 1/n sum_i a(x_i) - 1/(n (n - 1)) sum_{i<j} |x_i - x_j|    a(x): mean |x - y|, y uniform on [l, h]
    Brier(x; y)     = (p - y)^2 - p (1 - p) / (n - 1)                             p = 1/n sum_i x_i, x_i and y 0 or 1

Lower is better. CRPS by its kernel form (Gneiting & Raftery 2007, equation 21), Brier (1950); both in their fair form,
whose expectation does not depend on the number n of runs, so that sets of different size compare (Ferro 2014). A source
that gives an interval leaves open where in it the truth lies: the score is the mean over the interval, which is proper
for what is said to that precision, and no set of runs can reach 0 then. One run alone is scored as what it is, a point.
"""

from __future__ import annotations

import numpy as np


def distance_to(x: np.ndarray, low: float, high: float, whole: bool = False) -> np.ndarray:
    """(n,) mean distance of numbers to a truth that lies anywhere from low to high, or at a whole number of them."""
    x = np.asarray(x, float)
    if whole:
        return np.asarray(np.abs(x[:, None] - np.arange(low, high + 0.5)).mean(axis=1))
    if high <= low:
        return np.abs(x - low)
    inside = ((x - low) ** 2 + (high - x) ** 2) / (2 * (high - low))
    return np.where((x > low) & (x < high), inside, np.abs(x - (low + high) / 2))


def crps(x: np.ndarray, low: float, high: float, whole: bool = False) -> float:
    """CRPS of runs with values x (n,) against a truth from low to high, in the unit of x; see the module."""
    x = np.sort(np.asarray(x, float))
    n = len(x)
    pairs = float((x * (2 * np.arange(n) - n + 1)).sum())  # sum over i < j of |x_i - x_j|
    return float(distance_to(x, low, high, whole).mean()) - (pairs / (n * (n - 1)) if n > 1 else 0.0)


def brier(so: np.ndarray, said: float) -> float:
    """Brier score of runs in which it is so or not (n,) against what is said, 1 or 0; see the module."""
    n, p = len(so), float(np.mean(so))
    return (p - said) ** 2 - (p * (1 - p) / (n - 1) if n > 1 else 0.0)
