"""Who is who: ids, units and members, there and back."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.roster import cell_of, group_of, make_roster, pool_key, pool_member, pool_size
from groundswell.engine.tables import HOUSEHOLD, NEIGHBOURHOOD, WORK_UNIT

SEED = 3


def a_roster(rng: np.random.Generator, places: int = 3):
    """Groups of adults and children, some empty, of one or more cells in two communities."""
    place, size, risk, works = [], [], [], []
    for p in range(places):
        for adult in (True, True, True, False):
            place.append(p)
            size.append(int(rng.integers(0, 60)) if len(size) % 5 else int(rng.integers(1, 3)))
            risk.append(adult)
            works.append(adult and rng.random() < 0.7)
    cell_group, cell_size, cell_community = [], [], []
    for g, n in enumerate(size):
        cut = int(rng.integers(0, n + 1))
        for community, people in enumerate((cut, n - cut)):
            cell_group.append(g)
            cell_size.append(people)
            cell_community.append(community)
    return make_roster(
        np.array(place), np.array(size), np.array(risk), np.array(works), np.array(cell_group),
        np.array(cell_size), np.array(cell_community), 3.5, 7.0, 20.0,
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_everybody_is_in_their_units_once(number):
    r = a_roster(np.random.default_rng(number))
    members: dict[int, list[int]] = {}
    for person in range(r.people):
        g = group_of(r, person)
        assert r.group_first[g] <= person < r.group_first[g] + r.group_size[g]
        c = cell_of(r, person, g)
        assert r.group_cells[g] <= c < r.group_cells[g + 1]
        assert r.cell_first[c] <= person
        assert c == len(r.cell_first) - 1 or person < r.cell_first[c + 1] or r.cell_first[c + 1] == person
        if not r.group_at_risk[g]:
            continue
        for family in (HOUSEHOLD, WORK_UNIT, NEIGHBOURHOOD):
            key = pool_key(r, SEED, person, g, family)
            if family == HOUSEHOLD:
                assert key >= 0
            if key >= 0:
                assert key >> 60 == family
                members.setdefault(key, []).append(person)
    for key, people in members.items():
        assert pool_size(r, key) == len(people)
        assert sorted(pool_member(r, SEED, key, slot) for slot in range(len(people))) == people


@pytest.mark.parametrize("number", range(5))
def test_units_differ_by_at_most_one_and_none_is_empty(number):
    r = a_roster(np.random.default_rng(number))
    adults = [i for i in range(r.people) if r.group_at_risk[group_of(r, i)]]
    for family, counts in (
        (HOUSEHOLD, r.block_households),
        (WORK_UNIT, r.work_units),
        (NEIGHBOURHOOD, r.place_units),
    ):
        keys = Counter(pool_key(r, SEED, i, group_of(r, i), family) for i in adults)
        keys.pop(-1, None)
        sizes: dict[int, list[int]] = {}
        for key, size in keys.items():
            sizes.setdefault((key >> 36) & 0xFFFFFF, []).append(size)
        for block, found in sizes.items():
            assert len(found) == counts[block]  # every unit, and so every household, has an adult
            assert max(found) - min(found) <= 1


def test_children_have_no_place_in_adult_blocks():
    r = a_roster(np.random.default_rng(1))
    assert r.block_size.sum() == (r.group_size * r.group_at_risk).sum() == r.place_adults.sum()
    assert r.people == r.group_size.sum()


def test_household_size_is_of_inhabitants():
    r = make_roster(np.array([0, 0]), np.array([600, 400]), np.array([True, False]), people_per_household=4.0)
    assert r.block_households.sum() == 250  # 1000 inhabitants in fours


def test_groups_out_of_order_are_refused():
    with pytest.raises(ValueError, match="ordered by place"):
        make_roster(np.array([1, 0]), np.array([5, 5]))
    with pytest.raises(ValueError, match="adults before children"):
        make_roster(np.array([0, 0]), np.array([5, 5]), np.array([False, True]))


def test_cells_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        make_roster(np.array([0]), np.array([5]), cell_group=np.array([0, 0]), cell_size=np.array([2, 2]))
    with pytest.raises(ValueError, match="order of their groups"):
        make_roster(np.array([0, 0]), np.array([5, 5]), cell_group=np.array([1, 0]), cell_size=np.array([5, 5]))
