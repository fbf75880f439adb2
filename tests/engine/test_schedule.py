"""Who has nothing to do in a step: the schedule skips a step that could change nothing, and no other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable
from groundswell.engine.schedule import ScheduleError, Turn, order
from groundswell.engine.state import State


class Follower(Mechanism):
    """Comes half way to what it reads, in whole numbers."""

    name = "follower"
    reads = ("on_street",)
    wakes = ("on_street",)
    writes = (Variable("level", ("place",), "1", "level", dtype=int),)
    restless = False

    @dataclass(frozen=True)
    class Parameters:
        """None."""

    def has_work(self) -> bool:
        return self.restless

    def step(self, now: Now) -> None:
        self.steps.append(now.step)
        self.s.level[:] += (self.s.on_street - self.s.level) // 2


def follower(kind: type[Follower] = Follower) -> tuple[Follower, State, Turn]:
    sizes = dict.fromkeys(("group", "family", "side", "enterprise", "demand"), 1) | {"place": 3}
    state = State(kind.writes, sizes, 1.0)
    mechanism = kind(None, state, None, 1)
    mechanism.steps = []
    return mechanism, state, Turn(mechanism, 1.0)


def take(turn: Turn, *steps: int) -> None:
    for step in steps:
        turn.take(Now(step, float(step), np.zeros(1), np.zeros(1, np.int64)))


def test_it_is_stepped_until_a_step_has_changed_nothing_and_again_when_something_changes():
    mechanism, state, turn = follower()
    state.on_street[1] = 8
    take(turn, *range(9))
    assert mechanism.steps == [0, 1, 2, 3]  # 4, 6, 7, 7
    state.on_street[2] = 1  # of no consequence, which only a step can tell
    take(turn, 9, 10, 11)
    assert mechanism.steps == [0, 1, 2, 3, 9]
    state.level[0] = 5  # as a test, a branch or a checkpoint may set it
    take(turn, *range(12, 20))
    assert mechanism.steps[5:] == [12, 13, 14, 15]
    assert state.level.tolist() == [0, 7, 0]


def test_what_is_busy_is_never_skipped_and_rests_only_after_a_step_of_its_own():
    mechanism, _, turn = follower()
    take(turn, 0, 1, 2)
    assert mechanism.steps == [0]
    mechanism.restless = True
    take(turn, 3, 4)
    mechanism.restless = False
    take(turn, 5, 6)
    assert mechanism.steps == [0, 3, 4, 5]


def test_without_a_word_on_what_wakes_it_a_mechanism_is_always_stepped():
    mechanism, _, turn = follower(type("Tireless", (Follower,), {"wakes": ()}))
    take(turn, 0, 1, 2)
    assert mechanism.steps == [0, 1, 2]


@pytest.mark.parametrize("bits", [-0.0, np.nan])
def test_values_are_compared_to_the_bit(bits):
    writes = (Variable("level", ("place",), "1", "level"),)
    kind = type("Real", (Follower,), {"writes": writes, "step": lambda self, now: self.steps.append(now.step)})
    mechanism, state, turn = follower(kind)
    take(turn, 0, 1)
    state.level[1] = bits
    take(turn, 2, 3)
    assert mechanism.steps == [0, 2]


def test_who_adds_to_a_sum_cannot_rest():
    kind = type("Loud", (Follower,), {"name": "loud", "adds": ("urge",)})
    with pytest.raises(ScheduleError, match="loud .* cannot rest"):
        order([kind])
