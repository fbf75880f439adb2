"""Redeployment on the tiny case: who is sent, how long it takes, who is missing meanwhile, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, at, crowd, tiny
from domains.test_forces import ARMY, GUARD, POLICE_MILLTOWN, of
from groundswell.domains.state.redeployment import nearest_first

ORDER = ("redeployment", "forces", "deployment")


def test_the_army_of_the_valley_comes_to_the_coast_by_hand():
    b = Bench(*ORDER)
    km = tiny().distance_km[MILLTOWN, HARBOUR]
    assert km == pytest.approx(78.624, abs=1e-3)
    need = {"redeploy_people": at(HARBOUR, 100.0), "emergency": at(HARBOUR, 1.0), "on_street": crowd(harbour=500)}
    s = b.step(0, **need)
    assert s.unit_target.tolist() == [-1, -1, -1, -1, -1, -1, -1, HARBOUR, -1, -1, -1]  # neither police nor own guard
    assert s.unit_travel_h[ARMY] == pytest.approx(6 + km / 40)  # 7.966 h
    assert s.unit_on_duty[ARMY] == 0
    s = b.step(1)
    for step in range(2, 8):
        s = b.step(step)
        assert s.unit_target[ARMY] == HARBOUR
        assert s.unit_on_duty[ARMY] == 0
    assert s.unit_travel_h[ARMY] == pytest.approx(0.9656, abs=1e-4)
    s = b.step(8)
    assert (s.unit_station[ARMY], s.unit_place[ARMY], s.unit_target[ARMY]) == (HARBOUR, HARBOUR, -1)
    assert s.unit_on_duty[ARMY] == 84  # 0.7 of 120
    # the order ends, the emergency stays: they stay; it is lifted with a crowd there: they stay; then they go home
    s = b.step(9, redeploy_people=0.0)
    s = b.step(10, emergency=0.0)
    assert s.unit_target[ARMY] == -1
    s = b.step(11, on_street=crowd(harbour=4))
    assert (s.unit_target[ARMY], s.unit_on_duty[ARMY]) == (MILLTOWN, 0)
    for step in range(12, 20):
        s = b.step(step)
    assert (s.unit_station[ARMY], s.unit_place[ARMY], s.unit_target[ARMY]) == (-1, MILLTOWN, -1)


def test_who_is_sent_is_missing_where_they_leave():
    b = Bench(*ORDER, start={"emergency": 1.0})
    before = b.step(0).force.copy()
    s = b.step(1, redeploy_people=at(HARBOUR, 1.0))
    milltown = tiny().spots.place == MILLTOWN
    assert before[milltown].sum() - s.force[milltown].sum() == pytest.approx(84)
    np.testing.assert_array_equal(before[~milltown], s.force[~milltown])
    for step in range(2, 11):
        s = b.step(step)
    harbour = tiny().spots.place == HARBOUR
    assert s.force[harbour].sum() - before[harbour].sum() == pytest.approx(84)
    assert s.unit_people.sum() == tiny().units.people[:9].sum()


def test_only_calm_regions_and_units_that_can():
    def sent(**values):
        s = Bench("redeployment", start=values).step(0, redeploy_people=at(HARBOUR, 500.0))
        return np.flatnonzero(s.unit_target >= 0).tolist()

    assert sent(unit_people=10) == [ARMY]
    assert sent(unit_people=10, on_street=crowd(milltown=13)) == []  # 13 of 25,384 adults are more than 5 in 10,000
    assert sent(unit_people=10, on_street=crowd(milltown=12)) == [ARMY]
    assert sent(unit_people=0) == []
    assert sent(unit_people=10, refusal=of(ARMY, 1)) == []
    assert sent(unit_people=10, fallen_back=of(ARMY, 1)) == []
    assert sent(unit_people=10, stand_by=of(ARMY, 1)) == []
    assert sent(unit_people=10, stand_by_order=at(MILLTOWN, 1.0)) == []


def test_the_largest_place_in_need_is_served_and_no_more_than_ordered():
    scope = at(HARBOUR, 60.0) + at(FLARE, 40.0)
    b = Bench("redeployment", start={"unit_people": of(ARMY, 120)})
    assert b.step(0, redeploy_people=scope).unit_target[ARMY] == HARBOUR
    b = Bench("redeployment", start={"unit_people": of(ARMY, 120)})
    assert b.step(0, redeploy_people=scope, on_street=crowd(flare=50)).unit_target[ARMY] == FLARE
    b = Bench("redeployment", start={"unit_people": of(ARMY, 120) + of(GUARD, 40)})
    s = b.step(0, redeploy_people=at(MILLTOWN, 60.0) + at(DUNES, 30.0))  # two regions, each from the other
    assert (s.unit_target[GUARD], s.unit_target[ARMY]) == (MILLTOWN, DUNES)
    s = b.step(1)
    assert s.unit_target[POLICE_MILLTOWN] == -1  # 40 of 60 are on their way and there are no more


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1000) | st.just(np.inf), st.integers(0, 500)), min_size=1, max_size=30),
    st.floats(0.1, 5000),
)
def test_nearest_first_and_enough(units, short):
    distance, strength = np.array([u[0] for u in units]), np.array([u[1] for u in units])
    chosen = nearest_first(distance, strength, short)
    possible = np.isfinite(distance) & (strength > 0)
    assert possible[chosen].all()
    rest = possible.copy()
    rest[chosen] = False
    if len(chosen) and rest.any():
        assert distance[chosen].max() <= distance[rest].min()
    if rest.any():
        assert strength[chosen].sum() >= short
    if len(chosen):
        assert strength[chosen[:-1]].sum() < short


def test_without_an_order_nobody_moves():
    b = Bench(*ORDER)
    for step in range(4):
        s = b.step(step, on_street=crowd(harbour=5000), emergency=1.0)
        assert (s.unit_target == -1).all()
        assert (s.unit_station == -1).all()
