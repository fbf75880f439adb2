"""For those who add mechanisms: a bench that steps them on values set by hand, and what must hold of every mechanism.

from groundswell.testing import Bench, assert_off_is, assert_resumes

bench = Bench("weariness", settings={"weariness.strength": 0.5})
assert bench.step(0, on_street=bench.w.adults).cost.max() == 0.5
assert_off_is("tiny", "weariness", {"weariness.strength": 0})
assert_resumes("tiny", {"weariness.strength": 50})
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.case import Case, load
from groundswell.domains import all_mechanisms
from groundswell.engine.clock import Clock, Now
from groundswell.engine.parameters import resolve
from groundswell.engine.schedule import Turn, order
from groundswell.engine.state import State, dimensions
from groundswell.play.run import Run, play, prepare, run
from groundswell.world.world import World, build

__all__ = ["Bench", "assert_off_is", "assert_resumes", "assert_same_results"]


class Bench:
    """Mechanisms on a world, in their order, under values that a test sets; no people move.

    Args:
        names: mechanisms that are on.
        world: the world; that of the bundled case tiny if left out.
        settings: "mechanism.parameter" -> value; the rest as the case and the defaults have it.
        start: variable -> value before the mechanisms prepare.
        step_h: step in hours. seed: of every draw.

    Raises:
        KeyError: there is no mechanism of that name.
        ValueError: it plays people out (`plays_out`), which takes a run.
        CaseError: every mistake in `settings`.
        ScheduleError: their declarations cannot be put in an order.
    """

    def __init__(
        self,
        *names: str,
        world: World | None = None,
        settings: Mapping[str, Any] | None = None,
        start: Mapping[str, Any] | None = None,
        step_h: float = 1.0,
        seed: int = 1,
    ):
        self.w = world if world is not None else build(load("tiny"))
        known = all_mechanisms()
        self.p = resolve(list(known.values()), self.w.case, settings)
        self.s = State([v for m in known.values() for v in m.writes], dimensions(self.w), step_h)
        self.clock = Clock(self.w.case.start, self.w.case.hours, step_h, self.w.utc_offset_h)
        self.set(start or {})
        on = order([known[n] for n in names], list(known.values()))
        if out := [m.name for m in on if m.plays_out]:
            raise ValueError(
                f"names: given {', '.join(out)}; allowed: others, since on a bench no people move; play a run"
            )
        self.mechanisms = [m(self.w, self.s, self.p[m.name], seed) for m in on]
        self.turns = [Turn(m, step_h) for m in self.mechanisms]

    def set(self, values: Mapping[str, Any]) -> None:
        """Put values into variables of the state."""
        for name, value in values.items():
            getattr(self.s, name)[...] = value

    def step(self, step: int = 0, **values: Any) -> State:
        """Empty the sums, set values (the sums too), and step every mechanism that is due; returns the state."""
        self.s.clear_sums()
        self.set(values)
        now = self.clock.now(step)
        for turn in self.turns:
            turn.take(now)
        return self.s

    def now(self, step: int) -> Now:
        """The clock at a step."""
        return self.clock.now(step)


def assert_same_results(one: Run, other: Run, apart_from: tuple[str, ...] = ()) -> None:
    """Both runs kept the same variables, equal to the bit.

    Args:
        apart_from: variables that may differ, as those of a mechanism that is off in one of them.

    Raises:
        AssertionError: with the names of the variables that differ, and the first hour at which each does.
    """
    a, b = ({str(name): array for name, array in run.history.data_vars.items()} for run in (one, other))
    wrong = [f"{name}: in one run only" for name in sorted(a.keys() ^ b.keys())]
    for name in sorted(a.keys() & b.keys() - {*apart_from}):
        x, y = a[name].values, b[name].values
        if x.shape != y.shape:
            wrong.append(f"{name}: {x.shape} against {y.shape}")
        elif x.tobytes() != y.tobytes():
            apart = np.flatnonzero((x.view(f"V{x.itemsize}") != y.view(f"V{y.itemsize}")).reshape(len(x), -1).any(1))
            wrong.append(f"{name}: from {a[name].dims[0]} {apart[0]} on")
    if wrong:
        raise AssertionError("runs differ:\n  " + "\n  ".join(wrong))


def assert_off_is(case: str | Path | Case, mechanism: str, neutral: Mapping[str, float], **asked: Any) -> None:
    """A mechanism that is off equals the same one with `neutral` settings, to the bit, apart from its own variables.

    Args:
        neutral: "mechanism.parameter" -> value at which it does nothing.
        asked: anything else that `groundswell.run` takes, for both runs.

    Raises:
        AssertionError: it does not.
    """
    own = tuple(v.name for v in all_mechanisms()[mechanism].writes)
    common = asked.pop("set", {})
    off = run(case, off=[mechanism, *asked.pop("off", ())], set=common, **asked)
    assert_same_results(off, run(case, set={**common, **neutral}, **asked), own)


def assert_resumes(case: str | Path | Case, settings: Mapping[str, Any] | None = None, **asked: Any) -> None:
    """A run that is stopped in the middle and gone on with ends as one that was not, to the bit.

    It does not where a mechanism remembers something outside its variables.

    Args:
        settings: "mechanism.parameter" -> value.
        asked: anything else that `groundswell.run` takes.

    Raises:
        AssertionError: it does not.
    """
    whole = run(case, set=settings, **asked)
    first, kept, steps = prepare(whole.plan)
    play(first, kept, steps // 2)
    second, kept_on, _ = prepare(whole.plan)
    second.restore(first.arrays())
    kept_on.restore(kept.arrays(steps // 2))
    play(second, kept_on, steps)
    assert_same_results(whole, Run(whole.plan, second, kept_on, 0.0, 0.0))
