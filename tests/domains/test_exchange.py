"""The exchange rate against numbers worked out by hand, and that it stands where what flows out is met."""

from __future__ import annotations

import numpy as np
import pytest

from domains.harness import HARBOUR, Bench, Rows, case_with
from groundswell.play.apply import change_measures
from groundswell.world.world import build

DEFENCE = {
    "measure": "crown-held", "kind": "currency_defence", "start_local": "2030-03-02T00:00",
    "end_local": "2030-03-04T00:00", "precision": "day", "scope": "*", "value": "4800", "unit": "USD", "version": "",
    "used": "true", "statement": "The crown is held.", "source": "invented", "state": "assumed",
}  # fmt: skip
# 4,800 USD in the 48 hours from hour 24 on: 100 an hour. Exports of 1,000 USD an hour that answer with elasticity 0.5:
# without a defence the log of the rate goes to 100 / 500 = 0.2.
SETTINGS = {
    "exchange.pressure": 1.0, "exchange.exports": 1000.0, "exchange.elasticity": 0.5, "exchange.settling_days": 1.0,
    "exchange.pass_through": 0.25, "exchange.price_lag_months": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    def add(rows: Rows) -> Rows:
        return [*rows, DEFENCE]

    return build(case_with(tmp_path_factory.mktemp("x") / "held", {"measures.csv": add}))


def played(world, settings, hours):
    """(2, hours) log of the rate, and rise of prices, hour by hour."""
    bench = Bench("measures", "exchange", world=world, settings=settings)
    rows = [(float(s.rate_log), float(s.rate_prices)) for s in map(bench.step, range(hours))]
    return np.array(rows).T


def test_a_currency_that_is_held_stands(world):
    rate, prices = played(world, SETTINGS, 100)
    assert not rate.any() and not prices.any()


def test_a_currency_let_go_falls_to_where_trade_meets_the_outflow_and_comes_back(world):
    rate, prices = played(change_measures(world, {"crown-held": "none"}), SETTINGS, 200)
    assert not rate[:24].any()
    # within a day of settling: 0.2 * (1 - exp(-t / 24)) after t hours
    assert rate[24] == pytest.approx(0.2 * -np.expm1(-1 / 24))
    assert rate[71] == pytest.approx(0.2 * -np.expm1(-48 / 24))
    assert rate.argmax() == 71
    assert rate[95] == pytest.approx(rate[71] * np.exp(-1.0))
    # a quarter of the fall ends in prices, with a lag of 730.5 hours; by hand for the first hour
    assert prices[24] == pytest.approx(-np.expm1(-1 / 730.5) * 0.25 * rate[24])
    assert 0 < prices[199] < 0.25 * 0.2


def test_half_the_pressure_or_twice_the_exports_is_half_the_fall(world):
    gone = change_measures(world, {"crown-held": "none"})
    whole = played(gone, SETTINGS, 60)
    assert played(gone, SETTINGS | {"exchange.pressure": 0.5}, 60) == pytest.approx(whole / 2)
    assert played(gone, SETTINGS | {"exchange.exports": 2000.0}, 60) == pytest.approx(whole / 2)


def test_more_pressure_than_is_spent_lets_it_fall_by_the_rest(world):
    rate, _ = played(world, SETTINGS | {"exchange.pressure": 3.0}, 60)  # 300 flow out, 100 are sold
    assert rate[24] == pytest.approx(200 / 500 * -np.expm1(-1 / 24))


def test_without_pressure_nothing_happens_whatever_is_done(world):
    rate, prices = played(change_measures(world, {"crown-held": "none"}), SETTINGS | {"exchange.pressure": 0.0}, 60)
    assert not rate.any() and not prices.any()


def test_dearer_goods_are_hardship():
    start = {"price": 40.0, "reference_income": 100.0}  # so high that all is a loss
    plain = Bench("hardship").step(0, **start)
    dearer = Bench("hardship").step(0, **start, rate_prices=0.02)
    assert (dearer.hardship - plain.hardship)[HARBOUR] == pytest.approx(2.25 * 0.02)
