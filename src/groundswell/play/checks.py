"""What is wrong with a change: unknown parameters, mechanisms, measures, elements, cells, places, times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from groundswell.accounts import load as load_accounts
from groundswell.accounts.playing import mistakes as mistakes_of_account
from groundswell.case import Case, CaseError
from groundswell.case.problems import Found, one_of
from groundswell.domains import all_mechanisms
from groundswell.engine.mechanism import Mechanism
from groundswell.engine.parameters import resolve
from groundswell.play.apply import OPEN, cell, picked
from groundswell.play.change import MODES, RESPOND, RESPONSIVE, TIME, Cells, Change, Mistake

CLOCKS = timedelta(hours=14)
"""How far the clock of a place may lie from that of the case."""


@dataclass(frozen=True)
class Known:
    """What a change of a case may name."""

    case: Case

    @cached_property
    def mechanisms(self) -> dict[str, type[Mechanism]]:
        """Those there are, by name."""
        return dict(all_mechanisms())

    @cached_property
    def versions(self) -> dict[str, list[str]]:
        """Measure -> its versions."""
        found: dict[str, list[str]] = {}
        for row in self.case.tables["measures"].rows:
            found.setdefault(str(row.measure), []).append(str(row.version))
        return found

    @cached_property
    def replaced(self) -> tuple[str, ...]:
        """Measures that a rung of the ladder stands for."""
        return tuple(sorted({str(m) for r in self.case.tables["ladder"].rows for m in r.replaces}))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Ids of places, regions and sites, and `*`."""
        ids = {"regions": "region", "places": "place", "sites": "site"}
        return ("*", *(str(x) for table, column in ids.items() for x in self.case.tables[table].column(column)))

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Elements of the case's accounts; none where it has no accounts."""
        if not (self.case.folder / "accounts" / "elements.toml").is_file():
            return ()
        return tuple(load_accounts(self.case).elements)

    @property
    def horizon(self) -> str:
        """The last local time to which a run may go."""
        return self.case.horizon.strftime("%Y-%m-%dT%H:%M")

    @property
    def end(self) -> str:
        """The local time to which a run goes unless it is told to go on."""
        return self.case.end.strftime("%Y-%m-%dT%H:%M")

    def is_time(self, text: object, after_start: bool = False) -> bool:
        """Whether a text is a local time, without a zone, from the start to the horizon."""
        try:
            when = datetime.fromisoformat(str(text))
        except ValueError:
            return False
        if when.tzinfo is not None:
            return False
        start, last = (x.replace(tzinfo=None) for x in (self.case.start, self.case.horizon))
        return start < when <= last if after_start else start <= when <= last


def mistakes(change: Change, known: Known, resolved: bool = False) -> Iterator[Mistake]:
    """Every mistake in a change of a case.

    Args:
        change: the change. known: what the case has. resolved: parameters are looked at by the caller.
    """
    if not resolved and change.set:
        yield from _of_settings(change, known)
    if change.at:
        yield from _from_a_time(change, known)
    for key, there in (("off", "mechanisms"), ("elements", "elements"), ("stay_home", "places")):
        for name in getattr(change, key):
            if name not in (names := tuple(getattr(known, there))):
                yield key, name, one_of(names, name, len(names))
    yield from _of_measures(change, known)
    for c in change.data:
        yield from _of_cells(c, known.case)
    if change.government not in ("", *MODES):
        yield "government.mode", change.government, one_of(MODES, change.government)
    elif change.government == RESPONSIVE and not len(known.case.tables["ladder"]):
        yield "government.mode", change.government, "scripted, since ladder.csv of this case has no rung"
    if change.account:
        yield from (("account", p.given, p.allowed) for p in mistakes_of_account(known.case, change.account, "."))


def _of_settings(change: Change, known: Known) -> Iterator[Mistake]:
    try:
        resolve(list(known.mechanisms.values()), known.case, change.set)
    except CaseError as error:
        yield from ((f"set.{p.field}", p.given, p.allowed) for p in error.problems if p.file == "--set")


def _from_a_time(change: Change, known: Known) -> Iterator[Mistake]:
    """What acts from a time on cannot rewrite what was before."""
    if not known.is_time(change.at, after_start=True):
        yield "at", change.at, f"a local time after the start and up to {known.horizon}"
    shaped = {f"{m.name}.{p}" for m in known.mechanisms.values() for p in m.at_start}
    for name in sorted(shaped & set(change.set)):
        allowed = "parameters that act from now on; this one shapes the start, and changing it would rewrite the past"
        yield f"set.{name}", change.set[name], allowed
    fixed = [name for name, m in known.mechanisms.items() if m.for_all_time]
    for name in sorted({*fixed} & {*change.off}):
        allowed = f"mechanisms other than {' and '.join(fixed)} once a run is under way; set parameters to 0, as far as"
        yield "off", name, f"{allowed} {name} has any"
    if change.data or change.stay_home or change.elements or change.account:
        yield "at", change.at, "nothing: data, elements, accounts and who stays at home change from the start"


def _of_measures(change: Change, known: Known) -> Iterator[Mistake]:
    for name, to in change.measures.items():
        version = to.removeprefix("version:")
        if name not in known.versions:
            yield f"measures.{name}", name, one_of(sorted(known.versions), name, len(known.versions))
        elif to == RESPOND:
            if name not in known.replaced:
                can = ", ".join(known.replaced) or "none"
                allowed = f"respond only for a measure that a rung of ladder.csv replaces: {can}"
                yield f"measures.{name}", to, allowed
        elif version != to:
            if version not in known.versions[name]:
                allowed = f"version:NAME with NAME {one_of([v for v in known.versions[name] if v], version)}"
                yield f"measures.{name}", to, allowed
        elif to != "none" and not _is_moment(to, known.case):
            inside = f"from {known.case.start:%Y-%m-%dT%H:%M} to {known.horizon}"
            yield f"measures.{name}", to, f"none, respond, version:NAME, or {TIME}, {inside}"


def _is_moment(text: str, case: Case) -> bool:
    """Whether a text is a time, local or with a zone, inside the case; a place may keep another clock."""
    try:
        when = datetime.fromisoformat(text)
        when = when if when.tzinfo else when.replace(tzinfo=case.start.tzinfo)
        return case.start - CLOCKS <= when <= case.horizon + CLOCKS
    except (ValueError, OverflowError):
        return False


def _of_cells(c: Cells, case: Case) -> Iterator[Mistake]:
    if c.table not in OPEN:
        yield "data.table", c.table, one_of(tuple(OPEN), c.table)
        return
    if c.column not in OPEN[c.table]:
        yield "data.column", c.column, one_of(OPEN[c.table], c.column)
        return
    if (c.to is None) == (c.times is None):
        yield "data.to", Found("both or none of to and times"), "one of them"
        return
    table = case.tables[c.table]
    unknown = [k for k in c.where if k not in table.columns and not (k == "region" and "place" in table.columns)]
    if unknown:
        yield from ((f"data.where.{k}", k, one_of(table.columns, k)) for k in unknown)
        return
    rows = [row for row, there in zip(table.rows, picked(case, c), strict=True) if there]
    if not rows:
        yield "data.where", ", ".join(f"{k}={';'.join(v)}" for k, v in c.where.items()), f"rows of {c.table}.csv"
        return
    if c.column == "faction":
        factions = tuple(str(x) for x in case.tables["factions"].column("faction"))
        if c.to not in factions:
            yield "data.to", c.to if c.to is not None else c.times, one_of(factions, str(c.to))
        return
    if isinstance(c.to, str) or not math.isfinite(c.to if c.to is not None else c.times or 0.0):
        yield "data.to", c.to if c.times is None else c.times, "a finite number"
        return
    yield from _of_column(table.model, c, [cell(getattr(row, c.column), c) for row in rows])


def _of_column(model: Any, c: Cells, cells: Sequence[Any]) -> Iterator[Mistake]:
    """Whether the cells are such as the column of the table may have."""
    info = model.model_fields[c.column]
    column: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
    for value in sorted({min(cells), max(cells)}):
        try:
            column.validate_python(repr(value))
        except ValidationError:
            yield "data.to", Found(f"a cell of {value:g}"), f"as in {c.table}.csv: {info.description}"
            return
