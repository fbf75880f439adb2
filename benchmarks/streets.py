"""The work `streets`: the world that all programs share, and the hazards of one hour."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri


def settings() -> dict[str, Any]:
    """What `streets.toml` says."""
    return tomllib.loads((Path(__file__).parent / "streets.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class World:
    """people: (P,) inhabitants; influence: (P, P) symmetric, rows sum to 1; grievance: (P,); rest as in the file."""

    people: np.ndarray
    influence: np.ndarray
    grievance: np.ndarray
    base: float
    steepness: float
    s: dict[str, Any]

    def hazard(self, active: np.ndarray) -> np.ndarray:
        """(P,) hazard of joining per hour at frailty 1, given the people on the street."""
        h = self.s["hazard"]
        share = self.steepness * active / self.people
        x = (
            self.grievance
            + h["own_street"] * np.log1p(share)
            + h["other_streets"] * np.log1p(self.influence @ share)
        )
        return self.base / (1.0 + np.exp((h["threshold"] - x) / h["spread"]))


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


def make_world(people: int | None = None, same_events: bool = False) -> World:
    """The world at a size.

    Args:
        people: inhabitants (default: the size in the file).
        same_events: keep the number of events rather than their share: the base hazard falls as people grow, and
            streets count people where they would count shares, so that the numbers have the same law at any size.
    """
    s = settings()
    places, reference = s["size"]["places"], s["size"]["people"]
    n = zipf(people or reference, places, s["size"]["zipf_exponent"])
    i = np.arange(1, places + 1)
    xy = np.stack([i * 0.7548776662466927 % 1.0, i * 0.5698402909980532 % 1.0])  # plastic-number lattice
    distance = np.hypot(*(xy[:, :, None] - xy[:, None, :]))
    kernel = (
        np.sqrt(np.outer(n, n)) / (s["influence"]["distance_floor"] + distance) ** s["influence"]["power"]
    )
    np.fill_diagonal(kernel, 0.0)
    order = (i * 0.6180339887498949 % 1.0).argsort().argsort()
    grievance = s["hazard"]["grievance_sd"] * ndtri((order + 0.5) / places)
    growth = n.sum() / reference if same_events else 1.0
    base = s["hazard"]["base_per_h"] / growth
    return World(n.astype(float), doubly_stochastic(kernel), grievance, base, 1000.0 * growth, s)
