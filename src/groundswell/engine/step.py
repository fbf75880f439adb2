"""The compiled beginning and end of a step; `hits` stands between them."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from groundswell.engine.compiled import kernel
from groundswell.engine.hits import advance_groups, advance_pools, drop_idle, largest_by_place
from groundswell.engine.home import wake_up
from groundswell.engine.roster import Roster
from groundswell.engine.spells import decide, end_spells
from groundswell.engine.starts import admit, start_spells
from groundswell.engine.tables import N_LEFT, N_TAKEN


@kernel
def begin(
    group_place: NDArray[Any], seed: int, now: int, dt: float, hazard: NDArray[Any], tie: NDArray[Any],
    beta: NDArray[Any], tie_max: NDArray[Any], on_threads: bool, detained: bool, clock: NDArray[Any],
    step: NDArray[Any], lowest: NDArray[Any], due: NDArray[Any], heap: NDArray[Any], entries: NDArray[Any],
    used: NDArray[Any], people: NDArray[Any], wake: NDArray[Any], pools: NDArray[Any], listed: NDArray[Any],
    sizes: NDArray[Any], by_place: NDArray[Any], joined: NDArray[Any], fetched: NDArray[Any],
) -> int:  # fmt: skip
    """People are at risk again, then all clocks advance.

    on_threads: the caller advances them. detained: some were taken from home in this step already. Returns how many
    pools, the first listed, are hit.
    """
    joined[:] = 0
    for flow in range(N_LEFT, N_TAKEN if detained else N_TAKEN + 1):
        for p in range(by_place.shape[1]):
            by_place[flow, p] = 0
    wake_up(seed, now, people, wake, clock, heap, lowest, due, entries, used, by_place, fetched)
    if sizes[2] > 0:
        largest_by_place(group_place, tie, tie_max)
    if on_threads:
        sizes[2] = drop_idle(listed, sizes[2], pools)
        return 0
    advance_groups(hazard, dt, clock, step)
    sizes[2], hit = advance_pools(listed, sizes[2], pools, beta, tie_max, dt, fetched)
    return hit


@kernel
def settle(
    r: Roster, seed: int, shape: float, now: int, dt: float, ties: bool, decided: bool, hits: NDArray[Any], n: int,
    joiners: NDArray[Any], sizes: NDArray[Any], people: NDArray[Any], demand_left: NDArray[Any], slots: NDArray[Any],
    clock: NDArray[Any], step: NDArray[Any], pools: NDArray[Any], pool_slots: NDArray[Any], listed: NDArray[Any],
    street: NDArray[Any], wake: NDArray[Any], waking: NDArray[Any], exits: NDArray[Any], gained: NDArray[Any],
    stay_off: NDArray[Any], leave: float, growth: float, arrival: float, factor: NDArray[Any], disperse: NDArray[Any],
    arrest: NDArray[Any], injure: NDArray[Any], lethality: NDArray[Any], fight: NDArray[Any],
    unorganised: NDArray[Any], calm: float, idle: bool, demand_h: NDArray[Any], by_place: NDArray[Any],
    on_street_group: NDArray[Any], demand_people: NDArray[Any], joined: NDArray[Any], draws: NDArray[Any],
    keys: NDArray[Any],
) -> None:  # fmt: skip
    """Those hit start a spell; those on the street before them leave, are taken, change side, or take up demands.

    sizes: people with a record, pools, pools listed, people on the street; changed in place.
    idle, demand_h: what `demand_hazards` gave.
    decided: `exits` and `gained` hold the decisions of the step already. draws, keys: room, see `start_spells`.
    """
    before = sizes[3]
    if not decided:
        decide(
            seed, now, dt, street, before, people, demand_left, leave, growth, arrival, factor, disperse, arrest,
            injure, fight, unorganised, calm, idle, demand_h, by_place, exits, gained, keys[7],
        )  # fmt: skip
    if n > 0:
        sizes[0], m = admit(r, hits, n, people, sizes[0], slots, joiners, keys[7])
        sizes[1], sizes[2], sizes[3] = start_spells(
            r, seed, shape, now, ties, joiners, m, people, pools, sizes[1], pool_slots, listed, sizes[2],
            street, sizes[3], clock, step, by_place, on_street_group, joined, demand_people,
            demand_left, 0 if idle else demand_left.shape[1], draws, keys,
        )  # fmt: skip
    sizes[3] = end_spells(
        seed, now, ties, street, before, sizes[3], people, pools, exits, gained, wake, waking, stay_off, lethality,
        by_place, on_street_group, demand_people, keys[7],
    )  # fmt: skip
