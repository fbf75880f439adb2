"""A part of a run as it is looked at: some places and sites, some hours; and when a course is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.observe.harm import COUNTED
from groundswell.observe.reading import Reading


@dataclass(frozen=True)
class Window:
    """What is seen of a run: places (P,), sites (S,), steps from `first` up to and without `last`.

    `least`: from how many on something is so, where that is not left to the observable. `endings`: those that are
    asked for. `made` keeps what several windows on one run need.
    """

    reading: Reading
    places: np.ndarray
    sites: np.ndarray
    first: int
    last: int
    least: float | None = None
    endings: tuple[str, ...] = ()
    made: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def whole(cls, reading: Reading) -> Window:
        """Every place, every site, every hour."""
        places, spots = np.ones(reading.world.places, bool), np.arange(len(reading.spot_place))
        return cls(reading, places, spots >= reading.world.places, 0, reading.steps)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """Something of the whole run, worked out once for all windows."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    def all(self, name: str) -> np.ndarray:
        """(steps, ...) a variable of the whole run as floats, for fast sums."""
        made: np.ndarray = self.once(name, lambda: np.asarray(self.reading.series(name), float))
        return made

    def of(self, name: str) -> np.ndarray:
        """(T, ...) a variable in the window."""
        return self.all(name)[self.first : self.last]

    def here(self, name: str) -> np.ndarray:
        """(T, n) a variable by place in the window and the scope."""
        return self.of(name)[:, self.where]

    def part(self, name: str, columns: np.ndarray) -> np.ndarray:
        """(T, n) some columns of a large variable in the window."""
        return self.reading.series(name)[self.first : self.last][:, columns]

    def total(self, *names: str) -> np.ndarray:
        """(T,) variables by place, summed over the scope."""
        return np.asarray(sum(self.of(name) @ self.inside for name in names))

    def units(self, name: str) -> np.ndarray:
        """(T, U) a variable by unit where the unit stands in the scope, 0 elsewhere."""
        return self.of(name) * self.places[self.of("unit_place").astype(int)]

    def harm(self, definition: str) -> np.ndarray:
        """(steps, P) people by a definition of `observe.harm`, of the whole run."""
        made: np.ndarray = self.once(("harm", definition), lambda: COUNTED[definition].flow(self.reading).astype(float))
        return made

    @property
    def everywhere(self) -> Window:
        """The same hours in every place."""
        return replace(self, places=np.ones_like(self.places))

    @cached_property
    def inside(self) -> np.ndarray:
        """(P,) 1 for places of the scope, else 0."""
        return self.places.astype(float)

    @cached_property
    def where(self) -> np.ndarray:
        """Numbers of the places of the scope."""
        return np.flatnonzero(self.places)

    @cached_property
    def enterprises(self) -> np.ndarray:
        """(E,) whether an enterprise stands in the scope."""
        return self.places[self.reading.world.place_of_enterprise]

    @property
    def steps(self) -> int:
        """Steps of the window."""
        return self.last - self.first

    @property
    def step_h(self) -> float:
        """Hours of a step."""
        return self.reading.clock.step_h

    def hour(self, steps: float) -> float:
        """The hour of the run that ends so many steps of the window; inf: never."""
        return float((self.first + steps) * self.step_h)


def ratio(part: float, whole: float) -> float:
    """A part over its whole; nan of nothing."""
    return float(part / whole) if whole > 0 else np.nan


def so_far(holds: np.ndarray, of: np.ndarray) -> np.ndarray:
    """(T,) in how many groups it has held by each hour: holds (T, n) bool, of (n,) group of each column."""
    seen = holds.any(axis=0)
    first = np.full(int(of.max(initial=-1)) + 1, len(holds))
    np.minimum.at(first, of[seen], holds.argmax(axis=0)[seen])
    return np.searchsorted(np.sort(first), np.arange(len(holds)), side="right")


def at_first(course: np.ndarray, limit: float) -> float:
    """Steps until a course first reaches a limit; inf: never."""
    reached = course >= limit
    return float(reached.argmax() + 1) if reached.any() else np.inf


def at_last(course: np.ndarray, limit: float) -> float:
    """Steps until a course is at its limit for the last time; inf: never."""
    reached = course >= limit
    return float(len(course) - reached[::-1].argmax()) if reached.any() else np.inf


def at_most(course: np.ndarray, limit: float = 0.0) -> float:
    """Steps until a course is first at its highest; inf: it never is above zero."""
    return float(course.argmax() + 1) if course.max(initial=0) > 0 else np.inf


def until_below(course: np.ndarray, limit: float) -> float:
    """Steps until a course is below a limit for good; inf: not by the end."""
    last = at_last(course, limit)
    return 0.0 if np.isinf(last) else np.inf if last == len(course) else last


def until_half(course: np.ndarray, limit: float) -> float:
    """Steps until a course is below half of its highest value for good; nan where it never is above zero."""
    most = course.max(initial=0)
    return until_below(course, most / 2) if most > 0 else np.nan
