"""A part of a run as it is looked at: some places and sites, some hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.observe.harm import COUNTED
from groundswell.observe.reading import Reading

ONSET_PEOPLE = 50  # smallest crowd that counts as a protest: events of 50+ in Mass Mobilization (Clark & Regan)
CLASH_PEOPLE = 50  # fighting people that make a clash: as many as attack a site


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
