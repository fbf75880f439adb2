"""Who starts a spell on the street after the hits of a step, and what is made of a person at their first one.

Joiners are taken in blocks, and what is done to them in passes over a block: draws of one kind are made together, and
rows of large tables are fetched together before they are changed one after another. The order of changes is that of
the joiners, so the size of a block does not matter.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.compiled import inner
from groundswell.engine.hits import POOL_GAP, runs
from groundswell.engine.home import new_person
from groundswell.engine.purposes import purpose
from groundswell.engine.random import FRAILTY, exponential, gamma, gamma_proposal, many_uniforms
from groundswell.engine.roster import Roster, group_of, pool_key, pool_size
from groundswell.engine.spells import DEMAND
from groundswell.engine.tables import (
    DEMANDS_DRAWN,
    GRIEVANCE,
    HOME,
    HOUSEHOLD,
    JOINING,
    N_STREET,
    NEIGHBOURHOOD,
    STREET,
    WORK_UNIT,
    Row,
    find,
    put,
    slot_of,
)

EXIT = purpose("length and end of a spell")  # how long a spell on the street lasts and how it ends

BLOCK = 256  # joiners worked on together: what they need fits into the nearest caches
_SPELL, _HARM, _FIRST, _SECOND, _THIRD, _DEMAND, _WAIT, DRAWS = 0, 2, 4, 6, 8, 10, 18, 24  # rows of `draws`


@inner
def admit(
    r: Roster, hits: NDArray[Any], n: int, people: NDArray[Any], n_people: int, slots: NDArray[Any],
    joiners: NDArray[Any], fetched: NDArray[Any],
) -> tuple[int, int]:  # fmt: skip
    """Resolve the hits of a step: the first hit of a person at home wins; void are hits on anybody else."""
    m = 0
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        _fetch_people(hits, start, stop, people, slots, fetched)
        for i in range(start, stop):
            hit = hits[i]
            row: Any = np.int64(hit.row)
            stream = row < 0 and hit.cause == GRIEVANCE
            if row < 0:
                row = find(slots, hit.id)
            if row < 0:
                row = n_people
                n_people += 1
                new_person(r, people, row, hit.id, hit.group, slots)
            elif stream and (people[row].state != JOINING or people[row].listing > 0 or people[row].spell > 0):
                continue  # has a resistance of their own by now
            p = people[row]
            if p.state == HOME:
                p.state = JOINING
                joiners[m] = row
                m += 1
            elif p.state != JOINING or hit.moment > p.hit or (hit.moment == p.hit and hit.cause > p.cause):
                continue
            p.hit = hit.moment
            p.cause = hit.cause
    return n_people, m


@inner
def _fetch_people(
    hits: NDArray[Any], start: int, stop: int, people: NDArray[Any], slots: NDArray[Any], fetched: NDArray[Any],
) -> None:  # fmt: skip
    """Bring into the cache what the hits of a block look up; `fetched` only keeps the reads from being left out."""
    seen = np.int64(0)
    for i in range(start, stop):
        if hits[i].row < 0:
            seen ^= slots[slot_of(slots, hits[i].id), 1]
        else:
            seen ^= people[hits[i].row].state ^ people[hits[i].row].spell
    fetched[0] = seen


@inner
def _one_more_active(pools: NDArray[Any], u: int, listed: NDArray[Any], n_listed: int) -> int:
    if u >= 0:
        pools[u].active += 1
        if not pools[u].listed and runs(pools[u]):
            pools[u].listed = 1
            listed[n_listed] = u
            n_listed += 1
    return n_listed


@inner
def _pool_under(
    r: Roster, keys: NDArray[Any], draws: NDArray[Any], i: int, family: int, group: int, pools: NDArray[Any],
    n_pools: int, slots: NDArray[Any],
) -> tuple[int | np.int64, int]:  # fmt: skip
    """Row of the pool of a family that joiner i of a block enters, made where there is none; the number of rows."""
    key = keys[family, i]
    if key < 0:
        return np.int64(-1), n_pools
    row = find(slots, key)
    if row < 0:
        row = n_pools
        put(slots, key, row)
        pool = pools[row]
        pool.key = key
        pool.family = family
        pool.place = r.group_place[group]
        pool.size = pool_size(r, key)
        pool.active = pool.hits = pool.listed = 0
        pool.clock = pool.step = 0.0
        pool.next = -math.log(draws[_WAIT + 2 * family, i]) / pool.size
        n_pools += 1
    return row, n_pools


@inner
def _fetch_pools(
    r: Roster, seed: int, joiners: NDArray[Any], start: int, n: int, people: NDArray[Any], pools: NDArray[Any],
    slots: NDArray[Any], ids: NDArray[Any], spells: NDArray[Any], groups: NDArray[Any], keys: NDArray[Any],
    draws: NDArray[Any], fetched: NDArray[Any],
) -> None:  # fmt: skip
    """Keys of the pools that the joiners of a block enter; the rows of their pools come into the cache."""
    seen = np.int64(0)
    for i in range(n):
        p = people[joiners[start + i]]
        g = np.int64(p.group)
        own = r.group_first[g] <= p.id < r.group_first[g] + r.group_size[g]
        groups[i] = g if own else group_of(r, p.id)  # units stay where a person was first counted
        keys[3, i] = p.household
        if p.household >= 0:
            seen ^= pools[p.household].active
            if p.work_unit >= 0:
                seen ^= pools[p.work_unit].active
            if p.neighbourhood >= 0:
                seen ^= pools[p.neighbourhood].active
    for family in (HOUSEHOLD, WORK_UNIT, NEIGHBOURHOOD):
        for i in range(n):
            if keys[3, i] < 0:
                keys[family, i] = pool_key(r, seed, ids[i], groups[i], family)
    for family in range(3):  # reads in a loop of their own, so that many are under way at a time
        for i in range(n):
            if keys[3, i] < 0:
                seen ^= slots[slot_of(slots, keys[family, i]), 1]
    for i in range(n):
        spells[i] = 0
    for family in range(3):
        many_uniforms(seed, POOL_GAP, keys[family], spells, n, draws, _WAIT + 2 * family)
        for i in range(n):
            if keys[3, i] < 0:
                at = slot_of(slots, keys[family, i])
                if slots[at, 0] == keys[family, i] + 1:
                    seen ^= pools[slots[at, 1]].active
    fetched[0] = seen


@inner
def _draw(
    seed: int, shape: float, joiners: NDArray[Any], start: int, n: int, people: NDArray[Any], ids: NDArray[Any],
    spells: NDArray[Any], demands: int, draws: NDArray[Any],
) -> None:  # fmt: skip
    """Keys of the joiners of a block, and what is drawn for them: for the spell, and for the frailty of newcomers."""
    newcomers = 0
    for i in range(n):
        p = people[joiners[start + i]]
        ids[i] = p.id
        spells[i] = 2 * (p.spell + 1)
        newcomers += p.listing == 0 and p.spell == 0
    many_uniforms(seed, EXIT, ids, spells, n, draws, _SPELL)
    for i in range(n):
        spells[i] += 1
    many_uniforms(seed, EXIT, ids, spells, n, draws, _HARM)
    if newcomers and demands:
        for k in range((demands + 1) // 2):
            for i in range(n):
                spells[i] = k
            many_uniforms(seed, DEMAND, ids, spells, n, draws, _DEMAND + 2 * k)
    if newcomers and shape >= 1.0:
        for key, row in ((0, _FIRST), (2, _SECOND), (3, _THIRD)):
            for i in range(n):
                spells[i] = key
            many_uniforms(seed, FRAILTY, ids, spells, n, draws, row)


@inner
def _frailty(seed: int, p: Row, i: int, shape: float, clock: float, draws: NDArray[Any]) -> float:
    """`frailty_given_hit`, to the bit, from draws already made."""
    z = -1.0
    if shape >= 1.0:  # the first proposal of `gamma`
        w = gamma_proposal(draws[_SECOND, i], draws[_SECOND + 1, i], draws[_THIRD, i], shape)
        z = (shape - 1.0 / 3.0) * w
    if z < 0.0:
        z = gamma(seed, p.id, shape)
    if p.cause == GRIEVANCE:
        z += -math.log(draws[_FIRST, i]) if shape >= 1.0 else exponential(seed, FRAILTY, p.id, 0)
    return z / (shape + clock)


@inner
def start_spells(
    r: Roster, seed: int, shape: float, now: int, ties: bool, joiners: NDArray[Any], m: int, people: NDArray[Any],
    pools: NDArray[Any], n_pools: int, pool_slots: NDArray[Any], listed: NDArray[Any], n_listed: int,
    street: NDArray[Any], n_street: int, clock: NDArray[Any], step: NDArray[Any], by_place: NDArray[Any],
    on_street_group: NDArray[Any], joined: NDArray[Any], demand_people: NDArray[Any], demand_left: NDArray[Any],
    demands: int, draws: NDArray[Any], keys: NDArray[Any],
) -> tuple[int, int, int]:  # fmt: skip
    """Put the joiners of a step on the street. A spell starts peaceful.

    demands: how many demands there are, if somebody may take up one in this step; 0: draws for them are left for later.
    draws: (DRAWS, BLOCK), keys: (8, BLOCK) room for a block's draws, and for its keys.
    """
    ids, spells, groups, fetched = keys[4], keys[5], keys[6], keys[7]
    for start in range(0, m, BLOCK):
        n = min(BLOCK, m - start)
        _draw(seed, shape, joiners, start, n, people, ids, spells, demands, draws)
        if ties:
            _fetch_pools(
                r, seed, joiners, start, n, people, pools, pool_slots, ids, spells, groups, keys, draws, fetched
            )
        for i in range(n):
            row = joiners[start + i]
            p = people[row]
            if p.listing == 0 and p.spell == 0:  # first act: what is personal is made now
                at_hit = max(clock[p.group] - (1.0 - p.hit) * step[p.group], 0.0)
                p.frailty = _frailty(seed, p, i, shape, at_hit, draws)
                if demands:
                    for k in range(demand_left.shape[1]):
                        demand_left[row, k] = -math.log(draws[_DEMAND + k, i])
                    p.flags |= DEMANDS_DRAWN
            if ties:
                if p.household < 0:
                    g = groups[i]
                    p.household, n_pools = _pool_under(r, keys, draws, i, HOUSEHOLD, g, pools, n_pools, pool_slots)
                    p.work_unit, n_pools = _pool_under(r, keys, draws, i, WORK_UNIT, g, pools, n_pools, pool_slots)
                    p.neighbourhood, n_pools = _pool_under(
                        r, keys, draws, i, NEIGHBOURHOOD, g, pools, n_pools, pool_slots
                    )
                n_listed = _one_more_active(pools, p.household, listed, n_listed)
                n_listed = _one_more_active(pools, p.work_unit, listed, n_listed)
                n_listed = _one_more_active(pools, p.neighbourhood, listed, n_listed)
            p.state = STREET
            p.joined_h = now
            p.spell += 1
            p.leave_left = -math.log(draws[_SPELL, i])
            p.disperse_left = -math.log(draws[_SPELL + 1, i])
            p.arrest_left = -math.log(draws[_HARM, i])
            p.injury_left = -math.log(draws[_HARM + 1, i])
            street[n_street] = row
            n_street += 1
            by_place[N_STREET, p.place] += 1
            on_street_group[p.group] += 1
            joined[p.place, p.cause] += 1
            if p.demands:
                for k in range(demand_people.shape[1]):
                    demand_people[p.place, k] += (p.demands >> k) & 1
    return n_pools, n_listed, n_street
