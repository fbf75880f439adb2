"""People taken from home: by hand, the lists of who wakes when, the law after release, and the step of a simulation."""

from __future__ import annotations

import numpy as np
import pytest

from domains.harness import tiny
from engine.harness import play, small_roster
from groundswell.domains import all_mechanisms
from groundswell.domains.street.people import People
from groundswell.engine.crowd import Crowd
from groundswell.engine.parameters import resolve
from groundswell.engine.raids import KNOWN, drum, lot
from groundswell.engine.random import permute
from groundswell.engine.rates import Rates
from groundswell.engine.reference import ReferenceCrowd
from groundswell.engine.roster import make_roster
from groundswell.engine.simulation import Simulation
from groundswell.engine.tables import DEAD, HELD, HOME, INJURED, RESTING, STREET
from groundswell.world.world import build

ENGINES = [Crowd, ReferenceCrowd]
EVERYBODY = 1e9


def resting_and_home(engine, rest_h: float = 4.0, steps: int = 30):
    """Six people of one place before step 3: 0, 1 and 2 were never out, 3, 4 and 5 rest until step 2 + rest_h."""
    crowd = engine(make_roster(np.zeros(2, int), np.array([3, 3])), 1, 2.0, steps, ties=False)
    rates = Rates.neutral(1, 2)
    rates.join[1], rates.leave, rates.rest_h = EVERYBODY, 0.0, rest_h
    assert crowd.advance(0, rates).on_street[0] == 3
    rates.join[:], rates.leave = 0.0, EVERYBODY
    assert crowd.advance(1, rates).left[0] == 3
    rates.leave = 0.0
    crowd.advance(2, rates)
    rates.join[:] = EVERYBODY
    return crowd, rates


@pytest.mark.parametrize("engine", ENGINES)
def test_detention_by_hand(engine):
    crowd, rates = resting_and_home(engine)
    assert crowd.detain(3, np.array([0, 3, 4, 3]), 10.0).tolist() == [3]  # 3 is named twice and taken once
    assert (crowd.counts.taken[0], crowd.counts.held[0]) == (3, 3)
    joined, held, taken = [], [], []
    for step in range(3, 30):
        c = crowd.advance(step, rates)
        joined.append(int(c.joined.sum()))
        held.append(int(c.held[0]))
        taken.append(int(c.taken[0]))
    expected = dict.fromkeys(range(3, 30), 0) | {3: 2, 6: 1, 13: 3}  # 1 and 2; 5 after the rest; the three released
    assert joined == list(expected.values())
    assert held == [3] * 10 + [0] * 17
    assert taken == [3] + [0] * 26
    assert crowd.records()["spell"].tolist() == [1, 1, 1, 2, 2, 2]
    assert crowd.records()["listing"].tolist() == [1, 0, 0, 1, 1, 1]  # everybody was put back at risk once


@pytest.mark.parametrize("engine", ENGINES)
def test_released_in_the_very_step_in_which_the_rest_would_have_ended(engine):
    crowd, rates = resting_and_home(engine)
    crowd.detain(3, np.array([4]), 3.0)
    joined = [int(crowd.advance(step, rates).joined.sum()) for step in range(3, 9)]
    assert joined == [3, 0, 0, 3, 0, 0]
    assert crowd.counts.held[0] == 0
    assert crowd.records()["listing"].tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_beyond_the_horizon_nobody_is_released(engine):
    for rest_h in (4.0, 100.0):  # the rest ends within the run, or not
        crowd, rates = resting_and_home(engine, rest_h=rest_h)
        assert crowd.detain(3, np.arange(6), 500.0)[0] == 6
        for step in range(3, 30):
            assert crowd.advance(step, rates).held[0] == 6
        assert crowd.counts.on_street[0] == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_only_people_at_home_or_resting_are_taken(engine):
    crowd, rates = resting_and_home(engine)
    crowd.detain(3, np.array([3]), 10.0)
    crowd.advance(3, rates)  # 0, 1 and 2 come out
    assert crowd.detain(4, np.arange(6), 10.0)[0] == 2
    assert crowd.records()["state"].tolist() == [STREET] * 3 + [HELD] * 3
    c = crowd.advance(4, rates)
    assert (c.taken[0], c.held[0], c.on_street[0]) == (2, 3, 3)
    rates.injure[:], rates.lethality[:] = EVERYBODY, 1.0
    crowd.advance(5, rates)
    assert crowd.detain(6, np.arange(3), 10.0)[0] == 0
    assert crowd.records()["state"].tolist() == [DEAD] * 3 + [HELD] * 3


@pytest.mark.parametrize("engine", ENGINES)
def test_taken_between_two_spells_on_the_list_of_a_group(engine):
    """Somebody back at home has an entry on their group's list; it must not bring them out while they are held."""
    crowd, rates = resting_and_home(engine, rest_h=1.0)
    rates.join[:] = 1e-9
    crowd.advance(3, rates)  # 3, 4 and 5 are at home again
    assert crowd.records()["state"].tolist()[-3:] == [HOME] * 3
    assert crowd.detain(4, np.array([3, 4]), 5.0)[0] == 2
    rates.join[:] = [0.0, EVERYBODY]
    assert [int(crowd.advance(step, rates).joined.sum()) for step in range(4, 12)] == [1, 0, 0, 0, 0, 2, 0, 0]


def test_everybody_stands_on_one_list_of_those_who_wake():
    """After every step of an eventful run: those who rest, are held or injured wake once, in the step they know."""

    class Watched(Crowd):
        def advance(self, now, rates):
            counts = super().advance(now, rates)
            seen: list[int] = []
            for when in range(now + 1, len(self.wake)):
                row, rows = int(self.wake[when]), []
                while row >= 0:
                    rows.append(row)
                    row = int(self.people["next"][row])
                assert len(rows) == self.waking[when]
                assert (self.people["wakes"][rows] == when).all()
                seen += rows
            people = self.people[: self.sizes[0]]
            away = np.isin(people["state"], (RESTING, HELD, INJURED)) & (people["wakes"] < len(self.wake))
            assert sorted(seen) == np.flatnonzero(away).tolist()
            return counts

    _, crowd = play(Watched, 2)
    assert (crowd.records()["state"] == HELD).any()


def test_people_are_conserved_with_fighting_and_detention():
    out, crowd = play(Crowd, 1)
    names = [n for n in vars(crowd.counts) if n not in ("by_place", "on_street_group", "demands", "joined")]
    by_name = {n: out[:, 3 * i : 3 * i + 3] for i, n in enumerate(names)}  # (steps, places), rows of by_place first
    joined = out[:, 3 * 16 + 10 + crowd.counts.demands.size :][:, :12].reshape(-1, 3, 4).sum(axis=2)
    gone = sum(by_name[n] for n in ("left", "dispersed", "arrested", "injured", "dead"))
    np.testing.assert_array_equal(np.diff(by_name["on_street"], axis=0), (joined - gone)[1:])
    assert (by_name["fighting"] <= by_name["on_street"]).all()
    for flow in ("dispersed", "arrested", "injured", "dead"):
        assert (by_name[f"{flow}_fighting"] <= by_name[flow]).all()
    rows = crowd.records()
    place = rows["place"]
    for state, name in ((STREET, "on_street"), (HELD, "held"), (INJURED, "recovering"), (DEAD, "dead_so_far")):
        np.testing.assert_array_equal(np.bincount(place[rows["state"] == state], minlength=3), by_name[name][-1])
    assert by_name["taken"].sum() > 100


def test_those_once_out_are_drawn_by_lot():
    """The people asked for are those with the smallest lots; where there are not so many, all of them."""
    for stop in (30, 45):
        _, crowd = play(Crowd, 6, stop=stop)
        rows = crowd.records()
        free = (rows["spell"] > 0) & np.isin(rows["state"], (HOME, RESTING))
        key = np.uint64(drum(6, stop))
        for wanted in ([5, 0, 20], [1, 1, 1], [0, 10**6, 0]):
            found = crowd.once_out(stop, np.array(wanted))
            for p, n in enumerate(wanted):
                ids = rows["id"][free & (rows["place"] == p)]
                lots = sorted(ids.tolist(), key=lambda i: int(lot(key, i)))
                assert sorted(lots[:n]) == sorted(found[np.isin(found, ids)].tolist())
        assert len(crowd.once_out(stop, np.zeros(3))) == 0


def test_lots_differ_by_step_and_fall_on_everybody_alike():
    people = np.arange(5000)
    taken = np.zeros(len(people))
    for step in range(400):
        key = np.uint64(drum(3, step))
        lots = np.array([lot(key, i) for i in people[:50]])
        taken[np.argsort(lots)[:10]] += 1
    assert abs(taken[:50] - 80).max() < 40  # binomial, 400 tries at 1/5: five standard deviations


def test_taking_one_person_leaves_everybody_else_alone():
    """Without ties and under fixed hazards, what happens to others does not depend on who is held."""
    rates = Rates.neutral(3, 10)
    rates.join[:], rates.fight[:], rates.calm, rates.rest_h = 0.02, 0.2, 0.2, 4.0
    rates.join[small_roster().group_at_risk == 0] = 0.0
    runs = []
    for raid in (False, True):
        crowd = Crowd(small_roster(), 8, 1.5, 60, ties=False)
        for step in range(60):
            if raid and step == 20:
                assert crowd.detain(step, np.arange(0, 300, 3), 10.0).sum() > 50
            crowd.advance(step, rates)
        rows = crowd.records()
        runs.append(rows[~np.isin(rows["id"], np.arange(0, 300, 3))])
    for name in ("id", "state", "spell", "listing", "turns", "joined_h", "flags"):
        np.testing.assert_array_equal(runs[0][name], runs[1][name])


@pytest.mark.statistical
@pytest.mark.parametrize("mode", ["fast", "independent"])
def test_after_release_the_frailty_of_those_who_had_not_come_is_theirs(mode):
    """Clock 1 before detention, 1 after it: the share that comes is that of Lomax survivors, as if never held."""
    people, shape = 6000, 1.5
    roster = make_roster(np.zeros(1, int), np.array([people]))
    options = {"ties": False} if mode == "fast" else {"ties": False, "mode": "independent"}
    crowd = (Crowd if mode == "fast" else ReferenceCrowd)(roster, 2, shape, 60, **options)
    rates = Rates.neutral(1, 1)
    rates.join[:], rates.leave = 0.1, 0.0
    for step in range(10):
        first = crowd.advance(step, rates).on_street[0]
    crowd.detain(10, np.arange(people), 20.0)
    for step in range(10, 30):
        assert crowd.advance(step, rates).on_street[0] == first
    for step in range(30, 40):
        second = crowd.advance(step, rates).on_street[0] - first
    survival = lambda clock: (1 + clock / shape) ** -shape  # noqa: E731
    assert first / people == pytest.approx(1 - survival(1.0), abs=0.02)
    assert second / (people - first) == pytest.approx(1 - survival(2.0) / survival(1.0), abs=0.025)


def a_simulation(engine: str = "fast", world=None, seed: int = 4, step_h: float = 1.0) -> Simulation:
    """The tiny case without mechanisms: what happens is what a test writes into the state."""
    known = list(all_mechanisms().values())
    world = tiny() if world is None else world
    return Simulation(world, [People], known, resolve(known, world.case, {}), seed, engine, step_h)


def test_known_organisers_are_taken_in_their_order():
    sim = a_simulation()
    r, s = sim.of(People).roster, sim.state
    order = [int(r.place_first[2]) + permute(i, r.place_adults[2], 4, KNOWN, 2, False) for i in range(12)]
    s.join_hazard[:], s.leave_hazard[...] = 0.0, 0.0
    s.detain_known[2] = 5
    sim.advance()
    assert (s.taken[2], s.held[2], s.detained_known[2]) == (5, 5, 5)
    assert s.taken.sum() == 5
    assert sim.of(People).crowd.records()["id"].tolist() == sorted(order[:5])
    s.detain_known[2] = 0
    sim.advance()
    assert (s.taken[2], s.held[2]) == (0, 5)
    sim.of(People).crowd.transfer(
        np.array(order[5:6]), int(sim.of(People).crowd.records()["group"][0])
    )  # gives a record, no more
    sim.of(People).crowd.detain(2, np.array(order[6:8]), 50.0)  # held for another reason: passed over
    s.detain_known[2] = 3
    sim.advance()
    assert (s.taken[2], s.detained_known[2]) == (2 + 3, 10)
    assert sorted(sim.of(People).crowd.records()["id"]) == sorted(order[:10])
    s.detain_known[2] = 10**6
    sim.advance()
    assert s.detained_known[2] == r.place_adults[2]
    assert s.held[2] == r.place_adults[2]
    sim.advance()
    assert s.taken[2] == 0  # there is nobody left


def test_an_order_is_carried_out_once_an_hour_whatever_the_step():
    sim = a_simulation(step_h=0.5)
    sim.state.join_hazard[:], sim.state.hold_h[...] = 0.0, 2.0
    sim.state.detain_known[1] = 4  # as a mechanism leaves it for the whole hour
    taken, held = [], []
    for step in range(8):
        sim.state.detain_known[1] *= step < 4
        sim.advance()
        taken.append(int(sim.state.taken[1]))
        held.append(int(sim.state.held[1]))
    assert taken == [4, 0, 4, 0, 0, 0, 0, 0]
    assert held == [4, 4, 8, 8, 4, 4, 0, 0]


def eventful(sim: Simulation, steps: range) -> np.ndarray:
    """Hours with joins, fights and both ways of being taken from home; counts of each hour."""
    s, out = sim.state, []
    for step in steps:
        s.join_hazard[:] = np.where(sim.of(People).roster.group_at_risk == 1, 0.01, 0.0)
        s.fight_hazard[:], s.arrest_hazard[:, 1], s.disperse_hazard[:, 0] = 0.1, 0.05, 0.1
        s.rest_h[...], s.hold_h[...] = 3.0, 7.0
        s.detain_known[:] = 2 * (step % 3 == 1)
        s.detain_past[:] = np.arange(len(s.detain_past)) * (step % 4 == 3)
        sim.advance()
        out.append(np.concatenate([getattr(s, n) for n in ("on_street", "fighting", "held", "taken", "arrested")]))
    return np.array(out)


def test_the_step_of_a_simulation_is_the_same_in_both_engines_and_after_a_checkpoint():
    world = build(tiny().case, 0.02)
    fast = eventful(a_simulation(world=world), range(30))
    np.testing.assert_array_equal(eventful(a_simulation("reference", world), range(30)), fast)
    first = a_simulation(world=world)
    eventful(first, range(14))
    kept = {k: np.array(v) for k, v in first.arrays().items()}
    second = a_simulation(world=world)
    second.restore(kept)
    np.testing.assert_array_equal(eventful(second, range(14, 30)), fast[14:])
    taken = fast[:, 3 * world.places : 4 * world.places]
    assert (taken[1::3] >= 2).all()
    assert taken[27].tolist() == list(range(world.places))  # by then enough have been out everywhere
