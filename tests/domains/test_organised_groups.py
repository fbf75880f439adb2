"""Organised groups: size, start, targets, losses, arms, calls and leaving, worked out by hand."""

from __future__ import annotations

import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, kstest

import groundswell as gs
from domains.harness import FLARE, HARBOUR, Bench, case_with
from groundswell.domains import all_mechanisms
from groundswell.domains.state.organised_groups import BAND_LOSS, KINDS, apportion, pull
from groundswell.engine.random import binomial
from groundswell.play.change import Change
from groundswell.play.plan import Plan
from groundswell.play.run import prepare
from groundswell.world.geography import between_km
from groundswell.world.world import World, build

# Spots of the tiny case: 0-5 the open ground of places, then its sites.
HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE, FLARE_GATE, FLARE_HALL, MILLTOWN_SQUARE, MILLTOWN_HALL = range(6, 13)
# Groups of the tiny case: smugglers (criminal, shops and police of the coast, hour 67 since the coast keeps UTC+0,
# leave under force) and a radio (exile, administrations everywhere, hour 36, message, leaves when networks are cut).
SMUGGLERS, RADIO, THIRD = range(3)
FOUNDER, SERVICE = 1, 2
BUSY = 4  # what a machine that does other work too may take beyond the limits


def bench(world=None, seed=1, start=None, **given_parameters) -> Bench:
    named = {f"organised_groups.{k}": v for k, v in given_parameters.items()}
    return Bench("organised_groups", world=world, settings=named, seed=seed, start=start)


def close(value: float):
    return pytest.approx(value, rel=1e-5)


def spots(**values: float) -> np.ndarray:
    """(13,) one value at each spot named by its constant."""
    out = np.zeros(13)
    for name, value in values.items():
        out[globals()[name.upper()]] = value
    return out


@pytest.fixture(scope="module")
def third(tmp_path_factory) -> World:
    """The tiny case with a faction's group for the two administrations of Harbour and Milltown."""
    row = {
        "group": "third", "name": "Third", "kind": "faction", "scope": "harbour;milltown", "targets": "administration",
        "start_local": "2030-03-01T06:00", "arms_brought_share": "0.1", "arms_issued_share": "0.5", "message": "false",
        "leaves_when": "head_arrested",
    }  # fmt: skip
    add = lambda rows: [*rows, {**rows[0], **row}]  # noqa: E731
    return build(case_with(tmp_path_factory.mktemp("g") / "c", {"groups.csv": add}))


# -- pure functions ------------------------------------------------------------------------------------------------


def test_apportion_by_largest_remainders():
    town = np.array([0, 0, 2, 2, 2])
    # 10 in 2 : 1 is 6.67 and 3.33; 7 in 1 : 1 : 2 is 1.75, 1.75, 3.5: the two largest remainders get one more each
    assert apportion(np.array([10, 0, 7]), town, np.array([2, 1, 1, 1, 2.0])).tolist() == [7, 3, 2, 2, 3]
    assert apportion(np.array([0, 0, 1]), town, np.ones(5)).tolist() == [0, 0, 1, 0, 0]
    assert apportion(np.array([5, 0, 0]), town, np.array([0, 1.0, 0, 0, 0])).tolist() == [0, 5, 0, 0, 0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(1e-6, 1e6)), min_size=1, max_size=12), st.integers(0, 5000))
def test_apportion_keeps_every_person(targets, people):
    town = np.array([t for t, _ in targets])
    total = np.where(np.isin(np.arange(4), town), people, 0)
    weight = np.array([w for _, w in targets])
    out = apportion(total, town, weight)
    assert (np.bincount(town, out, 4) == total).all()
    exact = total[town] * weight / np.bincount(town, weight, 4)[town]
    assert (np.abs(out - exact) < 1 + 1e-6).all()


def test_pull_of_targets():
    town = np.array([0, 0, 1])
    walk, crowd = np.array([1.0, 0.5, 0.5]), np.array([0, 99, 0])
    assert pull(walk, crowd, np.ones(3), town, 0.5) == close([1, 5, 0.5])
    assert pull(walk, crowd, np.array([1, 0, 0]), town, 0.5) == close([1, 0, 0.5])  # town 1 has no other target


# -- start and targets ---------------------------------------------------------------------------------------------


def test_start_and_spread():
    b = bench(exile_people=100.0)
    assert b.step(35).outsiders.sum() == 0
    s = b.step(36)
    # towns with administrations: Harbour 12,000, Flare 7,000, Milltown 18,000: 32.43, 18.92, 48.65
    assert s.outsiders.tolist() == spots(harbour_hall=32, flare_hall=19, milltown_hall=49).tolist()
    assert s.band_people.tolist() == [0, 100]
    assert s.outsiders_armed.sum() == 0
    assert b.s.band_start_h[RADIO] == 36.0
    b = bench(exile_people=100.0, exile_start_h=2.0)
    assert b.step(1).outsiders.sum() == 0
    assert b.step(2).outsiders.sum() == 100


def test_all_at_the_only_target_with_their_arms():
    s = bench(criminal_people=50.0, criminal_start_h=0.0).step(0)
    assert s.outsiders.tolist() == spots(harbour_police=50).tolist()
    assert s.outsiders_armed.tolist() == spots(harbour_police=10).tolist()  # 0.2 of them
    assert s.arms_brought.sum() == 0  # they carry their arms; the crowd has none of them


def test_without_a_target_they_stand_where_people_gather(tmp_path):
    shops = lambda rows: [{**r, "targets": "shops"} for r in rows]  # noqa: E731
    b = bench(build(case_with(tmp_path / "c", {"groups.csv": shops})), criminal_people=24.0, criminal_start_h=0.0)
    # the coast: Harbour 12,000 at its square, Flare 7,000 at the gate (its assembly point), Dunes 5,000 on open ground
    assert b.step(0).outsiders.tolist() == [0, 0, 5, 0, 0, 0, 12, 7, 0, 0, 0, 0, 0][:6] + [12, 0, 0, 7, 0, 0, 0]


def test_they_move_to_crowds_and_to_what_is_still_held(tmp_path):
    both = lambda rows: [{**r, "targets": "administration;police", "scope": "harbour"} for r in rows]  # noqa: E731
    b = bench(build(case_with(tmp_path / "c", {"groups.csv": both})), criminal_people=100.0, criminal_start_h=0.0,
              walk_cost=0.5, crowd_pull=0.5)  # fmt: skip
    w = b.w
    lat, lon = w.spots.lat_deg, w.spots.lon_deg
    walk = [float(between_km(lat[x], lon[x], lat[6], lon[6])) / 4.5 for x in (HARBOUR_HALL, HARBOUR_POLICE)]
    ratio = np.exp(-0.5 * (walk[0] - walk[1]))
    hall = round(100 * ratio / (1 + ratio))
    assert b.step(0).outsiders.tolist() == spots(harbour_hall=hall, harbour_police=100 - hall).tolist()
    people = np.zeros((13, 2))
    people[HARBOUR_POLICE] = [60, 39]
    hall = round(100 * ratio / (10 + ratio))
    assert b.step(1, crowd=people).outsiders.tolist() == spots(harbour_hall=hall, harbour_police=100 - hall).tolist()
    held = np.ones(13)
    held[HARBOUR_POLICE] = 0
    assert b.step(2, site_held=held).outsiders.tolist() == spots(harbour_hall=100).tolist()
    held[HARBOUR_HALL] = 0
    assert b.step(3, site_held=held).outsiders.tolist() == spots(harbour_hall=hall, harbour_police=100 - hall).tolist()


def test_scale_of_the_world_and_several_groups_of_a_kind(tmp_path):
    twice = lambda rows: [*rows, {**rows[0], "group": "others"}]  # noqa: E731
    case = case_with(tmp_path / "c", {"groups.csv": twice})
    s = bench(build(case), criminal_people=50.0, criminal_start_h=0.0).step(0)
    assert s.band_people.tolist() == [25, 0, 25]
    s = bench(build(case, 0.2), criminal_people=50.0, criminal_start_h=0.0).step(0)
    assert s.band_people.tolist() == [5, 0, 5]


# -- losses --------------------------------------------------------------------------------------------------------

HARM = {"hit_rate_at": 0.2, "arrest_rate_at": 0.1, "disperse_rate_at": 0.3, "lethality_at": 0.25}


def test_losses_of_an_hour_are_keyed_draws():
    b = bench(criminal_people=1000.0, criminal_start_h=0.0)
    b.step(0)
    s = b.step(1, **{k: spots(harbour_police=v) for k, v in HARM.items() if k != "lethality_at"})
    # 0.6 an hour: 1 - exp(-0.6) = 0.451188; the key is the group's cell of the spot
    lost = int(binomial(1, BAND_LOSS, 0 * 19 + HARBOUR_POLICE, 1, 1000, 0.4511884)[()])
    out = int(s.band_out[SMUGGLERS, HARBOUR])
    assert s.band_people[SMUGGLERS] == 1000 - lost
    assert int(s.band_injured[SMUGGLERS] + s.band_arrested[SMUGGLERS]) + out == lost
    assert s.band_dead.sum() == s.band_left.sum() == 0


def test_losses_have_their_distribution():
    dead, hurt, held, out = [], [], [], []
    b = bench(criminal_people=400.0, criminal_start_h=0.0, leave_hazard=0.0)
    b.step(0)
    for step in range(1, 301):
        b.set({"band_at": 0, "band_out": 0})
        b.s.band_at[SMUGGLERS, HARBOUR_POLICE] = 400
        s = b.step(step, **{k: spots(harbour_police=v) for k, v in HARM.items()})
        dead.append(int(s.band_dead[SMUGGLERS]))
        hurt.append(int(s.band_injured[SMUGGLERS]))
        held.append(int(s.band_arrested[SMUGGLERS]))
        out.append(int(s.band_out[SMUGGLERS].sum()))
        assert s.band_at[SMUGGLERS].sum() == 400 - dead[-1] - hurt[-1] - held[-1] - out[-1]
        at_harbour = (
            int(s.outsiders_dead[HARBOUR]),
            int(s.outsiders_injured[HARBOUR]),
            int(s.outsiders_arrested[HARBOUR]),
        )
        assert at_harbour == (dead[-1], hurt[-1], held[-1])
    lost = 0.4511884
    for counts, share in ((dead, 0.25 / 3), (hurt, 0.75 / 3), (held, 1 / 6), (out, 1 / 2)):
        p = lost * share
        assert abs(np.mean(counts) - 400 * p) < 4 * np.sqrt(400 * p * (1 - p) / 300)
        jitter = np.random.default_rng(1).uniform(size=300)
        u = binom.cdf(np.array(counts) - 1, 400, p) + jitter * binom.pmf(counts, 400, p)
        assert kstest(u, "uniform").pvalue > 1e-3


def test_dispersed_members_come_back():
    b = bench(criminal_people=600.0, criminal_start_h=0.0, regroup_h=6.0)
    b.step(0)
    b.step(1, disperse_rate_at=spots(harbour_police=50.0))  # everybody
    assert b.s.band_people[SMUGGLERS] == 0
    assert b.s.band_out[SMUGGLERS, HARBOUR] == 600
    s = b.step(2, disperse_rate_at=0.0)
    assert s.band_people[SMUGGLERS] == pytest.approx(600 * (1 - np.exp(-1 / 6)), abs=40)
    for hour in range(3, 60):
        s = b.step(hour)
    assert s.band_people[SMUGGLERS] == pytest.approx(600, abs=3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 3)] * 3, st.floats(0, 1)), min_size=3, max_size=8), st.integers(1, 99))
def test_members_are_conserved(hours, seed):
    b = bench(seed=seed, criminal_people=80.0, exile_people=200.0, criminal_start_h=0.0, exile_start_h=1.0)
    gone = np.zeros(2, int)
    arms = 0
    for step, (hit, arrest, disperse, lethality) in enumerate(hours):
        rates = {"hit_rate_at": hit, "arrest_rate_at": arrest, "disperse_rate_at": disperse, "lethality_at": lethality}
        s = b.step(step, **rates, allied_share=float(step > 3), cut=float(step > 4))
        gone += s.band_dead + s.band_injured + s.band_arrested + s.band_left
        for name in ("dead", "injured", "arrested"):
            assert getattr(s, f"outsiders_{name}").sum() == getattr(s, f"band_{name}").sum()
        arms += int(s.arms_brought.sum())
        there = s.band_people + s.band_out.sum(axis=1)
        assert (there + gone == [80, 200 if step >= 1 else 0]).all()
        assert s.outsiders.sum() == s.band_people.sum()
        assert (s.outsiders_armed <= s.outsiders).all()
        assert (s.band_at >= 0).all()
        assert (s.band_out >= 0).all()
    assert arms <= gone[SMUGGLERS]


# -- leaving -------------------------------------------------------------------------------------------------------


def left(b: Bench, hours: int = 40, **values) -> list[int]:
    for hour in range(hours):
        s = b.step(hour, **(values if hour else {}))
        if hour == 0:
            people = s.band_people.copy()
    return (people - s.band_people - s.band_out.sum(axis=1)).tolist()


def test_who_leaves_when():
    on = {"criminal_people": 100.0, "criminal_start_h": 0.0, "exile_people": 90.0, "exile_start_h": 0.0}
    assert left(bench(**on)) == [0, 0]
    assert left(bench(**on), allied_share=0.1) == [pytest.approx(100, abs=1), 0]
    assert left(bench(**on), cut=1.0) == [0, pytest.approx(90, abs=1)]
    assert left(bench(**on), head_arrested=1.0) == [0, 0]
    only = np.zeros(6)
    only[FLARE] = 1  # a cut in one place: those there leave, 19 % of them
    assert left(bench(**on), cut=only) == [0, 17]


def test_live_fire_makes_them_leave_where_it_is():
    on = {"criminal_people": 1000.0, "criminal_start_h": 0.0, "regroup_h": 1e9, "leave_hazard": 0.5}
    fire = {"hit_rate_at": spots(harbour_police=1e-9), "lethality_at": spots(harbour_police=0.2)}
    gone = left(bench(**on), 2, **fire)[SMUGGLERS]
    assert gone == pytest.approx(1000 * (1 - np.exp(-0.5)), abs=60)
    elsewhere = {"hit_rate_at": spots(milltown_hall=1.0), "lethality_at": spots(milltown_hall=0.2)}
    assert left(bench(**on), 2, **elsewhere)[SMUGGLERS] == 0


# -- a faction's group ---------------------------------------------------------------------------------------------


def test_a_factions_group_waits_for_its_release(third):
    b = bench(third, faction_people=100.0)
    for hour in range(20):
        assert b.step(hour).outsiders.sum() == 0
    s = b.step(20, band_release=[0, 1])
    assert s.outsiders.tolist() == spots(harbour_hall=40, milltown_hall=60).tolist()
    assert b.s.band_start_h[THIRD] == 20.0
    early = bench(third, faction_people=100.0)  # before its row's hour, 6
    assert early.step(0, band_release=[0, 1]).outsiders.sum() == 100
    # the president's own release is nobody's
    other = bench(third, faction_people=100.0)
    assert other.step(20, band_release=[1, 0]).outsiders.sum() == 0


def test_called_back_it_goes_home(third):
    b = bench(third, faction_people=100.0)
    b.step(20, band_release=[0, 1])
    for hour in range(21, 60):
        s = b.step(hour, band_release=[0, 0])
    assert s.band_people[THIRD] == 0
    stays = bench(third, faction_people=100.0, faction_start_h=10.0)  # an hour that is set needs no release
    for hour in range(60):
        s = stays.step(hour)
    assert s.band_people[THIRD] == 100
    s = stays.step(60, head_arrested=1.0)
    for hour in range(61, 110):
        s = stays.step(hour)
    assert s.band_people[THIRD] == 0


def test_arms_are_issued_if_the_faction_commands_an_organ_with_arms(third):
    force = np.zeros(11)
    force[8] = 15  # the service in Harbour, 0.8 with firearms
    start = {"unit_people": force, "commander": [0, 1, 1, 0, 0, 0]}
    b = bench(third, start=start, faction_people=100.0, faction_start_h=0.0)
    s = b.step(0)
    assert s.outsiders_armed.tolist() == spots(harbour_hall=24, milltown_hall=36).tolist()  # 0.1 brought, 0.5 issued
    s = b.step(1, commander=[0, 0, 0, 0, 0, 0])  # arms that were issued stay with them
    assert s.outsiders_armed.sum() == 60
    b = bench(third, start=start, faction_people=100.0, faction_start_h=0.0)
    assert b.step(0, commander=[0, 1, 0, 0, 0, 0]).outsiders_armed.sum() == 10  # the council commands nobody
    b = bench(third, start=start, faction_people=100.0, faction_start_h=0.0)
    assert b.step(0, unit_people=0.0).outsiders_armed.sum() == 10
    b = bench(third, start=start, faction_people=2000.0, faction_start_h=0.0)
    b.step(0)
    s = b.step(1, hit_rate_at=50.0)  # all are hit: their arms fall to the crowds
    assert s.outsiders_armed.sum() == 0
    assert s.arms_brought.sum() == pytest.approx(200, abs=50)
    assert s.arms_issued.sum() == pytest.approx(1000, abs=90)
    assert s.arms_issued[HARBOUR] == pytest.approx(400, abs=60)
    assert b.step(2, hit_rate_at=0.0).arms_issued.sum() == 0


# -- calls ---------------------------------------------------------------------------------------------------------


def test_a_call_reaches_people_over_open_networks():
    b = bench(exile_people=10.0, exile_start_h=1.0, message=0.8)
    assert b.step(0).urge.sum() == 0
    s = b.step(1, reach=[1.0, 0.5, 1, 1, 1, 0.0])
    # mobile users: Harbour 0.90, Flare 0.88
    assert s.band_message[[HARBOUR, FLARE]] == close([0.72, 0.352])
    assert s.band_message[5] == 0.0
    assert s.urge[b.group(HARBOUR, "trade")] == close(0.72)
    assert s.urge[b.group(FLARE, "trade")] == close(0.352)
    s = b.step(2, arrest_rate_at=50.0, reach=1.0)  # all arrested: nobody calls any more
    assert s.band_arrested[RADIO] == 10
    assert s.urge.sum() == s.band_message.sum() == 0
    assert bench(criminal_people=10.0, criminal_start_h=0.0).step(0).urge.sum() == 0  # smugglers call nobody


# -- off -----------------------------------------------------------------------------------------------------------


def test_size_zero_is_off_to_the_bit():
    assert all(getattr(all_mechanisms()["organised_groups"].Parameters(), f"{k}_people") == 0 for k in KINDS)
    low = {"joining.theta": 9.0}
    zero = {f"organised_groups.{k}_people": 0.0 for k in KINDS} | {f"organised_groups.{k}_start_h": 1.0 for k in KINDS}
    off = gs.run("tiny", off=["organised_groups"], set=low, until="2030-03-04T00:00")
    on = gs.run("tiny", set=low | zero, until="2030-03-04T00:00")
    for name, values in off.recorder.hourly.items():
        np.testing.assert_array_equal(values, on.recorder.hourly[name], name)
    some = gs.run("tiny", set=low | {"organised_groups.exile_people": 5.0}, until="2030-03-04T00:00")
    assert (some.recorder.hourly["joined"] != on.recorder.hourly["joined"]).any()


def test_a_case_without_groups(tmp_path):
    b = bench(build(case_with(tmp_path / "c", {"groups.csv": lambda rows: []})), exile_people=10.0)
    assert b.step(0).outsiders.sum() == 0


@pytest.mark.slow
def test_an_hour_costs_microseconds():
    """30 us where nothing happens, 200 us where much does, on a machine of its own."""
    world = build(gs.load("kazakhstan-2022"))
    off = Bench("organised_groups", world=world, settings=None)
    now = off.now(130)
    assert min(timeit.repeat(lambda: off.mechanisms[0].step(now), number=20, repeat=50)) / 20 < BUSY * 30e-6
    on = Bench("organised_groups", world=world, settings={"organised_groups.faction_people": 300.0,
                                                          "organised_groups.faction_start_h": 100.0})  # fmt: skip
    on.step(100)
    assert on.s.outsiders.sum() == 300
    on.set({"hit_rate_at": 1e-6, "arrest_rate_at": 1e-6, "disperse_rate_at": 1e-6})
    m = on.mechanisms[0]
    assert min(timeit.repeat(lambda: m.step(now), number=5, repeat=50)) / 5 < BUSY * 200e-6


def test_a_run_that_is_resumed_goes_on_to_the_bit(third):
    """Factions that move, their group, smugglers and a radio: everything they remember stands in their variables."""
    groups = {"faction_people": 80.0, "criminal_people": 60.0, "criminal_start_h": 40.0, "exile_people": 40.0}
    choices = {"factions.intent": 1.0, "factions.start_h": 30.0, "joining.theta": 9.0}
    plan = Plan("tiny", change=Change(set={f"organised_groups.{k}": v for k, v in groups.items()} | choices))
    straight, *_ = prepare(plan, third.case, world=third)
    for _ in range(70):
        straight.advance()
    stopped = {k: np.array(v) for k, v in straight.arrays().items()}
    resumed, *_ = prepare(plan, third.case, world=third)
    resumed.restore(stopped)
    for _ in range(40):
        straight.advance()
        resumed.advance()
    assert straight.state.outsiders.sum() > 0
    assert np.isfinite(straight.state.band_start_h).sum() == 3
    for name, value in straight.state.arrays().items():
        np.testing.assert_array_equal(value, getattr(resumed.state, name), name)
