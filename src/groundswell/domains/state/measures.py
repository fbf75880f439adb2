"""Measures ordered: prices, offers, emergency, networks, postures, and orders to forces, offices and the word.

    price_p(t)    = recorded price of the item at issue; steps scaled: p0 * (p/p0)**price_step_scale
    offer_pk(t)   = share of the gap between grievance and demand k that the offers standing at t close
    price offers:   (p_high - offer) / (p_high - p_demanded), a promise times the chance that it is believed
    pay offers:     rise / rise demanded * share of working people whom an order on pay reaches

A measure comes from the record at its recorded hour (`world.measures`), or is a rung of the government's ladder that
was taken (`rung_place`); here they are one list. A measure is what somebody ordered, not what came of it: a posture is
an order to the police of a place, a cut an order to networks, `retake` an order to regain sites; of two orders to the
police the later holds. An order to shoot is no posture: it holds where people fight, see `engagement`. Cuts of prices,
promises, pay and dismissals stay done: the recorded end of such a moment says how exactly it is known. Which version of
a contradictory time is used stands in the case (`used`) and can be changed. An emergency puts the police on cordons at
least. An appeal for the whole country is one to allies; one for a part of it is a word to the people there. A conflict
among those who rule is open once the patron is out or the head of security is held, unless it is denied. The patron is
out by the record, by the ladder or by the president's choice. Cuts, promises and caps of prices and rises of pay lapse
once the state has no means left to pay for them (`treasury`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.state.measure_kinds import MEASURE_KINDS
from groundswell.domains.state.standing import Standing
from groundswell.domains.street.prices import PricePath, caps, closed
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, Uniform
from groundswell.world.demands import PAY_KINDS, PRICE_KINDS
from groundswell.world.world import AT_WORK, Measure

POSTURES = ("watch", "cordon", "batons", "gas", "rubber", "live")
_IN_PLACES = {"emergency": "emergency", "curfew": "curfew", "retake": "retake", "stand_by": "stand_by_order",
              "shoot_order": "shoot", "mass_arrests": "mass_arrests_scope", "price_cap": "capped"}  # fmt: skip
_NATIONAL = {"purge": "purge", "head_arrested": "head_arrested", "deaths_denied": "deaths_denied",
             "patron_removed": "patron_out"}  # fmt: skip
_PAID_FOR = (*PRICE_KINDS, *PAY_KINDS)


class Measures(Mechanism):
    """What the government orders, hour by hour: by the record, or by its ladder."""

    name = "measures"
    measures = MEASURE_KINDS
    reads = ("rung_place", "rung_changes", "patron_removed")
    lags = ("means_gone",)
    writes = (
        Variable("price", ("place",), "money/unit", "price of the item at issue", keep="hour"),
        Variable("issue_raised", ("place", "issue"), "1", "1: a measure that raises the issue begins this hour"),
        Variable("offer", ("place", "demand"), "1", "share of a demand met by standing offers", keep="hour"),
        Variable("emergency", ("place",), "1", "state of emergency"),
        Variable("curfew", ("place",), "1", "curfew decreed"),
        Variable("reach", ("place",), "1", "share of mobile traffic that passes", 1.0, keep="hour"),
        Variable("cut", ("place",), "1", "1: networks are cut", keep="hour"),
        Variable("posture", ("place",), "1", "ordered posture, 0..5: watch to live fire", keep="hour"),
        Variable("price_high", ("place",), "money/unit", "highest price since the start"),
        Variable("promised_price", ("place",), "money/unit", "lowest price promised so far, nan: none", np.nan),
        Variable("offered_price", ("place",), "money/unit", "lowest price promised or set so far, nan: none", np.nan),
        Variable("capped", ("place",), "1", "1: a cap on the price stands"),
        Variable("pay_decreed", ("place",), "1", "rise of pay by order, as a share of pay"),
        Variable("pay_met", ("place",), "1", "rise of pay by order over the rise demanded"),
        Variable("retake", ("place",), "1", "1: order to regain lost sites"),
        Variable("redeploy_people", ("place",), "people", "people of the force ordered to come"),
        Variable("stand_by_order", ("place",), "1", "1: order to units to stand by", keep="hour"),
        Variable("detain_share", ("place",), "1", "share of known organisers to be detained"),
        Variable("mass_arrests_scope", ("place",), "1", "1: mass arrests are ordered here"),
        Variable("shoot", ("place",), "1", "1: order to shoot"),
        Variable("purge", (), "1", "1: posts were purged"),
        Variable("head_arrested", (), "1", "1: the head of the security organ is held"),
        Variable("appeal", (), "1", "1: allies were asked"),
        Variable("patron_out", (), "1", "1: the patron was removed"),
        Variable("blame", (), "1", "1: a speech of blame begins this hour"),
        Variable("falsehood", (), "1", "falsehoods exposed so far"),
        Variable("deaths_denied", (), "1", "1: deaths are denied"),
        Variable("conflict_open", (), "1", "1: a conflict among those who rule is openly known"),
        Variable("currency_usd", (), "USD", "spent on the currency this hour"),
        Variable("lapsed", (), "1", "1: concessions that cost money have lapsed", keep="hour"),
        Variable("orders_changed", (), "1", "1: a measure begins or ends this hour"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of measures."""

        price_step_scale: float = parameter(
            1.0, unit="1", prior=Fixed("1 is the record, 0 no step"), source="counterfactual switch",
            about="size of price changes during the case, in logs, relative to the record",
        )  # fmt: skip
        demanded_ratio: float = parameter(
            0.833, unit="1", prior=Uniform(0.7, 1.0), source="assumed", about="demanded price over the price before"
        )
        belief_in_promise: float = parameter(
            0.6, unit="1", prior=Uniform(0.2, 1.0), source="assumed", about="chance given to a promised price"
        )
        demanded_rise: float = parameter(
            1.0, unit="1", prior=Uniform(0.5, 1.5), source="assumed", low=SMALLEST,
            about="rise of pay demanded, as a share of pay",
        )  # fmt: skip
        emergency_posture: float = parameter(
            1.0, unit="1", prior=Fixed("order"), source="assumed: an emergency puts the police on cordons",
            about="least posture that an emergency orders", low=0, high=5,
        )  # fmt: skip
        jam_reach: float = parameter(
            0.2,
            unit="1",
            prior=Uniform(0, 0.5),
            source="assumed",
            about="traffic left by jamming without a recorded figure",
        )
        cut_reach: float = parameter(
            0.05, unit="1", prior=Uniform(0, 0.2), source="assumed", about="traffic left by a cut without a figure"
        )

    def prepare(self) -> None:
        """Collect the price path of the item at issue and set the prices of the first hour."""
        w = self.w
        self.path = PricePath(w)
        self.before = self.path.before
        self.s.price[:] = self.before
        self.s.price_high[:] = self.before
        self.standing = Standing(w, self.s, self.dt, self.path.hours)
        g = w.cells.groups
        works = np.where(g.at_risk & np.isin(w.group_work, AT_WORK), g.size, 0)
        paid = np.where((g.enterprise >= 0) | (w.group_work == "public"), works, 0)
        self.reached = np.bincount(g.place, paid, w.places) / np.maximum(np.bincount(g.place, works, w.places), 1)

    def step(self, now: Now) -> None:
        """Bring everything ordered up to this hour; nothing to do while no measure begins or ends."""
        s, p = self.s, self.p
        removed = s.patron_removed > s.patron_out  # the president's side may remove the patron of its own choice
        renewed = self.standing.renew(now.hour)
        lapses = s.means_gone > s.lapsed
        s.lapsed[...] = s.means_gone
        s.orders_changed[...] = float(self.standing.crossed(now.hour) or removed or lapses)
        if not (renewed or removed or lapses):
            return
        standing = self.standing.at(now.hour)
        if s.lapsed:
            standing = [m for m in standing if m.kind not in _PAID_FOR]
        ratio = np.divide(
            self.path.at(now.hour, standing), self.before, out=np.ones(self.w.places), where=self.before > 0
        )
        s.price[:] = self.before * ratio**p.price_step_scale
        np.maximum(s.price_high, s.price, out=s.price_high)
        for kind, name in _IN_PLACES.items():
            value = getattr(s, name)
            value[:] = 0.0
            for m in caps(standing) if kind == "price_cap" else standing:
                if m.kind == kind:
                    value[m.places] = 1.0
        self._networks(standing)
        s.posture[:] = 0.0
        for m in standing:  # by time of the order: the latest that stands holds
            if m.kind == "emergency":  # it withdraws no harder order
                s.posture[m.places] = np.maximum(s.posture[m.places], p.emergency_posture)
            elif m.kind.startswith("posture_"):
                s.posture[m.places] = POSTURES.index(m.kind.removeprefix("posture_"))
        self._to_forces(standing)
        self._to_the_nation(standing, now.hour)
        self._offers(standing)

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

    def _to_forces(self, standing: list[Measure]) -> None:
        """Numbers ordered: people of the force to a scope, by the size of its places; share of organisers."""
        s, scale = self.s, self.w.cells.people_scale
        s.redeploy_people[:] = 0.0
        s.detain_share[:] = 0.0
        for m in standing:
            if m.kind == "redeploy":
                people = self.w.people * m.places
                s.redeploy_people += m.value * scale * people / max(people.sum(), 1)
            elif m.kind == "detain_organisers":
                s.detain_share[m.places] = np.maximum(s.detain_share[m.places], m.value)

    def _to_the_nation(self, standing: list[Measure], hour: float) -> None:
        """What is said and done once for the whole country."""
        s = self.s
        kinds = {m.kind for m in standing}
        for kind, name in _NATIONAL.items():
            getattr(s, name)[...] = float(kind in kinds)
        s.patron_out[...] = max(float(s.patron_out), float(s.patron_removed))
        s.appeal[...] = float(any(m.kind == "appeal" and m.places.all() for m in standing))
        known = bool(s.patron_out or s.head_arrested) and "conflict_denied" not in kinds
        s.conflict_open[...] = float(known)
        begun = self.standing.beginning(hour)
        s.blame[...] = float(any(m.kind == "blame_speech" for m in begun))
        s.falsehood += float(sum(m.kind == "false_confession" for m in begun))
        s.issue_raised[:] = 0.0
        for m in begun:
            s.issue_raised[np.outer(m.places, self.w.issues.raised(m.id, m.kind))] = 1.0
        s.currency_usd[...] = self.standing.spending("currency_defence", hour)

    def _offers(self, standing: list[Measure]) -> None:
        s, p = self.s, self.p
        demanded = p.demanded_ratio * self.before
        raised = s.price_high > self.before * 1.001
        s.offer[:] = 0.0
        price = np.where(raised, closed(s.price_high, s.price, demanded), 0.0)
        s.pay_decreed[:] = 0.0
        for m in standing:
            if m.kind == "price_promise" and not np.isnan(m.value):
                promised = p.belief_in_promise * closed(s.price_high, m.value, demanded) * raised
                price = np.where(m.places, np.maximum(price, promised), price)
                s.promised_price[m.places] = np.fmin(s.promised_price[m.places], m.value)
                s.offered_price[m.places] = np.fmin(s.offered_price[m.places], m.value)
            elif m.kind in ("price_cut", "price_cap"):
                s.offered_price[m.places] = np.fmin(s.offered_price[m.places], s.price[m.places])
            elif m.kind == "pay_rise":
                s.pay_decreed[m.places] = np.maximum(s.pay_decreed[m.places], m.value)
            named = (m.id,) if m.kind in (*PRICE_KINDS, *PAY_KINDS) else (m.id, m.kind)
            met = np.outer(m.places, self.w.demands.met(*named))
            s.offer[met] = np.maximum(s.offer[met], m.value if m.unit == "share" and not np.isnan(m.value) else 1.0)
        if s.patron_out:
            s.offer[:, self.w.demands.met("patron_removed")] = 1.0
        s.pay_met[:] = np.minimum(s.pay_decreed / p.demanded_rise, 1.0)
        for demand in np.flatnonzero(self.w.demands.met(*PAY_KINDS)):
            s.offer[:, demand] = s.pay_met * self.reached
        for demand in np.flatnonzero(self.w.demands.met(*PRICE_KINDS)):
            s.offer[:, demand] = np.maximum(s.offer[:, demand], price)
