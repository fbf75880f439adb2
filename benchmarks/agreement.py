"""Do two programs give the same distributions? Draws by seed, and two-sample Kolmogorov-Smirnov tests of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.stats import ks_2samp

WHAT = ("joins", "peak", "peak_hour")
SIZES = (100_000, 20_000, 5_000, 2_000)
"""Populations tried, the largest first; the base hazard rises as people fall, so that about as many join."""

Draws = list[list[float]]


def size_and_factor(time_of: Callable[[int], float], seeds: int, budget_s: float) -> tuple[int, float]:
    """The largest of SIZES at which all seeds fit into a time, and the factor on the base hazard there.

    Args:
        time_of: seconds of one run with a number of people.
        seeds: runs.
        budget_s: processor seconds for all of them.
    """
    people = next((n for n in SIZES if time_of(n) * seeds <= budget_s), SIZES[-1])
    return people, SIZES[0] / people


def line(rows: list[dict[str, Any]]) -> Callable[[int], float]:
    """Seconds of a run by its people: a fixed cost and a cost per person, from the smallest and the largest row."""
    first, last = min(rows, key=lambda r: r["people"]), max(rows, key=lambda r: r["people"])
    slope = max(last["wall_s"] - first["wall_s"], 0.0) / max(last["people"] - first["people"], 1)
    return lambda people: max(first["wall_s"] + slope * (people - first["people"]), 0.0)


def gather(draw: Callable[[int, int], Draws], seeds: int, first: int, processes: int = 2) -> Draws:
    """Draws for `seeds` seeds from `first` on, in several processes at a time.

    Args:
        draw: (first seed, seeds) -> draws, perhaps fewer than asked for.
        seeds: how many.
        first: the first seed.
        processes: at the same time.
    """
    share = -(-seeds // processes)
    starts = range(0, seeds, share)
    with ThreadPoolExecutor(processes) as pool:
        parts = pool.map(lambda at: draw(first + at, min(share, seeds - at)), starts)
        return [row for part in parts for row in part]


def compared(what: tuple[str, ...], ours: Draws, theirs: Draws) -> list[dict[str, Any]]:
    """Two-sample Kolmogorov-Smirnov tests, one for each column of the draws."""
    a, b = np.array(ours, float), np.array(theirs, float)
    return [
        {
            "what": name,
            "seeds": [len(a), len(b)],
            "means": [float(a[:, i].mean()), float(b[:, i].mean())],
            "p": float(ks_2samp(a[:, i], b[:, i], method="asymp").pvalue),
        }
        for i, name in enumerate(what)
    ]
