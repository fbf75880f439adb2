"""Trust: the share of an offer that people believe, from promises kept or broken, deaths, and what is said.

    logit T_g = level + m_p - per_ten * D_p / 10 * (1 + denial * denied) + conflict * conflict_open
                + m_pay_p for those whom an order on pay reaches
    m_p:  + kept      once a promised price is there, or a cap stands
          + reversal  when a price rises above one that was offered        (negative by default)
          + falsehood each time that a falsehood is exposed                (negative by default)
          + blame     with each speech of blame
          + honeymoon when the cabinet or the patron first goes
    m_pay_p: + kept   when pay rises by order
    m and D fade with one half-life of months, so that they last to the horizon of 90 days; what has faded is brought up
    once a day and whenever something happens

D_p is the number of unarmed people killed in the region of p. Bad news weighs more than good by default: trust is more
easily lost than won (Slovic 1993). Blame, honeymoon and the open conflict have no sign built in: whether the blame of
an old guard buys time, or open talk of a conflict costs trust, is disputed. All groups of a place share what they live
through; only an order on pay divides them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import LogNormal, Normal, Uniform
from groundswell.world.demands import OFFICE_KINDS

NOTICED = 1.001  # prices that differ by less are the same price


class Trust(Mechanism):
    """Trust in the government's word, by group."""

    name = "trust"
    reads = (
        "price", "price_high", "promised_price", "offered_price", "capped", "pay_decreed", "offer", "blame",
        "falsehood", "deaths_denied", "conflict_open", "orders_changed",
    )  # fmt: skip
    lags = ("dead", "dead_fighting")
    writes = (
        Variable("trust", ("group",), "1", "share of an offer that is believed", 0.5, keep="day"),
        Variable("trust_mean", ("place",), "1", "trust, mean over the adults of a place", 0.5, keep="hour"),
        Variable("trust_moved", ("place",), "logit", "what promises and words have moved so far, fading"),
        Variable("trust_by_pay", ("place",), "logit", "the same from orders on pay, for those they reach"),
        Variable("deaths_felt", ("place",), "people", "unarmed people killed in the region, fading"),
        Variable("promise_kept", ("place",), "1", "1: a price promise is kept"),
        Variable("pay_kept", ("place",), "1", "1: pay has risen by order"),
        Variable("price_before", ("place",), "money/unit", "price of the hour before"),
        Variable("trust_hour", (), "h", "hour of the last look"),
        Variable("trust_stirred", (), "1", "1: something has moved trust"),
        Variable("falsehoods_known", (), "1", "exposed falsehoods that have been felt"),
        Variable("office_given_up", (), "1", "1: the cabinet or the patron has gone"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of trust."""

        level: float = parameter(
            0.0, unit="logit", prior=Normal(0, 1), source="assumed", about="trust at the start; 0: half is believed"
        )
        kept: float = parameter(
            0.5, unit="logit", prior=LogNormal(0.5, 0.2, 1.2), source="assumed", about="gain by a promise that is kept"
        )
        reversal: float = parameter(
            -0.7, unit="logit", prior=Normal(-0.7, 0.3), source="assumed", about="change by an offer taken back"
        )
        falsehood: float = parameter(
            -0.7, unit="logit", prior=Normal(-0.7, 0.3), source="assumed",
            about="change by an exposed falsehood",
        )  # fmt: skip
        per_ten: float = parameter(
            0.3, unit="logit per 10 dead", prior=LogNormal(0.3, 0.1, 0.9), source="assumed",
            about="loss by unarmed people killed in the region",
        )  # fmt: skip
        denial: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", about="further loss while deaths are denied"
        )
        blame: float = parameter(0.0, unit="logit", prior=Normal(0, 0.5), source="no sign built in", about="per speech")
        honeymoon: float = parameter(
            0.0, unit="logit", prior=Normal(0, 0.5), source="no sign built in",
            about="change when the cabinet or the patron first goes",
        )  # fmt: skip
        conflict: float = parameter(
            0.0, unit="logit", prior=Normal(0, 0.5), source="no sign built in",
            about="change while a conflict among those who rule is openly known",
        )  # fmt: skip
        half_life_months: float = parameter(
            3.0, unit="month", prior=LogNormal(3, 1, 12), source="assumed", about="half-life of what moves trust"
        )

    def prepare(self) -> None:
        """Whom an order on pay reaches, and their share of the adults of a place."""
        w, s = self.w, self.s
        g = w.cells.groups
        public = w.group_work == "public"
        self.of_office = w.demands.met(*OFFICE_KINDS)
        self.paid = np.flatnonzero(g.at_risk & ((g.enterprise >= 0) | public))
        adults = np.maximum(w.adults, 1)
        self.paid_share = np.bincount(g.place[self.paid], g.size[self.paid], w.places) / adults
        self.per_day = round(24 / s.step_h)
        s.price_before[:] = s.price
        start = 1.0 / (1.0 + np.exp(-self.p.level))
        s.trust[:], s.trust_mean[:] = start, start

    def step(self, now: Now) -> None:
        """Take in what was done and said up to this hour."""
        s, p = self.s, self.p
        ordered, deaths = s.orders_changed > 0, bool(s.dead.any())
        if not (ordered or deaths or (s.trust_stirred and now.step % self.per_day == 0)):
            return
        keep = decay(p.half_life_months * MONTH_H, now.hour - float(s.trust_hour))
        s.trust_hour[...] = now.hour
        for memory in (s.trust_moved, s.trust_by_pay, s.deaths_felt):
            memory *= keep
        if ordered:
            self._promises()
            s.trust_moved += self._words()
        if deaths:
            unarmed = (s.dead - s.dead_fighting) / self.w.cells.people_scale
            s.deaths_felt += np.bincount(self.w.region, unarmed)[self.w.region]
        logit = p.level + s.trust_moved + p.conflict * s.conflict_open
        logit -= p.per_ten / 10.0 * (1.0 + p.denial * s.deaths_denied) * s.deaths_felt
        s.trust_stirred[...] = float((logit != p.level).any() or s.trust_by_pay.any())
        s.trust_mean[:] = 1.0 / (1.0 + np.exp(-logit))
        s.trust[:] = s.trust_mean[self.w.group_place]
        if s.trust_by_pay.any():
            paid = 1.0 / (1.0 + np.exp(-logit - s.trust_by_pay))
            s.trust[self.paid] = paid[self.w.group_place[self.paid]]
            s.trust_mean += self.paid_share * (paid - s.trust_mean)

    def _promises(self) -> None:
        """Promises kept and taken back, by place."""
        s, p = self.s, self.p
        there = (s.price <= s.promised_price * NOTICED) & (s.price * NOTICED < s.price_high)  # nan: nothing promised
        there |= s.capped > 0
        s.trust_moved += p.kept * (there & (s.promise_kept == 0))
        np.maximum(s.promise_kept, there, out=s.promise_kept)
        rises = s.price > s.price_before * NOTICED
        if rises.any():
            back = rises & (s.price > s.offered_price * NOTICED) & (s.price_before > 0)
            s.trust_moved += p.reversal * back
            s.promise_kept[back] = 0.0
        s.price_before[:] = s.price
        paid = s.pay_decreed > 0
        s.trust_by_pay += p.kept * (paid & (s.pay_kept == 0))
        s.pay_kept[:] = paid

    def _words(self) -> float:
        """What is said, and who goes, moves everybody alike."""
        s, p = self.s, self.p
        change = p.blame * float(s.blame) + p.falsehood * float(s.falsehood - s.falsehoods_known)
        s.falsehoods_known[...] = s.falsehood
        gone = float((s.offer[:, self.of_office] > 0).any())
        change += p.honeymoon * max(0.0, gone - float(s.office_given_up))
        s.office_given_up[...] = max(gone, float(s.office_given_up))
        return change
