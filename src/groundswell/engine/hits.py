"""Advance the clocks of groups and pools by one step, and list whom they hit.

Clocks write only to their own row, and no sum of floats crosses rows, so the loops over them may run on
threads without changing a bit; everything that counts or allots a row runs after them in one fixed order.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from groundswell.engine.compiled import inner, kernel, parallel_kernel
from groundswell.engine.heap import pop
from groundswell.engine.purposes import purpose
from groundswell.engine.random import exponential, permute, uniforms
from groundswell.engine.resistance import next_log_survival, resistance
from groundswell.engine.roster import Roster, group_of, pool_member
from groundswell.engine.tables import GRIEVANCE, HOME, HOUSEHOLD, Row

GROUP_RANK = purpose("rank in a group")  # who of a group stands at which rank
POOL_GAP = purpose("waiting time of a tie pool")
POOL_MARK = purpose("whom a tie pool hits")  # whom a tie pool hits, and whether the hit is accepted

_BLOCK = 64


@inner
def _record(hits: NDArray[Any], n: int, person: int, row: int, cause: int, group: int, moment: float) -> None:
    hits[n].id = person
    hits[n].row = row
    hits[n].cause = cause
    hits[n].group = group
    hits[n].moment = min(max(moment, 0.0), 1.0)


@kernel
def first_resistances(
    seed: int, shape: float, size: NDArray[Any], at_risk: NDArray[Any], log_survival: NDArray[Any],
    upcoming: NDArray[Any],
) -> None:  # fmt: skip
    """Smallest resistance of every group."""
    for g in range(len(size)):
        log_survival[g] = next_log_survival(0.0, 0, size[g] if at_risk[g] else 0, seed, g)
        upcoming[g] = resistance(log_survival[g], shape)


@inner
def advance_groups(hazard: NDArray[Any], dt: float, clock: NDArray[Any], step: NDArray[Any]) -> None:
    """Advance every group's clock by hazard * dt."""
    for g in range(len(clock)):
        step[g] = hazard[g] * dt
        clock[g] += step[g]


@parallel_kernel
def advance_groups_on_threads(hazard: NDArray[Any], dt: float, clock: NDArray[Any], step: NDArray[Any]) -> None:
    """Same as `advance_groups`, to the bit."""
    for g in prange(len(clock)):
        step[g] = hazard[g] * dt
        clock[g] += step[g]


@kernel
def group_hits(
    first: NDArray[Any], size: NDArray[Any], seed: int, shape: float, clock: NDArray[Any], step: NDArray[Any],
    upcoming: NDArray[Any], lowest: NDArray[Any], due: NDArray[Any], log_survival: NDArray[Any], rank: NDArray[Any],
    heap: NDArray[Any], entries: NDArray[Any], used: NDArray[Any], people: NDArray[Any], hits: NDArray[Any],
    cursor: NDArray[Any],
) -> int:  # fmt: skip
    """Everybody whose resistance a group clock passed: newcomers by rank, returned people from the heaps.

    due: (G,) the smaller of `upcoming` and `lowest`. cursor: [group to go on with, pool to go on with, hits
    so far]. Returns the number of hits, or -1 if the table is full: call again with a longer one.
    """
    n, groups = cursor[2], len(clock)
    for start in range(cursor[0] - cursor[0] % _BLOCK, groups, _BLOCK):
        stop = min(start + _BLOCK, groups)
        passed = 0
        for g in range(start, stop):
            passed += due[g] <= clock[g]
        if passed == 0:
            continue
        for g in range(start, stop):
            if due[g] > clock[g]:
                continue
            old = clock[g] - step[g]
            while upcoming[g] <= clock[g]:
                if n == len(hits):
                    cursor[0], cursor[2] = g, n
                    return -1
                person = first[g] + permute(rank[g], size[g], seed, GROUP_RANK, g, False)
                _record(hits, n, person, -1, GRIEVANCE, g, (upcoming[g] - old) / step[g])
                n += 1
                rank[g] += 1
                log_survival[g] = next_log_survival(log_survival[g], rank[g], size[g], seed, g)
                upcoming[g] = resistance(log_survival[g], shape)
            while heap[g] >= 0 and entries[heap[g]].resistance <= clock[g]:
                if n == len(hits):
                    cursor[0], cursor[2] = g, n
                    return -1
                e = heap[g]
                row = entries[e].person
                if people[row].listing == entries[e].listing and people[row].state == HOME:  # else: stale
                    moment = (entries[e].resistance - old) / step[g]
                    _record(hits, n, people[row].id, row, GRIEVANCE, g, moment)
                    n += 1
                heap[g] = pop(entries, used, heap[g])
            lowest[g] = entries[heap[g]].resistance if heap[g] >= 0 else math.inf
            due[g] = min(upcoming[g], lowest[g])
    cursor[0], cursor[2] = groups, n
    return n


@inner
def runs(pool: Row) -> bool:
    """Whether the clock of a pool runs: with an active member in a household, with two in a larger unit."""
    return pool.active > (0 if pool.family == HOUSEHOLD else 1)


@inner
def _advance_pool(pool: Row, beta: NDArray[Any], tie_max: NDArray[Any], dt: float) -> None:
    """What one member meets: active others in the household; share, less one person's, in larger units."""
    if pool.family == HOUSEHOLD:
        exposure = float(pool.active)
    else:
        exposure = (pool.active - 1) / pool.size
    pool.step = beta[pool.family] * exposure * tie_max[pool.place] * dt
    pool.clock += pool.step


@inner
def advance_pools(
    listed: NDArray[Any], n: int, pools: NDArray[Any], beta: NDArray[Any], tie_max: NDArray[Any], dt: float,
    fetched: NDArray[Any],
) -> tuple[int, int]:  # fmt: skip
    """Advance the clocks of pools at the largest tie factor of their place, and bring those that are hit to the front.

    Pools whose clocks stand still are taken off the list. Returns how many stay, and how many of these are hit.
    fetched: room for one number.
    """
    stay = due = seen = 0
    for i in range(n):
        if i % _BLOCK == 0:
            for j in range(i, min(i + _BLOCK, n)):  # fetches the rows of a block together
                seen ^= pools[listed[j]].active ^ (pools[listed[j]].next > 0.0)
        u = listed[i]
        pool = pools[u]
        if not runs(pool):
            pool.listed = 0
            continue
        _advance_pool(pool, beta, tie_max, dt)
        listed[stay] = u
        if pool.next <= pool.clock:
            listed[stay], listed[due] = listed[due], u
            due += 1
        stay += 1
    fetched[0] = seen  # keeps the reads from being left out
    return stay, due


@inner
def drop_idle(listed: NDArray[Any], n: int, pools: NDArray[Any]) -> int:
    """Take pools whose clocks stand still off the list; returns how many stay."""
    stay = 0
    for i in range(n):
        u = listed[i]
        if runs(pools[u]):
            listed[stay] = u
            stay += 1
        else:
            pools[u].listed = 0
    return stay


@parallel_kernel
def advance_pools_on_threads(
    listed: NDArray[Any], n: int, pools: NDArray[Any], beta: NDArray[Any], tie_max: NDArray[Any], dt: float,
) -> None:  # fmt: skip
    """Same as `advance_pools` after `drop_idle` and before `due_first`, to the bit."""
    for i in prange(n):
        _advance_pool(pools[listed[i]], beta, tie_max, dt)


@kernel
def due_first(listed: NDArray[Any], n: int, pools: NDArray[Any]) -> int:
    """Bring the pools that are hit to the front of the list; returns how many."""
    due = 0
    for i in range(n):
        u = listed[i]
        if pools[u].next <= pools[u].clock:
            listed[i], listed[due] = listed[due], u
            due += 1
    return due


@njit(fastmath={"nnan", "nsz"}, forceinline=True)  # a largest number is the same in any order
def largest_by_place(group_place: NDArray[Any], tie: NDArray[Any], tie_max: NDArray[Any]) -> None:
    """Largest tie factor of every place (groups come in the order of places): its pools run at it."""
    tie_max[:] = 0.0
    groups, g = len(tie), 0
    while g < groups:
        p, stop = group_place[g], g + 1
        while stop < groups and group_place[stop] == p:
            stop += 1
        largest = 0.0
        for i in range(g, stop):
            largest = max(largest, tie[i])
        tie_max[p] = largest
        g = stop


@kernel
def pool_hits(
    r: Roster, seed: int, listed: NDArray[Any], due: int, pools: NDArray[Any], tie: NDArray[Any],
    tie_max: NDArray[Any], hits: NDArray[Any], cursor: NDArray[Any],
) -> int:  # fmt: skip
    """Hits of the clocks of the first `due` pools listed.

    They fall on members with replacement, so a later spell needs no list of its own: the next hit on a
    returned member is again a unit exponential away. A hit is thinned to the member's own tie factor (Lewis &
    Shedler 1979), which is exact because the clock ran at the largest factor of the place.

    cursor, and what is returned: as in `group_hits`.
    """
    n = cursor[2]
    for i in range(cursor[1], due):
        pool = pools[listed[i]]
        while pool.next <= pool.clock:
            if n == len(hits):
                cursor[1], cursor[2] = i, n
                return -1
            pick, keep = uniforms(seed, POOL_MARK, pool.key, pool.hits)
            person = pool_member(r, seed, pool.key, min(np.int64(pick * pool.size), pool.size - 1))
            g = group_of(r, person)
            if keep * tie_max[pool.place] < tie[g]:
                _record(hits, n, person, -1, 1 + pool.family, g, 1.0 - (pool.clock - pool.next) / pool.step)
                n += 1
            pool.hits += 1
            pool.next += exponential(seed, POOL_GAP, pool.key, pool.hits) / pool.size
    cursor[1], cursor[2] = due, n
    return n
