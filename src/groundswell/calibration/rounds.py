"""Plays vectors in rounds and keeps them: a round that is on disk is read and not played again.

The search is a function of what came of its rounds, in their order. So a calibration that was killed is gone on with by
searching once more from the beginning, with every round that is there taken from disk: the same bytes in the end,
however often it was stopped and whoever played.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.calibration.design import Design
from groundswell.calibration.distance import CAP
from groundswell.calibration.told import Teller
from groundswell.calibration.waves import Played
from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found
from groundswell.play import batches
from groundswell.play.log import Log
from groundswell.play.pool import Job, Lost, Pool, Result

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "batches"
PLAYER = "groundswell.calibration.player:player"
PIECE, BEFORE = 1, 2
"""Vectors of a batch: few, so that no worker waits long at the end of a round; some runs take ten times others.
In a folder that does not say how many it has, there are `BEFORE`."""


class Rounds:
    """The runs of a calibration, played or read; see `waves.Runs`."""

    def __init__(self, design: Design, out: Path, pool: Pool, log: Log, teller: Teller, piece: int = PIECE):
        self.design, self.folder, self.pool, self.log, self.teller = design, out / FOLDER, pool, log, teller
        self.dimensions, self.piece = len(design.space), piece
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
        jobs = [self._job(stage, self.vectors + i, one, stop_above) for i, one in enumerate(z)]
        starts = range(0, len(jobs), self.piece)
        pieces = {self.batch + k: jobs[i : i + self.piece] for k, i in enumerate(starts)}
        rows: dict[int, list[dict[str, Any]]] = {}
        for number, piece in pieces.items():
            kept = self._kept(number, piece)
            if kept is not None:
                rows[number] = kept
                self.teller.played(kept, fresh=False)
        wanted = [number for number in pieces if number not in rows]
        for number, results in self.pool.play((number, pieces[number]) for number in wanted):
            if isinstance(results, Lost):
                self.log.lost(FOLDER, number, results)
                continue
            table = table_of(self.design, pieces[number], results)
            batches.write(self.folder, number, table)
            self.log.played(stage.replace(" ", "-"), number, results)
            rows[number] = table.to_pylist()
            self.teller.played(rows[number], fresh=True)
        if len(rows) < len(pieces):
            given, allowed = Found(f"{len(pieces) - len(rows)} batches whose workers died"), "workers with more memory"
            raise CaseError([Problem("--workers", None, "workers", given, f"{allowed}; --resume goes on")])
        self.batch += len(pieces)
        self.vectors += len(jobs)
        came = [row for number in sorted(rows) for row in rows[number]]
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

    def _kept(self, number: int, piece: list[Job]) -> list[dict[str, Any]] | None:
        """Rows of a batch on disk; None where there is none, or one that was cut short when runs were spent."""
        if number not in self.whole:
            return None
        rows: list[dict[str, Any]] = batches.read([self.whole[number]]).to_pylist()
        if len(rows) < len(piece):
            return None
        for job, row in zip(piece, rows, strict=False):
            if row["number"] != job["number"] or any(row[f"p:{k}"] != v for k, v in job["values"].items()):
                given = Found(f"vector {row['number']} with other values")
                allowed = f"vector {job['number']} as the search asks for it; begin anew in another folder"
                raise CaseError([Problem(str(self.whole[number]), None, "batch", given, allowed)])
        return rows[: len(piece)]


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
