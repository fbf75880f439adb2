"""Hazard clocks: when changes come by hand, subjects apart, what is carried on, and what a clock remembers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism
from groundswell.engine.purposes import purpose
from groundswell.engine.random import exponential
from groundswell.engine.state import State

LUCK = purpose("test: hazard clock")


class Bells(Mechanism):
    """Three bells."""

    name = "bells"
    writes = clock_variables("bell", ("place",), "stroke")

    @dataclass(frozen=True)
    class Parameters:
        """None."""


def bells(seed=1, **named) -> tuple[State, HazardClock]:
    sizes = {"place": 3, "group": 2, "enterprise": 1, "demand": 6, "family": 3, "side": 2}
    state = State(Bells.writes, sizes, 1.0)
    return state, HazardClock(Bells(None, state, None, seed), "bell", LUCK, **named)


def first(subject, turn=0):
    return exponential(1, LUCK, subject, turn)


def test_a_change_comes_when_the_integrated_hazard_passes_its_exponential():
    state, clock = bells()
    assert state.bell_next.tolist() == [first(i) for i in range(3)]
    short = min(first(i) for i in range(3))
    assert clock.passed(np.full(3, 0.99 * short)).tolist() == []
    assert clock.passed(0.02 * short).tolist() == [int(np.argmin(state.bell_next))]


def test_only_the_subjects_asked_for_move():
    state, clock = bells()
    assert clock.passed(1e3, np.array([2, 0])).tolist() == [2, 0]
    assert state.bell_clock.tolist() == [1e3, 0.0, 1e3]
    assert clock.passed(1.0, np.array([], np.int64)).tolist() == []


@pytest.mark.parametrize(("carry", "start"), [(False, 1e3), (True, first(1))])
def test_the_next_begins_with_the_step_or_is_carried_on(carry, start):
    state, clock = bells(carry=carry)
    clock.passed(1e3)
    assert clock.turn(1) == 1
    assert state.bell_next[1] == start + first(1, 1)
    assert state.bell_turns.tolist() == [0, 1, 0]


def test_subjects_before_the_first_have_no_draw():
    state, _ = bells(first=2)
    assert state.bell_next.tolist() == [0.0, 0.0, first(2)]
