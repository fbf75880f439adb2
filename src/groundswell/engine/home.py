"""Put people back at risk: after rest, detention or injury, or when moved to another group; take them from home."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.compiled import inner, kernel
from groundswell.engine.heap import push
from groundswell.engine.purposes import purpose
from groundswell.engine.random import exponential
from groundswell.engine.resistance import frailty_given_hit
from groundswell.engine.roster import Roster, group_of
from groundswell.engine.tables import HELD, HOME, INJURED, N_HELD, N_RECOVERING, RESTING, find, put

SPELL = purpose("resistance of a later spell")


@inner
def new_person(r: Roster, people: NDArray[Any], row: int, person: int, group: int, slots: NDArray[Any]) -> None:
    """Fill the row of a person to whom nothing has happened so far."""
    put(slots, person, row)
    p = people[row]
    p.id = person
    p.group = group
    p.place = r.group_place[group]
    p.household = p.work_unit = p.neighbourhood = -1
    p.spell = p.listing = 0
    p.demands = p.flags = p.turns = 0
    p.state = HOME


@inner
def schedule_wake(people: NDArray[Any], row: int, wake: NDArray[Any], waking: NDArray[Any], when: int) -> None:
    """Put a person on the list of the step in which they are at risk again; beyond the horizon: never."""
    people[row].wakes = when
    if when < len(wake):
        people[row].next = wake[when]
        wake[when] = row
        waking[when] += 1


@inner
def list_at_home(
    seed: int, people: NDArray[Any], row: int, clock: NDArray[Any], heap: NDArray[Any], lowest: NDArray[Any],
    due: NDArray[Any], entries: NDArray[Any], used: NDArray[Any],
) -> None:  # fmt: skip
    """Put a person whose frailty is known on their group's list: a fresh resistance from the clock's present
    value.
    """
    p = people[row]
    g = p.group
    p.state = HOME
    p.listing += 1
    past = clock[g] + exponential(seed, SPELL, p.id, p.listing) / p.frailty
    heap[g] = push(entries, used, heap[g], row, p.listing, past)
    lowest[g] = min(lowest[g], past)
    due[g] = min(due[g], past)


@kernel
def wake_up(
    seed: int, now: int, people: NDArray[Any], wake: NDArray[Any], clock: NDArray[Any], heap: NDArray[Any],
    lowest: NDArray[Any], due: NDArray[Any], entries: NDArray[Any], used: NDArray[Any], by_place: NDArray[Any],
    rows: NDArray[Any],
) -> None:  # fmt: skip
    """Those whose rest, detention or recovery is over are at risk again from this step on.

    rows: room for some rows of `people`: the list is read in parts, and what a part needs is fetched together.
    """
    row, seen = wake[now], np.int64(0)
    while row >= 0:
        n = 0
        while row >= 0 and n < len(rows):
            rows[n] = row
            n += 1
            row = people[row].next
        for i in range(n):
            p = people[rows[i]]
            seen ^= p.id ^ (p.frailty > 0.0)
        for i in range(n):
            p = people[rows[i]]
            by_place[N_HELD, p.place] -= p.state == HELD
            by_place[N_RECOVERING, p.place] -= p.state == INJURED
            list_at_home(seed, people, rows[i], clock, heap, lowest, due, entries, used)
    wake[now] = -1
    rows[0] = seen  # keeps the reads from being left out


@inner
def _row_of(
    r: Roster, seed: int, shape: float, person: int, people: NDArray[Any], n_people: int, slots: NDArray[Any],
    clock: NDArray[Any],
) -> tuple[int, int]:  # fmt: skip
    """Row of a person, made where there is none; and the number of rows.

    A person without a record has not been hit, so their frailty is gamma(k, rate k + clock) and their remaining
    resistance is a fresh exponential over it: their rank in the group is void from now on.
    """
    row = find(slots, person)
    if row < 0:
        row = n_people
        n_people += 1
        g = group_of(r, person)
        new_person(r, people, row, person, g, slots)
        people[row].frailty = frailty_given_hit(seed, person, shape, clock[g], False)
    return row, n_people


@kernel
def take_from_home(
    r: Roster, seed: int, shape: float, ids: NDArray[Any], target: int, people: NDArray[Any], n_people: int,
    slots: NDArray[Any], clock: NDArray[Any], heap: NDArray[Any], lowest: NDArray[Any], due: NDArray[Any],
    entries: NDArray[Any], used: NDArray[Any], moved: NDArray[Any],
) -> int:  # fmt: skip
    """Give records to named people who are at home and move them to another group; those elsewhere are left alone."""
    for i in range(len(ids)):
        row, n_people = _row_of(r, seed, shape, ids[i], people, n_people, slots, clock)
        if people[row].state == HOME:
            people[row].group = target
            list_at_home(seed, people, row, clock, heap, lowest, due, entries, used)
            moved[0] += 1
    return n_people


@inner
def _forget_wakes(people: NDArray[Any], wake: NDArray[Any], waking: NDArray[Any], first: int, last: int) -> None:
    """Take off the lists of the steps `first` to `last` everybody who is to wake in another step."""
    for when in range(first, min(last + 1, len(wake))):
        kept, row = -1, wake[when]
        wake[when] = -1
        while row >= 0:
            following = people[row].next
            if people[row].wakes != when:
                waking[when] -= 1
            elif kept < 0:
                wake[when] = row
                kept = row
            else:
                people[kept].next = row
                kept = row
            row = following
        if kept >= 0:
            people[kept].next = -1


@kernel
def detain(
    r: Roster, seed: int, shape: float, ids: NDArray[Any], until: int, people: NDArray[Any], n_people: int,
    slots: NDArray[Any], clock: NDArray[Any], wake: NDArray[Any], waking: NDArray[Any], rows: NDArray[Any],
    taken: NDArray[Any],
) -> int:  # fmt: skip
    """Take named people who are at home or resting into detention until a step; those elsewhere are left alone.

    A person at home leaves a stale entry behind on their group's list, or a void rank: `group_hits` and `admit` pass
    over both. A person who rests stands on the list of the step in which the rest would have ended, and has to
    come off it before standing on another.

    rows: (ids,) room for the rows of those taken. taken: (P,) raised by those taken. Returns the number of rows.
    """
    n, first, last = 0, len(wake), -1
    for i in range(len(ids)):
        row, n_people = _row_of(r, seed, shape, ids[i], people, n_people, slots, clock)
        p = people[row]
        if p.state == RESTING:
            first, last = min(first, p.wakes), max(last, p.wakes)
        elif p.state != HOME:
            continue
        p.state = HELD
        p.wakes = -1  # on no list
        taken[p.place] += 1
        rows[n] = row
        n += 1
    _forget_wakes(people, wake, waking, first, last)
    for i in range(n):
        schedule_wake(people, rows[i], wake, waking, until)
    return n_people
