"""One measurement in a process of its own: prints as JSON how long a run took and what came of it.

Compiled programs first make a small run, so that kernels come from memory; what does not depend on the run (who lives
where, everybody's frailty, the objects or tables of people) is made before the clock starts, and reported apart.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module, metadata
from typing import Any

import numpy as np

from benchmarks.streets import Result, World, make_world

PROGRAMS = {
    "groundswell": ("groundswell", "groundswell"),
    "reference": ("groundswell", "groundswell"),
    "numba-scan": ("numba_scan", "numba"),
    "numpy-scan": ("numpy_scan", "numpy"),
    "mesa": ("mesa_model", "mesa"),
    "mesa-frames": ("mesa_frames_model", "mesa-frames"),
    "starsim": ("starsim_model", "starsim"),
    "laser": ("laser_model", "laser-core"),
}
"""Program -> module of `benchmarks.peers`, package whose version is told."""
WARM_PEOPLE = 20_000
ENOUGH_S = 1.0  # runs shorter than this are made up to five times, and the median is taken


def version(peer: str) -> str:
    """Version of the package that does the work."""
    name = PROGRAMS[peer][1]  # what is installed in place keeps the version of its installation among the metadata
    return import_module(name).__version__ if name == "groundswell" else metadata.version(name)


def program(peer: str, world: World, o: dict[str, Any]):
    """A function of the seed that makes one run of `streets`."""
    module = import_module(f"benchmarks.peers.{PROGRAMS[peer][0]}")
    if peer in ("groundswell", "reference"):
        options = {"ties": o.get("ties", False), "groups": o.get("groups", 0), "threads": o.get("threads", 1)}
        return module.prepare(world, reference=peer == "reference", **options)
    return module.prepare(world, threads=o.get("threads", 1))


def timed_run(run, seed: int) -> tuple[Result, float, float, float]:
    """One run: what came of it, its wall and processor time, and the time of making what it starts from, in s."""
    before = time.perf_counter()
    given = (run.setup(seed),) if hasattr(run, "setup") else ()
    start, cpu = time.perf_counter(), time.process_time()
    result = run(seed, *given)
    return result, time.perf_counter() - start, time.process_time() - cpu, start - before


def streets(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Time of `streets` at a size; `people`, `threads`, `ties`, `same_events`, `factor` as `make_world` has them."""
    began = time.perf_counter()
    import_module(f"benchmarks.peers.{PROGRAMS[peer][0]}")
    imported = time.perf_counter()
    program(peer, make_world(o.get("warm_people", WARM_PEOPLE)), o)(1)
    warmed = time.perf_counter()
    world = make_world(o["people"], o.get("same_events", False), o.get("factor", 1.0))
    run = program(peer, world, o)
    times: list[tuple[float, float, float]] = []
    while not times or (sum(wall for wall, _, _ in times) < ENOUGH_S and len(times) < 5):
        result, *taken = timed_run(run, 1)
        times.append(tuple(taken))
    wall, cpu, setup = sorted(times)[(len(times) - 1) // 2]
    joins, peak, peak_hour = result.summary
    hours, people = len(result.joins), int(world.people.sum())
    return {
        "version": version(peer),
        "people": people,
        "hours": hours,
        "threads": o.get("threads", 1),
        "wall_s": wall,
        "cpu_s": cpu,
        "rss_mib": rss_mib(),
        "person_hours_per_s": people * hours / wall,
        "joins": joins,
        "us_per_join": 1e6 * wall / max(joins, 1),
        "peak": peak,
        "peak_hour": peak_hour,
        "import_s": imported - began,
        "first_s": warmed - imported,
        "setup_s": setup,
    }


def draws(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Total joins, peak and peak hour for seeds `first` ... `first + seeds - 1`, as many as `limit_s` seconds allow."""
    run = program(peer, make_world(o["people"], factor=o["factor"]), o)
    start, found = time.perf_counter(), []
    for seed in range(o["first"], o["first"] + o["seeds"]):
        found.append(run(seed).summary)
        if time.perf_counter() - start > o["limit_s"]:
            break
    return {"draws": found}


def copy(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Bytes copied per second between arrays far larger than the caches, on `threads` threads; and only read."""
    from concurrent.futures import ThreadPoolExecutor

    threads, size = o["threads"], 64 * 2**20
    pairs = [(np.ones(size, np.uint8), np.zeros(size, np.uint8)) for _ in range(threads)]

    def best(work) -> float:
        least = np.inf
        for _ in range(6):
            start = time.perf_counter()
            list(pool.map(work, pairs))
            least = min(least, time.perf_counter() - start)
        return threads * size / least / 1e9

    with ThreadPoolExecutor(threads) as pool:
        copied = best(lambda pair: np.copyto(pair[1], pair[0]))
        read = best(lambda pair: pair[0].view(np.int64).max())
    return {"copy_gb_per_s": copied, "read_gb_per_s": read}


def rss_mib() -> float:
    """Largest memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked for: `what` names a function here or, as "module.function", in `benchmarks.works`."""
    module, _, name = asked.get("what", "streets").rpartition(".")
    function = getattr(import_module(f"benchmarks.works.{module}"), name) if module else globals()[name]
    return function(asked["peer"], asked)


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
