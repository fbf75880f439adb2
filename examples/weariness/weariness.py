"""Weariness: where many have been out for long, coming out gets dearer.

    w_p += a_p * dt;   w_p halves in half_life;   cost_p += strength * w_p

a_p is the share of adults of the place on the street. Weariness is that of a place, not of a person: those who stayed
at home are weary of closed shops too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.observable import Observable
from groundswell.engine.priors import LogNormal, Uniform


class Weariness(Mechanism):
    """Cost of coming out after long protest, by place."""

    name = "weariness"
    lags = ("on_street",)
    writes = (Variable("weariness", ("place",), "h", "hours of protest of an average adult, fading", keep="hour"),)
    adds = ("cost",)
    shows = {
        "weariest": Observable(
            "weariness of the weariest place", "h", "count", lambda x: x.here("weariness").max(axis=1)
        )
    }

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of weariness."""

        strength: float = parameter(
            0.5, unit="log-hazard/h", prior=Uniform(0, 2), source="assumed", about="cost of an hour"
        )
        half_life_days: float = parameter(
            3.0, unit="day", prior=LogNormal(3, 1, 9), source="assumed", about="half-life"
        )

    def step(self, now: Now) -> None:
        """Weariness of this hour, and its cost."""
        s, p = self.s, self.p
        share = s.on_street / np.maximum(self.w.adults, 1)
        s.weariness *= decay(24.0 * p.half_life_days, self.dt)
        s.weariness += share * self.dt
        s.cost += p.strength * s.weariness
