"""Forces on the tiny case: duty, fatigue, losses and returns, passivity and its three causes, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import HARBOUR, MILLTOWN, Bench, at, stepped, tiny
from groundswell.domains import all_mechanisms
from groundswell.domains.state.forces import tired

POLICE_HARBOUR, POLICE_MILLTOWN, GUARD, ARMY, SERVICE, NORTH, SOUTH = 0, 3, 6, 7, 8, 9, 10
HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE = 6, 7, 8
STOCKS = ("unit_people", "unit_recovering", "unit_unarmed", "unit_gone_home", "unit_gone_over", "unit_lost")


def of(unit: int, value: float, units: int = 11) -> np.ndarray:
    """(U,) a value for one unit."""
    out = np.zeros(units)
    out[unit] = value
    return out


def fighting(spot: int, people: int) -> np.ndarray:
    """(S, 2) people who fight at one spot."""
    out = np.zeros((13, 2), int)
    out[spot, 1] = people
    return out


def accounted(s) -> np.ndarray:
    return sum(getattr(s, name) for name in STOCKS)


# -- duty and fatigue ------------------------------------------------------------------------------------------


def test_a_quiet_hour_by_hand():
    s = Bench("forces").step(0)
    # 60, 25, 10, 80, 25, 20 police at 0.3, halves up; 40 of the guard at 0.3; army and service in barracks
    assert s.unit_on_duty.tolist() == [18, 8, 3, 24, 8, 6, 12, 0, 0, 0, 0]
    assert s.unit_people.tolist() == [60, 25, 10, 80, 25, 20, 40, 120, 15, 0, 0]  # allied contingents are abroad
    assert s.unit_arms.tolist()[:9] == [18, 8, 3, 24, 8, 6, 20, 108, 12]
    assert s.unit_place.tolist() == [0, 1, 2, 3, 4, 5, 0, 3, 0, 0, 3]
    assert not s.fatigue.any()  # 0.3 / 36 - 0.7 / 12 < 0
    assert not (s.unit_passive.any() or s.unit_exhausted.any() or s.gone_over.any())


def test_an_emergency_calls_the_army_and_longer_shifts():
    b = Bench("forces")
    s = b.step(0, emergency=at(MILLTOWN, 1.0))
    assert s.unit_on_duty.tolist() == [18, 8, 3, 56, 8, 6, 12, 84, 0, 0, 0]  # 0.7 of 80 police and 120 of the army
    assert not s.fatigue.any()  # 0.7 / 36 - 0.3 / 12 = -0.0056: a shift of 0.7 can be kept up
    s = b.step(1, crowd=fighting(11, 200), emergency=0.0)  # an alarm in Milltown leaves the army in barracks
    assert s.unit_on_duty[[POLICE_MILLTOWN, ARMY]].tolist() == [80, 0]
    s = b.step(2, crowd=0)
    assert s.unit_on_duty[ARMY] == 0


def test_people_who_fight_bring_everybody_out_until_they_are_exhausted():
    b = Bench("forces")
    s = b.step(0, crowd=fighting(HARBOUR_SQUARE, 19))
    assert s.unit_on_duty[[POLICE_HARBOUR, GUARD]].tolist() == [18, 12]  # 19 are too few for an alarm
    for hour in range(36):
        s = b.step(1 + hour, crowd=fighting(HARBOUR_HALL, 20))
        assert s.unit_on_duty[[POLICE_HARBOUR, GUARD, SERVICE]].tolist() == [60, 40, 15]
        assert s.fatigue[POLICE_HARBOUR] == pytest.approx((hour + 1) / 36)
        assert s.fatigue[POLICE_MILLTOWN] == 0.0
    s = b.step(37)  # 37 / 36: beyond 1
    assert s.fallen_back[[POLICE_HARBOUR, GUARD, POLICE_MILLTOWN]].tolist() == [1, 1, 0]
    s = b.step(38)
    assert s.unit_on_duty[[POLICE_HARBOUR, GUARD]].tolist() == [0, 0]
    assert s.unit_exhausted[[POLICE_HARBOUR, GUARD]].tolist() == [60, 40]
    assert s.passive_exhaustion.tolist() == [115, 0, 0, 0, 0, 0]
    assert s.fatigue[GUARD] == pytest.approx(37 / 36 - 1 / 12)
    hours = 1
    while s.fallen_back[GUARD]:
        s = b.step(38 + hours)
        hours += 1
    assert hours == 7  # 37/36 - 7/12 = 0.444, the first value below 0.5
    s = b.step(38 + hours)
    assert s.unit_on_duty[GUARD] == 40
    assert s.passive_exhaustion[HARBOUR] == 0


def test_outsiders_who_fight_are_an_alarm_too():
    s = Bench("forces").step(0, outsiders=np.eye(13)[HARBOUR_SQUARE] * 20)
    assert s.unit_on_duty[POLICE_HARBOUR] == 60


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.floats(18, 72), st.floats(4, 24))
def test_fatigue_stays_in_its_bounds(duty, t_on, t_off):
    fatigue = np.zeros(1)
    for share in duty:
        before = fatigue
        fatigue = tired(fatigue, np.array([share]), t_on, t_off, 1.0)
        assert fatigue >= 0.0
        assert fatigue <= before + 1.0 / t_on + 1e-12


# -- passivity -------------------------------------------------------------------------------------------------


def test_three_causes_have_one_face_and_the_first_counts():
    b = Bench("forces")
    fallen = of(POLICE_HARBOUR, 1.0) + of(POLICE_MILLTOWN, 1.0) + of(GUARD, 1.0)
    refusal = of(POLICE_HARBOUR, 1) + of(GUARD, 1)
    s = b.step(0, fallen_back=fallen, fatigue=fallen, refusal=refusal, stand_by=of(POLICE_HARBOUR, 1.0))
    # 18 police by order, whatever else; 12 of the guard refuse, tired or not; 24 police of Milltown are exhausted
    assert s.passive_order.tolist() == [18, 0, 0, 0, 0, 0]
    assert s.passive_disloyalty.tolist() == [12, 0, 0, 0, 0, 0]
    assert s.passive_exhaustion.tolist() == [0, 0, 0, 24, 0, 0]
    assert s.unit_on_duty.tolist() == [0, 8, 3, 0, 8, 6, 0, 0, 0, 0, 0]
    assert s.unit_passive[[POLICE_HARBOUR, GUARD]].tolist() == [18, 12]
    assert s.unit_exhausted[POLICE_MILLTOWN] == 24
    assert (s.fatigue[[POLICE_HARBOUR, POLICE_MILLTOWN, GUARD]] == 1 - 1 / 12).all()  # they rest


def test_an_order_to_a_place_holds_for_all_its_units():
    b = Bench("forces")
    s = b.step(0, stand_by_order=at(HARBOUR, 1.0))
    assert s.unit_on_duty[[POLICE_HARBOUR, GUARD]].tolist() == [0, 0]
    assert s.passive_order[HARBOUR] == 30
    s = b.step(1, stand_by_order=0.0)
    assert s.unit_on_duty[[POLICE_HARBOUR, GUARD]].tolist() == [18, 12]
    assert not s.passive_order.any()


def test_nobody_reads_the_causes():
    logs = {"passive_order", "passive_disloyalty", "passive_exhaustion"}
    for m in all_mechanisms().values():
        assert not logs & {*m.reads, *m.lags, *m.adds}, m.name


def test_who_goes_home_leaves_arms_and_returns_who_goes_over_takes_them():
    b = Bench("forces")
    s = b.step(0, refusal=of(POLICE_HARBOUR, 2) + of(GUARD, 3))
    assert s.unit_gone_home[POLICE_HARBOUR] == 60
    assert s.unit_people[[POLICE_HARBOUR, GUARD]].tolist() == [0, 0]
    assert s.unit_gone_over[GUARD] == s.gone_over[HARBOUR] == 40
    assert s.arms_gone_over[HARBOUR] == 20  # half of the guard carry firearms
    assert s.unit_arms[[POLICE_HARBOUR, GUARD]].tolist() == [18, 0]
    assert s.passive_disloyalty[HARBOUR] == 30  # 18 and 12 would be on duty
    assert not s.unit_passive.any()  # they are not there
    s = b.step(1, refusal=of(GUARD, 3))
    assert (s.unit_people[POLICE_HARBOUR], s.unit_on_duty[POLICE_HARBOUR]) == (60, 18)
    assert s.arms_gone_over[HARBOUR] == 0
    assert s.gone_over[HARBOUR] == 40
    assert s.passive_disloyalty[HARBOUR] == 12
    s = Bench("forces", start={"passive_disloyalty": 5, "passive_order": 5, "passive_exhaustion": 5}).step(0)
    assert not (s.passive_disloyalty.any() or s.passive_order.any() or s.passive_exhaustion.any())
    s = b.step(2)
    np.testing.assert_array_equal(accounted(s)[:9], tiny().units.people[:9])


# -- losses and returns ----------------------------------------------------------------------------------------


def test_losses_of_the_hour_before_by_hand():
    never = {"forces.recovery_h": 1e12, "forces.rearming_h": 1e12}
    b = Bench("forces", settings=never)
    losses = {"unit_dead": of(GUARD, 2), "unit_injured": of(GUARD, 5), "unit_disarmed": of(GUARD, 3)}
    s = b.step(0, **losses, unit_arms_lost=of(GUARD, 4))
    assert [int(getattr(s, name)[GUARD]) for name in STOCKS] == [30, 5, 3, 0, 0, 2]
    assert s.unit_arms[GUARD] == 16
    assert s.unit_on_duty[GUARD] == 9
    s = b.step(1, unit_dead=of(GUARD, 50), unit_injured=0, unit_disarmed=0, unit_arms_lost=0)
    assert [int(getattr(s, name)[GUARD]) for name in STOCKS] == [0, 5, 3, 0, 0, 32]  # never more than there are


@pytest.mark.statistical
def test_the_injured_return_after_their_mean_time():
    b = Bench("forces", settings={"forces.recovery_h": 10.0, "forces.rearming_h": 5.0})
    b.step(0, unit_injured=np.full(11, 20), unit_people=1000)
    hours = np.zeros(11)
    for step in range(1, 200):
        hours += b.step(step, unit_injured=0).unit_recovering
    # each of 20 is off for 1 / (1 - exp(-1/10)) = 10.508 hours in the mean, the last of them not counted
    own = hours[:9].sum() / (9 * 20)
    assert own == pytest.approx(1 / (1 - np.exp(-0.1)), rel=0.2)


flows = st.lists(st.integers(0, 12), min_size=11, max_size=11)
hour = st.fixed_dictionaries(
    {
        "unit_dead": flows,
        "unit_injured": flows,
        "unit_disarmed": flows,
        "refusal": st.lists(st.integers(0, 2), min_size=11, max_size=11),
        "allied_people": st.integers(0, 20),
        "emergency": st.integers(0, 1),
    }
)


@settings(max_examples=30, deadline=None)
@given(st.lists(hour, min_size=1, max_size=12), st.integers(0, 99))
def test_people_of_the_force_are_conserved(hours, seed):
    b = Bench("forces", settings={"forces.recovery_h": 5.0, "forces.rearming_h": 3.0}, seed=seed)
    strength = tiny().units.people
    for step, values in enumerate(hours):
        allied = np.where(tiny().units.allied, values["allied_people"], 0)
        s = b.step(step, **{**values, "allied_people": allied})
        for name in STOCKS:
            assert (getattr(s, name) >= 0).all(), name
        np.testing.assert_array_equal(accounted(s)[:9], strength[:9])
        assert (accounted(s)[9:] <= strength[9:]).all()
        assert (s.unit_people[9:] <= allied[9:]).all()
        for part in (s.unit_on_duty, s.unit_passive, s.unit_exhausted):
            assert (part >= 0).all()
        assert (s.unit_on_duty + s.unit_passive + s.unit_exhausted <= s.unit_people).all()


# -- allies and rest -------------------------------------------------------------------------------------------


def test_allied_people_are_there_when_they_are_there():
    b = Bench("forces")
    s = b.step(0, allied_people=of(NORTH, 30.0))
    assert s.unit_people[[NORTH, SOUTH]].tolist() == [30, 0]
    assert s.unit_on_duty[NORTH] == 21  # at 0.7
    s = b.step(1, unit_dead=of(NORTH, 4))
    assert s.unit_people[NORTH] == 26
    s = b.step(2, unit_dead=0, allied_people=0.0)
    assert s.unit_people[NORTH] == 0


def test_at_rest_nothing_is_worked_out_anew_and_nothing_is_forgotten():
    b = Bench("forces")
    steps = stepped(b.mechanisms[0])
    b.step(0)
    b.step(1)
    rest = b.step(2).unit_on_duty.copy()
    assert steps == [0, 1]
    s = b.step(3, emergency=1.0)
    assert steps == [0, 1, 3]
    assert (s.unit_on_duty > rest)[:9].all()
    for step in range(4, 8):
        s = b.step(step, emergency=0.0)
    assert steps[-1] < 7
    np.testing.assert_array_equal(s.unit_on_duty, rest)
    s = b.step(8, unit_injured=of(POLICE_HARBOUR, 4))
    assert (s.unit_recovering[POLICE_HARBOUR], s.unit_on_duty[POLICE_HARBOUR]) == (4, 17)  # 0.3 * 56
    step = 9
    while s.unit_recovering.any():
        s = b.step(step, unit_injured=0)
        assert s.unit_on_duty[POLICE_HARBOUR] == np.floor(0.3 * s.unit_people[POLICE_HARBOUR] + 0.5)
        step += 1
    assert s.unit_people[POLICE_HARBOUR] == 60
    assert step > 20


def test_without_duty_there_is_no_force():
    none = dict.fromkeys(("forces.on_duty", "forces.emergency_duty", "forces.alarm_duty"), 0.0)
    b = Bench("forces", "deployment", settings=none)
    for step, emergency in enumerate((0.0, 1.0)):
        s = b.step(step, emergency=emergency, crowd=fighting(HARBOUR_SQUARE, 200))
        assert not (s.force.any() or s.force_passive.any() or s.unit_on_duty.any())
