"""A calibration on disk: plays what its folder lacks, and writes the draws, where they come from, and a report.

    OUT/design.json       what is played; written first
    OUT/batches/          vectors and what came of them
    OUT/draws.csv         weighted draws       OUT/provenance.toml  where they come from
    OUT/calibrate.md      what came of it
    OUT/log.csv, OUT/damaged/, OUT/locks/      as in `study.tables.table`

Who plays, how often it is stopped and gone on with, changes no byte of the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from groundswell import files
from groundswell.case import CaseError, Problem
from groundswell.case.calibration import DRAWS, FOLDER, PROVENANCE
from groundswell.case.problems import Found
from groundswell.play import batches
from groundswell.play.log import Log
from groundswell.play.pool import pool
from groundswell.study.calibration.design import Design
from groundswell.study.calibration.draws import Weighted, csv_of, draws_of, toml_of
from groundswell.study.calibration.free import Space, rounded
from groundswell.study.calibration.report import report
from groundswell.study.calibration.rounds import PLAYER, Rounds
from groundswell.study.calibration.sequential import Stage, climb
from groundswell.study.calibration.told import Teller, telling
from groundswell.study.calibration.waves import begun, first
from groundswell.study.folder import known_design, opened
from groundswell.study.points import points

REPORT = "calibrate.md"


@dataclass(frozen=True)
class Calibrated:
    """What a calibration came to.

    Args:
        draws: weighted, the nearest first. stages: what each did. why: the search ended.
        runs, vectors: played, every seed counted; different vectors. failed: vectors whose run failed.
    """

    draws: Weighted
    stages: tuple[Stage, ...]
    why: str
    runs: int
    vectors: int
    failed: int


def calibrate(
    design: Design, out: Path, workers: int = 1, *, scheduler: str | None = None, resume: bool = False,
    quiet: bool = False, command: str = "", player: str = PLAYER,
) -> Calibrated:  # fmt: skip
    """Play what a folder lacks of a calibration, and write its result.

    Args:
        design: what is played. out: the folder; made if it is not there.
        workers, scheduler, quiet, player: as in `study.tables.table.make`.
        resume: go on with what the folder holds. Without it the folder must be new or empty.
        command: as it stands in the provenance.

    Raises:
        CaseError: another process writes the folder, or it holds another calibration.
        OSError: a batch could not be written. Those written before are kept.
    """
    begun_on = {"date": datetime.now(UTC).date().isoformat()}
    with (
        opened(design, out, resume, beside=begun_on) as kept,
        pool(player, design.common, workers, scheduler) as players,
        telling(design.runs, quiet) as teller,
    ):
        rounds = Rounds(design, out, players, Log(out), teller)
        return _search(design, out, rounds, teller, str(kept["date"]), command)


def _search(design: Design, out: Path, rounds: Rounds, teller: Teller, date: str, command: str) -> Calibrated:
    s = design.search
    population, known = begun(rounds, s, design.start_z) if design.start else first(rounds, s)
    if not len(population):
        given = Found(f"{rounds.vectors:,} vectors, of which none was played to its end ({rounds.failed:,} failed)")
        raise CaseError([Problem("CASE", None, "runs", given, "runs that end; the batches hold their errors")])
    at_first = float(population.distance.max())
    teller.says(f"{'start' if design.start else 'waves'}: {rounds.vectors:,} vectors, tolerance {at_first:.3f}")

    def told(s: Stage) -> None:
        teller.says(
            f"stage {s.number}: tolerance {s.tolerance:.3f}, {s.played} played, {s.share:.0%} accepted, "
            f"{s.different} different of {design.search.particles}, {rounds.spent:,} runs so far"
        )

    population, stages, why = climb(rounds, design.search, population, known, told)
    draws = draws_of(population)
    made = Calibrated(draws, tuple(stages), why, rounds.spent, rounds.vectors, rounds.failed)
    far = np.array([rounds.far[int(n)] for n in draws.number])
    says = provenance(design, made, at_first, date, command)
    for name, content in (
        (DRAWS, csv_of(design.space, draws, rounds.theta)),
        (PROVENANCE, toml_of(says)),
        (f"{FOLDER}/{REPORT}", report(design, draws, stages, at_first, far, rounds.spent, why)),
    ):
        files.write(out / name.removeprefix(f"{FOLDER}/"), content)
    return made


def provenance(design: Design, made: Calibrated, at_first: float, date: str, command: str) -> dict[str, dict[str, Any]]:
    """What `provenance.toml` holds."""
    s = design.search
    return {
        "calibration": {
            "version": design.identity["version"], "case": design.case.id, "case_digest": design.case.digest,
            "date": date, "command": command, "middle": made.draws.middle, "draws": len(made.draws.z),
            "seed": s.seed, "runs": made.runs, "vectors": made.vectors, "failed": made.failed,
            "start": len(design.start), "waves": 0 if design.start else s.waves, "wave": s.wave,
            "particles": s.particles, "replicates": design.replicates, "stages": len(made.stages),
            "tolerance_first": round(at_first, 6), "tolerance": round(_tolerance(made, at_first), 6),
            "cap": design.identity["cap"], "ended": made.why, "free_digest": design.space.digest,
            "fit": list(design.fit), "check": list(design.check),
        },
        "priors": {f.name: str(f.prior) for f in design.space.free},
    }  # fmt: skip


def _tolerance(made: Calibrated, at_first: float) -> float:
    return made.stages[-1].tolerance if made.stages else at_first


def install(out: Path, case_folder: Path) -> tuple[Path, ...]:
    """Copy the draws and where they come from into a case; returns what was written.

    Raises:
        CaseError: the folder holds no finished calibration.
    """
    written = []
    for name in (DRAWS, PROVENANCE):
        source = out / name.removeprefix(f"{FOLDER}/")
        if not source.is_file():
            given = Found(f"{out}, which holds no finished calibration")
            raise CaseError([Problem("--install", None, "folder", given, "a folder that calibrate has finished")])
        (case_folder / FOLDER).mkdir(exist_ok=True)
        files.write(case_folder / name, source.read_bytes())
        written.append(case_folder / name)
    return tuple(written)


def nearest(folder: Path, space: Space, n: int) -> tuple[tuple[float, ...], ...]:
    """Values of the n vectors of another calibration that came nearest to the record.

    What is free here and was not there is drawn from its prior.

    Raises:
        CaseError: it is no calibration, its batches are damaged, or something was free there that is not so here.
    """
    known = known_design(folder)
    if "free" not in known:
        given = Found(f"{folder}, which holds no calibration")
        raise CaseError([Problem("--start", None, "folder", given, "a folder that calibrate has written")])
    gone = sorted(set(known["free"]) - set(space.names))
    if gone:
        given = Found(f"{folder}, where {', '.join(gone)} is free too")
        allowed = "a calibration in which nothing is free that is not so here"
        raise CaseError([Problem("--start", None, "free", given, allowed)])
    rows = batches.read(sorted((folder / "batches").glob("*.parquet"))).to_pylist() if known else []
    rows = sorted((r for r in rows if r["distance"] is not None), key=lambda r: (r["distance"], r["number"]))
    new = [f for f in space.free if f.name not in known["free"]]
    drawn = points(0, 0, min(n, len(rows)), range(len(new))) if new else np.empty((min(n, len(rows)), 0))
    out = []
    for row, shares in zip(rows, drawn.tolist(), strict=False):
        values = {f.name: rounded(f, u) for f, u in zip(new, shares, strict=True)}
        values |= {name: float(row[f"p:{name}"]) for name in space.names if name not in values}
        out.append(tuple(values[name] for name in space.names))
    return tuple(out)
