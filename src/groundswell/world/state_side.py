"""The state's side as arrays: units, offices, factions, allies, powers, the ladder of measures, organised groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World

ALLIED = "allied"


@dataclass(frozen=True)
class Organs:
    """Organs of force by the number that stands for them in arrays: rows of organs.csv, then the allied troops."""

    id: list[str]
    name: list[str]
    kind: list[str]  # police, guard, army, security; allied
    duty: np.ndarray  # object: streets, alarm, barracks
    mobile: np.ndarray  # bool: units can be sent to other regions
    arrests: np.ndarray  # bool


@dataclass(frozen=True)
class Units:
    """U units: the rows of forces.csv, then those of allies.csv, which stand nowhere until they arrive."""

    id: list[str]
    organ: np.ndarray  # (U,) int, index into the organs
    place: np.ndarray  # (U,) int: where it stands at the start; an allied contingent: where its task is
    people: np.ndarray  # (U,) int, at the scale of the world
    firearm_share: np.ndarray
    vehicles: np.ndarray  # (U,) int, at the scale of the world
    local_share: np.ndarray  # allied contingents: 0
    allied: np.ndarray  # (U,) bool
    office: np.ndarray  # (U,) int, index into the offices; -1: none
    arrive_h: np.ndarray  # hours after the allies' decision; 0 for the state's own units


@dataclass(frozen=True)
class Offices:
    """Posts of the state."""

    id: list[str]
    name: list[str]
    organ: np.ndarray  # int, index into the organs; -1: commands none
    faction: np.ndarray  # int, index into the factions
    post_weight: np.ndarray  # share of all posts; sums to 1
    presidency: np.ndarray  # bool
    removable: np.ndarray  # bool: whoever holds it can be removed
    successor: np.ndarray  # int, faction that gets it when it is taken from its holder; -1: that of the president


@dataclass(frozen=True)
class Factions:
    """Factions among those who rule."""

    id: list[str]
    name: list[str]
    presides: np.ndarray  # bool: it holds the presidency at the start
    removable: np.ndarray  # bool: it holds a post at the start from which it can be removed (the patron)
    belief: np.ndarray  # prior probability that the president survives
    stake_support: np.ndarray  # X, lost by supporting where the president falls
    stake_move: np.ndarray  # Y, lost by moving where the president survives; nan: it has no bid
    move_prize: np.ndarray  # M, won by moving where the president falls; nan: it has no bid
    wait_cost: np.ndarray  # W, lost by waiting where the president survives


@dataclass(frozen=True)
class Allies:
    """Contingents of allied states."""

    id: list[str]
    country: list[str]
    place: np.ndarray  # int
    people: np.ndarray  # int, at the scale of the world
    firearm_share: np.ndarray
    vehicles: np.ndarray
    arrive_h: np.ndarray  # hours after the decision
    guard: np.ndarray  # bool: guards sites, and so frees home units
    unit: np.ndarray  # int, index into the units


@dataclass(frozen=True)
class Powers:
    """Powers abroad."""

    id: list[str]
    name: list[str]
    stake_index: np.ndarray
    stance: np.ndarray  # -1 against the government .. 1 for it
    said_h: np.ndarray  # hours since the start of the case


@dataclass(frozen=True)
class Ladder:
    """The rungs of the government's ladder."""

    id: list[str]
    kind: list[str]
    trigger: np.ndarray  # object
    threshold: np.ndarray
    of_rung: np.ndarray  # int, index into the ladder; -1: none
    nation: np.ndarray  # bool: holds everywhere; else in the places that triggered it
    delay_h: np.ndarray
    duration_h: np.ndarray  # 0: to the end
    value: np.ndarray  # nan: none
    unit: list[str]
    cost_usd: np.ndarray
    replaces: list[tuple[str, ...]]  # ids of the measures it stands for
    statement: list[str]
    source: list[str]


@dataclass(frozen=True)
class Bands:
    """Organised groups that an account may turn on."""

    id: list[str]
    name: list[str]
    kind: list[str]
    places: np.ndarray  # (K, P) bool: where it may act
    targets: list[tuple[str, ...]]  # kinds of sites
    start_h: np.ndarray  # hours since the start of the case
    arms_brought_share: np.ndarray
    arms_issued_share: np.ndarray
    message: np.ndarray  # bool: it calls people out
    leaves_when: list[str]


def organs(world: World) -> Organs:
    """Rows of organs.csv, and one for the allied troops: on the streets where they stand, and for no arrests."""
    table = world.case.tables["organs"]
    return Organs(
        [*_texts(table.column("organ")), ALLIED],
        [*_texts(table.column("name")), "Allied troops"],
        [*_texts(table.column("kind")), ALLIED],
        np.array([*table.column("duty"), "streets"], object),
        np.array([*table.column("mobile"), False]),
        np.array([*table.column("arrests"), False]),
    )


def units(world: World) -> Units:
    """Units of forces.csv and contingents of allies.csv."""
    forces, allies = world.case.tables["forces"], world.case.tables["allies"]
    own, sent = len(forces), len(allies)
    office = {one: i for i, one in enumerate(world.offices.id)}
    organ = world.organs.id

    def both(name: str) -> np.ndarray:
        return np.concatenate([forces.column(name), allies.column(name)])

    return Units(
        _texts(forces.column("unit")) + _texts(allies.column("contingent")),
        np.array([organ.index(str(x)) for x in (*forces.column("organ"), *[ALLIED] * sent)], np.int64),
        np.concatenate([_places(world, forces), _places(world, allies)]),
        scaled(both("strength_people"), world.cells.people_scale),
        both("firearm_share").astype(float),
        scaled(both("vehicles"), world.cells.people_scale),
        np.concatenate([forces.column("local_share").astype(float), np.zeros(sent)]),
        np.arange(own + sent) >= own,
        np.array([office.get(str(x), -1) for x in forces.column("office")] + [-1] * sent, np.int64),
        np.concatenate([np.zeros(own), allies.column("arrive_h").astype(float)]),
    )


def scaled(count: np.ndarray, people_scale: float) -> np.ndarray:
    """Whole numbers at the scale of a world."""
    return np.rint(np.asarray(count, float) * people_scale).astype(np.int64)


def offices(world: World) -> Offices:
    """Rows of offices.csv."""
    table = world.case.tables["offices"]
    faction = {one: i for i, one in enumerate(_texts(world.case.tables["factions"].column("faction")))}
    organ = [world.organs.id.index(str(x)) if x else -1 for x in table.column("organ")]
    return Offices(
        _texts(table.column("office")),
        _texts(table.column("name")),
        np.array(organ, np.int64),
        np.array([faction[str(x)] for x in table.column("faction")], np.int64),
        table.column("post_weight"),
        table.column("presidency"),
        table.column("removable"),
        np.array([faction.get(str(x), -1) for x in table.column("successor")], np.int64),
    )


def factions(world: World) -> Factions:
    """Rows of factions.csv."""
    table, posts = world.case.tables["factions"], world.offices
    holds = [
        np.isin(np.arange(len(table)), posts.faction[posts_of]) for posts_of in (posts.presidency, posts.removable)
    ]
    numbers = ("belief", "stake_support", "stake_move", "move_prize", "wait_cost")
    return Factions(
        _texts(table.column("faction")),
        _texts(table.column("name")),
        *holds,
        *(table.column(name) for name in numbers),
    )


def allies(world: World) -> Allies:
    """Rows of allies.csv."""
    table = world.case.tables["allies"]
    return Allies(
        _texts(table.column("contingent")),
        _texts(table.column("country")),
        _places(world, table),
        scaled(table.column("strength_people"), world.cells.people_scale),
        table.column("firearm_share"),
        scaled(table.column("vehicles"), world.cells.people_scale),
        table.column("arrive_h"),
        table.column("guard"),
        len(world.case.tables["forces"]) + np.arange(len(table)),
    )


def powers(world: World) -> Powers:
    """Rows of powers.csv."""
    table = world.case.tables["powers"]
    everywhere = np.ones(world.places, bool)
    return Powers(
        _texts(table.column("power")),
        _texts(table.column("name")),
        table.column("stake_index"),
        table.column("stance"),
        np.array([world.hour_of(x, everywhere) for x in table.column("said_local")], float),
    )


def ladder(world: World) -> Ladder:
    """Rows of ladder.csv."""
    table = world.case.tables["ladder"]
    at = {str(one): i for i, one in enumerate(table.column("rung"))}
    return Ladder(
        _texts(table.column("rung")),
        _texts(table.column("kind")),
        table.column("trigger"),
        table.column("threshold"),
        np.array([at.get(str(x), -1) for x in table.column("of_rung")], np.int64),
        np.array([x == "nation" for x in table.column("scope")], bool),
        table.column("delay_h"),
        table.column("duration_h"),
        table.column("value"),
        _texts(table.column("unit")),
        table.column("cost_usd"),
        list(table.column("replaces")),
        _texts(table.column("statement")),
        _texts(table.column("source")),
    )


def bands(world: World) -> Bands:
    """Rows of groups.csv."""
    table = world.case.tables["groups"]
    places = [world.in_scope(scope) for scope in table.column("scope")]
    starts = [world.hour_of(x, p) for x, p in zip(table.column("start_local"), places, strict=True)]
    return Bands(
        _texts(table.column("group")),
        _texts(table.column("name")),
        _texts(table.column("kind")),
        np.array(places, bool).reshape(len(table), world.places),
        list(table.column("targets")),
        np.array(starts, float),
        table.column("arms_brought_share"),
        table.column("arms_issued_share"),
        table.column("message"),
        _texts(table.column("leaves_when")),
    )


def _texts(column: Any) -> list[str]:
    return [str(x) for x in column]


def _places(world: World, table: Any) -> np.ndarray:
    at = {place: p for p, place in enumerate(world.place_id)}
    names: Sequence[Any] = table.column("place")
    return np.array([at[str(x)] for x in names], np.int64)
