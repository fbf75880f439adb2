"""Hardship: loss of purchasing power against what people had come to expect (relative deprivation).

    w_g = f_g * ln(wage index) - (1 - m) * cost_p - m * ln(rate of the dollar)    log of what income buys
    cost_p = sum_k budget_share_k * exposure_kp * ln(price_k)
             - (1 - need) * sum_k budget_share_k * heating_k * exposure_kp * ln(price_k / price_k0)
             + budget_share_food * shortage_premium * food_short_p + rate_prices
    dr_g/dt = (w_g - r_g) / T_r                                                   adapting reference
    H_g = lam_loss * max(0, r_g - w_g)                                            hardship, log units

f_g is how far incomes of a livelihood follow the average wage, which is that of employees: a national index that
outruns prices hides all whose income does not. Two rival measures of purchasing power: by consumer prices (m = 0) and
in dollars (m = 1), in which dear goods and savings are reckoned; a case gives the rate as the item `dollar`.

What cannot be had counts as dearer: food_short is the lack of food in shops, 0..1, while networks are cut (`shortage`).
rate_prices is what a fall of the currency has put on prices (`exchange`). need is that for heating (`season`): of the
share heating_k of an item less is bought off the cold, and less is lost by a rise since its first dated price k0.
Sources: relative deprivation, Gurr (1970); a reversal after improvement, Davies (1962); losses weigh more than gains,
Tversky & Kahneman (1992), who estimate 2.25. Before the case starts the reference is brought up month by month from
the first dated price or wage, and the hardship of those months is added up (`hardship_before`), which the valve stores;
during the case the mechanism runs once a day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.mechanism import Mechanism, Variable, approach, parameter
from groundswell.engine.priors import LogNormal, Uniform

DOLLAR = "dollar"


class Hardship(Mechanism):
    """Relative deprivation by group."""

    name = "hardship"
    clock_h = 24.0
    reads = ("price", "food_short", "rate_prices", "heating_need")
    writes = (
        Variable("hardship", ("group",), "log", "loss of real income against the reference, weighted", keep="day"),
        Variable("reference_income", ("group",), "log", "adapting reference of log real income"),
        Variable("hardship_before", ("group",), "log month", "hardship of the months before the start, added up"),
    )

    at_start = ("dollars",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of hardship."""

        loss_weight: float = parameter(
            2.25, unit="1", prior=Uniform(1, 3), source="Tversky & Kahneman (1992)", about="weight of a loss",
            state="estimated",
        )  # fmt: skip
        adaptation_months: float = parameter(
            12.0, unit="month", prior=LogNormal(12, 6, 24), source="assumed", about="time to adapt, T_r"
        )
        dollars: float = parameter(
            0.0, unit="1", prior=Uniform(0, 1), source="assumed", high=1,
            about="m, weight of purchasing power in dollars against that by consumer prices",
        )  # fmt: skip
        shortage_premium: float = parameter(
            0.2, unit="log", prior=Uniform(0, 0.5), source="assumed", about="what empty shops add to the price of food"
        )

    def prepare(self) -> None:
        """Collect dated prices and wages, and bring the reference up to the start month by month."""
        w = self.w
        self.items = []
        self.food = np.zeros(w.places)
        first = 0.0
        for row in w.case.tables["items"].rows:
            path = w.path("prices", "price", row.item)
            exposure = w.exposure(row.item)
            series = _by_place(path, w.places)
            weight, heats = float(row.budget_share) * exposure, float(row.heating_share)
            self.items.append((row.item == w.item_at_issue, weight, heats, *series))
            first = min([first, *(h for h, _, _ in path)])
            if row.item == "food":
                self.food = float(row.budget_share) * exposure
        known = DOLLAR in w.case.tables["items"].column("item")
        rate = w.path("prices", "price", DOLLAR) if known else []
        self.rate = _by_place(rate, w.places)
        follows = w.case.tables["livelihoods"].column("wage_share").astype(float)
        self.follows, self.place = follows[w.cells.groups.livelihood], w.group_place
        wages = w.path("wages", "index")
        self.wages = _by_place(wages, w.places)
        first = min([first, *(h for h, _, _ in wages)])
        hours = np.arange(first, 0.0, MONTH_H)
        reference = self._income(hours[0] if len(hours) else 0.0, None)
        for hour in hours:
            income = self._income(hour, None)
            self.s.hardship_before += self.p.loss_weight * np.maximum(0.0, reference - income)
            reference += approach(self.p.adaptation_months, 1.0) * (income - reference)
        self.s.reference_income[:] = reference

    def _income(self, hour: float, price: np.ndarray | None, more: np.ndarray | float = 0.0) -> np.ndarray:
        """(G,) log of what income buys at an hour.

        price: present price of the item at issue, where known. more: (P,) what makes consumption dearer beside prices.
        """
        cost = np.zeros(self.w.places) + more
        for at_issue, weight, _, hours, logs in self.items:
            cost += weight * self._cost(at_issue, hours, logs, hour, price)
        m = self.p.dollars
        cost = (1.0 - m) * cost + m * _at(*self.rate, hour)
        return self.follows * _at(*self.wages, hour)[self.place] - cost[self.place]

    def _cost(
        self, at_issue: bool, hours: np.ndarray, logs: np.ndarray, hour: float, price: np.ndarray | None
    ) -> np.ndarray:
        """(P,) log price of an item at an hour; a price at the pump stands until the next one."""
        if at_issue:
            return _held(hours, logs, hour) if price is None else np.asarray(np.log(price))
        return _at(hours, logs, hour)

    def _not_bought(self, hour: float, price: np.ndarray | None) -> np.ndarray:
        """(P,) log real income that a rise of prices does not take, of what is bought in the cold alone."""
        out = np.zeros(self.w.places)
        for at_issue, weight, heats, hours, logs in self.items:
            if heats:
                out += weight * heats * (self._cost(at_issue, hours, logs, hour, price) - logs[0])
        return out

    def step(self, now: Now) -> None:
        """Hardship of the day; the reference follows."""
        s = self.s
        price = s.price if s.price.all() else None  # no price: the case's own path
        dearer = self.p.shortage_premium * self.food * s.food_short + float(s.rate_prices)
        if s.heating_need < 1:
            dearer = dearer - (1.0 - s.heating_need) * self._not_bought(now.hour, price)
        income = self._income(now.hour, price, dearer)
        s.hardship[:] = self.p.loss_weight * np.maximum(0.0, s.reference_income - income)
        s.reference_income += approach(self.p.adaptation_months * MONTH_H, self.dt) * (income - s.reference_income)


def _by_place(path: list[tuple[float, np.ndarray, float]], places: int) -> tuple[np.ndarray, np.ndarray]:
    """Hours (N,) and logs (N, P) of a dated path; a place without a value of its own date keeps its last one."""
    if not path:
        return np.zeros(1), np.zeros((1, places))
    hours = np.unique([h for h, _, _ in path])
    logs = np.full((len(hours), places), np.nan)
    for hour, where, value in path:
        logs[np.searchsorted(hours, hour), where] = np.log(value)
    for i in range(1, len(hours)):
        logs[i] = np.where(np.isnan(logs[i]), logs[i - 1], logs[i])
    for i in range(len(hours) - 2, -1, -1):
        logs[i] = np.where(np.isnan(logs[i]), logs[i + 1], logs[i])
    return hours, np.nan_to_num(logs)


def _at(hours: np.ndarray, logs: np.ndarray, hour: float) -> np.ndarray:
    """(P,) logs at an hour, linear between dated values, constant beyond them."""
    i = int(np.searchsorted(hours, hour, side="right"))
    if i == 0 or i == len(hours):
        return logs[min(i, len(hours) - 1)]
    share = (hour - hours[i - 1]) / (hours[i] - hours[i - 1])
    return logs[i - 1] * (1 - share) + logs[i] * share


def _held(hours: np.ndarray, logs: np.ndarray, hour: float) -> np.ndarray:
    """(P,) logs of the last dated value at an hour, the first before it."""
    return logs[max(int(np.searchsorted(hours, hour, side="right")) - 1, 0)]
