"""The work `streets`: the world that all programs share, and the hazards of one hour."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np


def settings() -> dict[str, Any]:
    """What `streets.toml` says."""
    return tomllib.loads((Path(__file__).parent / "streets.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class World:
    """The places, and how they see each other.

    people: (P,) inhabitants; influence: (P, P) symmetric, rows sum to 1; base: l0, 1/h; offset: (P,) (th -
    g_p) / tau; weight: (2,) -b1 / tau and -b2 / tau; per_active: (P,) what one active person adds to 1000
    times the share of a place.
    """

    people: np.ndarray
    influence: np.ndarray
    base: float
    offset: np.ndarray
    weight: np.ndarray
    per_active: np.ndarray
    s: dict[str, Any]

    def hazard(self, active: np.ndarray) -> np.ndarray:
        """(P,) hazard of joining per hour at frailty 1, given the people on the street."""
        seen = np.empty((2, len(active)))  # in the place itself, and elsewhere weighted by influence
        np.multiply(active, self.per_active, out=seen[0])
        np.matmul(self.influence, seen[0], out=seen[1])
        x = self.weight @ np.log1p(seen, out=seen)
        x += self.offset
        np.exp(x, out=x)
        x += 1.0
        return np.divide(self.base, x, out=x)


@dataclass
class Result:
    """What came of one run: joins in each hour and people on the street at its end, summed over places."""

    joins: np.ndarray
    active: np.ndarray

    @property
    def summary(self) -> tuple[int, int, int]:
        """Total joins, peak, hour of the peak."""
        return int(self.joins.sum()), int(self.active.max()), int(self.active.argmax())


def zipf(people: int, places: int, exponent: float) -> np.ndarray:
    """Populations proportional to rank ** -exponent, at least 1, summing to `people` (largest remainders)."""
    share = np.arange(1, places + 1) ** -exponent
    exact = (people - places) * share / share.sum()
    whole = np.floor(exact).astype(np.int64)
    short = people - places - whole.sum()
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return whole + 1


def doubly_stochastic(kernel: np.ndarray, rounds: int = 500) -> np.ndarray:
    """D K D with rows and columns that sum to 1, for a symmetric kernel K (symmetric Sinkhorn scaling)."""
    d = np.ones(len(kernel))
    for _ in range(rounds):
        d = np.sqrt(d / (kernel @ d))
    return kernel * d * d[:, None]


def make_world(people: int | None = None, same_events: bool = False, factor: float = 1.0) -> World:
    """The world at a size.

    Args:
        people: inhabitants (default: the size in the file).
        same_events: keep the number of events rather than their share: the base hazard falls as people grow,
            and streets count people where they would count shares, so that the numbers have the same law.
        factor: on the base hazard.
    """
    s = settings()
    places, reference = s["size"]["places"], s["size"]["people"]
    n = zipf(people or reference, places, s["size"]["zipf_exponent"])
    i = np.arange(1, places + 1)
    xy = np.stack([i * 0.7548776662466927 % 1.0, i * 0.5698402909980532 % 1.0])  # plastic-number lattice
    distance = np.hypot(*(xy[:, :, None] - xy[:, None, :]))
    kernel = np.sqrt(np.outer(n, n)) / (s["influence"]["distance_floor"] + distance) ** s["influence"]["power"]
    np.fill_diagonal(kernel, 0.0)
    order = (i * 0.6180339887498949 % 1.0).argsort().argsort()
    h = s["hazard"]
    grievance = h["grievance_sd"] * np.array([NormalDist().inv_cdf((i + 0.5) / places) for i in order])
    offset = (h["threshold"] - grievance) / h["spread"]
    weight = np.array([h["own_street"], h["other_streets"]]) / -h["spread"]
    growth = n.sum() / reference if same_events else 1.0
    base, per_active = factor * h["base_per_h"] / growth, 1000.0 * growth / n
    return World(n.astype(float), doubly_stochastic(kernel), base, offset, weight, per_active, s)
