"""Looting and the reaction of the well-off, by hand and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, case_with, crowd
from domains.street import HARBOUR_SQUARE, MILL_SQUARE, spots, street
from groundswell.domains.street.looting import hazard_of_looting, weighted_median
from groundswell.world.geography import word_of_mouth
from groundswell.world.world import build

PEACEFUL = 0
few = settings(max_examples=40, deadline=None)


def close(value: float):
    return pytest.approx(value, rel=2e-5, abs=1e-12)


def out(b: Bench, place: int, livelihood: str, people: int) -> np.ndarray:
    """(G,) people of one group on the street."""
    groups = np.zeros(b.w.groups, int)
    groups[b.group(place, livelihood)] = people
    return groups


def test_hazard_by_hand():
    # goods 1.3; 12 officers for 12,000 residents are 1 per F_0: exp(-2) = 0.135335; income 1,400 against 1,250
    assert hazard_of_looting(1.3, 1.0, 1250 / 1400, 0.01, 2.0) == close(0.01 * 1.3 * 0.135335 * 0.892857)
    assert hazard_of_looting(1.3, 0.0, 1250 / 950, 0.01, 2.0) == close(0.0171053)
    # 900,870: cumulated 10, 15, 23 (orchard), 41 thousand of 60 (milltown): the median person lives in Milltown
    assert weighted_median(np.array([1400, 1350, 950, 1250, 1050, 870]), np.array([12, 7, 5, 18, 8, 10])) == 1250


def test_who_loots_where_in_the_mean():
    """1,000 from Dunes without work stand on Harbour's square: 0.0171053 of them an hour, less with 12 officers."""
    drawn = {0: [], 12: []}
    for force, found in drawn.items():
        b = Bench("looting")
        people = street(b, {DUNES: (1000, 0)}, at={(DUNES, PEACEFUL): HARBOUR_SQUARE})
        people["on_street_group"] = out(b, DUNES, "unemployed", 1000)
        shops = 0
        for step in range(400):
            s = b.step(step, force=spots(b, {HARBOUR_SQUARE: force}), **people)
            assert s.looted_people.sum() == s.looted_people[HARBOUR]  # where they stand, not where they live
            assert (s.looted <= s.looted_people).all()
            found.append(s.looted_people[HARBOUR])
            shops += s.looted[HARBOUR]
        assert shops == pytest.approx(np.sum(found) / 20, abs=5 * np.sqrt(np.sum(found) / 20))
    for force, share in ((0, 0.0171053), (12, 0.0171053 * 0.135335)):
        n = 1000 * -np.expm1(-share)
        assert np.mean(drawn[force]) == pytest.approx(n, abs=5 * np.sqrt(n / 400)), force


def test_the_organised_and_those_on_the_way_do_not_loot():
    rate = {"looting.rate": 100.0}
    b = Bench("looting", settings=rate)
    groups = out(b, HARBOUR, "transport", 400)
    s = b.step(0, **street(b, {HARBOUR: (300, 100)}), on_street_group=groups)
    assert s.looted_people[HARBOUR] == 240  # at such a rate everybody who is unorganised, 0.6 on both sides
    s = b.step(1, discipline=0.5)
    assert s.looted_people[HARBOUR] == 320
    plant = np.zeros(b.w.groups, int)
    plant[b.plant()] = 100
    assert b.step(2, **street(b, {FLARE: (100, 0)}), on_street_group=plant, discipline=1.0).looted.sum() == 0
    b = Bench("looting", settings=rate)
    way = street(b, {HARBOUR: (300, 100)}, way=[(HARBOUR, 0), (HARBOUR, 1)])
    assert b.step(0, **way, on_street_group=groups).looted_people.sum() == 0


def test_shopping_streets_are_goods(tmp_path):
    def add(rows):
        return [*rows, {**rows[0], "site": "bazaar", "name": "Bazaar", "kind": "shops"}]

    world = build(case_with(tmp_path / "c", {"sites.csv": add}))
    b, c = Bench("looting", world=world), Bench("looting")
    assert b.mechanisms[0].goods[HARBOUR] == close(2 * c.mechanisms[0].goods[HARBOUR])
    assert b.mechanisms[0].goods[MILLTOWN] == c.mechanisms[0].goods[MILLTOWN]


@few
@given(st.integers(0, 2000), st.floats(0, 300), st.floats(0, 300), st.integers(0, 2**40))
def test_looting_falls_with_force_and_never_exceeds_people(people, force, more, seed):
    """Common random numbers: the same draw, so fewer or as many people, whatever the seed."""
    force, more = sorted((force, more))
    found = []
    for n in (force, more):
        b = Bench("looting", seed=seed, settings={"looting.rate": 0.1})
        where = street(b, {MILLTOWN: (people, 0)})
        groups = out(b, MILLTOWN, "informal", people)
        s = b.step(3, force=spots(b, {MILL_SQUARE: n}), on_street_group=groups, **where)
        found.append(int(s.looted_people[MILLTOWN]))
    assert people >= found[0] >= found[1] >= 0


def test_the_well_off_of_the_region_stay_away():
    b = Bench("looting", settings={"looting.rate": 100.0, "looting.people_per_shop": 1.0})
    s = b.step(0, **street(b, {HARBOUR: (60, 0)}), on_street_group=out(b, HARBOUR, "unemployed", 60))
    assert s.looted[HARBOUR] == 60
    w = b.w
    coast = np.array([HARBOUR, FLARE, DUNES])
    kernel = word_of_mouth(w.distance_km, w.people, 50.0, 2.0)
    share = kernel[FLARE, HARBOUR] / kernel[FLARE, coast].sum()
    seen = share * 60 / w.people[HARBOUR] * 1e5  # shops per 100,000 people that Flare hears of
    assert s.looting_seen[FLARE] == close(seen)
    assert s.looting_seen[MILLTOWN] == 0  # another region
    well_off, poor, none = b.group(FLARE, "trade"), b.group(DUNES, "trade"), b.group(FLARE, "unemployed")
    assert s.group_cost[well_off] == close(0.5 * np.log(1 + seen))
    assert s.group_cost[poor] == s.group_cost[none] == 0
    assert s.group_cost[b.children(FLARE)] == 0
    s = b.step(1, **street(b, {}), on_street_group=0)
    assert s.looted.sum() == 0
    assert s.looting_seen[FLARE] == close(seen * 2 ** (-1 / 72))
    assert s.group_cost[well_off] == close(0.5 * np.log(1 + seen * 2 ** (-1 / 72)))
    off = Bench("looting", settings={"looting.rate": 100.0, "looting.cost": 0.0})
    s = off.step(0, **street(b, {HARBOUR: (60, 0)}), on_street_group=out(b, HARBOUR, "unemployed", 60))
    assert s.group_cost.max() == 0


def test_nobody_on_the_street_no_looting():
    b = Bench("looting", settings={"looting.rate": 100.0})
    s = b.step(0, on_street=crowd())
    assert s.looted.sum() == s.looting_seen.sum() == s.group_cost.sum() == 0
