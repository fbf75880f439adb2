"""Recorded measures at their recorded hours (scripted government): prices, offers, emergency, jamming, postures.

    price_p(t)    = recorded price of the spark item; steps scaled: p0 * (p/p0)**price_step_scale
    offer_pk(t)   = share of the gap between grievance and demand k that the offers standing at t close
    price offers:   (p_high - offer) / (p_high - p_demanded), a promise times the chance that it is believed

A measure is what somebody ordered, not what came of it: a posture is an order to the police of a place, a cut an order
to networks; of two orders to the police the later holds. Cuts of prices and promises hold until another price comes:
the recorded end of such a moment says how exactly it is known. Which version of a contradictory time is used stands
in the case (`used`) and can be changed.
Texts: demanded price 50 against 85-90 offered and 50-60 before the step (001:11, 001:17).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, Uniform
from groundswell.engine.rates import DEMANDS
from groundswell.world.world import Measure, World

POSTURES = ("watch", "cordon", "batons", "gas", "rubber", "live")
_PRICE, _PAY, _CABINET, _PATRON = (DEMANDS.index(k) for k in ("price", "pay", "cabinet", "patron"))


class Measures(Mechanism):
    """What the government orders, hour by hour, from the record."""

    name = "measures"
    writes = (
        Variable("price", ("place",), "money/unit", "price of the item whose step is the spark", keep="hour"),
        Variable("offer", ("place", "demand"), "1", "share of a demand met by standing offers"),
        Variable("emergency", ("place",), "1", "state of emergency"),
        Variable("curfew", ("place",), "1", "curfew decreed"),
        Variable("reach", ("place",), "1", "share of mobile traffic that passes", 1.0, keep="hour"),
        Variable("cut", ("place",), "1", "1: networks are cut", keep="hour"),
        Variable("posture", ("place",), "1", "ordered posture, 0..5: watch to live fire", keep="hour"),
        Variable("price_high", ("place",), "money/unit", "highest price since the start"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the scripted measures."""

        price_step_scale: float = parameter(
            1.0, unit="1", prior=Fixed("1 is the record, 0 no step"), source="counterfactual switch",
            about="size of price changes during the case, in logs, relative to the record",
        )  # fmt: skip
        demanded_ratio: float = parameter(
            0.833, unit="1", prior=Uniform(0.7, 1.0), state="derived", about="demanded price over the price before",
            source="texts: 50 demanded, 60 before (001:17; Tengrinews)",
        )  # fmt: skip
        belief_in_promise: float = parameter(
            0.6, unit="1", prior=Uniform(0.2, 1.0), source="assumed", about="chance given to a promised price"
        )
        emergency_posture: float = parameter(
            1.0, unit="1", prior=Fixed("order"), source="assumed: an emergency puts the police on cordons",
            about="posture that an emergency orders until another order", low=0, high=5,
        )  # fmt: skip
        jam_reach: float = parameter(
            0.2,
            unit="1",
            prior=Uniform(0, 0.5),
            source="assumed",
            about="traffic left by jamming without a recorded figure",
        )
        cut_reach: float = parameter(
            0.05, unit="1", prior=Uniform(0, 0.2), state="estimated", about="traffic left by a cut without a figure",
            source="texts 003:13: 95 percent of the population without internet",
        )  # fmt: skip

    def prepare(self) -> None:
        """Collect the price path of the spark item and set the prices of the first hour."""
        items = self.w.case.tables["items"]
        spark = [r.item for r in items.rows if r.spark_item]
        dated = self.w.path("prices", "price", spark[0]) if spark else []
        self.before = np.full(self.w.places, np.nan)
        for hour, places, price in dated:  # the last before the start, else the first there is
            self.before[places if hour < 0 else places & np.isnan(self.before)] = price
        self.before = np.nan_to_num(self.before)
        self.path = [(hour, self._told_once(hour, places, price), price) for hour, places, price in dated]
        self.s.price[:] = self.before
        self.s.price_high[:] = self.before
        self._key: tuple[bool, ...] | None = None

    def _told_once(self, hour: float, places: np.ndarray, price: float) -> np.ndarray:
        """Places where a dated price stands for itself: a step that is recorded as a measure too is the measure's."""
        if hour < 0:
            return places
        told = np.zeros_like(places)
        for m in World(self.w.case, self.w.cells).measures:  # as recorded, whatever a run changes
            if m.kind in ("price_step", "price_cut", "price_cap") and m.value == price and abs(m.start_h - hour) < 24.0:
                told |= m.places
        return places & ~told

    def _recorded(self, hour: float) -> np.ndarray:
        """(P,) recorded price at an hour: dated prices and measures on prices by time, then caps that stand."""
        price = self.before.copy()
        ordered = [m for m in self.w.measures if m.kind in ("price_step", "price_cut") and not np.isnan(m.value)]
        steps = [(m.start_h, m.places, m.value, m.kind == "price_cut") for m in ordered]
        dated = [(*row, False) for row in self.path]
        for since, places, value, cut in sorted(dated + steps, key=lambda x: x[0]):
            if since <= hour:  # a cut never raises a price
                price[places] = np.minimum(price[places], value) if cut else value
        for m in self.w.measures:
            if m.covers(hour) and m.kind == "price_cap" and "month" not in m.unit and not np.isnan(m.value):
                price[m.places] = np.minimum(price[m.places], m.value)
        return price

    def step(self, now: Now) -> None:
        """Bring everything ordered up to this hour; nothing to do while no measure begins or ends."""
        key = tuple(m.covers(now.hour) for m in self.w.measures) + tuple(h <= now.hour for h, _, _ in self.path)
        if key == self._key:
            return
        self._key = key
        s, p = self.s, self.p
        ratio = np.divide(self._recorded(now.hour), self.before, out=np.ones(self.w.places), where=self.before > 0)
        s.price[:] = self.before * ratio**p.price_step_scale
        np.maximum(s.price_high, s.price, out=s.price_high)
        standing = [m for m in self.w.measures if m.covers(now.hour)]
        for flag in ("emergency", "curfew"):
            value = getattr(s, flag)
            value[:] = 0.0
            for m in standing:
                if m.kind == flag:
                    value[m.places] = 1.0
        self._networks(standing)
        s.posture[:] = 0.0
        for m in standing:  # by time of the order: the latest that stands holds
            if m.kind == "emergency":
                s.posture[m.places] = p.emergency_posture
            elif m.kind == "shoot_order":
                s.posture[m.places] = POSTURES.index("live")
            elif m.kind.startswith("posture_"):
                s.posture[m.places] = POSTURES.index(m.kind.removeprefix("posture_"))
        self._offers(now.hour)

    def _networks(self, standing: list[Measure]) -> None:
        """Reach left by jamming and cuts, as recorded or as assumed; a window gives it back."""
        s, p = self.s, self.p
        s.reach[:] = 1.0
        s.cut[:] = 0.0
        for kind, left in (("jamming", p.jam_reach), ("network_cut", p.cut_reach)):
            for m in standing:
                if m.kind == kind:
                    s.reach[m.places] = np.minimum(s.reach[m.places], left if np.isnan(m.value) else m.value)
                    s.cut[m.places] = np.maximum(s.cut[m.places], kind == "network_cut")
        for m in standing:
            if m.kind == "network_window":
                s.reach[m.places] = 1.0 if np.isnan(m.value) else m.value
                s.cut[m.places] = 0.0

    def _offers(self, hour: float) -> None:
        s, p = self.s, self.p
        demanded = p.demanded_ratio * self.before
        gap = s.price_high - demanded

        def closed(price: np.ndarray | float) -> np.ndarray:
            share = np.divide(s.price_high - price, gap, out=np.zeros(self.w.places), where=gap > 0)
            return np.clip(share, 0.0, 1.0)

        s.offer[:, _PRICE] = np.where(s.price_high > self.before * 1.001, closed(s.price), 0.0)
        for m in self.w.measures:
            if m.start_h > hour:
                continue
            if m.kind == "price_promise" and not np.isnan(m.value):
                promised = p.belief_in_promise * closed(m.value) * (s.price_high > self.before * 1.001)
                s.offer[:, _PRICE] = np.where(m.places, np.maximum(s.offer[:, _PRICE], promised), s.offer[:, _PRICE])
            elif m.kind == "cabinet_dismissed":
                s.offer[m.places, _CABINET] = 1.0
            elif m.kind == "patron_removed":
                s.offer[m.places, _PATRON] = 1.0
