"""Leaving the street: fatigue, nights, tents, and rest before the next spell.

    mu_i = mu_0 * (1 + c * hours on the street) / stay_p * (tents if tents stand in p)
    stay_p = max(floor, hour_factor_p)

A square is taken as occupied, with tents or yurts, when it has had at least `tents_people` for `tents_hours` hours in a
row, or when that many of its people are out and stand at a site that is in the crowd's hands. After leaving a person
rests and is then at risk again with the same frailty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Leaving(Mechanism):
    """Hazard of leaving and the time until a person may return."""

    name = "leaving"
    reads = ("hour_factor", "stand", "site_held")
    lags = ("on_street",)
    writes = (
        Variable("leave_hazard", (), "1/h", "hazard of leaving in the first hour", 0.15),
        Variable("leave_growth", (), "1/h", "relative growth of the hazard of leaving"),
        Variable("leave_factor", ("place",), "1", "factor on leaving", 1.0),
        Variable("stay", ("place",), "1", "staying power of the hour", 1.0),
        Variable("rest_h", (), "h", "rest after leaving", 8.0),
        Variable("hold_h", (), "h", "detention", 72.0),
        Variable("recover_h", (), "h", "off the street when injured", 168.0),
        Variable("occupied_h", ("place",), "h", "hours in a row with a crowd on the square"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of leaving."""

        hazard: float = parameter(0.15, unit="1/h", prior=LogNormal(0.15, 0.06, 0.4), source="assumed", about="mu_0")
        fatigue: float = parameter(0.03, unit="1/h", prior=LogNormal(0.03, 0.005, 0.1), source="assumed", about="c")
        stay_floor: float = parameter(
            0.3, unit="1", prior=Uniform(0.1, 0.5), source="assumed", about="least staying power, at night"
        )
        tents: float = parameter(
            0.5,
            unit="1",
            prior=Uniform(0.3, 1.0),
            source="assumed",
            about="factor where tents stand",
        )
        tents_people: float = parameter(
            100.0, unit="people", prior=LogNormal(100, 30, 300), source="assumed", about="crowd that holds a square"
        )
        tents_hours: float = parameter(
            12.0, unit="h", prior=LogNormal(12, 6, 24), source="assumed", about="hours until tents stand"
        )
        rest_h: float = parameter(
            8.0, unit="h", prior=LogNormal(8, 2, 24), source="assumed", about="rest after leaving"
        )
        hold_h: float = parameter(
            360.0, unit="h", prior=LogNormal(360, 72, 720), source="assumed: administrative arrest of up to 15 days",
            about="detention",
        )  # fmt: skip
        recover_h: float = parameter(
            168.0,
            unit="h",
            prior=Fixed("beyond the crisis days"),
            source="assumed",
            about="off the street when injured",
        )

    def step(self, now: Now) -> None:
        """Staying power of this hour."""
        s, p = self.s, self.p
        s.leave_hazard[...], s.leave_growth[...] = p.hazard, p.fatigue
        s.rest_h[...], s.hold_h[...], s.recover_h[...] = p.rest_h, p.hold_h, p.recover_h
        s.occupied_h[:] = np.where(s.on_street >= p.tents_people, s.occupied_h + self.dt, 0.0)
        own = (s.on_street >= p.tents_people) & (s.site_held[s.stand[:, 0]] == 0)
        tents = np.where((s.occupied_h >= p.tents_hours) | own, p.tents, 1.0)
        s.stay[:] = np.maximum(p.stay_floor, s.hour_factor)
        s.leave_factor[:] = tents / s.stay
