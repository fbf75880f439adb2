"""Plays vectors in rounds and keeps them: a round that is on disk is read and not played again.

The search is a function of what came of its rounds, in their order. So a calibration that was killed is gone on with by
searching once more from the beginning, with every round that is there taken from disk: the same bytes in the end,
however often it was stopped and whoever played.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found
from groundswell.play import batches
from groundswell.play.log import Log
from groundswell.play.pool import Job, Lost, Pool, Result
from groundswell.study.calibration.design import Design
from groundswell.study.calibration.distance import CAP
from groundswell.study.calibration.told import Teller
from groundswell.study.calibration.waves import Played

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "batches"
PLAYER = "groundswell.study.calibration.player:player"


class Rounds:
    """The runs of a calibration, played or read; see `waves.Runs`."""

    def __init__(self, design: Design, out: Path, pool: Pool, log: Log, teller: Teller):
        self.design, self.folder, self.pool, self.log, self.teller = design, out / FOLDER, pool, log, teller
        self.dimensions = len(design.space)
        self.spent, self.vectors, self.batch, self.failed = 0, 0, 0, 0
        found = batches.check(self.folder, design.digest, clean=True)
        log.damaged(found.damaged)
        self.whole = dict(found.whole)
        self.far: dict[int, list[float]] = {}
        self.theta: dict[int, float | None] = {}

    @property
    def left(self) -> int:
        """Vectors that may still be played."""
        return max(0, self.design.runs - self.spent) // self.design.replicates

    def play(self, stage: str, z: np.ndarray, stop_above: float) -> Played:
        """Play vectors (n, D) with all their seeds, or read what came of them.

        Raises:
            CaseError: workers died again and again, or a batch on disk is of another search.
            OSError: a batch could not be written; those before it are kept.
        """
        jobs = {self.batch + i: self._job(stage, self.vectors + i, one, stop_above) for i, one in enumerate(z)}
        rows: dict[int, dict[str, Any]] = {}
        for number, job in jobs.items():
            if (kept := self._kept(number, job)) is not None:
                rows[number] = kept
                self.teller.played(kept, fresh=False)
        wanted = [number for number in jobs if number not in rows]
        for number, results in self.pool.play((number, [jobs[number]]) for number in wanted):
            if isinstance(results, Lost):
                self.log.lost(FOLDER, number, results)
                continue
            table = table_of(self.design, [jobs[number]], results)
            batches.write(self.folder, number, table)
            self.log.played(stage.replace(" ", "-"), number, results)
            rows[number] = table.to_pylist()[0]
            self.teller.played(rows[number], fresh=True)
        if len(rows) < len(jobs):
            given, allowed = Found(f"{len(jobs) - len(rows)} batches whose workers died"), "workers with more memory"
            raise CaseError([Problem("--workers", None, "workers", given, f"{allowed}; --resume goes on")])
        self.batch += len(jobs)
        self.vectors += len(jobs)
        came = [rows[number] for number in sorted(rows)]
        self.spent += sum(len(row["played_h"]) or 1 for row in came)
        self.far.update({row["number"]: row["far"] for row in came})
        self.theta.update({row["number"]: row.get("theta") for row in came})
        self.failed += sum(row["error"] is not None for row in came)
        return Played(
            np.array([row["number"] for row in came], int),
            np.array([np.inf if row["distance"] is None else row["distance"] for row in came], float),
            np.array([row["guess"] for row in came], float),
        )

    def _job(self, stage: str, number: int, z: np.ndarray, stop_above: float) -> Job:
        values = self.design.space.values(z)
        settings, measures = self.design.space.job(self.design.case, values)
        return {
            "stage": stage, "number": number, "case": self.design.name, "settings": settings, "measures": measures,
            "values": values, "seeds": self.design.seeds(number),
            "stop_above": float(stop_above) if np.isfinite(stop_above) else None,
        }  # fmt: skip

    def _kept(self, number: int, job: Job) -> dict[str, Any] | None:
        """The row of a batch on disk, of one vector; None where there is none."""
        if number not in self.whole:
            return None
        row: dict[str, Any] = batches.read([self.whole[number]]).to_pylist()[0]
        if row["number"] != job["number"] or any(row[f"p:{k}"] != v for k, v in job["values"].items()):
            given = Found(f"vector {row['number']} with other values")
            allowed = f"vector {job['number']} as the search asks for it; begin anew in another folder"
            raise CaseError([Problem(str(self.whole[number]), None, "batch", given, allowed)])
        return row


def table_of(design: Design, jobs: list[Job], results: list[Result]) -> pa.Table:
    """Rows of a batch, with the columns below.

    `number`, `stage`, `stop_above`, `error`, `distance` (null: stopped), `guess`, `played_h` (of each seed), `far`
    (capped distance of each fitted observation, mean over seeds), `theta` (the threshold that follows from the rate of
    an ordinary month, null where it does not), `p:NAME` (a value as played).
    """
    import pyarrow as pa

    of = [r if r["error"] is None else {**r, **_failed(design)} for r in results]
    columns = {
        "number": pa.array([j["number"] for j in jobs], pa.int64()),
        "stage": pa.array([j["stage"] for j in jobs], pa.string()),
        "stop_above": pa.array([j["stop_above"] for j in jobs], pa.float64()),
        "error": pa.array([r["error"] for r in of], pa.string()),
        "distance": pa.array([r["distance"] for r in of], pa.float64()),
        "guess": pa.array([r["guess"] for r in of], pa.float64()),
        "played_h": pa.array([r["played_h"] for r in of], pa.list_(pa.float64())),
        "far": pa.array([r["far"] for r in of], pa.list_(pa.float64())),
        "theta": pa.array([r.get("theta") for r in of], pa.float64()),
        **{f"p:{k}": pa.array([j["values"][k] for j in jobs], pa.float64()) for k in design.space.names},
    }
    return pa.table(columns).replace_schema_metadata({batches.DESIGN: design.digest})


def _failed(design: Design) -> dict[str, Any]:
    """A run that failed is as far off as can be."""
    return {"distance": None, "guess": CAP, "played_h": [], "far": [CAP] * len(design.fit), "theta": None}
