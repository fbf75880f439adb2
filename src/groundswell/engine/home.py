"""Put people back at risk: after rest, detention or injury, or when a measure moves them to another group."""

from __future__ import annotations

from groundswell.engine.compiled import inner, kernel
from groundswell.engine.heap import push
from groundswell.engine.purposes import SPELL
from groundswell.engine.random import exponential
from groundswell.engine.resistance import frailty_given_hit
from groundswell.engine.roster import group_of
from groundswell.engine.tables import HELD, HOME, INJURED, find, put


@inner
def new_person(r, people, row, person, group, slots):
    """Fill the row of a person to whom nothing has happened so far."""
    put(slots, person, row)
    p = people[row]
    p.id = person
    p.group = group
    p.place = r.group_place[group]
    p.household = p.work_unit = p.neighbourhood = -1
    p.spell = p.listing = 0
    p.demands = p.drawn = 0
    p.state = HOME


@inner
def schedule_wake(people, row, wake, waking, when):
    """Put a person on the list of the step in which they are at risk again; beyond the horizon: never."""
    if when < len(wake):
        people[row].next = wake[when]
        wake[when] = row
        waking[when] += 1


@inner
def list_at_home(seed, people, row, clock, heap, lowest, due, entries, used):
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
def wake_up(seed, now, people, wake, clock, heap, lowest, due, entries, used, held, injured):
    """Those whose rest, detention or recovery is over are at risk again from this step on."""
    row = wake[now]
    while row >= 0:
        held[people[row].place] -= people[row].state == HELD
        injured[people[row].place] -= people[row].state == INJURED
        list_at_home(seed, people, row, clock, heap, lowest, due, entries, used)
        row = people[row].next
    wake[now] = -1


@kernel
def take_from_home(
    r, seed, shape, ids, target, people, n_people, slots, clock, heap, lowest, due, entries, used, moved
):
    """Give records to named people who are at home and move them to another group; those elsewhere are left
    alone.

    A person without a record has not been hit, so their frailty is gamma(k, rate k + clock) and their
    remaining resistance is a fresh exponential over it: their rank in the old group is void from now on.
    """
    for i in range(len(ids)):
        row = find(slots, ids[i])
        if row < 0:
            row = n_people
            n_people += 1
            g = group_of(r, ids[i])
            new_person(r, people, row, ids[i], g, slots)
            people[row].frailty = frailty_given_hit(seed, ids[i], shape, clock[g], False)
        if people[row].state == HOME:
            people[row].group = target
            list_at_home(seed, people, row, clock, heap, lowest, due, entries, used)
            moved[0] += 1
    return n_people
