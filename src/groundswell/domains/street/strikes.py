"""Strikes: when the workforce of an enterprise stops work, how far, and for how long.

    onset per shift: nu_0 * exp(b_H G + b_o organisation + b_l layoffs + K_t x_trade + K_r x_region
                                + b_R ln(1 + a_p / a_0) + b_w wins seen - b_r dismissals seen)
    participation:   dx/dt = growth * x * (1 - x / cap)
    end per hour:    base + by_offer * pay offered / pay demanded + by_deterrence * Q_p + by_ban * emergency_p

x_trade and x_region are the mean participation in other enterprises of the trade and of the region; wins and dismissals
are those seen there. G is own grievance of the workforce (stored pressure and spark): a price step can stop work too.
Q_p is the remembered share of those on the street of the place who were harmed (see `risk`); an emergency may forbid
strikes (`by_ban`). A strike is a share of a workforce, not a list of people; strikers, being idle, are at risk on the
street with a lower cost, so the workforce's hazard is multiplied by 1 + x (exp(relief) - 1). Rallies nearby feed
strikes through a_p and strikes feed rallies through that relief. Learning from others' strikes: Conell & Cohn (1995),
Biggs (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

STRIKE = purpose("strikes: turn")  # resistance of an enterprise


class Strikes(Mechanism):
    """Strikes by enterprise."""

    name = "strikes"
    needs = ("enterprises",)
    reads = ("own_grievance", "emergency")
    lags = ("on_street", "pay_offer", "wins", "dismissals", "deterrence")
    writes = (
        Variable("striking", ("enterprise",), "1", "share of the workforce on strike", keep="hour"),
        *clock_variables("strike", ("enterprise",), "start or end of a strike"),
        Variable("strike_hours", ("enterprise",), "h", "hours since the strike began"),
    )
    adds = ("group_cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of strikes."""

        base: float = parameter(
            4e-4, unit="1/shift", prior=LogNormal(4e-4, 1e-4, 2e-3), about="nu_0, onset in a quiet time",
            source="assumed: about one strike a month among the named enterprises; no count is published here",
        )  # fmt: skip
        shift_h: float = parameter(
            8.0, unit="h", prior=Fixed("working day"), source="convention", about="length of a shift"
        )
        b_grievance: float = parameter(0.6, unit="1", prior=Uniform(0, 1), source="assumed", about="b_H")
        b_organisation: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="b_o")
        b_layoffs: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="b_l")
        by_trade: float = parameter(1.5, unit="1", prior=Uniform(0, 3), source="assumed", about="K_trade")
        by_region: float = parameter(1.5, unit="1", prior=Uniform(0, 3), source="assumed", about="K_region")
        by_rally: float = parameter(0.5, unit="1", prior=Uniform(0, 1), source="assumed", about="b_R")
        by_wins: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="b_w")
        by_dismissals: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="b_r")
        growth: float = parameter(
            0.3, unit="1/h", prior=LogNormal(0.3, 0.1, 1), source="assumed", about="growth of participation"
        )
        cap: float = parameter(0.7, unit="1", prior=Uniform(0.3, 1), source="assumed", about="largest participation")
        first: float = parameter(
            0.02, unit="1", prior=Fixed("scale"), source="assumed", about="participation at the start"
        )
        end: float = parameter(
            0.01, unit="1/h", prior=LogNormal(0.01, 0.003, 0.03), source="assumed", about="end without an offer"
        )
        end_by_offer: float = parameter(
            0.2, unit="1/h", prior=LogNormal(0.2, 0.05, 0.8), source="assumed", about="end by a full offer"
        )
        end_by_deterrence: float = parameter(
            0.1, unit="1/h", prior=LogNormal(0.1, 0.02, 0.5), source="assumed",
            about="end where all who came out are harmed",
        )  # fmt: skip
        end_by_ban: float = parameter(
            0.005, unit="1/h", prior=LogNormal(0.005, 0.001, 0.03), source="assumed",
            about="end under an emergency that forbids strikes",
        )  # fmt: skip
        idle_relief: float = parameter(
            1.0,
            unit="log-hazard",
            prior=Uniform(0, 2),
            source="assumed",
            about="cost of coming out is lower for strikers by",
        )
        a_0: float = parameter(
            1e-3, unit="1", prior=Fixed("see joining"), source="convention", about="share that is noticed", low=SMALLEST
        )

    def prepare(self) -> None:
        """Who works in which trade and region, and the constant part of the hazard."""
        w, p = self.w, self.p
        self.place = w.place_of_enterprise
        self.group = w.group_of_enterprise
        self.has = self.group >= 0
        self.adults = np.maximum(w.adults, 1)[self.place]
        trade = np.array([str(x) for x in w.enterprise("livelihood")])
        self.by_trade = _mean_of_others(trade)
        self.by_region = _mean_of_others(w.region[self.place])
        self.seen = self.by_trade + self.by_region
        workforce = np.maximum(w.enterprise("workforce_people"), 1)
        layoffs = np.minimum(w.enterprise("layoffs_announced_people") / workforce, 1.0)
        organised = np.maximum(w.enterprise("organisation_index"), w.enterprise("strike_memory_index"))
        self.fixed = p.b_organisation * organised + p.b_layoffs * layoffs
        self.changes = HazardClock(self, "strike", STRIKE)

    def step(self, now: Now) -> None:
        """Starts, growth and ends of this hour."""
        if not self.w.enterprises:
            return
        p, s = self.p, self.s
        on = s.strike_turns % 2 == 1
        grievance = np.where(self.has, s.own_grievance[self.group], 0.0)
        share = s.on_street[self.place] / self.adults
        log_onset = (
            p.b_grievance * grievance
            + self.fixed
            + p.by_trade * (self.by_trade @ s.striking)
            + p.by_region * (self.by_region @ s.striking)
            + p.by_rally * np.log1p(share / p.a_0)
            + p.by_wins * np.minimum(self.seen @ s.wins, 1.0)
            - p.by_dismissals * np.minimum(self.seen @ s.dismissals, 1.0)
        )
        onset = p.base / p.shift_h * np.exp(np.minimum(log_onset, 12.0))
        end = p.end + p.end_by_offer * s.pay_offer + p.end_by_deterrence * s.deterrence[self.place]
        changing = self.changes.passed(np.where(on, end + p.end_by_ban * s.emergency[self.place], onset) * self.dt)
        s.striking += np.where(on, p.growth * s.striking * (1.0 - s.striking / p.cap) * self.dt, 0.0)
        s.strike_hours[on] += self.dt
        for e in changing:
            s.striking[e] = p.first if self.changes.turn(e) % 2 else 0.0
            s.strike_hours[e] = 0.0
        s.group_cost[self.group[self.has]] -= np.log1p(s.striking[self.has] * np.expm1(p.idle_relief))


def _mean_of_others(kind: np.ndarray) -> np.ndarray:
    """(E, E) weights: row e averages over the other enterprises of the same kind."""
    same = (kind[:, None] == kind[None, :]).astype(float)
    np.fill_diagonal(same, 0.0)
    return same / np.maximum(same.sum(axis=1, keepdims=True), 1.0)
