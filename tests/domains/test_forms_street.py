"""Forms of the base that concern the street, by hand: who is seen and can be moved, small numbers, memory, arrests.

Each is worked out where it acts, and shown to give the older form at its neutral value.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, ORCHARD, Bench, at, case_with, changed, crowd, tiny
from domains.street import FLARE_GATE, HARBOUR_SQUARE, MILL_SQUARE, spots, street
from groundswell.domains.state.factions import WAIT
from groundswell.domains.street.risk import arrest_probability
from groundswell.world.world import build

few = settings(max_examples=40, deadline=None)
people = st.lists(st.integers(0, 3000), min_size=6, max_size=6)
flows = st.lists(st.integers(0, 60), min_size=6, max_size=6)


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


def bench(name: str, world=None, **values: float) -> Bench:
    return Bench(name, world=world, settings={f"{name}.{k}": v for k, v in values.items()})


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The valley as one city of three districts: Milltown, Orchard, and Fields, which is rural; 25,384 adults."""
    valley = changed(lambda r: r["region"] == "valley", kind="city_district")
    return build(case_with(tmp_path_factory.mktemp("city") / "c", {"places.csv": valley}))


# -- joining: the crowd that is seen -------------------------------------------------------------------------------


def test_a_crowd_is_noticed_by_number_and_share():
    # A_0 / A = 50,000 / 8,460 = 5.910165, to the power of 0.9: 4.948116; 200 people over 8,460 * 4.948116 = 41,861.06
    # are 0.00477771; 0.8 * ln(1 + 4.77771) = 1.403206
    b = bench("joining", size_power=0.1)
    s = b.step(0, urge=10.0, on_street=crowd(harbour=200))
    assert s.urge[b.group(HARBOUR, "trade")] == close(11.403206)
    assert s.urge[b.group(FLARE, "trade")] == 10.0
    assert s.local_gain[HARBOUR] == close(0.8 / (0.001 + 0.00477771) / 41861.06)
    # by number alone 200 of any town are 200 / 50,000 = 0.004: 0.8 * ln 5 = 1.287550, in Harbour as in Milltown
    s = (b := bench("joining", size_power=0.0)).step(0, urge=10.0, on_street=crowd(harbour=200, milltown=200))
    assert s.urge[[b.group(HARBOUR, "trade"), b.group(MILLTOWN, "trade")]] == close(11.287550)


def test_where_a_town_has_as_many_adults_as_the_unit_number_and_share_are_the_same():
    for power in (0.0, 0.3, 1.0):
        b = bench("joining", size_power=power, size_adults=8460.0)
        s = b.step(0, urge=10.0, on_street=crowd(harbour=200))
        assert s.urge[b.group(HARBOUR, "trade")] == close(10 + 0.8 * np.log(1 + 200 / 8460 / 0.001))


def test_a_city_of_districts_sees_one_crowd(city):
    b = bench("joining", world=city)
    fields = 5
    s = b.step(0, urge=10.0, on_street=crowd(milltown=200, orchard=100))
    urge = close(10 + 0.8 * np.log(1 + 300 / 25384 / 0.001))
    for place in (MILLTOWN, ORCHARD, fields):
        assert s.urge[b.group(place, "trade")] == urge
        assert s.local_gain[place] == close(0.8 / (0.001 + 300 / 25384) / 25384)


def test_one_more_person_in_a_district_moves_the_others_and_reproduction_says_so(city):
    a, b = (bench("joining", world=city) for _ in range(2))
    size = city.cells.groups.size
    s = a.step(0, urge=9.0, on_street=crowd(milltown=200, orchard=100))
    t = b.step(0, urge=9.0, on_street=crowd(milltown=201, orchard=100))
    for place in (MILLTOWN, ORCHARD):
        here = city.group_place == place
        more = ((t.join_hazard - s.join_hazard) * size)[here].sum()
        assert more == close(s.join_slope[place] * s.local_gain[MILLTOWN], rel=0.01)
    # three districts, each of which brings 10 * 0.01 / 0.15 more to itself and to each other: K is 2/3 throughout
    r = Bench("reproduction", world=city)
    calm = {"news_slope": 0.0, "news_gain": 0.0, "tie_factor": 0.0, "hour_factor": 1.0, "leave_hazard": 0.15}
    valley = np.array([0, 0, 0, 1, 1, 1])
    s = r.step(0, **calm, leave_factor=1.0, join_slope=10.0 * valley, local_gain=0.01)
    assert float(s.reproduction) == close(2.0)


@few
@given(people, st.floats(5, 12))
def test_by_share_and_with_a_pool_without_end_it_is_the_older_form(out, urge):
    b = bench("joining", size_power=1.0, pool=1e9)
    s = b.step(0, urge=urge, on_street=out, hour_factor=0.7)
    total = urge + 0.8 * np.log1p(np.array(out) / b.w.adults / 0.001)
    hazard = 0.02 * 0.7 / (1 + np.exp(12.4 - total))
    place, at_risk = b.w.group_place, b.w.cells.groups.at_risk
    np.testing.assert_allclose(s.urge, total[place])
    np.testing.assert_allclose(s.join_hazard, (hazard[place] * at_risk), rtol=1e-5)


# -- joining: the pool ---------------------------------------------------------------------------------------------


def test_the_pool_by_hand():
    # 0.03 * 8,460 = 253.8 at a stake of 1: 200 out leave 1 - 200 / 253.8 = 0.211978; at 1.5 of 380.7: 0.474652
    plain, b = bench("joining"), bench("joining", pool=0.03)
    g = b.group(HARBOUR, "trade")
    out = {"urge": 10.0, "on_street": crowd(harbour=200, flare=300)}
    hazard = plain.step(0, **out).join_hazard.copy()
    groups = b.w.cells.groups
    here = (b.w.group_place == HARBOUR) & groups.at_risk
    come = float((groups.size * hazard)[here].sum())  # expected in the hour if the pool were full

    def mean(pool):  # what is left falls within the hour: (1 - exp(-x)) / x of it in the mean, x = come / pool
        return -np.expm1(-come / pool) / (come / pool)

    assert 0.8 < mean(253.8) < 1.0
    assert b.step(0, **out).join_hazard[g] == close(0.211978 * mean(253.8) * hazard[g])
    assert b.s.pool_left[HARBOUR] == close(0.211978 * mean(253.8))
    more = b.step(0, stake=at(HARBOUR, 1.5, elsewhere=1.0), **out).join_hazard[g]
    assert more == close(0.474652 * mean(380.7) * hazard[g])
    assert b.s.join_hazard[b.group(FLARE, "trade")] == 0.0  # 300 of at most 0.03 * 4,935 = 148: nobody more
    assert b.step(0, stake=0.0, **out).join_hazard[g] == 0.0  # it concerns nobody
    assert b.s.join_hazard[b.group(MILLTOWN, "trade")] > 0  # where nobody is out yet the first may still come


def test_the_pool_of_the_countryside_by_hand():
    # Dunes is rural: 0.03 * 0.2 * 3,525 = 21.15, of which 10 out leave 0.527187; Harbour is a city and keeps its pool
    few, many = bench("joining", pool=0.03, rural_pool=0.2), bench("joining", pool=0.03)
    out = {"urge": 0.0, "on_street": crowd(dunes=10, harbour=10)}
    left, whole = few.step(0, **out).pool_left, many.step(0, **out).pool_left
    assert left[DUNES] == close(1 - 10 / 21.15, rel=1e-3)
    assert whole[DUNES] == close(1 - 10 / 105.75, rel=1e-3)
    assert left[HARBOUR] == whole[HARBOUR]


@few
@given(people, st.floats(0.005, 1), st.floats(0, 1), st.lists(st.floats(0.1, 3), min_size=6, max_size=6))
def test_a_larger_pool_never_brings_fewer_and_a_full_one_nobody(out, pool, more, stake):
    a, b = (bench("joining", pool=x) for x in (pool, pool + more))
    values = {"urge": 11.0, "on_street": out, "stake": np.array(stake)}
    small, large = (x.step(0, **values).join_hazard for x in (a, b))
    assert (large >= small * (1 - 1e-12)).all()
    full = np.array(out) >= a.w.adults * pool * np.array(stake)
    assert not small[full[a.w.group_place]].any()


# -- risk: small numbers -------------------------------------------------------------------------------------------


def test_small_numbers_in_risk_by_hand():
    b = bench("risk", few=20.0, company=9.0)
    faced = {"on_street": crowd(harbour=35), "crowd_faced": crowd(harbour=35)}
    s = b.step(0, force_effective=at(HARBOUR, 18.0), arrested=crowd(harbour=5, flare=1), **faced)
    # q = 1 - exp(-2.3 * 18 / (35 + 9)) = 1 - exp(-0.940909) = 0.609727; Q = 5 / (35 + 5 + 20) = 0.0833333
    assert s.risk[HARBOUR] == close(0.609727)
    assert s.deterrence[HARBOUR] == close(0.0833333)
    assert s.cost[HARBOUR] == close(2 * (0.609727 + 0.0833333))
    assert s.deterrence[FLARE] == close(1 / 21)  # one arrest among hardly anybody is no certain harm
    assert s.risk[FLARE] == 0.0


@few
@given(people, flows, st.floats(0, 500), st.floats(0, 80), st.floats(0, 80), st.floats(0, 40))
def test_small_number_floors_only_ever_lower_risk(out, harmed, force, floor, more, company):
    faced = {"on_street": out, "crowd_faced": out, "force_effective": force, "arrested": harmed}
    old, low, high = (
        bench("risk", few=n, company=c) for n, c in ((0, 1), (floor, 1 + company), (floor + more, 1 + company + more))
    )
    x, y, z = (b.step(0, **faced) for b in (old, low, high))
    q = arrest_probability(np.full(6, force), np.array(out, float))
    harm = np.array(harmed) / np.maximum(np.array(out) + harmed, 1)
    np.testing.assert_allclose(x.risk, q, rtol=1e-6, atol=1e-12)  # few = 0, company = 1: Epstein's form
    np.testing.assert_allclose(x.deterrence, harm, rtol=1e-6, atol=1e-12)
    for name in ("risk", "deterrence"):
        assert (getattr(y, name) <= getattr(x, name) + 1e-12).all()
        assert (getattr(z, name) <= getattr(y, name) + 1e-12).all()


# -- news: absorbed and remembered ---------------------------------------------------------------------------------


def test_news_is_absorbed_and_remembered_by_hand():
    b = bench("news", absorb_h=6.0, memory_h=16.0)
    g = b.group(HARBOUR, "trade")
    s = b.step(0, on_street=crowd(milltown=500))
    known = 0.153518 * float(s.news[HARBOUR])  # 1 - exp(-1/6)
    assert s.news_known[HARBOUR] == close(known)
    assert s.urge[g] == close(1.2 * np.log(1 + known / 2 / 1e-4))  # in the mean of the hour
    s = b.step(1)
    left = known * 0.957603  # 2**(-1/16)
    known = left + 0.153518 * (float(s.news[HARBOUR]) - left)
    assert s.news_known[HARBOUR] == close(known)
    for hour in range(2, 30):
        s = b.step(hour)
    evening = float(s.news_known[HARBOUR])
    assert evening < s.news[HARBOUR]
    for hour in range(30, 60):
        s = b.step(hour, on_street=0)
        known, news = float(s.news_known[HARBOUR]), float(s.news[HARBOUR])
        if news < 0.957603 * evening:
            assert known == close(0.957603 * evening)  # nothing is learned any more: half is gone in 16 hours
            assert s.urge[g] == close(1.2 * np.log(1 + (evening + known) / 2 / 1e-4))
        evening = known
    assert s.news_known[HARBOUR] > 5 * s.news[HARBOUR]  # word of the evening is over the night


@few
@given(
    st.lists(people, min_size=3, max_size=12), st.floats(1, 30), st.floats(0, 30), st.floats(1, 20), st.floats(0, 20)
)
def test_a_longer_memory_never_knows_less_and_a_slower_one_never_more(course, memory, longer, absorb, slower):
    base, long, slow, plain = (
        bench("news", absorb_h=a, memory_h=m)
        for a, m in ((absorb, memory), (absorb, memory + longer), (absorb + slower, memory), (1e-6, 1e-6))
    )
    most = np.zeros(6)
    for hour, out in enumerate(course):
        a, b, c, d = (x.step(hour, on_street=out) for x in (base, long, slow, plain))
        most = np.maximum(most, a.news)
        assert (b.news_known >= a.news_known - 1e-15).all()
        assert (c.news_known <= a.news_known + 1e-15).all()
        assert ((a.news_known >= 0) & (a.news_known <= most * (1 + 1e-12))).all()
        np.testing.assert_allclose(d.news_known, d.news, rtol=1e-6)  # neither lag nor memory: what is told


# -- detention and engagement: room to arrest ----------------------------------------------------------------------


def policed(officers: float, **values: float) -> Bench:
    """Detention with so many of Harbour's police on duty, the only ones."""
    b = bench("detention", **{"per_officer": 0.1} | values)
    b.s.unit_on_duty[:] = 0
    b.s.unit_on_duty[0] = officers
    b.s.unit_place[:] = b.w.units.place
    return b


def test_capacity_to_arrest_by_hand():
    # 1,000 officers can process 100 people at one time: 50 of the coast leave half
    b = policed(1000)
    s = b.step(0, arrested=crowd(harbour=30), taken=crowd(flare=20))
    assert s.in_process.tolist() == [30, 20, 0, 0, 0, 0]
    assert s.arrest_room == close([0.5, 0.5, 0.5, 1, 1, 1])  # by region
    s = b.step(1, arrested=0, taken=0)
    # a day is the mean time: exp(-1/24) = 0.959189 of 50 are left, 47.9595
    assert s.in_process.sum() == close(47.9595)
    assert s.arrest_room[DUNES] == close(0.520405)
    s = b.step(2, arrested=crowd(dunes=400))
    assert s.arrest_room.tolist() == [0, 0, 0, 1, 1, 1]
    # mass arrests find no room either, until some have been processed
    s = b.step(3, arrested=0, mass_arrests_scope=1.0, been_out=at(HARBOUR, 5000.0))
    assert not s.detain_past.any()
    s = b.step(4, in_process=at(DUNES, 40 / 0.959189), arrests_due=0.0)
    # 0.05 * 5,000 = 250 a day are wanted, 60 can be processed: 2.5 an hour, whole people
    assert (s.detain_past.tolist(), s.arrests_due[HARBOUR]) == ([2, 0, 0, 0, 0, 0], close(0.5, rel=1e-4))


def test_a_mean_time_of_two_days_holds_twice_as_many_at_the_same_rate():
    b = policed(1000, process_h=48.0)
    s = b.step(0, arrested=crowd(harbour=50))
    assert s.arrest_room[HARBOUR] == close(0.75)  # of 200
    s = b.step(1, arrested=0, in_process=0.0, mass_arrests_scope=1.0, been_out=at(HARBOUR, 1e5))
    assert s.detain_past[HARBOUR] + s.arrests_due[HARBOUR] == close(100 / 24)  # a day all the same


def test_room_comes_back_where_the_police_had_stood_by():
    b = policed(0)
    s = b.step(0, arrested=crowd(harbour=3))
    assert s.arrest_room.tolist() == [0, 0, 0, 1, 1, 1]  # nobody there to process them
    for hour in range(1, 600):
        s = b.step(hour, arrested=0)
    assert s.in_process.sum() == 0
    assert s.arrest_room.tolist() == [1] * 6  # nobody takes up any
    s = b.step(600, arrested=crowd(milltown=5))
    assert s.arrest_room.tolist() == [1, 1, 1, 0, 0, 0]  # arrests of one region take up no room in another


@few
@given(st.lists(st.tuples(flows, flows, st.integers(0, 3000)), min_size=1, max_size=12), st.floats(0.03, 0.3))
def test_in_process_is_never_more_than_arrests_make(course, per_officer):
    b = policed(0, per_officer=per_officer)
    made = np.zeros(6)
    for hour, (arrested, taken, officers) in enumerate(course):
        b.s.unit_on_duty[0] = officers
        out = {"mass_arrests_scope": 1.0, "been_out": 1e4}
        s = b.step(hour, arrested=arrested, taken=taken, arrests_due=0.0, **out)
        made += np.add(arrested, taken)
        assert ((s.in_process >= 0) & (s.in_process <= made + 1e-9)).all()
        assert ((s.arrest_room >= 0) & (s.arrest_room <= 1)).all()
        free = max(per_officer * officers - s.in_process[:3].sum(), 0.0)
        assert s.detain_past[:3].sum() <= free / 24 + 1e-6
        assert s.detain_past[3:].sum() == 0  # no police on duty there
    huge = policed(1, per_officer=1e9)
    huge.step(0, arrested=course[0][0], taken=course[0][1])
    assert huge.s.arrest_room[:3] == pytest.approx(1.0)


def test_arrests_on_the_street_are_by_the_room_there_is():
    b = Bench("engagement", settings={"engagement.most": 1e9})
    there = street(b, {HARBOUR: (80, 20), MILLTOWN: (100, 0)})
    values = {"posture": 2.0, "force": spots(b, {HARBOUR_SQUARE: 50, MILL_SQUARE: 50}), **there}
    full = b.step(0, **values)
    every = {name: getattr(full, name).copy() for name in ("arrest_hazard", "injury_hazard", "disperse_hazard")}
    # batons: 0.02 an hour for each of 50 are 1 arrest, among 100 people 0.01 each
    assert every["arrest_hazard"][[HARBOUR, MILLTOWN]] == close(np.array([[0.01, 0.01], [0.01, 0.01]]))
    s = b.step(1, arrest_room=at(HARBOUR, 0.25, elsewhere=1.0), **values)
    assert s.arrest_hazard[[HARBOUR, MILLTOWN]] == close(np.array([[0.0025, 0.0025], [0.01, 0.01]]))
    assert s.arrest_rate_at[HARBOUR_SQUARE] == close(0.0025)
    for name in ("injury_hazard", "disperse_hazard"):
        np.testing.assert_array_equal(getattr(s, name), every[name])  # room to arrest is nothing else
    s = b.step(2, arrest_room=0.0, **values)
    assert not (s.arrest_hazard.any() or s.arrest_rate_at.any())


# -- the rest ------------------------------------------------------------------------------------------------------


def test_arrests_anger_too():
    wide = {"reach_km": 1e12, "unlikeness": 0.0}
    arrested, dead = bench("backlash", arrested_weight=0.002, **wide), bench("backlash", **wide)
    # 700 arrested of whom 200 fought, and 1,000 taken from home: 1,500 * 0.002 = 3 dead
    a = arrested.step(0, arrested=crowd(harbour=700), arrested_fighting=crowd(harbour=200), taken=crowd(harbour=1000))
    assert a.backlash == pytest.approx(dead.step(0, dead=crowd(harbour=3)).backlash)
    assert (a.backlash > 0).all()
    none = bench("backlash", arrested_weight=0.0)
    assert not none.step(0, arrested=700, taken=20).backlash.any()


def test_patrols_guard_shops_as_those_do_who_stand_at_crowds():
    by_force, by_patrol, nobody = (bench("looting", rate=0.1) for _ in range(3))
    found = []
    for b, where in ((by_force, "force"), (by_patrol, "patrol"), (nobody, "")):
        groups = np.zeros(b.w.groups, int)
        groups[b.group(MILLTOWN, "informal")] = 900
        watch = {where: spots(b, {MILL_SQUARE: 30})} if where else {}
        s = b.step(3, on_street_group=groups, **watch, **street(b, {MILLTOWN: (900, 0)}))
        found.append(int(s.looted_people[MILLTOWN]))
    assert found[0] == found[1] < found[2]


def test_the_districts_of_a_city_set_out_as_one_column(city):
    def out(world, **there: int) -> list[float]:
        b = Bench("marches", "gathering", world=world, settings={"marches.hazard": 0.5})
        b.set({"march_next": 1e9})
        return b.step(0, on_street=crowd(**there)).march_clock[:, 0].tolist()

    assert out(city, milltown=150, orchard=50) == [0, 0, 0, 0.5, 0.5, 0]  # 200 in the city
    assert out(city, milltown=150, orchard=49) == [0] * 6
    assert out(city, milltown=191, orchard=9) == [0, 0, 0, 0.5, 0, 0]  # nine make no column
    assert out(tiny(), milltown=150, orchard=50) == [0] * 6  # two towns


def test_a_unit_follows_an_order_to_stand_by_or_not_for_the_whole_run():
    certain = {"kappa": 1e-9, "noise": 0.0, "wait_intent": 5.0, "delay_h": 1.0}
    units = np.flatnonzero(tiny().units.office >= 0)

    def stands_by(follow: float, seed: int) -> np.ndarray:
        values = certain | {"follow": follow}
        b = Bench("factions", seed=seed, settings={f"factions.{k}": v for k, v in values.items()})
        b.set({"commander": 1.0})  # the patron commands every organ
        first = b.step(0) and b.step(1).stand_by[units].copy()
        assert (b.s.ordered == [0, WAIT]).all()
        for hour in range(2, 30):
            np.testing.assert_array_equal(b.step(hour).stand_by[units], first)
        return first

    assert stands_by(1.0, 1).all()
    assert not stands_by(0.0, 1).any()
    many = np.array([[stands_by(f, seed) for f in (0.3, 0.7)] for seed in range(1, 41)])
    assert (many[:, 1] >= many[:, 0]).all()  # with a larger chance the same ones follow, and others
    n = 40 * len(units)
    for i, f in enumerate((0.3, 0.7)):
        assert many[:, i].mean() == pytest.approx(f, abs=4 * np.sqrt(f * (1 - f) / n))
    assert 0 < many[:, 1].mean(axis=1).std()  # unit by unit, not all or none


def test_a_gate_is_no_square():
    """Only the kind `square` can be held by peaceful people: the gate of a plant is as a building."""
    assert tiny().spots.kind[[HARBOUR_SQUARE, FLARE_GATE]].tolist() == ["square", "assembly"]
    b = Bench("sites")
    b.set({"site_next": 1e-9})
    s = b.step(0, crowd=np.column_stack([np.full(13, 9000), np.zeros(13, int)]), prevail=0.0)
    assert np.flatnonzero(s.site_held == 0).tolist() == [HARBOUR_SQUARE, MILL_SQUARE]
