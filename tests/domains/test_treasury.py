"""The treasury against sums worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import FLARE, HARBOUR, MILLTOWN, Bench, at, tiny
from groundswell.domains.state.treasury import CURRENCY, FORCES, NETWORK, PAY, PRICE
from groundswell.world.world import build

MONTH_H = 730.5
CALM = {"price": 80.0, "price_high": 80.0}


def spent(b: Bench, **values) -> np.ndarray:
    """(head,) what one hour costs."""
    before = b.s.spent_usd.copy()
    return b.step(0, **CALM | values).spent_usd - before


def test_a_calm_hour_costs_nothing():
    b = Bench("treasury")
    assert not spent(b).any()
    assert b.s.network_cut_h == 0


def test_a_price_held_down_is_paid_by_the_litre():
    b = Bench("treasury")
    # dependence 0.70 at Harbour; the mean weighs people; 0.5 litres a day and inhabitant, 400 to the dollar
    dependence = b.w.exposure("fuel")
    mean = np.average(dependence, weights=b.w.people)
    got = spent(b, price=at(HARBOUR, 50.0, elsewhere=80.0))
    assert got[PRICE] == pytest.approx(30 * 0.5 * 0.70 / mean * 12000 / 400 / 24)
    assert not np.delete(got, PRICE).any()
    everywhere = spent(b, price=50.0)
    assert everywhere[PRICE] == pytest.approx(30 * 0.5 * 60000 / 400 / 24)  # whatever the mean of dependence is
    half = Bench("treasury", settings={"treasury.paid_share": 0.5})
    assert spent(half, price=50.0)[PRICE] == pytest.approx(everywhere[PRICE] / 2)


def test_pay_is_paid_for_public_work_alone():
    b = Bench("treasury")
    g = b.w.cells.groups
    public = (np.array(b.w.livelihood_id)[g.livelihood] == "public") & g.at_risk & (g.place == FLARE)
    got = spent(b, pay_decreed=at(FLARE, 0.3))
    # the coast's wage is 2,400 a month
    assert got[PAY] == pytest.approx(0.3 * g.size[public].sum() * 2400 / 400 / MONTH_H)
    assert got.sum() == got[PAY]


def test_alarm_duty_currency_networks_and_rungs():
    b = Bench("treasury")
    # 60 police, 40 guards and 15 of the service at Harbour, at half of 2,400 a month more
    assert spent(b, posture=at(HARBOUR, 1.0))[FORCES] == pytest.approx(115 * 0.5 * 2400 / 400 / MONTH_H)
    assert spent(b, emergency=at(MILLTOWN, 1.0), posture=0.0)[FORCES] == pytest.approx(200 * 0.5 * 1900 / 400 / MONTH_H)
    assert spent(b, emergency=at(MILLTOWN, 1.0), posture=at(MILLTOWN, 3.0))[FORCES] == pytest.approx(
        200 * 0.5 * 1900 / 400 / MONTH_H
    )
    assert spent(b, emergency=0.0, posture=0.0, currency_usd=5e6)[CURRENCY] == 5e6
    got = spent(b, currency_usd=0.0, cut=at(HARBOUR, 1.0))
    assert got[NETWORK] == pytest.approx(0.2 * 0.1 * 5200 / 365.25 / 24 * 12000)
    assert b.s.network_cut_h == pytest.approx(12000 / 60000)  # a fifth of all inhabitants for an hour
    # a rung's reckoned cost counts where no line above prices it
    assert spent(b, cut=0.0, rung_usd=[7.0, 7.0, 7.0, 7.0, 7.0]).tolist() == [0, 0, 0, 7, 0]


def test_allied_contingents_cost_nothing():
    w = tiny()
    own = np.bincount(w.units.place[~w.units.allied], w.units.people[~w.units.allied], w.places)
    b = Bench("treasury")
    got = spent(b, posture=1.0)
    wage = np.array([2400] * 3 + [1900] * 3)
    assert got[FORCES] == pytest.approx((own * wage).sum() * 0.5 / 400 / MONTH_H)
    assert w.units.allied.sum() == 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=6, max_size=6), st.floats(30, 80), st.floats(0, 0.6), st.integers(0, 1))
def test_what_is_spent_is_the_sum_of_its_hours_and_never_falls(posture, price, rise, cut):
    b, before = Bench("treasury"), np.zeros(5)
    total = np.zeros(5)
    for step in range(6):
        values = {"price": price, "price_high": 80.0, "posture": posture, "pay_decreed": rise, "cut": cut * (step > 2)}
        now = b.step(step, currency_usd=float(step), **values).spent_usd.copy()
        assert (now >= before).all()
        total += now - before
        before = now
    np.testing.assert_allclose(total, b.s.spent_usd)
    assert b.s.spent_usd[CURRENCY] == 15
    assert b.s.network_cut_h == pytest.approx(3 * cut)


def test_a_small_world_stands_for_the_whole_country():
    small = Bench("treasury", world=build(tiny().case, 0.1))
    whole = Bench("treasury")
    values = {"price": 50.0, "posture": 2.0, "pay_decreed": 0.3, "cut": 1.0}
    np.testing.assert_allclose(spent(small, **values), spent(whole, **values), rtol=0.03)  # people are whole numbers
