"""Whether a record lies inside what an account can produce, before any probability is looked at.

For each account: the mean distance from the record to its k nearest runs, in summaries standardised by the spread of
all runs, against the same distance of each of its own runs to others of other vectors. The share of runs that lie
farther out than the record is a p-value of "this account could have produced it" (a conformal test: Vovk, Gammerman &
Shafer 2005). It is made twice: by the distance to the account's own runs, and by that to the runs of all accounts,
which are many and so show finer what is never found together. An account has to pass both, each at the level `FITS`, so
up to one in ten of its own runs do not fit it; the lower share is told, and is no p-value of the pair.
Single observations: the share of an account's runs that are at least as extreme as the record, both tails, mid-p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.weigh.sample import Sample

NEAREST = 5
FEWEST = 20  # with fewer runs no p-value can be below `FITS`: whether the class fits is left open
FITS = 0.05  # an account whose p is below this does not fit
LEAST_SPREAD = 1e-9  # where enough runs all say the same, a record that says anything else is beyond all of them
OUTSIDE = 0.01  # an observation whose p is below this is named as outside


@dataclass(frozen=True)
class Cloud:
    """How a record lies to the runs of one account.

    Args:
        p: lower share of the account's runs at least as far out as the record by either distance, in (0, 1].
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
    return [_cloud(sample, a, z, asked, record) for a in range(len(sample.classes))]


def standard(x: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Standardised summaries; where nothing is said, the middle, and one more column that says so."""
    missing = np.isnan(x)
    return np.hstack([np.where(missing, 0.0, (x - centre) / spread), missing.astype(float)])


def _cloud(sample: Sample, a: int, z: np.ndarray, asked: np.ndarray, record: np.ndarray) -> Cloud:
    mine = sample.drawn == a
    n = int(mine.sum())
    if n < FEWEST:
        return Cloud(1.0, np.nan, np.nan, np.full(record.shape[1], np.nan), n)
    from scipy.spatial.distance import cdist

    runs = cdist(z[mine], z)
    runs[sample.vector[mine][:, None] == sample.vector] = np.inf
    to = cdist(asked, z)
    shares = []
    for among in (np.ones(len(z), bool), mine):  # the account's own come last: they are what is told
        usual, far = _near(runs[:, among]), np.median(_near(to[:, among]))
        shares.append((1 + np.sum(usual >= far)) / (1 + n))
    scale = np.sqrt(z.shape[1] / 2)
    outside = _tails(sample.x[mine], record)
    return Cloud(float(min(shares)), float(far / scale), float(np.median(usual) / scale), outside, n)


def _near(distance: np.ndarray) -> np.ndarray:
    """(m,) mean distance to the nearest of n, from distances (m, n)."""
    return np.asarray(np.partition(distance, NEAREST - 1, axis=1)[:, :NEAREST].mean(axis=1))


def _tails(runs: np.ndarray, record: np.ndarray) -> np.ndarray:
    """(F,) two-sided mid-p of the record's median among the runs (n, F) that say something."""
    at = np.nanmedian(record, axis=0)
    equal = np.isclose(runs, at)
    below = ((runs < at) & ~equal).sum(axis=0) + 0.5 * equal.sum(axis=0) + 0.5
    said = (~np.isnan(runs)).sum(axis=0)
    share = below / (said + 1)
    return np.where(np.isnan(at) | (said == 0), np.nan, 2 * np.minimum(share, 1 - share))
