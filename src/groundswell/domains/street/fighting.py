"""Fighting: when peaceful people on the street take it up, and what keeps the organised from it.

    hazard of a peaceful person = (chi_0 + chi_F * g_used) * (1 - organised * discipline),   back at calm per hour
    discipline_p = organisers_free_p * exp(-b * fired_p)

g_used: weight g of the force used on the peaceful crowd of the place in the hour before, 0 below batons (see
`engagement`). chi_0 and chi_F are both free: whether the force starts it or the crowd is an output, not an assumption.
Force used on a crowd as a cause of its violence: the escalation of policing and protest in della Porta (1995);
reciprocal escalation in crowds that are treated as one: Reicher (1996). organised: index of the livelihood or the
enterprise, 0..1. Who belongs to an organisation keeps its order while its organisers are free and it has not been fired
at: fired_p is 1 after rubber bullets or live rounds and fades. That others fight, or that outsiders are there, raises
nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.street.demands import organisation
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import LogNormal, Uniform


class Fighting(Mechanism):
    """Hazards of taking up fighting and of giving it up."""

    name = "fighting"
    lags = ("force_weight", "fired_on", "organisers_free")
    writes = (
        Variable("fight_hazard", ("place",), "1/h", "hazard of taking up fighting of an unorganised person on the "
                 "street"),
        Variable("unorganised", ("group",), "1", "factor on taking up fighting: share not bound by an organisation",
                 1.0),
        Variable("calm_hazard", (), "1/h", "hazard of a fighting person to be peaceful again", 0.3),
        Variable("discipline", ("place",), "1", "share of the organised who keep their order", 1.0, keep="hour"),
        Variable("fired_lately", ("place",), "1", "the peaceful crowd was fired at, fading"),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of fighting."""

        own: float = parameter(
            0.001, unit="1/h", prior=LogNormal(0.001, 1e-4, 0.01), source="assumed", about="chi_0, without force used"
        )
        by_force: float = parameter(
            0.1, unit="1/h", prior=LogNormal(0.1, 0.01, 0.5), source="assumed", about="chi_F, per g of force used"
        )
        calm: float = parameter(
            0.3, unit="1/h", prior=LogNormal(0.3, 0.1, 1), source="assumed", about="hazard of being peaceful again"
        )
        under_fire: float = parameter(
            1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="b, loss of discipline by being fired at"
        )
        memory_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="half-life of having been fired at"
        )

    def prepare(self) -> None:
        """Organisation by group does not change in time."""
        self.organised = np.minimum(organisation(self.w), 1.0)
        self.fade = decay(self.p.memory_h, self.dt)
        self.s.unorganised[:] = 1.0 - self.organised
        self.s.calm_hazard[...] = self.p.calm

    def step(self, now: Now) -> None:
        """Hazards from the force used in the hour before; discipline from who is free and who was fired at."""
        s, p = self.s, self.p
        np.multiply(s.force_weight, p.by_force, out=s.fight_hazard)
        s.fight_hazard += p.own
        s.fired_lately *= self.fade
        np.maximum(s.fired_lately, s.fired_on, out=s.fired_lately)
        discipline = s.organisers_free * np.exp(-p.under_fire * s.fired_lately)
        if np.count_nonzero(discipline != s.discipline):
            s.discipline[:] = discipline
            s.unorganised[:] = 1.0 - self.organised * discipline[self.w.group_place]
