"""Joining: the hazard per hour that a person at home comes out, by own grievance and the visible crowd.

    lambda_i = z_i * lambda_g,   lambda_g = D_g * R_p * lambda_0 * phi(S_g - theta),   phi(x) = 1 / (1 + exp(-x))
    S_g = sum of urges + b_L * ln(1 + x_t / a_0),   x_t = C_t / (A_t * (A_0 / A_t)**(1 - g))
    C_t = sum over places of the town of crowd_p,    D_g = hour_factor_p * exp(-cost_p - cost_g)
    R_p = max(0, 1 - a_p / (pool_p * stake_p)),      pool_p = pool * (urban_p + (1 - urban_p) * rural_pool)

C_t is the crowd that is to be seen in the whole town when the hour begins (its own people on the street, with visitors
and without those who marched elsewhere), A_t the adults of the town: a city of several districts sees one crowd. People
notice a crowd by its number as well as by its share: g = 1 is the share, g = 0 the number, and in a town of A_0 adults
they are the same. Number: Lohmann (1994); threshold and visible crowd: Granovetter (1978). With the share alone a city
of a million has to bring out hundreds of times as many people as a town before anybody notices.

a_p is the share of adults of the place who are out. Only part of those who agree with a cause can be moved to act for
it, and fewer where it concerns fewer (Klandermans & Oegema 1987): `pool` is the largest share out at one time, where
the step concerns people as in the country's mean (stake 1, see `spark`); it parts how far a wave spreads from how large
it grows. The countryside has `rural_pool` of it: its people live in many villages, most of them out of reach of any
square, and collective action is more common where people live close together (Wallace 2013; Glaeser & Steinberg
2017). The pool is used up while a step lasts, so R_p is taken in the mean of the step.

Without the threshold a quiet country would be in permanent uproar (phi(0) = 1/2). theta is set by data: a quiet year
must have its ordinary protest rate. b_L above 1 lets growth accelerate until saturation. z is gamma with mean 1 and
shape k. Hazard form: Sellke (1983).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Joining(Mechanism):
    """Hazard of joining by group."""

    name = "joining"
    reads = ("urge", "cost", "group_cost", "hour_factor", "visitors", "stake")
    lags = ("on_street",)
    adds = ("urge",)
    writes = (
        Variable("join_hazard", ("group",), "1/h", "hazard of joining at frailty 1"),
        Variable("join_slope", ("place",), "people/h", "change of expected joins per unit of urge"),
        Variable("pool_left", ("place",), "1", "share of those who can be moved who are still at home", 1.0),
        Variable("local_gain", ("place",), "1/person", "change of the urge per further person on the street"),
    )

    at_start = ("frailty_shape",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of joining."""

        theta: float = parameter(
            10.0, unit="log-hazard", prior=LogNormal(10.0, 8.6, 11.3), state="estimated",
            source="520 protests in 32 months (Oxus tracker) at 75 people each: 8.6e-8 per inhabitant-hour",
            about="threshold",
        )  # fmt: skip
        ceiling: float = parameter(
            0.02,
            unit="1/h",
            prior=LogNormal(0.02, 0.005, 0.08),
            source="assumed",
            about="lambda_0, hazard without a threshold",
        )
        b_local: float = parameter(
            0.8,
            unit="1",
            prior=Uniform(0.5, 1.6),
            source="assumed; up to 1.3 before a pool bounded what growth can reach",
            about="b_L, weight of the local crowd",
        )
        a_0: float = parameter(
            1e-3,
            unit="1",
            prior=Fixed("not identifiable beside theta"),
            source="convention",
            about="share that is noticed",
            low=SMALLEST,
        )
        size_power: float = parameter(
            0.1, unit="1", prior=Uniform(0, 1), source="assumed: between number and share",
            about="g, 1: the share of a town's adults who are out is noticed, 0: their number", high=1,
        )  # fmt: skip
        size_adults: float = parameter(
            5e4, unit="people", prior=Fixed("not identifiable beside theta"), source="convention",
            about="A_0, adults of a town in which share and number are the same",
        )  # fmt: skip
        pool: float = parameter(
            0.03, unit="1", prior=LogNormal(0.03, 0.008, 0.11), low=SMALLEST,
            source="assumed; part of those who agree who take part in Klandermans & Oegema (1987)",
            about="largest share of adults of a town out at one time at a stake of 1",
        )  # fmt: skip
        rural_pool: float = parameter(
            0.2, unit="1", prior=LogNormal(0.2, 0.05, 0.8), high=1,
            source="assumed: a handful of villages to one from which a square is in reach",
            about="the pool of the countryside against that of a town",
        )  # fmt: skip
        frailty_shape: float = parameter(
            2.0,
            unit="1",
            prior=LogNormal(2, 0.5, 8),
            source="assumed",
            about="k; smaller: more unlike people",
            low=SMALLEST,
        )

    def prepare(self) -> None:
        """Adults by group and place."""
        g = self.w.cells.groups
        self.adults = np.where(g.at_risk, g.size, 0)
        self.at_risk = g.at_risk.astype(float)
        w = self.w
        self.place_adults = np.maximum(w.adults, 1)
        self.towns = int(w.town.max()) + 1
        urban = w.place("urban_share").astype(float)
        self.pool = self.place_adults * self.p.pool * (urban + (1.0 - urban) * self.p.rural_pool)
        town_adults = np.maximum(np.bincount(w.town, w.adults, self.towns), 1)
        self.noticed = town_adults * (self.p.size_adults / town_adults) ** (1.0 - self.p.size_power)

    def step(self, now: Now) -> None:
        """Hazards of this hour, and how steep they are."""
        p, s, place = self.p, self.s, self.w.group_place
        town = self.w.town
        share = np.bincount(town, s.on_street + s.visitors, self.towns) / self.noticed
        s.urge += (p.b_local * np.log1p(share / p.a_0))[town][place]
        phi = 1.0 / (1.0 + np.exp(p.theta - s.urge))
        available = s.hour_factor * np.exp(-s.cost)
        s.join_hazard[:] = self.at_risk * available[place] * np.exp(-s.group_cost) * p.ceiling * phi
        s.pool_left[:] = self._left()
        s.join_hazard *= s.pool_left[place]
        s.join_slope[:] = np.bincount(place, self.adults * s.join_hazard * (1.0 - phi), self.w.places)
        s.local_gain[:] = (p.b_local / (p.a_0 + share) / self.noticed)[town]

    def _left(self) -> np.ndarray:
        """(P,) share of the pool that is left, in the mean of the step, in which it is used up at these hazards."""
        s = self.s
        pool = np.maximum(self.pool * s.stake, SMALLEST)
        used = np.bincount(self.w.group_place, self.adults * s.join_hazard, self.w.places) / pool * self.dt
        mean = np.where(used > SMALLEST, -np.expm1(-used) / np.maximum(used, SMALLEST), 1.0)
        return np.maximum(1.0 - s.on_street / pool, 0.0) * mean
