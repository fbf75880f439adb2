"""Posteriors of parameters by regression-adjusted ABC, and whether their ranks are uniform on runs with known truth.

For each parameter: a ridge regression of its logit within its range on all summaries gives one number s(x), its
expected value (semi-automatic summaries: Fearnhead & Prangle 2012). The runs with s nearest to the record's, weighted
by an Epanechnikov kernel, are moved along a line of the parameter on s (Beaumont, Zhang & Balding 2002). For the runs,
s comes from a fit without their vector, so that they are as far from the line as the record is. Marginal posteriors
only. Simulation-based calibration: Talts et al. (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.weigh.sample import Sample
from groundswell.weigh.stage import folds

ACCEPTED = 0.2  # share of the runs that are nearest
FEWEST = 50
RIDGE = 10.0
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Posterior:
    """Weighted, adjusted values of K parameters, each with runs of its own.

    Args:
        theta: (m, K) adjusted values. weight: (m, K), sum 1 over the first axis.
    """

    theta: np.ndarray
    weight: np.ndarray

    @property
    def ess(self) -> float:
        """Effective number of runs, the smallest over the parameters."""
        return float((1 / (self.weight**2).sum(axis=0)).min())

    def quantiles(self, q: tuple[float, ...] = QUANTILES) -> np.ndarray:
        """(len(q), K) weighted quantiles."""
        out = np.empty((len(q), self.theta.shape[1]))
        for k in range(self.theta.shape[1]):
            order = np.argsort(self.theta[:, k])
            weight = self.weight[order, k]
            out[:, k] = np.interp(q, np.cumsum(weight) - 0.5 * weight, self.theta[order, k])
        return out


class Adjuster:
    """Gives a posterior for any record of the same summaries."""

    def __init__(self, sample: Sample, which: np.ndarray, seed: int = 0) -> None:
        """which: (K,) numbers of parameters that every run of the sample draws; seed: of the folds."""
        self.theta = sample.theta[:, which]
        self.low, self.width = self.theta.min(axis=0), np.maximum(np.ptp(self.theta, axis=0), 1e-12)
        self.y = self._logit(self.theta)
        self.weight = sample.weight
        self.middle = np.nan_to_num(np.nanmedian(sample.x, axis=0))
        z = self._filled(sample.x)
        self.mean, self.spread = z.mean(axis=0), np.maximum(z.std(axis=0), 1e-9)
        z = (z - self.mean) / self.spread
        self.s = np.empty_like(self.y)
        for train, test in folds(sample.vector, seed):
            self.s[test] = _design(z[test]) @ self._ridge(z[train], train)
        self.slope = self._ridge(z, np.arange(len(sample)))

    def _filled(self, x: np.ndarray) -> np.ndarray:
        missing = np.isnan(x)
        return np.hstack([np.where(missing, self.middle, x), missing.astype(float)])

    def _logit(self, theta: np.ndarray) -> np.ndarray:
        inside = np.clip((theta - self.low) / self.width, 1e-3, 1 - 1e-3)
        return np.asarray(np.log(inside / (1 - inside)))

    def _ridge(self, z: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(1 + 2F, K) ridge regression of the parameters on standardised summaries."""
        design, weight = _design(z), self.weight[rows, None]
        penalty = RIDGE * np.eye(design.shape[1])
        penalty[0, 0] = 0.0
        return np.asarray(np.linalg.solve(design.T @ (weight * design) + penalty, design.T @ (weight * self.y[rows])))

    def posterior(self, record: np.ndarray) -> Posterior:
        """The posterior for a record's summaries (F,)."""
        z = (self._filled(record[None]) - self.mean) / self.spread
        return self._at((_design(z) @ self.slope)[0])

    def of_run(self, run: int, leave_out: np.ndarray) -> Posterior:
        """The posterior for one of the sample's own runs, without the runs of a mask (n,)."""
        return self._at(self.s[run], leave_out)

    def _at(self, s: np.ndarray, leave_out: np.ndarray | None = None) -> Posterior:
        far = np.abs(self.s - s)
        if leave_out is not None:
            far = np.where(leave_out[:, None], np.inf, far)
        available = int(np.isfinite(far[:, 0]).sum())
        take = min(available, max(FEWEST, int(ACCEPTED * available)))
        theta, weights = np.empty((take, len(s))), np.empty((take, len(s)))
        for k in range(len(s)):
            near = np.argsort(far[:, k], kind="stable")[:take]
            kernel = 1 - (far[near, k] / (far[near[-1], k] * (1 + 1e-9) + 1e-12)) ** 2
            weight = np.maximum(self.weight[near] * kernel, 1e-12)
            weight /= weight.sum()
            at, y = self.s[near, k] - s[k], self.y[near, k]
            middle = weight @ at
            tilt = (weight @ ((at - middle) * y)) / max(weight @ (at - middle) ** 2, 1e-12)
            theta[:, k] = self.low[k] + self.width[k] / (1 + np.exp(-(y - tilt * at)))
            weights[:, k] = weight
        return Posterior(theta, weights)


def _design(z: np.ndarray) -> np.ndarray:
    return np.hstack([np.ones((len(z), 1)), z])


def ranks(adjuster: Adjuster, vector: np.ndarray, tests: np.ndarray) -> np.ndarray:
    """(len(tests), K) share of the posterior below the truth, for runs whose vector is left out each time."""
    out = np.empty((len(tests), adjuster.theta.shape[1]))
    for i, run in enumerate(tests):
        got = adjuster.of_run(run, vector == vector[run])
        out[i] = np.minimum(((got.theta < adjuster.theta[run]) * got.weight).sum(axis=0), 1.0)
    return out


def uniformity(rank: np.ndarray, bins: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """(K, bins) counts of ranks (m, K), and (K,) p-values of a chi-squared test of uniformity."""
    from scipy.stats import chisquare

    counts = np.stack([np.histogram(rank[:, k], bins, (0, 1))[0] for k in range(rank.shape[1])])
    return counts, np.array([chisquare(row).pvalue for row in counts])
