"""The tables of the state's side: forces, offices, factions, allies, powers, the ladder of measures, groups."""

from __future__ import annotations

from typing import Literal

from groundswell.case.cells import (
    Flag,
    Id,
    IdOrBlank,
    Ids,
    KindOfMeasure,
    Local,
    Maybe,
    Money,
    Scope,
    Share,
    ShareOrBlank,
    State,
    Targets,
    Troops,
    UnitOrBlank,
    Vehicles,
    Words,
    between,
)
from groundswell.case.row import Row

Hours = between(0, 10_000)


class Organ(Row):
    """An organ of force: what the record counts it as, what calls it to duty, and what it can be used for.

    kind: in whose name passive units are counted; `head_arrested` means the head of an organ of kind security. duty:
    streets (in rotation at any time), alarm (in an emergency, and where people fight), barracks (in an emergency
    alone); units that were sent elsewhere are on duty there. mobile: its units can be sent to other regions. arrests:
    its people make arrests, and process those arrested.
    """

    organ: Id
    name: Words
    kind: Literal["police", "guard", "army", "security"]
    duty: Literal["streets", "alarm", "barracks"]
    mobile: Flag
    arrests: Flag


class Force(Row):
    """A unit of the state's forces: its organ, where it stands, its strength, and who commands it."""

    unit: Id
    organ: Id
    place: Id
    strength_people: Troops
    firearm_share: Share
    vehicles: Vehicles
    local_share: Share
    office: IdOrBlank
    state: State
    source: Words


class Office(Row):
    """A post of the state: the organ it commands, the faction that holds it, its share of all posts.

    successor: the faction to which it passes when it is taken from its holder; blank: the side of the president.
    """

    office: Id
    name: Words
    organ: IdOrBlank
    faction: Id
    post_weight: Share
    presidency: Flag
    removable: Flag
    successor: IdOrBlank
    statement: Words
    source: Words
    state: State


class Faction(Row):
    """A faction among those who rule: what it believes, what it stands to lose, and whether it has a bid of its own."""

    faction: Id
    name: Words
    belief: Share
    stake_support: Share
    stake_move: ShareOrBlank
    move_prize: ShareOrBlank
    wait_cost: Share
    statement: Words
    source: Words
    state: State


class Ally(Row):
    """A contingent of an allied state, which comes when it is called and the allies decide to send it."""

    contingent: Id
    country: Words
    place: Id
    strength_people: Troops
    firearm_share: Share
    vehicles: Vehicles
    arrive_h: Hours
    guard: Flag
    statement: Words
    source: Words
    state: State


class Power(Row):
    """A power abroad: how much it has at stake in the country, and what it said and when."""

    power: Id
    name: Words
    stake_index: Share
    stance: between(-1, 1)
    said_local: Local
    statement: Words
    source: Words
    state: State


class Rung(Row):
    """A rung of the government's ladder: a measure, the trigger that calls for it, its delay and its cost."""

    rung: Id
    kind: KindOfMeasure
    trigger: Literal["on_street", "places_out", "fighting", "sites_lost", "dead", "refusing", "after"]
    threshold: between(0, 1e9)
    of_rung: IdOrBlank
    scope: Literal["triggering", "nation"]
    delay_h: Hours
    duration_h: Hours
    value: Maybe
    unit: UnitOrBlank
    cost_usd: Money
    replaces: Ids
    statement: Words
    source: Words
    state: State


class Group(Row):
    """An organised group that an account puts behind part of the events; off unless its strength is set."""

    group: Id
    name: Words
    kind: Literal["foreign", "armed", "faction", "exile", "criminal"]
    scope: Scope
    targets: Targets
    start_local: Local
    arms_brought_share: Share
    arms_issued_share: Share
    message: Flag
    leaves_when: Literal["force", "head_arrested", "channel_closed", "never"]
    statement: Words
    source: Words
    state: State
