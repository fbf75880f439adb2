"""Intervals of a share of runs."""

from __future__ import annotations

import numpy as np

Z95 = 1.959963984540054


def wilson(hits: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Interval of a share (Wilson 1927) at a normal quantile, 95 percent if left out; (0, 1) without a trial."""
    if n <= 0:
        return 0.0, 1.0
    p, z2 = hits / n, z**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))
