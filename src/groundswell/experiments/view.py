"""A run as an outcome of an experiment sees it: its variables inside a window and a scope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.history.endings import Ending
from groundswell.history.harm import COUNTED
from groundswell.history.outcome import ending_of
from groundswell.history.reading import Reading, first


@dataclass(frozen=True)
class View:
    """A run as one outcome sees it: places (P,), sites (S,), steps from `start` up to and without `stop`."""

    reading: Reading
    places: np.ndarray
    sites: np.ndarray
    start: int
    stop: int
    endings: tuple[str, ...] = ()

    @property
    def dt(self) -> float:
        """Hours of a step."""
        return self.reading.clock.step_h

    def of(self, name: str) -> np.ndarray:
        """(T, ...) a variable in the window."""
        return self.reading.series(name)[self.start : self.stop]

    def here(self, name: str) -> np.ndarray:
        """(T, n) a variable by place in the window, in the scope."""
        return self.of(name)[:, self.places]

    def flow(self, *definitions: str) -> float:
        """People counted by definitions of `history.harm` in window and scope, in all."""
        counts = [COUNTED[d].flow(self.reading)[self.start : self.stop, self.places] for d in definitions]
        return float(np.sum(counts))

    def when(self, condition: np.ndarray, last: bool = False) -> float:
        """Hour at the end of the first (or last) step of the window at which something holds (T,); inf: never."""
        step = first(condition[::-1] if last else condition)
        if step is None:
            return np.inf
        return (self.start + (len(condition) - step if last else step + 1)) * self.dt

    @property
    def regions(self) -> np.ndarray:
        """(T, R) people on the street by region, in the scope."""
        w, people = self.reading.world, self.of("on_street") * self.places
        return np.stack([people[:, w.region == r].sum(axis=1) for r in range(len(w.region_id))], axis=1)

    @property
    def enterprises(self) -> np.ndarray:
        """(T, n) participation in strikes of the enterprises of the scope."""
        return self.of("striking")[:, self.places[self.reading.world.place_of_enterprise]]

    def units(self, name: str) -> np.ndarray:
        """(T, U) a variable by unit where the unit stands in the scope, 0 elsewhere."""
        return self.of(name) * self.places[self.of("unit_place").astype(int)]

    @property
    def ending(self) -> Ending:
        """How the whole run ends."""
        return ending_of(self.reading)
