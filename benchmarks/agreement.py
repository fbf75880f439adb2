"""Do all programs agree in the distribution of total joins, peak and peak hour? Two-sample Kolmogorov-
Smirnov.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import ks_2samp

from benchmarks.row import program
from benchmarks.streets import make_world

WHAT = ("joins", "peak", "peak_hour")


def agreement(people: int, seeds: dict[str, int]) -> list[dict[str, Any]]:
    """Compare every peer with Groundswell.

    Args:
        people: inhabitants.
        seeds: number of seeds by peer; Groundswell's comes first.
    """
    world = make_world(people)
    drawn = {}
    for number, (peer, n) in enumerate(seeds.items()):
        run, _ = program(peer, world, {"groups": 5})
        drawn[peer] = np.array([run(10_000 * number + seed).summary for seed in range(n)])
    ours = drawn.pop("groundswell")
    return [
        {
            "peer": peer,
            "people": people,
            "what": what,
            "seeds": [len(ours), len(theirs)],
            "means": [float(ours[:, i].mean()), float(theirs[:, i].mean())],
            "p": float(ks_2samp(ours[:, i], theirs[:, i], method="asymp").pvalue),
        }
        for peer, theirs in drawn.items()
        for i, what in enumerate(WHAT)
    ]
