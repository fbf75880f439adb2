"""The spark: a sudden, visible, shared price step, beyond what it takes out of a budget.

    u_p += b_s * e_p * max(0, dln p - small)                   a step, not yet met at the pump
    ds_p/dt = u_p / notice - ln 2 * s_p / half_life,  du_p/dt = -u_p / notice;   both *= relief_p
    e_p = ((1 - w) x_p + w mean(x)) * (1 - heating * (1 - need))
    x_p = exposed_p * (1 + (own_product - 1) * own_share_p)
    stake_p = e_p / mean(e)

exposed_p is the share of people who use the item, not its budget share: a share of 4 percent of a budget that doubles
is a loss of 0.03, less than a rent of 20 percent up by 30 percent (0.05), so purchasing power alone cannot make the
step the trigger. b_s = 0 is the hypothesis that the step was only the occasion. People who live from producing the same
thing resent it more. A step is met as people come to buy: with a lag. What warms homes (its share heating) is bought as
there is need (`season`). Part w of the grievance is over what is done to the country and not to oneself (Kinder &
Kiewiet 1981; group rather than personal deprivation: Smith et al. 2012). Means are over the adults of the country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, approach, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Spark(Mechanism):
    """Grievance from a price step."""

    name = "spark"
    reads = ("price", "relief", "heating_need")
    writes = (
        Variable("spark", ("place",), "log-hazard", "grievance from price steps", keep="hour"),
        Variable("spark_ahead", ("place",), "log-hazard", "grievance from price steps not yet met"),
        Variable("stake", ("place",), "1", "how far the step concerns people, over the mean of the country", 1.0),
        Variable("price_seen", ("place",), "money/unit", "price of the hour before"),
    )
    adds = ("urge", "own_grievance")

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the spark."""

        strength: float = parameter(
            15.0,
            unit="log-hazard",
            prior=Uniform(0, 24),
            source="assumed",
            about="b_s, per log of price and full exposure",
        )
        half_life_days: float = parameter(
            5.0, unit="day", prior=LogNormal(5, 2, 14), source="assumed", about="half-life t_s"
        )
        own_product: float = parameter(
            1.3,
            unit="1",
            prior=Uniform(1, 2),
            source="assumed",
            about="factor for producers of the item",
        )
        notice_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 6, 72), source="assumed", about="time until people meet a new price"
        )
        shared: float = parameter(
            0.33, unit="1", prior=Uniform(0.1, 0.7), source="assumed; Smith et al. (2012)", high=1,
            about="w, part of the grievance over what is done to the country",
        )  # fmt: skip
        small: float = parameter(
            0.05, unit="log", prior=Fixed("scale of a noticed step"), source="assumed", about="steps below go unnoticed"
        )

    def prepare(self) -> None:
        """Exposure by place."""
        rows = [r for r in self.w.case.tables["items"].rows if r.spark_item]
        exposure = self.w.exposure(rows[0].item) if rows else np.zeros(self.w.places)
        self.exposure = exposure * (1.0 + (self.p.own_product - 1.0) * self.w.place("own_product_share"))
        mean = float(np.average(self.exposure, weights=np.maximum(self.w.adults, SMALLEST)))
        self.exposure = (1.0 - self.p.shared) * self.exposure + self.p.shared * mean
        self.stake = self.exposure / mean if mean > 0 and self.p.strength > 0 else np.ones(self.w.places)
        self.heats = float(rows[0].heating_share) if rows else 0.0
        self.s.price_seen[:] = self.s.price
        self.fade = decay(24.0 * self.p.half_life_days, self.dt)
        self.notice = approach(self.p.notice_h, self.dt)

    def step(self, now: Now) -> None:
        """Take in this hour's change of price."""
        p, s = self.p, self.s
        s.stake[:] = self.stake
        change = np.log(np.maximum(s.price, 1e-9) / np.maximum(s.price_seen, 1e-9))
        s.spark *= self.fade * s.relief
        s.spark_ahead *= s.relief
        exposure = self.exposure
        if s.heating_need < 1:
            exposure = exposure * (1.0 - self.heats * (1.0 - s.heating_need))
        s.spark_ahead += p.strength * exposure * np.maximum(0.0, change - p.small)
        met = self.notice * s.spark_ahead
        s.spark_ahead -= met
        s.spark += met
        s.price_seen[:] = s.price
        mine = s.spark[self.w.group_place]
        s.urge += mine
        s.own_grievance += mine
