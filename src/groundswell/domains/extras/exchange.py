"""Exchange rate: how far a currency under pressure falls where it is not defended, and what that puts on prices.

    u     = max(0, pressure * held - spent)                      USD per hour that nobody sells
    ln e* = u / (elasticity * exports)                           log price of a USD at which exports and imports answer
    d ln e/dt = (ln e* - ln e) / settling                        e = 1 at the start
    d m/dt    = (pass_through * ln e - m) / price_lag            m = rate_prices, log of all prices; see `hardship`

held is what the record says was spent on the rate, hour by hour, whatever a run changes: it is taken as the outflow
that there was. What is spent in the run is its own (`currency_usd`). As recorded the two are equal and the rate stands;
without the defence the outflow has to be met by dearer foreign money. By default there is no pressure, so that nothing
here moves a run: a record of spending tells no outflow for any other day.

A small open economy whose rate clears a flow: the elasticities approach (Robinson 1937); prices follow in part and with
a lag: Goldberg & Knetter (1997). Left out: expectations of a further fall, wages and debts in foreign money, reserves
that run out.
"""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.domains.state.standing import spending
from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, approach, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Exchange(Mechanism):
    """The rate of exchange and what it does to prices."""

    name = "exchange"
    reads = ("currency_usd",)
    writes = (
        Variable("rate_log", (), "log", "fall of the currency since the start, log price of a USD", keep="hour"),
        Variable("rate_prices", (), "log", "rise of consumer prices by the exchange rate", keep="hour"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the exchange rate."""

        pressure: float = parameter(
            0.0, unit="1", prior=Fixed("0: no outflow, 1: as much as was spent on the rate"), source="switch",
            about="outflow of foreign money over what the record says was spent to meet it", low=0,
        )  # fmt: skip
        exports: float = parameter(
            unit="USD/h", prior=Fixed("a published figure"), source="the case", about="exports", low=SMALLEST,
            required=True,
        )  # fmt: skip
        elasticity: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.3, 3), source="assumed", low=SMALLEST,
            about="answer of net trade to the rate, as a share of exports per log unit",
        )  # fmt: skip
        settling_days: float = parameter(
            10.0, unit="day", prior=LogNormal(10, 3, 40), source="assumed", about="time in which the rate settles"
        )
        pass_through: float = parameter(
            0.19, unit="1", prior=Uniform(0.05, 0.4), source="assumed", about="share of a fall that ends in prices"
        )
        price_lag_months: float = parameter(
            3.0, unit="month", prior=LogNormal(3, 1, 12), source="assumed", about="time in which prices follow"
        )

    def prepare(self) -> None:
        """What the record says was spent."""
        self.recorded = [m for m in self.w.recorded if m.kind == "currency_defence"]
        self.settles = approach(24.0 * self.p.settling_days, self.dt)
        self.follows = approach(self.p.price_lag_months * MONTH_H, self.dt)

    def step(self, now: Now) -> None:
        """The rate of the hour and what of it has come through to prices."""
        s, p = self.s, self.p
        if not p.pressure:
            return
        unmet = p.pressure * spending(self.recorded, now.hour, self.dt) - float(s.currency_usd)
        balance = max(0.0, unmet) / self.dt / (p.elasticity * p.exports)
        s.rate_log += self.settles * (balance - s.rate_log)
        s.rate_prices += self.follows * (p.pass_through * s.rate_log - s.rate_prices)
