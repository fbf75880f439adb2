"""Whether a record lies inside what an account can produce, before any probability is looked at.

For each account: the mean distance from the record to its k nearest runs, in summaries standardised by the spread of
all runs, against the same distance of each of its own runs to the others. The share of runs that lie farther out than
the record is the p-value of "this account could have produced it" (a conformal test: Vovk, Gammerman & Shafer 2005).
Single observations: the share of an account's runs that are at least as extreme as the record, both tails, mid-p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.weighing.sample import Sample

NEAREST = 5
FEWEST = 20  # with fewer runs no p-value can be below `FITS`: whether the class fits is left open
FITS = 0.05  # an account whose p is below this does not fit
LEAST_SPREAD = 1e-9  # where enough runs all say the same, a record that says anything else is beyond all of them
OUTSIDE = 0.01  # an observation whose p is below this is named as outside


@dataclass(frozen=True)
class Cloud:
    """How a record lies to the runs of one account.

    Args:
        p: share of the account's runs at least as far out as the record, in (0, 1].
        distance: mean distance of the record to its nearest runs, in standard deviations per summary.
        usual: median of the same distance over the account's own runs.
        outside: (F,) mid-p of each summary; nan where the record or all runs say nothing.
        runs: number of runs.
    """

    p: float
    distance: float
    usual: float
    outside: np.ndarray
    runs: int

    @property
    def fits(self) -> bool | None:
        """Whether the record may come from this class, as far as the distance tells; None with too few runs."""
        return None if self.runs < FEWEST else self.p >= FITS


def clouds(sample: Sample, record: np.ndarray) -> list[Cloud]:
    """One `Cloud` for each class of a sample; record: (D, F) draws of the record."""
    centre = np.nanmedian(sample.x, axis=0)
    spread = np.nanstd(sample.x, axis=0)
    use = np.isfinite(centre) & ((spread > 0) | ((~np.isnan(sample.x)).sum(axis=0) >= 1 / OUTSIDE))
    spread = np.maximum(spread, LEAST_SPREAD)
    z = standard(sample.x[:, use], centre[use], spread[use])
    asked = standard(record[:, use], centre[use], spread[use])
    return [
        _cloud(z[sample.drawn == a], asked, sample.x[sample.drawn == a], record) for a in range(len(sample.classes))
    ]


def standard(x: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Standardised summaries; where nothing is said, the middle, and one more column that says so."""
    missing = np.isnan(x)
    return np.hstack([np.where(missing, 0.0, (x - centre) / spread), missing.astype(float)])


def _cloud(z: np.ndarray, asked: np.ndarray, x: np.ndarray, record: np.ndarray) -> Cloud:
    if len(z) < FEWEST:
        return Cloud(1.0, np.nan, np.nan, np.full(x.shape[1], np.nan), len(z))
    from scipy.spatial.distance import cdist

    scale = np.sqrt(z.shape[1] / 2)
    own = cdist(z, z)
    np.fill_diagonal(own, np.inf)
    usual = np.sort(own, axis=1)[:, :NEAREST].mean(axis=1) / scale
    far = np.median(np.sort(cdist(asked, z), axis=1)[:, :NEAREST].mean(axis=1)) / scale
    p = (1 + np.sum(usual >= far)) / (1 + len(z))
    return Cloud(float(p), float(far), float(np.median(usual)), _tails(x, record), len(z))


def _tails(runs: np.ndarray, record: np.ndarray) -> np.ndarray:
    """(F,) two-sided mid-p of the record's median among the runs (n, F) that say something."""
    at = np.nanmedian(record, axis=0)
    equal = np.isclose(runs, at)
    below = ((runs < at) & ~equal).sum(axis=0) + 0.5 * equal.sum(axis=0) + 0.5
    said = (~np.isnan(runs)).sum(axis=0)
    share = below / (said + 1)
    return np.where(np.isnan(at) | (said == 0), np.nan, 2 * np.minimum(share, 1 - share))
