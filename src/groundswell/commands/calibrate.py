"""The command `calibrate`: seeks the parameters under which runs come near what the record says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def calibrate(
    case: str,
    *,
    runs: int | None = None,
    particles: int | None = None,
    replicates: int | None = None,
    waves: int | None = None,
    wave_size: int | None = None,
    free: Path | None = None,
    start: Path | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    out: Path | None = None,
    resume: Annotated[bool, Parameter(negative="")] = False,
    install: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Fit the free parameters of a case to what its record says, and write weighted draws of them.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    runs
        Whole-case runs at most, 3,000 if left out; --resume may raise it.
    particles
        Vectors of parameters that go on together, 200 if left out.
    replicates
        Seeds of each vector, 1 if left out; every one counts as a run.
    waves
        Waves before that, 2 if left out: the first from the priors, the others from where an emulator expects to fit.
    wave_size
        Vectors of a wave; twice the particles if left out.
    free
        TOML file that says what is free, instead of the case's own calibration/free.toml.
    start
        Folder of another calibration in which as much or less was free: its nearest vectors, played anew, begin the
        search in place of waves.
    seed
        Seed of every draw, 1 if left out.
    workers
        Processes on this machine, 1 if left out; the result does not depend on it.
    scheduler
        Address of a running Dask scheduler, such as tcp://host:8786, whose workers play.
    out
        Folder to write; by default runs/CASE-calibrate.
    resume
        Go on with that folder: what is there is not played again.
    install
        Put the draws into the folder of the case when they are there, so that runs play them.
    """
    from groundswell.calibration.calibrating import install as put
    from groundswell.calibration.request import CalibrateRequest, perform, plan, words

    request = CalibrateRequest(
        case, out, runs, particles, replicates, waves, wave_size, free, seed, workers, scheduler, resume,
        start=start,
    )  # fmt: skip
    folder, design = plan(request)
    made = perform(request, folder, design)
    print(words(folder, design, made))
    if install:
        for path in put(folder, design.case.folder):
            print(f"  written: {path}")
    return 0
