"""Backlash: harm to the unarmed, told from mouth to mouth and online, moves people elsewhere and later.

    x_p = (dead + w_i * injured + w_a * arrested) among the peaceful per million people, carried by the news kernel
    B_p follows x_p with a lag of 6 h
    B_p halves every 72 h;   urge += b_B * ln(1 + B_p / B_0) * exp(-k_c c_p),  B_0 = 1 dead per million reached

The channel that works against `risk`: slower and wider (Lichbach 1987; Opp & Roehl 1990; Rasler 1996). The two have
independent priors, so that no sign of repression is built in. Harm to people who fight, armed or not, and to the force
moves nobody here. An arrest is harm too: it disables who is held and angers those who hear of it. c_p: by how much the
share that consents to force is above its rest (see `consent`); to devalue those who are harmed is held to keep anger
down (Hess & Martin 2006). k_c is 0 by default, and then nothing is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, approach, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.world.geography import likeness, word_of_mouth


class Backlash(Mechanism):
    """Anger over harm, by place."""

    name = "backlash"
    lags = (
        "injured",
        "dead",
        "arrested",
        "taken",
        "injured_fighting",
        "dead_fighting",
        "arrested_fighting",
        "consent_shift",
    )
    writes = (
        Variable("harm_told", ("place",), "dead per million", "harm on its way to people's ears"),
        Variable(
            "backlash", ("place",), "dead per million", "harm to the unarmed that people have heard of", keep="hour"
        ),
    )
    adds = ("urge",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of backlash."""

        strength: float = parameter(0.75, unit="1", prior=Uniform(0, 1.5), source="assumed", about="b_B")
        scale: float = parameter(
            1.0,
            unit="dead per million",
            prior=Fixed("not identifiable beside b_B"),
            source="convention",
            about="B_0",
            low=SMALLEST,
        )
        injured_weight: float = parameter(
            0.05,
            unit="dead per injured",
            prior=LogNormal(0.05, 0.01, 0.2),
            source="assumed",
            about="an injury against a death",
        )
        arrested_weight: float = parameter(
            0.002, unit="dead per arrest", prior=LogNormal(0.002, 2e-4, 0.02), source="assumed",
            about="an arrest against a death",
        )  # fmt: skip
        lag_h: float = parameter(6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="lag")
        half_life_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed", about="half-life"
        )
        reach_km: float = parameter(
            200.0, unit="km", prior=LogNormal(200, 50, 800), source="assumed", about="d_0 of the kernel"
        )
        consent: float = parameter(
            0.0, unit="1", prior=Uniform(0, 2), source="assumed; off", about="k_c, consent to force keeps anger down"
        )
        unlikeness: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="l, see news")

    def prepare(self) -> None:
        """Kernel: a row says of whom a place hears; harm counts per million of those it hears of."""
        w, p = self.w, self.p
        kernel = word_of_mouth(w.distance_km, w.people, p.reach_km, 2.0) * likeness(*w.composition, p.unlikeness)
        self.kernel = np.ascontiguousarray(kernel * (1e6 / np.maximum(w.people, 1))[None, :])
        self.forget, self.close = decay(p.half_life_h, self.dt), approach(p.lag_h, self.dt)

    def step(self, now: Now) -> None:
        """Pass on the harm of the hour before."""
        p, s = self.p, self.s
        if any(np.count_nonzero(flow) for flow in (s.injured, s.dead, s.arrested, s.taken)):
            dead, injured = s.dead - s.dead_fighting, s.injured - s.injured_fighting
            arrested = s.arrested - s.arrested_fighting + s.taken
            s.harm_told += self.kernel @ (dead + p.injured_weight * injured + p.arrested_weight * arrested)
        told = self.close * s.harm_told
        s.harm_told -= told
        s.backlash *= self.forget
        s.backlash += told
        anger = p.strength * np.log1p(s.backlash / p.scale)
        if p.consent:
            anger *= np.exp(-p.consent * s.consent_shift)
        s.urge += anger[self.w.group_place]
