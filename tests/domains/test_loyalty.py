"""Loyalty on the tiny case: L and the hazard by hand, ways of refusal, the return, and what can lower obedience."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, at, pinned, tiny
from domains.test_deployment import people
from domains.test_forces import ARMY, GUARD, NORTH, POLICE_HARBOUR, POLICE_MILLTOWN, SERVICE, SOUTH, of
from groundswell.domains import all_mechanisms
from groundswell.domains.state.loyalty import ASIDE, HOME, OBEYS, OVER, kinship, phi, way_of_refusal

UNITS = ("loyalty", "forces")
CROWD = people(harbour_square=(500, 0))
POLICE_FLARE = 1


def bench(*, seed: int = 1, start=None, **changes: float) -> Bench:
    return Bench(*UNITS, settings={f"loyalty.{k}": v for k, v in changes.items()}, seed=seed, start=start)


def test_loyalty_and_hazard_by_hand():
    b = bench()
    before = b.s.refusal_left.copy()
    s = b.step(0, crowd=CROWD, posture=at(HARBOUR, 2.0))
    # police of Harbour: 2.5 + 1 * 1 - 0.9 * (1 - exp(-50 * 500 / 8460)) - 2 / 5 = 3.5 - 0.853133 - 0.4
    assert s.loyalty[POLICE_HARBOUR] == pytest.approx(2.246867, abs=2e-6)
    # guard, recruited locally to 0.4: 3.5 - 0.4 * 0.947926 - 0.4; police of Milltown face nobody
    assert s.loyalty[GUARD] == pytest.approx(2.720830, abs=2e-6)
    assert s.loyalty[POLICE_MILLTOWN] == pytest.approx(3.5)
    # 500 people against 60 + 40 + 15: exposure 500 / 615 = 0.813008; 0.1 * 0.095620 * 0.813008
    fell = before - s.refusal_left
    assert phi(-2.246867) == pytest.approx(0.095620, abs=1e-6)
    assert fell[POLICE_HARBOUR] == pytest.approx(0.1 * 0.095620 * 0.813008, rel=1e-4)
    assert not fell[[POLICE_MILLTOWN, ARMY, NORTH]].any()


def test_every_term_moves_loyalty_by_its_weight():
    def loyalty(unit=POLICE_HARBOUR, **values):
        return bench().step(0, **({"crowd": CROWD} | values)).loyalty[unit]

    base = loyalty()
    assert loyalty(unity=0.4) == pytest.approx(base - 0.6)
    assert loyalty(belief=[0.8, 0.1]) == pytest.approx(base + 0.6)  # the interior ministry is the governor's
    assert loyalty(SERVICE, belief=[0.8, 0.1], commander=1) == pytest.approx(loyalty(SERVICE) - 0.8)
    assert loyalty(posture=at(HARBOUR, 5.0)) == pytest.approx(base - 1.0)
    assert loyalty(posture=at(MILLTOWN, 5.0)) == pytest.approx(base)
    assert loyalty(shoot=at(HARBOUR, 1.0)) == pytest.approx(base - 1.0)
    assert loyalty(fatigue=of(POLICE_HARBOUR, 0.5)) == pytest.approx(base - 0.5)
    # of the coast's 150 own people the police of Flare are 25, of those beside the police of Harbour 25 / 90
    assert loyalty(refusal=of(POLICE_FLARE, 1)) == pytest.approx(base - 25 / 90)
    assert loyalty(refusal=of(POLICE_MILLTOWN, 1)) == pytest.approx(base)  # another region
    # 120 of the army of the valley have come: 120 of 235 in town
    moved = of(ARMY, 1) > 0
    come = {"unit_station": np.where(moved, HARBOUR, -1), "unit_place": np.where(moved, HARBOUR, tiny().units.place)}
    assert loyalty(**come) == pytest.approx(base + 120 / 235)


def test_kin_are_at_home_only():
    come = {"unit_station": np.where(of(GUARD, 1) > 0, MILLTOWN, -1)}
    b = bench(start=come)
    b.step(0, crowd=0)  # the guard of Harbour is in Milltown now
    s = b.step(1, crowd=people(milltown_square=(500, 0)))
    relief = 40 / (80 + 120 + 40)
    assert s.loyalty[GUARD] == pytest.approx(3.5)
    assert s.loyalty[POLICE_MILLTOWN] == pytest.approx(3.5 + relief - 0.9 * -np.expm1(-50 * 500 / 12692))


def test_ways_of_refusal_by_hand():
    # L = 1: aside below phi(1.5) = 0.817574, home below phi(3) = 0.952574, else over
    draws = (0.0, 0.817, 0.818, 0.952, 0.953, 0.999)
    assert [way_of_refusal(1.0, u, 0.5, 2.0) for u in draws] == [ASIDE, ASIDE, HOME, HOME, OVER, OVER]
    assert [way_of_refusal(-6.0, u, 0.5, 2.0) for u in (0.001, 0.01, 0.1)] == [ASIDE, HOME, OVER]


def test_a_unit_refuses_when_its_hazard_has_added_up_and_later_obeys_again():
    b = bench(base=1.0, unity=0.0, kin=0.0, rate=0.4, aside=50.0, back=0.2)
    b.step(0, crowd=0)
    b.s.refusal_left[:] = 1.0
    hazard = 0.4 * float(phi(-1.0)) * 500 / 615  # 0.0874 per hour: refuses in the 12th
    for step in range(1, 12):
        s = b.step(step, crowd=CROWD)
        assert (s.refusal == OBEYS).all()
    s = b.step(12)
    assert 11 * hazard < 1 <= 12 * hazard
    assert s.refusal.tolist() == [ASIDE, 0, 0, 0, 0, 0, ASIDE, 0, ASIDE, 0, 0]
    assert s.refusal_spell[POLICE_HARBOUR] == 1
    assert s.refused_under[[POLICE_HARBOUR, POLICE_MILLTOWN]].tolist() == [0, -1]
    assert s.unit_passive[POLICE_HARBOUR] == 18  # the forces see it in the same hour
    # back at 0.2 * phi(L), L = 1 - the share of the others who refuse, crowd or not
    s.refusal_left[:] = 0.5
    left = 0.5 - 0.2 * float(phi(1.0 - (40 + 15) / 90))
    s = b.step(13, crowd=0)
    assert s.refusal_left[POLICE_HARBOUR] == pytest.approx(left)
    s = b.step(14, patron_removed=1.0)  # something new above: three times as fast
    assert s.refusal_left[POLICE_HARBOUR] == pytest.approx(left - 3 * (0.5 - left))
    for step in range(15, 30):
        s = b.step(step)
    assert (s.refusal == OBEYS).all()
    assert s.refused_under[POLICE_HARBOUR] == -1
    assert s.refusal_spell[POLICE_HARBOUR] == 2


def test_a_new_commander_brings_a_unit_back_sooner():
    def left(commander):
        b = bench(start={"refusal": of(POLICE_HARBOUR, HOME), "refused_under": 0})
        b.step(0, commander=0.0, belief=0.5)
        was = b.s.refusal_left[POLICE_HARBOUR]
        return was - b.step(1, commander=commander).refusal_left[POLICE_HARBOUR]

    assert left(1.0) == pytest.approx(3 * left(0.0))


def test_who_has_gone_over_stays():
    b = bench(back=0.2, start={"refusal": of(POLICE_HARBOUR, OVER)})
    for step in range(200):
        s = b.step(step)
    assert s.refusal[POLICE_HARBOUR] == OVER


IDLE = {
    "no crowd": {},
    "a small crowd": {"crowd": people(harbour_square=(12, 7), milltown_square=(19, 0), flare_gate=(0, 19))},
    "stand-by of the unit": {"crowd": CROWD, "stand_by": 1.0},
    "stand-by of the place": {"crowd": CROWD, "stand_by_order": 1.0},
}


@pytest.mark.parametrize("values", IDLE.values(), ids=IDLE)
def test_an_idle_garrison_has_nothing_to_refuse(values):
    for seed in range(5):
        b = bench(base=1.0, unity=0.0, rate=0.4, seed=seed)
        start = b.s.refusal_left.copy()
        for step in range(50):
            s = b.step(step, posture=5.0, shoot=1.0, belief=0.0, **values)
            assert (s.refusal == OBEYS).all()
        np.testing.assert_array_equal(s.refusal_left, start)


def test_units_that_rest_or_travel_face_nobody():
    for name, value in (("fallen_back", of(GUARD, 1.0)), ("unit_target", np.where(of(GUARD, 1) > 0, DUNES, -1))):
        b = bench(start={"fatigue": 0.9, name: value})
        before = b.s.refusal_left.copy()
        fell = before - b.step(0, crowd=CROWD).refusal_left
        assert fell[GUARD] == 0.0
        assert fell[POLICE_HARBOUR] > 0.0


def test_allied_contingents_are_not_asked():
    b = bench(rate=0.4)
    b.step(0, allied_people=of(NORTH, 30.0) + of(SOUTH, 20.0))
    before = b.s.refusal_left.copy()
    s = b.step(1, crowd=CROWD, belief=0.0)
    np.testing.assert_array_equal(s.refusal_left[[NORTH, SOUTH]], before[[NORTH, SOUTH]])


share = st.floats(0, 1)


@settings(max_examples=200, deadline=None)
@given(share, share, share, share)
def test_obedience_falls_with_kin_in_the_crowd(local, more, out, further):
    local, more = sorted((local, more))
    out, further = sorted((out, further))
    assert 0.0 <= kinship(local, out, 50.0) <= kinship(more, further, 50.0) <= more
    assert kinship(local, 0.0, 50.0) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(-1, 2), st.floats(0.5, 3), st.floats(0.001, 0.999))
def test_the_less_loyal_refuse_in_a_graver_way(low, high, cut, gap, u):
    low, high = sorted((low, high))
    assert way_of_refusal(low, u, cut, cut + gap) >= way_of_refusal(high, u, cut, cut + gap)


terms = st.fixed_dictionaries(
    {"posture": st.integers(0, 5), "unity": share, "belief": share, "fatigue": share, "people": st.integers(20, 9000)}
)


@settings(max_examples=40, deadline=None)
@given(terms, st.sampled_from(["posture", "unity", "belief", "fatigue", "people"]), st.floats(0, 1))
def test_each_strain_lowers_loyalty_and_raises_the_hazard(values, which, by):
    def played(v):
        b = bench(start={"fatigue": v["fatigue"]})
        before = b.s.refusal_left.copy()
        crowd = people(harbour_square=(v["people"], 0))
        s = b.step(0, crowd=crowd, posture=v["posture"], unity=v["unity"], belief=v["belief"])
        return s.loyalty[GUARD], before[GUARD] - s.refusal_left[GUARD]

    worse = dict(values)
    if which in ("unity", "belief"):
        worse[which] = values[which] * (1 - by)
    elif which == "posture":
        worse[which] = min(5, values[which] + round(5 * by))
    elif which == "people":
        worse[which] = values[which] + round(9000 * by)
    else:
        worse[which] = values[which] + by * (1 - values[which])
    (a, h), (c, k) = played(values), played(worse)
    assert c <= a + 1e-12
    assert k >= h - 1e-12


@pytest.mark.statistical
def test_refusals_come_at_their_hazard():
    """Share of nine units that have refused after 20 hours, over seeds, against 1 - exp(-20 * hazard)."""
    refused = 0
    for seed in range(150):
        b = bench(base=1.0, unity=0.0, kin=0.0, others=0.0, rate=0.1, back=0.0, seed=seed)
        crowd = np.full((13, 2), 1000)
        b.step(0, crowd=0)
        for step in range(1, 21):
            s = b.step(step, crowd=crowd, fatigue=0.0, fallen_back=0.0)
        refused += np.count_nonzero(s.refusal[[FLARE, DUNES]])
    # Flare: two spots and the ground, 6,000 people against 25; Dunes: 2,000 against 10
    chance = [1 - np.exp(-20 * 0.1 * float(phi(-1.0)) * c / (c + f)) for c, f in ((6000, 25), (2000, 10))]
    sd = np.sqrt(150 * sum(p * (1 - p) for p in chance))
    assert abs(refused - 150 * sum(chance)) < 3.5 * sd


def test_same_seed_same_refusals_and_luck_is_kept_when_the_crowd_grows():
    def first(people_out: int, seed: int = 3) -> list[int]:
        b = bench(base=1.0, unity=0.0, rate=0.4, back=0.0, seed=seed)
        hours = [10**6] * 11
        for step in range(60):
            s = b.step(step, crowd=people(harbour_square=(people_out, 0)))
            for unit in np.flatnonzero(s.refusal):
                hours[unit] = min(hours[unit], step)
        return hours

    assert first(400) == first(400)
    assert all(a >= b for a, b in zip(first(400), first(4000), strict=True))


def test_off_equals_no_rate_to_the_bit():
    low = pinned() | {"joining.theta": 7.0, "fighting.own": 0.05}
    off = gs.run("tiny", off=["loyalty"], set=low)
    weak = low | {"loyalty.base": 0.0, "loyalty.unity": 0.0}
    none, on = (gs.run("tiny", set=weak | {"loyalty.rate": rate}) for rate in (0.0, 1.0))
    own = {v.name for v in all_mechanisms()["loyalty"].writes}
    for name, kept in (off.recorder.hourly | off.recorder.daily).items():
        if name not in own:
            np.testing.assert_array_equal(kept, (none.recorder.hourly | none.recorder.daily)[name], name)
    assert not none.recorder.hourly["refusal"].any()
    assert on.recorder.hourly["refusal"].any()
    assert on.recorder.hourly["passive_disloyalty"].sum() > 0
