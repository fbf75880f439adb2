"""Measures that stand: the recorded ones and the rungs that the government has taken, as one list by time.

A rung that was taken is a measure like any other: it begins at the hour written for each place (`rung_place`), stands
for the rung's duration (0: to the end), and carries its kind and value. A rung of triggering scope is one measure for
each region and hour, so that a number of people or of money is not shared with another region's order.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np

from groundswell.case.kinds import measure_kinds
from groundswell.engine.mechanism import View
from groundswell.world.world import Measure, World


def taken(world: World, rung_place: np.ndarray) -> list[Measure]:
    """Measures that stand for the rungs taken; rung_place: (R, P) hour from which each acts, nan: it does not."""
    ladder, out = world.ladder, []
    for r in np.flatnonzero(~np.isnan(rung_place).all(axis=1)):
        starts = rung_place[r]
        part = np.zeros_like(world.region) if ladder.nation[r] else world.region
        length, there = float(ladder.duration_h[r]), ~np.isnan(starts)
        for start, region in np.unique(np.column_stack([starts[there], part[there]]), axis=0):
            out.append(
                Measure(
                    ladder.id[r], ladder.kind[r], float(start), float(start) + length if length > 0 else None,
                    (starts == start) & (part == region), float(ladder.value[r]), ladder.unit[r],
                    ladder.statement[r], ladder.source[r],
                )
            )  # fmt: skip
    return out


def in_force(measures: Iterable[Measure], hour: float) -> list[Measure]:
    """Measures that cover an hour, and those of a lasting kind that have begun, in their order."""
    kinds = measure_kinds()
    return [m for m in measures if m.covers(hour) or (kinds[m.kind].lasts and m.start_h <= hour)]


class Standing:
    """Measures by time, and whether anything has begun or ended since the last look.

    What it holds follows from the world and from `rung_place` alone, so a run that is taken up again has the same.
    """

    def __init__(self, world: World, state: View, every_h: float, also: Sequence[float] = ()):
        self.w, self.s, self._every = world, state, every_h  # every_h: hours between two looks
        self._also = also  # further hours at which something begins
        self._changes = 0.0
        self._key: tuple[float, int] | None = None
        self._collect([])

    def _collect(self, orders: list[Measure]) -> None:
        self.all = sorted([*self.w.measures, *orders], key=lambda m: (m.start_h, m.id))
        bounds = set(self._also)
        for m in self.all:
            bounds.update((m.start_h, m.start_h + self._every))  # one more look when the first hour is over
            if m.end_h is not None:
                bounds.add(m.end_h)
            if m.kind == "currency_defence":  # parts of an hour cost a part of the sum
                bounds.add(m.start_h - self._every)
                bounds.add((m.start_h if m.end_h is None else m.end_h) - self._every)
        self._bounds = sorted(bounds)

    def renew(self, hour: float) -> bool:
        """Bring the list up to an hour; False while nothing begins or ends."""
        changes = float(self.s.rung_changes)
        if changes != self._changes:
            self._collect(taken(self.w, self.s.rung_place))
            self._changes = changes
        key = (changes, bisect_right(self._bounds, hour))
        if key == self._key:
            return False
        self._key = key
        return True

    def crossed(self, hour: float) -> bool:
        """Whether anything has begun or ended since the look before this one, however the run came here."""
        return bisect_right(self._bounds, hour) != bisect_right(self._bounds, hour - self._every)

    def at(self, hour: float) -> list[Measure]:
        """Measures in force at an hour, by time."""
        return in_force(self.all, hour)

    def ordered(self, kind: str, hour: float) -> np.ndarray:
        """(P,) highest value of the measures of a kind in force in each place, 1 where none is given, 0 where none is.

        For a mechanism that acts on a kind of its own; it `reads` rung_place and rung_changes, and renews every step.
        """
        self.renew(hour)
        out = np.zeros(self.w.places)
        for m in self.at(hour):
            if m.kind == kind:
                out[m.places] = np.maximum(out[m.places], 1.0 if np.isnan(m.value) else m.value)
        return out

    def beginning(self, hour: float) -> list[Measure]:
        """Measures that begin at this look, or began since the one before."""
        return [m for m in self.all if hour - self._every < m.start_h <= hour]

    def spending(self, kind: str, hour: float) -> float:
        """What measures of a kind spend from this look to the next: their value, even over their time."""
        return spending([m for m in self.all if m.kind == kind], hour, self._every)


def spending(measures: Iterable[Measure], hour: float, step_h: float) -> float:
    """What measures spend from an hour to the next look `step_h` later: their value, even over their time."""
    total = 0.0
    for m in measures:
        end = max(m.start_h + step_h, m.end_h if m.end_h is not None else 0.0)
        part = max(0.0, min(hour + step_h, end) - max(hour, m.start_h)) / (end - m.start_h)
        total += m.value * part
    return total
