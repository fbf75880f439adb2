"""The first vectors: waves from the priors and from where an emulator expects small distances, and what they weigh.

The first wave is a scrambled Sobol' sequence in the unit cube of the priors' shares. Every later wave draws from the
prior in proportion to the chance s_k(z) that the emulator gives a point of reaching the best tenth so far (history
matching, with chances instead of a hard cut: Craig et al. 1997; Vernon et al. 2010). So the density of all M vectors
together is known, and each weighs (Owen & Zhou 2000)

    w = 1 / sum over waves k of n_k / M * s_k(z) / mean(s_k)            s_1 = 1

against the prior. No vector that an emulator thinks little of is lost: the first wave came from everywhere, and its
vectors weigh the more.

The `particles` nearest to the record make the first population, and their largest distance its tolerance; so a run may
be stopped once as many have come nearer than it can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.study.calibration.design import Search
from groundswell.study.calibration.emulator import Emulator, grow
from groundswell.study.calibration.free import normal
from groundswell.study.points import points

CALIBRATE_PICK = purpose("calibration: vectors picked")  # which vectors of a calibration are chosen or copied
CALIBRATE_POINT = purpose("calibration: points of the prior")  # points of the prior among which a calibration chooses

ROUND = 48
CANDIDATES = 20_000
BEST = 0.1


@dataclass(frozen=True)
class Played:
    """What came of n vectors: their numbers, distances (infinite where stopped), and the best guess of it."""

    number: np.ndarray
    distance: np.ndarray
    guess: np.ndarray


class Runs(Protocol):
    """Something that plays vectors."""

    dimensions: int

    @property
    def left(self) -> int:
        """Vectors that may still be played."""
        ...

    def play(self, stage: str, z: np.ndarray, stop_above: float) -> Played:
        """Play vectors (n, D), each stopped where its distance is sure to lie above a limit."""
        ...


@dataclass
class Known:
    """Every vector played so far, in the order of their numbers."""

    z: np.ndarray
    number: np.ndarray
    distance: np.ndarray
    guess: np.ndarray

    @classmethod
    def nothing(cls, dimensions: int) -> Known:
        """No vector yet."""
        return cls(np.empty((0, dimensions)), np.empty(0, int), np.empty(0), np.empty(0))

    def add(self, z: np.ndarray, played: Played) -> None:
        """Take up what was played."""
        self.z = np.vstack([self.z, z])
        self.number = np.concatenate([self.number, played.number])
        self.distance = np.concatenate([self.distance, played.distance])
        self.guess = np.concatenate([self.guess, played.guess])

    def nearest(self, n: int) -> float:
        """The n-th smallest distance; infinite where fewer were played to their end."""
        return float(np.sort(self.distance)[n - 1]) if len(self.distance) >= n else np.inf

    def emulator(self, seed: int) -> Emulator:
        """An emulator of all of it."""
        return grow(self.z, self.guess, seed)


@dataclass(frozen=True)
class Population:
    """N vectors of equal weight: coordinates, distances, numbers of the vectors as played."""

    z: np.ndarray
    distance: np.ndarray
    number: np.ndarray

    def __len__(self) -> int:
        return len(self.z)


def begun(runs: Runs, search: Search, z: np.ndarray) -> tuple[Population, Known]:
    """Play vectors (n, D) that come from elsewhere, all of equal weight, as the first population."""
    known = Known.nothing(runs.dimensions)
    for i in range(0, len(z), ROUND):
        known.add(z[i : i + ROUND], runs.play("start", z[i : i + ROUND], np.inf))
    order = np.lexsort((known.number, known.distance))[: search.particles]
    order = order[np.isfinite(known.distance[order])]
    if len(order):
        order = order[systematic(np.ones(len(order)), search.particles, start(search.seed, 0))]
    return Population(known.z[order], known.distance[order], known.number[order]), known


def first(runs: Runs, search: Search) -> tuple[Population, Known]:
    """Play the waves; the first population, and all that was played."""
    known = Known.nothing(runs.dimensions)
    drawn_from: list[tuple[Emulator, float, float]] = []  # of each later wave: emulator, tolerance, mean chance
    for wave in range(search.waves):
        if wave == 0:
            z = normal(points(search.seed, 0, search.wave, range(runs.dimensions)))
        else:
            emulator, tolerance = known.emulator(search.seed), known.nearest(max(1, int(BEST * len(known.z))))
            candidates = prior(search.seed, wave, CANDIDATES, runs.dimensions)
            chance = emulator.chance(candidates, tolerance)
            drawn_from.append((emulator, tolerance, float(chance.mean())))
            z = candidates[systematic(chance, search.wave, start(search.seed, wave))]
            z = z[np.argsort(uniform(search.seed, CALIBRATE_PICK, np.arange(len(z)), 1000 + wave))]
        for i in range(0, len(z), ROUND):
            part = z[i : i + ROUND]
            known.add(part, runs.play(f"wave {wave + 1}", part, known.nearest(search.particles)))
    weight = weights(known.z, search, drawn_from)
    order = np.lexsort((known.number, known.distance))[: search.particles]
    order = order[np.isfinite(known.distance[order])]
    if not len(order):
        return Population(known.z[order], known.distance[order], known.number[order]), known
    picked = order[systematic(weight[order], search.particles, start(search.seed, 0))]
    return Population(known.z[picked], known.distance[picked], known.number[picked]), known


def weights(z: np.ndarray, search: Search, drawn_from: Sequence[tuple[Emulator, float, float]]) -> np.ndarray:
    """(n,) weight of each vector of all waves against the prior, see the module."""
    density = np.full(len(z), 1.0 / search.waves)
    for emulator, tolerance, mean in drawn_from:
        density += emulator.chance(z, tolerance) / mean / search.waves
    return 1.0 / density


def prior(seed: int, stage: int, n: int, dimensions: int) -> np.ndarray:
    """(n, D) keyed draws from the prior."""
    return normal(uniform(seed, CALIBRATE_POINT, np.arange(n * dimensions), stage)).reshape(n, dimensions)


def start(seed: int, stage: int) -> float:
    """A keyed uniform from which `systematic` counts."""
    return float(uniform(seed, CALIBRATE_PICK, [0], stage)[0])


def systematic(weight: np.ndarray, n: int, at: float) -> np.ndarray:
    """(n,) indices, each as often as its weight says, to the nearest whole number (Kitagawa 1996)."""
    share = np.cumsum(weight / weight.sum())
    return np.minimum(np.searchsorted(share, (np.arange(n) + at) / n, side="right"), len(weight) - 1)
