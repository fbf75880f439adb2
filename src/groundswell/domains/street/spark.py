"""The spark: what is at issue, a sudden price step or another event that all can see, and the grievance it gives.

    u_p += b_s * z_i * e_ip * max(0, dln p - small)            a step of the price at issue, not yet met at the pump
    u_p += b_s * z_i * e_ip                                    an issue that a measure raises: a law, an arrest
    ds_p/dt = u_p / notice - ln 2 * s_p / half_life,  du_p/dt = -u_p / notice;   both *= relief_p
    e_ip = (1 - w) x_ip + w mean(x_i);   for a price * (1 - heating * (1 - need))
    x_ip = share of people of p whom issue i concerns, 0 where the measure does not act;
           for a price exposed_p * (1 + (own_product - 1) * own_share_p)
    stake_p = sum_i z_i e_ip / sum_i z_i mean(x_i)

z_i is the size of an issue (issues.csv): an event counts as a price that rises by so much in logs. exposed_p is the
share of people who use the item, not its budget share: a share of 4 percent of a budget that doubles is a loss of 0.03,
less than a rent of 20 percent up by 30 percent (0.05), so purchasing power alone cannot make the step the trigger. b_s
= 0 is the hypothesis that what is at issue was only the occasion. People who live from producing the same thing resent
it more. A step is met as people come to buy, and other news as it is talked of: with a lag. What warms homes (its share
heating) is bought as there is need (`season`). Part w of the grievance is over what is done to the country and not to
oneself (Kinder & Kiewiet 1981; group rather than personal deprivation: Smith et al. 2012). Means are over the adults of
the country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, approach, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Spark(Mechanism):
    """Grievance from what is at issue."""

    name = "spark"
    reads = ("price", "issue_raised", "relief", "heating_need")
    writes = (
        Variable("spark", ("place",), "log-hazard", "grievance from what is at issue", keep="hour"),
        Variable("spark_ahead", ("place",), "log-hazard", "grievance from what is at issue, not yet met"),
        Variable("stake", ("place",), "1", "how far what is at issue concerns people, over the country's mean", 1.0),
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
            about="b_s, per log of price, or unit of size, where it concerns everybody",
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
            24.0,
            unit="h",
            prior=LogNormal(24, 6, 72),
            source="assumed",
            about="time until people meet a new price, or what else is at issue",
        )
        shared: float = parameter(
            0.33, unit="1", prior=Uniform(0.1, 0.7), source="assumed; Smith et al. (2012)", high=1,
            about="w, part of the grievance over what is done to the country",
        )  # fmt: skip
        small: float = parameter(
            0.05, unit="log", prior=Fixed("scale of a noticed step"), source="assumed", about="steps below go unnoticed"
        )

    def prepare(self) -> None:
        """Whom each issue concerns, by place."""
        w, p = self.w, self.p
        issues = w.issues
        self.size = p.strength * issues.size
        self.concern = issues.concern.copy()
        self.concern[issues.priced] *= 1.0 + (p.own_product - 1.0) * w.place("own_product_share")
        self.weight = np.maximum(w.adults, SMALLEST)
        mean = sum(z * self._mean(x) for z, x in zip(issues.size, self.concern, strict=True))
        whole = sum(z * self._shared(x) for z, x in zip(issues.size, self.concern, strict=True))
        self.stake = whole / mean if mean > 0 and p.strength > 0 else np.ones(w.places)
        self.price = [(i, self._shared(self.concern[i])) for i in np.flatnonzero(issues.priced)]
        self.events = np.flatnonzero(~issues.priced)
        heats = (float(row.heating_share) for row in w.case.tables["items"].rows if row.item == w.item_at_issue)
        self.heats = next(heats, 0.0)
        self.s.price_seen[:] = self.s.price
        self.fade = decay(24.0 * p.half_life_days, self.dt)
        self.notice = approach(p.notice_h, self.dt)

    def step(self, now: Now) -> None:
        """Take in this hour's change of price, and what else is raised."""
        p, s = self.p, self.s
        s.stake[:] = self.stake
        change = np.log(np.maximum(s.price, 1e-9) / np.maximum(s.price_seen, 1e-9))
        s.spark *= self.fade * s.relief
        s.spark_ahead *= s.relief
        for i, exposure in self.price:
            if s.heating_need < 1:
                exposure = exposure * (1.0 - self.heats * (1.0 - s.heating_need))
            s.spark_ahead += self.size[i] * exposure * np.maximum(0.0, change - p.small)
        for i in self.events:
            s.spark_ahead += self.size[i] * self._shared(self.concern[i] * s.issue_raised[:, i])
        met = self.notice * s.spark_ahead
        s.spark_ahead -= met
        s.spark += met
        s.price_seen[:] = s.price
        mine = s.spark[self.w.group_place]
        s.urge += mine
        s.own_grievance += mine

    def _mean(self, share: np.ndarray) -> float:
        return float(np.average(share, weights=self.weight))

    def _shared(self, share: np.ndarray) -> np.ndarray:
        """(P,) one's own grievance, and what is over what is done to the country."""
        return (1.0 - self.p.shared) * share + self.p.shared * self._mean(share)
