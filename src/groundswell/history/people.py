"""The synthetic people as a table: any slice on request, or all of them streamed to Parquet.

A person nobody has heard of is made here from their id alone; one who has acted has a record as well. Both come from
the same functions of (seed, id), so the table and the run agree. People are synthetic: no row describes anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from groundswell.case import CaseError, Problem
from groundswell.domains.street.people import People
from groundswell.engine.random import permute
from groundswell.engine.roster import UNIT, pool_key
from groundswell.engine.simulation import Simulation
from groundswell.engine.tables import CAUSES, STATES
from groundswell.files import whole
from groundswell.world.cells import AGES, SEXES

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_PEOPLE = 500_000


@njit(cache=True)
def _units(r: Any, seed: int, ids: Any, groups: Any, out: Any) -> None:
    for i in range(len(ids)):
        for family in range(3):
            out[i, family] = pool_key(r, seed, ids[i], groups[i], family)


@njit(cache=True)
def _child_households(
    r: Any, seed: int, ids: Any, cells: Any, blocks: Any, before: Any, sizes: Any, cell_first: Any, out: Any
) -> None:
    for i in range(len(ids)):
        b, c = blocks[i], cells[i]
        if r.block_households[b] > 0:
            j = permute(before[c] + ids[i] - cell_first[c], sizes[b], seed, UNIT, (np.int64(1) << 59) | b, False)
            out[i] = (np.int64(b) << 36) | (j % r.block_households[b])


def people_table(simulation: Simulation, place: str | None = None, limit: int | None = 1000) -> pa.Table:
    """The first `limit` people of a place (or of the country), None for all of them, as a table.

    Columns: person, place, sex, age_band, community, livelihood, enterprise, household, work_unit, neighbourhood
    (ids, -1: none), state, spells, cause, demands, fought (has fought on the street at least once).

    Raises:
        CaseError: for an unknown place, a negative limit, or a run in which nobody is played one by one.
    """
    import pyarrow as pa

    first, last = _range(simulation, place)
    if limit is not None and limit < 0:
        raise CaseError([Problem("people", None, "--limit", limit, "a whole number from 0")])
    if limit is not None:
        last = min(last, first + int(limit))
    parts = [_batch(simulation, a, min(a + BATCH_PEOPLE, last)) for a in range(first, last, BATCH_PEOPLE)]
    return pa.concat_tables(parts) if parts else _batch(simulation, first, first)


def write_people(simulation: Simulation, path: Path, place: str | None = None) -> int:
    """Stream all people of a place, or of the country, to a Parquet file; returns their number."""
    import pyarrow.parquet as pq

    first, last = _range(simulation, place)
    with whole(path) as part, pq.ParquetWriter(part, _batch(simulation, first, first).schema) as writer:
        for table in _batches(simulation, first, last):
            writer.write_table(table)
    return last - first


def _batches(simulation: Simulation, first: int, last: int) -> Iterator[pa.Table]:
    for a in range(first, last, BATCH_PEOPLE):
        yield _batch(simulation, a, min(a + BATCH_PEOPLE, last))


def _people(simulation: Simulation) -> People:
    people = simulation.of(People)
    if people is None:
        allowed = f"a run in which {People.name} is on: without it nobody is played one by one"
        raise CaseError([Problem("people", None, "run", simulation.world.case.id, allowed)])
    return people


def _range(simulation: Simulation, place: str | None) -> tuple[int, int]:
    w, r = simulation.world, _people(simulation).roster
    if place is None:
        return 0, r.people
    groups = np.flatnonzero(w.group_place == w.place_number(place, "people --place"))
    return int(r.group_first[groups[0]]), int(r.group_first[groups[-1]] + r.group_size[groups[-1]])


def _batch(simulation: Simulation, first: int, last: int) -> pa.Table:
    import pyarrow as pa

    w, people = simulation.world, _people(simulation)
    c, r = w.cells, people.roster
    ids = np.arange(first, last, dtype=np.int64)
    cell = np.searchsorted(r.cell_first, ids, side="right") - 1
    group = c.group[cell]
    units = np.full((len(ids), 3), -1, np.int64)
    adult = r.group_at_risk[group] == 1
    if adult.any():
        own = np.full((int(adult.sum()), 3), -1, np.int64)
        _units(r, simulation.seed, ids[adult], group[adult], own)
        units[adult] = own
    if not adult.all():
        units[~adult, 0] = _children(simulation, ids[~adult], cell[~adult])
    records = people.crowd.records()
    records = records[(records["id"] >= first) & (records["id"] < last)]
    state, spells = np.zeros(len(ids), np.int8), np.zeros(len(ids), np.int32)
    cause, demands = np.full(len(ids), -1, np.int8), np.zeros(len(ids), np.uint8)
    fought = np.zeros(len(ids), bool)
    if len(records):
        at = records["id"] - first
        state[at], spells[at] = records["state"], records["spell"]
        cause[at], demands[at] = np.where(records["spell"] > 0, records["cause"], -1), records["demands"]
        fought[at] = records["turns"] > 0  # every spell starts peaceful, so the first turn is to fighting

    def words(index: np.ndarray, names: Any) -> pa.DictionaryArray:
        missing = index < 0
        return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32), mask=missing), pa.array(list(names)))

    wants = np.array(
        [";".join(k for b, k in enumerate(w.demands.id) if v >> b & 1) for v in range(1 << len(w.demands.id))], object
    )
    return pa.table(
        {
            "person": ids,
            "place": words(c.place[cell], w.place_id),
            "sex": words(c.sex[cell], SEXES),
            "age_band": words(c.age[cell], AGES),
            "community": words(c.community[cell], c.communities),
            "livelihood": words(c.livelihood[cell], w.livelihood_id),
            "enterprise": words(c.enterprise[cell], [str(x) for x in w.enterprise("enterprise")]),
            "household": units[:, 0],
            "work_unit": units[:, 1],
            "neighbourhood": units[:, 2],
            "state": words(state, STATES),
            "spells": spells,
            "cause": words(cause, CAUSES),
            "demands": words(demands, wants),
            "fought": fought,
        }
    )


def _children(simulation: Simulation, ids: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Households of children: spread over the adults' households of their place and community."""
    c, r = simulation.world.cells, _people(simulation).roster
    communities = len(r.block_size) // simulation.world.places
    block = c.place * communities + np.minimum(c.community, communities - 1)
    child = r.group_at_risk[c.group] == 0
    size = np.bincount(block[child], c.count[child], len(r.block_size)).astype(np.int64)
    before = np.zeros(len(c.count), np.int64)
    order = np.flatnonzero(child)[np.argsort(block[child], kind="stable")]
    running = np.cumsum(c.count[order]) - c.count[order]
    start = np.zeros(len(r.block_size), np.int64)
    start[1:] = np.cumsum(size)[:-1]
    before[order] = running - start[block[order]]
    out = np.full(len(ids), -1, np.int64)
    _child_households(r, simulation.seed, ids, cell, block[cell], before, size, r.cell_first, out)
    return out
