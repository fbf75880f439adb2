"""What would settle it: how much an observable that the record does not have would tell about the family.

Expected information gain of an observable = mutual information of its classes and the family, over the runs weighted by
how probable their account is given the record, in bits, less the bias of small samples (Miller 1955). No gain is given
where the effective number of runs is under 100.
"""

from __future__ import annotations

from typing import Any

import numpy as np

CLASSES = 5
LEAST_ESS = 100.0


def gain(values: np.ndarray, family: np.ndarray, weight: np.ndarray, families: int) -> dict[str, Any] | None:
    """Information gain of one observable.

    Args:
        values: (n,) its value in each run; inf: never, nan: cannot be said (a class of its own).
        family: (n,) number of each run's family. weight: (n,) weights of the runs.

    Returns:
        bits, share (of what is open about the family), ess; None where too few runs carry the weight.
    """
    ess = float(weight.sum() ** 2 / max((weight**2).sum(), np.finfo(float).tiny))
    if ess < LEAST_ESS:
        return None
    classes = classed(values)
    joint = np.zeros((int(classes.max()) + 1, families))
    np.add.at(joint, (classes, family), weight / weight.sum())
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    raw = _entropy(rows) + _entropy(columns) - _entropy(joint.ravel())
    cells = (rows > 0).sum() + (columns > 0).sum() - (joint > 0).sum() - 1
    bits = max(0.0, raw + cells / (2 * ess * np.log(2)))
    still_open = _entropy(columns)
    return {"bits": bits, "share": bits / still_open if still_open > 0 else 0.0, "ess": ess}


def classed(values: np.ndarray) -> np.ndarray:
    """(n,) classes: equal parts of the finite values, and one each for never and for cannot be said."""
    out = np.empty(len(values), int)
    finite = np.isfinite(values)
    edges = np.empty(0)
    if finite.any():
        edges = np.unique(np.quantile(values[finite], np.linspace(0, 1, CLASSES + 1)[1:-1]))
    out[finite] = np.searchsorted(edges, values[finite], side="right")
    out[np.isinf(values)] = len(edges) + 1
    out[np.isnan(values)] = len(edges) + 2
    return np.unique(out, return_inverse=True)[1]


def _entropy(p: np.ndarray) -> float:
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())
