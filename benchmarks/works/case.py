"""The whole case: loading, first and warm run, many runs on workers."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.row import rss_mib

CASE = "kazakhstan-2022"


def loaded() -> tuple[Any, Any, dict[str, float]]:
    """Case and world, and how long each took."""
    began = time.perf_counter()
    from groundswell.case import load
    from groundswell.domains import all_mechanisms
    from groundswell.engine.parameters import known_parameters
    from groundswell.world.world import build

    imported = time.perf_counter()
    case = load(CASE, known_parameters(all_mechanisms().values()))
    read = time.perf_counter()
    world = build(case)
    built = time.perf_counter()
    return case, world, {"import_s": imported - began, "read_s": read - imported, "build_s": built - read}


def played(case: Any, world: Any, threads: int, seed: int = 1, watch: Any = None) -> dict[str, Any]:
    """One run: times, and how much the engine had to do."""
    from groundswell.play.plan import Plan
    from groundswell.play.run import play, prepare

    start = time.perf_counter()
    simulation, recorder, steps = prepare(Plan(CASE, seed=seed), case, threads, world)
    if watch is not None:
        watch(simulation, recorder)
    seen = {"joins": 0, "pools": 0, "most_pools": 0}

    def look(s: Any) -> None:
        pools = int(s.crowd.sizes[2])
        seen["joins"] += int(s.state.joined.sum())
        seen["pools"] += pools
        seen["most_pools"] = max(seen["most_pools"], pools)

    begun = time.perf_counter()
    play(simulation, recorder, steps, progress=look)
    return {
        "prepare_s": begun - start,
        "run_s": time.perf_counter() - begun,
        "people": int(world.people.sum()),
        "hours": steps,
        "joins": seen["joins"],
        "active_pools": round(seen["pools"] / steps),
        "most_active_pools": seen["most_pools"],
        "mechanisms": len(simulation.mechanisms),
        "digest": recorder.digest(steps),
    }


def whole(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Load and play in a fresh process; then play again, when everything is warm.

    `wall_s` is what `part` asks for: "load", "first" (the caller takes the time of the whole process) or "warm".
    """
    from groundswell import __version__

    began = time.perf_counter()
    case, world, times = loaded()
    first = played(case, world, o["threads"])
    taken = time.perf_counter() - began
    again = first if o["part"] == "first" else played(case, world, o["threads"])
    load_s = times["read_s"] + times["build_s"] + first["prepare_s"]
    wall = {"load": load_s, "first": taken, "warm": again["run_s"]}[o["part"]]
    row = {"version": __version__, "threads": o["threads"], "wall_s": wall, "rss_mib": rss_mib(), "load_s": load_s}
    row |= times | {k: again[k] for k in again if k != "prepare_s"} | {"first_run_s": first["run_s"]}
    row["person_hours_per_s"] = None if o["part"] == "load" else row["people"] * row["hours"] / wall
    return row


def parts(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Seconds of a warm run by mechanism, engine and recorder."""
    case, world, _ = loaded()
    played(case, world, o["threads"])
    spent: dict[str, float] = {}

    def clocked(name: str, function: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - start

        return call

    def watch(simulation: Any, recorder: Any) -> None:
        for mechanism in simulation.mechanisms:
            mechanism.step = clocked(mechanism.name, mechanism.step)
        recorder.take = clocked("recorder", recorder.take)

    run = played(case, world, o["threads"], watch=watch)
    spent["everything else"] = run["run_s"] - sum(spent.values())
    return {"run_s": run["run_s"], "parts": dict(sorted(spent.items(), key=lambda item: -item[1]))}


def ensemble(peer: str, o: dict[str, Any]) -> dict[str, Any]:
    """Runs of the whole case that differ in their seed, as rows of a comparison's table, on workers."""
    from groundswell import __version__
    from groundswell.play.pool import Lost, pool

    case, world, _ = loaded()
    people, hours = int(world.people.sum()), float(case.hours)
    del world
    common = {"case": CASE, "case_digest": case.digest, "most_people": people}
    jobs = [
        {"stage": "table", "case": CASE, "seed": seed, "settings": {}, "until_h": hours}
        for seed in range(1, o["runs"] + 1)
    ]
    size, workers = o.get("batch", 5), o["threads"]
    batches = ((n, jobs[at : at + size]) for n, at in enumerate(range(0, len(jobs), size)))
    walls: list[float] = []
    first_s = 0.0
    start = time.perf_counter()
    with pool("groundswell.study.tables.player:player", common, workers) as players:
        for _, results in players.play(batches):
            first_s = first_s or time.perf_counter() - start
            if isinstance(results, Lost):
                raise RuntimeError(str(results))
            failed = [r["error"] for r in results if r["error"]]
            if failed:
                raise RuntimeError(failed[0])
            walls += [r["wall_s"] for r in results]
    wall = time.perf_counter() - start
    return {
        "version": __version__,
        "people": people,
        "hours": round(hours),
        "threads": workers,
        "wall_s": wall,
        "rss_mib": rss_mib(),
        "person_hours_per_s": people * hours * len(jobs) / wall,
        "runs": len(jobs),
        "batch": size,
        "first_batch_s": first_s,
        "in_runs_s": sum(walls),
        "run_s": sorted(walls)[len(walls) // 2],
    }
