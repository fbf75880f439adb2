"""An observable: something that can be read off the recorded hours of a run, inside any window of it.

A window is an `observe.window.Window`: it has the run's recorded variables by name (`of`, `here`, `total`), its steps,
places and hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["count", "hour", "share", "order", "yes"]


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


def longest(on: np.ndarray) -> int:
    """Most steps in a row at which a condition (T, n) holds in one column."""
    run, most = np.zeros(on.shape[1], int), 0
    for row in on:
        run = (run + 1) * row
        most = max(most, int(run.max(initial=0)))
    return most


@dataclass(frozen=True)
class Observable:
    """One thing that a run shows.

    words: what it is. unit: of the value. kind: count (a number of something), hour, share (of a whole), order (a rank,
    or hours from one event to another), yes (it is so or not). look: window -> a course (T,), or one number; nan:
    cannot be said. least: from how many on it is so, None where that is never asked. when: steps of the window until
    it is so. quiet: it is so while the course stays below. told: how a value is printed beside a record's. within:
    `look` itself asks how many of a group have the window's `least`.
    """

    words: str
    unit: str
    kind: Kind
    look: Callable[[Any], np.ndarray | float]
    least: float | None = None
    when: Callable[[np.ndarray, float], float] = at_first
    quiet: bool = False
    told: str = "{:,.0f}"
    within: bool = False

    def course(self, window: Any) -> np.ndarray:
        """(T,) the course; 0-d where there is one number for the whole window."""
        return np.asarray(self.look(window), float)

    def highest(self, window: Any) -> float:
        """The value at its highest in the window."""
        course = self.course(window)
        return float(course.max()) if course.ndim else float(course)

    @property
    def forms(self) -> tuple[str, ...]:
        """Forms in which a record may state it, where nothing else is said of it."""
        of_kind = {"count": ("count", "class"), "share": ("share",), "order": ("rank",), "hour": ("hour",), "yes": ()}
        timed = () if self.least is None else ("hour", "yes")
        return tuple(dict.fromkeys((*of_kind[self.kind], *timed)))

    def steps(self, window: Any, when: Callable[[np.ndarray, float], float] | None = None) -> float:
        """Steps of the window until it is so, by `when` or the observable's own; inf: never, nan: cannot be said."""
        course = self.course(window)
        if course.ndim == 0 and np.isnan(course):
            return np.nan
        return (when or self.when)(course, self.limit(window))

    def limit(self, window: Any) -> float:
        """From how many on it is so in a window."""
        own = 1.0 if self.least is None else self.least
        return own if window.least is None or self.within else window.least


Observables = dict[str, Observable]
