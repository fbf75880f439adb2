"""Epidemic by resistances and the exact law of its size, on the resistances that the engine gives its people.

Sellke (1983), "On the asymptotic distribution of the size of a stochastic epidemic", Journal of Applied Probability
20. Exact law of its size: Ball (1986), Advances in Applied Probability 18; Andersson & Britton (2000), "Stochastic
epidemic models and their statistical analysis", theorem 2.2 (equation 2.5).
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.purposes import purpose
from groundswell.engine.random import exponential
from groundswell.engine.resistance import next_log_survival, resistance

ACTIVE_PERIOD = purpose("active period")

PERIODS = ("fixed", "exponential")


def sellke_final_size(
    people: int,
    initial: int,
    contacts: float,
    seed: int,
    group: int = 0,
    period: str = "exponential",
    shape: float = math.inf,
) -> int:
    """Size of an epidemic in a closed group, by the resistances that the engine gives to its people.

    Everybody has a resistance; each active person adds to a common clock, in the course of their active
    period, on average contacts / people; who is passed by the clock becomes active.

    Args:
        people: people not active at first.
        initial: people active at first; they are not counted in the size.
        contacts: people whom one active person would move in a large group where nobody has acted yet.
        seed: seed of every draw.
        group: number of this group; groups of one seed are independent.
        period: "fixed" or "exponential" active period, of mean 1.
        shape: shape of the gamma frailty with mean 1; infinity: all alike.

    Returns:
        How many of `people` ever become active.
    """
    _check(people, initial, contacts, period, shape)

    def active_period(number: int) -> float:
        return 1.0 if period == "fixed" else exponential(seed, ACTIVE_PERIOD, group, number)

    clock = contacts / people * sum(active_period(i) for i in range(initial))
    log_survival = 0.0
    for size in range(people):
        log_survival = next_log_survival(log_survival, size, people, seed, group)
        needed = -log_survival if math.isinf(shape) else resistance(log_survival, shape)
        if needed > clock:
            return size
        clock += contacts / people * active_period(initial + size)
    return people


def final_size_law(
    people: int, initial: int, contacts: float, period: str = "exponential", shape: float = math.inf
) -> NDArray[np.float64]:
    """Exact probabilities of the sizes 0..people of the epidemic that `sellke_final_size` draws.

    With P_j the probability of size j, m = initial and n = people,

        sum over j = 0..k of C(n - j, k - j) P_j / phi(j, k) = C(n, k)      for k = 0..n,

    phi(j, k) being the probability that n - k given people hold out against j + m active ones. Where all are
    alike it is the Laplace transform of the period to the power j + m (Andersson & Britton 2000, eq. 2.5);
    where the period is fixed, whatever the law of resistances, it is their survival function to the power n -
    k.

    Args:
        people, initial, contacts, period, shape: as in `sellke_final_size`; unlike people only with a fixed
        period.
    """
    _check(people, initial, contacts, period, shape)
    if period != "fixed" and not math.isinf(shape):
        raise ValueError(f"period: given {period!r} with shape {shape}; allowed: 'fixed' where people are not alike")
    with localcontext() as context:
        context.prec = 40 + 2 * people  # the terms of the sum are large and of both signs
        n, rate = people, Decimal(contacts) / people
        found: list[Decimal] = []
        for k in range(n + 1):
            total = Decimal(math.comb(n, k))
            for j, probability in enumerate(found):
                total -= math.comb(n - j, k - j) * probability / _hold_out(n - k, j + initial, rate, period, shape)
            found.append(total * _hold_out(n - k, k + initial, rate, period, shape))
        return np.array([float(p) for p in found])


def _hold_out(home: int, active: int, rate: Decimal, period: str, shape: float) -> Decimal:
    """Probability that `home` people hold out against `active` ones who add `rate` each to the clock."""
    if home == 0:
        return Decimal(1)
    if period == "exponential":
        return (1 + rate * home) ** -active
    if math.isinf(shape):
        return (-rate * active * home).exp()
    k = Decimal(shape)
    return ((1 + rate * active / k).ln() * -k * home).exp()


def _check(people: int, initial: int, contacts: float, period: str, shape: float) -> None:
    if people < 1 or initial < 0:
        raise ValueError(f"people, initial: given {people}, {initial}; allowed: at least 1 and at least 0")
    if not 0 <= contacts < math.inf:
        raise ValueError(f"contacts: given {contacts}; allowed: a finite number at least 0")
    if period not in PERIODS:
        raise ValueError(f"period: given {period!r}; allowed: {', '.join(PERIODS)}")
    if not shape > 0:
        raise ValueError(f"shape: given {shape}; allowed: above 0, infinity for people all alike")
