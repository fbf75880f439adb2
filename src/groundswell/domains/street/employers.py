"""Employers' answers to a strike, once a shift: ignore, talk, pay, lock out transport, dismiss.

    P(answer) ~ exp(U / kappa),   U = -loss_share * x - price of the answer        quantal response
    remaining loss: ignore 1, talk 0.8, lock out 0.6, dismiss 0.5, pay (1 - offer)

    offer >= share of the demand that an order on pay of the state gives to the enterprises of its scope

x is participation. Paying raises the offer by a step, is seen as a win by others of the trade and region, and ends
strikes; so does an order on pay when it comes, strike or no strike. Locking out transport makes coming out dearer
(workers walk instead); dismissing moves a share of the strikers to the unemployed for good, where they keep what
resistance they had left, and is seen too. Quantal response: McKelvey & Palfrey (1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

EMPLOYER = purpose("employers: answer")  # answers of an employer

ANSWERS = ("ignore", "talk", "pay", "lock out", "dismiss")


class Employers(Mechanism):
    """Answers to strikes by enterprise."""

    name = "employers"
    needs = ("enterprises",)
    reads = ("striking", "pay_met")
    writes = (
        Variable("pay_offer", ("enterprise",), "1", "pay offered over the rise demanded", keep="hour"),
        Variable("wins", ("enterprise",), "1", "a pay win that others remember"),
        Variable("dismissals", ("enterprise",), "1", "dismissals that others remember"),
        Variable("locked_out", ("enterprise",), "1", "1: transport is refused"),
        Variable("dismissed", ("enterprise",), "people", "people dismissed this hour"),
        Variable("decreed", ("enterprise",), "1", "share of the demand that an order on pay has given so far"),
        Variable("answer", ("enterprise",), "1", "answer given this hour, -1: none", -1.0, keep="hour"),
    )
    adds = ("group_cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of employers."""

        every_h: float = parameter(
            8.0, unit="h", prior=Fixed("a shift"), source="convention", about="time between answers"
        )
        talk: float = parameter(0.1, unit="stake", prior=Uniform(0, 0.3), source="assumed", about="price of talking")
        pay: float = parameter(
            0.45, unit="stake", prior=Uniform(0.2, 0.7), source="assumed", about="price of a step of pay"
        )
        lockout: float = parameter(
            0.2, unit="stake", prior=Uniform(0.1, 0.4), source="assumed", about="price of a lock-out"
        )
        dismiss: float = parameter(
            0.4, unit="stake", prior=Uniform(0.2, 0.8), source="assumed", about="price of dismissals"
        )
        kappa: float = parameter(
            0.2, unit="stake", prior=LogNormal(0.2, 0.05, 1), source="assumed", about="noise of choice", low=SMALLEST
        )
        pay_step: float = parameter(
            0.25, unit="1", prior=Uniform(0.1, 0.5), source="assumed", about="share of the demand in one step"
        )
        dismissed_share: float = parameter(
            0.02,
            unit="1",
            prior=LogNormal(0.02, 0.005, 0.1),
            source="assumed",
            about="share of strikers dismissed at once",
        )
        lockout_cost: float = parameter(
            0.5,
            unit="log-hazard",
            prior=Uniform(0, 1),
            source="assumed",
            about="cost of coming out when locked out",
        )
        memory_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed", about="half-life of what is seen"
        )

    def prepare(self) -> None:
        """Groups of the workforces and of the unemployed of their places."""
        w = self.w
        self.group = w.group_of_enterprise
        self.has = self.group >= 0
        self.fade = decay(self.p.memory_h, self.dt)
        self.unemployed = np.array([w.group_with(p, w.jobless) for p in w.place_of_enterprise], np.int64)
        self.workforce = w.enterprise("workforce_people") * w.cells.people_scale

    def step(self, now: Now) -> None:
        """Answers due this hour, and their standing effects."""
        p, s = self.p, self.s
        s.answer[:] = -1.0
        s.dismissed[:] = 0.0
        s.wins *= self.fade
        s.dismissals *= self.fade
        if now.step % max(1, round(p.every_h / s.step_h)) == 0:
            for e in np.flatnonzero(s.striking > 0):
                self._answer(int(e), now.step)
        idle = s.striking == 0
        s.locked_out[idle] = 0.0
        s.pay_offer[idle] = 0.0
        ordered = s.pay_met[self.w.place_of_enterprise]
        np.maximum(s.pay_offer, ordered, out=s.pay_offer)
        s.wins[ordered > s.decreed] = 1.0
        s.decreed[:] = ordered
        has = self.has
        s.group_cost[self.group[has]] += p.lockout_cost * s.locked_out[has] * s.striking[has]

    def _answer(self, e: int, step: int) -> None:
        p, s = self.p, self.s
        offer = min(1.0, s.pay_offer[e] + p.pay_step)
        remaining = np.array([1.0, 0.8, 1.0 - offer, 0.6, 0.5])
        price = np.array([0.0, p.talk, p.pay, p.lockout, p.dismiss])
        utility = -s.striking[e] * remaining - price
        weight = np.exp((utility - utility.max()) / p.kappa)
        u = self.uniform(EMPLOYER, e, step)
        answer = int(np.searchsorted(np.cumsum(weight) / weight.sum(), u))
        s.answer[e] = answer
        s.locked_out[e] = 1.0 if answer == 3 else 0.0 if answer in (1, 2) else s.locked_out[e]
        if answer == 2:
            s.pay_offer[e], s.wins[e] = offer, 1.0
        elif answer == 4 and self.group[e] >= 0 and self.unemployed[e] >= 0:
            s.dismissed[e] = np.floor(p.dismissed_share * s.striking[e] * self.workforce[e])
            s.dismissals[e] = 1.0
