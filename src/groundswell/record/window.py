"""A part of a run as one observation sees it: some places and sites, some hours; and when a course is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.history.harm import COUNTED
from groundswell.history.reading import Reading


@dataclass(frozen=True)
class Window:
    """What one observation sees of a run: places (P,), sites (S,), steps from `first` up to and without `last`.

    `least` is the observation's own limit, None for that of its kind. `made` keeps what several windows need.
    """

    reading: Reading
    places: np.ndarray
    sites: np.ndarray
    first: int
    last: int
    least: float | None = None
    made: dict[Any, Any] = field(default_factory=dict, repr=False)

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

    def part(self, name: str, columns: np.ndarray) -> np.ndarray:
        """(T, n) some columns of a large variable in the window."""
        return self.reading.series(name)[self.first : self.last][:, columns]

    def total(self, *names: str) -> np.ndarray:
        """(T,) variables by place, summed over the scope."""
        return np.asarray(sum(self.of(name) @ self.inside for name in names))

    def harm(self, definition: str) -> np.ndarray:
        """(steps, P) people by a definition of `history.harm`, of the whole run."""
        made: np.ndarray = self.once(("harm", definition), lambda: COUNTED[definition].flow(self.reading).astype(float))
        return made

    @cached_property
    def inside(self) -> np.ndarray:
        """(P,) 1 for places of the scope, else 0."""
        return self.places.astype(float)

    @cached_property
    def where(self) -> np.ndarray:
        """Numbers of the places of the scope."""
        return np.flatnonzero(self.places)

    @property
    def steps(self) -> int:
        """Steps of the window."""
        return self.last - self.first


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


def until_below(course: np.ndarray, limit: float) -> float:
    """Steps until a course is below a limit for good; inf: not by the end."""
    last = at_last(course, limit)
    return 0.0 if np.isinf(last) else np.inf if last == len(course) else last


def until_half(course: np.ndarray, limit: float) -> float:
    """Steps until a course is below half of its highest value for good; nan where it never is above zero."""
    most = course.max(initial=0)
    return until_below(course, most / 2) if most > 0 else np.nan
