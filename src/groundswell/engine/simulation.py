"""A run, hour by hour: mechanisms in their order, each on its turn."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from groundswell.engine.clock import Clock
from groundswell.engine.mechanism import Mechanism
from groundswell.engine.schedule import Turn, order
from groundswell.engine.state import SUMS, State, dimensions
from groundswell.world.world import World

ENGINES = ("fast", "reference", "reference-independent")
_Kind = TypeVar("_Kind", bound=Mechanism)


class CoarseStep(UserWarning):
    """A hazard became so high that what happens within a step is coarse."""


class Simulation:
    """One play of a world under mechanisms with parameters and a seed.

    Args:
        world: what exists.
        on: mechanisms that are on. known: all there are (those off keep neutral variables).
        parameters: mechanism name -> its `Parameters`.
        seed: seed of every draw.
        engine: "fast", or a slow reference in one of its two modes, for small populations; for those mechanisms that
            move people one by one. threads: threads of the fast one.
        step_h: step in hours.

    Raises:
        ValueError: there is no such engine.
    """

    def __init__(
        self,
        world: World,
        on: Sequence[type[Mechanism]],
        known: Sequence[type[Mechanism]],
        parameters: Mapping[str, Any],
        seed: int,
        engine: str = "fast",
        step_h: float = 1.0,
        threads: int = 1,
    ):
        if engine not in ENGINES:
            raise ValueError(f"engine: given {engine!r}; allowed: {', '.join(ENGINES)}")
        self.world, self.parameters, self.seed = world, parameters, seed
        self.engine, self.threads = engine, threads
        self.schedule = order(on, known)
        self.clock = Clock(world.case.start, world.case.horizon_hours, step_h, world.utc_offset_h)
        self.state = State([v for m in known for v in m.writes], dimensions(world), step_h)
        self._neutral = [v for m in known if m not in on for v in m.writes]
        self.mechanisms = [m(world, self.state, parameters[m.name], seed) for m in self.schedule]
        self._turns = [Turn(m, step_h) for m in self.mechanisms]
        self.step = 0
        self.coarse_h: float | None = None  # hour of the first step of which CoarseStep warns
        for mechanism in self.mechanisms:
            mechanism.begin(self)

    def of(self, kind: type[_Kind]) -> _Kind | None:
        """The mechanism of this kind, if it is on."""
        return next((m for m in self.mechanisms if isinstance(m, kind)), None)

    def warn_of_coarse_step(self, hour: float, what: str) -> None:
        """Warn, once in a run, that a step is too long for what happens in it."""
        if self.coarse_h is None:
            self.coarse_h = hour
            words = f"at {self.clock.iso(hour)} {what}; what happens within a step is coarse: take a shorter step"
            warnings.warn(words, CoarseStep, stacklevel=2)

    def advance(self, parts: dict[str, dict[str, np.ndarray]] | None = None) -> None:
        """Play the next step.

        Args:
            parts: where given, it is filled with what each mechanism added to each open sum: sum -> mechanism -> array.
        """
        now = self.clock.now(self.step)
        s = self.state
        s.clear_sums()
        for turn in self._turns:
            before = {} if parts is None else {v.name: getattr(s, v.name).copy() for v in SUMS}
            turn.take(now)
            for name, was in before.items():
                if parts is not None and (getattr(s, name) != was).any():
                    parts.setdefault(name, {})[turn.mechanism.name] = getattr(s, name) - was
        self.step += 1

    # -- stopping and going on -----------------------------------------------------------------------------------

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything from which `restore` goes on to the bit."""
        out = {f"state/{k}": v for k, v in self.state.arrays().items()}
        out.update({f"{m.name}/{k}": v for m in self.mechanisms for k, v in m.memory().items()})
        out["step"] = np.array(self.step)
        return out

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take up a checkpoint of a simulation with the same world, seed and frailty."""

        def pick(part: str) -> dict[str, np.ndarray]:
            return {k.removeprefix(part): v for k, v in arrays.items() if k.startswith(part)}

        self.state.restore(pick("state/"))
        for v in self._neutral:  # a branch may have switched off what acted in the past
            getattr(self.state, v.name)[...] = v.initial
        for m in self.mechanisms:
            m.recall(pick(f"{m.name}/"))
        self.step = int(arrays["step"])
