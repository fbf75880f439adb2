"""Plays some rows of a finished table anew, to see whether this version still gives them."""

from __future__ import annotations

import math
from pathlib import Path

from groundswell.accounts import load as load_accounts
from groundswell.case import load
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.study.folder import known_design
from groundswell.study.tables.design import design_of
from groundswell.study.tables.player import player
from groundswell.study.tables.rows import table_jobs, table_rows
from groundswell.study.tables.table import read


def replayed(name: str, out: Path, rows: int) -> tuple[int, int]:
    """How many of some evenly spaced rows of a table come out the same to the bit, and how many were played.

    Whatever the table's columns and this version's have in common is compared: parameters, values of all observations,
    the ending, the harm. A table of a version with other free parameters cannot be looked at in this way.

    Raises:
        ValueError: fewer rows than 1, or a table whose vectors this version draws otherwise.
    """
    case = load(name, known_parameters(all_mechanisms().values()))
    known, table = known_design(out), read(out)
    if rows < 1:
        raise ValueError(f"given {rows} rows; allowed: 1 or more")
    design = design_of(
        case, load_accounts(case), str(known["case"]), only=tuple(known["accounts"]), modes=tuple(known["modes"]),
        runs=int(known["runs"]), seed=int(known["seed"]),
    )  # fmt: skip
    if list(design.shared) != known["shared"]:
        raise ValueError(f"{out}: this version draws other parameters for a shared vector")
    kept: dict[int, int] = {}
    for index, vector in zip(table["index"].to_pylist(), table["vector"].to_pylist(), strict=True):
        kept[index // design.rows_in_slot] = vector
    vectors = [kept.get(slot, -1) for slot in range(max(kept) + 1)]
    play = player(design.common)
    step, same = max(len(table) / rows, 1.0), 0
    wanted = sorted({math.floor(i * step) for i in range(min(rows, len(table)))})
    for row in wanted:
        stored = table.slice(row, 1).to_pylist()[0]
        slot = stored["index"] // design.rows_in_slot
        jobs = table_jobs(design, vectors, slot // design.slots_in_batch)
        (job,) = [j for j in jobs if j["index"] == stored["index"]]
        anew = table_rows(design, [job], [{"error": None, **play(job)}]).to_pylist()[0]
        same += all(_equal(value, anew[column]) for column, value in stored.items() if column in anew)
    return same, len(wanted)


def _equal(a: object, b: object) -> bool:
    """Whether two cells are the same; nan is nan."""
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return math.isnan(b)
    return a == b
