"""Classic models: Epstein's civil violence beside Mesa's packaged example, and Granovetter's thresholds."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.row import rss_mib, version

MESA = {"citizen_density": 0.7, "cop_density": 0.074, "legitimacy": 0.8, "max_jail_term": 1000}
"""Defaults of Mesa's example; vision is 7, the threshold 0.1 and k 2.3 in both."""


def _course(peer: str, side: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray, int, float]:
    """People active and in jail after each step, how many people and officers there are, and the time in s."""
    if peer == "mesa":
        from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

        model = EpsteinCivilViolence(width=side, height=side, seed=seed)
        everybody = len(model.agents)
        start = time.perf_counter()
        for _ in range(steps):
            model.step()
        wall = time.perf_counter() - start
        seen = model.datacollector.model_vars
        return np.array(seen["active"]), np.array(seen["arrested"]), everybody, wall
    from groundswell.classic import epstein

    start = time.perf_counter()
    c = epstein("rounded", reading="mesa", width=side, height=side, vision=7.0, steps=steps, seed=seed, **MESA)
    return c.active, c.jailed, c.citizens + c.cops, time.perf_counter() - start


def epstein(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Time of `steps` steps on a square of `side` sites."""
    _course(peer, 20, 2, 1)
    times = []
    while not times or (sum(times) < 1.0 and len(times) < 5):
        active, jailed, people, wall = _course(peer, o["side"], o["steps"], 1)
        times.append(wall)
    wall = sorted(times)[(len(times) - 1) // 2]
    return {
        "version": version(peer),
        "people": people,
        "hours": o["steps"],
        "threads": 1,
        "wall_s": wall,
        "rss_mib": rss_mib(),
        "person_hours_per_s": people * o["steps"] / wall,
        "active": active[-1].item(),
        "jailed": jailed[-1].item(),
    }


def courses(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Peak and mean of people active and people in jail at the end, by seed, as many as `limit_s` seconds allow."""
    start, found = time.perf_counter(), []
    for seed in range(o["first"], o["first"] + o["seeds"]):
        active, jailed, _, _ = _course(peer, o["side"], o["steps"], seed)
        found.append([float(active.max()), float(active.mean()), float(jailed[-1])])
        if time.perf_counter() - start > o["limit_s"]:
            break
    return {"draws": found}


def granovetter(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """The cascade of thresholds 0, 1, 2, ..., in which each round moves one more person, to its end."""
    from groundswell.classic import granovetter as cascade

    thresholds = np.arange(o["people"])
    start = time.perf_counter()
    found = cascade(thresholds)
    wall = time.perf_counter() - start
    if found.final != o["people"]:
        raise RuntimeError(f"the cascade ends at {found.final}, not at {o['people']}")
    rounds = len(found.path) - 1
    return {
        "version": version("groundswell"),
        "people": o["people"],
        "hours": rounds,
        "threads": 1,
        "wall_s": wall,
        "rss_mib": rss_mib(),
        "person_hours_per_s": o["people"] * rounds / wall,
    }
