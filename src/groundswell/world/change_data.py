"""The same case with other data, or the same world with people who stay at home: changes that act from the start.

Only columns are open that decide nothing about who exists, so that people, ids and draws stay those of the case and
two runs that differ in one cell are a pair.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from groundswell.case import Case, CaseError, Problem, Table
from groundswell.case.problems import Found, one_of
from groundswell.world.world import World

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
    "wages": ("index",),
    "market": ("change_share",),
    "borders": ("distance_km",),
    "forces": ("strength_people", "firearm_share", "vehicles", "local_share"),
    "offices": ("faction", "post_weight"),
    "factions": ("belief", "stake_support", "stake_move", "move_prize", "wait_cost"),
    "powers": ("stake_index", "stance"),
}  # fmt: skip
"""Table -> columns that may be changed."""


INDICES = ("belief", "organised_index", "organisation_index", "strike_memory_index")
"""Columns that are no shares by name and lie between 0 and 1."""


@dataclass(frozen=True)
class Change:
    """One change of data: the cells of a column, in the rows that `where` picks, get a value or are multiplied.

    where: column -> values, any of which a row must have, in each of these columns; a row's place also counts by its
    region. to: the new value; times: a factor on the old one. Exactly one of the two is given.
    """

    table: str
    column: str
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to: float | str | None = None
    times: float | None = None

    def __str__(self) -> str:
        """As words for a heading."""
        rows = ", ".join(f"{k} {' or '.join(v)}" for k, v in self.where.items())
        how = f"= {self.to}" if self.to is not None else f"times {self.times:g}"
        return f"{self.table}.{self.column} {how}{f' ({rows})' if rows else ''}"


def data_problems(case: Case, changes: Iterable[Change], file: str, line: int | None = None) -> list[Problem]:
    """Every mistake in some changes: unknown tables, columns and values, rows that are not there, cells of no sense."""
    found = []

    def wrong(where: str, given: object, allowed: str) -> None:
        found.append(Problem(file, line, f"data.{where}", given, allowed))

    for c in changes:
        if c.table not in OPEN:
            wrong("table", c.table, one_of(tuple(OPEN), c.table))
            continue
        if c.column not in OPEN[c.table]:
            wrong("column", c.column, one_of(OPEN[c.table], c.column))
            continue
        if (c.to is None) == (c.times is None):
            wrong("to", Found("both or none of to and times"), "one of them")
            continue
        columns = case.tables[c.table].columns
        unknown = [k for k in c.where if k not in columns and not (k == "region" and "place" in columns)]
        for k in unknown:
            wrong(f"where.{k}", k, one_of(columns, k))
        if unknown:
            continue
        if not any(_picked(case, c)):
            wrong("where", ", ".join(f"{k}={';'.join(v)}" for k, v in c.where.items()), f"rows of {c.table}.csv")
            continue
        if c.column == "faction":
            factions = tuple(str(x) for x in case.tables["factions"].column("faction"))
            if c.to not in factions:
                wrong("to", c.to if c.to is not None else c.times, one_of(factions, str(c.to)))
            continue
        if isinstance(c.to, str) or not math.isfinite(float(c.to if c.to is not None else c.times or 0.0)):
            wrong("to", c.to, "a finite number")
            continue
        rows = zip(case.tables[c.table].rows, _picked(case, c), strict=True)
        cells = [float(_cell(getattr(row, c.column), c)) for row, picked in rows if picked]
        low, high = _limits(c.column)
        if min(cells) < low or max(cells) > high:
            wrong("to", f"cells from {min(cells):g} to {max(cells):g}", f"cells from {low:g} to {high:g}")
    return found


def change_data(case: Case, changes: Sequence[Change]) -> Case:
    """A copy of the case with changed cells; the case itself where there is no change.

    Raises:
        CaseError: every mistake at once.
    """
    problems = data_problems(case, changes, "data")
    if problems:
        raise CaseError(problems)
    if not changes:
        return case
    tables = dict(case.tables)
    for c in changes:
        old = tables[c.table]
        rows = [
            row.model_copy(update={c.column: _cell(getattr(row, c.column), c)}) if picked else row
            for row, picked in zip(old.rows, _picked(case, c), strict=True)
        ]
        tables[c.table] = Table(old.name, old.model, rows, old.lines)
    return dataclasses.replace(case, tables=tables)


def with_data(world: World, changes: Sequence[Change]) -> World:
    """The same people in a case with changed cells."""
    return World(change_data(world.case, changes), world.cells) if changes else world


def keep_home(world: World, scope: Sequence[str]) -> World:
    """The same world in which nobody of some places or regions ever comes out."""
    if not scope:
        return world
    cells = world.cells
    away = cells.groups.at_risk & ~world.in_scope(scope)[cells.groups.place]
    return World(world.case, dataclasses.replace(cells, groups=dataclasses.replace(cells.groups, at_risk=away)))


def _picked(case: Case, c: Change) -> list[bool]:
    """Rows of the table that `where` picks."""
    region = {str(r.place): str(r.region) for r in case.tables["places"].rows}

    def cell(row: object, column: str) -> str:
        value = getattr(row, column, None)
        return region.get(str(getattr(row, "place", "")), "") if value is None and column == "region" else str(value)

    return [all(cell(r, k) in values for k, values in c.where.items()) for r in case.tables[c.table].rows]


def _cell(old: float | str, c: Change) -> float | str:
    if c.to is not None:
        new = c.to
    else:
        new = float(old) * float(c.times or 0.0)
    return new if isinstance(new, str) or not isinstance(old, int | np.integer) else round(new)


def _limits(column: str) -> tuple[float, float]:
    """Lowest and highest value that makes sense in a column."""
    if column in ("night_c", "day_c"):
        return -70.0, 60.0
    if column == "stance":
        return -1.0, 1.0
    if column == "share" or column.endswith("_share") or column in INDICES:
        return 0.0, 1.0
    return (1e-9 if column in ("price", "index", "income_month") else 0.0), math.inf
