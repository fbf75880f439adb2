"""Whole numbers shared out in proportion, so that nobody gets more than there is of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def share_out(
    n: ArrayLike, weights: NDArray[np.int64], u: ArrayLike, group: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """(N,) whole numbers in proportion to whole weights: each gets its quota rounded down or up.

    Systematic sampling: in the mean over u, uniform in (0, 1), everybody gets exactly the quota. Nobody gets more than
    their own weight, and at most the sum of the weights of a group is given out in it.

    Args:
        n: number for each of K groups (or one number). u: a uniform for each group.
        weights: (N,) whole, not negative. group: (N,) group of each; left out, all are one group.
    """
    given, luck = np.atleast_1d(n), np.atleast_1d(u)
    of = np.zeros(len(weights), np.int64) if group is None else group
    order = np.argsort(of, kind="stable")
    w, of = weights[order], of[order]
    total = np.bincount(of, w, len(given)).astype(np.int64)
    to = np.cumsum(w) - (np.cumsum(total) - total)[of]  # sums of weights up to and with each, within its group
    number, start = np.minimum(given, total)[of], (luck * total).astype(np.int64)[of]
    total = np.maximum(total, 1)[of]
    out = np.empty(len(w), np.int64)
    out[order] = (number * to + start) // total - (number * (to - w) + start) // total
    return out
