"""What the public helpers for those who add mechanisms say of mechanisms that are right, and of wrong ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import groundswell as gs
from groundswell.domains import added
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed
from groundswell.testing import Bench, assert_off_is, assert_resumes, assert_same_results


class Weary(Mechanism):
    """The longer it goes on, the more it costs to come out."""

    name = "weary"
    reads = ("on_street",)
    writes = (Variable("weary", ("place",), "1", "weariness", keep="hour"),)
    adds = ("cost",)

    @dataclass(frozen=True)
    class Parameters:
        """See the module."""

        strength: float = parameter(1.0, unit="1", prior=Fixed("test"), source="test", about="cost of weariness")

    def step(self, now: Now) -> None:
        """Add up the share of adults on the street."""
        self.s.weary[:] += self.s.on_street / np.maximum(self.w.adults, 1) * self.dt
        self.s.cost[:] += self.p.strength * self.s.weary


class Forgetful(Weary):
    """The same, but what it remembers lies outside its variables."""

    name = "forgetful"
    writes = (Variable("forgetful", ("place",), "1", "weariness", keep="hour"),)

    def prepare(self) -> None:
        """Begin fresh."""
        self.felt = np.zeros(len(self.w.adults))

    def step(self, now: Now) -> None:
        """Add up in an attribute."""
        self.felt += self.s.on_street / np.maximum(self.w.adults, 1) * self.dt
        self.s.forgetful[:] = self.felt
        self.s.cost[:] += self.p.strength * self.felt


class Stubborn(Weary):
    """The same, but it acts at strength zero too."""

    name = "stubborn"
    writes = (Variable("stubborn", ("place",), "1", "weariness", keep="hour"),)

    def step(self, now: Now) -> None:
        """Cost whatever the strength."""
        self.s.cost[:] += 3.0


def test_the_bench_steps_by_hand() -> None:
    with added(Weary):
        bench = Bench("weary", settings={"weary.strength": 0.5})
        state = bench.step(0, on_street=bench.w.adults)
        assert np.allclose(state.weary, 1.0)
        assert np.allclose(state.cost, 0.5)


def test_a_right_mechanism_passes() -> None:
    with added(Weary):
        assert_off_is("tiny", "weary", {"weary.strength": 0.0})
        assert_resumes("tiny", {"weary.strength": 20.0, "joining.theta": 9.0})


def test_what_lies_outside_the_variables_is_found() -> None:
    with added(Forgetful), pytest.raises(AssertionError, match=r"runs differ:(.|\n)*forgetful: from time \d+ on"):
        assert_resumes("tiny", {"forgetful.strength": 20.0})


def test_a_switch_that_is_none_is_found() -> None:
    with added(Stubborn), pytest.raises(AssertionError, match=r"runs differ"):
        assert_off_is("tiny", "stubborn", {"stubborn.strength": 0.0})


def test_same_results_names_the_variable_and_the_hour() -> None:
    one, other = gs.run("tiny"), gs.run("tiny", seed=2)
    assert_same_results(one, gs.run("tiny"))
    with pytest.raises(AssertionError, match=r"on_street: from time \d+ on"):
        assert_same_results(one, other)


def test_a_bench_moves_nobody():
    with pytest.raises(ValueError, match="given people; allowed: others"):
        Bench("people", "joining")
