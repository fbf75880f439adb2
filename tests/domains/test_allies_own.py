"""Allies that act of their own accord: what moves them, what it saves, and whether they come unasked, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import DUNES, Bench, at, crowd
from groundswell.domains.state.allies import ALLIES_OWN
from groundswell.engine.random import exponential, uniforms
from groundswell.observe.outcomes import Asked

# Of the tiny case: north-1 (unit 9) comes 12 h after the decision, south-1 (unit 10) 24 h after it. Two regions.
NORTH, SOUTH = 9, 10
CLOCK, UNASKED = 0, 1
EAGER = {"initiative": 1e9, "watch_regions": 2.0, "watch_sites": 1.0, "readiness": 0.5}
WAVE = crowd(harbour=50, milltown=50)
MANY = 10**6


def bench(seed: int = 1, **given_parameters) -> Bench:
    return Bench("allies", settings={f"allies.{k}": v for k, v in given_parameters.items()}, seed=seed)


def play(b: Bench, until: int, crisis: int | None = 0, asked: int | None = None) -> np.ndarray:
    """(T, U) allied people; crowds in both regions from the step `crisis` on, an appeal from the step `asked` on."""
    out = []
    for hour in range(until):
        on = crisis is not None and hour >= crisis
        s = b.step(hour, on_street=WAVE if on else 0, appeal=float(asked is not None and hour > asked))
        out.append(np.array(s.allied_people))
    return np.array(out)


def arrival(people: np.ndarray, unit: int = NORTH) -> float:
    there = np.flatnonzero(people[:, unit])
    return float(there[0]) if len(there) else np.inf


def test_request_only_by_default():
    b = bench()
    people = play(b, 60, crisis=0, asked=20)
    assert np.isnan(b.s.prepared)
    assert (b.s.asked, b.s.decided, b.s.ally_clock) == (20.0, 26.0, 0.0)
    assert arrival(people) == 38.0  # 20 + 6 + 12


def test_what_moves_them():
    """Crowds of 50 in two regions at one time, or one site; neither a region alone nor 49."""
    for moved, values in (
        (False, {"on_street": crowd(harbour=50, flare=MANY)}),
        (False, {"on_street": crowd(harbour=50, milltown=49)}),
        (True, {"on_street": WAVE}),
        (True, {"sites_lost": at(DUNES, 1.0)}),
        (False, {"sites_lost": 0.0}),
    ):
        b = bench(**EAGER)
        b.step(5, **values)
        assert float(b.s.prepared) == 5.0 if moved else np.isnan(b.s.prepared), values


def test_they_begin_when_the_integrated_hazard_passes_a_keyed_exponential():
    rate = 0.05
    for seed in (1, 2, 3):
        b = bench(seed, **EAGER | {"initiative": rate})
        play(b, 200, crisis=10)
        hours = int(np.ceil(exponential(seed, ALLIES_OWN, CLOCK, 0) / rate - 1e-9))
        assert float(b.s.prepared) == 10 + hours - 1  # the n-th hour of the crisis is 10 + n - 1


def test_the_lag_of_an_appeal_that_finds_them_ready():
    """Prepared at 10, ready at 16. Asked at 30 they decide at once, and 6 of the 12 h to the first arrival are done."""
    b = bench(**EAGER)
    people = play(b, 90, crisis=10, asked=30)
    assert (b.s.prepared, b.s.asked, b.s.decided) == (10.0, 30.0, 30.0)
    assert arrival(people) == 36.0  # 18 h less: decision_h of 6 and readiness of 6 are saved, and 6 are left
    assert arrival(people, SOUTH) == 48.0  # 12 h after the first, as by its row


@pytest.mark.parametrize(
    ("asked", "decided", "first"),
    [
        (12, 16, 28),  # asked while they prepare: the decision waits until they are ready; nothing is ahead of it
        (16, 16, 28),
        (18, 18, 28),  # 2 h ahead
        (22, 22, 28),
        (23, 23, 29),  # 6 h is the most
    ],
)
def test_the_time_runs_from_the_hour_they_began(asked, decided, first):
    b = bench(**EAGER)
    people = play(b, 70, crisis=10, asked=asked)
    assert (b.s.asked, b.s.decided, arrival(people)) == (asked, decided, first)


def test_who_is_asked_first_does_not_begin_of_their_own_accord():
    b = bench(**EAGER)
    people = play(b, 60, crisis=25, asked=20)
    assert np.isnan(b.s.prepared)
    assert arrival(people) == 38.0


def test_unasked_they_come_or_not():
    b = bench(**EAGER)
    assert (play(b, 140, crisis=10) == 0).all()
    assert float(b.s.prepared) == 10.0
    assert np.isnan(b.s.decided)
    b = bench(**EAGER, unasked=1.0)
    people = play(b, 70, crisis=10)
    assert float(b.s.decided) == 16.0
    assert np.isnan(b.s.asked)
    assert arrival(people) == 28.0  # 16 + 12: no waiting for an appeal, so nothing is ahead
    b = bench(**EAGER, unasked=1.0)
    assert (play(b, 140, crisis=None) == 0).all()  # nothing to come for
    b = bench(unasked=1.0)
    assert (play(b, 140, crisis=0) == 0).all()  # without initiative nothing is prepared


def test_unasked_is_a_chance():
    came = []
    for seed in range(150):
        b = bench(seed, **EAGER, unasked=0.3)
        play(b, 8, crisis=0)
        came.append(not np.isnan(b.s.decided))
        assert came[-1] == (float(uniforms(seed, ALLIES_OWN, UNASKED, 0)[0]) <= 0.3)
    assert np.mean(came) == pytest.approx(0.3, abs=0.12)


def test_allies_who_refuse_an_appeal_may_have_prepared():
    b = bench(**EAGER, acceptance=0.0)
    assert (play(b, 120, crisis=10, asked=30) == 0).all()
    assert (b.s.prepared, b.s.asked) == (10.0, 30.0)
    assert np.isnan(b.s.decided)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.5, 30), st.floats(0, 1))
def test_never_later_for_initiative_and_never_sooner_than_travel(crisis, asked, decision, readiness):
    alone = bench(decision_h=decision)
    own = bench(**EAGER | {"decision_h": decision, "readiness": readiness})
    without = arrival(play(alone, 140, crisis, asked))
    with_ = arrival(play(own, 140, crisis, asked))
    assert with_ <= without
    assert with_ >= asked + 12 * (1 - readiness) - 1e-9
    if not np.isnan(own.s.prepared):
        assert with_ >= own.s.prepared + decision + 12 - 1e-9


RESTLESS = {"joining.theta": 6.0}


def test_a_run_at_the_defaults_knows_nothing_of_it():
    """What they watch for is there, and without initiative the thresholds are nothing."""
    base = gs.run("tiny", seed=3, set=RESTLESS)
    other = gs.run("tiny", seed=3, set=RESTLESS | {"allies.watch_regions": 1.0, "allies.readiness": 1.0})
    assert (base.reading.series("on_street") >= 50).any()
    for name, series in base.reading.hourly.items():
        assert np.array_equal(series, other.reading.hourly[name], equal_nan=True), name


def test_in_a_run_without_an_appeal():
    given_ = RESTLESS | {"allies.initiative": 5.0, "allies.watch_regions": 1.0, "allies.decision_h": 1.0}
    for unasked in (0.0, 1.0):
        run = gs.run("tiny", seed=3, set=given_ | {"allies.unasked": unasked})
        assert not np.isnan(run.reading.series("prepared")[-1])
        assert np.isnan(run.reading.series("asked")[-1])
        assert (run.reading.series("allied_people").sum() > 0) == (unasked == 1.0)
        assert np.isnan(Asked("appeal_lag").value(run.reading))


def test_the_lag_as_an_outcome():
    """On a reading made by hand: asked at 20, troops in the hours that begin at 34 and later."""
    run = gs.run("tiny", seed=3)
    steps = run.reading.steps
    asked, people = np.full(steps, np.nan), np.zeros((steps, run.reading.sizes["unit"]))
    asked[20:] = 20.0
    people[34:60, NORTH] = 30.0
    reading = type(run.reading)(run.reading.world, run.reading.clock, {"asked": asked, "allied_people": people}, steps)
    assert Asked("appeal_lag").value(reading) == 14.0
    people[:] = 0.0
    assert Asked("appeal_lag").value(reading) == np.inf
    asked[:] = np.nan
    assert np.isnan(Asked("appeal_lag").value(reading))
