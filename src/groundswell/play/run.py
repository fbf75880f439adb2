"""Plays a case: `run` gives a `Run`, with its history, its events, its people and its pictures."""

from __future__ import annotations

import json
import platform
import resource
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell import __version__
from groundswell.accounts.playing import told
from groundswell.case import Case, CaseError, Problem
from groundswell.case.calibration import MIDDLE
from groundswell.case.calibration import told as told_of_draw
from groundswell.case.problems import Found, attempt
from groundswell.domains import all_mechanisms
from groundswell.domains.street.people import People
from groundswell.engine import checkpoint
from groundswell.engine.interrupt import held_back
from groundswell.engine.parameters import flat, resolve
from groundswell.engine.simulation import Simulation
from groundswell.history.recorder import Recorder
from groundswell.observe.endings import ending_of
from groundswell.observe.events import events
from groundswell.observe.reading import Reading
from groundswell.observe.summary import onset, summary
from groundswell.play.apply import changed
from groundswell.play.change import SCRIPTED, Cells, Change, as_options, read_change
from groundswell.play.checks import Known, mistakes
from groundswell.play.plan import Plan, loaded_case
from groundswell.record.score import score_reading
from groundswell.record.scoring import score_statements
from groundswell.world.world import World, build

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

    from groundswell.figures.plots import Plots
    from groundswell.observe.endings import Ending

NO_ACCOUNT = "none: the common base, no organised group; measures as the plan says, by record or ladder"
MAX_SLOW_PEOPLE = 2_000_000  # the reference engine holds every person; above this it would not fit or end

KEEP_S = 5.0
"""Seconds of play between two checkpoints of a run on disk."""


def prepare(
    plan: Plan, case: Case | None = None, threads: int = 1, world: World | None = None
) -> tuple[Simulation, Recorder, int]:
    """A simulation ready to play, its recorder, and the number of steps to play.

    Raises:
        CaseError: every mistake in the case and in the plan at once.
    """
    mechanisms = all_mechanisms()
    case = case if case is not None else loaded_case(plan.case)
    problems = plan.problems(case)
    parameters = attempt(problems, lambda: resolve(list(mechanisms.values()), case, plan.settings))
    if problems or parameters is None:
        raise CaseError(problems)
    world = world if world is not None else build(case, plan.people_scale)
    if plan.engine != "fast" and world.cells.people > MAX_SLOW_PEOPLE:
        allowed = f"at most {MAX_SLOW_PEOPLE:,} people with the reference engine; use --people-scale"
        raise CaseError([Problem("--engine", None, plan.engine, f"{world.cells.people:,} people", allowed)])
    world = changed(world, plan.change, plan.governed_since_h, plan.measures)
    on = [m for name, m in mechanisms.items() if name not in plan.change.off and not m.absent(case)]
    simulation = Simulation(
        world, on, list(mechanisms.values()), parameters, plan.seed, plan.engine, plan.step_h, threads
    )
    usual = round(case.hours / plan.step_h)
    steps = usual if plan.until is None else round(simulation.clock.hour_at(plan.until) / plan.step_h)
    return simulation, Recorder(simulation, max(steps, usual)), steps


def play(
    simulation: Simulation,
    recorder: Recorder,
    steps: int,
    checkpoints: checkpoint.Chain | None = None,
    progress: Callable[[Simulation], None] | None = None,
) -> None:
    """Play to a step; on Ctrl-C the step is ended.

    A checkpoint is written at the end, also after Ctrl-C, and at midnights `KEEP_S` of play apart: what a kill loses is
    a few seconds, and a short run writes only one.
    """
    kept = time.monotonic()
    with held_back(checkpoints is not None) as stopped:
        while simulation.step < steps and not stopped:
            midnight = simulation.step % recorder.per_day == 0
            if checkpoints is not None and midnight and time.monotonic() - kept >= KEEP_S:
                _keep(simulation, recorder, checkpoints)
                kept = time.monotonic()
            simulation.advance()
            recorder.take(simulation)
            if progress is not None:
                progress(simulation)
    if checkpoints is not None:
        _keep(simulation, recorder, checkpoints)
    if stopped:
        raise KeyboardInterrupt


def _keep(simulation: Simulation, recorder: Recorder, chain: checkpoint.Chain) -> None:
    chain.save(simulation.step, simulation.arrays() | recorder.arrays(simulation.step))


def run(
    case: str | Path | Case | Plan,
    *,
    account: str | None = None,
    seed: int = 1,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the word users know from the command
    off: Iterable[str] = (),
    measures: Mapping[str, str] | None = None,
    elements: Iterable[str] = (),
    data: Iterable[Cells | Mapping[str, Any]] = (),
    stay_home: Iterable[str] = (),
    until: str | datetime | None = None,
    threads: int = 1,
    people_scale: float = 1.0,
    engine: str = "fast",
    step_h: float = 1.0,
    government: str = SCRIPTED,
    draw: int | str = MIDDLE,
    world: World | None = None,
    progress: Callable[[Simulation], None] | None = None,
) -> Run:
    """Play a case in memory and return what came of it.

    Args:
        case: name of a bundled case, a folder, or a loaded case; or a plan, of which nothing else may be said here
            but `threads`, `world` and `progress`.
        account: id of an account, or name of a file NAME.toml in the current folder; its elements are on at the
            median of their priors. None plays the common base.
        seed: seed of every draw.
        set: "mechanism.parameter" -> value.
        off: names of mechanisms to switch off.
        measures: measure id -> "none", an ISO time, "version:NAME", or "respond" (left to the ladder).
        elements: elements of accounts that are on, at the median of their priors.
        data: cells of the case that are changed, as `Cells` or tables of its fields.
        stay_home: places and regions in which nobody ever comes out.
        until: ISO time at which to stop, at most the case's horizon; the case's end if left out.
        threads: threads; the result does not depend on it.
        people_scale: factor on the population.
        engine: "fast", "reference" or "reference-independent".
        step_h: length of a step in hours.
        government: "scripted" (measures by the record) or "responsive" (by the triggers of the case's ladder).
        draw: of a calibrated case "middle", the number of a draw, or "declared": the declared defaults and
            parameters.toml, as in a case without draws. `set` goes before it.
        world: a world already built from the same case and scale, to save the time of building it.
        progress: called after every step.

    Raises:
        CaseError: every mistake at once.
    """
    began = time.perf_counter()
    change, wrong = read_change({
        "set": set, "off": off, "measures": measures, "elements": elements, "data": tuple(data),
        "stay_home": stay_home, "government": government, "account": account,
    })  # fmt: skip
    fixed: dict[str, Any] = {
        "seed": seed,
        "until": until.isoformat() if isinstance(until, datetime) else until,
        "people_scale": people_scale,
        "engine": engine,
        "step_h": step_h,
    }
    if isinstance(case, Plan):
        plan, loaded = case, loaded_case(case.case)
        if Plan(plan.case, change, **fixed) != Plan(plan.case, Change(government=SCRIPTED)) or draw != MIDDLE or wrong:
            raise CaseError([Problem("run", None, "case", Found("a plan and more that is asked"), "a plan alone")])
    else:
        loaded = loaded_case(case)
        if wrong:
            raise CaseError(as_options([*wrong, *mistakes(change, Known(loaded))]))
        plan = Plan.of(loaded, change, draw=draw, **fixed)
    simulation, recorder, steps = prepare(plan, loaded, threads, world)
    loaded_s = time.perf_counter() - began
    began = time.perf_counter()
    play(simulation, recorder, steps, progress=progress)
    return Run(plan, simulation, recorder, loaded_s, time.perf_counter() - began)


@dataclass(eq=False)
class Run:
    """What came of a run. `history` and `events` are made when first asked for."""

    plan: Plan
    simulation: Simulation
    recorder: Recorder
    load_s: float
    wall_s: float
    branched_from: str | None = None

    @property
    def case(self) -> Case:
        """The case that was played."""
        return self.simulation.world.case

    @property
    def title(self) -> str:
        """Title for pictures."""
        account = f"account “{self.plan.carried['title']}”" if self.plan.carried else "common base (no account)"
        return f"{self.case.title}, {account}, seed {self.plan.seed}"

    @cached_property
    def history(self) -> xr.Dataset:
        """Time x place x quantity, see `history.dataset`."""
        from groundswell.history.dataset import to_dataset

        return to_dataset(self.simulation, self.recorder, self.title)

    @cached_property
    def reading(self) -> Reading:
        """The recorded hours as the readers of history take them."""
        return Reading.of(self.simulation, self.recorder.hourly)

    @cached_property
    def ending(self) -> Ending:
        """How the run ends, decided on observables; see `observe.endings`."""
        return ending_of(self.reading)

    @property
    def harm(self) -> dict[str, Any]:
        """Dead, injured, detained by who they were, and other harm; see `observe.harm`."""
        return dict(self.summary["harm"])

    @property
    def phases(self) -> list[dict[str, Any]]:
        """The phases of the crisis: whether each came, when, where, how large; see `observe.phases`."""
        return list(self.summary["phases"])

    @cached_property
    def events(self) -> pa.Table:
        """Dated events: hour, place, kind, subject, value, time."""
        import pyarrow as pa

        columns = events(self.reading)
        columns["time"] = [self.simulation.clock.iso(h) for h in columns["hour"]]
        return pa.table(columns)

    def onset(self, people: float = 50) -> dict[str, str]:
        """Place -> ISO time at which the first crowd of at least `people` stood there."""
        return onset(self.reading, people)

    def chronology(self) -> list[dict[str, Any]]:
        """The sources' dated statements beside this run, see `record.scoring`."""
        return score_statements(self.reading)

    @cached_property
    def score(self) -> dict[str, Any]:
        """How many dated statements are met, of how many: `met`, `of`, by use, set, kind, place; see `record.score`."""
        return score_reading(self.reading)

    def people(self, place: str | None = None, limit: int | None = 1000) -> pa.Table:
        """The synthetic people as a table: who they are, their ties, what became of them. See `history.people`."""
        from groundswell.history.people import people_table

        return people_table(self.simulation, place, limit)

    @property
    def plot(self) -> Plots:
        """Pictures of this run: `run.plot.curves()`, `.map(hour)`, `.strikes()` and others."""
        from groundswell.figures.plots import Plots

        world = self.simulation.world
        return Plots(self.history, self.simulation.clock.main_offset_h, world.outlines, world.region_names)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The keys of `run.json`."""
        import numba

        sim, n = self.simulation, self.simulation.step

        return {
            "case": self.case.id,
            "account": self.plan.account,
            "seed": self.plan.seed,
            "version": __version__,
            "platform": f"{platform.platform()}, Python {platform.python_version()}, "
            f"numpy {np.__version__}, numba {numba.__version__}",
            "plan": self.plan.to_json(),
            "branched_from": self.branched_from,
            "parameters": flat(sim.parameters),
            "draw": self.plan.drawn.get("draw"),
            "case_digest": self.case.digest,
            "digest": self.recorder.digest(n),
            "load_s": round(self.load_s, 3),
            "wall_s": round(self.wall_s, 3),
            "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            "population": int(sim.world.people.sum()),
            "hours": n * sim.clock.step_h,
            **summary(self.reading),
            "score": self.score,
            "notes": {
                "account": f"one of several. {told(self.plan.carried)}" if self.plan.carried else NO_ACCOUNT,
                "parameters": told_of_draw(self.plan.drawn),
                "dead": "who are not of the forces, as the injured; security_dead and security_injured are beside them",
                "displaced": "not modelled in this version",
            },
            "work": people.crowd.work() if (people := sim.of(People)) else {},
        }

    def __repr__(self) -> str:
        s = self.summary
        return (
            f"<Run {s['case']} seed {s['seed']}: {s['population']:,} people, {s['hours']:g} h, at most "
            f"{s['peak_on_street']:,} on the street ({s['peak_time']}), {len(s['onset'])} places, "
            f"{s['strikes']} strikes, {s['detained']:,} detained, {s['injured']:,} injured, {s['dead']:,} dead; "
            f"{(s['ending'] or {}).get('title', 'not played')}>"
        )

    def _repr_html_(self) -> str:
        from groundswell.report.notebook import of_run

        return of_run(self)

    def save(self, folder: str | Path) -> None:
        """Write run.json, history.zarr and events.parquet into a folder, made where it is not there."""
        import pyarrow.parquet as pq

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.history.to_zarr(folder / "history.zarr", mode="w", consolidated=False)
        pq.write_table(self.events, folder / "events.parquet")
        (folder / "run.json").write_text(
            json.dumps(self.summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
