"""What readers of a run read from: its recorded hours by name, the world they belong to, and its clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from typing import Any

import numpy as np

from groundswell.domains import all_mechanisms
from groundswell.domains.state.standing import taken
from groundswell.engine.clock import Clock
from groundswell.engine.mechanism import Mechanism, Variable
from groundswell.engine.simulation import Simulation
from groundswell.engine.state import COUNTS, dimensions
from groundswell.world.world import Measure, World


def declared() -> Mapping[str, Variable]:
    """Every variable that the engine or a mechanism declares, by its name."""
    return _declared(tuple(all_mechanisms().values()))


@cache
def _declared(mechanisms: tuple[type[Mechanism], ...]) -> Mapping[str, Variable]:
    return {v.name: v for v in (*COUNTS, *(v for mechanism in mechanisms for v in mechanism.writes))}


@dataclass(frozen=True)
class Reading:
    """The recorded hours of a run, ready to be read.

    Args:
        world: what exists.
        clock: steps and dates.
        hourly: recorded variables (steps, *dims) by name.
        steps: steps played; what is recorded beyond them is not looked at.
        taken: measures that the government's ladder added in the run.
        off: mechanisms that are not at work in the run.
    """

    world: World
    clock: Clock
    hourly: Mapping[str, np.ndarray] = field(repr=False)
    steps: int
    taken: Sequence[Measure] = ()
    off: frozenset[str] = frozenset()

    @classmethod
    def of(cls, simulation: Simulation, hourly: Mapping[str, np.ndarray]) -> Reading:
        """What was recorded so far of a run."""
        s = simulation
        off = all_mechanisms().keys() - {m.name for m in s.schedule}
        return cls(s.world, s.clock, hourly, s.step, taken(s.world, s.state.rung_place), frozenset(off))

    def series(self, name: str) -> np.ndarray:
        """(T, *dims) one variable over the steps played; as it is declared to begin where its mechanism is off.

        Raises:
            KeyError: for a variable that nothing declares, or that is not kept every hour.
        """
        if name in self.hourly:
            return self.hourly[name][: self.steps]
        v = declared().get(name)
        if v is None or v.keep != "hour":
            raise KeyError(f"no mechanism declares {name!r} as a variable that is kept every hour")
        return np.full([self.steps, *(self.sizes[d] for d in v.dims)], v.initial)

    def total(self, name: str, places: np.ndarray | None = None) -> np.ndarray:
        """(T,) a variable by place summed over places, all of them or those of a mask."""
        array = self.series(name)
        return (array if places is None else array[:, places]).sum(axis=1)

    def running(self, name: str) -> np.ndarray:
        """(T,) running total of a flow over everything it is counted by."""
        array = self.series(name)
        return np.cumsum(array.sum(axis=tuple(range(1, array.ndim))))

    @cached_property
    def standing_by(self) -> np.ndarray:
        """(T, U) whether a unit is under an order to stand by, of those who command it or of the government."""
        by_government = np.take_along_axis(self.series("stand_by_order") > 0, self.series("unit_place").astype(int), 1)
        return (self.series("stand_by") > 0) | by_government

    def has(self, name: str) -> bool:
        """Whether the run recorded a variable."""
        return name in self.hourly

    @property
    def measures(self) -> list[Measure]:
        """Measures recorded and taken, by time."""
        return sorted([*self.world.measures, *self.taken], key=lambda m: (m.start_h, m.id))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Length of every dimension."""
        return dimensions(self.world)

    @cached_property
    def days(self) -> np.ndarray:
        """(T,) day of each step's beginning, counted from the run's first midnight in the case's zone."""
        hours = np.arange(self.steps) * self.clock.step_h + self.clock.start.hour + self.clock.start.minute / 60
        return (hours // 24).astype(np.int64)

    @property
    def spot_place(self) -> np.ndarray:
        """(S,) place of every spot."""
        return self.world.spots.place

    @property
    def spot_kind(self) -> np.ndarray:
        """(S,) kind of every spot: "ground", or the kind of its site."""
        return self.world.spots.kind

    @cached_property
    def largest_town(self) -> np.ndarray:
        """(P,) whether a place belongs to the town with the most inhabitants."""
        people = np.bincount(self.world.town, self.world.people)
        return self.world.town == people.argmax()

    def step_before(self, hour: float) -> int:
        """Number of steps that end at or before an hour of the run."""
        return int(np.clip(np.floor(hour / self.clock.step_h + 1e-9), 0, self.steps))

    def iso(self, step: int | float | None) -> str | None:
        """The end of a step as an ISO time; None for none."""
        return None if step is None else self.clock.iso((step + 1) * self.clock.step_h)

    def local(self, step: int | float, places: np.ndarray | None = None) -> str:
        """The end of a step as `5 Jan 18:00` on the clock of its places (of the case where they keep several)."""
        return self.local_hour((step + 1) * self.clock.step_h, places)

    def local_hour(self, hour: float, places: np.ndarray | None = None) -> str:
        """An hour of the run as the wall clock of places shows it."""
        zones = np.unique(self.world.utc_offset_h if places is None else self.world.utc_offset_h[places])
        zone = zones[0] if len(zones) == 1 else self.clock.main_offset_h
        when = self.clock.start + timedelta(hours=float(hour + zone - self.clock.main_offset_h))
        return f"{when.day} {when:%b %H:%M}"


def first(condition: Any) -> int | None:
    """First step at which something holds (T,); None if never."""
    at = int(np.argmax(condition)) if len(condition) else 0
    return at if len(condition) and condition[at] else None
