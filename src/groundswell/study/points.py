"""Points that fill the unit cube evenly, each found from its number alone: Sobol' sequence with keyed Owen scrambling.

Direction numbers are those of Joe & Kuo (2008), as SciPy has them. Owen (1995) scrambling flips each binary digit of a
coordinate by a coin keyed by the seed, the dimension and the digits before it, so that every point is uniform and the
evenness is kept. A point does not depend on how many others are asked for, nor by whom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform

SOBOL = purpose("scrambling of points")  # scrambling of the points at which parameters are drawn

BITS = 30
"""Binary digits of a coordinate; the sequence has 2**30 points."""


def points(seed: int, first: int, count: int, dimensions: range) -> NDArray[np.float64]:
    """(count, D) coordinates in the open interval (0, 1) of the points first, first + 1, ...

    Args:
        seed: key of the scrambling.
        first, count: which points.
        dimensions: which of the sequence's dimensions; the same dimension is the same whatever others are asked for.
    """
    from scipy.stats import qmc

    if not count or not len(dimensions):
        return np.empty((count, len(dimensions)))
    sequence = qmc.Sobol(dimensions.stop, scramble=False, bits=BITS)
    if first:
        sequence.fast_forward(first)
    power = 1 << (count - 1).bit_length()  # SciPy warns of other numbers: a part of a net is less even than the whole
    plain = sequence.random(power)[:count, dimensions.start :]
    digits = np.rint(plain * 2**BITS).astype(np.int64)
    scrambled = np.stack([_scrambled(seed, d, x) for d, x in zip(dimensions, digits.T, strict=True)], axis=1)
    return (scrambled + 0.5) / 2**BITS


def _scrambled(seed: int, dimension: int, x: np.ndarray) -> np.ndarray:
    """(n,) numbers with each binary digit flipped by a coin keyed by the digits before it."""
    out = x.copy()
    for k in range(BITS):
        place = BITS - 1 - k
        before = (x >> (place + 1)) + (np.int64(1) << k)  # the leading one tells prefixes of different length apart
        coin = uniform(seed, SOBOL, before, dimension) < 0.5
        out ^= coin.astype(np.int64) << place
    return out
