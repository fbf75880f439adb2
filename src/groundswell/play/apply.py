"""The same world changed: other measures, another mode of government, other data, people who stay at home.

Changes are taken as they are; `checks.mistakes` says beforehand what is wrong with them. Only columns are open that
decide nothing about who exists, so that people, ids and draws stay those of the case and two runs that differ in one
cell are a pair.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from groundswell.case import Case, Table
from groundswell.play.change import RESPOND, RESPONSIVE, Cells, Change
from groundswell.world.world import Measure, World

OPEN: Mapping[str, tuple[str, ...]] = {
    "climate": ("night_c", "day_c"),
    "places": (
        "renter_share", "income_month", "own_product_share", "organising_tradition_index", "mobile_reach_share",
        "goods_index",
    ),
    "exposure": ("share",),
    "livelihoods": ("organised_index", "wage_share"),
    "enterprises": ("organisation_index", "strike_memory_index", "layoffs_announced_people", "pay_month"),
    "prices": ("price",),
    "issues": ("size",),
    "wages": ("index",),
    "market": ("change_share",),
    "borders": ("distance_km",),
    "forces": ("strength_people", "firearm_share", "vehicles", "local_share"),
    "offices": ("faction", "post_weight"),
    "factions": ("belief", "stake_support", "stake_move", "move_prize", "wait_cost"),
    "powers": ("stake_index", "stance"),
}  # fmt: skip
"""Table -> columns that may be changed."""


def changed(world: World, change: Change, since_h: float = 0.0, measures: Mapping[str, str] | None = None) -> World:
    """A world with all that a change has of data, people, government and measures; the world itself without one.

    Args:
        world: the world. change: what is changed; parameters and mechanisms are no part of a world.
        since_h: hour since the case's start from which a responsive government is so; what began before stays.
        measures: taken in place of the change's own.
    """
    world = keep_home(with_data(world, change.data), change.stay_home)
    return change_measures(govern(world, change.government, since_h), change.measures if measures is None else measures)


def change_measures(world: World, changes: Mapping[str, str]) -> World:
    """A copy of the world with changed measures.

    Args:
        world: the world.
        changes: as `Change.measures`. With "respond" a measure is not taken by the record, and the rungs of the
            ladder that replace it become live. Under a responsive government any other change takes the measure out
            of the ladder's hands; a rung rests when all that it replaces are.
    """
    if not changes:
        return world
    known = {m.id: m for m in (*world.recorded, *world.measures)}
    new: dict[str, Measure | None] = {}
    out_of_hands = {name for name, change in changes.items() if change != RESPOND}
    left = [not replaced or any(m not in out_of_hands for m in replaced) for replaced in world.ladder.replaces]
    live = world.rung_live & np.array(left, bool)
    for name, change in changes.items():
        if change == RESPOND:
            live |= np.array([name in replaced for replaced in world.ladder.replaces], bool)
        if change in ("none", RESPOND):
            new[name] = None
        elif change.startswith("version:"):
            found = world.version(name, change.removeprefix("version:"))
            assert isinstance(found, Measure), "checked before"
            new[name] = found
        else:
            new[name] = _move(world, known[name], datetime.fromisoformat(change))
    kept = {**{m.id: m for m in world.measures}, **new}
    return _with(world, [m for m in kept.values() if m is not None], live)


def govern(world: World, mode: str, since_h: float = 0.0) -> World:
    """The world under a mode of government.

    Args:
        world: the world.
        mode: "scripted" or blank (measures at their recorded hours, no rung live), or "responsive" (every measure that
            a rung of the ladder replaces is dropped, and every rung is live).
        since_h: hour since the case's start from which it is responsive; what began before stays as recorded.
    """
    rungs = len(world.ladder.id)
    if mode != RESPONSIVE:
        return _with(world, world.measures, np.zeros(rungs, bool))
    dropped = {measure for replaced in world.ladder.replaces for measure in replaced}
    return _with(world, [m for m in world.measures if m.id not in dropped or m.start_h < since_h], np.ones(rungs, bool))


def change_data(case: Case, changes: Sequence[Cells]) -> Case:
    """A copy of the case with changed cells; the case itself where there is no change."""
    if not changes:
        return case
    tables = dict(case.tables)
    for c in changes:
        old = tables[c.table]
        rows = [
            row.model_copy(update={c.column: cell(getattr(row, c.column), c)}) if there else row
            for row, there in zip(old.rows, picked(case, c), strict=True)
        ]
        tables[c.table] = Table(old.name, old.model, rows, old.lines)
    return dataclasses.replace(case, tables=tables)


def with_data(world: World, changes: Sequence[Cells]) -> World:
    """The same people in a case with changed cells."""
    return World(change_data(world.case, changes), world.cells) if changes else world


def keep_home(world: World, scope: Sequence[str]) -> World:
    """The same world in which nobody of some places or regions ever comes out."""
    if not scope:
        return world
    cells = world.cells
    away = cells.groups.at_risk & ~world.in_scope(scope)[cells.groups.place]
    return World(world.case, dataclasses.replace(cells, groups=dataclasses.replace(cells.groups, at_risk=away)))


def picked(case: Case, c: Cells) -> list[bool]:
    """Rows of the table that `where` picks."""
    region = {str(r.place): str(r.region) for r in case.tables["places"].rows}

    def value_of(row: object, column: str) -> str:
        value = getattr(row, column, None)
        return region.get(str(getattr(row, "place", "")), "") if value is None and column == "region" else str(value)

    return [all(value_of(r, k) in values for k, values in c.where.items()) for r in case.tables[c.table].rows]


def cell(old: float | str, c: Cells) -> float | str:
    """The new value of a cell; a column of whole numbers keeps them."""
    if c.to is not None:
        new = c.to
    else:
        new = float(old) * float(c.times or 0.0)
    return new if isinstance(new, str) or not isinstance(old, int | np.integer) else round(new)


def _with(world: World, measures: list[Measure], live: np.ndarray) -> World:
    """A copy of the world with these measures and live rungs."""
    copy = dataclasses.replace(world)
    copy.__dict__["measures"] = sorted(measures, key=lambda m: (m.start_h, m.id))
    copy.__dict__["rung_live"] = live
    return copy


def _move(world: World, measure: Measure, when: datetime) -> Measure:
    hour = world.hour_of(when.replace(tzinfo=None), measure.places)
    if when.tzinfo is not None:
        hour = (when - world.case.start).total_seconds() / 3600
    length = None if measure.end_h is None else measure.end_h - measure.start_h
    return dataclasses.replace(measure, start_h=hour, end_h=None if length is None else hour + length)
