"""Spells on the street: how they end, who changes side, which demands are taken up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from groundswell.engine.compiled import inner, kernel, parallel_kernel
from groundswell.engine.home import schedule_wake
from groundswell.engine.purposes import purpose
from groundswell.engine.random import exponential, uniforms
from groundswell.engine.tables import (
    DEAD,
    DEMANDS_DRAWN,
    FIGHTING,
    HELD,
    INJURED,
    N_DEAD,
    N_DEAD_SO_FAR,
    N_FIGHTING,
    N_HELD,
    N_LEFT,
    N_RECOVERING,
    N_STREET,
    N_TOOK_UP,
    OF_FIGHTING,
    RESTING,
    TURN_DRAWN,
    Row,
)

DEMAND = purpose("taking up a demand")
FATE = purpose("whether a hit kills")
# When a person on the street takes up fighting, and when they are peaceful again.
FIGHT = purpose("turn to fighting or peace")

BLOCK = 128  # people whose rows are fetched together
_LEAVE, _DISPERSE, _ARREST, _INJURY, _TURN = 1, 2, 3, 4, 5  # how a step ends for a person, 0: as it began


@inner
def draw_demands(seed: int, p: Row, demand_left: NDArray[Any], row: int) -> None:
    """Unit exponentials for taking up each demand, drawn once for life."""
    demands = demand_left.shape[1]
    for k in range((demands + 1) // 2):
        a, b = uniforms(seed, DEMAND, p.id, k)
        demand_left[row, 2 * k] = -math.log(a)
        if 2 * k + 1 < demands:
            demand_left[row, 2 * k + 1] = -math.log(b)
    p.flags |= DEMANDS_DRAWN


@inner
def exit_of(
    leave: float, disperse: float, arrest: float, injury: float, r_leave: float, r_disperse: float, r_arrest: float,
    r_injury: float,
) -> int:  # fmt: skip
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
def _decide_exit(
    seed: int, now: int, dt: float, p: Row, leave: float, growth: float, arrival: float, factor: NDArray[Any],
    disperse: NDArray[Any], arrest: NDArray[Any], injure: NDArray[Any],
) -> int:  # fmt: skip
    first = now == p.joined_h + 1  # the rest of the step in which the person came is made up for
    span = dt * (1.0 + arrival * (1.0 - p.hit)) if first else dt
    rl = leave * (1.0 + growth * (now - p.joined_h) * dt) * factor[p.place] * span
    side = 1 if p.flags & FIGHTING else 0
    rd, ra, ri = disperse[p.place, side] * span, arrest[p.place, side] * span, injure[p.place, side] * span
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
def _decide_turn(seed: int, dt: float, p: Row, fight: NDArray[Any], unorganised: NDArray[Any], calm: float) -> bool:
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
def _decide_demands(seed: int, p: Row, row: int, demand_left: NDArray[Any], hazard: NDArray[Any]) -> int:
    if not p.flags & DEMANDS_DRAWN:
        draw_demands(seed, p, demand_left, row)
    taken = 0
    for k in range(demand_left.shape[1]):  # of those held, too, which is of no consequence and faster than to ask
        left = demand_left[row, k] - hazard[p.group, k]
        demand_left[row, k] = left
        taken |= (left <= 0.0) << k
    return taken & ~p.demands


@kernel
def demand_hazards(
    group_place: NDArray[Any], dt: float, innovation: NDArray[Any], organised_demands: NDArray[Any],
    organised: NDArray[Any], imitation: NDArray[Any], hazard: NDArray[Any],
) -> bool:  # fmt: skip
    """What the step adds to the clock of each demand, (G, D); True where nobody can take up a demand."""
    total, demands = 0.0, len(innovation)
    for k in range(demands):
        total += innovation[k]
    for p in range(imitation.shape[0]):
        for k in range(demands):
            total += imitation[p, k]
    if total == 0.0:
        return True
    for g in range(len(group_place)):
        for k in range(demands):
            own = innovation[k] * (organised[g] if organised_demands[k] else 1.0)
            hazard[g, k] = (own + imitation[group_place[g], k]) * dt
    return False


@inner
def _no_turns(fight: NDArray[Any], by_place: NDArray[Any]) -> bool:
    """True where nobody can change side in this step."""
    total = 0.0
    for p in range(len(fight)):
        total += fight[p] + by_place[N_FIGHTING, p]
    return total == 0.0


@inner
def decide(
    seed: int, now: int, dt: float, street: NDArray[Any], n: int, people: NDArray[Any], demand_left: NDArray[Any],
    leave: float, growth: float, arrival: float, factor: NDArray[Any], disperse: NDArray[Any], arrest: NDArray[Any],
    injure: NDArray[Any], fight: NDArray[Any], unorganised: NDArray[Any], calm: float, idle: bool,
    demand_h: NDArray[Any], by_place: NDArray[Any], exits: NDArray[Any], gained: NDArray[Any], fetched: NDArray[Any],
) -> None:  # fmt: skip
    """How the step ends for everybody who was on the street when it began, and which demands were taken up.

    idle, demand_h: what `demand_hazards` gave. fetched: room for one number.
    """
    peaceful, seen, later = _no_turns(fight, by_place), np.int64(0), 0.0
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        for i in range(start, stop):  # fetches the rows of a block together
            p = people[street[i]]
            seen ^= p.joined_h ^ p.wakes
            if not idle:
                later += demand_left[street[i], 0] + demand_left[street[i], demand_left.shape[1] - 1]
        for i in range(start, stop):
            row = street[i]
            exits[i] = _decide_exit(
                seed, now, dt, people[row], leave, growth, arrival, factor, disperse, arrest, injure
            )
            if not peaceful and exits[i] == 0 and _decide_turn(seed, dt, people[row], fight, unorganised, calm):
                exits[i] = _TURN
            gained[i] = 0
            if not idle:
                gained[i] = _decide_demands(seed, people[row], row, demand_left, demand_h)
    fetched[0] = seen + (later > 0.0)  # keeps the reads from being left out


@parallel_kernel
def decide_on_threads(
    seed: int, now: int, dt: float, street: NDArray[Any], n: int, people: NDArray[Any], demand_left: NDArray[Any],
    leave: float, growth: float, arrival: float, factor: NDArray[Any], disperse: NDArray[Any], arrest: NDArray[Any],
    injure: NDArray[Any], fight: NDArray[Any], unorganised: NDArray[Any], calm: float, idle: bool,
    demand_h: NDArray[Any], by_place: NDArray[Any], exits: NDArray[Any], gained: NDArray[Any],
) -> None:  # fmt: skip
    """Same as `decide`, to the bit."""
    peaceful = _no_turns(fight, by_place)
    for i in prange(n):
        row = street[i]
        exits[i] = _decide_exit(seed, now, dt, people[row], leave, growth, arrival, factor, disperse, arrest, injure)
        if not peaceful and exits[i] == 0 and _decide_turn(seed, dt, people[row], fight, unorganised, calm):
            exits[i] = _TURN
        gained[i] = 0
        if not idle:
            gained[i] = _decide_demands(seed, people[row], row, demand_left, demand_h)


@inner
def _turn(p: Row, by_place: NDArray[Any]) -> None:
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
def _fetch_left(
    street: NDArray[Any], start: int, stop: int, people: NDArray[Any], pools: NDArray[Any], exits: NDArray[Any],
    fetched: NDArray[Any],
) -> None:  # fmt: skip
    """Bring into the cache the pools that those of a block leave; `fetched` keeps the reads from being left out."""
    seen = np.int64(0)
    for i in range(start, stop):
        if exits[i] != 0 and exits[i] != _TURN:
            p = people[street[i]]
            seen ^= pools[p.household].active ^ pools[p.work_unit].active ^ pools[p.neighbourhood].active
    fetched[0] = seen


@inner
def end_spells(
    seed: int, now: int, ties: bool, street: NDArray[Any], before: int, n: int, people: NDArray[Any],
    pools: NDArray[Any], exits: NDArray[Any], gained: NDArray[Any], wake: NDArray[Any], waking: NDArray[Any],
    stay_off: NDArray[Any], lethality: NDArray[Any], by_place: NDArray[Any], on_street_group: NDArray[Any],
    demand_people: NDArray[Any], fetched: NDArray[Any],
) -> int:  # fmt: skip
    """Apply the decisions on the first `before` of the `n` rows on the street; returns how many stay.

    stay_off: (5,) steps until the person is at risk again, by exit code. fetched: room for one number.
    """
    stay = 0  # the order is kept, so that rows are passed through as they lie in memory
    for i in range(before):
        if ties and i % BLOCK == 0:
            _fetch_left(street, i, min(i + BLOCK, before), people, pools, exits, fetched)
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
            for k in range(demand_people.shape[1]):
                demand_people[place, k] += (gained[i] >> k) & 1
            if code == _TURN:
                _turn(p, by_place)
            continue
        by_place[N_STREET, place] -= 1
        on_street_group[p.group] -= 1
        if p.demands:
            for k in range(demand_people.shape[1]):
                demand_people[place, k] -= (p.demands >> k) & 1
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
                by_place[N_DEAD_SO_FAR, place] += 1
                flow = N_DEAD
            else:
                p.state = INJURED
                by_place[N_RECOVERING, place] += 1
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
