"""Allies: appeal, decision, arrival, presence and departure, worked out by hand."""

from __future__ import annotations

import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import HARBOUR, MILLTOWN, Bench, case_with
from groundswell.domains.state.allies import staying
from groundswell.engine.clock import MONTH_H
from groundswell.play.apply import change_measures
from groundswell.world.world import World, build

# Of the tiny case: north-1 (unit 9), 30 guards for Harbour, 12 h after the decision; south-1 (unit 10), 20 people for
# Milltown, 24 h after it. Hours are those of the case, UTC+1 like Milltown's.
NORTH, SOUTH = 9, 10
BUSY = 4  # what a machine that does other work too may take beyond the limits


def bench(world=None, **given_parameters) -> Bench:
    named = {f"allies.{k}": v for k, v in given_parameters.items()}
    return Bench("allies", world=world, settings=named)


def close(value: float):
    return pytest.approx(value, rel=1e-5)


def play(b: Bench, until: int, asked: int | None = 0) -> dict[str, np.ndarray]:
    """What was there hour by hour; the appeal stands from the step `asked` on, and is seen in the next."""
    names = ("allied_people", "freed_people", "cost", "urge", "resentment", "allied_share")
    seen: dict[str, list] = {n: [] for n in names}
    for hour in range(until):
        s = b.step(hour, appeal=float(asked is not None and hour > asked))
        for name, values in seen.items():
            values.append(np.array(getattr(s, name)))
    return {name: np.array(values) for name, values in seen.items()}


def with_measures(folder, *rows: dict[str, str]) -> World:
    """The tiny case with more measures, of the whole country if not said otherwise."""

    def add(table):
        return [*table, *({**table[0], "scope": "*", "value": "", "unit": "", **row} for row in rows)]

    return build(case_with(folder, {"measures.csv": add}))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> World:
    """An appeal at hour 40, an arrival of 100 people at hour 60, and a departure from hour 90 to hour 110."""
    return with_measures(
        tmp_path_factory.mktemp("a") / "c",
        {"measure": "call", "kind": "appeal", "start_local": "2030-03-02T16:00", "end_local": "2030-03-02T20:00"},
        {"measure": "come", "kind": "arrival", "start_local": "2030-03-03T12:00", "end_local": "2030-03-06T00:00",
         "value": "100", "unit": "people"},
        {"measure": "go", "kind": "departure", "start_local": "2030-03-04T18:00", "end_local": "2030-03-05T14:00"},
    )  # fmt: skip


def test_without_an_appeal_nobody_comes(recorded):
    for world in (None, recorded):
        b = bench(world)
        seen = play(b, 140, asked=None)
        assert all((values == 0).all() for values in seen.values())
        assert np.isnan(b.s.asked)
        assert np.isnan(b.s.decided)


def test_their_own_course():
    b = bench(stays_h=20.0, leaving_h=10.0)
    seen = play(b, 70, asked=4)
    assert (b.s.asked, b.s.decided) == (4.0, 10.0)
    north, south = seen["allied_people"][:, NORTH], seen["allied_people"][:, SOUTH]
    assert (seen["allied_people"][:, :NORTH] == 0).all()
    assert (north[:22] == 0).all()  # 10 + 12
    assert (north[22:43] == 30).all()
    assert (south[:34] == 0).all()  # 10 + 24
    assert (south[34:43] == 20).all()
    # from 42 = 22 + 20 on, a tenth an hour
    assert north[42:53].tolist() == [30, 27, 24, 21, 18, 15, 12, 9, 6, 3, 0]
    assert south[42:53].tolist() == [20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]
    assert (seen["allied_people"][53:] == 0).all()
    assert seen["allied_share"][[21, 22, 34, 47, 60]] == close([0, 0.6, 1, 0.5, 0])


def test_decision_takes_time_and_may_be_no():
    b = bench(decision_h=24.0)
    play(b, 24, asked=0)
    assert b.s.asked == 0.0
    assert np.isnan(b.s.decided)
    b.step(24, appeal=0.0)  # the appeal was made once; that its hour is over takes nothing back
    assert b.s.decided == 24.0
    b = bench(acceptance=0.0)
    assert (play(b, 100)["allied_people"] == 0).all()
    assert np.isnan(b.s.decided)
    yes = [not np.isnan(_decided(seed)) for seed in range(150)]
    assert np.mean(yes) == pytest.approx(0.3, abs=0.12)


def _decided(seed: int) -> float:
    b = Bench("allies", settings={"allies.acceptance": 0.3, "allies.decision_h": 1.0}, seed=seed)
    for hour in range(4):
        b.step(hour, appeal=1.0)
    return float(b.s.decided)


def test_the_recorded_hour_and_number(recorded):
    b = bench(recorded)
    seen = play(b, 120, asked=40)
    assert b.s.decided == 46.0
    # 100 people in proportion 30 : 20; the second contingent 12 h after the first
    assert (seen["allied_people"][:60] == 0).all()
    assert seen["allied_people"][60, [NORTH, SOUTH]].tolist() == [60, 0]
    assert seen["allied_people"][72, [NORTH, SOUTH]].tolist() == [60, 40]
    assert seen["allied_people"][90, [NORTH, SOUTH]].tolist() == [60, 40]
    assert seen["allied_people"][95, [NORTH, SOUTH]].tolist() == [45, 30]  # 5 of 20 hours
    assert seen["allied_people"][110].sum() == 0


def test_a_recorded_arrival_waits_for_the_decision(recorded):
    b = bench(recorded)
    seen = play(b, 110, asked=70)  # decided at 76, after the recorded hour: 12 and 24 h after the decision
    assert (seen["allied_people"][:88] == 0).all()
    assert seen["allied_people"][88, NORTH] == 60
    moved = change_measures(recorded, {"come": "none"})
    seen = play(bench(moved), 60, asked=10)
    assert seen["allied_people"][28, NORTH] == 30  # 10 + 6 + 12, and the size of its row
    assert seen["allied_people"][27, NORTH] == 0


def test_a_departure_before_the_arrival_is_none(recorded):
    b = bench(recorded, stays_h=500.0)
    assert play(b, 130, asked=85)["allied_people"][129, NORTH] == 60  # here from 103; the record leaves from 90 on


def test_guards_free_home_staff():
    b = bench(freed_people=15.0)
    freed = play(b, 40, asked=0)["freed_people"]
    assert freed[17, HARBOUR] == 0
    assert freed[18, HARBOUR] == close(15.0)
    assert freed[39, MILLTOWN] == 0.0  # they guard nothing
    b = bench()  # 1,600 for 30 guards: each frees one
    assert play(b, 20, asked=0)["freed_people"][18, HARBOUR] == close(30.0)


def test_presence_makes_coming_out_dearer_where_they_stand():
    cost = play(bench(), 40, asked=0)["cost"]
    assert cost[17].tolist() == [0] * 6
    assert cost[18, [HARBOUR, MILLTOWN]] == close([0.3, 0])
    assert cost[30, [HARBOUR, MILLTOWN]] == close([0.3, 0.3])
    assert cost[30, 1] == 0.0
    leaving = play(bench(stays_h=20.0, leaving_h=10.0), 44, asked=0)["cost"]
    assert leaving[43, HARBOUR] == close(0.15)  # 15 of 30


def test_resentment_builds_up_in_months_and_is_the_same_for_all():
    b = bench(stays_h=1e6)
    seen = play(b, 60, asked=0)
    assert seen["resentment"][17].tolist() == [0] * 6
    step = -np.expm1(-1 / (3 * MONTH_H))
    assert seen["resentment"][18] == close(step * 0.25 * 0.6)
    assert seen["urge"][18] == close(step * 0.25 * 0.6)  # every group alike
    assert np.ptp(seen["urge"][-1]) == 0
    for _ in range(20_000):  # nine times three months
        s = b.step(100)
    assert s.resentment == pytest.approx(0.25, rel=1e-3)


def test_staying():
    assert [staying(h, 10, 4) for h in (0, 10, 11, 13, 14, 99)] == [1, 1, 0.75, 0.25, 0, 0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.floats(0.5, 30), st.floats(1, 60), st.floats(1, 60))
def test_never_more_than_meant_and_nobody_before_the_decision(asked, decision, stays, leaving):
    b = bench(decision_h=decision, stays_h=stays, leaving_h=leaving)
    seen = play(b, 150, asked=asked)
    people = seen["allied_people"]
    assert (people >= 0).all()
    assert (people[:, [NORTH, SOUTH]] <= [30, 20]).all()
    assert (people[: int(asked + decision + 12)] == 0).all()
    assert (seen["freed_people"].sum(axis=1) <= people.sum(axis=1)).all()


def test_off_is_strength_zero():
    nothing = {"presence_cost": 0.0, "resentment": 0.0}
    seen = play(bench(**nothing), 60, asked=0)
    assert (seen["cost"] == 0).all()
    assert (seen["urge"] == 0).all()


@pytest.mark.slow
def test_an_hour_costs_microseconds():
    """30 us where nothing happens, 200 us where much does, on a machine of its own."""
    b = Bench("allies", world=build(gs.load("kazakhstan-2022")), settings=None)
    m = b.mechanisms[0]
    quiet, there = b.now(1), b.now(200)
    assert min(timeit.repeat(lambda: m.step(quiet), number=20, repeat=50)) / 20 < BUSY * 30e-6
    b.set({"asked": 119.0, "decided": 125.0})
    assert min(timeit.repeat(lambda: m.step(there), number=10, repeat=50)) / 10 < BUSY * 200e-6
    assert b.s.allied_people.sum() > 2000
