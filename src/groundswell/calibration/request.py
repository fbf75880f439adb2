"""What a user asks of `groundswell calibrate`, checked whole before anything is played, and the playing of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.calibration.calibrating import REPORT, Calibrated, calibrate, nearest
from groundswell.calibration.design import PARTICLES, REPLICATES, RUNS, SEED, WAVES, Design, Search, design_of
from groundswell.calibration.free import read_space
from groundswell.case import CaseError, Problem, load
from groundswell.engine.parameters import known_parameters
from groundswell.inference.compare_request import MOST_WORKERS
from groundswell.inference.table import known_design
from groundswell.mechanisms import all_mechanisms
from groundswell.run import canonical


@dataclass(frozen=True)
class CalibrateRequest:
    """How a calibration is played; None: not asked, so as it was begun, or the default.

    Args:
        wave: vectors of each wave; twice the particles if left out.
        free: a file instead of the case's `calibration/free.toml`.
        start: folder of another calibration, of which the nearest vectors begin the search in place of waves.
    """

    case: str
    out: Path | None = None
    runs: int | None = None
    particles: int | None = None
    replicates: int | None = None
    waves: int | None = None
    wave: int | None = None
    free: Path | None = None
    seed: int | None = None
    workers: int | None = None
    scheduler: str | None = None
    resume: bool = False
    quiet: bool = False
    start: Path | None = None


def plan(request: CalibrateRequest) -> tuple[Path, Design]:
    """The folder and the design that are asked for; nothing is written yet.

    Raises:
        CaseError: every mistake in what is asked.
    """
    case = load(request.case, known_parameters(all_mechanisms().values()))
    out = request.out if request.out is not None else Path("runs") / f"{case.id}-calibrate"
    problems: list[Problem] = []
    if request.resume and not out.exists():
        problems.append(Problem("--resume", None, "folder", str(out), "a folder that calibrate has begun"))
    if request.workers is not None and not 1 <= request.workers <= MOST_WORKERS:
        problems.append(Problem("--workers", None, "workers", request.workers, f"1 to {MOST_WORKERS:,}"))
    if request.workers is not None and request.scheduler is not None:
        problems.append(Problem("--workers", None, "workers", request.workers, "nothing beside --scheduler"))
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
    try:
        return calibrate(
            design, out, request.workers or 1, scheduler=request.scheduler, resume=request.resume, quiet=request.quiet,
            command=command(request, design),
        )  # fmt: skip
    except (KeyboardInterrupt, OSError):
        if (out / "design.json").exists():
            print(f"{out}: the batches that were finished are kept; go on with --resume", file=sys.stderr)
        raise


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
