"""Looting of shops, and what those who are well off make of it.

    acts: each unorganised person on the street with hazard  lam_l * goods_q * exp(-k_g F_q / F_0) * poverty_p
    goods_q = goods_index_q * (1 + shop_street * sites of kind shops in q),   poverty_p = median income / income_p
    seen_p += looted shops per 100,000 people that p hears of in its region;  seen halves every memory_h
    well off:  group_cost += b_c * ln(1 + seen / seen_0)

Motivated offender, suitable target, absent guardian: Cohen & Felson (1979); for the London riots of 2011 Davies et al.
(2013). p: where people are from; q: the place of the spot where they stand; F_q: the state's force that holds and obeys
in q's town or is on patrol there, per resident; F_0: one per 1,000 residents. Nobody loots on the way. The number of
people is a keyed binomial draw over those who are unorganised, so never more than there are; `people_per_shop` of them
make a looted shop. Looting is an act of its own: fires in public offices are counted in `sites`. Who is well off (in a
place whose income is above `well_off` times the median of the country, and not without work) dissociates from protest
once shops are looted; what is seen is carried by word of mouth within the region. Organised people keep out of it as
long as they keep their discipline (see `fighting`); the unorganised share is taken to be the same on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.street.demands import organisation
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose
from groundswell.world.geography import word_of_mouth

LOOTED = purpose("looting: shops")  # shops that they loot
LOOTING = purpose("looting: people")  # people who loot


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """Smallest value that at least half of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def hazard_of_looting(
    goods: np.ndarray, force_share: np.ndarray, poverty: np.ndarray, rate: float, guardians: float
) -> np.ndarray:
    """Hazard of an unorganised person per hour; force_share: force per resident over F_0."""
    return rate * goods * np.exp(-guardians * force_share) * poverty


class Looting(Mechanism):
    """Looted shops and the reaction to them."""

    name = "looting"
    reads = ("stand", "target", "crowd", "force", "patrol")
    lags = ("on_street", "on_street_group", "fighting", "discipline")
    writes = (
        Variable("looted", ("place",), "shops/h", "shops looted", keep="hour", dtype=int),
        Variable("looted_people", ("place",), "people/h", "people who loot", keep="hour", dtype=int),
        Variable("looting_seen", ("place",), "shops per 100,000", "looting in the region that people heard of, fading"),
    )
    adds = ("group_cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of looting."""

        rate: float = parameter(
            0.01, unit="1/h", prior=LogNormal(0.01, 0.001, 0.1), source="assumed",
            about="lam_l, hazard of an unorganised person without police, at goods 1 and median income",
        )  # fmt: skip
        guardians: float = parameter(
            2.0, unit="1", prior=Uniform(0.5, 4), source="assumed", about="k_g, effect of one of the force per F_0"
        )
        one_per: float = parameter(
            1000.0, unit="people", prior=Fixed("scale of k_g"), source="convention", about="residents per F_0"
        )
        shop_street: float = parameter(
            1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="goods of a shopping street against a place's"
        )
        people_per_shop: float = parameter(
            20.0, unit="people", prior=LogNormal(20, 5, 80), source="assumed", about="people who make a looted shop",
            low=1,
        )  # fmt: skip
        well_off: float = parameter(
            1.0, unit="1", prior=Uniform(0.8, 1.5), source="assumed", about="income over the median, to be well off"
        )
        cost: float = parameter(
            0.5, unit="log-hazard", prior=Uniform(0, 1), source="assumed", about="b_c, dissociation of the well-off"
        )
        seen_0: float = parameter(
            1.0, unit="shops per 100,000", prior=Fixed("not identifiable beside b_c"), source="convention",
            about="looting that is noticed", low=1e-9,
        )  # fmt: skip
        reach_km: float = parameter(
            50.0, unit="km", prior=LogNormal(50, 10, 200), source="assumed", about="d_0 of word of mouth, see news"
        )
        decay_exponent: float = parameter(
            2.0, unit="1", prior=Uniform(1, 3), source="assumed", about="eta of word of mouth, see news"
        )
        memory_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed", about="half-life of looting seen"
        )

    def prepare(self) -> None:
        """Goods, poverty, residents by town, who is well off, and of whom a place hears in its region."""
        w, p = self.w, self.p
        income, spots = w.place("income_month").astype(float), w.spots
        shops = np.bincount(spots.place[spots.kind == "shops"], minlength=w.places)
        self.goods = w.place("goods_index").astype(float) * (1.0 + p.shop_street * shops)
        median = weighted_median(income, w.people)
        self.poverty = np.divide(median, income, out=np.ones(w.places), where=income > 0)
        self.spot_place, self.spot_town = spots.place, w.town[spots.place]
        self.town_people = np.maximum(np.bincount(w.town, w.people), 1)
        kernel = word_of_mouth(w.distance_km, w.people, p.reach_km, p.decay_exponent)
        kernel *= w.region[:, None] == w.region[None, :]
        self.kernel = kernel / kernel.sum(axis=1, keepdims=True) * (1e5 / np.maximum(w.people, 1))[None, :]
        self.organised = np.minimum(organisation(w), 1.0)
        g = w.cells.groups
        works = w.group_work != "jobless"
        self.well_off = (g.at_risk & works & (income > p.well_off * median)[g.place]).astype(float)
        self.fade = decay(p.memory_h, self.dt)

    def step(self, now: Now) -> None:
        """Looting of this hour, and the reaction to what has been seen."""
        s, p = self.s, self.p
        s.looted.fill(0)
        s.looted_people.fill(0)
        if np.count_nonzero(s.on_street):
            self._loot(now)
        s.looting_seen *= self.fade
        if np.count_nonzero(s.looted):
            s.looting_seen += self.kernel @ s.looted
        if np.count_nonzero(s.looting_seen):
            noticed = np.log1p(s.looting_seen / p.seen_0)[self.w.group_place] * self.well_off
            s.group_cost += p.cost * noticed

    def _loot(self, now: Now) -> None:
        """People who loot this hour, by the place where they do."""
        s, p = self.s, self.p
        places = np.flatnonzero(s.on_street)
        groups = np.flatnonzero(s.on_street_group)
        home = self.w.group_place[groups]
        free = s.on_street_group[groups] * (1.0 - self.organised[groups] * s.discipline[home])
        free = np.bincount(home, free, self.w.places)[places]
        share = np.minimum(free / s.on_street[places], 1.0)
        people = np.stack([s.on_street[places] - s.fighting[places], s.fighting[places]], axis=1)
        spot = s.stand[places]
        stands = (s.target[places] < 0) & (s.crowd[spot, [0, 1]] > 0)
        people = np.where(stands, people * share[:, None], 0.0).astype(np.int64)
        if not np.count_nonzero(people):
            return
        from groundswell.engine.random import binomial

        there, town = self.spot_place[spot], self.spot_town[spot]
        guarded = np.bincount(self.spot_town, s.force + s.patrol, len(self.town_people))
        present = guarded[town] / self.town_people[town] * p.one_per
        hazard = hazard_of_looting(self.goods[there], present, self.poverty[places][:, None], p.rate, p.guardians)
        key = 2 * places[:, None] + np.arange(2)
        n = binomial(self.seed, LOOTING, key, now.step, people, -np.expm1(-hazard * self.dt))
        if np.count_nonzero(n):
            np.add.at(s.looted_people, there, n)
            where = np.flatnonzero(s.looted_people)
            s.looted[where] = binomial(
                self.seed, LOOTED, where, now.step, s.looted_people[where], 1.0 / p.people_per_shop
            )
