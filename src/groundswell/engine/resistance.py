"""Resistances of a group in ascending order, one at a time: Lomax order statistics.

A person's resistance is R = E / z with E a unit exponential and z a frailty, gamma of mean 1 and shape k. Its
survival is S(h) = (1 + h/k)**-k (Lomax). By Renyi's representation (Renyi 1953) the log survivals of the
order statistics of n members fall by Exp(1)/(n - r) from rank r to the next, so the r-th smallest resistance
needs only the one before it. Sellke (1983) is the source of the construction: a person acts when the group's
clock, the integral of its hazard, passes their resistance.
"""

from __future__ import annotations

import math

from groundswell.engine.compiled import shared
from groundswell.engine.purposes import purpose
from groundswell.engine.random import FRAILTY, exponential, gamma

GROUP_GAP = purpose("spacing of a group's resistances")


@shared
def next_log_survival(log_survival: float, rank: int, size: int, seed: int, group: int) -> float:
    """Log survival at rank `rank` (0-based) given that at the rank before (0.0 before the first); -inf when
    used up.
    """
    if rank >= size:
        return -math.inf
    return log_survival - exponential(seed, GROUP_GAP, group, rank) / (size - rank)


@shared
def resistance(log_survival: float, shape: float) -> float:
    """Clock value at which survival is exp(log_survival); expm1 keeps the first of millions exact."""
    if log_survival == -math.inf:
        return math.inf
    return shape * math.expm1(-log_survival / shape)


@shared
def frailty_given_hit(seed: int, person: int, shape: float, clock: float, by_group: bool) -> float:
    """Frailty given that the first hit came when the group's clock stood at `clock`.

    Hit by the group clock: gamma(k + 1, rate k + clock); by a tie, which no frailty scales: gamma(k, rate k +
    clock).
    """
    z = gamma(seed, person, shape)
    if by_group:  # gamma(k + 1) = gamma(k) + Exp(1)
        z += exponential(seed, FRAILTY, person, 0)
    return z / (shape + clock)
