"""The market of the item at issue: a dearer neighbour draws it over the border, and what is left may not meet demand.

    price abroad   P_a = at_par * mean P_0 * prod (1 + rise_i) * prod (1 - lost_j * 2**(-age / repair))**(-1 / e_a)
                   i: demand and currency,   j: losses of supply,   lost_j = 1 - (1 + rise_j)**-e_a
    demand         D_p = (1 + risen at home) * (P_p / P_0p)**-elasticity_home
    supply         S_p = (1 + exports * export_cut) * (1 - leak_p)
    leak           leak_p = 1 - min(1, P_p / P_a)**r_p,   r_p = leak_rate * exp(-km to the border / reach) * (1 - seal)
    shortage       short_p = max(0, 1 - S_p / D_p)
    clearing price C_p: that at which D_p = S_p;   P_1 = P_0p * (risen / sent)**(1 / elasticity_home) without a leak
                   where P_1 < P_a:  ln C_p = (ln(risen / sent) + elasticity_home ln P_0p + r_p ln P_a)
                                              / (elasticity_home + r_p)

All amounts are relative: 1 is what the users of a place take at P_0p, the first dated price of the case, at which
supply and demand were in balance at home. `sent` = 1 + exports * export_cut is what producers send to every place, and
gas is not moved on from there; `risen` = 1 + risen at home. P_p is the price at home: before the start the last dated
one, during a run `price`; general inflation is left out. Events are rows of `market.csv`, each a share that grows
evenly from one date to another: those abroad by how much they raise the price there, since that is what is told, the
one at home by how much it raises demand. A loss of supply is repaired with a half-life; how much it was follows from
the price and the elasticity abroad, so that the price of the row holds at any elasticity. Output answers no price here,
as that of a by-product. The market is at rest at any hour: it has no stocks and no memory, so that the eve of the case
(`_eve`) needs no years before it, only the events dated there. That what stays falls with a power of the ratio of
prices keeps the leak below all there is and gives the clearing price in closed form.

Who pays a shortage in queues or on a black market, and that the state weighs its budget, is not in the model. Nobody
reads what is written here: the shortage is the ground of a step that the case has as a recorded measure, and the step
acts through `hardship` and `spark`. Without rows in `market.csv`: no market.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.street.prices import PricePath
from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal
from groundswell.world.market import KINDS

LOST_ABROAD, RISEN_ABROAD, CURRENCY, RISEN_HOME = range(len(KINDS))


def grown(share: np.ndarray, from_h: np.ndarray, full_h: np.ndarray, hour: float) -> np.ndarray:
    """Part of each event's share that is there at an hour: evenly from `from_h` to `full_h`, then all of it."""
    length = full_h - from_h
    part = np.divide(hour - from_h, length, out=np.where(hour >= full_h, 1.0, 0.0), where=length > 0)
    return share * np.clip(part, 0.0, 1.0)


def clearing(
    old: np.ndarray, risen: float, sent: float, rate: np.ndarray, abroad: float, elasticity: float
) -> np.ndarray:
    """(P,) price at which demand of a place equals what is left of its supply."""
    tight = np.log(risen / sent)
    alone = np.log(old) + tight / elasticity
    drawn = (tight + elasticity * np.log(old) + rate * np.log(abroad)) / (elasticity + rate)
    return np.exp(np.where(alone < np.log(abroad), drawn, alone))


class FuelMarket(Mechanism):
    """Price abroad, leakage, shortage and the price that would clear, by place."""

    name = "fuel_market"
    reads = ("price", "orders_changed")
    writes = (
        Variable("fuel_short", ("place",), "1", "share of the item at issue's demand that cannot be met", keep="hour"),
        Variable(
            "clearing_price", ("place",), "money/unit", "price at which the item's supply meets demand; nan: no market",
            np.nan, keep="hour",
        ),
        Variable("fuel_short_eve", ("place",), "1", "shortage of the item just before the start", keep="hour"),
        Variable(
            "clearing_price_eve", ("place",), "money/unit", "clearing price just before the start; nan: no market",
            np.nan, keep="hour",
        ),
        Variable("fuel_leak", ("place",), "1", "share of the item's supply that goes over the border", keep="day"),
        Variable(
            "price_abroad", (), "money/unit", "price of the item abroad; nan: no market", np.nan, keep="day"
        ),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the market of the item at issue."""

        at_par: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.7, 1.5), source="assumed", low=SMALLEST,
            about="price abroad over that at home when the market at home was in balance",
        )  # fmt: skip
        elasticity_abroad: float = parameter(
            0.3, unit="1", prior=LogNormal(0.3, 0.1, 0.6), source="assumed", low=SMALLEST,
            about="elasticity of demand abroad, above 0: how large a loss of supply a price stands for",
        )  # fmt: skip
        elasticity_home: float = parameter(
            0.3, unit="1", prior=LogNormal(0.3, 0.1, 0.6), source="assumed", low=SMALLEST,
            about="elasticity of demand at home, above 0",
        )  # fmt: skip
        repair_months: float = parameter(
            3.0, unit="month", prior=LogNormal(3, 1, 12), source="assumed",
            about="half-life of a loss of supply abroad",
        )  # fmt: skip
        leak_rate: float = parameter(
            0.5, unit="1", prior=LogNormal(0.5, 0.1, 2), source="assumed",
            about="elasticity of what stays at home, at the border, to the price at home over that abroad",
        )  # fmt: skip
        reach_km: float = parameter(
            100.0, unit="km", prior=LogNormal(100, 30, 300), source="assumed",
            about="distance over which leaking falls to 1/e",
        )  # fmt: skip
        exports: float = parameter(
            0.5, unit="1", prior=LogNormal(0.5, 0.2, 1.5), source="assumed",
            about="committed exports over use at home in balance",
        )  # fmt: skip
        export_cut: float = parameter(
            0.0, unit="1", prior=Fixed("0 is the record: exports were not cut"), source="counterfactual switch",
            about="share of the committed exports that is sold at home instead", low=0, high=1,
        )  # fmt: skip
        seal: float = parameter(
            0.0, unit="1", prior=Fixed("0 is the record: an open border"), source="counterfactual switch",
            about="how far the border is closed to the item", low=0, high=1,
        )  # fmt: skip

    def prepare(self) -> None:
        """What stays the same, and the market on the eve of the case."""
        w, p = self.w, self.p
        self.market = m = w.market
        self.there = bool(len(m.id)) and not np.isnan(m.old_price).any()
        if not self.there:
            return
        self.per_day = round(24 / self.s.step_h)
        self.before = PricePath(w).before
        self.rate = p.leak_rate * np.exp(-m.border_km / p.reach_km) * (1.0 - p.seal)
        self.sent = 1.0 + p.exports * p.export_cut
        users = m.users if m.users.any() else np.ones(w.places)
        self.par = p.at_par * float(np.average(m.old_price, weights=users))
        short, clears, _, _ = self._at(0.0, self.before)
        self.s.fuel_short_eve[:] = short
        self.s.clearing_price_eve[:] = clears

    def step(self, now: Now) -> None:
        """The market of the day, and of the hour in which a price may be freed or capped."""
        s = self.s
        if not self.there or (now.step % self.per_day and not s.orders_changed):
            return
        price = np.where(s.price > 0, s.price, self.before)  # no measures: the price before the start
        s.fuel_short[:], s.clearing_price[:], s.fuel_leak[:], s.price_abroad[...] = self._at(now.hour, price)

    def _at(self, hour: float, price: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """(P,) shortage, clearing price and leak, and the price abroad, at an hour and a price at home."""
        m, p = self.market, self.p
        share = grown(m.share, m.from_h, m.full_h, hour)
        lost = 1.0 - (1.0 + share[m.kind == LOST_ABROAD]) ** -p.elasticity_abroad
        age_h = np.maximum(hour - m.full_h[m.kind == LOST_ABROAD], 0.0)
        left = 1.0 - lost * np.exp2(-age_h / (p.repair_months * MONTH_H))
        abroad = self.par * float(np.prod(left) ** (-1.0 / p.elasticity_abroad))
        abroad *= float(np.prod(1.0 + share[(m.kind == RISEN_ABROAD) | (m.kind == CURRENCY)]))
        risen = float(np.prod(1.0 + share[m.kind == RISEN_HOME]))
        leak = -np.expm1(self.rate * np.minimum(np.log(price / abroad), 0.0))
        wanted = risen * (price / m.old_price) ** -p.elasticity_home
        short = np.maximum(0.0, 1.0 - self.sent * (1.0 - leak) / wanted)
        clears = clearing(m.old_price, risen, self.sent, self.rate, abroad, p.elasticity_home)
        return short, clears, leak, abroad
