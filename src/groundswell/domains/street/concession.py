"""Concessions: an offer relieves the part of the pressure that belongs to its demand, and is read as a signal.

    relief_p = 1 - strength * T_p * sum_k w_k * (f_k**nu - f_k_before**nu)        factor on stored pressure and spark
    signal_p += b_C * (increase of sum_k w_k f_k);  halves every 24 h;  urge += signal

f_k is the share of demand k that standing offers close (85-90 against 50 demanded and 120 asked: 0.46), w_k the weight
of demand k among those on the street (equal among the demands a person holds; where few are out, the case's outset
counts), T_p trust when the offer comes, the mean over the adults of the place (see `trust`). b_C has no sign built in:
an offer may be read as weakness or as good will (in Iran concessions widened protest: Rasler 1996). A withdrawn offer
gives no pressure back by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, Normal, Uniform


class Concession(Mechanism):
    """What offers relieve and what they signal."""

    name = "concession"
    reads = ("offer", "trust_mean")
    lags = ("demand_people",)
    writes = (
        Variable("relief", ("place",), "1", "factor on stored grievance this hour", 1.0),
        Variable("best_offer", ("place", "demand"), "1", "largest share of each demand offered so far"),
        Variable("offer_signal", ("place",), "log-hazard", "what offers signal", keep="hour"),
    )
    adds = ("urge",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of concessions."""

        strength: float = parameter(
            1.0, unit="1", prior=Fixed("scale of T"), source="convention", high=1,
            about="share of its pressure that a full offer takes away where all believe it; 0: offers relieve nothing",
        )  # fmt: skip
        power: float = parameter(
            2.0, unit="1", prior=Uniform(1, 3), source="assumed", about="nu, how little half an offer relieves"
        )
        signal: float = parameter(0.0, unit="log-hazard", prior=Normal(0, 1), source="no sign built in", about="b_C")
        signal_half_life_h: float = parameter(
            24.0, unit="h", prior=Fixed("scale of b_C"), source="assumed", about="half-life of the signal"
        )
        outset_issue: float = parameter(
            0.5,
            unit="1",
            prior=Uniform(0.2, 0.8),
            source="assumed",
            about="weight of the demands that an issue raises where few are out",
        )
        outset_people: float = parameter(
            50.0, unit="people", prior=Fixed("scale"), source="assumed", about="people that the outset counts for"
        )

    def prepare(self) -> None:
        """Weights at the outset, and how fast a signal fades."""
        self.fade = decay(self.p.signal_half_life_h, self.dt)
        raised = self.w.demands.raised
        others = max(len(raised) - int(raised.sum()), 1)
        outset = self.p.outset_issue if raised.any() else 0.0
        self.outset = np.where(raised, outset / max(int(raised.sum()), 1), (1.0 - outset) / others)

    def step(self, now: Now) -> None:
        """Compare the offers that stand with the best so far."""
        p, s = self.p, self.s
        s.offer_signal *= self.fade
        s.relief[:] = 1.0
        if np.count_nonzero(s.offer > s.best_offer):
            held = s.demand_people + p.outset_people * self.outset
            weight = held / held.sum(axis=1, keepdims=True)
            better = np.maximum(s.offer, s.best_offer)
            eased = (weight * (better**p.power - s.best_offer**p.power)).sum(axis=1)
            s.relief[:] = 1.0 - p.strength * s.trust_mean * eased
            s.offer_signal += p.signal * (weight * (better - s.best_offer)).sum(axis=1)
            s.best_offer[:] = better
        s.urge += s.offer_signal[self.w.group_place]
