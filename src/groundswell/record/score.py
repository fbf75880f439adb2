"""How far runs lie from a record: the distance that calibrations use.

    distance_o = min over claims c of o of max(low_c - x_o, x_o - high_c, 0) / sqrt(error_o^2 + discrepancy_o^2)

in the scale of `features`: hours inside the case, log10(1 + count), classes, shares, 0 or 1, ranks. error_o is that of
reporting, discrepancy_o the model's own (Craig et al. 1997; Kennedy & O'Hagan 2001), told beforehand in the case's
`calibration.csv` and 0 where it is not. A side that a claim leaves open is without a limit. Where claims contradict
each other the nearest counts: a run is implausible only if it lies far from every version.
"""

from __future__ import annotations

import numpy as np

from groundswell.record.features import reporting_error, scaled
from groundswell.record.record import Record
from groundswell.record.reporting import Reporting
from groundswell.record.scoring import bounds


def claim_bounds(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observation (n,), low (n,) and high (n,), as stated, of the claims with a value about scored observations."""
    said = [c for c in record.claims if c.value is not None and record.observation(c.observation).scored]
    of = np.array([record.index[c.observation] for c in said], int)
    between = np.array([bounds(record.observation(c.observation), c) for c in said], float).reshape(len(said), 2)
    return of, between[:, 0], between[:, 1]


def distance(values: np.ndarray, dark: np.ndarray, record: Record, reporting: Reporting | None = None) -> np.ndarray:
    """(..., O) how far runs lie outside what is stated, in units of reporting error and discrepancy; see the module.

    Args:
        values: (..., O) what runs have, as `measure` gives it: inf where it never happened, nan where none can be said.
        dark: (..., O) share of each window in which the scope was cut off the network.
        record: the case's record.
        reporting: parameters of the reporting error, defaults if left out.

    Returns:
        0 inside what a claim allows; nan where nothing is stated of a scored observation or the value cannot be said.
    """
    f, (of, low, high) = record.frame, claim_bounds(record)
    own = np.array([o.discrepancy or 0.0 for o in record.observations])
    error = np.hypot(reporting_error(record, dark, reporting or Reporting()), own)[..., of]
    x = scaled(values, f.form, record.horizon_h)[..., of]
    low, high = (scaled(v, f.form[of], record.horizon_h) for v in (low, high))
    far = np.maximum(np.maximum(low - x, x - high), 0.0) / error
    out = np.full(np.shape(values), np.nan)
    for k in np.unique(of):
        out[..., k] = far[..., of == k].min(axis=-1)
    return out
