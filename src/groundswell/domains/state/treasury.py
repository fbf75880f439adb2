"""The treasury: what concessions, pay, the currency, the forces' alarm duty and cut networks cost, by head.

    price     paid_share * sum_p (p_high - p)_p * litres * d_p / mean d * people_p                    subsidy, per day
    pay       sum_p rise_p * wage bill of public workers_p                                             per month
    currency  what is spent on the exchange rate
    forces    sum over units of overtime * people * mean wage of the region, where they are on alarm   per month
              and the rungs of the ladder that no other line prices
    network   revenue_share * loss_share * sum_p cut_p * product per head_p * people_p                 per day

p_high - p is how far a price is held under the highest of the run, d the share of people who depend on the item; money
of the country is turned into USD at a fixed rate. A rise of pay outside public work is paid by employers. Allied
contingents cost this treasury nothing. Where the world has another scale of people, the sums are those of the whole
country. Once as much is spent as the state has (`means_usd`; no limit by default), concessions lapse (`measures`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, YEAR_DAYS, Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.rates import HEADS

PRICE, PAY, CURRENCY, FORCES, NETWORK = range(len(HEADS))


class Treasury(Mechanism):
    """What the crisis costs the state, by head."""

    name = "treasury"
    reads = ("price", "price_high", "pay_decreed", "currency_usd", "emergency", "posture", "cut", "rung_usd")
    writes = (
        Variable("spent_usd", ("head",), "USD", "spent since the start", keep="hour"),
        Variable("network_cut_h", (), "h", "hours of cut networks per inhabitant since the start", keep="hour"),
        Variable("means_gone", (), "1", "1: as much is spent as the state has"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the treasury."""

        local_per_usd: float = parameter(
            unit="money/USD", prior=Fixed("a published figure"), source="the case", about="rate of exchange",
            low=SMALLEST, required=True,
        )  # fmt: skip
        litres_day: float = parameter(
            unit="unit/person-day", prior=Fixed("a published figure"), source="the case", low=0, required=True,
            about="use of the item at issue, mean of all inhabitants",
        )  # fmt: skip
        paid_share: float = parameter(
            1.0, unit="1", prior=Uniform(0, 1), source="assumed: the treasury bears the whole",
            about="share of a held price that the treasury makes good", high=1,
        )  # fmt: skip
        overtime: float = parameter(
            0.5, unit="1", prior=LogNormal(0.5, 0.2, 1.5), source="assumed",
            about="extra pay, food and fuel of alarm duty, as a share of the region's wage",
        )  # fmt: skip
        network_loss_share: float = parameter(
            0.127, unit="1", prior=Uniform(0.03, 0.25), source="assumed",
            about="share of the product that is lost while networks are cut",
        )  # fmt: skip
        revenue_share: float = parameter(
            0.2, unit="1", prior=Uniform(0.1, 0.3), source="assumed",
            about="share of the product that the state takes in",
        )  # fmt: skip
        means_usd: float = parameter(
            1e12, unit="USD", prior=Fixed("no limit"), source="assumed", low=0,
            about="what the state can spend on the crisis before concessions lapse",
        )  # fmt: skip

    def prepare(self) -> None:
        """USD per hour and place at one unit of each cause."""
        w, p = self.w, self.p
        scale = w.cells.people_scale
        people = w.people / scale
        dependence = w.exposure(w.item_at_issue) if w.item_at_issue else np.ones(w.places)
        mean = max(float(np.average(dependence, weights=people)), SMALLEST)
        self.per_price = p.paid_share * p.litres_day * dependence / mean * people / p.local_per_usd / 24.0
        regions = w.case.tables["regions"]
        wage = regions.column("avg_wage_month").astype(float)[w.region] / p.local_per_usd / MONTH_H
        g = w.cells.groups
        public = g.at_risk & (w.group_work == "public")
        self.per_rise = wage * np.bincount(g.place, g.size * public, w.places) / scale
        own = ~w.units.allied
        guards = np.bincount(w.units.place[own], w.units.people[own], w.places) / scale
        self.per_alarm = p.overtime * wage * guards
        product = regions.column("grp_per_capita_usd").astype(float)[w.region] / YEAR_DAYS / 24.0
        self.per_cut = p.revenue_share * p.network_loss_share * product * people
        self.share = w.people / max(int(w.people.sum()), 1)

    def step(self, now: Now) -> None:
        """Add what this hour costs."""
        s, dt = self.s, self.dt
        s.spent_usd[PRICE] += (s.price_high - s.price) @ self.per_price * dt
        s.spent_usd[PAY] += s.pay_decreed @ self.per_rise * dt
        s.spent_usd[CURRENCY] += s.currency_usd
        alarm = np.maximum(s.emergency, s.posture) > 0
        s.spent_usd[FORCES] += alarm @ self.per_alarm * dt + s.rung_usd[FORCES]
        s.spent_usd[NETWORK] += s.cut @ self.per_cut * dt
        s.network_cut_h += s.cut @ self.share * dt
        if not s.means_gone and s.spent_usd.sum() >= self.p.means_usd:
            s.means_gone[...] = 1.0
