"""Jobs of the base stage and of the table, and the rows that come of them as Arrow tables.

Columns of both: `vector`, `seed`, `error` (why a run failed, with the place in the code; null: it did not),
`given_up_h` (hour at which a run was given up out of bounds; null: it was not), `p:NAME` (a parameter as drawn; nan
where it is not drawn), `o:OBSERVATION` (measured value; inf: never happened; nan: cannot be said), `d:OBSERVATION`
(share of its window in which the scope was cut off the network). Of the table also `index`, `mode`, `account` (drawn),
`family`, `elements`, `accounts` (all whose predicate holds), `measures` (versions played, "id=version:NAME"), `ending`
(the class that holds when the run stops), `peak`, `dead_all`, `injured_all`, `detained` (people). Of the base stage
also `played_h`, `ruled_out_by` (observations) and `kept`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.accounts import belonging, family
from groundswell.observe.harm import HARM
from groundswell.play.batches import DESIGN
from groundswell.play.pool import Job, Result
from groundswell.record import Record
from groundswell.study.tables.design import GOVERNMENT, VECTORS_IN_BATCH, Design

if TYPE_CHECKING:
    import pyarrow as pa

PEOPLE = ("peak", *HARM)


def base_jobs(design: Design, number: int) -> list[Job]:
    """Jobs of a batch of the base stage: shared vectors under the common base."""
    first = number * VECTORS_IN_BATCH
    count = min(VECTORS_IN_BATCH, design.base_most - first)
    out = []
    for i, u in enumerate(design.shared_points(first, count)):
        drawn, told = design.drawn(None, u, np.empty(0))
        out.append(
            {"stage": "base", "vector": first + i, "seed": design.seed_of(first + i), "case": design.name,
             "settings": dict(drawn.settings), "reporting": told}
        )  # fmt: skip
    return out


def table_jobs(design: Design, kept: Sequence[int], number: int) -> list[Job]:
    """Jobs of a batch of the table: kept vectors, each in every mode under every account."""
    slots = range(number * design.slots_in_batch, min((number + 1) * design.slots_in_batch, len(kept)))
    out = []
    for slot, own in zip(slots, design.own_points(slots.start, len(slots)), strict=True):
        vector = kept[slot]
        shared = design.shared_points(vector, 1)[0]
        for m, mode in enumerate(design.modes):
            for a, account in enumerate(design.played):
                drawn, told = design.drawn(account, shared, own)
                scripted = dict(drawn.measures) if mode == "conditional" else {}
                out.append(
                    {"stage": "table", "index": slot * design.rows_in_slot + m * len(design.played) + a, "mode": mode,
                     "vector": vector, "account": account, "family": family(design.accounts, drawn),
                     "seed": design.seed_of(vector), "elements": sorted(drawn.elements),
                     "accounts": sorted(belonging(design.accounts, drawn)), "case": design.name,
                     "settings": dict(drawn.settings), "reporting": told, "measures": scripted,
                     "government": GOVERNMENT[mode], "until_h": design.until_h}
                )  # fmt: skip
    return out


def base_rows(design: Design, record: Record, jobs: Sequence[Job], results: Sequence[Result]) -> pa.Table:
    """Rows of the base stage; `record` is the part of the record that it looks at."""
    import pyarrow as pa

    of_job, of_result = _picked(jobs), _picked(results)
    columns = {
        **_common(design, record, jobs, results),
        "played_h": pa.array(of_result("played_h"), pa.float64()),
        "ruled_out_by": pa.array([x or [] for x in of_result("ruled_out_by")], pa.list_(pa.string())),
        "kept": pa.array([bool(x) for x in of_result("kept")], pa.bool_()),
    }
    return _table({"vector": pa.array(of_job("vector"), pa.int64()), **columns}, design)


def table_rows(design: Design, jobs: Sequence[Job], results: Sequence[Result]) -> pa.Table:
    """Rows of the table."""
    import pyarrow as pa

    of_job, of_result = _picked(jobs), _picked(results)
    words = {name: pa.array(of_job(name), pa.string()) for name in ("mode", "account", "family")}
    lists = {name: pa.array(of_job(name), pa.list_(pa.string())) for name in ("elements", "accounts")}
    measures = [[f"{k}={v}" for k, v in sorted(x.items())] for x in of_job("measures")]
    columns = {
        "index": pa.array(of_job("index"), pa.int64()), **words, **lists,
        "measures": pa.array(measures, pa.list_(pa.string())), **_common(design, design.record, jobs, results),
        "ending": pa.array(of_result("ending"), pa.string()),
        **{name: pa.array(of_result(name), pa.int64()) for name in PEOPLE},
    }  # fmt: skip
    return _table(columns, design)


def _common(design: Design, record: Record, jobs: Sequence[Job], results: Sequence[Result]) -> dict[str, pa.Array]:
    """Columns of both stages."""
    import pyarrow as pa

    of_job, of_result = _picked(jobs), _picked(results)
    drawn = [{**job["settings"], **job["reporting"]} for job in jobs]
    columns = {
        "vector": pa.array(of_job("vector"), pa.int64()),
        "seed": pa.array(of_job("seed"), pa.int64()),
        "error": pa.array(of_result("error"), pa.string()),
        "given_up_h": pa.array(of_result("given_up_h"), pa.float64()),
        "coarse_h": pa.array(of_result("coarse_h"), pa.float64()),
    }
    for name in design.parameters:
        columns[f"p:{name}"] = pa.array(np.array([float(d.get(name, np.nan)) for d in drawn]), pa.float64())
    unknown = [np.nan] * len(record)
    for key, field in (("o", "values"), ("d", "dark")):
        values = np.array([x if x is not None else unknown for x in of_result(field)], float).reshape(-1, len(record))
        for o, column in zip(record.observations, values.T, strict=True):
            columns[f"{key}:{o.id}"] = pa.array(np.ascontiguousarray(column), pa.float64())
    return columns


def _picked(rows: Sequence[dict[str, Any]]) -> Callable[[str], list[Any]]:
    return lambda name: [row.get(name) for row in rows]


def _table(columns: dict[str, pa.Array], design: Design) -> pa.Table:
    import pyarrow as pa

    return pa.table(columns).replace_schema_metadata({DESIGN: design.digest})
