"""A set of runs: one case and change, played with many seeds, so that what is told of it carries its spread.

Run i has the seed first + i - 1. Of a calibrated case it has a draw of its own, by weight, unless one is named: so the
spread is that of luck and of what the calibration leaves open together.
"""

from __future__ import annotations

import gc
import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell import __version__, files
from groundswell.case import Case, CaseError, Problem
from groundswell.case.calibration import DECLARED
from groundswell.case.problems import Found
from groundswell.engine.simulation import CoarseStep
from groundswell.observe.harm import COUNTED
from groundswell.play import batches, pool
from groundswell.play.change import SCRIPTED, Cells, as_options, read_change
from groundswell.play.checks import Known, mistakes
from groundswell.play.plan import Plan, loaded_case, of_seed, planned
from groundswell.play.run import Run, play, prepare
from groundswell.play.run_set import COURSES, RunSet
from groundswell.world.world import World, build

if TYPE_CHECKING:
    import pyarrow as pa

MOST_SEEDS = 10_000
EACH = "each"
"""The draw of a set in which every run has its own."""

PLAYER = "groundswell.play.many:player"
GOLDEN = (5**0.5 - 1) / 2
KEPT = (
    "seed", "draw", "digest", "hours", "peak_on_street", "peak_time", "joins", "strikes", "dead", "security_dead",
    "injured", "security_injured", "detained", "onset", "harm", "ending", "phases", "score",
)  # fmt: skip
"""What is kept of the summary of every run."""


def draw_of(case: Case, i: int) -> int | str:
    """The draw of run i, from 1: by weight, along a sequence whose every beginning is spread evenly."""
    if case.draws is None:
        return DECLARED
    upto = np.cumsum(case.draws.weight)
    u = (i * GOLDEN + 0.5) % 1.0
    return min(int(np.searchsorted(upto / upto[-1], u)), len(upto) - 1) + 1


def player(common: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The function that plays a job in this process; the world is built once.

    Raises:
        ValueError: the case here is not the one that was planned with.
    """
    case = planned(common)
    world = build(case, common["people_scale"])
    return lambda job: _row(Plan.from_json(job["plan"]), case, world)


def _row(plan: Plan, case: Case, world: World) -> dict[str, Any]:
    """What is kept of one run: parts of its summary as JSON, and courses by hour."""
    simulation, recorder, steps = prepare(plan, case, world=world)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoarseStep)
        play(simulation, recorder, steps)
    run = Run(plan, simulation, recorder, 0.0, 0.0)
    known = {key: run.summary[key] for key in KEPT}
    out = {"known": json.dumps(known, ensure_ascii=False, sort_keys=True), **_courses(run)}
    del run, simulation, recorder
    gc.collect()
    return out


def _courses(run: Run) -> dict[str, list[int]]:
    """Courses at whole hours: of the whole case, and people on the street by region, region after region."""
    r, w = run.reading, run.simulation.world
    every = max(round(1 / run.plan.step_h), 1)
    street = r.series("on_street")
    of = {
        "on_street": street.sum(axis=1),
        "sites": (r.series("site_held") < 0.5).sum(axis=1),
        **{k: np.cumsum(COUNTED[d].flow(r).sum(axis=1))
           for k, d in (("dead", "dead_all"), ("injured", "injured_all"), ("detained", "detained"))},
    }  # fmt: skip
    by_region = np.stack([street[:, w.region == i].sum(axis=1) for i in range(len(w.region_id))])
    hourly = {k: v[every - 1 :: every].astype(int).tolist() for k, v in of.items()}
    return hourly | {"by_region": by_region[:, every - 1 :: every].astype(int).ravel().tolist()}


def runs(
    case: str | Path | Case,
    *,
    seeds: int = 50,
    seed: int = 1,
    account: str | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the word users know from the command
    off: Iterable[str] = (),
    measures: Mapping[str, str] | None = None,
    elements: Iterable[str] = (),
    data: Iterable[Cells | Mapping[str, Any]] = (),
    stay_home: Iterable[str] = (),
    government: str = SCRIPTED,
    draw: int | str = EACH,
    until: str | datetime | None = None,
    people_scale: float = 1.0,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RunSet:
    """Play a case with many seeds.

    Args:
        case: name of a bundled case, a folder, or a loaded case.
        seeds: how many runs. seed: of the first; the next runs have the next seeds.
        account, set, off, measures, elements, data, stay_home, government, until, people_scale: as in `run`.
        draw: "each": every run of a calibrated case has a draw of its own, by weight; else as in `run`.
        workers: processes on this machine. scheduler: address of a Dask scheduler whose workers play instead. Neither
            changes a result.
        progress: called with (runs done, of how many).

    Raises:
        CaseError: every mistake at once; or that no run came to its end.
    """
    change, wrong = read_change({
        "set": set, "off": off, "measures": measures, "elements": elements, "data": tuple(data),
        "stay_home": stay_home, "government": government, "account": account,
    })  # fmt: skip
    loaded = loaded_case(case)
    problems = [*as_options([*wrong, *mistakes(change, Known(loaded))]), *problems_of(seeds, seed, workers, scheduler)]
    if problems:
        raise CaseError(problems)
    last = until.isoformat() if isinstance(until, datetime) else until
    plans = plans_of(loaded, change, seeds, seed, draw, until=last, people_scale=people_scale)
    return play_all(loaded, plans, workers, scheduler, progress)


def problems_of(seeds: int, seed: int, workers: int | None, scheduler: str | None) -> list[Problem]:
    """What is wrong with how a set is to be played."""
    found = pool.problems(workers, scheduler)
    if not 1 <= seeds <= MOST_SEEDS:
        found.append(Problem("--seeds", None, "number", seeds, f"1 to {MOST_SEEDS:,}"))
    return found + of_seed(seed, max(seeds, 1))


def plans_of(case: Case, change: Any, seeds: int, seed: int, draw: int | str, **fixed: Any) -> list[Plan]:
    """The plan of every run of a set.

    Raises:
        CaseError: every mistake in them.
    """
    own = [draw_of(case, i) if draw == EACH else draw for i in range(1, seeds + 1)]
    plans = [Plan.of(case, change, draw=d, seed=seed + i, **fixed) for i, d in enumerate(own)]
    if wrong := plans[0].problems(case):
        raise CaseError(wrong)
    prepare(plans[0], case, world=build(case, 0.001))  # values of parameters
    return plans


def play_all(
    case: Case, plans: list[Plan], workers: int | None = None, scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None, kept: Path | None = None,
) -> RunSet:  # fmt: skip
    """Play plans that differ in seed and draw.

    Args:
        kept: folder in which every run is kept as soon as it is played; those that are there are not played again.

    Raises:
        CaseError: no run came to its end.
    """
    design = design_of(case, plans)
    have = {} if kept is None else batches.check(kept, design).whole
    rows: dict[int, dict[str, Any]] = {
        n: batches.read([path]).to_pylist()[0] for n, path in have.items() if n < len(plans)
    }
    left = [n for n in range(len(plans)) if n not in rows]
    for n, row in _played(case, plans, left, workers, scheduler):
        rows[n] = row
        if kept is not None and row["error"] is None:
            batches.write(kept, n, _as_table(row, design))
        if progress is not None:
            progress(len(rows), len(plans))
    return _set(case, plans, [rows[n] for n in range(len(plans))])


def design_of(case: Case, plans: list[Plan]) -> str:
    """Digest of what fixes the runs of a set, however many there are."""
    one = plans[0].to_json() | {"drawn": plans[0].drawn.get("draw"), "case_digest": case.digest, "version": __version__}
    one["draws"] = None if case.draws is None else case.draws.digest
    return hashlib.sha256(json.dumps(one, sort_keys=True, default=str).encode()).hexdigest()


def _played(
    case: Case, plans: list[Plan], numbers: list[int], workers: int | None, scheduler: str | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    common = {"case": plans[0].case, "case_digest": case.digest, "people_scale": plans[0].people_scale}
    jobs = [{"plan": plans[n].to_json()} for n in numbers]
    if not jobs:
        return
    here = None if workers not in (None, 1) or scheduler is not None else _here(case, plans[0].people_scale)
    with pool.pool(PLAYER, common, workers or 1, scheduler, here) as players:
        for k, result in pool.each(players, jobs):
            yield numbers[k], result


def _here(case: Case, people_scale: float) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The player of this process, for a case that is loaded already."""
    world = build(case, people_scale)
    return lambda job: _row(Plan.from_json(job["plan"]), case, world)


def _as_table(row: Mapping[str, Any], design: str) -> pa.Table:
    import pyarrow as pa

    table = pa.Table.from_pylist([{k: v for k, v in row.items() if k != "wall_s"}])
    return table.replace_schema_metadata({batches.DESIGN: design.encode()})


def _set(case: Case, plans: list[Plan], rows: list[dict[str, Any]]) -> RunSet:
    failed = {p.seed: str(row["error"]) for p, row in zip(plans, rows, strict=True) if row["error"] is not None}
    whole = [row for row in rows if row["error"] is None]
    if not whole:
        given = Found(f"{len(failed)} runs that ended in an error, the first with: {next(iter(failed.values()))}")
        raise CaseError([Problem("runs", None, "", given, "at least one run that comes to its end")])
    courses = {name: np.array([row[name] for row in whole], np.int64) for name in COURSES}
    n, hours = courses["on_street"].shape
    by_region = np.array([row["by_region"] for row in whole], np.int64).reshape(n, -1, hours)
    known = tuple(json.loads(row["known"]) for row in whole)
    return RunSet(case, plans[0], design_of(case, plans), known, courses, by_region, failed)


SET_FILES = ("set.json", "runs.csv", "courses.parquet", "runs.parquet", "report.html")
"""What the folder of a set holds."""


def save_whole(found: RunSet, out: Path, page: Callable[[RunSet, Path], object] | None) -> Path:
    """Write the folder of a set beside its place and rename it; a set that an earlier command wrote is replaced."""
    with files.whole(out, folder=True, over=SET_FILES) as part:
        found.save(part)
        if page is not None:
            page(found, part / "report.html")
    return out
