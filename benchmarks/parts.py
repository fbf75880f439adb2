"""What `make bench` measures, part by part."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from benchmarks.agreement import SIZES, WHAT, compared, gather, line, size_and_factor
from benchmarks.bench import LONG_S, REPEATS, Bench
from benchmarks.ladder import climb, size_for
from benchmarks.process import COMPILED, Failed
from benchmarks.streets import settings

FULL = settings()["size"]["people"]
SEEDS = settings()["agreement"]["seeds"]
EARTH = 8_100_000_000
EARTH_FACTOR = 1.25  # on the base hazard, so that 0.2 percent join
LADDER = {"numpy-scan": 1, "mesa": 1, "mesa-frames": 2, "starsim": 1, "laser": 2}
"""Programs measured at the largest population that they do in two minutes -> threads that they are given."""
COMPILES = ("starsim", "laser")  # of these, what is compiled when they first run
MINUTES = {"numpy-scan": 1.2, "mesa": 1.9, "mesa-frames": 1.9, "starsim": 2.1, "laser": 1.9}
LIMIT_S, AIM_S = 120.0, 85.0
RUNS, MORE_RUNS = 100, 1_000  # of the whole case in an ensemble; the larger only when it is asked for
DRAWS_S = 60.0  # wall seconds for the draws of one program, in two processes


def streets(b: Bench) -> None:
    """Groundswell and the compiled scan at full size; Groundswell at other sizes; ties; the reference engine."""
    for peer in ("groundswell", "numba-scan"):  # the first run compiles
        first(b, peer, {"people": 20_000})
    ours = [("streets", {"peer": "groundswell", "people": n}) for n in (20_000, 200_000, FULL // 10, FULL, 10 * FULL)]
    sizes = ((FULL, 1), (FULL, 2), (FULL // 10, 2), (200_000, 2))
    scan = [("streets", {"peer": "numba-scan", "people": people, "threads": n}) for people, n in sizes]
    ties = [("streets, ties", {"peer": "groundswell", "people": FULL, "ties": True, "threads": n}) for n in (1, 2)]
    slow = [
        (work, {"peer": "reference", "people": 20_000, "groups": 1, "ties": "ties" in work})
        for work in ("streets", "streets, ties")
    ]
    b.rows(ours + scan + ties + slow)


def first(b: Bench, peer: str, asked: dict[str, Any]) -> None:
    """Time until a first small run is done with nothing compiled, and again when compiled code is kept."""
    kept = f"{peer}, first"
    shutil.rmtree(COMPILED / kept, ignore_errors=True)
    asked = {"peer": peer, "threads": LADDER.get(peer, 1), "kept": kept, **asked}
    cold = b.one("streets", asked)
    again = b.one("streets", asked) if cold else None
    if cold and again:
        times = {"cold_s": cold["first_s"], "warm_s": again["first_s"], "import_s": again["import_s"]}
        b.store.put("profile", f"first run: {peer}", times)


def peers(b: Bench, peer: str) -> None:
    """Another program at a size of some seconds, and at the largest that it does in two minutes."""
    if peer in COMPILES:
        first(b, peer, {"people": 2_000, "warm_people": 2_000})
    try:
        climbed(b, peer, LADDER[peer])
    except Failed as error:
        b.console.print(f"  {peer}: no larger population: {error}", style="red", markup=False)


def climbed(b: Bench, peer: str, threads: int) -> None:
    """Rows of one program: its ladder, a size of some seconds three times, and the largest in two minutes."""
    asked = {"peer": peer, "threads": threads, "warm_people": 2_000}

    def measure(people: int) -> dict[str, Any]:
        found = b.one("streets", asked | {"people": people})
        if found is None:
            raise Failed(f"{peer} did not do {people:,} people")
        return found

    rows = climb(measure, FULL)
    for row in rows[:-1]:
        b.keep("streets", asked | {"size": "ladder"}, [row])
    again = [rows[-1]]
    while len(again) < REPEATS and sum(r["process_s"] for r in again) < LONG_S:
        again.append(measure(rows[-1]["people"]))
    middle = b.keep("streets", asked | {"size": "middle"}, again)
    if middle["people"] < FULL:
        largest = measure(size_for([*rows[:-1], middle], AIM_S, FULL))
        if largest["wall_s"] > LIMIT_S:
            b.keep("streets", asked | {"size": "ladder"}, [largest])
            largest = measure(size_for([middle, largest], AIM_S, FULL))
        b.keep("streets", asked | {"size": "largest"}, [largest])


def agreement(b: Bench) -> None:
    """Total joins, peak and peak hour of every program beside Groundswell's."""
    known: dict[tuple[int, float], list[list[float]]] = {}
    for number, peer in enumerate(("numba-scan", *LADDER), 1):
        measured = b.store.rows("streets", peer)
        if not measured:
            continue
        people, factor = size_and_factor(line(measured), SEEDS, 2 * 0.8 * DRAWS_S)
        try:
            if (people, factor) not in known:
                known[people, factor] = draws(b, "groundswell", people, factor, 0)
            theirs = draws(b, peer, people, factor, 10_000 * number)
        except Failed as error:
            b.fail("agreement", {"peer": peer, "people": people}, str(error))
            continue
        for tested in compared(WHAT, known[people, factor], theirs):
            entry = {"part": b.part, "peer": peer, "people": people, "factor": factor, **tested}
            b.store.add("agreement", entry)
            told(b, "agreement", entry)


def draws(b: Bench, peer: str, people: int, factor: float, seed: int) -> list[list[float]]:
    """Total joins, peak and peak hour of a program by seed."""
    asked = {"peer": peer, "what": "draws", "people": people, "factor": factor, "limit_s": DRAWS_S}
    asked["groups"] = 5 if people >= SIZES[0] else 1
    one = lambda at, n: b.asking(asked | {"first": at, "seeds": n})["draws"]  # noqa: E731
    return gather(one, SEEDS, seed)


def told(b: Bench, work: str, e: dict[str, Any]) -> None:
    """Say what came of a test."""
    means = " and ".join(f"{m:.4g}" for m in e["means"])
    b.console.print(f"  {work}: {e['peer']}: {e['what']}: p = {e['p']:.3f}, means {means}", style="dim", markup=False)


def growth(b: Bench) -> None:
    """The same number of events at three sizes."""
    wanted = []
    for ties in (False, True):
        work = "growth, ties" if ties else "growth"
        for people in (FULL // 10, FULL, 10 * FULL):
            wanted.append((work, {"peer": "groundswell", "people": people, "same_events": True, "ties": ties}))
    b.rows(wanted)


def everyone(b: Bench) -> None:
    """As many people as there are on earth."""
    asked = {"peer": "groundswell", "people": EARTH, "factor": EARTH_FACTOR}
    b.rows([("everyone", asked | {"threads": 2})], long_s=100.0)


def case(b: Bench) -> None:
    """The whole case: first run, load, warm run, and where its time goes."""
    asked = {"peer": "groundswell", "what": "case.whole", "threads": 1, "kept": "case"}
    shutil.rmtree(COMPILED / "case", ignore_errors=True)
    cold = b.one("whole case: first run", asked | {"part": "first"})
    if cold:
        rate = cold["people"] * cold["hours"] / cold["process_s"]
        whole = {"wall_s": cold["process_s"], "person_hours_per_s": rate}
        b.keep("whole case: first run", asked, [cold | whole])
    warm = [(f"whole case: {p}", asked | {"part": p.split()[0]}) for p in ("load", "warm run")]
    b.rows(warm)
    spent = b.one("whole case: warm run", asked | {"what": "case.parts"})
    if spent:
        b.store.put("profile", "case", spent)


def ensemble(b: Bench, runs: int = RUNS) -> None:
    """Many runs of the whole case, on one worker and on two; compiled beforehand, also where this part is run alone."""
    b.one("ensemble", {"peer": "groundswell", "what": "case.whole", "threads": 1, "kept": "case", "part": "first"})
    for workers in (1, 2):
        asked = {"peer": "groundswell", "what": "case.ensemble", "runs": runs, "threads": workers, "kept": "case"}
        found = b.one("ensemble", asked, longest_s=60.0 + 10.0 * runs)
        if found:
            b.keep("ensemble", asked, [found])


def side_by_side(b: Bench) -> None:
    """Two processes that share nothing but the machine, each with runs of its own: what a second core can give."""
    asked = {"peer": "groundswell", "what": "case.ensemble", "runs": RUNS // 5, "threads": 1, "kept": "case"}
    with ThreadPoolExecutor(2) as pool:
        found = [row for row in pool.map(lambda _: b.one("ensemble", asked), range(2)) if row]
    if len(found) == 2:
        b.store.put("profile", b.part, {"run_s": statistics.mean(row["run_s"] for row in found)})


def classic(b: Bench) -> None:
    """Epstein's civil violence beside Mesa's packaged example; Granovetter's thresholds."""
    for side, steps in ((40, 100), (200, 10)):
        work = f"classic: Epstein, {side} x {side}"
        for peer in ("groundswell", "mesa"):
            b.rows([(work, {"peer": peer, "what": "classic.epstein", "side": side, "steps": steps})])
    b.rows([("classic: Granovetter", {"peer": "groundswell", "what": "classic.granovetter", "people": 100_000})])
    if "mesa" in b.absent:
        b.fail("trajectories", {"peer": "mesa"}, b.absent["mesa"])
        return
    for side, steps, limit in ((40, 100, 30.0), (200, 10, 110.0)):
        asked = {"what": "classic.courses", "side": side, "steps": steps, "limit_s": limit}
        try:
            one = lambda peer, at, n: b.asking(asked | {"peer": peer, "first": at, "seeds": n})["draws"]  # noqa: B023, E731
            ours, theirs = (gather(partial(one, peer), SEEDS, 1) for peer in ("groundswell", "mesa"))
        except Failed as error:
            b.fail("trajectories", {"peer": "mesa", "side": side}, str(error))
            continue
        for tested in compared(("peak active", "mean active", "in jail at the end"), ours, theirs):
            entry = {"part": b.part, "peer": "mesa", "side": side, "steps": steps, **tested}
            b.store.add("trajectories", entry)
            told(b, "trajectories", entry)


def profile(b: Bench) -> None:
    """Where the time of `streets` goes."""
    found = b.one("streets", {"peer": "groundswell", "what": "profile.streets", "people": FULL})
    if found:
        b.store.put("profile", "streets", found)


PARTS: dict[str, tuple[float, Callable[[Bench], None]]] = {
    "streets": (2.7, streets),
    "growth": (1.0, growth),
    "profile": (0.1, profile),
    "case": (2.1, case),
    "everyone": (1.8, everyone),
    "classic": (4.2, classic),
    **{f"peers: {peer}": (minutes, partial(peers, peer=peer)) for peer, minutes in MINUTES.items()},
    "agreement": (4.5, agreement),
    "ensemble": (3.0, ensemble),
    "side by side": (0.5, side_by_side),
}
"""Part -> minutes that it takes on the machine of docs/performance.md, about, and what measures it."""
ASKED: dict[str, tuple[float, Callable[[Bench], None]]] = {"thousand": (32.0, partial(ensemble, runs=MORE_RUNS))}
"""The same for what is measured only when it is named: it takes longer than all else together."""
