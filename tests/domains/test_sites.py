"""Sites: who holds them, fires, failed orders; and what news, tents and joiners make of it, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import FLARE, HARBOUR, MILLTOWN, Bench, at, case_with, crowd, tiny
from groundswell.domains.state.engagement import win_probability
from groundswell.domains.street.sites import change_hazard
from groundswell.engine.mechanism import Mechanism
from groundswell.world.world import build

FADE = 2.0 ** (-1 / 24)


def spot(name: str) -> int:
    return tiny().spots.id.index(name)


def spots(**people: float) -> np.ndarray:
    """(S,) values by name of a spot, with _ for -."""
    out = np.zeros(tiny().spot_count)
    for name, value in people.items():
        out[spot(name.replace("_", "-"))] = value
    return out


def sides(peaceful: np.ndarray, fighting: np.ndarray) -> np.ndarray:
    return np.column_stack([peaceful, fighting]).astype(int)


def close(value: float):
    return pytest.approx(value, rel=2e-6, abs=1e-12)


NOBODY = np.zeros((tiny().spot_count, 2), int)


def fight(hall: float = 0, police: float = 0) -> np.ndarray:
    return sides(spots(), spots(harbour_hall=hall, harbour_police=police))


def bench(change: float = 0.45, fire: float = 0.12) -> Bench:
    b = Bench("sites")
    b.set({"site_next": change, "fire_next": fire})
    return b


# -- won, burnt, regained ------------------------------------------------------------------------------------


def test_a_site_is_lost_burns_and_is_regained_hour_by_hour():
    b, hall = bench(), spot("harbour-hall")
    s = b.step(0, crowd=fight(49), prevail=0.0)
    assert (s.site_clock[hall], s.attack[hall]) == (0.0, 0.0)  # one too few
    s = b.step(1, crowd=fight(40), outsiders=spots(harbour_hall=10), prevail=0.8)
    assert s.site_clock[hall] == close(0.5 * 0.2)  # members of a group fight too
    assert (s.attack[hall], s.site_held[hall]) == (1.0, 1.0)
    assert np.isnan(s.lost_hour[hall])
    s = b.step(2, crowd=fight(60), outsiders=0, prevail=0.2)
    assert s.site_clock[hall] == close(0.5)  # 0.1 + 0.5 * 0.8 passes 0.45
    assert (s.site_held[hall], s.lost_hour[hall], s.site_turns[hall], s.attack[hall]) == (0.0, 2.0, 1.0, 0.0)
    assert s.sites_lost.tolist() == s.won_lately.tolist() == [1, 0, 0, 0, 0, 0]
    assert s.fire_clock[hall] == close(0.05)  # fire may break out as soon as it is taken
    s = b.step(3)
    assert s.won_lately[HARBOUR] == close(FADE)
    assert s.burnt.sum() == 0
    s = b.step(4)
    assert s.fire_clock[hall] == close(0.15)  # passes 0.12
    assert (s.burned[hall], s.burnt[HARBOUR]) == (1.0, 1.0)
    s = b.step(5)
    assert (s.burned[hall], s.burnt[HARBOUR], s.fire_clock[hall]) == (1.0, 0.0, close(0.15))  # once
    b.set({"site_next": 0.75})
    s = b.step(6, force=spots(harbour_hall=20), prevail=0.6, posture=at(HARBOUR, 3.0))
    assert s.site_clock[hall] == close(0.5)  # force is there, with gas, and no order to retake
    s = b.step(7, posture=0.0, returns=at(HARBOUR, 1.0))  # it outweighs the crowd
    assert s.site_clock[hall] == close(0.5 + 0.25 * 0.6)  # regaining is half as fast as taking
    s = b.step(8, returns=0.0)
    assert s.site_clock[hall] == close(0.65)
    s = b.step(9, retake=at(HARBOUR, 1.0))
    assert s.site_clock[hall] == close(0.8)  # passes 0.75
    assert (s.site_held[hall], s.site_turns[hall], s.sites_lost[HARBOUR]) == (1.0, 2.0, 0.0)
    assert s.repelled_lately.tolist() == [1, 0, 0, 0, 0, 0]
    assert s.won_lately[HARBOUR] == close(FADE**7)
    assert s.lost_hour[hall] == 2.0


def test_no_force_loses_and_no_crowd_gives_back_without_an_order():
    b, hall = bench(), spot("harbour-hall")
    s = b.step(0, crowd=fight(50), prevail=0.0)
    assert s.site_held[hall] == 0.0  # 0.5 passes 0.45
    b.set({"site_next": 0.7})
    s = b.step(1, crowd=NOBODY, force=0.0, prevail=0.0)
    assert (s.site_held[hall], s.site_clock[hall]) == (0.0, 0.5)  # nobody comes for it
    s = b.step(2, crowd=sides(spots(harbour_hall=3), spots()), force=spots(harbour_hall=5), prevail=1.0)
    assert s.site_clock[hall] == 0.5  # a crowd, if small, and no order
    s = b.step(3, crowd=NOBODY, prevail=0.0)
    assert (s.site_held[hall], s.site_clock[hall]) == (1.0, 0.75)  # nobody left to prevail over: 0.25


def test_an_attack_given_up_counts_as_repelled():
    b = bench(change=100.0)
    s = b.step(0, crowd=fight(hall=80), prevail=1.0)
    assert s.repelled_lately.sum() == 0
    s = b.step(1, crowd=fight(hall=49))
    assert s.repelled_lately.tolist() == [1, 0, 0, 0, 0, 0]
    s = b.step(2, crowd=NOBODY)
    assert s.repelled_lately[HARBOUR] == close(FADE)
    assert s.won_lately.sum() == s.sites_lost.sum() == 0


def test_open_ground_is_nobodys_and_only_offices_burn():
    b = bench(change=0.1, fire=0.01)
    people = np.zeros((b.w.spot_count, 2), int)
    people[:, 1] = 500
    s = b.step(0, crowd=people, prevail=0.0)
    assert (s.site_held[: b.w.places] == 1).all()
    assert (s.site_held[b.w.places :] == 0).all()
    kinds = np.array([str(k) for k in b.w.spots.kind])
    assert (s.burned == np.isin(kinds, ["administration", "police"])).all()
    assert s.sites_lost.tolist() == [
        np.sum(~np.isin(kinds[b.w.spots.place == p], ["ground", "square"])) for p in range(6)
    ]  # buildings
    peaceful = bench(change=0.1, fire=0.01)
    peaceful.step(0, crowd=people, prevail=0.0, fire_next=1e9)
    s = peaceful.step(1, crowd=people[:, ::-1], fire_next=0.0)
    assert s.burned.sum() == 0  # nobody fights there any more


def test_an_order_to_retake_fails_once_a_day():
    b = bench()
    b.step(0, crowd=fight(50), prevail=0.0)
    failed = [b.step(h, crowd=NOBODY, retake=at(HARBOUR, 1.0)).retake_failed[HARBOUR] for h in range(1, 51)]
    assert [h for h, one in enumerate(failed, start=1) if one] == [24, 48]
    s = b.step(51, retake=0.0)
    assert s.retake_h[HARBOUR] == 0.0
    b = bench()
    assert b.step(0, retake=1.0, crowd=fight(60), prevail=1.0).retake_h.sum() == 0  # nothing is lost: nothing fails


def test_nothing_happens_where_nobody_fights_but_on_squares():
    b = bench(change=1e-9)
    # on a square ten peaceful people count as one who fights: 499 are 49.9, under 50; no building is theirs to take
    s = b.step(0, crowd=sides(np.full(b.w.spot_count, 499), spots(harbour_hall=20)), prevail=0.0, force=0.0)
    assert s.site_held.all()
    assert s.site_clock.sum() == 0
    s = b.step(1, crowd=sides(np.full(b.w.spot_count, 5000), spots(harbour_hall=49)))
    square = b.w.spots.kind == "square"
    assert (s.site_held == ~square).all()
    assert s.sites_lost.sum() == 0  # buildings
    assert s.won_lately.tolist() == [1, 0, 0, 1, 0, 0]
    assert np.isnan(s.lost_hour).all()  # not to people who fight: nobody is disarmed there
    b.set({"site_next": s.site_clock + 1e-9})
    s = b.step(2, crowd=sides(spots(), spots(harbour_square=40)), force=9.0, prevail=1.0)
    # at 40 who fight and no order it stays; Milltown's square, which the crowd has left, comes back
    assert np.flatnonzero(s.site_held == 0).tolist() == [spot("harbour-square")]


def test_people_who_fight_and_peaceful_people_hold_a_square_together():
    b, square = bench(change=0.4), spot("harbour-square")
    s = b.step(0, crowd=sides(spots(harbour_square=250), spots(harbour_square=24)), prevail=0.5)
    assert (s.site_clock[square], s.attack[square]) == (0.0, 0.0)  # 25 + 24
    s = b.step(1, crowd=sides(spots(harbour_square=250), spots(harbour_square=25)))
    assert (s.site_clock[square], s.attack[square]) == (close(0.5 * 0.5), 1.0)  # 25 + 25
    s = b.step(2, outsiders=spots(harbour_square=25))
    assert (s.site_held[square], s.lost_hour[square]) == (0.0, 2.0)  # fifty of them fight


# -- whatever the numbers ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 3), st.floats(0, 3))
def test_more_force_never_loses_a_site_faster(force, more, people, speed, regain):
    a, b = (win_probability(np.array([f]), np.array([people]), 1.5) for f in (force, force + more))
    one, speeds = np.ones(1), (speed, regain)
    assert change_hazard(one, one, one, b, *speeds) <= change_hazard(one, one, one, a, *speeds) + 1e-12
    assert change_hazard(0 * one, one, one, b, *speeds) >= change_hazard(0 * one, one, one, a, *speeds) - 1e-12
    assert change_hazard(one, 0 * one, one, a, *speeds) == change_hazard(0 * one, one, 0 * one, a, *speeds) == 0
    # each has its own speed
    assert change_hazard(one, one, one, a, speed, 0.0) == change_hazard(one, one, one, a, speed, 9.0)
    assert change_hazard(0 * one, one, one, a, 0.0, regain) == change_hazard(0 * one, one, one, a, 9.0, regain)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20000), st.integers(0, 49)), min_size=13, max_size=13), st.floats(0, 1))
def test_a_crowd_in_which_nobody_fights_in_numbers_takes_squares_and_never_a_building(there, prevail):
    b = bench(change=1e-9)
    people = np.array(there)
    for hour in range(3):
        s = b.step(hour, crowd=people, prevail=prevail)
    square = b.w.spots.kind == "square"
    assert s.site_held[~square].all()
    assert s.sites_lost.sum() == 0
    strong = people[:, 1] + 0.1 * people[:, 0] >= 50
    assert (s.site_held[square] == ~(strong[square] & (prevail < 1))).all()
    assert np.isnan(s.lost_hour).all()
    none = Bench("sites", settings={"sites.square_weight": 0.0})
    none.set({"site_next": 1e-9})
    assert none.step(0, crowd=people, prevail=prevail).site_held.all()  # without the weight squares are as buildings


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1), st.integers(0, 1), st.integers(0, 5), st.integers(0, 60), st.integers(0, 30))
def test_the_state_comes_back_where_ordered_or_outweighing_or_nobody_is_left(retake, returns, posture, people, force):
    b, hall = bench(change=1e-9), spot("harbour-hall")
    b.set({"site_held": 1.0 - spots(harbour_hall=1), "site_turns": spots(harbour_hall=1)})
    values = {"retake": at(HARBOUR, retake), "returns": at(HARBOUR, returns), "posture": at(HARBOUR, posture)}
    s = b.step(0, crowd=fight(people), force=spots(harbour_hall=force), prevail=0.9, **values)
    assert (s.site_held[hall] == 1) == (force > 0 and bool(retake or returns or not people))


def test_sites_cut_in_two_are_the_same():
    def play(b: Bench, hours: range) -> None:
        for h in hours:
            people = fight(hall=60 + h, police=40 + 2 * h)
            b.step(h, crowd=people, prevail=0.5, force=spots(harbour_hall=9), returns=1.0)

    whole, first, second = (Bench("sites", settings={"sites.fire": 0.2}) for _ in range(3))
    play(whole, range(40))
    play(first, range(17))
    second.set(first.s.arrays())
    play(second, range(17, 40))
    assert whole.s.site_turns.sum() > 2
    for v in whole.mechanisms[0].writes:
        np.testing.assert_array_equal(getattr(whole.s, v.name), getattr(second.s, v.name), v.name)


def test_the_order_of_places_and_sites_does_not_matter(tmp_path, monkeypatch):
    """With the same luck for all, since draws are keyed by the row of a site."""
    monkeypatch.setattr(Mechanism, "exponential", lambda self, purpose, subject, spell: 0.8)
    back = {name: lambda rows: list(reversed(rows)) for name in ("places.csv", "sites.csv")}
    turned = build(case_with(tmp_path / "c", back))
    a, b = (Bench("sites", world=w, settings={"sites.fire": 0.2}) for w in (tiny(), turned))
    at_place = [turned.place_id.index(name) for name in tiny().place_id]
    at_spot = [turned.spots.id.index(name) for name in tiny().spots.id]
    n = np.arange(tiny().spot_count)
    for h in range(60):
        people = np.column_stack([(7 * n + h) % 5, (n * n + 11 * h) % 120])
        by_spot = {"crowd": people, "prevail": (n % 4) / 4, "force": 1.0 * (n % 3 > 0)}
        by_place = {"returns": np.arange(6) % 2, "retake": np.arange(6) % 3 == 0}
        x = a.step(h, **by_spot, **by_place)
        other = {}
        for values, to in ((by_spot, at_spot), (by_place, at_place)):
            for name, value in values.items():
                other[name] = np.empty_like(value)
                other[name][to] = value
        y = b.step(h, **other)
        for name in ("site_held", "lost_hour", "burned", "attack"):
            np.testing.assert_array_equal(getattr(x, name), getattr(y, name)[at_spot], name)
        for name in ("sites_lost", "won_lately", "repelled_lately", "burnt", "retake_failed"):
            np.testing.assert_array_equal(getattr(x, name), getattr(y, name)[at_place], name)
    assert x.site_turns.max() > 1
    assert x.burned.sum() > 0


# -- what others make of it ----------------------------------------------------------------------------------


def test_news_of_a_site_won_weighs_more_and_of_a_crowd_driven_off_less():
    plain, won, repelled, both = (Bench("news") for _ in range(4))
    people = crowd(milltown=500)
    base = plain.step(0, on_street=people).news[HARBOUR]
    assert won.step(0, on_street=people, won_lately=at(MILLTOWN, 1.0)).news[HARBOUR] == close(2 * base)
    assert repelled.step(0, on_street=people, repelled_lately=at(MILLTOWN, 0.5)).news[HARBOUR] == close(0.75 * base)
    assert both.step(0, on_street=people, won_lately=at(FLARE, 1.0)).news[HARBOUR] == close(base)  # nobody is out there
    assert won.s.news_gain[HARBOUR, MILLTOWN] == close(2 * plain.s.news_gain[HARBOUR, MILLTOWN])
    none = Bench("news", settings={"news.b_won": 0.0, "news.b_repelled": 1.0})
    s = none.step(0, on_street=people, won_lately=1.0, repelled_lately=at(MILLTOWN, 1.0))
    assert s.news[HARBOUR] == 0.0
    most = Bench("news", settings={"news.b_repelled": 9.0})
    assert most.step(0, on_street=people, repelled_lately=1.0).news[HARBOUR] == 0.0  # never below nothing


def test_a_crowd_at_a_site_of_its_own_stays_as_if_tents_stood():
    b = Bench("leaving")
    held = np.ones(b.w.spot_count)
    held[spot("harbour-hall")] = 0.0
    stand = np.zeros((6, 2), int)
    stand[HARBOUR] = spot("harbour-hall")
    stand[FLARE] = spot("flare-hall")
    s = b.step(0, hour_factor=1.0, on_street=crowd(harbour=100, flare=100), stand=stand, site_held=held)
    assert s.leave_factor.tolist() == [0.5, 1, 1, 1, 1, 1]
    s = b.step(1, on_street=crowd(harbour=99, flare=100))
    assert s.leave_factor.tolist() == [1, 1, 1, 1, 1, 1]


def test_joiners_see_visitors_and_miss_those_who_marched():
    """250 people who march from Flare to Harbour are seen in Harbour."""
    b = Bench("joining")
    s = b.step(0, urge=10.0, on_street=crowd(flare=300), visitors=crowd(harbour=250) - crowd(flare=250))
    for place, seen in ((HARBOUR, 250), (FLARE, 50)):
        share = seen / b.w.adults[place]
        assert s.urge[b.group(place, "trade")] == close(10 + 0.8 * np.log(1 + share / 0.001))
        assert s.local_gain[place] == close(0.8 / (0.001 + share) / b.w.adults[place])
    assert s.urge[b.group(MILLTOWN, "trade")] == 10.0
