"""One row of the table in a process of its own: prints what was measured as JSON.

Compiled programs first make a small run, so that kernels come from memory; what does not depend on the run
(who lives where, everybody's frailty) is made before the clock starts.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.streets import Result, World, make_world


def program(peer: str, world: World, o: dict[str, Any]):
    """A function of the seed that makes one run, and the version of what does the work."""
    if peer in ("groundswell", "reference"):
        from benchmarks.peers import groundswell

        options = {"ties": o.get("ties", False), "groups": o.get("groups", 0), "threads": o.get("threads", 1)}
        return groundswell.prepare(world, reference=peer == "reference", **options), version("groundswell")
    if peer == "numba-scan":
        from benchmarks.peers import numba_scan

        return numba_scan.prepare(world, o.get("threads", 1)), version("numba")
    from benchmarks.peers import numpy_scan

    return numpy_scan.prepare(world), version("numpy")


def measure(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Make one run and say how long it took and what came of it."""
    warm, _ = program(peer, make_world(o.get("warm_people", 20_000)), o)
    if peer in ("groundswell", "numba-scan"):
        warm(1)
    world = make_world(o["people"], o.get("same_events", False))
    run, number = program(peer, world, o)
    given = (run.setup(1),) if hasattr(run, "setup") else ()
    times: list[tuple[float, float]] = []
    while not times or (sum(wall for wall, _ in times) < 1.0 and len(times) < 5):  # short runs: median of up to five
        start, cpu = time.perf_counter(), time.process_time()
        result: Result = run(1, *given)
        times.append((time.perf_counter() - start, time.process_time() - cpu))
    wall, cpu = sorted(times)[(len(times) - 1) // 2]
    joins, peak, peak_hour = result.summary
    hours = len(result.joins)
    return {
        "version": number,
        "people": int(world.people.sum()),
        "hours": hours,
        "threads": o.get("threads", 1),
        "wall_s": wall,
        "cpu_s": cpu,
        "rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "person_hours_per_s": float(world.people.sum()) * hours / wall,
        "joins": joins,
        "us_per_join": 1e6 * wall / max(joins, 1),
        "peak": peak,
        "peak_hour": peak_hour,
    }


def copy_gb_per_s(threads: int) -> float:
    """Bytes copied per second between arrays far larger than the caches, on that many threads."""
    from concurrent.futures import ThreadPoolExecutor

    size = 64 * 2**20
    pairs = [(np.ones(size, np.uint8), np.zeros(size, np.uint8)) for _ in range(threads)]
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(6):
            start = time.perf_counter()
            list(pool.map(lambda pair: np.copyto(pair[1], pair[0]), pairs))
            best = min(best, time.perf_counter() - start)
    return threads * size / best / 1e9


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    if asked["peer"] == "copy":
        print(json.dumps({"gb_per_s": copy_gb_per_s(asked["threads"])}))
    else:
        print(json.dumps(measure(asked["peer"], asked)))
