"""Ties: who has somebody active in the household, at work or in the neighbourhood may follow.

    hazard of a person at home += D_p * phi(own grievance - theta_T) * (beta_H y_H + beta_W y_W + beta_N y_N)

y_H: active others in the household (count); y_W, y_N: share active in the work unit (about 25) and in a neighbourhood
of about 300 adults, less one person's share, since complex contagion needs a second contact (Centola & Macy 2007).
Ties carry no frailty, so they compete with the group's clock as independent risks, and they are gated by own
grievance: ungated, these strengths give about 0.8 further joiners per joiner in a contented country too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Ties(Mechanism):
    """Tie hazards by group and family."""

    name = "ties"
    reads = ("own_grievance", "cost", "group_cost", "hour_factor")
    writes = (
        Variable("tie_factor", ("group",), "1", "factor on the tie hazards"),
        Variable("tie_beta", ("family",), "1/h", "tie hazard by household, work unit, neighbourhood"),
    )

    at_start = ("work_unit_people", "neighbourhood_people")
    for_all_time = True  # without it no circle is counted, so that it cannot begin anew

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of ties."""

        household: float = parameter(
            0.01, unit="1/h", prior=LogNormal(0.01, 0.002, 0.05), source="assumed", about="beta_H, per active other"
        )
        work_unit: float = parameter(
            0.05, unit="1/h", prior=LogNormal(0.05, 0.01, 0.2), source="assumed", about="beta_W, at share 1"
        )
        neighbourhood: float = parameter(
            0.05, unit="1/h", prior=LogNormal(0.05, 0.01, 0.2), source="assumed", about="beta_N, at share 1"
        )
        gate: float = parameter(
            4.0, unit="log-hazard", prior=Uniform(2, 7), source="assumed", about="theta_T, grievance at which ties open"
        )
        work_unit_people: float = parameter(
            25.0, unit="people", prior=Fixed("scale"), source="assumed", about="adults in a work unit", low=1
        )
        neighbourhood_people: float = parameter(
            300.0, unit="people", prior=Fixed("scale"), source="assumed", about="adults in a neighbourhood", low=1
        )

    def step(self, now: Now) -> None:
        """Gate and availability of this hour."""
        s, p, place = self.s, self.p, self.w.group_place
        s.tie_beta[:] = [p.household, p.work_unit, p.neighbourhood]
        available = s.hour_factor * np.exp(-s.cost)
        gate = 1.0 / (1.0 + np.exp(p.gate - s.own_grievance))
        s.tie_factor[:] = available[place] * np.exp(-s.group_cost) * gate
