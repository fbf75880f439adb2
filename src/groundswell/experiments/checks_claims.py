"""What is wrong with an experiment: unknown parameters, mechanisms, measures, elements, cells, outcomes, times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groundswell.case import Case
from groundswell.case.problems import one_of
from groundswell.engine.parameters import known_parameters
from groundswell.mechanisms import all_mechanisms
from groundswell.observe.outcomes import ENDINGS, OUTCOMES, Asked
from groundswell.world.change_data import Change, data_problems
from groundswell.world.edit import MODES, RESPOND

Mistake = tuple[str, object, str]
"""Field, what was given, what is allowed."""

ONE_NUMBER = "one number: ask plays one experiment and never searches among values"


@dataclass(frozen=True)
class Known:
    """What an experiment may name."""

    case: Case
    parameters: Mapping[str, tuple[float, float]]
    start_only: frozenset[str]
    mechanisms: tuple[str, ...]
    measures: Mapping[str, tuple[str, ...]]  # id -> its versions
    replaced: frozenset[str]  # measures that a rung stands for
    places: tuple[str, ...]  # ids of places, regions and sites
    texts: tuple[str, ...]
    elements: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> Known:
        """What there is in a case."""
        mechanisms = all_mechanisms()
        limits = known_parameters(mechanisms.values())
        parameters = {
            f"{m}.{p}": (-math.inf if low is None else low, math.inf if high is None else high)
            for m, of_it in limits.items()
            for p, (low, high, _) in of_it.items()
        }
        versions: dict[str, list[str]] = {}
        for row in case.tables["measures"].rows:
            versions.setdefault(str(row.measure), []).append(str(row.version))
        ids = {"regions": "region", "places": "place", "sites": "site"}
        places = [str(x) for table, column in ids.items() for x in case.tables[table].column(column)]
        return cls(
            case, parameters, frozenset(f"{m.name}.{p}" for m in mechanisms.values() for p in m.at_start),
            tuple(mechanisms), {k: tuple(v) for k, v in versions.items()},
            frozenset(str(m) for r in case.tables["ladder"].rows for m in r.replaces), ("*", *places),
            tuple(case.texts), elements_of(case),
        )  # fmt: skip

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


def elements_of(case: Case) -> tuple[str, ...]:
    """Ids of the elements of a case's accounts; none where it has no accounts."""
    if not (case.folder / "accounts" / "elements.toml").is_file():
        return ()
    from groundswell.accounts import load

    return tuple(load(case).elements)


def problems_of_arm(given: Mapping[str, Any], known: Known) -> Iterator[Mistake]:
    """Every mistake in what an arm changes."""
    yield from _of_settings(given.get("set", {}), given.get("at", ""), known)
    for key, names in (("off", known.mechanisms), ("elements", known.elements), ("stay_home", known.places)):
        yield from _of_names(key, given.get(key, ()), names)
    if "ties" in given.get("off", ()) and given.get("at"):
        yield "off", "ties", "mechanisms other than ties once a run is under way; set ties.household = 0 and so on"
    yield from _of_measures(given.get("measures", {}), known)
    yield from _of_data(given.get("data", ()), known)
    if given.get("government", MODES[0]) not in MODES:
        yield "government", given["government"], one_of(MODES, given["government"])
    if given.get("at") and not known.is_time(given["at"], after_start=True):
        yield "at", given["at"], f"a local time after the start and up to {known.horizon}"
    if given.get("at") and (given.get("data") or given.get("stay_home") or given.get("elements")):
        yield "at", given["at"], "nothing: data, elements and who stays at home change from the start"


def _of_settings(given: Any, at: object, known: Known) -> Iterator[Mistake]:
    if not isinstance(given, Mapping):
        yield "set", given, "a table of parameters"
        return
    for name, value in given.items():
        if name not in known.parameters:
            yield f"set.{name}", name, one_of(tuple(known.parameters), name, 3)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield f"set.{name}", value, ONE_NUMBER
        else:
            low, high = known.parameters[name]
            if not math.isfinite(value) or not low <= value <= high:
                yield f"set.{name}", value, f"a number from {low:g} to {high:g}"
            elif at and name in known.start_only:
                yield f"set.{name}", value, "no time `at`: this parameter shapes the start"


def _of_names(key: str, given: Any, names: Sequence[str]) -> Iterator[Mistake]:
    if not isinstance(given, list | tuple):
        yield key, given, "a list of names"
        return
    for name in given:
        if name not in names:
            yield key, name, one_of(tuple(names), str(name))


def _of_measures(given: Any, known: Known) -> Iterator[Mistake]:
    if not isinstance(given, Mapping):
        yield "measures", given, "a table of measures"
        return
    for name, change in given.items():
        if name not in known.measures:
            yield f"measures.{name}", name, one_of(tuple(known.measures), name)
        elif change == RESPOND:
            if name not in known.replaced:
                yield f"measures.{name}", change, "respond only for a measure that a rung of ladder.csv replaces"
        elif str(change).startswith("version:"):
            if str(change).removeprefix("version:") not in known.measures[name]:
                versions = [f"version:{v}" for v in known.measures[name] if v]
                yield f"measures.{name}", change, one_of(versions, str(change))
        elif change != "none" and not known.is_time(change):
            yield f"measures.{name}", change, "none, respond, version:NAME, or a local time such as 2022-01-05T12:00"


def _of_data(given: Any, known: Known) -> Iterator[Mistake]:
    keys = {"table", "column", "where", "to", "times"}
    if not isinstance(given, list | tuple) or not all(isinstance(c, Mapping) for c in given):
        yield "data", given, "a list of tables"
        return
    for c in given:
        if unknown := sorted(set(c) - keys):
            yield "data", ", ".join(unknown), f"keys {', '.join(sorted(keys))}"
            continue
        where = c.get("where", {})
        if not isinstance(where, Mapping):
            yield "data.where", where, "a table: column = [values]"
            continue
        picked = {k: [v] if isinstance(v, str) else list(v) for k, v in where.items()}
        to, times = c.get("to"), c.get("times")
        if isinstance(to, bool) or not isinstance(to, str | int | float | None):
            yield "data.to", to, ONE_NUMBER
            continue
        if isinstance(times, bool) or not isinstance(times, int | float | None):
            yield "data.times", times, ONE_NUMBER
            continue
        change = Change(str(c.get("table")), str(c.get("column")), picked, to, times)
        for problem in data_problems(known.case, [change], ""):
            yield problem.field, problem.given, problem.allowed


def problems_of_outcome(asked: Asked, known: Known) -> Iterator[Mistake]:
    """Every mistake in an outcome."""
    if asked.name not in OUTCOMES:
        yield "name", asked.name, one_of(tuple(OUTCOMES), asked.name, len(OUTCOMES))
    for part in asked.scope:
        if part not in known.places:
            yield "scope", part, one_of(known.places, part)
    for field_name, text in (("from", asked.start), ("until", asked.end)):
        if text and not known.is_time(text):
            yield field_name, text, f"a local time without a zone, up to {known.horizon}"
    both = all(text and known.is_time(text) for text in (asked.start, asked.end))
    if both and datetime.fromisoformat(asked.start) >= datetime.fromisoformat(asked.end):
        yield "until", asked.end, f"a time after {asked.start}"
    for name in asked.endings:
        if name not in ENDINGS:
            yield "endings", name, one_of(ENDINGS, name)
    if asked.name == "ending" and not asked.endings:
        yield "endings", None, one_of(ENDINGS)
    if asked.name != "ending" and asked.endings:
        yield "endings", ", ".join(asked.endings), "nothing, except for the outcome ending"
