"""The TOML files of a case, checked: what it is, where its numbers come from, parameters fitted to it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from groundswell.case.cells import MOST_PEOPLE, SLUG, STATES, hidden
from groundswell.case.moved import moved
from groundswell.case.problems import Found, Problem, one_of, show
from groundswell.case.read import LINES, PLAIN, RawToml
from groundswell.case.tables import Allowed, ParameterValue, Source, Text
from groundswell.case.units import ROW, allowed_units, is_unit

KnownParameters = Mapping[str, Mapping[str, Allowed]]
LONGEST = timedelta(days=400)
MOST_LISTED = 100
ONE_LINE = ("id", "title", "unit", "kind", "state")
"""Keys whose text stands on one line, wherever they are."""


@dataclass
class Head:
    """case.toml as far as it could be read; None for what was missing or wrong."""

    id: str | None = None
    title: str | None = None
    summary: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    horizon: datetime | None = None
    capital: str = ""
    capital_line: int | None = None
    study: str = ""
    population_people: int | None = None
    texts: dict[str, Text] = field(default_factory=dict)
    text_ids: set[str] = field(default_factory=set)
    people_line: int | None = None
    packs: tuple[str, ...] = ()


class Entries:
    """One TOML table being checked: takes its keys one by one and reports what does not fit."""

    def __init__(self, toml: RawToml, table: str, values: Any, problems: list[Problem]) -> None:
        self.toml, self.table, self.problems = toml, table, problems
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.refuse("", values, f"a table [{table}]")

    def refuse(self, key: str, given: object, allowed: str) -> None:
        """Report one key of this table."""
        name = f"{self.table}.{key}" if key else self.table
        if isinstance(given, (dict, list)):
            given = Found(f"a {'table' if isinstance(given, dict) else 'list'} of {len(given)}")
        shown = given if isinstance(given, str) else Found(show(given))
        self.problems.append(Problem(self.toml.file, self.toml.line_of(self.table, key), name, shown, allowed))

    def only(self, known: Iterable[str]) -> None:
        """Report every key that is not one of the known ones."""
        names = list(known)
        for key in islice((key for key in self.values if key not in names), MOST_LISTED):
            self.refuse(key, key, one_of(names, key))

    def text(self, key: str, needed: bool = True) -> str | None:
        """A text; None (and reported) where it is missing though needed, or of another type."""
        value = self.values.get(key)
        if value is None and not needed:
            return ""
        if isinstance(value, str) and hidden(value if key in ONE_LINE else value.translate(LINES)):
            self.refuse(key, value, f"{PLAIN}, on one line")
            return None
        if isinstance(value, str) and (value.strip() or not needed):
            return value
        self.refuse(key, "" if value is None else value, "text, not blank")
        return None

    def number(self, key: str) -> float | None:
        """A number, or None where there is none."""
        value = self.values.get(key)
        if value is None or is_number(value):
            return None if value is None else float(value)
        self.refuse(key, value, "a finite number")
        return None

    def state(self) -> str | None:
        """The state of a number: official, derived, estimated or assumed."""
        value = self.values.get("state")
        if isinstance(value, str) and value in STATES:
            return value
        self.refuse("state", "" if value is None else value, one_of(STATES, value or ""))
        return None

    def time(self, key: str) -> datetime | None:
        """A date and time with its offset from UTC, as TOML date-time or as ISO text."""
        value = self.values.get(key)
        try:
            time = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            time = None
        if isinstance(time, datetime) and time.utcoffset() is not None and 1800 <= time.year < 2200:
            return time
        self.refuse(key, "" if value is None else value, "time with offset, such as 2022-01-01T00:00:00+06:00")
        return None


def is_number(value: object) -> bool:
    """Whether a TOML value is a finite number (true and false are not)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= 1e15 and not math.isnan(value)


def read_head(toml: RawToml, problems: list[Problem]) -> Head:
    """case.toml: identity, time window, population and the texts quoted."""
    head = Head()
    for key in toml.values:
        if key not in ("case", "texts"):
            problems.append(Problem(toml.file, toml.line_of(key), key, key, one_of(("case", "texts"), key)))
    case = Entries(toml, "case", toml.values.get("case", Found("no such table")), problems)
    if case.values:
        case.only(("id", "title", "summary", "start", "end", "horizon", "population_people", "capital", "packs",
                   "study"))  # fmt: skip
        head.id, head.title, head.summary = case.text("id"), case.text("title"), case.text("summary")
        if head.id is not None and not SLUG.fullmatch(head.id):
            case.refuse("id", head.id, "lower-case letters, digits and hyphens, at most 64")
        head.start, head.end = case.time("start"), case.time("end")
        head.horizon = case.time("horizon") if "horizon" in case.values else head.end
        _window(case, head)
        if "capital" in case.values:
            head.capital, head.capital_line = case.text("capital") or "", toml.line_of("case", "capital")
        head.study = case.text("study", needed=False) or ""
        packs = case.values.get("packs")
        if isinstance(packs, list) and packs and all(isinstance(name, str) for name in packs):
            head.packs = tuple(packs)
        elif packs is not None:
            case.refuse("packs", packs, 'names of packs, such as ["state"]; left out: all')
        people = case.values.get("population_people")
        if isinstance(people, int) and not isinstance(people, bool) and 1 <= people <= MOST_PEOPLE:
            head.population_people = people
            head.people_line = toml.line_of("case", "population_people")
        else:
            case.refuse("population_people", "" if people is None else people, f"whole number from 1 to {MOST_PEOPLE}")
    _texts(toml, head, problems)
    return head


def check_packs(toml: RawToml, head: Head, known: KnownParameters, problems: list[Problem]) -> None:
    """Report packs that there are not."""
    there = sorted({allowed.pack for ranges in known.values() for allowed in ranges.values()})
    for name in head.packs:
        if name not in there:
            problems.append(Problem(toml.file, toml.line_of("case", "packs"), "case.packs", name, one_of(there, name)))


def _window(case: Entries, head: Head) -> None:
    """End and horizon come whole hours after the start, within the longest window, and in that order."""
    if head.start is None or head.end is None:
        return
    if not _fits(case, "end", head.start, head.end):
        head.end = head.horizon = None
    elif head.horizon is not None and head.horizon < head.end:
        case.refuse("horizon", head.horizon.isoformat(), f"a time not before the end, {head.end.isoformat()}")
        head.horizon = None
    elif head.horizon is not None and not _fits(case, "horizon", head.start, head.horizon):
        head.horizon = None


def _fits(case: Entries, key: str, start: datetime, time: datetime) -> bool:
    """Whether a time lies whole hours after the start and within the longest window; reported where not."""
    span = time - start
    if span <= timedelta(0):
        case.refuse(key, time.isoformat(), f"a time after the start, {start.isoformat()}")
    elif span > LONGEST:
        case.refuse(key, time.isoformat(), f"at most {LONGEST.days} days after the start")
    elif span % timedelta(hours=1):
        case.refuse(key, time.isoformat(), "a whole number of hours after the start")
    else:
        return True
    return False


def _texts(toml: RawToml, head: Head, problems: list[Problem]) -> None:
    texts = Entries(toml, "texts", toml.values.get("texts", {}), problems)
    for name, values in texts.values.items():
        head.text_ids.add(name)
        if not SLUG.fullmatch(name):
            texts.refuse(name, name, "lower-case letters, digits and hyphens, at most 64")
        text = Entries(toml, f"texts.{name}", values, problems)
        if not isinstance(values, dict):
            continue
        text.only(("title", "kind", "date"))
        when = text.values.get("date")
        if isinstance(when, date):
            text.values = {**text.values, "date": when.isoformat()}
        title, kind, dated = text.text("title"), text.text("kind"), text.text("date")
        if title is not None and kind is not None and dated is not None:
            head.texts[name] = Text(title, kind, dated)


def read_sources(
    toml: RawToml,
    columns: Mapping[str, list[str]],
    needed: Mapping[str, list[str]],
    problems: list[Problem],
) -> dict[str, Source]:
    """sources.toml: one entry per "table.column"; every needed column has one."""
    sources: dict[str, Source] = {}
    before = len(problems)
    for table, entries in toml.values.items():
        if len(problems) - before >= MOST_LISTED:
            return sources
        if table not in columns:
            words = one_of(list(columns), table, most=20)
            problems.append(Problem(toml.file, toml.line_of(table), table, table, words))
            continue
        if not isinstance(entries, dict):
            problems.append(Problem(toml.file, None, table, str(entries), f"tables [{table}.COLUMN]"))
            continue
        for column, values in entries.items():
            name = f"{table}.{column}"
            entry = Entries(toml, name, values, problems)
            if column not in columns[table]:
                entry.refuse("", column, one_of(columns[table], column, most=30) + moved(table, column))
            elif isinstance(values, dict):
                source = _source(entry)
                if source is not None:
                    sources[name] = source
    for table, names in needed.items():
        given = toml.values.get(table)
        for column in names:
            if not isinstance(given, dict) or column not in given:
                words = f"a table [{table}.{column}] with unit, source and state"
                problems.append(Problem(toml.file, None, f"{table}.{column}", Found("no entry"), words))
    return sources


def _source(entry: Entries) -> Source | None:
    entry.only(("unit", "source", "state", "note", "low", "high", "rule"))
    unit, source, state = entry.text("unit"), entry.text("source"), entry.state()
    note, rule = entry.text("note", needed=False), entry.text("rule", needed=False)
    low, high = entry.number("low"), entry.number("high")
    if unit is not None and unit != ROW and not is_unit(unit):
        entry.refuse("unit", unit, f"{allowed_units(unit)}; {ROW} where each row names its unit")
        unit = None
    if state in ("estimated", "assumed") and rule == "":
        entry.refuse("rule", "", f"text that says how an {state} number was made")
    if low is not None and high is not None and low > high:
        entry.refuse("high", high, f"at least low, {low:g}")
    if unit is None or source is None or state is None:
        return None
    return Source(unit, source, state, note or "", low, high, rule or "")


def read_parameters(
    toml: RawToml,
    known: KnownParameters | None,
    filled: Collection[str],
    problems: list[Problem],
    packs: Collection[str] = (),
) -> dict[str, dict[str, ParameterValue]]:
    """parameters.toml: [mechanism] name = {value, state, source}; names, ranges and needs checked where known.

    filled: names of the tables that have rows. packs: those that are played, none named: all.
    """
    parameters: dict[str, dict[str, ParameterValue]] = {}
    before = len(problems)
    for mechanism, entries in toml.values.items():
        if len(problems) - before >= MOST_LISTED:
            return parameters
        table = Entries(toml, mechanism, entries, problems)
        if known is not None and mechanism not in known:
            table.refuse("", mechanism, one_of(sorted(known), mechanism, most=30))
            continue
        for name, values in table.values.items():
            ranges = known[mechanism] if known is not None else {}
            if known is not None and name not in ranges:
                table.refuse(name, name, one_of(sorted(ranges), name, most=30))
                continue
            if not isinstance(values, dict):
                table.refuse(name, values, '{ value = ..., state = "...", source = "..." }')
                continue
            found = _parameter(table, name, values, ranges.get(name, Allowed()))
            if found is not None:
                parameters.setdefault(mechanism, {})[name] = found
    for mechanism, ranges in (known or {}).items():
        given = toml.values.get(mechanism, {})
        for name, allowed in ranges.items():
            needed = allowed.required is True or allowed.required in filled
            needed = needed and (not packs or allowed.pack in packs)
            if needed and isinstance(given, dict) and name not in given:
                words = 'a figure of the country, { value = ..., state = "...", source = "..." }'
                problems.append(Problem(toml.file, toml.line_of(mechanism), f"{mechanism}.{name}", "", words))
    return parameters


def _parameter(table: Entries, name: str, values: dict[str, Any], limits: Allowed) -> ParameterValue | None:
    entry = Entries(table.toml, f"{table.table}.{name}", values, table.problems)
    entry.only(("value", "state", "source", "unit", "note"))
    state, source = entry.state(), entry.text("source")
    unit, note = entry.text("unit", needed=False), entry.text("note", needed=False)
    given = values.get("value")
    low, high = limits.low, limits.high
    value: float | bool | tuple[float, ...] | None = None
    many: list[Any] = given if isinstance(given, list) else [given]
    if isinstance(given, bool):
        value = given
    elif many and len(many) <= 10_000 and all(is_number(one) for one in many):
        value = tuple(float(one) for one in many) if isinstance(given, list) else float(many[0])
        if any((low is not None and one < low) or (high is not None and one > high) for one in many):
            words = f"from {'any' if low is None else f'{low:g}'} to {'any' if high is None else f'{high:g}'}"
            entry.refuse("value", Found(given), words)
    else:
        words = "a finite number, true, false or a list of numbers"
        entry.refuse("value", "" if given is None else given, words)
    if state is None or source is None or value is None:
        return None
    return ParameterValue(value, state, source, unit or "", note or "")
