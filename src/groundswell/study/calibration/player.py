"""Plays one vector of parameters with one or more seeds, until its distance is known or cannot be small enough.

A run is stopped as soon as what is known of it lies above `stop_above`, and where more people than `most_people` are
out: what was not known by then counts as the cap (`distance.CAP`). So stopping never changes whether a vector is
accepted.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from groundswell.case import Case
from groundswell.play.plan import planned
from groundswell.record import load_record
from groundswell.record.measure import measure
from groundswell.study.calibration.distance import CAP, Target, mean_of, target_of
from groundswell.study.calibration.free import RATE
from groundswell.study.calibration.ordinary import THETA, ordinary_world, theta_of
from groundswell.study.playing import begin, on, reading_of, settled
from groundswell.world.world import World, build

LOOKS_H = (72.0, 84.0, 96.0, 108.0, 120.0, 132.0, 144.0, 168.0, 192.0, 240.0, 288.0, 336.0, 384.0, 432.0)
"""Hours at which a run is looked at, beside the end."""


def player(common: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The function that plays a job in this process; case, record and world are read once.

    Raises:
        ValueError: the case here is not the one that was planned with.
    """
    case = planned(common)
    world, target = build(case), target_of(load_record(case), common["fit"])
    until, most = float(common["until_h"]), float(common["most_people"])
    month = common.get("ordinary_month", "")
    ordinary = ordinary_world(case, month) if month else None

    def one(job: dict[str, Any]) -> dict[str, Any]:
        theta = None
        if ordinary is not None:
            theta = theta_of(ordinary, job["settings"], job["values"][RATE])
            job = {**job, "settings": {**job["settings"], THETA: theta}}
        return {**_vector(case, world, target, until, most, job), "theta": theta}

    return settled(one)


def _vector(
    case: Case, world: World, target: Target, until: float, most: float, job: Mapping[str, Any]
) -> dict[str, Any]:
    """All seeds of a vector, up to the one at which it is stopped."""
    seeds, above = job["seeds"], job["stop_above"]
    total = np.inf if above is None else above**2 * len(seeds)
    squares, guess, played, stopped = 0.0, 0.0, [], False
    parts: list[np.ndarray] = []
    for seed in seeds:
        far, known, hour, why = _one(case, world, target, until, most, job, seed, total - squares)
        parts.append(far)
        played.append(hour)
        squares += mean_of(far) ** 2
        closed = far[known]
        guess += max(mean_of(closed) if len(closed) else 0.0, mean_of(far)) ** 2
        gc.collect()
        stopped = why == "distance" or squares > total
        if stopped:
            break
    return {
        "distance": None if stopped else float(np.sqrt(squares / len(seeds))),
        "guess": float(np.sqrt(guess / len(played))),
        "played_h": played,
        "far": np.mean(parts, axis=0).tolist(),
    }


def _one(
    case: Case, world: World, target: Target, until: float, most: float, job: Mapping[str, Any], seed: int, room: float
) -> tuple[np.ndarray, np.ndarray, float, str]:
    """One run: capped distances, which are known, the hour it came to, and why it ended ("distance", "people", "")."""
    simulation, recorder = begin(case, world, {**job, "seed": seed})
    looks = [h for h in LOOKS_H if h < until] if np.isfinite(room) else []
    for end in (*looks, until):
        inside = on(simulation, recorder, end, most)
        reading = reading_of(simulation, recorder)
        now_h = reading.steps * reading.clock.step_h
        measured = measure(reading, target.record)
        if not inside:
            far, known = target.so_far(measured, now_h)
            return np.where(known, far, CAP), np.ones(len(far), bool), now_h, "people"
        far, known = target.so_far(measured, now_h) if end < until else (target.final(measured), known_all(target))
        if mean_of(far) ** 2 > room:
            return far, known, now_h, "distance"
    return far, known, now_h, ""


def known_all(target: Target) -> np.ndarray:
    """(F,) that all is known."""
    return np.ones(len(target.ids), bool)
