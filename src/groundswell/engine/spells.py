"""Spells on the street: who starts one after the hits of a step, how it ends, which demands are taken up."""

from __future__ import annotations

import math

import numpy as np
from numba import prange

from groundswell.engine.compiled import inner, parallel_kernel
from groundswell.engine.hits import runs
from groundswell.engine.home import new_person, schedule_wake
from groundswell.engine.purposes import DEMAND, EXIT, FATE, FIGHT, POOL_GAP
from groundswell.engine.random import exponential, uniforms
from groundswell.engine.resistance import frailty_given_hit
from groundswell.engine.roster import group_of, pool_key, pool_size
from groundswell.engine.tables import (
    DEAD,
    DEMANDS_DRAWN,
    FIGHTING,
    GRIEVANCE,
    HARM_DRAWN,
    HELD,
    HOME,
    HOUSEHOLD,
    INJURED,
    JOINING,
    N_DEAD,
    N_DIED,
    N_FIGHTING,
    N_HELD,
    N_INJURED,
    N_LEFT,
    N_STREET,
    N_TOOK_UP,
    OF_FIGHTING,
    RESTING,
    STREET,
    TURN_DRAWN,
    WORK_UNIT,
    find,
    put,
)

_LEAVE, _DISPERSE, _ARREST, _INJURY, _TURN = 1, 2, 3, 4, 5  # how a step ends for a person, 0: as it began


@inner
def admit(r, hits, n, people, n_people, slots, joiners):
    """Resolve the hits of a step: the first hit of a person at home wins; void are hits on anybody else."""
    m = 0
    for i in range(n):
        hit = hits[i]
        row = np.int64(hit.row)
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
def _enter_pool(r, seed, person, group, family, pools, n_pools, slots):
    key = pool_key(r, seed, person, group, family)
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
        pool.next = exponential(seed, POOL_GAP, key, 0) / pool.size
        n_pools += 1
    return row, n_pools


@inner
def _one_more_active(pools, u, listed, n_listed):
    if u >= 0:
        pools[u].active += 1
        if not pools[u].listed and runs(pools[u]):
            pools[u].listed = 1
            listed[n_listed] = u
            n_listed += 1
    return n_listed


@inner
def start_spells(
    r, seed, shape, now, ties, joiners, m, people, pools, n_pools, pool_slots, listed, n_listed, street,
    n_street, clock, step, by_place, on_street_group, joined, demands_held,
):  # fmt: skip
    """Put the joiners of a step on the street. A spell starts peaceful."""
    for i in range(m):
        row = joiners[i]
        p = people[row]
        if p.listing == 0 and p.spell == 0:  # first act: what is personal is made now
            at_hit = max(clock[p.group] - (1.0 - p.hit) * step[p.group], 0.0)
            p.frailty = frailty_given_hit(seed, p.id, shape, at_hit, p.cause == GRIEVANCE)
        if ties:
            if p.household < 0:
                own = group_of(r, p.id)  # units stay where a person was first counted
                for family in range(3):
                    u, n_pools = _enter_pool(r, seed, p.id, own, family, pools, n_pools, pool_slots)
                    if family == HOUSEHOLD:
                        p.household = u
                    elif family == WORK_UNIT:
                        p.work_unit = u
                    else:
                        p.neighbourhood = u
            n_listed = _one_more_active(pools, p.household, listed, n_listed)
            n_listed = _one_more_active(pools, p.work_unit, listed, n_listed)
            n_listed = _one_more_active(pools, p.neighbourhood, listed, n_listed)
        p.state = STREET
        p.joined_h = now
        p.spell += 1
        p.flags &= ~HARM_DRAWN
        a, b = uniforms(seed, EXIT, p.id, 2 * p.spell)
        p.leave_left = -math.log(a)
        p.disperse_left = -math.log(b)
        street[n_street] = row
        n_street += 1
        by_place[N_STREET, p.place] += 1
        on_street_group[p.group] += 1
        joined[p.place, p.cause] += 1
        if p.demands:
            for k in range(demands_held.shape[1]):
                demands_held[p.place, k] += (p.demands >> k) & 1
    return n_pools, n_listed, n_street


@inner
def draw_harm(seed, p):
    """Unit exponentials of this spell for arrest and injury; keyed, so it does not matter when they are
    drawn.
    """
    c, d = uniforms(seed, EXIT, p.id, 2 * p.spell + 1)
    p.arrest_left = -math.log(c)
    p.injury_left = -math.log(d)
    p.flags |= HARM_DRAWN


@inner
def draw_demands(seed, p, demand_left, row):
    """Unit exponentials for taking up the six demands, drawn once for life."""
    for k in range(3):
        a, b = uniforms(seed, DEMAND, p.id, k)
        demand_left[row, 2 * k] = -math.log(a)
        demand_left[row, 2 * k + 1] = -math.log(b)
    p.flags |= DEMANDS_DRAWN


@inner
def exit_of(leave, disperse, arrest, injury, r_leave, r_disperse, r_arrest, r_injury):
    """Which of four competing clocks is first within the step: 0 none, 1 leave, 2 disperse, 3 arrest, 4
    injury.
    """
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


@inner
def _decide_exit(seed, now, dt, p, leave, growth, factor, disperse, arrest, injure):
    span = dt * (2.0 - p.hit) if now == p.joined_h + 1 else dt  # and the rest of the step in which the person came
    rl = leave * (1.0 + growth * (now - p.joined_h) * dt) * factor[p.place] * span
    side = 1 if p.flags & FIGHTING else 0
    rd, ra, ri = disperse[p.place, side] * span, arrest[p.place, side] * span, injure[p.place, side] * span
    if (ra > 0.0 or ri > 0.0) and not p.flags & HARM_DRAWN:
        draw_harm(seed, p)
    code = 0
    harmed = (ra > 0.0 and p.arrest_left <= ra) or (ri > 0.0 and p.injury_left <= ri)
    if harmed or p.leave_left <= rl or p.disperse_left <= rd:
        code = exit_of(p.leave_left, p.disperse_left, p.arrest_left, p.injury_left, rl, rd, ra, ri)
    p.leave_left -= rl
    p.disperse_left -= rd
    if ra > 0.0 or ri > 0.0:
        p.arrest_left -= ra
        p.injury_left -= ri
    return code


@inner
def _decide_turn(seed, dt, p, fight, unorganised, calm):
    """Whether a person who stays on the street changes side at the end of the step."""
    hazard = calm if p.flags & FIGHTING else fight[p.place] * unorganised[p.group]
    if hazard <= 0.0:
        return False
    if not p.flags & TURN_DRAWN:
        p.turn_left = exponential(seed, FIGHT, p.id, p.turns)
        p.flags |= TURN_DRAWN
    p.turn_left -= hazard * dt
    return p.turn_left <= 0.0


@inner
def _decide_demands(seed, dt, p, row, demand_left, innovation, organised_demands, organised, imitation):
    gained = 0
    for k in range(len(innovation)):
        hazard = innovation[k] * (organised[p.group] if organised_demands[k] else 1.0) + imitation[p.place, k]
        if hazard > 0.0 and not (p.demands >> k) & 1:
            if not p.flags & DEMANDS_DRAWN:
                draw_demands(seed, p, demand_left, row)
            demand_left[row, k] -= hazard * dt
            if demand_left[row, k] <= 0.0:
                gained |= 1 << k
    return gained


@inner
def _idle_demands(innovation, imitation):
    """True where nobody can take up a demand in this step."""
    total = 0.0
    for k in range(len(innovation)):
        total += innovation[k]
    for p in range(imitation.shape[0]):
        for k in range(imitation.shape[1]):
            total += imitation[p, k]
    return total == 0.0


@inner
def _no_turns(fight, by_place):
    """True where nobody can change side in this step."""
    total = 0.0
    for p in range(len(fight)):
        total += fight[p] + by_place[N_FIGHTING, p]
    return total == 0.0


@inner
def decide(
    seed, now, dt, street, n, people, demand_left, leave, growth, factor, disperse, arrest, injure,
    fight, unorganised, calm, innovation, organised_demands, organised, imitation, by_place, exits, gained,
):  # fmt: skip
    """How the step ends for everybody who was on the street when it began, and which demands were taken up."""
    idle, peaceful = _idle_demands(innovation, imitation), _no_turns(fight, by_place)
    for i in range(n):
        row = street[i]
        exits[i] = _decide_exit(seed, now, dt, people[row], leave, growth, factor, disperse, arrest, injure)
        if not peaceful and exits[i] == 0 and _decide_turn(seed, dt, people[row], fight, unorganised, calm):
            exits[i] = _TURN
        gained[i] = 0
        if not idle:
            gained[i] = _decide_demands(
                seed, dt, people[row], row, demand_left, innovation, organised_demands, organised, imitation
            )


@parallel_kernel
def decide_on_threads(
    seed, now, dt, street, n, people, demand_left, leave, growth, factor, disperse, arrest, injure,
    fight, unorganised, calm, innovation, organised_demands, organised, imitation, by_place, exits, gained,
):  # fmt: skip
    """Same as `decide`, to the bit."""
    idle, peaceful = _idle_demands(innovation, imitation), _no_turns(fight, by_place)
    for i in prange(n):
        row = street[i]
        exits[i] = _decide_exit(seed, now, dt, people[row], leave, growth, factor, disperse, arrest, injure)
        if not peaceful and exits[i] == 0 and _decide_turn(seed, dt, people[row], fight, unorganised, calm):
            exits[i] = _TURN
        gained[i] = 0
        if not idle:
            gained[i] = _decide_demands(
                seed, dt, people[row], row, demand_left, innovation, organised_demands, organised, imitation
            )


@inner
def _turn(p, by_place):
    """A peaceful person takes up fighting, or a fighting one is peaceful again."""
    p.turns += 1
    p.flags &= ~TURN_DRAWN
    if p.flags & FIGHTING:
        p.flags &= ~FIGHTING
        by_place[N_FIGHTING, p.place] -= 1
    else:
        p.flags |= FIGHTING
        by_place[N_FIGHTING, p.place] += 1
        by_place[N_TOOK_UP, p.place] += 1


@inner
def end_spells(
    seed, now, ties, street, before, n, people, pools, exits, gained, wake, waking, stay_off, lethality,
    by_place, on_street_group, demands_held,
):  # fmt: skip
    """Apply the decisions on the first `before` of the `n` rows on the street; returns how many stay.

    stay_off: (5,) steps until the person is at risk again, by exit code.
    """
    stay = 0  # the order is kept, so that rows are passed through as they lie in memory
    for i in range(before):
        code, row = exits[i], street[i]
        if code == 0 or code == _TURN:
            street[stay] = row
            stay += 1
        if code == 0 and gained[i] == 0:
            continue
        p = people[row]
        place = p.place
        if code == 0 or code == _TURN:
            p.demands |= gained[i]
            for k in range(demands_held.shape[1]):
                demands_held[place, k] += (gained[i] >> k) & 1
            if code == _TURN:
                _turn(p, by_place)
            continue
        by_place[N_STREET, place] -= 1
        on_street_group[p.group] -= 1
        if p.demands:
            for k in range(demands_held.shape[1]):
                demands_held[place, k] -= (p.demands >> k) & 1
        p.demands |= gained[i]
        if ties:
            pools[p.household].active -= 1
            if p.work_unit >= 0:
                pools[p.work_unit].active -= 1
            if p.neighbourhood >= 0:
                pools[p.neighbourhood].active -= 1
        side, flow = 1 if p.flags & FIGHTING else 0, N_LEFT + code - _LEAVE
        p.state = RESTING
        if code == _ARREST:
            p.state = HELD
            by_place[N_HELD, place] += 1
        elif code == _INJURY:
            kills = lethality[place, side]
            if kills > 0.0 and uniforms(seed, FATE, p.id, p.spell)[0] < kills:
                p.state = DEAD
                by_place[N_DEAD, place] += 1
                flow = N_DIED
            else:
                p.state = INJURED
                by_place[N_INJURED, place] += 1
        by_place[flow, place] += 1
        if side == 1:
            p.flags &= ~FIGHTING
            by_place[N_FIGHTING, place] -= 1
            if code != _LEAVE:
                by_place[flow + OF_FIGHTING, place] += 1
        if p.state != DEAD:
            schedule_wake(people, row, wake, waking, now + stay_off[code])
    for i in range(before, n):
        street[stay] = street[i]
        stay += 1
    return stay
