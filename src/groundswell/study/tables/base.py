"""The base stage: which shared vectors are not ruled out by what every text agrees on.

Shared vectors are played in the order of their numbers under the common base, with measures by the record, to the end
of the last window of the base set, until enough are kept. Which ones that are follows from the batches in their order,
up to the one that brings the last kept vector, and not from how many more were played meanwhile.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell import files
from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found
from groundswell.play import batches, lock
from groundswell.play.log import Log
from groundswell.play.pool import Job, Lost, Pool
from groundswell.play.progress import progress
from groundswell.study.tables.design import VECTORS_IN_BATCH, Design, base_of
from groundswell.study.tables.rows import base_jobs, base_rows

FOLDER = "base"
LOOK_S = 2.0
_COLUMNS = ("vector", "error", "given_up_h", "ruled_out_by", "kept")


@dataclass(frozen=True)
class Base:
    """What the base stage found.

    Args:
        kept: numbers of the shared vectors that the table plays, in order.
        played: shared vectors looked at to find them. passed: of those, not ruled out. needed: kept ones asked for.
        ruled_out_by: observation -> vectors that it ruled out (first; several may rule out at once), the most first.
        out_of_bounds, failed: vectors that were given up, and whose run failed.
        missing: batches that other shards have yet to play; the stage has not ended while it is not empty.
    """

    kept: tuple[int, ...]
    played: int
    passed: int
    needed: int
    ruled_out_by: dict[str, int]
    out_of_bounds: int = 0
    failed: int = 0
    missing: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What `base.json` holds."""
        return {
            "played": self.played, "passed": self.passed, "kept": len(self.kept), "needed": self.needed,
            "ruled_out_by": self.ruled_out_by, "out_of_bounds": self.out_of_bounds, "failed": self.failed,
            "vectors": list(self.kept),
        }  # fmt: skip

    def __str__(self) -> str:
        if not self.played:
            return "base stage: the record has no base set, so every shared vector is kept"
        text = f"base stage: {self.passed:,} of {self.played:,} shared vectors not ruled out"
        if self.ruled_out_by:
            name, number = next(iter(self.ruled_out_by.items()))
            text += f"; most often ruled out by {name} ({number:,})"
        return text + (f"; {self.out_of_bounds:,} out of bounds" if self.out_of_bounds else "")


class _Found:
    """Batches that are there, by number: what each says of its vectors."""

    def __init__(self, design: Design, folder: Path):
        self.design, self.folder = design, folder
        self.most = -(-design.base_most // VECTORS_IN_BATCH)
        self.rows: dict[int, list[dict[str, Any]]] = {}

    def look(self, clean: bool = False) -> list[Path]:
        """Take up what is new in the folder; returns files that were damaged."""
        kept = batches.check(self.folder, self.design.digest, known=self.rows, clean=clean)
        for number, path in kept.whole.items():
            rows = batches.read([path]).select(_COLUMNS).to_pylist()
            if len(rows) == min(VECTORS_IN_BATCH, self.design.base_most - number * VECTORS_IN_BATCH):
                self.rows[number] = rows
        return kept.damaged

    def bound(self) -> int:
        """Batches from this number on are not needed: those before it that are there hold enough kept vectors."""
        kept = 0
        for number in sorted(self.rows):
            kept += sum(row["kept"] for row in self.rows[number])
            if kept >= self.design.slots:
                return number + 1
        return self.most

    def missing(self) -> tuple[int, ...]:
        """Batches that are still needed."""
        return tuple(number for number in range(self.bound()) if number not in self.rows)

    def kept(self) -> int:
        """Vectors kept so far."""
        return sum(row["kept"] for rows in self.rows.values() for row in rows)


def base_stage(
    design: Design, out: Path, pool: Pool, log: Log, shard: tuple[int, int] | None = None, quiet: bool = False
) -> Base:
    """Play what is missing of the base stage, and say which vectors are kept.

    Raises:
        CaseError: no vector is kept.
        OSError: a batch could not be written.
    """
    if not design.base_h:
        return _told(Base(tuple(range(design.slots)), 0, 0, design.slots, {}), out)
    found = _Found(design, out / FOLDER)
    log.damaged(found.look(clean=shard is None))
    record = base_of(design.record)
    i, n = shard or (1, 1)
    under_way: dict[int, list[Job]] = {}

    def wanted() -> Iterator[tuple[int, list[Job]]]:
        for number in range(i - 1, found.most, n):
            if number >= found.bound():
                return
            if number not in found.rows:
                under_way[number] = base_jobs(design, number)
                yield number, under_way[number]

    with progress("vectors kept", design.slots, found.kept(), quiet) as tick:
        for number, results in pool.play(wanted()):
            if isinstance(results, Lost):
                log.lost(FOLDER, number, results)
                continue
            rows = base_rows(design, record, under_way.pop(number), results)
            batches.write(found.folder, number, rows)
            log.played(FOLDER, number, results)
            found.rows[number] = rows.select(_COLUMNS).to_pylist()
            if shard:
                log.damaged(found.look())
            tick(found.kept(), len(results))
            if not found.missing():
                break
    while found.missing() and shard and any(lock.alive(out, (j, n)) for j in range(1, n + 1) if j != i):
        time.sleep(LOOK_S)
        log.damaged(found.look())
    return _ended(design, out, found, alone=shard is None)


def _ended(design: Design, out: Path, found: _Found, alone: bool) -> Base:
    if found.missing():
        return Base((), 0, 0, design.slots, {}, missing=found.missing())
    last = found.bound()
    rows = [row for number in range(last) for row in found.rows[number]]
    by = Counter(name for row in rows for name in row["ruled_out_by"])
    base = Base(
        tuple(row["vector"] for row in rows if row["kept"])[: design.slots], len(rows),
        sum(row["kept"] for row in rows), design.slots,
        dict(sorted(by.items(), key=lambda item: (-item[1], item[0]))),
        sum(row["given_up_h"] is not None for row in rows), sum(row["error"] is not None for row in rows),
    )  # fmt: skip
    if not base.kept:
        most = ", ".join(f"{name} ({n:,})" for name, n in list(base.ruled_out_by.items())[:3])
        why = f"; most often ruled out by {most}" if most else ""
        failed = f"; {base.failed:,} failed: {next(r['error'] for r in rows if r['error'])}" if base.failed else ""
        given = Found(f"{base.played:,} played and none kept{why}{failed}")
        raise CaseError([Problem("--base", None, "shared vectors", given, "a number at which one is kept")])
    if alone:
        for number, path in batches.check(found.folder, design.digest).whole.items():
            if number >= last:  # played ahead while the last ones needed were under way
                path.unlink()
    return _told(base, out)


def _told(base: Base, out: Path) -> Base:
    (out / FOLDER).mkdir(exist_ok=True)
    files.write(out / FOLDER / "base.json", json.dumps(base.to_json(), indent=2) + "\n")
    return base
