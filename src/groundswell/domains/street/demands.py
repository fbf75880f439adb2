"""Demands: what people on the street want, and how price turns into politics.

    hazard of taking up demand k = alpha_k * (organised) + beta * share_k + gamma * force used on the crowd lately

The case says what can be demanded (demands.csv), each demand yes or no per person: which are political, which organised
workers take up sooner, and which are raised by what is at issue (issues.csv). share_k is the share among those
on the street in the same place. Innovation and imitation: Bass (1969). People keep their demands when they go home.
Nobody's origin is a cause: alpha does not differ by community.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import LogNormal, Uniform
from groundswell.world.world import World


def organisation(w: World) -> np.ndarray:
    """(G,) how far people of each group are organised: index of their enterprise, else of their livelihood."""
    g, own = w.cells.groups, w.group_of_enterprise
    general = w.case.tables["livelihoods"].column("organised_index").astype(float)
    out = general[g.livelihood] * (g.enterprise < 0)
    out[own[own >= 0]] = w.enterprise("organisation_index")[own >= 0]
    return out


class Demands(Mechanism):
    """Rates at which demands are taken up."""

    name = "demands"
    lags = ("on_street", "demand_people", "force_used")
    writes = (
        Variable("demand_innovation", ("demand",), "1/h", "hazard of taking up a demand alone"),
        Variable("demand_organised", ("demand",), "1", "1: organisation speeds this demand"),
        Variable("organised_factor", ("group",), "1", "factor of organisation on taking up demands", 1.0),
        Variable("demand_imitation", ("place", "demand"), "1/h", "hazard of taking up a demand from others"),
        Variable("force_memory", ("place",), "1", "force used on the crowd lately"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of demands."""

        alpha_issue: float = parameter(
            0.5, unit="1/h", prior=LogNormal(0.5, 0.1, 2), source="assumed: most come out over what is at issue",
            about="innovation, the demands that an issue raises",
        )  # fmt: skip
        alpha: float = parameter(
            0.008, unit="1/h", prior=LogNormal(0.008, 0.002, 0.03), source="assumed", about="innovation, other demands"
        )
        organised: float = parameter(
            4.0,
            unit="1",
            prior=Uniform(1, 10),
            source="assumed",
            about="factor for organised workers, on the demands that they take up sooner",
        )
        imitation: float = parameter(0.1, unit="1/h", prior=LogNormal(0.1, 0.03, 0.3), source="assumed", about="beta")
        by_force: float = parameter(
            0.1, unit="1/h", prior=Uniform(0, 0.3), source="assumed", about="gamma, for political demands"
        )
        memory_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="half-life of force remembered here"
        )

    def prepare(self) -> None:
        """Organisation does not change in time."""
        p = self.p
        known = self.w.demands
        self.political = known.political.astype(float)
        self.alone = np.where(known.raised, p.alpha_issue, p.alpha)
        self.by_organisation = known.organised.astype(float)
        self.factor = 1.0 + (p.organised - 1.0) * organisation(self.w)
        self.fade = decay(p.memory_h, self.dt)

    def step(self, now: Now) -> None:
        """Imitation among those who meet, and force remembered."""
        p, s = self.p, self.s
        s.demand_innovation[:], s.demand_organised[:] = self.alone, self.by_organisation
        s.organised_factor[:] = self.factor
        share = s.demand_people / np.maximum(s.on_street, 1)[:, None]
        s.force_memory *= self.fade
        np.maximum(s.force_memory, s.force_used, out=s.force_memory)
        s.demand_imitation[:] = p.imitation * share + p.by_force * s.force_memory[:, None] * self.political
