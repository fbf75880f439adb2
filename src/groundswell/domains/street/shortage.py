"""Shortage: cut networks let food and cash run short, which angers people and leaves them without work.

    cut off     c_p = cut_p * (1 - reach_p)
    target_kp   c_p * (rural_k + (1 - rural_k) * urban share_p)                       k = food, cash
    d short_k/dt = (target_k - short_k) / lag_k       while it grows,   / recover_k   while it falls
    urge_g, own_grievance_g += b_short * (food + cash) / 2
    group_cost_g            -= idle * cash            for those whose work stops without payments

A cut has both signs: it hampers news of crowds elsewhere (`news`), and it does this. Towns live from supply by the day
and pay online, the country less so. Which side of a cut is the stronger is an output, found by playing a case with this
mechanism off or without the cut; no effect of the whole is set anywhere. Left out: miners of coins; they are few
people, and prices of coins act on nobody here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, approach, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.world.world import AT_WORK


class Shortage(Mechanism):
    """Food and cash that fail with the networks, by place."""

    name = "shortage"
    reads = ("cut", "reach")
    writes = (
        Variable("food_short", ("place",), "1", "lack of food in shops", keep="hour"),
        Variable("cash_short", ("place",), "1", "lack of cash and payments", keep="hour"),
        Variable("shortage_push", ("place",), "log-hazard", "what shortage adds for working people", keep="hour"),
    )
    adds = ("urge", "own_grievance", "group_cost")

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of shortage."""

        b_short: float = parameter(
            0.5, unit="log-hazard", prior=Uniform(0, 1), source="assumed", about="anger at full shortage"
        )
        idle: float = parameter(
            0.25, unit="log-hazard", prior=Uniform(0, 0.5), source="assumed",
            about="cost of coming out is lower for those whose work stops by",
        )  # fmt: skip
        food_lag_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed", about="time in which shops run empty"
        )
        cash_lag_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 6, 72), source="assumed",
            about="time in which cash runs out",
        )  # fmt: skip
        recover_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 8, 72), source="assumed", about="time to recover with networks back"
        )
        rural_food: float = parameter(
            0.3, unit="1", prior=Uniform(0, 0.6), source="assumed", about="lack of food in the country against towns"
        )
        rural_cash: float = parameter(
            0.6, unit="1", prior=Uniform(0.3, 1), source="assumed", about="lack of cash in the country against towns"
        )

        noticed: float = parameter(
            1e-3, unit="1", prior=Fixed("scale"), source="convention", low=0,
            about="shortage below which all is well again, once networks are back",
        )  # fmt: skip

    def prepare(self) -> None:
        """Largest shortage by place, and who has work that can stop."""
        w, p = self.w, self.p
        urban = w.place("urban_share").astype(float)
        self.most_food = p.rural_food + (1.0 - p.rural_food) * urban
        self.most_cash = p.rural_cash + (1.0 - p.rural_cash) * urban
        self.works = (w.cells.groups.at_risk & np.isin(w.group_work, AT_WORK)).astype(float)
        self.recover = approach(p.recover_h, self.dt)
        self.grow_food, self.grow_cash = approach(p.food_lag_h, self.dt), approach(p.cash_lag_h, self.dt)

    def step(self, now: Now) -> None:
        """Stocks of the hour; nothing to do while networks work and nothing is short."""
        s, p = self.s, self.p
        worst = max(s.cash_short.max(initial=0.0), s.food_short.max(initial=0.0))
        if not np.count_nonzero(s.cut) and worst <= p.noticed:
            for all_well in (s.food_short, s.cash_short, s.shortage_push):
                all_well[:] = 0.0
            return
        off = s.cut * (1.0 - s.reach)
        for short, most, grow in (
            (s.food_short, self.most_food, self.grow_food),
            (s.cash_short, self.most_cash, self.grow_cash),
        ):
            gap = off * most - short
            short += np.where(gap > 0, grow, self.recover) * gap
        anger = p.b_short * (s.food_short + s.cash_short) / 2.0
        relief = p.idle * s.cash_short
        place = self.w.group_place
        s.urge += anger[place]
        s.own_grievance += anger[place]
        s.group_cost -= self.works * relief[place]
        s.shortage_push[:] = anger + relief
