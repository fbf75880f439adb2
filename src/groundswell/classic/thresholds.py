"""Threshold cascades: who acts in the end, round by round, and the spread of thresholds at which it jumps.

Granovetter (1978), "Threshold models of collective behavior", American Journal of Sociology 83.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniforms

THRESHOLD = purpose("normal threshold")


@dataclass(frozen=True)
class Cascade:
    """A threshold cascade: people acting in the end, and after each round, beginning with nobody."""

    final: int
    path: tuple[int, ...]


def granovetter(thresholds: Iterable[float]) -> Cascade:
    """Threshold cascade: a person acts once as many others act as their threshold says.

    Args:
        thresholds: one number of people for each person; at or below 0 somebody acts alone, beyond the number of
            people never.

    Returns:
        The smallest fixed point of r -> number of thresholds at or below r, reached from nobody.
    """
    ordered = np.sort(np.asarray(list(thresholds), np.float64))
    if np.isnan(ordered).any():
        raise ValueError("thresholds: given nan; allowed: numbers of people, infinity for never")
    path = [0]
    while True:
        acting = int(np.searchsorted(ordered, path[-1], side="right"))
        if acting == path[-1]:
            return Cascade(acting, tuple(path))
        path.append(acting)


def expected_equilibrium(people: int, mean: float, sd: float) -> float:
    """Smallest equilibrium r = people * F(r) for normal thresholds: Granovetter's figure 2, without chance.

    Args:
        people: size of the crowd.
        mean, sd: of the thresholds, in people; sd above 0.

    Returns:
        People acting in the end when the frequencies of thresholds are exactly those expected.
    """
    if not sd > 0:
        raise ValueError(f"sd: given {sd}; allowed: above 0")
    r = 0.0
    for _ in range(1_000_000):  # rises monotonically; near a tangency slowly
        new = people * _normal_cdf((r - mean) / sd)
        if new - r < 1e-12 * people:
            return new
        r = new
    return r


def critical_spread(people: int, mean: float) -> float:
    """Spread of normal thresholds at which the smallest equilibrium jumps from below the mean to above half the crowd.

    Below half the crowd, the first equilibrium is the lower one while the spread is small; with a spread beyond people
    / sqrt(2 pi) there is a single one, above half. It disappears at one spread between, found by bisection.

    Args:
        people: size of the crowd.
        mean: of the thresholds, in people; above 0 and below half the crowd, where there is a jump.

    Returns:
        The spread, in people, to about a millionth of the crowd.
    """
    if not 0 < mean < people / 2:
        raise ValueError(f"mean: given {mean}; allowed: above 0 and below half of {people} people")
    low, high = 0.0, 0.4 * people
    while high - low > 1e-6 * people:
        middle = (low + high) / 2
        low, high = (low, middle) if expected_equilibrium(people, mean, middle) > people / 2 else (middle, high)
    return high


def normal_thresholds(people: int, mean: float, sd: float, seed: int, crowd: int = 0) -> NDArray[np.float64]:
    """One draw of normal thresholds.

    Args:
        people: size of the crowd.
        mean, sd: of the thresholds, in people.
        seed: seed of every draw.
        crowd: number of this crowd; crowds of one seed are independent.
    """
    pairs = (uniforms(seed, THRESHOLD, crowd, i) for i in range((people + 1) // 2))
    normal = [
        math.sqrt(-2.0 * math.log(u)) * turn(2.0 * math.pi * v) for u, v in pairs for turn in (math.cos, math.sin)
    ]  # Box & Muller (1958)
    return mean + sd * np.array(normal[:people])


def _normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))
