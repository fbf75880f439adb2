"""Compiled steps of the event-driven engine: advance clocks, collect hits, start and end spells.

Loops over groups, pools and people on the street run in parallel and write only to their own row; everything that
counts or allots a row runs after them in one fixed order. No sum of floats crosses rows, so the result does not
depend on the number of threads.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from groundswell.engine.heap import pop, push
from groundswell.engine.random import DEMAND, EXIT, GROUP_RANK, POOL_GAP, POOL_MARK, SPELL, exponential, permute, uniforms
from groundswell.engine.resistance import frailty_given_hit, next_log_survival, resistance
from groundswell.engine.roster import group_of, pool_key, pool_member, pool_size
from groundswell.engine.tables import (
    GRIEVANCE,
    HELD,
    HIT,
    HOME,
    HOUSEHOLD,
    INJURED,
    JOINING,
    RESTING,
    STREET,
    find,
    put,
)


@njit
def _room(hits, n):
    if n < len(hits):
        return hits
    bigger = np.zeros(2 * len(hits), HIT)
    bigger[: len(hits)] = hits
    return bigger


@njit(cache=True)
def first_resistances(seed, shape, size, at_risk, log_survival, upcoming):
    """Smallest resistance of every group."""
    for g in range(len(size)):
        log_survival[g] = next_log_survival(0.0, 0, size[g] if at_risk[g] else 0, seed, g)
        upcoming[g] = resistance(log_survival[g], shape)


@njit(parallel=True, cache=True)
def advance_groups(hazard, dt, clock, step, upcoming, lowest, passed):
    """Advance every group's clock by hazard * dt and mark those that passed somebody's resistance."""
    for g in prange(len(clock)):
        step[g] = hazard[g] * dt
        clock[g] += step[g]
        passed[g] = upcoming[g] <= clock[g] or lowest[g] <= clock[g]


@njit(cache=True)
def group_hits(r, seed, shape, clock, step, upcoming, lowest, passed, log_survival, rank, heap, entries, used, people, hits):
    """Everybody whose resistance a group clock passed: newcomers by rank, returned people from the heaps."""
    n = 0
    for g in range(len(clock)):
        if not passed[g]:
            continue
        old = clock[g] - step[g]
        while upcoming[g] <= clock[g]:
            hits = _room(hits, n)
            hits[n].id = r.group_first[g] + permute(rank[g], r.group_size[g], seed, GROUP_RANK, g, False)
            hits[n].row = -1
            hits[n].cause = GRIEVANCE
            hits[n].group = g
            hits[n].moment = min(max((upcoming[g] - old) / step[g], 0.0), 1.0)
            n += 1
            rank[g] += 1
            log_survival[g] = next_log_survival(log_survival[g], rank[g], r.group_size[g], seed, g)
            upcoming[g] = resistance(log_survival[g], shape)
        while heap[g] >= 0 and entries[heap[g]].resistance <= clock[g]:
            e = heap[g]
            row = entries[e].person
            if people[row].listing == entries[e].listing and people[row].state == HOME:  # else: stale
                hits = _room(hits, n)
                hits[n].id = people[row].id
                hits[n].row = row
                hits[n].cause = GRIEVANCE
                hits[n].group = g
                hits[n].moment = min(max((entries[e].resistance - old) / step[g], 0.0), 1.0)
                n += 1
            heap[g] = pop(entries, used, heap[g])
        lowest[g] = entries[heap[g]].resistance if heap[g] >= 0 else np.inf
    return hits, n


@njit(inline="always")
def _exposure(family, active, size):
    """What one member of a pool meets: active others in the household; share, less one person's, in larger units."""
    if family == HOUSEHOLD:
        return float(active)
    return max(active - 1, 0) / size


@njit(parallel=True, cache=True)
def advance_pools(listed, n, pools, beta, tie_max, dt):
    """Advance the clocks of pools with active members at the largest tie factor of their place."""
    for i in prange(n):
        u = listed[i]
        family = pools[u].family
        inc = beta[family] * _exposure(family, pools[u].active, pools[u].size) * tie_max[pools[u].place] * dt
        pools[u].step = inc
        pools[u].clock += inc


@njit(cache=True)
def pool_hits(r, seed, listed, n_listed, pools, tie, tie_max, hits, n):
    """Hits of pool clocks. Hits fall on members with replacement, so a later spell needs no list of its own:
    the next hit on a returned member is again a unit exponential away. A hit is thinned to the member's own tie
    factor (Lewis & Shedler 1979), which is exact because the clock ran at the largest factor of the place."""
    for i in range(n_listed):
        u = listed[i]
        key = pools[u].key
        while pools[u].next <= pools[u].clock:
            pick, keep = uniforms(seed, POOL_MARK, key, pools[u].hits)
            person = pool_member(r, seed, key, min(np.int64(pick * pools[u].size), pools[u].size - 1))
            g = group_of(r, person)
            if keep * tie_max[pools[u].place] < tie[g]:
                hits = _room(hits, n)
                hits[n].id = person
                hits[n].row = -1
                hits[n].cause = 1 + pools[u].family
                hits[n].group = g
                hits[n].moment = min(max(1.0 - (pools[u].clock - pools[u].next) / pools[u].step, 0.0), 1.0)
                n += 1
            pools[u].hits += 1
            pools[u].next += exponential(seed, POOL_GAP, key, pools[u].hits) / pools[u].size
    return hits, n


@njit(cache=True)
def admit(r, hits, n, people, n_people, slots, joiners):
    """Resolve the hits of a step: the first hit of a person at home wins; void are hits on anybody else."""
    m = 0
    for i in range(n):
        row = np.int64(hits[i].row)
        stream = row < 0 and hits[i].cause == GRIEVANCE
        if row < 0:
            row = find(slots, hits[i].id)
        if row < 0:
            row = n_people
            n_people += 1
            put(slots, hits[i].id, row)
            people[row].id = hits[i].id
            people[row].group = hits[i].group
            people[row].place = r.group_place[hits[i].group]
            people[row].household = people[row].work_unit = people[row].neighbourhood = -1
            people[row].spell = people[row].listing = 0
            people[row].demands = 0
            people[row].state = HOME
        elif stream and (people[row].state != JOINING or people[row].listing > 0 or people[row].spell > 0):
            continue  # has a resistance of their own by now
        if people[row].state == HOME:
            people[row].state = JOINING
            joiners[m] = row
            m += 1
        elif people[row].state != JOINING or hits[i].moment > people[row].hit:
            continue
        elif hits[i].moment == people[row].hit and hits[i].cause > people[row].cause:
            continue
        people[row].hit = hits[i].moment
        people[row].cause = hits[i].cause
    return n_people, m


@njit
def _pool_row(r, seed, person, group, family, pools, n_pools, slots):
    key = pool_key(r, seed, person, group, family)
    if key < 0:
        return np.int64(-1), n_pools
    row = find(slots, key)
    if row < 0:
        row = n_pools
        put(slots, key, row)
        pools[row].key = key
        pools[row].family = family
        pools[row].place = r.group_place[group]
        pools[row].size = pool_size(r, key)
        pools[row].active = pools[row].hits = pools[row].listed = 0
        pools[row].clock = pools[row].step = 0.0
        pools[row].next = exponential(seed, POOL_GAP, key, 0) / pools[row].size
        n_pools += 1
    return row, n_pools


@njit
def _pool_change(pools, u, change, listed, n_listed):
    if u >= 0:
        pools[u].active += change
        if change > 0 and not pools[u].listed:
            pools[u].listed = 1
            listed[n_listed] = u
            n_listed += 1
    return n_listed


@njit
def draw_spell(seed, people, row):
    """Unit exponentials of a new spell on the street: leaving, dispersal, arrest, injury."""
    a, b = uniforms(seed, EXIT, people[row].id, 2 * people[row].spell)
    c, d = uniforms(seed, EXIT, people[row].id, 2 * people[row].spell + 1)
    people[row].leave_left = -math.log(a)
    people[row].disperse_left = -math.log(b)
    people[row].arrest_left = -math.log(c)
    people[row].injury_left = -math.log(d)


@njit
def draw_demands(seed, person, demand_left, row):
    """Unit exponentials for taking up the six demands, drawn once for life."""
    for k in range(3):
        a, b = uniforms(seed, DEMAND, person, k)
        demand_left[row, 2 * k] = -math.log(a)
        demand_left[row, 2 * k + 1] = -math.log(b)


@njit(cache=True)
def start_spells(
    r, seed, shape, now, ties, joiners, m, people, demand_left, pools, n_pools, pool_slots, listed, n_listed,
    street, n_street, clock, step, on_street, on_street_group, joined, held_demands,
):  # fmt: skip
    """Put the joiners of a step on the street."""
    for i in range(m):
        row = joiners[i]
        g, p = people[row].group, people[row].place
        if people[row].listing == 0 and people[row].spell == 0:  # first act: what is personal is made now
            at_hit = max(clock[g] - (1.0 - people[row].hit) * step[g], 0.0)
            people[row].frailty = frailty_given_hit(seed, people[row].id, shape, at_hit, people[row].cause == GRIEVANCE)
            draw_demands(seed, people[row].id, demand_left, row)
        if ties and people[row].neighbourhood < 0:
            own = group_of(r, people[row].id)  # units stay where a person was first counted
            a, n_pools = _pool_row(r, seed, people[row].id, own, 0, pools, n_pools, pool_slots)
            b, n_pools = _pool_row(r, seed, people[row].id, own, 1, pools, n_pools, pool_slots)
            c, n_pools = _pool_row(r, seed, people[row].id, own, 2, pools, n_pools, pool_slots)
            people[row].household, people[row].work_unit, people[row].neighbourhood = a, b, c
        people[row].state = STREET
        people[row].joined_h = now
        people[row].spell += 1
        draw_spell(seed, people, row)
        if ties:
            n_listed = _pool_change(pools, people[row].household, 1, listed, n_listed)
            n_listed = _pool_change(pools, people[row].work_unit, 1, listed, n_listed)
            n_listed = _pool_change(pools, people[row].neighbourhood, 1, listed, n_listed)
        street[n_street] = row
        n_street += 1
        on_street[p] += 1
        on_street_group[g] += 1
        joined[p, people[row].cause] += 1
        for k in range(held_demands.shape[1]):
            held_demands[p, k] += (people[row].demands >> k) & 1
    return n_pools, n_listed, n_street


@njit(inline="always")
def exit_of(leave, disperse, arrest, injury, r_leave, r_disperse, r_arrest, r_injury):
    """Which of four competing clocks is passed first within the step: 0 none, 1 leave, 2 disperse, 3 arrest, 4 injury."""
    best, code = 1.0, 0
    if r_leave > 0.0 and leave / r_leave <= best:
        best, code = leave / r_leave, 1
    if r_disperse > 0.0 and disperse / r_disperse < best:
        best, code = disperse / r_disperse, 2
    if r_arrest > 0.0 and arrest / r_arrest < best:
        best, code = arrest / r_arrest, 3
    if r_injury > 0.0 and injury / r_injury < best:
        best, code = injury / r_injury, 4
    return code


@njit(parallel=True, cache=True)
def decide(
    now, dt, street, n, people, demand_left, leave, growth, factor, disperse, arrest, injure,
    innovation, organised_demands, organised, imitation, exits, gained,
):  # fmt: skip
    """For everybody who was on the street when the step began: how the step ends, and which demands were taken up."""
    for i in prange(n):
        row = street[i]
        exits[i] = 0
        gained[i] = 0
        if people[row].joined_h == now:
            continue
        p, g = people[row].place, people[row].group
        rl = leave * (1.0 + growth * (now - people[row].joined_h) * dt) * factor[p] * dt
        rd, ra, ri = disperse[p] * dt, arrest[p] * dt, injure[p] * dt
        exits[i] = exit_of(
            people[row].leave_left, people[row].disperse_left, people[row].arrest_left, people[row].injury_left,
            rl, rd, ra, ri,
        )  # fmt: skip
        people[row].leave_left -= rl
        people[row].disperse_left -= rd
        people[row].arrest_left -= ra
        people[row].injury_left -= ri
        for k in range(len(innovation)):
            if not (people[row].demands >> k) & 1:
                own = innovation[k] * (organised[g] if organised_demands[k] else 1.0)
                demand_left[row, k] -= (own + imitation[p, k]) * dt
                if demand_left[row, k] <= 0.0:
                    gained[i] |= 1 << k


@njit(cache=True)
def end_spells(
    now, ties, street, n, people, pools, exits, gained, wake, waking, stay_off,
    on_street, on_street_group, held_demands, held, injured, left, dispersed, arrested, hurt,
):  # fmt: skip
    """Apply the decisions of a step, last row first so that removal by swap is safe.

    stay_off: (5,) steps until the person is at risk again, by exit code.
    """
    for i in range(n - 1, -1, -1):
        if exits[i] == 0 and gained[i] == 0:
            continue
        row = street[i]
        p = people[row].place
        people[row].demands |= gained[i]
        if exits[i] == 0:
            for k in range(held_demands.shape[1]):
                held_demands[p, k] += (gained[i] >> k) & 1
            continue
        n -= 1
        street[i] = street[n]
        on_street[p] -= 1
        on_street_group[people[row].group] -= 1
        for k in range(held_demands.shape[1]):
            held_demands[p, k] -= ((people[row].demands & ~gained[i]) >> k) & 1
        if ties:
            pools[people[row].household].active -= 1
            if people[row].work_unit >= 0:
                pools[people[row].work_unit].active -= 1
            if people[row].neighbourhood >= 0:
                pools[people[row].neighbourhood].active -= 1
        if exits[i] == 3:
            people[row].state = HELD
            held[p] += 1
            arrested[p] += 1
        elif exits[i] == 4:
            people[row].state = INJURED
            injured[p] += 1
            hurt[p] += 1
        else:
            people[row].state = RESTING
            if exits[i] == 1:
                left[p] += 1
            else:
                dispersed[p] += 1
        schedule_wake(people, row, wake, waking, now + stay_off[exits[i]])
    return n


@njit
def schedule_wake(people, row, wake, waking, when):
    """Put a person on the list of the step in which they are at risk again; beyond the horizon: never."""
    if when < len(wake):
        people[row].next = wake[when]
        wake[when] = row
        waking[when] += 1


@njit
def list_at_home(seed, people, row, clock, heap, lowest, entries, used):
    """Put a person whose frailty is known on their group's list, with a fresh resistance from the clock's present value."""
    g = people[row].group
    people[row].state = HOME
    people[row].listing += 1
    past = clock[g] + exponential(seed, SPELL, people[row].id, people[row].listing) / people[row].frailty
    heap[g] = push(entries, used, heap[g], row, people[row].listing, past)
    lowest[g] = min(lowest[g], past)


@njit(cache=True)
def wake_up(seed, now, people, wake, clock, heap, lowest, entries, used, held, injured):
    """Those whose rest, detention or recovery is over are at risk again from this step on."""
    row = wake[now]
    while row >= 0:
        held[people[row].place] -= people[row].state == HELD
        injured[people[row].place] -= people[row].state == INJURED
        list_at_home(seed, people, row, clock, heap, lowest, entries, used)
        row = people[row].next
    wake[now] = -1


@njit(cache=True)
def take_from_home(
    r, seed, shape, ids, target, people, demand_left, n_people, slots, clock, heap, lowest, entries, used, moved
):
    """Give records to named people who are at home and move them to another group; those elsewhere are left alone.

    A person without a record has not been hit, so their frailty is gamma(k, rate k + clock) and their remaining
    resistance is a fresh exponential over it: their rank in the old group is void from now on.
    """
    for i in range(len(ids)):
        row = find(slots, ids[i])
        if row < 0:
            row = n_people
            n_people += 1
            g = group_of(r, ids[i])
            put(slots, ids[i], row)
            people[row].id = ids[i]
            people[row].group = g
            people[row].place = r.group_place[g]
            people[row].household = people[row].work_unit = people[row].neighbourhood = -1
            people[row].spell = people[row].listing = 0
            people[row].demands = 0
            people[row].state = HOME
            people[row].frailty = frailty_given_hit(seed, ids[i], shape, clock[g], False)
            draw_demands(seed, ids[i], demand_left, row)
        if people[row].state == HOME:
            people[row].group = target
            list_at_home(seed, people, row, clock, heap, lowest, entries, used)
            moved[0] += 1
    return n_people


@njit(cache=True)
def drop_idle(listed, n, pools):
    """Take pools without active members off the list; their clocks stand still until somebody is active again."""
    i = 0
    while i < n:
        u = listed[i]
        if pools[u].active == 0:
            pools[u].listed = 0
            n -= 1
            listed[i] = listed[n]
        else:
            i += 1
    return n
