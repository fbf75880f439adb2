"""Demolitions: where, how often, held off when, and the anger of a place, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import FLARE, HARBOUR, ORCHARD, Bench, at, case_with, changed, tiny
from groundswell.domains.extras.demolitions import DEMOLITION
from groundswell.engine.clock import MONTH_H
from groundswell.engine.random import exponential
from groundswell.observe.outcomes import Asked
from groundswell.world.world import build

# Orchard, 8,000 inhabitants in households of 3.5, becomes the belt of Milltown.
BY_HAND = {
    "demolitions.households": 16.0, "demolitions.strength": 2.0, "demolitions.scale": 1.0,
    "demolitions.half_life_days": 2.0, "demolitions.crowd_people": 50.0,
}  # fmt: skip
EACH_HOUR = MONTH_H * 100_000 / 8_000  # per_month at which Orchard's hazard is 1 per hour


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    belt = changed(lambda r: r["place"] == "orchard", kind="belt", household_people="3.5")
    return case_with(tmp_path_factory.mktemp("demolitions") / "c", {"places.csv": belt})


@pytest.fixture(scope="module")
def world(case):
    return build(case)


def bench(world, per_month: float, seed: int = 1, **given_parameters) -> Bench:
    named = {f"demolitions.{k}": v for k, v in given_parameters.items()}
    named["demolitions.per_month"] = per_month
    return Bench("demolitions", world=world, settings=BY_HAND | named, seed=seed)


def close(value):
    return pytest.approx(value, rel=1e-9)


def test_attempts_come_when_the_integrated_hazard_passes_a_keyed_exponential(world):
    rate, hours = 0.25, 200
    b = bench(world, rate * EACH_HOUR)
    when = np.cumsum([exponential(1, DEMOLITION, ORCHARD, k) for k in range(hours)]) / rate
    seen = np.array([b.step(hour).demolitions.copy() for hour in range(hours)])
    assert (np.delete(seen, ORCHARD, axis=1) == 0).all()
    expected, hour = [], 0
    for due in when:  # the hazard of hour h is full at h + 1; two in one hour take an hour each
        hour = max(int(np.ceil(due - 1e-9)) - 1, hour)
        expected.append(hour)
        hour += 1
    assert np.flatnonzero(seen[:, ORCHARD]).tolist() == [h for h in expected if h < hours]
    assert 30 < seen.sum() < 75
    assert b.s.demolition_turns[ORCHARD] == seen.sum()


def test_the_anger_of_one_attempt_by_hand(world):
    b = bench(world, 0.0)
    m = b.mechanisms[0]
    assert m.evicts[ORCHARD] == close(7.0)  # 16 households of 3.5 are 56 people of 8,000: 7 per 1,000
    b.set({"evicted": at(ORCHARD, 7.0)})
    after = b.step(0)
    left = 7.0 * 2 ** (-1 / 48)
    assert after.evicted == close(at(ORCHARD, left))
    anger = at(ORCHARD, 2.0 * np.log(1.0 + left))[world.group_place]
    assert after.urge == close(anger)
    assert after.own_grievance == close(anger)
    for hour in range(1, 48):
        b.step(hour)
    assert b.s.evicted[ORCHARD] == close(3.5)
    assert b.s.urge[world.group_place == ORCHARD] == close(2.0 * np.log(4.5))
    assert (b.s.demolitions == 0).all()


def test_an_attempt_counts_in_its_own_hour_and_adds_to_the_last(world):
    b = bench(world, 1e4 * EACH_HOUR)  # one every hour
    s = b.step(0)
    assert s.demolitions.tolist() == at(ORCHARD, 1.0).tolist()
    assert s.evicted[ORCHARD] == close(7.0)
    assert s.urge[world.group_place == ORCHARD] == close(2.0 * np.log(8.0))
    s = b.step(1)
    assert s.evicted[ORCHARD] == close(7.0 + 7.0 * 2 ** (-1 / 48))


@pytest.mark.parametrize(
    ("name", "value"),
    [("emergency", 1.0), ("on_street", 50), ("sites_lost", 1.0)],
)
def test_held_off_where_something_else_is_on(world, name, value):
    b = bench(world, 1e4 * EACH_HOUR)
    s = b.step(0, **{name: at(ORCHARD, value)})
    assert s.demolition_clock[ORCHARD] == 0.0
    assert s.demolitions.sum() == s.evicted.sum() == s.urge.sum() == 0.0
    s = b.step(1, **{name: at(HARBOUR, value)})  # elsewhere it holds nothing off
    assert s.demolitions[ORCHARD] == 1.0


def test_49_people_on_the_street_hold_nothing_off(world):
    assert bench(world, 1e4 * EACH_HOUR).step(0, on_street=at(ORCHARD, 49)).demolitions[ORCHARD] == 1.0


def test_the_rate_is_that_of_the_declared_process(world):
    """Two a month for each 100,000 people over half a month, in 8,000: 0.08 attempts; 400 seeds."""
    counts = []
    for seed in range(400):
        b = bench(world, 2.0, seed=seed)
        for hour in range(round(MONTH_H / 2)):
            b.step(hour)
        counts.append(int(b.s.demolition_turns[ORCHARD]))
    assert np.mean(counts) == pytest.approx(0.08, abs=0.042)  # three standard errors
    assert max(counts) >= 1


def test_without_such_houses_or_a_rate_nothing_is_drawn_or_added(world):
    for b in (bench(tiny(), 1e6), bench(world, 0.0)):
        for hour in range(48):
            s = b.step(hour)
        for name in ("demolitions", "evicted", "demolition_turns", "urge", "own_grievance", "demolition_clock"):
            assert (getattr(s, name) == 0).all(), name


def test_the_scale_of_the_population_changes_no_rate_and_no_anger(case, world):
    half = build(case, 0.5)
    full, small = bench(world, 40.0), bench(half, 40.0)
    assert small.mechanisms[0].hazard[ORCHARD] == pytest.approx(full.mechanisms[0].hazard[ORCHARD], rel=0.01)
    assert small.mechanisms[0].evicts[ORCHARD] == pytest.approx(7.0, rel=0.01)
    assert small.mechanisms[0].crowd == 25.0


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 6), st.integers(0, 99))
def test_more_attempts_never_mean_less_anger(world, few, more, strength, seed):
    """Bounded by what all attempts together evict; a higher rate brings every attempt forward."""
    low, high = (bench(world, EACH_HOUR * r, seed, strength=strength) for r in (few / 100, (few + more) / 100))
    for hour in range(40):
        a, b = low.step(hour), high.step(hour)
        assert b.demolition_turns[ORCHARD] >= a.demolition_turns[ORCHARD]
        assert 0 <= b.evicted[ORCHARD] <= 7.0 * b.demolition_turns[ORCHARD] + 1e-9
        assert (b.urge >= 0).all()
        assert (b.urge == b.own_grievance).all()


def test_a_run_at_the_defaults_equals_one_without(case):
    on, off = gs.run(case, seed=4), gs.run(case, seed=4, off=["demolitions"])
    assert on.reading.hourly.keys() == off.reading.hourly.keys()
    for name, series in on.reading.hourly.items():
        assert np.array_equal(series, off.reading.hourly[name], equal_nan=True), name
    nil = gs.run(case, seed=4, set={"demolitions.per_month": 200.0, "demolitions.strength": 0.0})
    assert nil.reading.series("demolitions").sum() > 0
    for name in ("on_street", "joined", "injured", "arrested", "striking"):
        assert np.array_equal(nil.reading.series(name), on.reading.series(name)), name


def test_attempts_are_counted_and_told_in_a_run(case):
    run = gs.run(case, seed=4, set={"demolitions.per_month": 200.0})
    asked = [Asked("demolitions", scope=s).value(run.reading) for s in (("*",), ("orchard",), ("flare",))]
    assert asked[0] == asked[1] == run.reading.series("demolitions")[:, ORCHARD].sum() > 0
    assert asked[2] == run.reading.series("demolitions")[:, FLARE].sum() == 0
    told = [e for e in run.events.to_pylist() if e["kind"] == "attempt to clear houses"]
    assert len(told) == asked[0]
    assert {(e["place"], e["value"]) for e in told} == {("orchard", 1.0)}
