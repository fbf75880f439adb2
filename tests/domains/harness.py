"""A bench for mechanisms: a world as data, a state set by hand, steps without an engine."""

from __future__ import annotations

import csv
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

import groundswell as gs
from groundswell import testing
from groundswell.case import Case, find_case
from groundswell.engine.mechanism import Mechanism
from groundswell.world.world import World, build

HARBOUR, FLARE, DUNES, MILLTOWN, ORCHARD, FIELDS = range(6)
PRICE, PAY, CABINET, PATRON, SYSTEM, AUTONOMY = range(6)
Rows = list[dict[str, str]]

FORMS = {
    "joining.size_power": 0.1, "joining.rural_pool": 0.2, "joining.pool": 0.2, "risk.few": 20.0, "risk.company": 9.0,
    "spark.shared": 0.33, "news.absorb_h": 6.0, "news.memory_h": 16.0, "deployment.control_share": 0.2,
    "detention.per_officer": 0.1, "backlash.arrested_weight": 0.002, "factions.follow": 0.7,
}  # fmt: skip
"""Values at which the forms that `pinned` holds at their neutral value act."""


@cache
def pinned() -> dict[str, float]:
    """The values of parameters that the arithmetic in these tests uses, whatever the defaults are."""
    tables = tomllib.loads((Path(__file__).parent / "pinned.toml").read_text(encoding="utf-8"))
    return {f"{m}.{name}": value for m, table in tables.items() for name, value in table.items()}


@cache
def tiny() -> World:
    """The bundled invented case: 60,000 people in six places; the coast keeps UTC+0, the valley UTC+1."""
    return build(gs.load("tiny"))


def case_with(folder: Path, edits: Mapping[str, Callable[[Rows], Rows]]) -> Case:
    """The tiny case, copied to a folder that does not exist yet, with some of its tables changed."""
    shutil.copytree(find_case("tiny"), folder)
    for name, edit in edits.items():
        path = folder / name
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns, rows = list(reader.fieldnames or ()), edit(list(reader))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return gs.load(folder)


def changed(where: Callable[[dict[str, str]], bool], **values: str) -> Callable[[Rows], Rows]:
    """Put values into the columns of every row that `where` picks."""
    return lambda rows: [{**r, **values} if where(r) else r for r in rows]


def without(where: Callable[[dict[str, str]], bool]) -> Callable[[Rows], Rows]:
    """Leave out the rows that `where` picks."""
    return lambda rows: [r for r in rows if not where(r)]


def stepped(mechanism: Mechanism) -> list[int]:
    """The steps that a mechanism makes from now on, written down as it makes them."""
    made: list[int] = []
    step = mechanism.step
    mechanism.step = lambda now: (made.append(now.step), step(now))  # type: ignore[method-assign]
    return made


class Bench(testing.Bench):
    """The public bench with the values of `pinned`, and names for groups of the tiny case.

    Args:
        settings: "mechanism.parameter" -> value, beside those of `pinned`; None: the case and the defaults.
    """

    def __init__(
        self,
        *names: str,
        world: World | None = None,
        settings: Mapping[str, Any] | None = MappingProxyType({}),
        start: Mapping[str, Any] | None = None,
        step_h: float = 1.0,
        seed: int = 1,
    ):
        given = None if settings is None else pinned() | dict(settings)
        super().__init__(*names, world=world or tiny(), settings=given, start=start, step_h=step_h, seed=seed)

    def group(self, place: int, livelihood: str) -> int:
        """A group of adults outside enterprises."""
        return self.w.group_with(place, livelihood)

    def plant(self) -> int:
        """The group that works at the gas plant."""
        return int(self.w.group_of_enterprise[0])

    def children(self, place: int) -> int:
        """The group of children of a place."""
        g = self.w.cells.groups
        return int(np.flatnonzero((g.place == place) & ~g.at_risk)[0])


def at(place: int, value: float, places: int = 6, elsewhere: float = 0.0) -> np.ndarray:
    """(P,) one value in one place."""
    out = np.full(places, elsewhere, float)
    out[place] = value
    return out


def crowd(**places: int) -> np.ndarray:
    """(P,) people on the street by name of place."""
    names: Sequence[str] = tiny().place_id
    return np.array([places.get(n, 0) for n in names])


def series(run: Any, names: Iterable[str] = ("on_street", "joined", "joined_by_tie", "left", "arrested", "injured")):
    """What happened to people in a run, by name."""
    return {name: run.recorder.hourly[name] for name in names}
