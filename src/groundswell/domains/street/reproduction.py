"""Diagnostic: how many further joiners one more person on the street brings, as a spectral radius per day.

    K_pq = (dJ_p / dA_q) / mu_q,   J: expected joins per hour, A: people on the street, mu: hazard of leaving
    dJ_p/dA_q = J'_p * (local gain_q if p, q are of a town + news slope_p * news gain_pq / adults_q) + ties if p = q

R is the spectral radius of K (next-generation matrix: Diekmann, Heesterbeek & Metz 1990), by power iteration. The tie
part is its largest value: every tie of a newcomer is to somebody at home, and a second contact is taken as met. Worked
out once a day, at its first hour, and carried to full availability (hour factor and staying power 1). Nothing reads
R; below 1 everywhere a wave cannot grow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed


class Reproduction(Mechanism):
    """Reproduction number of the day."""

    name = "reproduction"
    clock_h = 24.0
    reads = (
        "join_slope", "local_gain", "news_slope", "news_gain", "tie_factor", "tie_beta", "leave_hazard", "leave_factor",
        "stay", "hour_factor",
    )  # fmt: skip
    writes = (
        Variable(
            "reproduction", (), "1", "spectral radius of the next-generation matrix, at full availability", keep="day"
        ),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the diagnostic."""

        household_others: float = parameter(
            1.5, unit="people", prior=Fixed("diagnostic"), source="assumed", about="other adults in a household"
        )
        iterations: int = parameter(
            60, unit="1", prior=Fixed("diagnostic"), source="convention", about="power iterations"
        )

    def step(self, now: Now) -> None:
        """R for the hazards of this hour, carried to full availability of the day."""
        s, w, p = self.s, self.w, self.p
        factor = np.maximum(s.hour_factor, 1e-9)
        mu = np.maximum(s.leave_hazard * s.leave_factor * s.stay, 1e-9)
        tie = np.zeros(w.places)
        np.maximum.at(tie, w.group_place, s.tie_factor)
        beta = s.tie_beta
        ties = tie / factor * (beta[0] * p.household_others + beta[1] + beta[2])
        slope = s.join_slope / factor
        town, towns = w.town, int(w.town.max()) + 1
        far = slope * s.news_slope
        adults, x = np.maximum(w.adults, 1), np.ones(w.places)
        radius = 0.0
        for _ in range(int(p.iterations)):
            inner = x / mu
            seen = np.bincount(town, s.local_gain * inner, towns)[town]  # districts of a city see one crowd
            y = ties * inner + slope * seen + far * (s.news_gain @ (inner / adults))
            radius = float(np.abs(y).max())
            if radius <= 0:
                break
            x = y / radius
        s.reproduction[...] = radius
