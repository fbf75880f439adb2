"""Deployment on the tiny case: guards, need, reserve, patrol, falling back, coming back; nobody is made or lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import HARBOUR, MILLTOWN, Bench, at, case_with, changed, stepped, tiny
from domains.test_forces import GUARD, HARBOUR_HALL, HARBOUR_POLICE, HARBOUR_SQUARE, NORTH, POLICE_HARBOUR, of
from groundswell.domains.state.deployment import spread
from groundswell.world.world import build

DUNES_GROUND, FLARE_GATE, FLARE_HALL, MILLTOWN_SQUARE, MILLTOWN_HALL = 2, 9, 10, 11, 12


def people(**spots: tuple[int, int]) -> np.ndarray:
    """(S, 2) peaceful and fighting people by spot."""
    out = np.zeros((13, 2), int)
    for name, both in spots.items():
        out[tiny().spots.id.index(name.replace("_", "-"))] = both
    return out


def lost(*spots: int) -> np.ndarray:
    held = np.ones(13)
    held[list(spots)] = 0.0
    return held


def bench(**settings):
    return Bench("forces", "deployment", settings=settings)


def in_harbour(s) -> list[float]:
    """Force at square, hall and police of Harbour, where 18 police and 12 of the guard are on duty."""
    return s.force[[HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE]].tolist()


def test_a_quiet_hour_by_hand():
    s = bench().step(0)
    # Harbour: 30 on duty; hall and police want 40 + 20, at most 0.4 * 30 = 12 are posted, 8 and 4; 18 are in reserve
    assert in_harbour(s) == pytest.approx([18, 8, 4])
    # Flare: 8 on duty, 3.2 at the hall; Dunes has no site: 3 on its open ground; Milltown: 24, 9.6 at the hall
    assert s.force[[FLARE_GATE, FLARE_HALL]] == pytest.approx([4.8, 3.2])
    assert s.force[DUNES_GROUND] == pytest.approx(3)
    assert s.force[[MILLTOWN_SQUARE, MILLTOWN_HALL]] == pytest.approx([14.4, 9.6])
    assert not s.force_passive.any()


def test_the_rest_goes_where_the_need_is():
    # need of the square 0.1 * 100 + reserve 0.2 * 8.460 = 11.692, of the hall 20 who fight; 19 people call nobody
    s = bench(**{"forces.alarm_people": 1e9}).step(
        0, crowd=people(harbour_square=(100, 0), harbour_hall=(0, 20), harbour_police=(19, 0))
    )
    assert tiny().adults[HARBOUR] == 8460
    assert in_harbour(s) == pytest.approx([18 * 11.692 / 31.692, 8 + 18 * 20 / 31.692, 4])
    # 10 of those at the hall are armed: they count 5 each
    s = bench(**{"forces.alarm_people": 1e9}).step(
        0, crowd=people(harbour_square=(100, 0), harbour_hall=(0, 20)), armed=np.eye(13)[HARBOUR_HALL] * 10
    )
    assert in_harbour(s) == pytest.approx([18 * 11.692 / 71.692, 8 + 18 * 60 / 71.692, 4])


def test_allied_guards_and_freed_staff_are_the_same_posts():
    # 21 of the 30 allied guards on duty: 14 and 7; home staff post 60 - 21 = 39, but not more than 12
    s = bench().step(0, allied_people=of(NORTH, 30.0))
    assert in_harbour(s) == pytest.approx([18, 14 + 8, 7 + 4])
    s = bench().step(0, allied_people=of(NORTH, 30.0), freed_people=at(HARBOUR, 24.0))
    assert in_harbour(s) == pytest.approx([18, 14 + 8, 7 + 4])  # 60 - 24 = 36 are still wanted
    s = bench().step(0, allied_people=of(NORTH, 30.0), freed_people=at(HARBOUR, 54.0))
    assert in_harbour(s) == pytest.approx([24, 14 + 4, 7 + 2])  # 6 are wanted
    s = bench().step(0, freed_people=at(HARBOUR, 100.0))
    assert in_harbour(s) == pytest.approx([30, 0, 0])


def test_a_lost_site_makes_the_force_fall_back_to_its_offices():
    b = bench(**{"forces.alarm_people": 1e9})
    crowd = people(harbour_hall=(0, 40))
    s = b.step(0, crowd=crowd, site_held=lost(HARBOUR_HALL))
    # the police office alone wants 20 guards, 12 are posted; of the other 18 0.8 fall back to it: 14.4; of the 3.6 left
    # 40 / 41.692 go to the hall, which the crowd holds
    assert in_harbour(s) == pytest.approx([3.6 * 1.692 / 41.692, 3.6 * 40 / 41.692, 26.4])
    assert s.force[MILLTOWN_SQUARE] == pytest.approx(14.4)
    # an order to retake ends it, and the lost site counts as at least 100
    s = b.step(1, retake=at(HARBOUR, 1.0))
    assert in_harbour(s) == pytest.approx([18 * 1.692 / 101.692, 18 * 100 / 101.692, 12])
    # with nobody left there the force outweighs the crowd and comes back, the hall is manned again; once it is held
    # all is as before
    s = b.step(2, retake=0.0, crowd=0)
    assert s.returns.tolist() == [1, 0, 0, 0, 0, 0]
    assert in_harbour(s) == pytest.approx([18 * 1.692 / 101.692, 8 + 18 * 100 / 101.692, 4])
    s = b.step(3, site_held=1.0)
    assert in_harbour(s) == pytest.approx([18, 8, 4])
    assert not (s.returns.any() or s.withdrawn.any())


def test_a_hopeless_place_is_given_up_after_two_hours():
    b = bench(**{"forces.alarm_people": 1e9})
    crowd = people(harbour_square=(0, 900))
    here = np.where(np.arange(13) == HARBOUR_SQUARE, 0.05, 1.0)
    s = b.step(0, crowd=crowd)
    stays = s.force[HARBOUR_SQUARE]
    assert stays == pytest.approx(18)
    s = b.step(1, prevail=here)
    assert s.force[HARBOUR_SQUARE] == stays  # one hour
    s = b.step(2, prevail=here)
    assert in_harbour(s) == pytest.approx([3.6, 8, 4 + 14.4])  # to the headquarters, the one police office of the town
    assert s.withdrawn[HARBOUR_POLICE] == s.withdrawn.sum() == pytest.approx(14.4)
    s = b.step(3, prevail=1.0)  # the first hour in which it is not hopeless
    assert s.force[HARBOUR_SQUARE] == stays


def test_only_a_part_can_be_brought_against_a_crowd_and_the_rest_is_on_patrol():
    b = bench(**{"forces.alarm_people": 1e9, "deployment.control_share": 0.2})
    s = b.step(0)
    # Harbour: 12 of 30 are posted, 8 and 4; of the other 18 a fifth, 3.6, waits on the square, 14.4 are on patrol
    assert in_harbour(s) == pytest.approx([3.6, 8, 4])
    assert s.patrol[[HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE]] == pytest.approx([14.4, 0, 0])
    assert s.patrol[[FLARE_GATE, DUNES_GROUND, MILLTOWN_SQUARE]] == pytest.approx([0.8 * 4.8, 0.8 * 3, 0.8 * 14.4])
    crowd = people(harbour_hall=(0, 40))
    s = b.step(1, crowd=crowd)
    assert in_harbour(s) == pytest.approx([3.6 * 1.692 / 41.692, 8 + 3.6 * 40 / 41.692, 4])
    assert s.patrol[HARBOUR_SQUARE] == pytest.approx(14.4)  # wherever the crowd is
    # the hall is lost: 12 guard the police office; 0.8 of those who control and of those on patrol fall back to it
    s = b.step(2, site_held=lost(HARBOUR_HALL))
    assert in_harbour(s) == pytest.approx([0.72 * 1.692 / 41.692, 0.72 * 40 / 41.692, 12 + 14.4])
    assert s.patrol.sum() == pytest.approx(2.88 + 0.8 * (4.8 + 3 + 14.4) + s.patrol[[4, 5]].sum())
    assert s.withdrawn[HARBOUR_POLICE] == s.withdrawn.sum() == pytest.approx(14.4)


def test_a_force_that_outweighs_the_crowd_comes_back_by_itself():
    """20 peaceful people in the hall count 2; 3.6 can be brought against them."""
    crowd = people(harbour_hall=(20, 0))
    stays = {"deployment.control_share": 0.2, "deployment.return_ratio": 1.81}
    s = bench(**stays).step(0, crowd=crowd, site_held=lost(HARBOUR_HALL))
    assert (s.returns.sum(), s.withdrawn[HARBOUR_POLICE]) == (0, pytest.approx(14.4))
    s = bench(**stays | {"deployment.return_ratio": 1.79}).step(0, crowd=crowd, site_held=lost(HARBOUR_HALL))
    assert s.returns.tolist() == [1, 0, 0, 0, 0, 0]
    assert in_harbour(s) == pytest.approx([3.6 * 1.692 / 101.692, 3.6 * 100 / 101.692, 12])
    assert s.withdrawn.sum() == 0
    s = bench(**stays).step(0, crowd=crowd, site_held=lost(HARBOUR_HALL), retake=at(HARBOUR, 1.0))
    assert (s.returns.sum(), s.withdrawn.sum()) == (0, 0)  # ordered, whatever the numbers
    assert in_harbour(s) == pytest.approx([3.6 * 1.692 / 101.692, 3.6 * 100 / 101.692, 12])


def test_an_open_square_in_a_crowds_hands_makes_nobody_fall_back():
    crowd = people(harbour_square=(2000, 0))
    held, taken = (bench().step(0, crowd=crowd, site_held=lost(*squares)) for squares in ((), (HARBOUR_SQUARE,)))
    assert taken.withdrawn.sum() == taken.returns.sum() == 0
    np.testing.assert_array_equal(held.force, taken.force)


def test_who_falls_back_goes_to_the_headquarters_and_then_to_what_is_left(tmp_path):
    def add(rows):
        post = {**rows[2], "site": "harbour-post", "name": "Post", "lat_deg": "0.450", "lon_deg": "0.250"}
        return [*rows[:2], post, *rows[2:]]

    w = build(case_with(tmp_path / "c", {"sites.csv": add}))
    at_spot = {name: w.spots.id.index(name) for name in ("harbour-post", "harbour-police", "harbour-hall")}
    b = Bench("forces", "deployment", world=w, settings={"forces.alarm_people": 1e9})
    crowd = np.zeros((w.spot_count, 2), int)
    crowd[at_spot["harbour-hall"], 1] = 100
    held = np.ones(w.spot_count)
    held[at_spot["harbour-hall"]] = 0.0
    s = b.step(0, crowd=crowd, site_held=held)
    # the police office 0.8 km from the hall is the headquarters, not the one at 7 km, though that is listed first
    assert s.withdrawn[at_spot["harbour-police"]] == s.withdrawn.sum() == pytest.approx(14.4)
    held[at_spot["harbour-police"]] = 0.0
    s = b.step(1, site_held=held, crowd=crowd)
    assert s.withdrawn[at_spot["harbour-post"]] == s.withdrawn.sum() == pytest.approx(14.4)
    held[at_spot["harbour-post"]] = 0.0
    s = b.step(2, site_held=held, crowd=crowd)
    assert s.withdrawn.sum() == 0  # nowhere to go
    assert s.force.sum() == pytest.approx(s.unit_on_duty.sum())


def test_a_city_of_districts_has_one_headquarters_near_its_seat(tmp_path):
    """The valley as one city: the office of Orchard is nearer to Milltown's hall than that of Fields."""

    def add(rows):
        hall, police = rows[1], rows[2]
        fields = {"place": "fields", "lat_deg": "0.80", "lon_deg": "1.20"}
        orchard = {"place": "orchard", "lat_deg": "0.20", "lon_deg": "1.10"}
        own = [{**hall, "site": "fields-hall", **fields}, {**police, "site": "fields-police", **fields}]
        return [*own, *rows, {**police, "site": "orchard-police", **orchard}]

    valley = changed(lambda r: r["region"] == "valley", kind="city_district")
    w = build(case_with(tmp_path / "c", {"sites.csv": add, "places.csv": valley}))
    assert len(set(w.town[MILLTOWN:].tolist())) == 1
    m = Bench("forces", "deployment", world=w).mechanisms[1]
    named = [w.spots.id[i] for i in np.flatnonzero(m.headquarters)]
    assert sorted(named) == ["harbour-police", "orchard-police"]


def test_those_who_do_nothing_stand_there_and_the_exhausted_sit_in_their_offices():
    crowd = people(harbour_square=(300, 0))
    s = bench().step(0, crowd=crowd, stand_by=of(POLICE_HARBOUR, 1.0), fallen_back=of(GUARD, 1), fatigue=of(GUARD, 1))
    assert in_harbour(s) == [0, 0, 0]
    # 18 police on stand-by where the need is, at the square alone; 12 of the guard in hall and police, 2 to 1
    assert s.force_passive[[HARBOUR_SQUARE, HARBOUR_HALL, HARBOUR_POLICE]] == pytest.approx([18, 8, 4])


def test_spreading():
    town = np.array([0, 0, 1, 1, 2])
    weight = np.array([1.0, 3.0, 0.0, 0.0, 2.0])
    otherwise = np.array([1.0, 1.0, 1.0, 1.0, 1.0])
    out = spread(np.array([8.0, 6.0, 0.0]), weight, town, otherwise)
    assert out.tolist() == [2, 6, 3, 3, 0]


spot = st.tuples(st.integers(0, 500), st.integers(0, 300))
hours = st.fixed_dictionaries(
    {
        "crowd": st.lists(spot, min_size=13, max_size=13),
        "site_held": st.lists(st.integers(0, 1), min_size=13, max_size=13),
        "retake": st.integers(0, 1),
        "emergency": st.integers(0, 1),
        "freed_people": st.integers(0, 100),
        "refusal": st.lists(st.integers(0, 3), min_size=11, max_size=11),
        "stand_by": st.lists(st.integers(0, 1), min_size=11, max_size=11),
        "prevail": st.floats(0, 1),
        "allied": st.integers(0, 20),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(hours, min_size=1, max_size=5), st.floats(0, 1), st.floats(0, 5))
def test_all_on_duty_stand_somewhere_in_their_town(played, control_share, return_ratio):
    b = bench(**{"deployment.control_share": control_share, "deployment.return_ratio": return_ratio})
    w = tiny()
    spot_town = w.town[w.spots.place]
    for step, values in enumerate(played):
        allied = np.where(w.units.allied, values.pop("allied"), 0)
        s = b.step(step, **values, allied_people=allied)
        unit_town = w.town[s.unit_place]
        for part in (s.force, s.patrol, s.withdrawn, s.force_passive):
            assert (part >= -1e-9).all()
        assert (s.withdrawn <= s.force + 1e-9).all()  # who has fallen back defends the office
        on_duty = np.bincount(unit_town, s.unit_on_duty, 6)
        np.testing.assert_allclose(np.bincount(spot_town, s.force + s.patrol, 6), on_duty, atol=1e-9)
        idle = np.bincount(unit_town, s.unit_passive + s.unit_exhausted, 6)
        np.testing.assert_allclose(np.bincount(spot_town, s.force_passive, 6), idle, atol=1e-9)
        if control_share == 1.0:
            assert not s.patrol.any()


@settings(max_examples=20, deadline=None)
@given(st.lists(hours, min_size=1, max_size=3))
def test_with_a_control_share_of_one_nobody_is_on_patrol(played):
    b = bench(**{"deployment.control_share": 1.0})
    for step, values in enumerate(played):
        allied = np.where(tiny().units.allied, values.pop("allied"), 0)
        assert not b.step(step, **values, allied_people=allied).patrol.any()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.integers(0, 60), st.integers(0, 1), st.floats(0.01, 1), st.floats(0.1, 5), st.booleans())
def test_the_force_comes_back_if_and_only_if_ordered_or_outweighing(peaceful, fight, order, share, ratio, held):
    """18 of Harbour's 30 on duty are no guards, whatever else: 12 are posted."""
    changed_values = {"deployment.control_share": share, "deployment.return_ratio": ratio, "forces.alarm_people": 1e9}
    b = bench(**changed_values)
    sites = lost() if held else lost(HARBOUR_HALL)
    s = b.step(0, crowd=people(harbour_hall=(peaceful, fight)), site_held=sites, retake=at(HARBOUR, order))
    against = 0.1 * peaceful + fight if peaceful + fight >= 20 else 0.0
    outweighs = 18 * share >= ratio * against
    away = not (held or order or outweighs)
    assert s.withdrawn.sum() == pytest.approx(0.8 * 18 if away else 0.0)
    assert s.withdrawn[HARBOUR_POLICE] == s.withdrawn.sum()
    assert s.returns.tolist() == at(HARBOUR, float(outweighs and not held)).tolist()
    if not held and not away:  # a share of those who control goes for the hall, which counts as at least 100
        need = max(against, 100.0)
        posted = 8.0 if peaceful + fight < 20 else 0.0
        assert s.force[HARBOUR_HALL] == pytest.approx(posted + 18 * share * need / (need + 1.692))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_larger_crowd_never_draws_less_force(a, b):
    a, b = sorted((a, b))
    small = bench().step(0, crowd=people(harbour_square=(100, 0), harbour_police=(a, 0))).force[HARBOUR_POLICE]
    large = bench().step(0, crowd=people(harbour_square=(100, 0), harbour_police=(b, 0))).force[HARBOUR_POLICE]
    assert large >= small - 1e-9


def test_rest_is_left_at_once():
    b = bench()
    steps = stepped(b.mechanisms[-1])
    for step in range(4):
        s = b.step(step)
    assert steps == [0, 1]
    quiet = s.force.copy()
    s = b.step(4, crowd=people(milltown_hall=(400, 0)))
    assert s.force[MILLTOWN_HALL] > quiet[MILLTOWN_HALL]
    s = b.step(5, crowd=0)
    np.testing.assert_array_equal(s.force, quiet)
    s = b.step(6, stand_by_order=at(MILLTOWN, 1.0))
    assert s.force[[MILLTOWN_SQUARE, MILLTOWN_HALL]].tolist() == [0, 0]
    for step in range(7, 10):
        s = b.step(step, stand_by_order=0.0)
        np.testing.assert_array_equal(s.force, quiet)
