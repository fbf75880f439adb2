"""What runs that resemble the record say about each single observation, and about those that were kept back.

The nearest runs of a class (a share `NEAREST` of them, by the summaries that are weighed) stand for its posterior
predictive. An observation is met by a run if the interval that the run's report gives overlaps the record's. The log
score of a set of observations is the sum of ln((met + 1/2) / (n + 1)): of two models the better one says more of what
the record says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groundswell.record import Record
from groundswell.record.frame import Reported
from groundswell.weigh.fits import standard

NEAREST = 0.2
FEWEST = 20


def nearest(x: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Numbers of the runs (n, F) nearest to a record's draws (D, F), by the median over the draws."""
    known = np.where(np.isnan(x).all(axis=0), 0.0, x)
    spread = np.nanstd(known, axis=0)
    use = spread > 0
    middle = np.nanmedian(known, axis=0)

    z, at = (standard(y[:, use], middle[use], spread[use]) for y in (x, asked))
    far = np.median([np.sqrt(((z - one) ** 2).sum(axis=1)) for one in at], axis=0)
    take = min(len(x), max(FEWEST, int(np.ceil(NEAREST * len(x)))))
    return np.argsort(far, kind="stable")[:take]


def met(runs: Sequence[Reported], records: Sequence[Reported]) -> np.ndarray:
    """(n, O) share of the record's draws whose interval a run's report overlaps; nan where no draw states anything."""
    out = np.zeros((len(runs), len(records[0])))
    stated = np.zeros(len(records[0]))
    low, high = (np.array([getattr(r, end) for r in runs]).reshape(out.shape) for end in ("low", "high"))
    told = np.array([r.stated for r in runs], bool).reshape(out.shape)
    for record in records:
        with np.errstate(invalid="ignore"):
            overlap = told & (low <= record.high) & (record.low <= high)
        out += np.where(record.stated, overlap, False)
        stated += record.stated
    return np.where(stated > 0, out / np.maximum(stated, 1), np.nan)


def log_score(shares: np.ndarray, which: np.ndarray) -> float:
    """Log score of the observations `which` (O,) bool under runs with shares met (n, O)."""
    asked = which & ~np.isnan(shares).all(axis=0)
    hits = np.nansum(shares[:, asked], axis=0)
    return float(np.log((hits + 0.5) / (len(shares) + 1)).sum())


def fit_of_each(shares: np.ndarray, weight: np.ndarray, record: Record) -> dict[str, Any]:
    """Observation -> weighted share of runs that meet it, for those that the record states."""
    told = ~np.isnan(shares).all(axis=0)
    mean = np.average(np.nan_to_num(shares), axis=0, weights=weight)
    return {
        o.id: {"met": float(mean[k]), "set": o.set, "title": o.title}
        for k, o in enumerate(record.observations)
        if told[k] and o.set in ("base", "weigh", "check")
    }
