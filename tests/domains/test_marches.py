"""Marches against numbers worked out by hand, and what must hold whatever the crowd does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, at, case_with, changed, crowd, pinned, tiny
from groundswell.domains import all_mechanisms
from groundswell.domains.street.gathering import FIGHTING, PEACEFUL, nearest, standing
from groundswell.domains.street.marches import utility
from groundswell.engine.mechanism import Mechanism
from groundswell.world.geography import between_km
from groundswell.world.world import build

SLOW = {"marches.speed_km_h": 0.1}  # the 401 m from the gate of the plant to the town hall take 4.01 hours


def spot(name: str) -> int:
    return tiny().spots.id.index(name)


def there(b: Bench, name: str) -> list[int]:
    """Peaceful people and fighters at a spot."""
    return b.s.crowd[spot(name)].tolist()


def bench(next_at: float = 0.9, **settings: float) -> Bench:
    """Marches whose clocks all strike at `next_at`."""
    b = Bench("marches", "gathering", settings={f"marches.{k}": v for k, v in settings.items()})
    b.set({"march_next": next_at})
    return b


# -- the main crowd ------------------------------------------------------------------------------------------


def test_a_column_hour_by_hour():
    """Flare gathers at the gate of the plant and can go to one place only, its town hall."""
    b = bench(speed_km_h=0.1)
    # a degree is 111.195 km; 0.003 and 0.002 degrees apart: 0.0036055 * 111.195 = 0.40092 km
    walk = 0.40092 / 0.1
    s = b.step(0, on_street=crowd(flare=199))
    assert (there(b, "flare-gate"), s.march_clock[FLARE, 0]) == ([199, 0], 0.0)  # one short of a column
    s = b.step(1, on_street=crowd(flare=200))
    assert (there(b, "flare-gate"), s.march_clock[FLARE, 0]) == ([200, 0], 0.5)
    s = b.step(2)  # 1.0 passes 0.9: they set out
    assert s.march_clock[FLARE].tolist() == [1.0, 0.0]
    assert s.target[FLARE, 0] == spot("flare-hall")
    assert s.travel_h[FLARE, 0] == pytest.approx(walk, rel=1e-4)
    assert there(b, "flare-gate") == [0, 0]
    assert (s.on_way[FLARE], s.visitors[FLARE]) == (200, 0)  # all the way is in Flare
    for hour, left in ((3, walk - 1), (4, walk - 2), (5, walk - 3)):
        s = b.step(hour, on_street=crowd(flare=200 + 10 * hour))
        assert s.travel_h[FLARE, 0] == pytest.approx(left, abs=5e-4)
        assert s.on_way[FLARE] == 200 + 10 * hour
    s = b.step(6)  # 0.009 h are left: most of this hour they are there
    assert s.on_way[FLARE] == 0
    assert there(b, "flare-hall") == [250, 0]
    assert s.stand[FLARE].tolist() == [spot("flare-hall")] * 2  # nobody fights: that column is with the main crowd
    assert (s.target[FLARE, 0], s.travel_h[FLARE, 0], s.chosen[FLARE, 0]) == (-1, 0.0, spot("flare-hall"))
    for hour in range(7, 20):
        s = b.step(hour)
    assert (there(b, "flare-hall"), s.march_clock[FLARE, 0]) == ([250, 0], 1.0)  # it stays
    s = b.step(20, on_street=crowd(flare=10))
    assert there(b, "flare-hall") == [10, 0]
    s = b.step(21, on_street=crowd(flare=9, harbour=500))  # too few: home
    assert (there(b, "flare-hall"), there(b, "flare-gate")) == ([0, 0], [9, 0])
    assert s.chosen[FLARE, 0] == -1
    s = b.step(22, on_street=crowd(flare=300))
    assert there(b, "flare-gate") == [300, 0]  # they gather at the gate again
    assert s.march_turns[FLARE].tolist() == [1.0, 0.0]


def test_with_columns_nowhere_everybody_is_at_the_assembly_point():
    b = bench(few=10.0)
    s = b.step(0, on_street=[9, 9, 5, 0, 3, 1], fighting=[2, 9, 0, 0, 3, 0])
    assert (there(b, "harbour-square"), there(b, "flare-gate")) == ([7, 2], [0, 9])
    assert s.crowd[DUNES].tolist() == [5, 0]  # no site: the open ground of the place
    assert s.crowd.sum() == 27
    assert not (s.on_way.any() or s.visitors.any() or (s.target >= 0).any())


def test_a_crowd_that_gathers_on_a_square_may_stay_there():
    stays, goes = bench(v_square=100.0), bench(v_square=-100.0)
    for b in (stays, goes):
        for hour in range(2):
            b.step(hour, on_street=crowd(harbour=300))
    assert there(stays, "harbour-square") == [300, 0]
    assert stays.s.chosen[HARBOUR, 0] == spot("harbour-square")
    assert there(goes, "harbour-hall") == [300, 0]  # 401 m in less than half an hour: there in the same step
    assert goes.s.on_way[HARBOUR] == 0


def test_peaceful_people_do_not_march_on_the_police():
    for seed in range(5):
        b = Bench("marches", "gathering", settings={"marches.v_police": 100.0}, seed=seed)
        b.set({"march_next": 0.4})
        b.step(0, on_street=crowd(harbour=300))
        assert there(b, "harbour-police") == [0, 0]
        assert sum(there(b, "harbour-square") + there(b, "harbour-hall")) == 300


def test_a_column_from_another_place_is_seen_where_it_passes():
    """Dunes, 36 km from Quay Square, at 15 km/h: after 1.5 of 2.37 hours the column is nearer to Harbour."""
    b = bench(next_at=0.5, speed_km_h=15.0, v_square=100.0)
    w = b.w
    km = float(between_km(0.15, 0.40, 0.401, 0.201))
    assert km == pytest.approx(np.hypot(0.251, 0.199) * 111.195, rel=1e-4)
    s = b.step(0, on_street=crowd(dunes=400, harbour=50))
    assert s.target[DUNES, 0] == spot("harbour-square")
    assert s.travel_h[DUNES, 0] == pytest.approx(km / 15)
    assert (s.on_way[DUNES], s.visitors.tolist()) == (400, [0] * 6)  # a fifth of the way: still nearest to Dunes
    s = b.step(1)  # at the middle of this hour 1.5 / 2.374 = 0.63 of the way
    assert s.visitors.tolist() == [400, 0, -400, 0, 0, 0]
    assert there(b, "harbour-square") == [50, 0]
    s = b.step(2)  # 0.37 h left: there for most of this hour
    assert there(b, "harbour-square") == [450, 0]
    assert s.on_way.sum() == 0
    assert s.visitors.tolist() == [400, 0, -400, 0, 0, 0]
    assert w.places == 6


def test_no_walk_to_another_town_is_longer_than_allowed():
    b = bench(next_at=0.5, speed_km_h=15.0, max_walk_h=2.3)
    s = b.step(0, on_street=crowd(dunes=400))
    assert (s.target[DUNES, 0], s.crowd[DUNES, 0]) == (-1, 400)  # nowhere to go: they stay on their ground
    assert s.march_clock[DUNES, 0] == s.march_turns[DUNES, 0] == 0.0


# -- those who fight -----------------------------------------------------------------------------------------


def test_those_who_fight_stay_until_the_site_is_won_and_then_go_on():
    b = bench(next_at=0.9, v_police=100.0, column_people=1e6)
    people = {"on_street": crowd(harbour=300), "fighting": crowd(harbour=60)}
    for hour in range(3):
        s = b.step(hour, **people)
    assert there(b, "harbour-square") == [240, 60]
    assert s.march_clock[HARBOUR, FIGHTING] == 0.0  # the state holds the square: they fight for it
    held = np.ones(b.w.spot_count)
    held[spot("harbour-square")] = 0.0
    b.step(3, site_held=held)
    s = b.step(4)
    assert s.march_clock[HARBOUR, FIGHTING] == 1.0
    assert (there(b, "harbour-square"), there(b, "harbour-police")) == ([240, 0], [0, 60])
    assert s.stand[HARBOUR].tolist() == [spot("harbour-square"), spot("harbour-police")]
    b.set({"march_next": 0.0})
    b.step(5)
    assert there(b, "harbour-police") == [0, 60]  # the state's
    held[spot("harbour-police")] = 0.0
    b.step(6, site_held=held)
    assert there(b, "harbour-hall") == [0, 60]  # the one site that the state still holds
    held[spot("harbour-hall")] = 0.0
    b.set({"march_next": 0.0})
    s = b.step(7, site_held=held)
    assert there(b, "harbour-hall") == [0, 60]  # nothing is left to win
    b.step(8, on_street=crowd(harbour=300), fighting=crowd(harbour=9))
    assert there(b, "harbour-square") == [291, 9]  # a few are with the main crowd


def test_fewer_than_fifty_choose_no_target():
    b = bench(next_at=0.4, column_people=1e6)
    held = np.ones(b.w.spot_count)
    held[spot("harbour-square")] = 0.0
    s = b.step(0, on_street=crowd(harbour=300), fighting=crowd(harbour=49), site_held=held)
    assert (there(b, "harbour-square"), s.march_clock[HARBOUR, FIGHTING]) == ([251, 49], 0.0)


def test_a_few_who_fight_walk_with_the_main_crowd():
    b = bench(next_at=0.5, speed_km_h=0.1)
    s = b.step(0, on_street=crowd(flare=300), fighting=crowd(flare=9))
    assert s.target[FLARE].tolist() == [spot("flare-hall"), -1]  # they follow when the next hour begins
    s = b.step(1)
    assert s.target[FLARE].tolist() == [spot("flare-hall")] * 2
    assert (s.on_way[FLARE], s.crowd.sum()) == (300, 0)


# -- choice --------------------------------------------------------------------------------------------------


def test_utility_by_hand():
    # 40 walk minutes cost 2/3; ln(1 + 30) = 3.433987 at weight a half; risk 0.2 at weight 1; police -1
    value = utility(np.array([-1.0]), np.array([2 / 3]), np.array([30]), np.array([0.2]), 1.0, 0.5, 1.0)
    assert value[0] == pytest.approx(-1 - 0.666667 + 1.716993 - 0.2, abs=2e-6)


def test_targets_are_chosen_by_the_logit():
    """Those who fight in Harbour, square lost: hall or police, at 1 km/h, others and force at each."""
    b = bench(speed_km_h=1.0)
    m, s = b.mechanisms[0], b.s
    hall, police = spot("harbour-hall"), spot("harbour-police")
    s.site_held[spot("harbour-square")] = 0.0
    s.force[hall], s.force[police] = 10.0, 100.0
    others = np.zeros(b.w.spot_count)
    others[hall] = 30
    # hall: 0.40092 h, C = 30, n = 60: q = 1 - exp(-2.3 * 10 / 91) = 0.223326
    # police: 0.003 and 0.002 degrees: 0.40092 h, C = 0: q = 1 - exp(-2.3 * 100 / 61) = 0.976952, v = -1
    u_hall, u_police = -0.40092 + 1.716993 - 0.223326, -1 - 0.40092 - 0.976952
    expected = 1 / (1 + np.exp(u_police - u_hall))
    n = 4000
    chosen = np.zeros(n)
    for i in range(n):
        s.march_turns[HARBOUR, FIGHTING] = i
        chosen[i] = m._choose((HARBOUR, FIGHTING), 60, others)
    assert set(chosen) == {hall, police}
    assert (chosen == hall).mean() == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / n))


def test_the_seat_of_a_city_of_districts_is_worth_more(tmp_path):
    """The valley as one city of three districts, seat in Milltown; the coast's towns stay towns."""
    valley = changed(lambda r: r["region"] == "valley", kind="city_district")
    b = Bench("marches", "gathering", world=build(case_with(tmp_path / "c", {"places.csv": valley})))
    v = dict(zip(b.w.spots.id, b.mechanisms[0].v, strict=True))
    assert (v["milltown-square"], v["milltown-hall"]) == (2.0, 2.0)
    assert (v["harbour-square"], v["harbour-hall"], v["harbour-police"]) == (0.0, 0.0, -1.0)  # Harbour: a seat, alone
    assert (b.mechanisms[0].v[:6] == 0).all()
    plain = bench()
    assert plain.mechanisms[0].v[spot("milltown-hall")] == 0.0


def test_own_people_are_no_company():
    """A crowd of 5,000 on its square is drawn to stay by nobody but itself: half of the draws lead to the hall."""
    b = bench(speed_km_h=1000.0, max_walk_h=0.01)
    m, square, hall = b.mechanisms[0], spot("milltown-square"), spot("milltown-hall")
    people = np.zeros(b.w.spot_count)
    people[square] = 5000
    chosen = []
    for i in range(1000):
        b.s.march_turns[MILLTOWN, PEACEFUL] = i
        chosen.append(m._choose((MILLTOWN, PEACEFUL), 5000, people))
    assert set(chosen) == {square, hall}
    assert 437 < chosen.count(hall) < 563  # 500, standard deviation 16
    people[hall] = 300  # others draw: ln(301) / 2 = 2.854, 94.6 percent
    chosen = []
    for i in range(1000):
        b.s.march_turns[MILLTOWN, PEACEFUL] = i
        chosen.append(m._choose((MILLTOWN, PEACEFUL), 5000, people))
    assert 918 < chosen.count(hall) < 974  # 946, standard deviation 7


def test_nearest_point():
    lats, lons = np.array([0.0, 0.0, 60.0]), np.array([0.0, 1.0, 3.0])
    assert nearest(0.0, 0.4, lats, lons) == 0
    assert nearest(0.0, 0.6, lats, lons) == 1
    assert nearest(60.0, 1.1, np.array([60.0, 61.0]), np.array([3.0, 1.1])) == 0  # a degree east is half a degree north


# -- whatever happens ----------------------------------------------------------------------------------------

counts = st.lists(st.integers(0, 900), min_size=6, max_size=6)
hours = st.tuples(counts, st.floats(0, 1), st.booleans())


@settings(max_examples=40, deadline=None)
@given(st.lists(hours, min_size=4, max_size=12), st.sampled_from([0.1, 15.0]))
def test_nobody_is_lost_or_counted_twice(course, speed):
    b = bench(next_at=0.5, speed_km_h=speed)
    rng = np.arange(b.w.spot_count)
    for hour, (people, share, all_held) in enumerate(course):
        out = np.array(people)
        fight = (out * share).astype(int)
        held = np.where(all_held | (rng < 6), 1.0, 0.0)
        s = b.step(hour, on_street=out, fighting=fight, site_held=held)
        sides = np.column_stack([out - fight, fight])
        walking = np.where(s.target >= 0, sides, 0)
        assert (s.crowd.sum(axis=0) + walking.sum(axis=0)).tolist() == sides.sum(axis=0).tolist()
        assert s.on_way.tolist() == walking.sum(axis=1).tolist()
        assert s.visitors.sum() == 0
        assert (s.on_street + s.visitors >= 0).all()
        assert (s.travel_h[s.target < 0] == 0).all()
        assert ((s.travel_h >= 0) & (s.travel_h <= 100)).all()


def test_without_a_hazard_everybody_stays_at_home_points():
    b = bench(hazard=0.0)
    for hour in range(30):
        s = b.step(hour, on_street=[500] * 6, fighting=[100] * 6)
    assert s.crowd[b.w.home_spot].tolist() == [[400, 100]] * 6
    assert not (s.visitors.any() or s.on_way.any())


def test_off_is_strength_zero_in_a_whole_run_to_the_bit():
    """For marches and for sites, in a case where people fight and sites fall."""

    def play(off: tuple[str, ...] = (), **values: float):
        restless = {"joining.theta": 6.5, "fighting.own": 0.1}
        zeros = {k.replace("__", "."): v for k, v in values.items()}
        return gs.run(tiny().case, world=tiny(), off=off, set=pinned() | restless | zeros)

    def kept(run, but: str) -> dict[str, bytes]:
        own = {v.name for v in all_mechanisms()[but].writes}
        return {k: v.tobytes() for k, v in run.recorder.hourly.items() if k not in own}

    on = play()
    assert on.recorder.hourly["sites_lost"].max() >= 2
    zero = play(marches__hazard=0.0)
    assert kept(play(off=("marches",)), "marches") == kept(zero, "marches") != kept(on, "marches")
    zero = play(sites__speed=0.0, sites__fire=0.0, news__b_repelled=0.0)  # an attack given up is news by itself
    assert kept(play(off=("sites",)), "sites") == kept(zero, "sites") != kept(on, "sites")


def test_with_marches_off_everybody_stays_where_they_gather():
    on, off = bench(hazard=0.0), Bench("gathering")
    for hour in range(5):
        for b in (on, off):
            b.step(hour, on_street=[500, 3, 0, 900, 20, 70], fighting=[100, 3, 0, 60, 0, 9])
    for v in ("stand", "crowd", "on_way", "visitors"):
        np.testing.assert_array_equal(getattr(on.s, v), getattr(off.s, v))


def test_a_march_cut_in_two_is_the_same_march():
    def play(b: Bench, hours: range) -> None:
        for hour in hours:
            b.step(hour, on_street=crowd(flare=300 + 7 * hour, dunes=500, harbour=20 * hour), fighting=crowd(flare=55))

    whole, first = (Bench("marches", "gathering", settings=SLOW) for _ in range(2))
    play(whole, range(20))
    play(first, range(9))
    second = Bench("marches", "gathering", settings=SLOW, start={"march_clock": 3.0})
    second.set(first.s.arrays())
    play(second, range(9, 20))
    for v in (v for m in whole.mechanisms for v in m.writes):
        np.testing.assert_array_equal(getattr(whole.s, v.name), getattr(second.s, v.name), v.name)


def test_the_order_of_places_and_sites_does_not_matter(tmp_path, monkeypatch):
    """With the same luck for all, since draws are keyed by the row of a place."""
    monkeypatch.setattr(Mechanism, "exponential", lambda self, purpose, subject, spell: 0.8)
    turned = build(
        case_with(tmp_path / "c", {"places.csv": lambda r: list(reversed(r)), "sites.csv": lambda r: list(reversed(r))})
    )
    fast = {"marches.speed_km_h": 12.0}
    a, b = (Bench("marches", "gathering", world=w, settings=fast) for w in (tiny(), turned))
    place = [turned.place_id.index(name) for name in a.w.place_id]
    spots = [turned.spots.id.index(name) for name in a.w.spots.id]
    moved = 0
    for hour in range(12):
        people, fight = np.array([300, 250, 500, 220, 40, 600]), np.array([60, 5, 0, 70, 0, 90])
        back, back_fight = np.empty(6, int), np.empty(6, int)
        back[place], back_fight[place] = people, fight
        held = np.ones(a.w.spot_count)
        held[a.w.spots.id.index("harbour-square")] = 0.0
        held_back = np.empty_like(held)
        held_back[spots] = held
        x = a.step(hour, on_street=people, fighting=fight, site_held=held)
        y = b.step(hour, on_street=back, fighting=back_fight, site_held=held_back)
        assert x.crowd.tolist() == y.crowd[spots].tolist()
        assert x.visitors.tolist() == y.visitors[place].tolist()
        assert x.on_way.tolist() == y.on_way[place].tolist()
        moved += int(x.on_way.sum() + np.abs(x.visitors).sum())
    assert moved > 0


def test_people_by_spot_and_side():
    stand = np.array([[2, 3], [2, 0]])
    assert standing(stand, np.array([[5, 1], [7, 2]]), 4).tolist() == [[0, 2], [0, 0], [12, 0], [0, 1]]
    assert (PEACEFUL, FIGHTING) == (0, 1)
    assert at(MILLTOWN, 1).sum() == 1
