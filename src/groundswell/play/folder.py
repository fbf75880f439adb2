"""A run on disk: the folder it writes, its checkpoints, resuming it, branching from it, and its report."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from groundswell import __version__
from groundswell.case import Case, CaseError, Problem
from groundswell.case.calibration import DECLARED, MIDDLE
from groundswell.case.problems import Found
from groundswell.domains.street.people import People
from groundswell.engine import checkpoint
from groundswell.engine.clock import Clock
from groundswell.engine.ranges import GROWING, out_of_range
from groundswell.engine.simulation import Simulation
from groundswell.explain import explain, in_words
from groundswell.files import remove, take_place, write
from groundswell.history.people import people_table, write_people
from groundswell.history.recorder import Recorder
from groundswell.play import lock
from groundswell.play.change import SCRIPTED, Change, as_options
from groundswell.play.checks import Known, mistakes
from groundswell.play.options import RunOptions
from groundswell.play.own_files import plan_in, strangers
from groundswell.play.plan import Plan, canonical, loaded_case, named_folder, of_target
from groundswell.play.run import Run, play, prepare
from groundswell.report.of_run import report_data
from groundswell.report.page import write_report

RUN_FILES = ("run.json", "plan.json", "history.zarr", "events.parquet", "report.html", "checkpoints", lock.LOCKS)
"""What the folder of a run holds; all else in it is somebody's own."""
CALIBRATED = "calibrated"
MOST_THREADS = 1024


@dataclass(frozen=True)
class Request(RunOptions):
    """What a user asks of `groundswell run` of a case."""

    case: str


def perform(request: Request) -> tuple[Path, dict[str, Any]]:
    """Play what is asked, write the folder beside and rename it; returns the folder and the summary.

    Raises:
        CaseError: every mistake in what is asked, before anything is written.
    """
    began = time.perf_counter()
    if request.resume is not None:
        return _resume(request, began)
    change, wrong = request.change(request.account if request.branch is None else None)
    problems = as_options(wrong)
    draw = asked_draw(request, problems)
    for name in ("workers", "scheduler"):
        if (given := getattr(request, name)) is not None:
            problems.append(Problem(f"--{name}", None, "option", given, "only beside --seeds: one run is one process"))
    if not 1 <= request.threads <= MOST_THREADS:
        problems.append(Problem("--threads", None, "threads", request.threads, f"1 to {MOST_THREADS}"))
    if request.branch is not None:
        if problems:
            raise CaseError(problems)
        return _branch(request, change, began)
    asked = {name: getattr(request, name) for name in ("seed", "until", "people_scale", "engine")}
    case = loaded_case(request.case)
    if problems:
        raise CaseError([*problems, *as_options(mistakes(change, Known(case)))])
    change = replace(change, government=change.government or SCRIPTED)
    plan = Plan.of(case, change, draw=draw, **{k: v for k, v in asked.items() if v is not None})
    simulation, recorder, steps = prepare(plan, case, request.threads)
    out = _target(request, simulation.world.case.id, plan)
    run = Run(plan, simulation, recorder, time.perf_counter() - began, 0.0)
    with _writing(out) as part:
        _begin(out, part, run, request.out is not None)
        return _finish(run, steps, out, request)


@contextmanager
def _writing(out: Path, part: Path | None = None) -> Iterator[Path]:
    """The folder beside `out`, held against other processes; it goes again if nothing came to stand in it.

    Raises:
        CaseError: another process writes it.
    """
    part = part or _part(out)
    part.mkdir(parents=True, exist_ok=True)
    try:
        with lock.held(part):
            yield part
    finally:
        if part.is_dir() and {p.name for p in part.iterdir()} <= {lock.LOCKS} and not lock.is_held(part):
            shutil.rmtree(part)


def _begin(out: Path, part: Path, run: Run, named: bool) -> None:
    """Make the folder beside `out` anew, with what a resumed run must know.

    Raises:
        CaseError: one of the two holds what no run has written, or, where nobody named it, a run of another plan.
    """
    wrong = of_target(out, "run.json", "a run") + strangers(out, part)
    inside = {p.name for p in part.iterdir()} - {lock.LOCKS}
    if inside and "plan.json" not in inside:
        given = Found(f"{part}, which holds what no run has written")
        wrong.append(Problem("--out", None, "folder", given, "another folder, or this one when that is moved away"))
    for folder, mark in ((out, "run.json"), (part, "plan.json")):
        if not named and (folder / mark).is_file() and plan_in(folder / mark) != _as_data(run.plan):
            allowed = "--out with another folder, or with this one to replace it: it holds a run of another plan"
            wrong.append(Problem("--out", None, "folder", str(folder), allowed))
    if wrong:
        raise CaseError(wrong)
    for name in RUN_FILES:
        if name != lock.LOCKS:
            remove(part / name)
    known: dict[str, Any] = {"plan": run.plan.to_json(), "case_digest": run.case.digest, "version": __version__}
    known["branched_from"] = run.branched_from
    write(part / "plan.json", json.dumps(known, indent=2) + "\n")


def _as_data(plan: Plan) -> Any:
    return json.loads(json.dumps(plan.to_json()))


def _refuse_another(option: str, known: Mapping[str, Any], case: Case) -> None:
    """The past goes on only with the version and the case that made it: with others it would not be its past."""
    if known["version"] != __version__:
        allowed = f"version {known['version']}, which played the past; or a new run"
        raise CaseError([Problem(option, None, "version", __version__, allowed)])
    if known["case_digest"] != case.digest:
        allowed = f"the case as it was played (digest {known['case_digest'][:12]}); or a new run"
        raise CaseError([Problem(option, None, "case", f"{case.id} with digest {case.digest[:12]}", allowed)])


def _resume(request: Request, began: float) -> tuple[Path, dict[str, Any]]:
    out = _unpart(named_folder("--resume", request.resume or Path()))
    part = _part(out)
    if not (part / "plan.json").is_file():
        state = "is finished" if (out / "run.json").exists() else "holds no interrupted run"
        given = Found(f"{out}, which {state}")
        raise CaseError([Problem("--resume", None, "folder", given, "the folder given to an interrupted run")])
    with _writing(out, part):
        if wrong := strangers(out, part):
            raise CaseError(wrong)
        known = known_of("--resume", part, "plan.json", "an interrupted run")
        plan = Plan.from_json(known["plan"])
        simulation, recorder, steps = prepare(plan, threads=request.threads)
        _refuse_another("--resume", known, simulation.world.case)
        taken = _take_up(plan, simulation, recorder, part / "checkpoints", None)
        checkpoint.remove_after(part / "checkpoints", simulation.step if taken else -1)
        run = Run(plan, simulation, recorder, time.perf_counter() - began, 0.0, known["branched_from"])
        if run.branched_from and not taken:
            given = Found(f"{out}, a branch without its first checkpoint")
            raise CaseError([Problem("--resume", None, "folder", given, "groundswell run --branch once more")])
        return _finish(run, steps, out, request, taken)


def _branch(request: Request, change: Change, began: float) -> tuple[Path, dict[str, Any]]:
    folder, _, when = str(request.branch).partition("@")
    if not (Path(folder) / "run.json").exists() or not when:
        given, allowed = request.branch, "RUN-FOLDER@ISO-TIME with the folder of a finished run"
        raise CaseError([Problem("--branch", None, "run", given, allowed)])
    summary = known_of("--branch", Path(folder))
    old = Plan.from_json(summary["plan"])
    _refuse_rewriting(request, old)
    simulation, recorder, _ = prepare(old, threads=request.threads)
    _refuse_another("--branch", summary, simulation.world.case)
    if old.engine != "fast":
        raise CaseError(
            [Problem("--branch", None, "engine", old.engine, "a run of the fast engine, which can be branched")]
        )
    try:
        step = round(simulation.clock.hour_at(when) / simulation.clock.step_h)
    except ValueError:
        raise CaseError([Problem("--branch", None, "time", when, "an ISO time such as 2022-01-05T12:00")]) from None
    if not 0 < step < recorder.steps:
        raise CaseError([Problem("--branch", None, "time", when, "inside the case's window")])
    hour = step * simulation.clock.step_h
    local = (simulation.world.case.start + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M")
    if wrong := list(mistakes(replace(change, at=local), Known(simulation.world.case))):
        raise CaseError(as_options(wrong))
    if not _take_up(old, simulation, recorder, Path(folder) / "checkpoints", step) and summary["branched_from"]:
        allowed = f"a time from which {folder} has a checkpoint: it is itself a branch of {summary['branched_from']}"
        raise CaseError([Problem("--branch", None, "time", when, allowed)])
    play(simulation, recorder, step)
    plan = old.branched(change, hour, request.until)
    after, kept, steps = prepare(plan, threads=request.threads)
    if steps <= step:
        raise CaseError([Problem("--until", None, "time", plan.until, f"after the branch at {when}")])
    after.restore(simulation.arrays())
    kept.restore(recorder.arrays(step))
    own = named_folder("--branch", folder)
    out = own.with_name(f"{own.name}-branch") if request.out is None else named_folder("--out", request.out)
    past = f"{folder}@{simulation.clock.iso(hour)}"
    run = Run(plan, after, kept, time.perf_counter() - began, 0.0, past)
    with _writing(out) as part:
        _begin(out, part, run, request.out is not None)
        first = after.arrays() | kept.arrays(step)  # a branch's past cannot be played again from its own plan
        checkpoint.Chain(part / "checkpoints", plan.digest(run.case)).save(step, first)
        return _finish(run, steps, out, request, first)


def _refuse_rewriting(request: Request, old: Plan) -> None:
    """A branch has the case, the seed, the scale, the account and the draw of its past."""
    problems = []
    for option, given, past in (
        ("--people-scale", request.people_scale, old.people_scale),
        ("--seed", request.seed, old.seed),
        ("--engine", request.engine, old.engine),
        ("--account", request.account, old.account),
        ("--draw", request.draw, str(old.drawn.get("draw", DECLARED))),
        ("--parameters", request.parameters, CALIBRATED if old.drawn else DECLARED),
        ("CASE", canonical(request.case) if request.case else None, old.case),
    ):
        if given is not None and given != past:
            problems.append(Problem(option, None, "value", given, f"{past}, as in the past, or nothing"))
    if problems:
        raise CaseError(problems)


def _take_up(
    plan: Plan, simulation: Simulation, recorder: Recorder, folder: Path, up_to: int | None
) -> dict[str, np.ndarray]:
    """Take up the last whole checkpoint of a plan at or before a step; with none, the run begins at its start."""
    found = checkpoint.read(folder, up_to, plan.digest(simulation.world.case))
    if found is None:
        return {}
    step, arrays = found
    like = simulation.arrays() | recorder.arrays(min(step, recorder.steps))
    everybody = simulation.of(People)
    growing = {f"{People.name}/{name}" for name in GROWING}
    wrong = checkpoint.unlike(arrays, like, growing)
    if not wrong and everybody is not None:
        held = {k.removeprefix(f"{People.name}/"): v for k, v in arrays.items() if k.startswith(f"{People.name}/")}
        wrong = out_of_range(held, everybody.roster)
    if wrong:
        given, allowed = Found(f"{wrong}, which no run of this plan has"), "checkpoints as the run wrote them"
        raise CaseError([Problem(str(folder / checkpoint.file_name(step)), None, "checkpoint", given, allowed)])
    simulation.restore(arrays)
    recorder.restore(arrays)
    return arrays


def _finish(
    run: Run, steps: int, out: Path, request: Request, taken: dict[str, np.ndarray] | None = None
) -> tuple[Path, dict[str, Any]]:
    part = _part(out)
    fast = run.plan.engine == "fast"  # the slow engines hold every person, and are played anew instead
    chain = checkpoint.Chain(part / "checkpoints", run.plan.digest(run.case), taken) if fast else None
    began = time.perf_counter()
    with _progress(run.simulation, steps, request.quiet) as tick:
        play(run.simulation, run.recorder, steps, chain, tick)
    run.wall_s = time.perf_counter() - began
    run.save(part)
    if request.report:
        write_report(report_data(run), part / "report.html")
    (part / "plan.json").unlink()
    take_place(part, out, over=RUN_FILES)
    shutil.rmtree(out / lock.LOCKS)  # given back with the block that holds it
    return out, run.summary


class _progress:  # noqa: N801 - used like a function
    """A progress bar with the simulated hour, people on the street and strikes; silent when not on a terminal."""

    def __init__(self, simulation: Simulation, steps: int, quiet: bool):
        self.simulation, self.steps = simulation, steps
        self.shown = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Callable[[Simulation], None] | None:
        if not self.shown:
            return None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[state]}"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.bar.start()
        task = self.bar.add_task("playing", total=self.steps, completed=self.simulation.step, state="")

        def tick(s: Simulation) -> None:
            if s.step % 6 == 0:
                state = s.state
                text = f"{s.clock.iso(s.step * s.clock.step_h)[:16]}  {int(state.on_street.sum()):,} on the street, "
                text += f"{int((state.striking > 0).sum())} strikes"
                self.bar.update(task, completed=s.step, state=text)

        return tick

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.bar.stop()


def taken_up(
    option: str, folder: Path, step_of: Callable[[Clock, int], int] | None = None
) -> tuple[Simulation, Recorder]:
    """A finished run, played to a step (its end, if left out) from the checkpoint before it.

    Raises:
        CaseError: there is no finished run, another version or case played it, or the step lies before a branch.
    """
    known = known_of(option, folder)
    plan = Plan.from_json(known["plan"])
    simulation, recorder, steps = prepare(plan)
    _refuse_another(option, known, simulation.world.case)
    last = steps if step_of is None else step_of(simulation.clock, recorder.steps)
    if not _take_up(plan, simulation, recorder, folder / "checkpoints", last) and known["branched_from"]:
        allowed = f"a time after the branch: the run is a branch of {known['branched_from']}"
        raise CaseError([Problem(option, None, "time", simulation.clock.iso(last * simulation.clock.step_h), allowed)])
    play(simulation, recorder, last)
    return simulation, recorder


def known_of(option: str, folder: Path, file: str = "run.json", of: str = "a finished run") -> dict[str, Any]:
    """What run.json of a finished run says, or plan.json of an interrupted one.

    Raises:
        CaseError: there is none, or it is not what `groundswell run` writes.
    """
    try:
        known: dict[str, Any] = json.loads((folder / file).read_text(encoding="utf-8"))
        _ = known["plan"]["case"]
        right = all(isinstance(known[name], str) for name in ("version", "case_digest"))
        right = right and isinstance(known["branched_from"], (str, NoneType))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        right = False
    if not right:
        raise CaseError([Problem(option, None, "folder", str(folder), f"the folder of {of}, with {file} whole")])
    return known


def explanation(folder: Path, place: str, when: str) -> tuple[dict[str, Any], str]:
    """Why a place of a finished run is as it is at a time, as data and as text; see `explain`."""
    simulation, _ = taken_up("explain", folder, lambda clock, steps: _step_at(clock, steps, when))
    found = explain(simulation, place)
    about = {m.name: (m.__doc__ or "").splitlines()[0].rstrip(".").lower() for m in simulation.mechanisms}
    return found, in_words(found, about)


def _step_at(clock: Clock, steps: int, when: str) -> int:
    try:
        step = int(clock.hour_at(when) // clock.step_h)
    except ValueError:
        raise CaseError([Problem("explain", None, "--time", when, "an ISO time such as 2022-01-05T18:00")]) from None
    if not 0 <= step < steps:
        allowed = f"from {clock.iso(0)} to {clock.iso((steps - 1) * clock.step_h)}"
        raise CaseError([Problem("explain", None, "--time", when, allowed)])
    return step


def people_of(folder: Path, place: str | None, limit: int, out: Path | None) -> str:
    """People of a finished run as text, or written to `out`; the run is taken up at its last checkpoint."""
    simulation, _ = taken_up("people", folder)
    if out is not None:
        return f"{out}: {write_people(simulation, out, place):,} people"
    return people_table(simulation, place, limit).to_pandas().to_string(index=False)


def asked_draw(request: Request, problems: list[Problem], usual: str = MIDDLE) -> str:
    """Which draw of the case is asked for; `usual` where none is. Mistakes are added to `problems`."""
    if request.parameters not in (None, DECLARED, CALIBRATED):
        problems.append(Problem("--parameters", None, "parameters", request.parameters, f"{DECLARED} or {CALIBRATED}"))
    if request.parameters == DECLARED and request.draw not in (None, DECLARED):
        problems.append(Problem("--draw", None, "draw", request.draw, f"nothing beside --parameters {DECLARED}"))
    return request.draw or (DECLARED if request.parameters == DECLARED else usual)


def _target(request: Request, case: str, plan: Plan) -> Path:
    name = f"{case}-{plan.seed}" if plan.account is None else f"{case}-{plan.account}-{plan.seed}"
    return Path("runs") / name if request.out is None else named_folder("--out", request.out)


def _part(out: Path) -> Path:
    return out.with_name(out.name + ".part")


def _unpart(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".part"))
