"""An observable: something that can be read off the recorded hours of a run, inside any window of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from groundswell.observe.window import Window, at_first

Kind = Literal["count", "hour", "share", "order", "yes"]

ONSET_PEOPLE = 50  # smallest crowd that counts as a protest: events of 50+ in Mass Mobilization (Clark & Regan)
CLASH_PEOPLE = 50  # fighting people that make a clash: as many as attack a site


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
    look: Callable[[Window], np.ndarray | float]
    least: float | None = None
    when: Callable[[np.ndarray, float], float] = at_first
    quiet: bool = False
    told: str = "{:,.0f}"
    within: bool = False

    def course(self, window: Window) -> np.ndarray:
        """(T,) the course; 0-d where there is one number for the whole window."""
        return np.asarray(self.look(window), float)

    def highest(self, window: Window) -> float:
        """The value at its highest in the window."""
        course = self.course(window)
        return float(course.max()) if course.ndim else float(course)

    def limit(self, window: Window) -> float:
        """From how many on it is so in a window."""
        own = 1.0 if self.least is None else self.least
        return own if window.least is None or self.within else window.least


Observables = dict[str, Observable]


def longest(on: np.ndarray) -> int:
    """Most steps in a row at which a condition (T, n) holds in one column."""
    run, most = np.zeros(on.shape[1], int), 0
    for row in on:
        run = (run + 1) * row
        most = max(most, int(run.max(initial=0)))
    return most
