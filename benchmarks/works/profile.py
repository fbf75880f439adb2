"""Where the time of `streets` goes: hazards, group clocks, events; and what a full scan has to read."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.row import program, timed_run
from benchmarks.streets import make_world

REPEATS = 5
NOBODY = 1e-30  # factor on the base hazard at which nobody ever joins


def least(function: Any) -> float:
    """The shortest of several times, in s."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def streets(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Seconds of a run, of a run in which nobody joins, and of working out the hazards alone."""
    program(peer, make_world(20_000), o)(1)
    world = make_world(o["people"])
    runs = {"whole": program(peer, world, o), "quiet": program(peer, make_world(o["people"], factor=NOBODY), o)}
    found = {}
    for name, run in runs.items():
        walls = []
        for _ in range(REPEATS):
            result, wall, _, _ = timed_run(run, 1)
            walls.append(wall)
        found[name] = (min(walls), result)
    whole, result = found["whole"]
    quiet, silent = found["quiet"]
    if silent.joins.any():
        raise RuntimeError("somebody joined in the run in which nobody should")
    active, hours = np.zeros(len(world.people), np.int64), len(result.joins)
    hazards = least(lambda: [world.hazard(active) for _ in range(hours)])
    joins = int(result.joins.sum())
    groups = len(world.people) * world.s["size"]["groups_per_place"]
    return {
        "whole_s": whole,
        "hazards_s": hazards,
        "clocks_s": quiet - hazards,
        "events_s": whole - quiet,
        "joins": joins,
        "ns_per_group_hour": 1e9 * (quiet - hazards) / (groups * hours),
        "us_per_join": 1e6 * (whole - quiet) / max(joins, 1),
        "groups": groups,
        "hours": hours,
    }
