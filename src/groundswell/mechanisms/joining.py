"""Joining: the hazard per hour that a person at home comes out, by own grievance and the visible crowd.

    lambda_i = z_i * lambda_g,   lambda_g = D_g * lambda_0 * phi(S_g - theta),   phi(x) = 1 / (1 + exp(-x))
    S_g = sum of urges + b_L * ln(1 + a_p / a_0),   D_g = hour_factor_p * exp(-cost_p - cost_g)

a_p is the crowd that is to be seen in the place when the hour begins (its own people on the street, with visitors and
without those who marched elsewhere) over its adults. Without the threshold a quiet country would be in
permanent uproar (phi(0) = 1/2); with the share entering linearly a crowd of 1 in 400 would be invisible. theta is set
by data: a quiet year must have its ordinary protest rate. At D = 1 that is 12.4; nights, cold and the risk of arrest
put the mean of D at rest near exp(-2.4), so the default is 10.0. b_L above 1 lets growth accelerate until saturation.
z is gamma with mean 1 and shape k. Threshold and visible crowd: Granovetter (1978); hazard form: Sellke (1983).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Joining(Mechanism):
    """Hazard of joining by group."""

    name = "joining"
    reads = ("urge", "cost", "group_cost", "hour_factor", "visitors")
    lags = ("on_street",)
    writes = (
        Variable("join_hazard", ("group",), "1/h", "hazard of joining at frailty 1"),
        Variable("join_slope", ("place",), "people/h", "change of expected joins per unit of urge"),
        Variable("local_gain", ("place",), "1/person", "change of the urge per further person on the street"),
    )

    at_start = ("frailty_shape",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of joining."""

        theta: float = parameter(
            10.0, unit="log-hazard", prior=LogNormal(10.0, 8.6, 11.3), state="estimated",
            source="520 protests in 32 months (Oxus tracker) at 75 people each: 8.6e-8 per inhabitant-hour",
            about="threshold",
        )  # fmt: skip
        ceiling: float = parameter(
            0.02,
            unit="1/h",
            prior=LogNormal(0.02, 0.005, 0.08),
            source="assumed",
            about="lambda_0, hazard without a threshold",
        )
        b_local: float = parameter(
            0.8, unit="1", prior=Uniform(0.5, 1.3), source="assumed", about="b_L, weight of the local crowd"
        )
        a_0: float = parameter(
            1e-3,
            unit="1",
            prior=Fixed("not identifiable beside theta"),
            source="convention",
            about="share that is noticed",
            low=SMALLEST,
        )
        frailty_shape: float = parameter(
            2.0,
            unit="1",
            prior=LogNormal(2, 0.5, 8),
            source="assumed",
            about="k; smaller: more unlike people",
            low=SMALLEST,
        )

    def prepare(self) -> None:
        """Adults by group and place."""
        g = self.w.cells.groups
        self.adults = np.where(g.at_risk, g.size, 0)
        self.at_risk = g.at_risk.astype(float)
        self.place_adults = np.maximum(self.w.adults, 1)

    def step(self, now: Now) -> None:
        """Hazards of this hour, and how steep they are."""
        p, s, place = self.p, self.s, self.w.group_place
        share = (s.on_street + s.visitors) / self.place_adults
        local = p.b_local * np.log1p(share / p.a_0)
        s.urge += local[place]
        phi = 1.0 / (1.0 + np.exp(p.theta - s.urge))
        available = s.hour_factor * np.exp(-s.cost)
        s.join_hazard[:] = self.at_risk * available[place] * np.exp(-s.group_cost) * p.ceiling * phi
        s.join_slope[:] = np.bincount(place, self.adults * s.join_hazard * (1.0 - phi), self.w.places)
        s.local_gain[:] = p.b_local / (p.a_0 + share) / self.place_adults
