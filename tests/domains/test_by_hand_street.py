"""Joining, ties, leaving, rhythm, risk and backlash against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, at, case_with, changed, crowd
from groundswell.domains.street.risk import arrest_probability
from groundswell.world.world import build


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


# -- joining -------------------------------------------------------------------------------------------------


def test_joining_hazard_by_hand():
    b = Bench("joining")
    g = b.group(HARBOUR, "trade")
    s = b.step(0, urge=10.0, cost=at(HARBOUR, np.log(2)), group_cost=0.0, hour_factor=0.7)
    # 1 / (1 + exp(12.4 - 10)) = 1 / 12.02318 = 0.0831727; 0.02 * 0.7 * 0.5 * 0.0831727
    assert s.join_hazard[g] == close(5.82209e-4)
    assert s.join_hazard[b.group(MILLTOWN, "trade")] == close(2 * 5.82209e-4)
    assert s.join_hazard[b.children(HARBOUR)] == 0.0
    plain = float(s.join_hazard[g])
    s = b.step(0, urge=10.0, cost=at(HARBOUR, np.log(2)), group_cost=np.log(4), hour_factor=0.7)
    assert s.join_hazard[g] == close(plain / 4)
    s = b.step(0, urge=10.0, cost=at(HARBOUR, np.log(2)), group_cost=0.0, hour_factor=0.7)
    # slope: every adult's hazard times 1 - phi = 0.9168273
    assert s.join_slope[HARBOUR] == close(b.w.adults[HARBOUR] * 5.82209e-4 * 0.9168273)


def test_joining_sees_the_crowd_of_its_own_place_only():
    b = Bench("joining")
    n = round(b.w.adults[HARBOUR] / 100)
    share = n / b.w.adults[HARBOUR]  # 1 in 100, to the person
    s = b.step(0, urge=10.0, on_street=crowd(harbour=n))
    urge = 10 + 0.8 * np.log(1 + share / 0.001)  # 10 + 0.8 * ln 11 = 11.918 for 1 in 100
    assert urge == close(11.918316, rel=1e-3)
    assert s.urge[b.group(HARBOUR, "trade")] == close(urge)
    assert s.urge[b.group(FLARE, "trade")] == 10.0
    assert s.join_hazard[b.group(HARBOUR, "trade")] == close(0.02 / (1 + np.exp(12.4 - urge)))
    assert s.local_gain[HARBOUR] == close(0.8 / (0.001 + share) / b.w.adults[HARBOUR])


def test_the_threshold_gives_the_ordinary_rate_of_protest():
    """520 protests in 32 months, 75 people each, in 19.3 million: 8.6e-8 joins per inhabitant and hour."""
    b = Bench("joining", "valve", settings={"valve.spread": 0.0}, start={"relief": 1.0})
    s = b.step(0, hour_factor=1.0)
    assert s.join_hazard.max() == close(0.02 * np.exp(-12.4), rel=1e-3)
    assert s.join_hazard.max() == pytest.approx(8.6e-8, rel=0.06)  # nothing keeps people at home


def test_a_quiet_day_in_kazakhstan_has_its_ordinary_protests():
    """With nights, cold and police, at the values that the case has: joins before any step of a price."""
    world = build(gs.load("kazakhstan-2022"))
    names = ("joining", "valve", "rhythm", "risk", "engagement", "forces", "deployment")
    b = Bench(*names, world=world, settings=None, start={"relief": 1.0})
    size = world.cells.groups.size
    joins = sum(float((b.step(48 + h).join_hazard * size).sum()) for h in range(24))
    rate = joins / 24 / world.people.sum()
    assert 8.6e-8 / 2 < rate < 8.6e-8 * 2


# -- ties ----------------------------------------------------------------------------------------------------


def test_tie_hazards_are_gated_by_own_grievance():
    b = Bench("ties")
    g, plant = b.group(HARBOUR, "trade"), b.plant()
    grievance = np.zeros(b.w.groups)
    grievance[g] = 4.0
    group_cost = np.zeros(b.w.groups)
    group_cost[plant] = -1.0
    s = b.step(0, own_grievance=grievance, cost=at(HARBOUR, np.log(2)), group_cost=group_cost, hour_factor=0.5)
    assert s.tie_factor[g] == close(0.5 * 0.5 * 0.5)  # hour, cost, gate at its threshold
    assert s.tie_factor[plant] == close(0.5 * np.e / (1 + np.exp(4)))
    assert s.tie_beta.tolist() == [0.01, 0.05, 0.05]
    s = b.step(0, urge=50.0, own_grievance=0.0, cost=0.0, group_cost=0.0, hour_factor=1.0)
    assert s.tie_factor.max() == close(1 / (1 + np.exp(4)))  # news and crowds do not open the gate


# -- leaving -------------------------------------------------------------------------------------------------


def test_leaving_nights_and_tents():
    b = Bench("leaving")
    s = b.step(0, hour_factor=[0.1, 0.3, 0.7, 1.0, 0.5, 0.0])
    assert s.leave_factor == pytest.approx([1 / 0.3, 1 / 0.3, 1 / 0.7, 1.0, 2.0, 1 / 0.3])
    assert (float(s.leave_hazard), float(s.leave_growth)) == (0.15, 0.03)
    assert (float(s.rest_h), float(s.hold_h), float(s.recover_h)) == (8.0, 360.0, 168.0)
    for hour in range(11):
        s = b.step(1 + hour, hour_factor=1.0, on_street=crowd(harbour=100, flare=99))
    assert s.occupied_h.tolist() == [11, 0, 0, 0, 0, 0]
    assert (s.leave_factor == 1.0).all()
    s = b.step(12)
    assert s.leave_factor.tolist() == [0.5, 1, 1, 1, 1, 1]  # twelve hours in a row: tents stand
    s = b.step(13, on_street=crowd(harbour=99))
    assert s.occupied_h[HARBOUR] == 0
    assert s.leave_factor[HARBOUR] == 1.0


# -- rhythm --------------------------------------------------------------------------------------------------


def test_every_place_keeps_its_own_local_time():
    """At one moment it is 05:00 in the west, still night, and 06:00 in the east, where it is morning."""
    b = Bench("rhythm")
    s = b.step(6)  # the case starts at midnight of the valley
    assert b.now(6).local_hour.tolist() == [5, 5, 5, 6, 6, 6]
    assert s.hour_factor.tolist() == [0.1, 0.1, 0.1, 0.3, 0.3, 0.3]
    day = [float(b.step(h).hour_factor[MILLTOWN]) for h in range(24)]
    assert day == [0.1] * 6 + [0.3] * 3 + [0.7] * 6 + [1.0] * 7 + [0.5] * 2
    west = [float(b.step(h).hour_factor[HARBOUR]) for h in range(1, 25)]
    assert west == day  # the same day, an hour later on the run's clock


def test_a_holiday_is_a_local_day():
    b = Bench("rhythm")  # 3 March counts 0.8
    assert b.step(48).hour_factor.tolist() == [0.5, 0.5, 0.5, 0.1 * 0.8, 0.1 * 0.8, 0.1 * 0.8]
    assert b.step(49).hour_factor[HARBOUR] == pytest.approx(0.08)
    assert b.step(72).hour_factor == pytest.approx([0.5 * 0.8] * 3 + [0.1] * 3)
    assert b.now(0).local_day.tolist() == [-1, -1, -1, 0, 0, 0]


def test_cold_costs_by_the_degree(tmp_path):
    cold = changed(lambda r: r["region"] == "coast", night_c="-15", day_c="-5")
    b = Bench("rhythm", world=build(case_with(tmp_path / "c", {"climate.csv": cold})))
    assert b.step(4).cost[HARBOUR] == close(0.05 * 10)  # coldest at 03:00: ten degrees below the limit of -5
    assert b.step(16).cost[HARBOUR] == pytest.approx(0, abs=1e-9)  # warmest at 15:00: -5
    assert b.step(10).cost[HARBOUR] == close(0.05 * 5)  # half way, at 09:00
    assert b.step(4).cost[MILLTOWN] == 0.0  # -4 at its coldest


def test_curfew_acts_at_night_only_and_where_it_stands():
    b = Bench("rhythm")
    curfew = at(HARBOUR, 1.0)
    # 00:00 to 23:00 in Harbour
    hours = {h: float(b.step(h, curfew=curfew).cost[HARBOUR]) for h in range(1, 25)}
    night = [h for h, cost in hours.items() if cost > 0]
    assert night == [1, 2, 3, 4, 5, 6, 7, 24]  # 00-07 and 23-24
    assert hours[24] == close(-np.log(0.4))
    assert b.step(24, curfew=curfew).cost[DUNES] == 0.0


# -- risk ----------------------------------------------------------------------------------------------------


def test_epsteins_probability_of_arrest():
    # Epstein (2002): 1 - exp(-k C/A) with k = 2.3, so that one officer to one active person gives 0.9
    assert arrest_probability(1.0, 0.0) == pytest.approx(0.9, abs=5e-4)
    assert arrest_probability(1.0, 0.0) == close(1 - np.exp(-2.3))
    # real division: one officer to two gives 1 - exp(-1.15)
    assert arrest_probability(1.0, 1.0) == close(0.683363)
    assert arrest_probability(0.0, 10.0) == 0.0
    force = np.linspace(0, 50, 60)
    assert (np.diff(arrest_probability(force, 20.0)) > 0).all()
    assert (np.diff(arrest_probability(20.0, force)) < 0).all()


def test_risk_is_presence_and_memory_of_harm():
    b = Bench("risk")
    faced = {"on_street": crowd(harbour=35), "crowd_faced": crowd(harbour=35)}
    s = b.step(0, force_effective=at(HARBOUR, 18.0), arrested=crowd(harbour=5), **faced)
    # q = 1 - exp(-2.3 * 18 / 36) = 0.683363; Q = 5 / (35 + 5) = 0.125; 2 * (q + Q)
    assert s.risk[HARBOUR] == close(0.683363)
    assert s.deterrence[HARBOUR] == close(0.125)
    assert s.cost[HARBOUR] == close(1.616726)
    assert s.cost[MILLTOWN] == 0.0
    s = b.step(1, force_effective=at(HARBOUR, 18.0), arrested=0, crowd_faced=crowd(harbour=71))
    assert s.risk[HARBOUR] == close(0.437295)  # others at the same spot: 1 - exp(-2.3 * 18 / 72)
    assert s.deterrence[HARBOUR] == close(0.125 * 0.971532)  # 2**(-1/24)
    s = b.step(2, injured=crowd(harbour=1000), on_street=0)
    assert s.deterrence[HARBOUR] == 1.0  # a share: never above 1


# -- backlash ------------------------------------------------------------------------------------------------


def test_the_dead_weigh_more_than_the_injured():
    injured, dead = (Bench("backlash", settings={"backlash.reach_km": 1e12, "backlash.unlikeness": 0.0}) for _ in "ab")
    a = injured.step(0, injured=crowd(harbour=100)).backlash
    b = dead.step(0, dead=crowd(harbour=5)).backlash  # an injury counts 0.05 of a death
    assert a == pytest.approx(b)
    assert (b > 0).all()


def test_backlash_is_slow_and_wide():
    # With everybody in earshot (reach without end) and alike, each place hears of each by its population:
    # 12,000 / 60,000 of attention to Harbour, where 10 injured at 0.05 are 0.5 / 12,000 * 1e6 = 41.6667 per
    # million
    b = Bench("backlash", settings={"backlash.reach_km": 1e12, "backlash.unlikeness": 0.0})
    s = b.step(0, injured=crowd(harbour=10))
    told = 41.6667 * 0.2  # 8.33333; 0.153518 of it in the first hour
    assert s.backlash == pytest.approx(np.full(6, 0.153518 * told), rel=2e-5)
    assert s.urge[b.group(MILLTOWN, "trade")] == close(0.75 * np.log(1 + 1.279317))
    s = b.step(1, injured=0)
    # 1.279317 * 2**(-1/72) = 1.267060, and 0.153518 of the 7.054016 still on its way = 1.082919
    assert s.backlash[MILLTOWN] == close(2.349979)
    for hour in range(2, 400):
        s = b.step(hour)
    assert s.backlash[MILLTOWN] < 0.05 * told  # it fades
    assert s.harm_told[MILLTOWN] < 1e-9


def test_backlash_is_over_harm_to_those_who_do_not_fight():
    b, c = Bench("backlash"), Bench("backlash")
    one = b.step(0, injured=crowd(harbour=10), dead=crowd(harbour=3)).backlash.copy()
    fought = {"injured_fighting": crowd(harbour=40), "dead_fighting": crowd(harbour=7)}
    two = c.step(0, injured=crowd(harbour=50), dead=crowd(harbour=10), **fought).backlash
    assert two.tolist() == one.tolist()
    assert (one > 0).all()
    assert (
        Bench("backlash").step(0, injured=crowd(harbour=40), injured_fighting=crowd(harbour=40)).backlash == 0
    ).all()


def test_backlash_is_nearer_to_the_like_and_the_near():
    b = Bench("backlash")
    s = b.step(0, injured=crowd(harbour=10))
    assert s.backlash[HARBOUR] > s.backlash[MILLTOWN] > 0
    assert (s.urge[b.w.cells.groups.place == MILLTOWN] > 0).all()
