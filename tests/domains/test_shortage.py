"""Shortage while networks are cut, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import HARBOUR, MILLTOWN, Bench, at, crowd


def close(value: float):
    return pytest.approx(value, rel=2e-5, abs=1e-12)


def test_food_and_cash_run_short_and_come_back():
    b = Bench("shortage")
    place = b.w.place_id.index("harbour")  # a city: urban share 1, so the largest shortage is 1
    s = b.step(0, cut=at(HARBOUR, 1.0), reach=at(HARBOUR, 0.05, elsewhere=1.0))
    # 1 - exp(-1/72) = 0.0137929 of 0.95; 1 - exp(-1/24) = 0.0408105 of 0.95
    assert s.food_short[place] == close(0.0137929 * 0.95)
    assert s.cash_short[place] == close(0.0408105 * 0.95)
    trade = b.group(HARBOUR, "trade")
    anger = 0.5 * (0.0137929 + 0.0408105) * 0.95 / 2
    assert s.urge[trade] == close(anger)
    assert s.own_grievance[trade] == close(anger)
    assert s.group_cost[trade] == close(-0.25 * 0.0408105 * 0.95)
    assert s.group_cost[b.group(HARBOUR, "unemployed")] == 0  # no work that could stop
    assert s.shortage_push[HARBOUR] == close(anger + 0.25 * 0.0408105 * 0.95)
    for name in ("food_short", "cash_short", "shortage_push"):
        assert getattr(s, name)[MILLTOWN] == 0
    for hour in range(1, 24 * 30):
        s = b.step(hour)
    assert s.food_short[HARBOUR] == pytest.approx(0.95, rel=1e-3)
    s = b.step(24 * 30, cut=0.0, reach=1.0)
    assert s.food_short[HARBOUR] == pytest.approx(0.95 * (1 - 0.0408105), rel=1e-3)  # recovery takes 24 h
    for hour in range(24 * 30 + 1, 24 * 40):
        s = b.step(hour)
    for name in ("food_short", "cash_short", "shortage_push"):
        assert not getattr(s, name).any(), name


def test_the_country_is_less_dependent_than_towns():
    b = Bench("shortage", settings={"shortage.rural_food": 0.3, "shortage.rural_cash": 0.6})
    urban = b.w.place("urban_share").astype(float)
    for hour in range(24 * 40):
        s = b.step(hour, cut=1.0, reach=0.0)
    np.testing.assert_allclose(s.food_short, 0.3 + 0.7 * urban, rtol=1e-4)
    np.testing.assert_allclose(s.cash_short, 0.6 + 0.4 * urban, rtol=1e-4)
    assert urban.min() < 1


def test_with_networks_nothing_is_short():
    b = Bench("shortage")
    for hour in range(5):
        s = b.step(hour, reach=0.2)  # jamming alone is no cut
    assert not s.food_short.any()
    assert not s.urge.any()
    assert not s.group_cost.any()


def test_empty_shops_are_a_loss_of_real_income():
    b = Bench("hardship", start={"price": 40.0})
    calm = b.step(0).hardship.copy()
    short = Bench("hardship", start={"price": 40.0}).step(0, food_short=at(HARBOUR, 0.5)).hardship
    # food is 0.48 of a budget and 0.2 dearer where there is none; a loss weighs 2.25
    for livelihood in ("trade", "unemployed"):  # whatever people live from
        here, there = (b.group(place, livelihood) for place in (HARBOUR, MILLTOWN))
        assert short[here] - calm[here] == close(2.25 * 0.48 * 0.2 * 0.5)
        assert short[there] == calm[there]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_shortage_stays_a_share_and_a_longer_cut_never_lowers_it(path):
    b, more = Bench("shortage"), Bench("shortage")
    for hour, (cut, reach) in enumerate(path):
        s = b.step(hour, cut=cut, reach=reach)
        t = more.step(hour, cut=1.0, reach=reach)
        for short, longer in ((s.food_short, t.food_short), (s.cash_short, t.cash_short)):
            assert ((short >= 0) & (short <= 1)).all()
            assert (longer >= short - 1e-12).all()


@pytest.mark.parametrize(("b_short", "b_news", "sign"), [(1.0, 0.2, 1), (0.0, 2.0, -1)])
def test_the_net_effect_of_a_cut_may_have_either_sign(b_short, b_news, sign):
    """After three days of a cut, with a crowd elsewhere: less news against empty shops."""
    set_ = {"shortage.b_short": b_short, "shortage.idle": 0.5 * b_short, "news.b_news": b_news}
    there = {"on_street": crowd(milltown=60)}
    free, cut = (Bench("shortage", "news", settings=set_) for _ in range(2))
    for hour in range(72):
        a = free.step(hour, **there)
        b = cut.step(hour, cut=1.0, reach=0.05, **there)
    g = free.group(HARBOUR, "trade")
    gain = (b.urge[g] - b.group_cost[g]) - (a.urge[g] - a.group_cost[g])
    assert np.sign(gain) == sign
