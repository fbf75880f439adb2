"""What a user asks of `groundswell calibrate`, checked whole before anything is played, and the playing of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundswell.case import CaseError
from groundswell.play.options import CalibrateOptions
from groundswell.play.plan import canonical, loaded_case
from groundswell.study.calibration.calibrating import REPORT, Calibrated, calibrate, nearest
from groundswell.study.calibration.design import PARTICLES, REPLICATES, RUNS, SEED, WAVES, Design, Search, design_of
from groundswell.study.calibration.free import read_space
from groundswell.study.folder import known_design


@dataclass(frozen=True)
class CalibrateRequest(CalibrateOptions):
    """What a user asks of `groundswell calibrate` of a case."""

    case: str
    quiet: bool = field(default=False, kw_only=True)


def plan(request: CalibrateRequest) -> tuple[Path, Design]:
    """The folder and the design that are asked for; nothing is written yet.

    Raises:
        CaseError: every mistake in what is asked.
    """
    case = loaded_case(request.case)
    out = request.folder(case.id, "calibrate")
    problems = request.problems(out, "calibrate")
    known = known_design(out) if request.resume else {}

    def asked(name: str, given: int | None, default: int) -> int:
        return given if given is not None else int(known.get(name, default))

    particles = asked("particles", request.particles, PARTICLES)
    search = Search(
        particles, asked("waves", request.waves, WAVES), asked("wave", request.wave, 2 * particles),
        seed=asked("seed", request.seed, SEED),
    )  # fmt: skip
    design = None
    try:
        space = read_space(case, request.free)
        start = tuple(tuple(values) for values in known.get("start", ()))
        if request.start is not None and not start:
            start = nearest(request.start, space, particles)
        design = design_of(
            case, space, canonical(case), search, asked("replicates", request.replicates, REPLICATES),
            asked("runs", request.runs, RUNS), start,
        )  # fmt: skip
    except CaseError as error:
        problems += error.problems
    if problems or design is None:
        raise CaseError(problems)
    return out, design


def perform(request: CalibrateRequest, out: Path, design: Design) -> Calibrated:
    """Play what the folder lacks of the design, and write what came of it.

    Raises:
        CaseError, OSError: as `calibrating.calibrate`.
    """
    with request.kept(out):
        return calibrate(
            design, out, request.workers or 1, scheduler=request.scheduler, resume=request.resume, quiet=request.quiet,
            command=command(request, design),
        )  # fmt: skip


def command(request: CalibrateRequest, design: Design) -> str:
    """The command that makes the same draws."""
    s = design.search
    options: dict[str, Any] = {
        "runs": design.runs, "particles": s.particles, "replicates": design.replicates, "waves": s.waves,
        "wave-size": s.wave, "seed": s.seed, **({"free": request.free} if request.free is not None else {}),
        **({"start": request.start} if request.start is not None else {}),
    }  # fmt: skip
    return " ".join(["groundswell calibrate", design.name, *(f"--{k} {v}" for k, v in options.items())])


def words(out: Path, design: Design, made: Calibrated) -> str:
    """What there is now, in lines to print."""
    d = made.draws
    lines = [
        f"{design.case.id}: {len(d.z)} draws of {len(design.space)} free parameters, seed {design.search.seed}",
        f"runs: {made.runs:,} of {made.vectors:,} vectors; ended since {made.why}",
        f"distance: {d.distance[0]:.3f} to {d.distance[-1]:.3f}; draw {d.middle} is in the middle",
    ]
    if made.failed:
        lines.append(f"failed: {made.failed:,}; the column error of the batches says why")
    lines += [f"report: {out / REPORT}", f"draws: {out / 'draws.csv'}; --install puts them into the case"]
    return "\n  ".join(lines)
