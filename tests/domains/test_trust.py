"""Trust on the logit scale against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import CABINET, DUNES, FLARE, HARBOUR, MILLTOWN, PATRON, Bench, at, tiny
from groundswell.world.world import build

NONE = np.nan
QUIET = {"price": 80.0, "price_high": 80.0, "promised_price": NONE, "offered_price": NONE, "orders_changed": 1.0}
NEVER = {"trust.half_life_months": 1e9}  # so that arithmetic needs no fading


def bench(**settings: float) -> Bench:
    b = Bench("trust", settings=NEVER | {f"trust.{k}": v for k, v in settings.items()}, start={"price": 80.0})
    b.step(0, **QUIET)
    return b


def logit(x):
    return np.log(x / (1 - x))


def test_trust_starts_at_its_level_and_stays_there():
    b = bench(level=-1.0)
    np.testing.assert_allclose(b.s.trust, 1 / (1 + np.e))
    for hour in range(1, 30):
        b.step(hour, orders_changed=0.0)
    np.testing.assert_allclose(b.s.trust_mean, 1 / (1 + np.e))


def test_a_promise_counts_once_it_is_there():
    b = bench()
    promise = at(HARBOUR, 60.0, elsewhere=NONE)
    b.step(1, promised_price=promise, offered_price=promise)
    assert b.s.trust_mean[HARBOUR] == 0.5  # said, not done
    b.step(2, price=at(HARBOUR, 60.0, elsewhere=80.0))
    assert logit(b.s.trust_mean[HARBOUR]) == pytest.approx(0.5)
    assert logit(b.s.trust[b.group(HARBOUR, "trade")]) == pytest.approx(0.5)
    assert b.s.trust_mean[MILLTOWN] == 0.5
    b.step(3)
    assert logit(b.s.trust_mean[HARBOUR]) == pytest.approx(0.5)  # kept once
    b.step(4, price=at(HARBOUR, 70.0, elsewhere=80.0))  # taken back
    assert logit(b.s.trust_mean[HARBOUR]) == pytest.approx(0.5 - 0.7)
    b.step(5)
    assert logit(b.s.trust_mean[HARBOUR]) == pytest.approx(-0.2)
    b.step(6, price=at(HARBOUR, 60.0, elsewhere=80.0))  # and kept again
    assert logit(b.s.trust_mean[HARBOUR]) == pytest.approx(0.3)


def test_a_cap_is_a_promise_that_is_kept():
    b = bench()
    offered = at(DUNES, 50.0, elsewhere=NONE)
    b.step(1, capped=at(DUNES, 1.0), price=at(DUNES, 50.0, elsewhere=80.0), offered_price=offered)
    assert logit(b.s.trust_mean[DUNES]) == pytest.approx(0.5)
    b.step(2, capped=0.0)  # it ends and the price stays
    assert logit(b.s.trust_mean[DUNES]) == pytest.approx(0.5)
    b.step(3, price=80.0)  # it rises
    assert logit(b.s.trust_mean[DUNES]) == pytest.approx(-0.2)


def test_a_price_that_was_never_offered_breaks_no_word():
    b = bench()
    b.step(1, price=120.0, price_high=120.0)
    np.testing.assert_allclose(b.s.trust_mean, 0.5)


def test_deaths_of_the_unarmed_count_in_their_region_and_more_while_denied():
    b = bench()
    b.step(1, dead=[0, 25, 0, 0, 0, 0], dead_fighting=[0, 5, 0, 0, 0, 0])
    # 20 unarmed in Flare: 0.3 * 2, felt on the whole coast
    np.testing.assert_allclose(logit(b.s.trust_mean), [-0.6] * 3 + [0] * 3, atol=1e-12)
    b.step(2, dead=0, dead_fighting=0, deaths_denied=1.0)
    np.testing.assert_allclose(logit(b.s.trust_mean), [-0.9] * 3 + [0] * 3, atol=1e-12)
    b.step(3, deaths_denied=0.0)
    np.testing.assert_allclose(logit(b.s.trust_mean), [-0.6] * 3 + [0] * 3, atol=1e-12)
    small = Bench("trust", world=build(tiny().case, 0.1), settings=NEVER, start={"price": 80.0})
    small.step(0, **QUIET)
    small.step(1, dead=[0, 2, 0, 0, 0, 0])  # one person in ten stands for ten
    assert logit(small.s.trust_mean[HARBOUR]) == pytest.approx(-0.6)


def test_words_move_everybody():
    b = bench(blame=0.2, conflict=-0.4, honeymoon=0.3)
    b.step(1, falsehood=1.0)
    np.testing.assert_allclose(logit(b.s.trust), -0.7)
    b.step(2, falsehood=3.0)  # two more
    np.testing.assert_allclose(logit(b.s.trust), -2.1)
    b.step(3, blame=1.0)
    np.testing.assert_allclose(logit(b.s.trust), -1.9)
    b.step(4, blame=0.0, conflict_open=1.0)
    np.testing.assert_allclose(logit(b.s.trust), -2.3)
    b.step(5, conflict_open=0.0)
    np.testing.assert_allclose(logit(b.s.trust), -1.9)
    offer = np.zeros((6, 6))
    offer[:, CABINET] = 1.0
    b.step(6, offer=offer)
    np.testing.assert_allclose(logit(b.s.trust), -1.6)
    offer[:, PATRON] = 1.0
    b.step(7, offer=offer)  # only the first of them is a turn
    np.testing.assert_allclose(logit(b.s.trust), -1.6)


def test_an_order_on_pay_moves_those_it_reaches():
    b = bench()
    s = b.step(1, pay_decreed=at(FLARE, 0.3))
    assert logit(s.trust[b.plant()]) == pytest.approx(0.5)
    assert logit(s.trust[b.group(FLARE, "public")]) == pytest.approx(0.5)
    assert s.trust[b.group(FLARE, "trade")] == 0.5
    assert s.trust[b.group(HARBOUR, "public")] == 0.5
    g = b.w.cells.groups
    here = (g.place == FLARE) & g.at_risk
    assert s.trust_mean[FLARE] == pytest.approx(np.average(s.trust[here], weights=g.size[here]))
    assert logit(b.step(2).trust[b.plant()]) == pytest.approx(0.5)  # once


def test_what_moves_trust_fades_over_months():
    b = Bench("trust", settings={"trust.half_life_months": 1.0}, start={"price": 80.0})
    b.step(0, **QUIET)
    b.step(1, falsehood=1.0)
    b.step(2, orders_changed=0.0)
    assert logit(b.s.trust[0]) == pytest.approx(-0.7)
    for hour in range(3, 24 * 31):
        b.step(hour)
    # brought up at midnight of the 31st day, 719 hours after; a month has 730.5
    assert logit(b.s.trust[0]) == pytest.approx(-0.7 * 2 ** (-719 / 730.5))
    b.step(731, orders_changed=1.0)  # and whenever something happens
    assert logit(b.s.trust[0]) == pytest.approx(-0.7 * 2 ** (-730 / 730.5))


def test_nothing_is_worked_out_while_nothing_moves_trust():
    b = bench()
    b.step(1, orders_changed=0.0, falsehood=1.0)  # no order began or ended, so none was exposed
    assert (b.s.trust == 0.5).all()
    assert b.s.trust_hour == 0


def test_trust_decides_how_much_an_offer_relieves():
    offer = np.zeros((6, 6))
    offer[:, 0] = 1.0
    low, high = (Bench("concession", start={"trust_mean": t}) for t in (0.2, 0.8))
    a, b = low.step(0, offer=offer).relief, high.step(0, offer=offer).relief
    np.testing.assert_allclose(1 - a, 0.2 * 0.5)  # the outset gives the price demand a half
    np.testing.assert_allclose(1 - b, 0.8 * 0.5)
    off = Bench("concession", settings={"concession.strength": 0.0})
    assert (off.step(0, offer=offer).relief == 1).all()


def test_without_the_mechanism_half_is_believed():
    b = Bench("concession")
    assert (b.s.trust == 0.5).all()
    assert (b.s.trust_mean == 0.5).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_more_dead_never_means_more_trust(died, more):
    few, many = bench(), bench()
    a = few.step(1, dead=died).trust
    b = many.step(1, dead=np.add(died, more)).trust
    assert (b <= a + 1e-12).all()
    assert ((b > 0) & (a < 1)).all()
