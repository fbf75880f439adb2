"""The reference table: kept vectors played in full under every account, in batches that outlive anything.

`make` plays what a folder lacks and `read` reads it. Which rows there are, and every byte of them, follows from the
design; who plays them, in which order, how often it is stopped and gone on with, does not matter.

    OUT/design.json     what is played; written first
    OUT/base/           batches of the base stage; `base.json`: what it found
    OUT/batches/        batches of the table
    OUT/log.csv         seconds of every run
    OUT/damaged/        batches that no longer agreed with their names
    OUT/locks/          who writes here
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found
from groundswell.play import batches
from groundswell.play.log import Log
from groundswell.play.pool import Job, Lost, Pool, pool
from groundswell.play.progress import progress
from groundswell.study.folder import known_design, opened
from groundswell.study.tables.base import Base, base_stage
from groundswell.study.tables.design import Design
from groundswell.study.tables.rows import table_jobs, table_rows

if TYPE_CHECKING:
    import pyarrow as pa

BATCHES = "batches"
PLAYER = "groundswell.study.tables.player:player"


@dataclass(frozen=True)
class Made:
    """What `make` did.

    Args:
        base: the base stage.
        rows: rows that are there now. of: rows of the whole table; 0 while the base stage is not ended.
        failed, given_up, coarse: rows whose run failed, was given up out of bounds, or warned of a coarse step
            (`engine.simulation.CoarseStep`).
        digest: of the table; empty while rows are missing.
        lost: batches left out because the workers that played them died.
    """

    base: Base
    rows: int
    of: int
    failed: int = 0
    given_up: int = 0
    coarse: int = 0
    digest: str = ""
    lost: tuple[tuple[str, int], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every row is there."""
        return bool(self.of) and self.rows == self.of


def make(
    design: Design,
    out: Path,
    workers: int = 1,
    *,
    scheduler: str | None = None,
    shard: tuple[int, int] | None = None,
    resume: bool = False,
    quiet: bool = False,
    player: str = PLAYER,
) -> Made:
    """Play what a folder lacks of a design.

    Args:
        design: what is played.
        out: the folder; made if it is not there.
        workers: processes on this machine.
        scheduler: address of a Dask scheduler whose workers play instead.
        shard: (i, n): play part i of n only, i from 1; parts may be played at the same time, in one folder or in
            folders that are brought together afterwards.
        resume: go on with what the folder holds. Without it the folder must be new or empty.
        quiet: no progress bar.
        player: "module:function" that makes the function that plays a job.

    Raises:
        CaseError: another process writes the folder; it holds another design; no vector is kept.
        OSError: a batch could not be written. Those written before are kept.
    """
    with (
        opened(design, out, resume or shard is not None, shard),
        pool(player, design.common, workers, scheduler) as players,
    ):
        log = Log(out)
        base = base_stage(design, out, players, log, shard, quiet)
        if base.missing:
            return Made(base, 0, 0, lost=tuple(log.lost_batches))
        _play(design, out, players, log, base, shard, quiet)
        return _made(design, out, base, tuple(log.lost_batches))


def read(out: Path) -> pa.Table:
    """The table of a folder, sorted by index: columns as in `rows`, and rows of all batches that are there.

    Raises:
        CaseError: there is no table, or batches are damaged or of another design.
    """
    known = known_design(out)
    folder = out / BATCHES
    paths = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    if not known or not paths:
        raise CaseError(
            [Problem(str(out), None, "folder", Found("no finished table"), "a folder that compare has written")]
        )
    table = batches.read(paths)
    if table.schema.metadata[batches.DESIGN].decode() != known["digest"]:
        given = Found("batches of another design than design.json")
        raise CaseError([Problem(str(out), None, "batches", given, "batches of one design")])
    return table


def digest(table: pa.Table) -> str:
    """SHA-256 over the rows sorted by index, column by column in the order of their names; nan as one bit pattern."""
    import pyarrow as pa

    table = table.sort_by("index")
    total = hashlib.sha256()
    for name in sorted(table.column_names):
        column = table.column(name)
        total.update(f"{name} {column.type}\n".encode())
        if pa.types.is_floating(column.type) and not column.null_count:
            values = column.to_numpy()
            total.update(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes())
        else:
            total.update(json.dumps(column.to_pylist()).encode())
    return total.hexdigest()


def _sizes(design: Design, base: Base) -> list[int]:
    """Rows of each batch."""
    slots = [min(design.slots_in_batch, len(base.kept) - s) for s in range(0, len(base.kept), design.slots_in_batch)]
    return [n * design.rows_in_slot for n in slots]


def _play(
    design: Design, out: Path, players: Pool, log: Log, base: Base, shard: tuple[int, int] | None, quiet: bool
) -> None:
    """Play the batches that are missing and belong to this shard."""
    sizes = _sizes(design, base)
    found = batches.check(out / BATCHES, design.digest, clean=shard is None)
    log.damaged(found.damaged)
    whole = {n for n, path in found.whole.items() if n < len(sizes) and batches.rows_of(path) == sizes[n]}
    i, k = shard or (1, 1)
    mine = [n for n in range(i - 1, len(sizes), k) if n not in whole]
    under_way: dict[int, list[Job]] = {}

    def wanted() -> Iterator[tuple[int, list[Job]]]:
        for number in mine:
            under_way[number] = table_jobs(design, base.kept, number)
            yield number, under_way[number]

    done = sum(sizes[n] for n in range(i - 1, len(sizes), k) if n in whole)
    with progress("runs", sum(sizes[i - 1 :: k]), done, quiet) as tick:
        for number, results in players.play(wanted()):
            if isinstance(results, Lost):
                log.lost(BATCHES, number, results)
                continue
            rows = table_rows(design, under_way.pop(number), results)
            batches.write(out / BATCHES, number, rows)
            log.played(BATCHES, number, results)
            done += len(results)
            tick(done, len(results))


def _made(design: Design, out: Path, base: Base, lost: tuple[tuple[str, int], ...]) -> Made:
    of = sum(_sizes(design, base))
    if not any((out / BATCHES).glob("*.parquet")):
        return Made(base, 0, of, lost=lost)
    table = read(out)
    said = ("error", "given_up_h", "coarse_h")
    failed, given_up, coarse = (table.num_rows - table.column(name).null_count for name in said)
    whole = table.num_rows == of
    return Made(base, table.num_rows, of, failed, given_up, coarse, digest(table) if whole else "", lost)
