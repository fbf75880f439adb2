"""Taking up fighting and being peaceful again: by hand, against the law, and what it does to how a spell ends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from groundswell.engine.crowd import Crowd
from groundswell.engine.random import exponential, uniforms
from groundswell.engine.rates import FLOWS, STOCKS, Rates
from groundswell.engine.reference import ReferenceCrowd
from groundswell.engine.roster import make_roster
from groundswell.engine.spells import FATE, FIGHT
from groundswell.engine.starts import EXIT
from groundswell.engine.tables import (
    FIGHTING,
    N_ARRESTED,
    N_DEAD,
    N_DEAD_SO_FAR,
    N_DISPERSED,
    N_FIGHTING,
    N_HELD,
    N_INJURED,
    N_LEFT,
    N_RECOVERING,
    N_STREET,
    N_TAKEN,
    N_TOOK_UP,
    OF_FIGHTING,
)  # fmt: skip

ENGINES = [Crowd, ReferenceCrowd]
EVERYBODY = 1e9  # a hazard at which everybody comes out in one step


def one_place(people: int, groups: int = 1):
    """A roster of one place with groups of `people` each."""
    return make_roster(np.zeros(groups, int), np.full(groups, people))


def out_at_once(crowd, rates: Rates) -> Rates:
    """Play step 0, in which everybody comes out; nobody leaves from then on. Returns the rates."""
    rates.join[:], rates.leave = EVERYBODY, 0.0
    assert crowd.advance(0, rates).on_street.sum() == crowd.roster.people
    assert crowd.counts.fighting.sum() == 0
    rates.join[:] = 0.0
    return rates


def test_rows_of_counts_have_the_names_that_kernels_know_them_by():
    rows = (*STOCKS, *FLOWS)
    by_number = {
        "on_street": N_STREET, "fighting": N_FIGHTING, "held": N_HELD, "recovering": N_RECOVERING,
        "dead_so_far": N_DEAD_SO_FAR,
        "left": N_LEFT, "dispersed": N_DISPERSED, "arrested": N_ARRESTED, "injured": N_INJURED, "dead": N_DEAD,
        "took_up": N_TOOK_UP, "taken": N_TAKEN,
    }  # fmt: skip
    assert {name: rows.index(name) for name in by_number} == by_number
    for name in ("dispersed", "arrested", "injured", "dead"):
        assert rows.index(f"{name}_fighting") == by_number[name] + OF_FIGHTING


@pytest.mark.parametrize("engine", ENGINES)
def test_turns_by_hand(engine):
    """Three people out from step 0 on: side and number of turns follow from their keyed exponentials."""
    seed, hazard, calm, factor = 11, 0.2, 0.4, 0.5
    crowd = engine(one_place(3), seed, 2.0, 40, ties=False)
    rates = out_at_once(crowd, Rates.neutral(1, 1))
    rates.fight[:], rates.unorganised[:], rates.calm = hazard, factor, calm
    side, turns = [0, 0, 0], [0, 0, 0]
    left = [exponential(seed, FIGHT, i, 0) for i in range(3)]
    for step in range(1, 40):
        took_up = 0
        for i in range(3):
            left[i] -= calm if side[i] else hazard * factor
            if left[i] <= 0.0:
                turns[i] += 1
                side[i] = 1 - side[i]
                took_up += side[i]
                left[i] = exponential(seed, FIGHT, i, turns[i])
        c = crowd.advance(step, rates)
        assert (c.fighting[0], c.took_up[0], c.on_street[0]) == (sum(side), took_up, 3)
        assert crowd.records()["turns"].tolist() == turns
        assert (crowd.records()["flags"] & FIGHTING > 0).tolist() == [bool(x) for x in side]
    assert max(turns) > 2


@pytest.mark.parametrize("engine", ENGINES)
def test_organised_people_do_not_take_up_fighting(engine):
    crowd = engine(one_place(50, 2), 1, 2.0, 10, ties=False)
    rates = out_at_once(crowd, Rates.neutral(1, 2))
    rates.fight[:], rates.unorganised[:] = 100.0, [0.0, 1.0]
    assert crowd.advance(1, rates).fighting[0] == 50
    assert set(crowd.records()["group"][crowd.records()["turns"] > 0]) == {1}


@pytest.mark.parametrize("engine", ENGINES)
def test_each_side_meets_its_own_force(engine):
    """Group 1 fights. A hazard of one side alone ends spells of that side alone, and is counted there."""
    for flow, name in ((1, "disperse"), (2, "arrest"), (3, "injure")):
        for side in (0, 1):
            crowd = engine(one_place(40, 2), 5, 2.0, 10, ties=False)
            rates = out_at_once(crowd, Rates.neutral(1, 2))
            rates.fight[:], rates.unorganised[:], rates.calm = 100.0, [0.0, 1.0], 0.0
            crowd.advance(1, rates)
            getattr(rates, name)[0, side] = 100.0
            rates.lethality[0, side] = 0.5 * (flow == 3)
            c = crowd.advance(2, rates)
            total = {1: c.dispersed, 2: c.arrested, 3: c.injured + c.dead}[flow][0]
            fought = {
                1: c.dispersed_fighting, 2: c.arrested_fighting, 3: c.injured_fighting + c.dead_fighting,
            }[flow][0]  # fmt: skip
            assert (total, fought, c.on_street[0], c.fighting[0]) == (40, 40 * side, 40, 40 * (1 - side))
            assert c.left[0] == 0
            if flow == 3:  # who dies is said by a draw of their own against the lethality of their side
                ids = range(40 * side, 40 * side + 40)
                dies = sum(uniforms(5, FATE, i, 1)[0] < 0.5 for i in ids)
                assert (c.dead[0], c.dead_fighting[0]) == (dies, dies * side)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_exit_wins_over_a_turn_and_the_next_spell_starts_peaceful(engine):
    crowd = engine(one_place(20), 7, 2.0, 12, ties=False)
    rates = out_at_once(crowd, Rates.neutral(1, 1))
    rates.fight[:], rates.calm, rates.rest_h = 100.0, 0.0, 1.0
    leaving = [-np.log(uniforms(7, EXIT, i, 2)[0]) <= 0.5 for i in range(20)]
    rates.leave = 0.25  # met for the rest of the step in which they came, nearly all of it, and for this one
    c = crowd.advance(1, rates)
    assert 0 < sum(leaving) < 20
    assert (c.left[0], c.took_up[0], c.fighting[0]) == (sum(leaving), 20 - sum(leaving), 20 - sum(leaving))
    rates.leave = 100.0
    c = crowd.advance(2, rates)
    assert (c.fighting[0], c.on_street[0], c.dispersed_fighting[0]) == (0, 0, 0)
    rates.leave, rates.join[:] = 0.0, EVERYBODY
    for step in (3, 4):
        c = crowd.advance(step, rates)
    assert c.on_street[0] == 20
    assert c.fighting[0] < 20  # those who came in step 4 are peaceful until it is over
    assert crowd.advance(5, rates).fighting[0] == 20
    assert set(crowd.records()["turns"]) == {1, 2}  # a spell that ends is no turn


@pytest.mark.statistical
@pytest.mark.parametrize("engine", [Crowd, ReferenceCrowd])
def test_first_turn_has_the_exponential_law(engine):
    """Hour of the first turn of 4,000 people at 0.3/h: geometric with 1 - exp(-0.3) in both modes of drawing."""
    people, hazard, steps = 4000, 0.3, 15
    options = {"mode": "independent"} if engine is ReferenceCrowd else {}
    crowd = engine(one_place(people), 3, 2.0, steps + 1, ties=False, **options)
    rates = out_at_once(crowd, Rates.neutral(1, 1))
    rates.fight[:], rates.calm = hazard, 0.0
    seen = [int(crowd.advance(step, rates).took_up[0]) for step in range(1, steps + 1)]
    law = np.exp(-hazard * np.arange(steps)) * -np.expm1(-hazard)
    expected = people * np.append(law, np.exp(-hazard * steps))
    assert chisquare([*seen, people - sum(seen)], expected).pvalue > 0.001


@pytest.mark.statistical
@pytest.mark.parametrize("engine", [Crowd, ReferenceCrowd])
def test_share_that_fights_settles_between_the_two_hazards(engine):
    """Two states in discrete time: the share settles at a / (a + b), a and b the chances of a turn each way."""
    people, up, down = 3000, 0.1, 0.3
    options = {"mode": "independent"} if engine is ReferenceCrowd else {}
    crowd = engine(one_place(people), 4, 2.0, 60, ties=False, **options)
    rates = out_at_once(crowd, Rates.neutral(1, 1))
    rates.fight[:], rates.calm = up, down
    shares = [crowd.advance(step, rates).fighting[0] / people for step in range(1, 60)]
    a, b = -np.expm1(-up), -np.expm1(-down)
    assert np.mean(shares[30:]) == pytest.approx(a / (a + b), abs=0.01)


@pytest.mark.statistical
def test_what_is_left_of_a_resistance_after_an_exit_is_a_unit_exponential():
    """A spell goes on with what the one before has left of the resistance: an exit must not select among them."""
    people = 6000
    crowd = Crowd(one_place(people), 9, 2.0, 30, ties=False)
    rates = out_at_once(crowd, Rates.neutral(1, 1))
    rates.fight[:], rates.calm, rates.rest_h = 0.5, 0.0, 1.0
    crowd.advance(1, rates)
    rates.leave, rates.fight[:] = EVERYBODY, 0.5
    crowd.advance(2, rates)
    waiting = crowd.records()[crowd.records()["turns"] == 0]
    assert kstest(waiting["turn_left"], "expon").pvalue > 0.001
