"""An emulator of the distance: a forest of the vectors played so far, with its error and the scatter between seeds.

Extremely randomised trees (Geurts, Ernst & Wehenkel 2006) with bootstrap; what a tree has not seen gives the error of
the prediction, in which the scatter between seeds is included, since no two runs share one.

    s(z) = FLOOR + (1 - FLOOR) * Phi((tolerance - mean(z)) / sd)       chance that a run at z is accepted

A run that was stopped is known to lie above some distance; it stands with the mean of what was known of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TREES, LEAF, FLOOR, LEAST_SD = 150, 3, 0.1, 0.02
LEAST_ROWS = 20


@dataclass(frozen=True)
class Emulator:
    """A forest, and the standard deviation of its error; without a forest nothing is expected of any point."""

    forest: Any
    sd: float

    def mean(self, z: np.ndarray) -> np.ndarray:
        """(n,) distances expected at coordinates (n, D)."""
        return np.asarray(self.forest.predict(z)) if self.forest is not None and len(z) else np.zeros(len(z))

    def chance(self, z: np.ndarray, tolerance: float) -> np.ndarray:
        """(n,) chance that a run is accepted at a tolerance."""
        from scipy.special import ndtr

        if self.forest is None or not len(z):
            return np.ones(len(z))
        return np.asarray(FLOOR + (1 - FLOOR) * ndtr((tolerance - self.mean(z)) / self.sd))


def grow(z: np.ndarray, guess: np.ndarray, seed: int) -> Emulator:
    """An emulator of distances (n,) at coordinates (n, D)."""
    from sklearn.ensemble import ExtraTreesRegressor

    if len(z) < LEAST_ROWS:
        return Emulator(None, 1.0)
    forest = ExtraTreesRegressor(
        TREES, min_samples_leaf=LEAF, max_features=0.5, bootstrap=True, oob_score=True, random_state=seed % 2**32,
        n_jobs=1,
    )  # fmt: skip
    forest.fit(z, guess)
    out = np.asarray(forest.oob_prediction_)
    sd = float(np.sqrt(np.mean(np.square(guess - out))))
    return Emulator(forest, max(sd, LEAST_SD))
