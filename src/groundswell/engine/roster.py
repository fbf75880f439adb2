"""Who is who: from a person's id to group, household, work unit and neighbourhood, and back, without a stored
list.

Ids of a group are one contiguous range. Ties are three families of pools over the adults (people at risk):
households within a block of place and community, work units within a group, neighbourhoods within a place.
In a block of n adults and m units, the adult at position x sits in unit `permute(x) mod m`, so units differ
by at most one member and every household has an adult. The permutation is keyed, so all of it is a pure
function of (seed, person id) with an exact inverse, and nothing is stored.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from groundswell.engine.compiled import shared
from groundswell.engine.purposes import purpose
from groundswell.engine.random import permute
from groundswell.engine.tables import HOUSEHOLD, NEIGHBOURHOOD, WORK_UNIT

UNIT = purpose("household, work unit and neighbourhood")  # who shares a household, a work unit, a neighbourhood


class Roster(NamedTuple):
    """Tables of the population (int64). A cell is a run of ids alike in all; groups are runs of cells."""

    group_first: np.ndarray  # (G,) first id
    group_size: np.ndarray  # (G,) people
    group_place: np.ndarray  # (G,)
    group_at_risk: np.ndarray  # (G,) 1: adults
    group_cells: np.ndarray  # (G + 1,) first cell of each group
    cell_first: np.ndarray  # (C,)
    cell_block: np.ndarray  # (C,) household block, -1: children
    cell_offset: np.ndarray  # (C,) position of the cell's first person inside the block
    block_size: np.ndarray  # (B,) adults
    block_households: np.ndarray  # (B,)
    block_cells: np.ndarray  # (B + 1,) range in block_cell
    block_cell: np.ndarray  # cells of each block in order
    work_units: np.ndarray  # (G,) units, 0: none
    place_first: np.ndarray  # (P,) first adult id
    place_adults: np.ndarray  # (P,)
    place_units: np.ndarray  # (P,) neighbourhoods

    @property
    def people(self) -> int:
        """Inhabitants."""
        return int(self.group_size.sum())

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.place_first)


def make_roster(
    group_place: np.ndarray,
    group_size: np.ndarray,
    group_at_risk: np.ndarray | None = None,
    group_works: np.ndarray | None = None,
    cell_group: np.ndarray | None = None,
    cell_size: np.ndarray | None = None,
    cell_community: np.ndarray | None = None,
    people_per_household: np.ndarray | float = 4.0,
    people_per_work_unit: float = 25.0,
    people_per_neighbourhood: float = 300.0,
) -> Roster:
    """Lay out ids: groups in the order given, which must be by place with the adults' groups first.

    Args:
        group_place: (G,) place of each group, not decreasing.
        group_size: (G,) people.
        group_at_risk: (G,) True for adults (default: all).
        group_works: (G,) True where members have a work unit (default: the groups at risk).
        cell_group, cell_size, cell_community: (C,) finer runs of people inside the groups, in the order of
            the groups (default: one cell a group, one community).
        people_per_household: (P,) or scalar, inhabitants; households are counted over all inhabitants.
        people_per_work_unit, people_per_neighbourhood: adults.

    Raises:
        ValueError: if groups are not ordered by place with adults first, or cells do not add up to groups.
    """
    place = np.asarray(group_place, np.int64)
    size = np.asarray(group_size, np.int64)
    risk = np.ones(len(size), bool) if group_at_risk is None else np.asarray(group_at_risk, bool)
    works = risk if group_works is None else np.asarray(group_works, bool)
    places = int(place.max()) + 1
    if np.any(np.diff(place) < 0) or np.any((np.diff(place) == 0) & ~risk[:-1] & risk[1:]):
        raise ValueError("groups must be ordered by place, and within a place adults before children")
    if cell_group is None:
        cell_group, cell_size = np.arange(len(size)), size
    cell_group, cell_size = np.asarray(cell_group, np.int64), np.asarray(cell_size, np.int64)
    community = np.zeros(len(cell_group), np.int64) if cell_community is None else np.asarray(cell_community)
    if not np.array_equal(np.bincount(cell_group, cell_size, len(size)).astype(np.int64), size):
        raise ValueError("cells do not add up to the sizes of their groups")
    if np.any(np.diff(cell_group) < 0):
        raise ValueError("cells must be in the order of their groups")

    adults = np.bincount(place, size * risk, places).astype(np.int64)
    people = np.bincount(place, size, places)
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    place_first = np.zeros(places, np.int64)
    place_first[place[::-1]] = first[::-1]
    communities = int(community.max()) + 1
    block = place[cell_group] * communities + community
    adult_cell = np.flatnonzero(risk[cell_group])
    order = adult_cell[np.argsort(block[adult_cell], kind="stable")]
    blocks = places * communities
    cells_in_block = np.bincount(block[order], minlength=blocks)
    block_cells = np.concatenate([[0], np.cumsum(cells_in_block)]).astype(np.int64)
    block_size = np.bincount(block[order], cell_size[order], blocks).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(cell_size[order])[:-1]])
    start_of_block = np.concatenate([[0], np.cumsum(block_size)[:-1]])
    offset = np.zeros(len(cell_group), np.int64)
    offset[order] = before - start_of_block[block[order]]
    per_household = np.broadcast_to(np.asarray(people_per_household, float), (places,))
    adults_per_household = per_household * np.divide(adults, people, out=np.ones(places), where=people > 0)
    households = np.rint(block_size / np.repeat(np.maximum(adults_per_household, 1.0), communities))
    cell_block = np.full(len(cell_group), -1, np.int64)
    cell_block[adult_cell] = block[adult_cell]
    return Roster(
        group_first=first,
        group_size=size,
        group_place=place,
        group_at_risk=risk.astype(np.int64),
        group_cells=np.searchsorted(cell_group, np.arange(len(size) + 1)).astype(np.int64),
        cell_first=np.concatenate([[0], np.cumsum(cell_size)[:-1]]).astype(np.int64),
        cell_block=cell_block,
        cell_offset=offset,
        block_size=block_size,
        block_households=np.where(block_size > 0, np.maximum(households, 1), 0).astype(np.int64),
        block_cells=block_cells,
        block_cell=order.astype(np.int64),
        work_units=np.where(works & (size > 1), np.maximum(np.rint(size / people_per_work_unit), 1), 0).astype(
            np.int64
        ),
        place_first=place_first,
        place_adults=adults,
        place_units=np.where(adults > 1, np.maximum(np.rint(adults / people_per_neighbourhood), 1), 0).astype(np.int64),
    )


@shared
def _last_at_most(first: NDArray[Any], lo: int, hi: int, value: int) -> int:
    """Last row of the ascending first[lo:hi] that is not beyond `value`."""
    n = hi - lo
    while n > 1:  # without branches that a processor could guess wrong
        half = n >> 1
        lo += half if first[lo + half] <= value else 0
        n -= half
    return lo


@shared
def group_of(r: Roster, person: int) -> int:
    """Group of a person."""
    return _last_at_most(r.group_first, 0, len(r.group_first), person)


@shared
def cell_of(r: Roster, person: int, group: int) -> int:
    """Cell of a person of the given group."""
    return _last_at_most(r.cell_first, r.group_cells[group], r.group_cells[group + 1], person)


@njit(inline="always")
def _key(family: int, block: int, unit: int) -> int | np.int64:
    return (np.int64(family) << 60) | (np.int64(block) << 36) | np.int64(unit)


@shared
def pool_key(r: Roster, seed: int, person: int, group: int, family: int) -> int | np.int64:
    """Key of the household, work unit or neighbourhood of an adult; -1 where there is none."""
    if family == HOUSEHOLD:
        c = cell_of(r, person, group)
        b = r.cell_block[c]
        j = permute(
            r.cell_offset[c] + person - r.cell_first[c],
            r.block_size[b],
            seed,
            UNIT,
            _key(HOUSEHOLD, b, 0),
            False,
        )
        return _key(HOUSEHOLD, b, j % r.block_households[b])
    if family == WORK_UNIT:
        if r.work_units[group] == 0:
            return np.int64(-1)
        j = permute(person - r.group_first[group], r.group_size[group], seed, UNIT, _key(WORK_UNIT, group, 0), False)
        return _key(WORK_UNIT, group, j % r.work_units[group])
    p = r.group_place[group]
    if r.place_units[p] == 0:
        return np.int64(-1)
    j = permute(person - r.place_first[p], r.place_adults[p], seed, UNIT, _key(NEIGHBOURHOOD, p, 0), False)
    return _key(NEIGHBOURHOOD, p, j % r.place_units[p])


@shared
def _extent(r: Roster, family: int, block: int) -> tuple[int, int]:
    if family == HOUSEHOLD:
        return r.block_size[block], r.block_households[block]
    if family == WORK_UNIT:
        return r.group_size[block], r.work_units[block]
    return r.place_adults[block], r.place_units[block]


@shared
def pool_size(r: Roster, key: int) -> int:
    """Members of a pool (adults)."""
    n, m = _extent(r, key >> 60, (key >> 36) & 0xFFFFFF)
    unit = key & 0xFFFFFFFFF
    return (n - unit + m - 1) // m


@shared
def pool_member(r: Roster, seed: int, key: int, slot: int) -> int | np.int64:
    """Id of the member at a slot 0..size-1 of a pool; inverse of `pool_key`."""
    family, block = key >> 60, (key >> 36) & 0xFFFFFF
    n, m = _extent(r, family, block)
    x = permute((key & 0xFFFFFFFFF) + slot * m, n, seed, UNIT, _key(family, block, 0), True)
    if family == HOUSEHOLD:
        lo, hi = r.block_cells[block], r.block_cells[block + 1]
        while hi - lo > 1:  # the last cell of the block whose offset is not beyond x
            mid = (lo + hi) // 2
            if r.cell_offset[r.block_cell[mid]] <= x:
                lo = mid
            else:
                hi = mid
        c = r.block_cell[lo]
        return r.cell_first[c] + x - r.cell_offset[c]
    if family == WORK_UNIT:
        return r.group_first[block] + x
    return r.place_first[block] + x
